import { describe, expect, test } from '@jest/globals';
import type { AwsErrorMeaning } from '../../../aws/aws-call-error.ts';
import { anInstance, aRule, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { failure } from '../journey.ts';
import type { SweptWorld } from './sweeping.ts';
import { aSweptWorld, fleet } from './sweeping.ts';

const WEB = targetGroupArn('web');
const NOW = new Date('2026-11-22T04:50:00.000Z');

const removals = (world: World): readonly string[] =>
  world
    .writes()
    .map(({ name }) => name)
    .filter((name) => /deregister|revoke/.test(name));

const ADMIN = aTargetGroup({ name: 'admin', port: 9000, tags: { 'usher:selector': 'Role=admin' } });

/**
 * A web site of so many, all seated, of which twenty were stopped while nobody told; and a rule of ours for a group whose last
 * target left two hours ago, which one sweep has found unneeded before.
 */
const aSiteThatDrifted = async (size: number): Promise<SweptWorld> => {
  const swept = aSweptWorld({
    stage: { maximumAdditions: 1000, removalsPerHour: 1000 },
    targetGroups: [aTargetGroup(), ADMIN],
    securityGroups: ['sg-alb', 'sg-web', 'sg-admin'].map((groupId) => aSecurityGroup({ groupId })),
  });
  const { world } = swept;
  await swept.accept();
  const instances = fleet(size, NOW);
  world.putInstances(
    ...instances,
    anInstance({
      instanceId: 'i-0000ffff',
      tags: { Role: 'admin' },
      launchedAt: NOW,
      securityGroupIds: ['sg-admin'],
    }),
  );
  await swept.later();
  await swept.journey.untilQuiet();
  expect(world.targetsIn(WEB)).toHaveLength(size);
  expect(world.targetsIn(ADMIN.arn)).toHaveLength(1);
  world.network.instances.delete('i-0000ffff');
  world.balancing.registered.delete(ADMIN.arn);
  await swept.later(2 * 3600);
  for (const instance of instances.slice(0, 20)) world.putInstances({ ...instance, state: 'stopped' });
  world.forgetCalls();
  return swept;
};

/** Lets every read fail from the k-th on; tells how many were asked for. */
const failReadsFrom = (world: World, k: number, meaning: AwsErrorMeaning): (() => number) => {
  let reads = 0;
  world.onCall((_, __, kind) => {
    if (kind !== 'read') return 'proceed';
    reads += 1;
    return reads >= k ? failure(meaning) : 'proceed';
  });
  return () => reads;
};

/** How many reads come before the first call of a name, where none fails: what comes after looks at other things. */
const readsBefore = async (name: string, size: number): Promise<number> => {
  const swept = await aSiteThatDrifted(size);
  let reads = 0;
  let before: number | undefined;
  swept.world.onCall((_, called, kind) => {
    if (kind === 'read') reads += 1;
    if (called === name) before ??= reads;
    return 'proceed';
  });
  await swept.later();
  if (before === undefined) throw new Error(`nobody called ${name}`);
  return before;
};

describe('An accident: every read fails half-way through a sweep over 200 instances', () => {
  test('Given none fails, then the twenty that are gone are taken out, and the rule that nobody needs is revoked', async () => {
    const swept = await aSiteThatDrifted(200);
    await swept.later();
    expect(swept.world.targetsIn(WEB)).toHaveLength(180);
    expect(removals(swept.world)).toEqual(['loadBalancing.deregisterTargets', 'ec2.revokeRule']);
    expect(swept.endings().at(-1)).toMatchObject({
      takenOut: [{ count: 20 }],
      rulesRemoved: [{ securityGroup: { id: 'sg-admin' } }],
      missedEvents: 20,
    });
  });

  test.each(['denied', 'throttled', 'transient', 'other'] as const)(
    'Given reads are %s, then nothing is deregistered, nothing revoked, and one report says so',
    async (meaning) => {
      const all = await readsBefore('loadBalancing.deregisterTargets', 200);
      const swept = await aSiteThatDrifted(200);
      const before = swept.endings().length;
      failReadsFrom(swept.world, Math.ceil(all / 2), meaning);
      await swept.later();
      expect(removals(swept.world)).toEqual([]);
      const endings = swept.endings().slice(before);
      expect(endings).toHaveLength(1);
      expect(endings[0]?.notLookedAt).toMatchObject({ code: `Made-${meaning}` });
    },
  );
});

test('Given an AWS that fails from its k-th read on, for every k, then only who was seen stopped is taken out, and no rule without the whole fleet', async () => {
  const wholeFleet = await readsBefore('ec2.revokeRule', 24);
  for (let k = 1; ; k += 1) {
    const swept = await aSiteThatDrifted(24);
    const { world } = swept;
    const reads = failReadsFrom(world, k, 'transient');
    await swept.later();
    const taken = world
      .writes()
      .filter(({ name }) => name === 'loadBalancing.deregisterTargets')
      .flatMap(({ args }) => args[1] as readonly { readonly id: string }[]);
    for (const { id } of taken) expect(world.network.instances.get(id)?.state).toBe('stopped');
    expect(removals(world).includes('ec2.revokeRule')).toBe(k > wholeFleet);
    if (reads() < k) return;
  }
});

describe('Only looking', () => {
  test.each([
    ['report-only by the stage', { maximumPolicy: 'report-only' as const }, {}],
    ['report-only by tag', {}, { 'usher:policy': 'report-only' }],
  ])('Given a group that is %s, when it is swept again and again, then nothing is written', async (_, stage, tags) => {
    const swept = aSweptWorld({
      stage,
      targetGroups: [aTargetGroup({ tags: { 'usher:selector': 'Role=web', ...tags } })],
    });
    await swept.accept();
    swept.world.putInstances(...fleet(3, NOW));
    for (let time = 0; time < 5; time += 1) await swept.later();
    expect(swept.world.writes()).toEqual([]);
    expect(swept.world.targetsIn(WEB)).toEqual([]);
  });

  test('Given a stage that is paused, when a person wants a sweep, then nothing is written, and what waits is told', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.world.putInstances(...fleet(1, NOW));
    await swept.world.ports.pauses.begin({ since: swept.world.clock.now(), byUserId: 'U012AB3CD' });
    await swept.sweep({ kind: 'sweep-due', attempt: 0, userId: 'U012AB3CD' });
    expect(swept.world.writes()).toEqual([]);
    expect(swept.endings().at(-1)).toMatchObject({
      mode: 'looked',
      caution: 'Paused',
      leftAlone: [{ because: 'Paused' }],
    });
    expect(swept.endings().at(-1)?.buttons).toBeUndefined();
  });
});

describe('People outrank the sweep', () => {
  const deregisterByHand = (world: World, instanceId: string): void => {
    const registered = world.balancing.registered.get(WEB) ?? [];
    world.balancing.registered.set(
      WEB,
      registered.filter(({ target }) => target.id !== instanceId),
    );
  };

  test('Given a target that somebody deregistered by hand, when the fleet is swept ten times, then it stays out and is told of once', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.world.putInstances(...fleet(3, NOW));
    await swept.later();
    await swept.journey.untilQuiet();
    deregisterByHand(swept.world, 'i-00000002');
    for (let time = 0; time < 10; time += 1) await swept.later();
    expect(swept.world.targetsIn(WEB).map(({ id }) => id)).toEqual(['i-00000001', 'i-00000003']);
    const told = swept.world.reports.handedIn.filter(({ buttons = [] }) =>
      buttons.some(({ verb }) => verb === 'put-it-back'),
    );
    expect(told).toHaveLength(1);
  });

  test('Given a registration that was undone, when the fleet is swept ten times, then it stays undone', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.world.putInstances(...fleet(3, NOW));
    await swept.later();
    await swept.journey.untilQuiet();
    const { ledger, loadBalancing } = swept.world.ports;
    const [entry] = [...swept.world.state.entries.values()].filter(({ change }) => change.kind === 'register-target');
    if (entry?.change.kind !== 'register-target') throw new Error('nothing was registered');
    const { target, instanceId } = entry.change;
    const undone = {
      ...entry,
      entryId: `${swept.world.clock.now().toISOString()}-undo`,
      change: {
        kind: 'deregister-target',
        targetGroupArn: WEB,
        target,
        instanceId,
        vpcId: 'vpc-1',
        reason: 'Undone',
        ours: true,
        planId: 'plan-1',
      },
    } as const;
    await ledger.intend([undone]);
    await loadBalancing.deregisterTargets(WEB, [target]);
    await ledger.settle(undone, { status: 'applied' }, swept.world.clock.now());
    for (let time = 0; time < 10; time += 1) await swept.later();
    expect(swept.world.targetsIn(WEB).map(({ id }) => id)).not.toContain(target.id);
    expect(swept.world.targetsIn(WEB)).toHaveLength(2);
  });

  test.each([
    ['a typo', 'Role=wbe'],
    ['nothing that can be read', '=web'],
    ['another tag', 'Rolle'],
  ])(
    'Given a selector that becomes %s, when the fleet is swept ten times, then the group is not emptied',
    async (_, selector) => {
      const swept = aSweptWorld();
      await swept.accept();
      swept.world.putInstances(...fleet(4, NOW));
      await swept.later();
      await swept.journey.untilQuiet();
      swept.world.balancing.targetGroups.set(WEB, aTargetGroup({ tags: { 'usher:selector': selector } }));
      swept.world.forgetCalls();
      for (let time = 0; time < 10; time += 1) await swept.later(3600);
      expect(swept.world.targetsIn(WEB)).toHaveLength(4);
      expect(removals(swept.world)).toEqual([]);
    },
  );

  test('Given rules that are not ours, or only half so, when nobody needs them for hours, then none is revoked', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    const foreign = [
      aRule({ ruleId: 'sgr-theirs', direction: 'ingress', protocol: 'tcp', fromPort: 9000, toPort: 9000 }),
      // The tag alone makes no rule ours.
      aRule({
        ruleId: 'sgr-tagged',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 9001,
        toPort: 9001,
        tags: { 'usher:owner': 'prod' },
      }),
    ];
    swept.world.network.rules.set('sg-web', [...swept.world.rulesOf('sg-web'), ...foreign]);
    for (let time = 0; time < 10; time += 1) await swept.later(1800);
    expect(swept.world.rulesOf('sg-web')).toEqual(expect.arrayContaining(foreign));
    expect(removals(swept.world)).toEqual([]);
  });
});

test('Given a sweep whose process is killed at any of its calls, when messages come back as SQS brings them, then it comes to its end and everybody is where they belong', async () => {
  for (let k = 1; ; k += 1) {
    const swept = aSweptWorld();
    await swept.accept();
    const { world } = swept;
    world.putInstances(anInstance({ instanceId: 'i-00000001', launchedAt: NOW }));
    let calls = 0;
    world.onCall((count) => {
      calls = count;
      return count === k ? 'fail-after' : 'proceed';
    });
    await swept.later().catch(() => {});
    const wasKilled = calls >= k;
    world.onCall();
    // The schedule goes on; what stalled is taken up, or begun anew.
    for (let time = 0; time < 5; time += 1) await swept.later();
    expect(world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
    expect(world.rulesOf('sg-web').filter(({ tags }) => tags['usher:owner'] === 'prod')).toHaveLength(1);
    expect(swept.sweeps.state().run).toBeUndefined();
    expect(removals(world)).toEqual([]);
    if (!wasKilled) return;
  }
});
