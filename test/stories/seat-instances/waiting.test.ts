import { describe, expect, test } from '@jest/globals';
import { anInstance, targetGroupArn } from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, kindsShown, stateChange } from '../journey.ts';
import { targetsOf, writes } from './seating.ts';

const WEB = targetGroupArn('web');

const delays = (world: ReturnType<typeof aWorld>): readonly number[] =>
  world.launchQueue.sent.map(({ delaySeconds }) => delaySeconds);

const reasons = (world: ReturnType<typeof aWorld>): readonly unknown[] =>
  world.launchQueue.sent.map(({ body }) => JSON.parse(body).reason);

describe('an instance that reads do not show yet', () => {
  test('Given an id that never becomes visible, when its event comes, then it is looked for after 5, 20, 60 and 180 s, and then logged', async () => {
    const world = aWorld();
    const journey = aJourney(world);
    journey.put(stateChange('i-00000009'));
    await journey.untilQuiet();
    expect(delays(world)).toEqual([5, 20, 60, 180]);
    expect(reasons(world)).toEqual(Array(4).fill('NotYetVisible'));
    expect(world.log).toContainEqual({ event: 'not-visible', instanceId: 'i-00000009' });
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
  });

  test('Given an instance visible after 30 s, when its event comes at once, then it is registered at the third look', async () => {
    const world = aWorld({ instances: [anInstance()] });
    world.network.visibleFrom.set('i-00000001', new Date(world.clock.now().getTime() + 30_000));
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    expect(delays(world)).toEqual([5, 20, 60]);
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });

  test('Given an instance that a read still shows as pending, when its event says running, then it is looked at again', async () => {
    const world = aWorld({ instances: [anInstance({ state: 'pending' })] });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.deliverDue();
    expect(delays(world)).toEqual([5]);
    world.putInstances(anInstance());
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });

  test('Given one visible and one invisible instance in a batch, when they are looked at, then only the other is put off', async () => {
    const world = aWorld({ instances: [anInstance()] });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'), stateChange('i-00000009'));
    await journey.deliverDue();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(world.launchQueue.sent.map(({ body }) => JSON.parse(body).instanceIds)).toEqual([['i-00000009']]);
  });
});

describe('an instance that is not tagged yet', () => {
  const bare = anInstance({ tags: {} });

  test('Given an instance younger than two minutes without tags, when its event comes, then there is one more look after 60 s and no third', async () => {
    const world = aWorld({ instances: [bare] });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    expect([delays(world), reasons(world)]).toEqual([[60], ['NotYetTagged']]);
    expect(world.log.filter(({ event }) => event === 'matches-nothing')).toEqual([
      { event: 'matches-nothing', instanceId: 'i-00000001' },
    ]);
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
  });

  test('Given tags that arrive within that minute, when the look comes, then the instance is registered', async () => {
    const world = aWorld({ instances: [bare] });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.pass(30);
    world.putInstances(anInstance());
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });

  test('Given an instance that was first invisible and then untagged, when it is looked at, then its tags are waited for all the same', async () => {
    const world = aWorld({ instances: [bare] });
    world.network.visibleFrom.set('i-00000001', new Date(world.clock.now().getTime() + 4000));
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.pass(30);
    expect(reasons(world)).toEqual(['NotYetVisible', 'NotYetTagged']);
    world.putInstances(anInstance());
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });
});

describe('groups that somebody else is planning against', () => {
  test('Given a lease on the group, when a launch comes, then it is put off and seated once the lease is given up', async () => {
    const world = aWorld({ instances: [anInstance()] });
    const lease = await world.ports.leases.acquire([WEB], 'the sweep', world.clock.now(), 90);
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.pass(12);
    expect([delays(world), reasons(world)]).toEqual([
      [5, 10],
      ['LeaseBusy', 'LeaseBusy'],
    ]);
    expect(writes(world)).toEqual([]);
    if (lease !== undefined) await world.ports.leases.release(lease);
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(world.state.heldLeases.size).toBe(0);
  });

  test('Given a lease whose holder died, when it has lapsed, then the launch is seated', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await world.ports.leases.acquire(['sg-web'], 'one that died', world.clock.now(), 90);
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });
});

describe('the same event again and again', () => {
  test('Given a launch, when its event comes ten times, out of order, with another instance’s end between, then there is one rule, one registration and one message', async () => {
    const world = aWorld({ instances: [anInstance(), anInstance({ instanceId: 'i-00000002', state: 'terminated' })] });
    const journey = aJourney(world);
    for (let time = 1; time <= 5; time += 1) {
      journey.put(stateChange('i-00000001'), stateChange('i-00000001', 'pending'));
      if (time === 3) journey.put(stateChange('i-00000002', 'terminated'), stateChange('i-00000002'));
      await journey.pass(7);
      journey.put(stateChange('i-00000001'));
      await journey.pass(3);
    }
    await journey.untilQuiet();
    expect(writes(world)).toEqual(['ec2.authorizeRules', 'loadBalancing.registerTargets']);
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(kindsShown(world)).toEqual(['targets-in-service']);
    expect(world.reports.handedIn).toHaveLength(1);
  });
});
