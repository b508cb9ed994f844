import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Stage } from '../../../domain/stage.ts';
import type { Tags } from '../../../domain/tags.ts';
import { unseatExtras, unseatInstances } from '../../../stories/unseat-instances/story.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { failure, kindsShown, stateChange, tagChange } from '../journey.ts';
import { aFleet, change, deregistrations, id, inService, notTakenOut, takenOut, terminate, WEB } from './fleet.ts';

const tagged = (tags: Tags) => aTargetGroup({ tags: { 'usher:selector': 'Role=web', ...tags } });

const leave = (world: World, ...numbers: readonly number[]) =>
  unseatInstances(world.ports)(
    numbers.map((number) => ({ instanceId: id(number), attempt: 0, firstSeenAt: world.clock.now() })),
  );

/** The instances lose the tag that brought them here. */
const untag = (world: World, ...numbers: readonly number[]): void => {
  for (const number of numbers) change(world, number, { tags: { Name: `web-${number}` } });
};

describe('policies and scope', () => {
  const cases: readonly (readonly [string, Tags, Tags, Partial<Stage>, string | undefined])[] = [
    ['a group that is report-only', { 'usher:policy': 'report-only' }, {}, {}, 'ReportOnly'],
    ['a group that asks', { 'usher:policy': 'ask' }, {}, {}, 'Ask'],
    ['a group whose policy can’t be read', { 'usher:policy': 'yes please' }, {}, {}, 'ReportOnly'],
    ['a stage that allows no more than asking', { 'usher:policy': 'apply-all' }, {}, { maximumPolicy: 'ask' }, 'Ask'],
    ['a group to be ignored', { 'usher:ignore': 'true' }, {}, {}, undefined],
    ['an instance to be ignored', {}, { 'usher:ignore': 'true' }, {}, undefined],
    ['a group of another stage', { 'usher:stage': 'test' }, {}, {}, undefined],
    ['a VPC out of scope', {}, {}, { vpcIds: ['vpc-9'] }, undefined],
  ];

  test.each(cases)(
    'Given %s, when an instance is stopped, or its tag is taken away, then it stays',
    async (_, group, own, stage, because) => {
      const { world } = await aFleet(4);
      const narrowed = { ...world.ports, stage: { ...world.stage, ...stage } };
      world.balancing.targetGroups.set(WEB, tagged(group));
      change(world, 1, { state: 'stopped', tags: { Role: 'web', Name: 'web-1', ...own } });
      change(world, 2, { tags: { Name: 'web-2', ...own } });
      const both = [1, 2].map((number) => ({ instanceId: id(number), attempt: 0, firstSeenAt: world.clock.now() }));
      await unseatInstances(narrowed)(both);
      expect([inService(world).length, deregistrations(world)]).toEqual([4, 0]);
      expect(notTakenOut(world)).toEqual(
        because === undefined
          ? []
          : [
              ['web-1', because],
              ['web-2', because],
            ],
      );
    },
  );

  test.each([
    ['add-only', {}],
    ['apply-all', { 'usher:policy': 'apply-all' }],
  ])(
    'Given a group that is %s, when an instance is stopped, or its tag is taken away, then both leave',
    async (_, group) => {
      const { world } = await aFleet(5);
      world.balancing.targetGroups.set(WEB, tagged(group));
      change(world, 1, { state: 'stopped' });
      untag(world, 2);
      await leave(world, 1, 2);
      expect(inService(world)).toEqual([3, 4, 5].map((number) => `${id(number)}:80`));
    },
  );

  test('Given a paused stage, then nobody leaves, and it is said; let go, they do', async () => {
    const { world } = await aFleet(4);
    change(world, 1, { state: 'stopped' });
    await world.ports.pauses.begin({ since: world.clock.now(), byUserId: 'U1' });
    await leave(world, 1);
    expect([inService(world).length, notTakenOut(world)]).toEqual([4, [['web-1', 'Paused']]]);
    await world.ports.pauses.end();
    await leave(world, 1);
    expect(inService(world)).toHaveLength(3);
  });

  test('Given somebody who took a target out, when its instance stops and is started again, then nobody put it back before', async () => {
    const { world, journey } = await aFleet(2);
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: id(1), port: 80 }]);
    world.clock.advance(600);
    for (const body of [stateChange(id(1)), stateChange(id(1), 'stopping'), tagChange(id(1), {}, { keys: ['Name'] })]) {
      journey.put(body);
      await journey.untilQuiet();
    }
    expect(inService(world)).toEqual([`${id(2)}:80`]);
  });
});

describe('budgets', () => {
  test('Given tags taken away from half of a fleet, one after the other, then they leave down to half, and no further within the hour', async () => {
    const { world } = await aFleet(6);
    for (const number of [1, 2, 3, 4]) {
      untag(world, number);
      await leave(world, number);
      world.clock.advance(60);
    }
    expect(inService(world)).toEqual([4, 5, 6].map((number) => `${id(number)}:80`));
    expect(notTakenOut(world)[0]).toEqual(['web-4', 'TooManyRemovals']);
    world.clock.advance(3_600);
    await leave(world, 4);
    expect(inService(world)).toHaveLength(2);
  });

  test('Given the last of a group, then it stays, whatever its tags say', async () => {
    const { world } = await aFleet(2);
    untag(world, 1);
    await leave(world, 1);
    world.clock.advance(7_200);
    untag(world, 2);
    await leave(world, 2);
    expect(inService(world)).toEqual([`${id(2)}:80`]);
  });

  test('Given a floor of three, when one of three loses its tag, then it stays, and that is said; one that stops leaves', async () => {
    const { world } = await aFleet(3, { stage: { minimumHealthyTargets: 3 } });
    untag(world, 1);
    await leave(world, 1);
    expect([inService(world).length, notTakenOut(world)]).toEqual([3, [['web-1', 'BelowFloor']]]);
    change(world, 2, { state: 'stopped' });
    await leave(world, 2);
    expect(inService(world)).toEqual([`${id(1)}:80`, `${id(3)}:80`]);
  });

  test('Given an hour in which a stage may take out two, when three groups want one each, then the third waits', async () => {
    const groups = ['a', 'b', 'c'].map((name) => aTargetGroup({ name, tags: { 'usher:selector': `Role=${name}` } }));
    const instances = ['a', 'b', 'c'].flatMap((name, index) =>
      [1, 2, 3].map((number) =>
        anInstance({ instanceId: id(index * 3 + number), tags: { Role: name, Name: `${name}-${number}` } }),
      ),
    );
    const { world } = await aFleet(9, { targetGroups: groups, instances, stage: { removalsPerHour: 2 } });
    for (const number of [1, 4, 7]) change(world, number, { tags: { Name: `${number}` } });
    await leave(world, 1, 4, 7);
    expect(['a', 'b', 'c'].map((name) => inService(world, targetGroupArn(name)).length)).toEqual([2, 2, 3]);
    expect(notTakenOut(world).map(([, because]) => because)).toEqual(['TooManyRemovals']);
  });

  test('Given healthy instances that AWS took back within the hour, then the floor is half of those before, not of those left', async () => {
    const { world, journey } = await aFleet(6);
    for (const number of [1, 2, 3]) {
      terminate(world, number);
      world.balancing.answers.set(id(number), { state: 'healthy', reason: undefined, description: undefined });
      change(world, number, { state: 'shutting-down' });
    }
    // As ELB still sees them.
    const seenHealthy = {
      ...world.ports,
      loadBalancing: {
        ...world.ports.loadBalancing,
        readTargetHealth: async (arn: string) =>
          (await world.ports.loadBalancing.readTargetHealth(arn))?.map((health) =>
            health.state === 'unused' ? { ...health, state: 'healthy' as const } : health,
          ),
      },
    };
    await unseatInstances(seenHealthy)(
      [1, 2, 3].map((number) => ({ instanceId: id(number), attempt: 0, firstSeenAt: world.clock.now() })),
    );
    await journey.untilQuiet();
    expect(inService(world)).toHaveLength(3);
    untag(world, 4);
    await leave(world, 4);
    expect(inService(world)).toHaveLength(3);
  });

  test('Given any fleet, floor, budget and order of untagging by two at once, then neither floor nor budget is ever broken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 8 }),
          minimumHealthyTargets: fc.integer({ min: 0, max: 4 }),
          removalsPerHour: fc.integer({ min: 0, max: 5 }),
          steps: fc.array(
            fc.record({
              numbers: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 1 }),
              seconds: fc.constantFrom(0, 30, 900),
            }),
            { minLength: 1, maxLength: 5 },
          ),
        }),
        async ({ count, minimumHealthyTargets, removalsPerHour, steps }) => {
          const { world } = await aFleet(count, { stage: { minimumHealthyTargets, removalsPerHour } });
          for (const { numbers, seconds } of steps) {
            const here = numbers.filter((number) => number <= count);
            untag(world, ...here);
            const middle = Math.ceil(here.length / 2);
            await Promise.all([leave(world, ...here.slice(0, middle)), leave(world, ...here.slice(middle))]);
            world.clock.advance(seconds);
          }
          const left = inService(world).length;
          const hours = steps.reduce((sum, { seconds }) => sum + seconds, 0) / 3_600;
          expect(count - left).toBeLessThanOrEqual(removalsPerHour * Math.ceil(hours + 1));
          if (hours < 1)
            expect(left).toBeGreaterThanOrEqual(Math.min(count, Math.max(minimumHealthyTargets, Math.ceil(count / 2))));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('whole groups', () => {
  test('Given a group to be planned, then who would leave is answered, and nothing is written, taken or said', async () => {
    const { world } = await aFleet(5);
    change(world, 1, { state: 'stopped' });
    untag(world, 2);
    const said = kindsShown(world).length;
    const { groups, busy } = await unseatExtras(world.ports)([WEB], 'plan');
    expect(groups.map(({ permission, removed }) => [permission.permitted.length, removed.length])).toEqual([[2, 0]]);
    expect([busy, world.writes(), kindsShown(world).length - said]).toEqual([[], [], 0]);
    expect(world.calls.filter(({ name }) => name.startsWith('budgets.') || name.startsWith('ledger.intend'))).toEqual(
      [],
    );
  });

  test('Given it to be applied, then they leave, and what stays is answered and told by nobody here', async () => {
    const { world, journey } = await aFleet(5);
    change(world, 1, { state: 'stopped' });
    world.putInstances(anInstance({ instanceId: id(9), tags: { Name: 'by-hand' } }));
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: id(9), port: 80 }]);
    const { groups } = await unseatExtras(world.ports)([WEB], 'apply');
    expect(groups.map(({ removed, staying }) => [removed.length, staying.map(({ because }) => because)])).toEqual([
      [1, ['NotOurs']],
    ]);
    await journey.untilQuiet();
    expect([takenOut(world), notTakenOut(world)]).toEqual([[['web-1', 'Stopped']], []]);
  });

  test('Given a group that is leased, then it is answered as busy, and not looked at', async () => {
    const { world } = await aFleet(2);
    await world.ports.leases.acquire([WEB], 'somebody', world.clock.now(), 600);
    change(world, 1, { state: 'stopped' });
    expect(await unseatExtras(world.ports)([WEB], 'apply')).toEqual({ groups: [], busy: [WEB] });
    await leave(world, 1);
    expect(world.launchQueue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([5]);
    expect(inService(world)).toHaveLength(2);
  });
});

describe('what AWS refuses', () => {
  test('Given a deregistration that is denied, then it is said once, and everything is as it was', async () => {
    const { world, journey } = await aFleet(3);
    change(world, 1, { state: 'stopped' });
    world.onCall((_, name) => (name === 'loadBalancing.deregisterTargets' ? failure('denied') : 'proceed'));
    await leave(world, 1);
    await leave(world, 1);
    world.onCall();
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-in-service', 'targets-not-taken-out']);
    expect((await world.ports.ledger.readSeats([id(1)])).length).toBe(1);
    expect(await world.ports.ledger.listOpen()).toEqual([]);
  });

  test('Given the process killed before and after each call in turn, when its event comes again, then one is out and it is told', async () => {
    for (const fate of ['fail-before', 'fail-after'] as const)
      for (let k = 1; k < 100; k += 1) {
        const { world, journey } = await aFleet(3);
        change(world, 1, { state: 'stopped' });
        let died = false;
        journey.onCall((count) => {
          if (died || count !== k) return 'proceed';
          died = true;
          return fate;
        });
        journey.put(stateChange(id(1), 'stopped'));
        await journey.untilQuiet();
        journey.onCall();
        expect([k, inService(world), takenOut(world)]).toEqual([
          k,
          [`${id(2)}:80`, `${id(3)}:80`],
          [['web-1', 'Stopped']],
        ]);
        expect([k, (await world.ports.ledger.listOpen()).length, world.state.heldLeases.size]).toEqual([
          k,
          0,
          expect.any(Number),
        ]);
        if (!died) {
          // As many calls as the whole journey makes, or this shows nothing.
          expect(k).toBeGreaterThan(20);
          break;
        }
      }
  });

  test('Given any read or write that fails in turn, in any way, then nobody else leaves, and in the end this one has', async () => {
    for (const meaning of ['throttled', 'transient', 'other'] as const)
      for (let k = 1; k < 100; k += 1) {
        const { world, journey } = await aFleet(3);
        change(world, 1, { state: 'stopped' });
        let failed = false;
        journey.onCall((count) => {
          if (failed || count !== k) return 'proceed';
          failed = true;
          return failure(meaning);
        });
        journey.put(stateChange(id(1), 'stopped'));
        await journey.untilQuiet();
        journey.onCall();
        expect([k, meaning, inService(world).slice(-2)]).toEqual([k, meaning, [`${id(2)}:80`, `${id(3)}:80`]]);
        if (!failed) {
          expect(k).toBeGreaterThan(20);
          break;
        }
      }
  });
});

test('Given the small world of its own, when nobody is named, then nothing is read', async () => {
  const world = aWorld();
  await unseatInstances(world.ports)([]);
  expect(world.calls).toEqual([]);
});
