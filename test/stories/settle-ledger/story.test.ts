import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { settleLedger } from '../../../stories/settle-ledger/story.ts';
import { anInstance, targetGroupArn } from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, failure, kindsShown, stateChange } from '../journey.ts';
import { writes } from '../seat-instances/seating.ts';

const WEB = targetGroupArn('web');

/** A launch whose process died at a call; 91 s later nobody holds a lease any more. */
const died = async (name: string, how: 'fail-before' | 'fail-after') => {
  const world = aWorld({ instances: [anInstance()] });
  const journey = aJourney(world, () => 'deliver');
  let isDead = false;
  journey.onCall((_, call) => {
    if (call !== name || isDead) return 'proceed';
    isDead = true;
    return how;
  });
  journey.put(stateChange('i-00000001'));
  await journey.deliverDue();
  world.restart();
  world.clock.advance(91);
  return world;
};

const statuses = (world: World): readonly string[] =>
  [...world.state.entries.values()].map(({ change, status, telling }) => `${change.kind} ${status} ${telling}`);

describe('changes left intended', () => {
  test('Given a process that died before it added the rule, when the ledger is settled, then nothing was changed, and nothing is owed', async () => {
    const world = await died('ec2.authorizeRules', 'fail-before');
    expect(statuses(world)).toEqual(['authorize-rule intended open']);
    await settleLedger(world.ports);
    expect(statuses(world)).toEqual(['authorize-rule abandoned closed']);
    expect(world.watchQueue.sent).toEqual([]);
  });

  test('Given a process that died after it added the rule, when the ledger is settled, then the rule is ours and its watch is started', async () => {
    const world = await died('ec2.authorizeRules', 'fail-after');
    await settleLedger(world.ports);
    expect(statuses(world)).toEqual(['authorize-rule applied open']);
    expect([...world.state.ownership.keys()].sort()).toEqual([
      'rule|sg-web|ingress|tcp|80|sg-alb',
      'rule|sg-web|sgr-made1',
    ]);
    expect(world.watchQueue.sent.map(({ body }) => JSON.parse(body))).toEqual([
      { usher: 1, kind: 'watch-tick', targetGroupArn: WEB, tick: 0 },
    ]);
  });

  test('Given a process that died before it registered, and a person who did, when the ledger is settled, then the target counts as ours, so that its removal is held', async () => {
    const world = await died('loadBalancing.registerTargets', 'fail-before');
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    await settleLedger(world.ports);
    expect(statuses(world)).toContain('register-target applied open');
    expect([...world.state.ownership.keys()]).toContain(`target|${WEB}|i-00000001:80`);
  });

  test('Given such a rule without our tag, when the ledger is settled, then it was there already and is not ours', async () => {
    const world = await died('ec2.authorizeRules', 'fail-before');
    const byHand = {
      protocol: 'tcp',
      port: 80,
      peer: { kind: 'security-group', groupId: 'sg-alb' },
      description: 'by hand',
    } as const;
    await world.ports.ec2.authorizeRules('sg-web', 'ingress', [byHand], {});
    await settleLedger(world.ports);
    expect(statuses(world)).toEqual(['authorize-rule already-there closed']);
    expect(world.state.ownership.size).toBe(0);
  });

  test.each([
    ['before', 'fail-before', 'register-target abandoned closed'],
    ['after', 'fail-after', 'register-target applied open'],
  ] as const)(
    'Given a process that died %s it registered, when the ledger is settled, then AWS is asked what became of it',
    async (_, how, ends) => {
      const world = await died('loadBalancing.registerTargets', how);
      await settleLedger(world.ports);
      expect(statuses(world)).toEqual(['authorize-rule applied open', ends]);
    },
  );

  test('Given a process that died moments ago, when another settles, then what may still be at work is left to it', async () => {
    const world = await died('loadBalancing.registerTargets', 'fail-after');
    world.clock.advance(-60);
    for (const [resource, { owner, expiresAt }] of world.state.heldLeases)
      await world.ports.leases.release({ resources: [resource], owner, expiresAt });
    world.forgetCalls();
    await settleLedger(world.ports);
    expect(world.calls.map(({ name }) => name)).toEqual(['ledger.listOpen']);
    expect(statuses(world)).toEqual(['authorize-rule applied open', 'register-target intended open']);
  });

  test('Given somebody who plans against the group, when the ledger is settled, then the entry waits, and nothing else is held up', async () => {
    const world = await died('loadBalancing.registerTargets', 'fail-after');
    await world.ports.leases.acquire([WEB], 'the sweep', world.clock.now(), 90);
    await settleLedger(world.ports);
    expect(statuses(world)).toEqual(['authorize-rule applied open', 'register-target intended open']);
    expect(world.state.heldLeases.get(WEB)?.owner).toBe('the sweep');
  });

  test('Given an entry that can’t be looked up, when a launch comes, then it is seated all the same, and the entry stays for the next run', async () => {
    const world = await died('ec2.authorizeRules', 'fail-before');
    world.putInstances(anInstance({ instanceId: 'i-00000002' }));
    const journey = aJourney(world);
    let isAsked = false;
    journey.onCall((_, name) => {
      if (name !== 'ec2.readSecurityGroupRules' || isAsked) return 'proceed';
      isAsked = true;
      return new AwsCallError({ service: 'EC2', action: 'x', code: 'Denied', meaning: 'denied', awsMessage: 'no' });
    });
    journey.put(stateChange('i-00000002'));
    await journey.deliverDue();
    expect(world.log).toContainEqual(
      expect.objectContaining({ event: 'not-settled', because: 'EC2 x failed: Denied: no' }),
    );
    expect(world.targetsIn(WEB)).toEqual([{ id: 'i-00000002', port: 80 }]);
    expect(statuses(world)[0]).toBe('authorize-rule intended open');
  });
});

describe('many changes left intended', () => {
  const ids = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `i-${String(index + 1).padStart(8, '0')}`);

  /** As many launches whose one process died after it had registered them. */
  const diedOf = async (count: number) => {
    const world = aWorld({ instances: ids(count).map((instanceId) => anInstance({ instanceId })) });
    const journey = aJourney(world, () => 'deliver');
    let isDead = false;
    journey.onCall((_, name) => {
      if (name !== 'loadBalancing.registerTargets' || isDead) return 'proceed';
      isDead = true;
      return 'fail-after';
    });
    journey.put(...ids(count).map((id) => stateChange(id)));
    await journey.deliverDue();
    world.onCall();
    world.restart();
    world.clock.advance(91);
    world.forgetCalls();
    return world;
  };

  const callsNamed = (world: World, name: string): number => world.calls.filter((call) => call.name === name).length;

  const leftIntended = (world: World): number =>
    [...world.state.entries.values()].filter(({ status }) => status === 'intended').length;

  test('Given forty registrations of one group, when the ledger is settled, then one lease and one read settle all', async () => {
    const world = await diedOf(40);
    expect(leftIntended(world)).toBe(40);
    await settleLedger(world.ports);
    expect(leftIntended(world)).toBe(0);
    expect(callsNamed(world, 'leases.acquire')).toBe(1);
    expect(callsNamed(world, 'leases.release')).toBe(1);
    expect(callsNamed(world, 'loadBalancing.readTargetHealth')).toBe(1);
  });

  test('Given more than fifty, when the ledger is settled, then fifty are settled, and the rest by the next run', async () => {
    const world = await diedOf(70);
    await settleLedger(world.ports);
    expect(leftIntended(world)).toBe(20);
    await settleLedger(world.ports);
    expect(leftIntended(world)).toBe(0);
  });

  test.each(['loadBalancing.readTargetHealth', 'ledger.settle'])(
    'Given %s that is throttled, when a launch comes, then settling ends for this run, and the launch is seated all the same',
    async (throttled) => {
      const world = await diedOf(3);
      world.putInstances(anInstance({ instanceId: 'i-0000000a' }));
      const journey = aJourney(world);
      let calls = 0;
      journey.onCall((_, name) => {
        if (name !== throttled) return 'proceed';
        calls += 1;
        return calls === 1 ? failure('throttled') : 'proceed';
      });
      journey.put(stateChange('i-0000000a'));
      await journey.deliverDue();
      expect(world.log).toContainEqual(expect.objectContaining({ event: 'settling-put-off', settled: 0 }));
      expect(leftIntended(world)).toBe(3);
      expect(world.targetsIn(WEB).map(({ id }) => id)).toContain('i-0000000a');
      expect(world.state.heldLeases.size).toBe(0);
    },
  );
});

describe('what was done and not told', () => {
  test('Given a watch that died, when the grace is over and the ledger is settled, then a new one tells the end, and the dead one’s looks count no more', async () => {
    const world = await died('watchQueue.sendLater', 'fail-before');
    world.clock.advance(16 * 60);
    await settleLedger(world.ports);
    const journey = aJourney(world);
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-in-service']);
    expect(statuses(world)).toEqual(['authorize-rule applied closed', 'register-target applied closed']);
  });

  test('Given a group that is looked at slowly, when others’ launches settle the ledger again and again, then its looks come when they would have come', async () => {
    const world = aWorld({ instances: [anInstance()] });
    world.balancing.answers.set('i-00000001', { state: 'unhealthy', reason: 'Target.Timeout', description: 'x' });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.pass(300);
    const chain = world.state.chains.get(WEB);
    const sent = world.watchQueue.sent.length;
    for (let time = 1; time <= 6; time += 1) await settleLedger(world.ports);
    expect(statuses(world)).toContainEqual(expect.stringMatching(/^register-target applied (?!closed)/));
    expect(world.watchQueue.sent).toHaveLength(sent);
    expect(world.state.chains.get(WEB)).toEqual(chain);
  });

  test('Given a refusal that was not told, when the ledger is settled, then it is told once', async () => {
    const refused = aWorld({ instances: [anInstance()] });
    refused.balancing.quotas.targetsPerGroup = 0;
    const journey = aJourney(refused);
    journey.onCall((_, name) => (name === 'reports.publish' ? 'fail-before' : 'proceed'));
    journey.put(stateChange('i-00000001'));
    await journey.deliverDue();
    journey.onCall();
    refused.restart();
    refused.clock.advance(91);
    await settleLedger(refused.ports);
    await settleLedger(refused.ports);
    expect(kindsShown(refused)).toEqual(['targets-not-registered']);
    expect(refused.reports.handedIn).toHaveLength(1);
  });

  test('Given a ledger in order, when it is settled, then nothing but the ledger is read', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await settleLedger(world.ports);
    expect(world.calls.map(({ name }) => name)).toEqual(['ledger.listOpen']);
    expect(writes(world)).toEqual([]);
  });
});
