import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { isDrift } from '../../../domain/fleet-plan.ts';
import type { InstanceState } from '../../../domain/instance.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { aSweptWorld, fleet } from '../sweep/sweeping.ts';
import { aFleet, keysOf, keysOfEntries } from './fleets.ts';

const WEB = targetGroupArn('web');
const NOW = new Date('2026-11-22T04:50:00.000Z');
const RULE = 'authorize-rule rule|sg-web|ingress|tcp|80|sg-alb';
const seat = (id: string): string => `register-target target|${WEB}|${id}:80`;

const denied = new AwsCallError({
  service: 'Elastic Load Balancing',
  action: 'DescribeTargetHealth',
  code: 'AccessDenied',
  meaning: 'denied',
  awsMessage: 'no',
});

describe('A plan of the fleet', () => {
  test('Given instances that belong into a group, when it is planned, then it names each registration and the rule, and writes nothing', async () => {
    const { plan, world, writes } = aFleet({ instances: fleet(2, NOW) });
    const planned = await plan();
    expect(keysOf(planned)).toEqual([RULE, seat('i-00000001'), seat('i-00000002')]);
    expect(planned.changes[0]?.matter).toMatchObject({
      targetGroup: { name: 'web' },
      securityGroup: { id: 'sg-web' },
      peer: { id: 'sg-alb' },
    });
    expect(planned).toMatchObject({ instances: 2, targetGroups: 1, pause: undefined, leftAsItIs: [] });
    expect(isDrift(planned)).toBe(true);
    expect(world.writes()).toEqual([]);
    expect(writes).toEqual([]);
    expect(world.calls.filter(({ kind }) => kind === 'send')).toEqual([]);
  });

  test('Given a fleet in order, when it is planned, then there is no drift', async () => {
    const planned = await aFleet().plan();
    expect(planned.changes).toEqual([]);
    expect(isDrift(planned)).toBe(false);
  });

  test('Given more running instances than are added without a yes, then they are left, with the reason, and that is drift', async () => {
    const planned = await aFleet({ instances: fleet(6) }).plan();
    expect(keysOf(planned)).toEqual([]);
    expect(new Set(planned.leftAsItIs.map(({ because }) => because))).toEqual(new Set(['TooManyAdditions']));
    expect(planned.leftAsItIs.map(({ of }) => of.name)).toContain('web-1');
    expect(isDrift(planned)).toBe(true);
  });

  test('Given an instance that somebody wants ignored, then it is named as left, and that is no drift', async () => {
    const ignored = anInstance({ tags: { Role: 'web', Name: 'web-1', 'usher:ignore': 'true' } });
    const planned = await aFleet({ instances: [ignored] }).plan();
    expect(planned.leftAsItIs).toMatchObject([{ what: 'register-target', of: { name: 'web-1' }, because: 'Ignored' }]);
    expect(isDrift(planned)).toBe(false);
  });

  test('Given tags that can hardly mean what they say, and an instance that fits no group, then both are findings', async () => {
    const nearMiss = anInstance({ instanceId: 'i-00000001', tags: { Role: 'Web', Name: 'near' } });
    const elsewhere = anInstance({ instanceId: 'i-00000002', vpcId: 'vpc-2' });
    const planned = await aFleet({ instances: [nearMiss, elsewhere] }).plan();
    expect(planned.findings.map(({ subject, finding }) => [subject.name, finding.reason])).toEqual(
      expect.arrayContaining([
        ['near', 'SelectorNearMiss'],
        ['web-2', 'WrongVpc'],
      ]),
    );
  });

  test('Given a read that fails, then there is no plan rather than half of one', async () => {
    const { plan, world } = aFleet({ instances: fleet(2, NOW) });
    world.onCall((_, name) => (name === 'loadBalancing.readTargetHealth' ? denied : 'proceed'));
    await expect(plan()).rejects.toThrow(denied);
  });
});

describe('Applying a plan', () => {
  test('Given a plan, when it is applied, then just that is done, and nothing is left to plan', async () => {
    const { plan, apply, world } = aFleet({ instances: fleet(2, NOW) });
    const planned = await plan();
    const { applied, entries } = await apply(planned);
    expect(applied).toEqual({ kind: 'applied', done: 3, refused: 0, notMade: [] });
    expect(keysOfEntries(entries)).toEqual(keysOf(planned));
    expect(world.targetsIn(WEB).map(({ id }) => id)).toEqual(['i-00000001', 'i-00000002']);
    expect(world.watchQueue.secondsUntilDue()).toBeDefined(); // who was registered is followed and told of in Slack
    expect(isDrift(await plan())).toBe(false);
  });

  test('Given instances launched after the plan was shown, when it is applied, then they wait for the next look', async () => {
    const { plan, apply, world } = aFleet({ instances: fleet(1, NOW) });
    const planned = await plan();
    world.putInstances(...fleet(2, NOW));
    await apply(planned);
    expect(world.targetsIn(WEB).map(({ id }) => id)).toEqual(['i-00000001']);
    expect(keysOf(await plan())).toEqual([seat('i-00000002')]);
  });

  test('Given an instance that is gone since, when the plan is applied, then the rest is done and that is named', async () => {
    const { plan, apply, world } = aFleet({ instances: fleet(2, NOW) });
    const planned = await plan();
    world.putInstances(anInstance({ instanceId: 'i-00000002', state: 'terminated' }));
    const { applied } = await apply(planned);
    expect(applied).toMatchObject({
      done: 2,
      notMade: [{ change: { kind: 'register-target', instanceId: 'i-00000002' } }],
    });
    expect(world.targetsIn(WEB)).toHaveLength(1);
  });

  test('Given a registration was shown, when that very target would be taken out by now, then it stays: a yes to one is none to the other', async () => {
    const { plan, apply, world } = aFleet({ instances: fleet(3, NOW) });
    await apply(await plan());
    world.clock.advance(3600);
    const launchedAt = world.clock.now();
    world.putInstances(anInstance({ instanceId: 'i-00000004', launchedAt, address: '10.0.1.4' }));
    const planned = await plan();
    expect(keysOf(planned)).toEqual([seat('i-00000004')]);
    await apply(planned);
    world.clock.advance(600);
    world.putInstances(
      anInstance({ instanceId: 'i-00000004', launchedAt, address: '10.0.1.4', tags: { Role: 'old' } }),
    );
    const { applied, entries } = await apply(planned);
    expect([entries, world.targetsIn(WEB).length]).toEqual([[], 4]);
    expect(applied).toMatchObject({ done: 0, notMade: [{ change: { kind: 'register-target' } }] });
    expect(keysOf(await plan())).toEqual([`deregister-target target|${WEB}|i-00000004:80`]);
  });

  test('Given everything is paused, then the plan says so, and applying is refused', async () => {
    const { plan, apply, world, state } = aFleet({ instances: fleet(1, NOW) });
    const planned = await plan();
    await state.pauses.begin({ since: NOW, byUserId: 'U012AB3CD', reason: 'release' });
    expect((await plan()).leftAsItIs.map(({ because }) => because)).toEqual(['Paused']);
    expect((await apply(planned)).applied).toMatchObject({ kind: 'paused', pause: { reason: 'release' } });
    expect(world.writes()).toEqual([]);
  });

  test('Given somebody who was registered by Usher and is stopped, then the plan takes it out and applying does', async () => {
    const { plan, apply, world } = aFleet({ instances: fleet(2, NOW) });
    await apply(await plan());
    world.clock.advance(3600);
    world.putInstances({ ...anInstance({ instanceId: 'i-00000002' }), state: 'stopped' });
    const planned = await plan();
    expect(planned.changes).toMatchObject([
      { change: { kind: 'deregister-target', instanceId: 'i-00000002', reason: 'InstanceGone', because: 'Stopped' } },
    ]);
    expect(world.targetsIn(WEB)).toHaveLength(2);
    await apply(planned);
    expect(world.targetsIn(WEB).map(({ id }) => id)).toEqual(['i-00000001']);
  });

  test('Given somebody takes a target out by hand, then it is waited for at first, then held, and never drift', async () => {
    const { plan, apply, world } = aFleet({ instances: fleet(1, NOW) });
    await apply(await plan());
    world.balancing.registered.clear();
    world.clock.advance(60);
    const soon = await plan();
    expect(soon.leftAsItIs).toMatchObject([{ what: 'register-target', of: { name: 'web-1' }, because: 'JustNow' }]);
    world.clock.advance(600);
    const later = await plan();
    expect(later.leftAsItIs).toMatchObject([{ what: 'register-target', of: { name: 'web-1' }, because: 'Held' }]);
    expect([soon, later].map((each) => [each.changes, isDrift(each)])).toEqual([
      [[], false],
      [[], false],
    ]);
  });

  test('Given a rule of ours that a sweep found unneeded, and nobody needs it still, then the plan removes it by its id', async () => {
    const { plan, apply, world, state } = aFleet({ instances: fleet(1, NOW) });
    await apply(await plan());
    const rule = world.rulesOf('sg-web').find(({ tags }) => tags['usher:owner'] === 'prod');
    world.network.instances.clear();
    world.balancing.registered.clear();
    world.clock.advance(2 * 3600);
    const { state: before, version } = await state.sweeps.read();
    const since = new Date(world.clock.now().getTime() - 1_800_000).toISOString();
    const unneeded = { [rule?.ruleId ?? '']: { groupId: 'sg-web', since, runId: 'an-earlier-sweep' } };
    await state.sweeps.write({ ...before, record: { ...before.record, unneeded } }, version);
    const planned = await plan();
    expect(planned.changes).toMatchObject([{ change: { kind: 'revoke-rule', ruleId: rule?.ruleId } }]);
    expect(world.rulesOf('sg-web')).toContainEqual(rule);
    await apply(planned);
    expect(world.rulesOf('sg-web')).not.toContainEqual(rule);
  });
});

describe('Terminal and sweep', () => {
  const anyState = fc.constantFrom<InstanceState>('running', 'running', 'running', 'stopped', 'pending', 'terminated');
  const anyMember = fc.record({
    state: anyState,
    group: fc.constantFrom('web', 'api', 'none'),
    seated: fc.boolean(),
    fresh: fc.boolean(),
  });

  test('what is planned is what a sweep does, for any fleet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMember, { maxLength: 8 }), async (members) => {
        const instances = members.map(({ state, group, fresh }, index) => ({
          ...anInstance({
            instanceId: `i-${String(index + 1).padStart(8, '0')}`,
            launchedAt: fresh ? NOW : new Date('2026-11-20T00:00:00.000Z'),
            tags: { Role: group, Name: `n-${index}` },
            ...(state === 'terminated' ? { state } : {}),
          }),
          state,
        }));
        const parts = {
          instances,
          targetGroups: [
            aTargetGroup(),
            aTargetGroup({ name: 'api', port: 8080, tags: { 'usher:selector': 'Role=api' } }),
          ],
        };
        const [fleetWorld, sweptWorld] = [aFleet(parts), aSweptWorld(parts)];
        for (const { world } of [fleetWorld, sweptWorld])
          members.forEach(({ seated }, index) => {
            const id = instances[index]?.instanceId ?? '';
            const at = new Date('2026-11-21T00:00:00.000Z');
            const before = world.balancing.registered.get(WEB) ?? [];
            if (seated)
              world.balancing.registered.set(WEB, [
                ...before,
                { target: { id, port: 80 }, at, drainingUntil: undefined },
              ]);
          });
        const planned = await fleetWorld.plan();
        expect(fleetWorld.world.writes()).toEqual([]);
        await sweptWorld.accept();
        expect(keysOfEntries(sweptWorld.world.state.entries.values())).toEqual(keysOf(planned));
        await fleetWorld.apply(planned);
        for (const arn of [WEB, targetGroupArn('api')])
          expect(fleetWorld.world.targetsIn(arn)).toEqual(sweptWorld.world.targetsIn(arn));
      }),
      { numRuns: 60 },
    );
  });
});
