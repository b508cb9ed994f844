import { expect, test } from '@jest/globals';
import type { LedgerEntry } from '../../../domain/ledger.ts';
import { NOTHING_SWEPT } from '../../../domain/sweep/tally.ts';
import { parseQueuedEvent } from '../../../events/parse-event.ts';
import { seatInstances } from '../../../stories/seat-instances/story.ts';
import type { TellingPorts } from '../../../stories/sweep/ports.ts';
import { sweep } from '../../../stories/sweep/story.ts';
import { anInstance, targetGroupArn } from '../../support/world/builders.ts';
import type { Conductor } from './interleaving.ts';
import { everyOrder } from './interleaving.ts';
import { aSweptWorld } from './sweeping.ts';

const WEB = targetGroupArn('web');
const RUN = 'run-2';

/** What the one writes and the other reads or writes; all other calls commute. */
const SHARED = new Set([
  'leases.acquire',
  'leases.release',
  'ec2.readInstances',
  'ec2.readWearers',
  'ec2.readSecurityGroupRules',
  'ec2.authorizeRules',
  'ec2.revokeRule',
  'loadBalancing.readTargetHealth',
  'loadBalancing.registerTargets',
  'ledger.readOwnership',
  'ledger.intend',
  'ledger.settle',
  'sweeps.wasRegisteredSince',
]);

/** A rule of ours, two hours old, that two sweeps find nobody to rely on; the second is at its last step. */
const aRuleAboutToGo = async () => {
  const swept = aSweptWorld();
  const { world } = swept;
  const intendedAt = world.clock.now().toISOString();
  const entry: LedgerEntry = {
    entryId: `${intendedAt}-before`,
    targetGroupArn: WEB,
    change: {
      kind: 'authorize-rule',
      groupId: 'sg-web',
      vpcId: 'vpc-1',
      direction: 'ingress',
      protocol: 'tcp',
      port: 80,
      peer: { kind: 'security-group', groupId: 'sg-alb' },
      targetGroupArn: WEB,
      targetKeys: ['i-00000009:80'],
      reason: 'PathBlocked',
    },
    status: 'intended',
    telling: 'open',
    intendedAt,
    settledAt: undefined,
    ruleId: undefined,
    failure: undefined,
    matter: { targetGroup: { id: WEB, name: 'web' }, targets: [], findings: [], destination: 'default' },
  };
  await world.state.ledger.intend([entry]);
  const rule = {
    protocol: 'tcp',
    port: 80,
    peer: { kind: 'security-group', groupId: 'sg-alb' },
    description: '',
  } as const;
  const [added] = await world.ports.ec2.authorizeRules('sg-web', 'ingress', [rule], { 'usher:owner': 'prod' });
  if (added?.kind !== 'applied') throw new Error('the rule was not added');
  await world.state.ledger.settle(entry, { status: 'applied', ruleId: added.ruleId }, world.clock.now());
  await world.state.ledger.tell([entry], 'closed');
  world.clock.advance(2 * 3600);
  const now = world.clock.now().toISOString();
  const since = new Date(world.clock.now().getTime() - 20 * 60_000).toISOString();
  await swept.sweeps.write(
    {
      record: {
        accepted: { version: '1.0.0', policy: '-' },
        caution: undefined,
        completedAt: now,
        statusAt: now,
        unneeded: { [added.ruleId]: { groupId: 'sg-web', since, runId: 'run-1' } },
      },
      run: {
        runId: RUN,
        startedAt: now,
        progressAt: now,
        mode: 'apply',
        caution: undefined,
        slices: 0,
        next: 0,
        failuresInRow: 0,
        isWhole: true,
        askedBy: undefined,
        tally: NOTHING_SWEPT,
        reliedOn: [],
      },
    },
    0,
  );
  return swept;
};

const gatedPorts = (conductor: Conductor, name: string, ports: TellingPorts): TellingPorts => ({
  ...ports,
  leases: conductor.gate(name, 'leases', ports.leases),
  ec2: conductor.gate(name, 'ec2', ports.ec2),
  loadBalancing: conductor.gate(name, 'loadBalancing', ports.loadBalancing),
  ledger: conductor.gate(name, 'ledger', ports.ledger),
  sweeps: conductor.gate(name, 'sweeps', ports.sweeps),
});

const ruleIds = ({ world }: Awaited<ReturnType<typeof aRuleAboutToGo>>): readonly string[] =>
  world.rulesOf('sg-web').flatMap(({ ruleId, direction }) => (direction === 'ingress' ? [ruleId] : []));

test('Given a rule that nobody needs, when the sweep comes to its end alone, then it is gone', async () => {
  const swept = await aRuleAboutToGo();
  expect(ruleIds(swept)).toHaveLength(1);
  await swept.take({ kind: 'sweep-step', runId: RUN, step: 0, attempt: 0 });
  expect(ruleIds(swept)).toEqual([]);
});

test('Given a launch that relies on the rule, in whatever order its calls and those of the sweep come, then the target ends registered and reachable', async () => {
  let removals = 0;
  const orders = await everyOrder(
    ['sweep', 'launch'],
    (name) => SHARED.has(name),
    async (conductor) => {
      const swept = await aRuleAboutToGo();
      const { world } = swept;
      const instance = anInstance({ instanceId: 'i-00000001', launchedAt: world.clock.now() });
      const sighting = { instanceId: 'i-00000001', attempt: 0, firstSeenAt: world.clock.now() };
      return {
        processes: {
          sweep: () =>
            sweep(gatedPorts(conductor, 'sweep', swept.ports()))({
              kind: 'sweep-step',
              runId: RUN,
              step: 0,
              attempt: 0,
            }),
          launch: async () => {
            await conductor.turn('launch');
            world.putInstances(instance);
            await seatInstances(gatedPorts(conductor, 'launch', swept.ports()))([sighting]);
          },
        },
        check: async () => {
          if (world.calls.some(({ name }) => name === 'ec2.revokeRule')) removals += 1;
          // Whoever had to wait for the lease looks again.
          for (let looks = 0; looks < 5; looks += 1) {
            world.clock.advance(60);
            for (const body of world.launchQueue.due()) {
              const event = parseQueuedEvent(body);
              if (event.kind !== 'look-again') throw new Error(`not a note of ours: ${event.kind}`);
              await seatInstances(swept.ports())(
                event.instanceIds.map((instanceId) => ({ ...sighting, instanceId, attempt: event.attempt })),
              );
            }
          }
          expect(world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
          expect(ruleIds(swept)).toHaveLength(1);
          expect([...world.state.heldLeases]).toEqual([]);
        },
      };
    },
  );
  expect(orders).toBeGreaterThan(100);
  // Both outcomes are among them: the sweep came first, or saw the launch and left the rule.
  expect(removals).toBeGreaterThan(0);
  expect(removals).toBeLessThan(orders);
});
