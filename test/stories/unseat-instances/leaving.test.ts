import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { unseatInstances } from '../../../stories/unseat-instances/story.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { kindsShown, stateChange, tagChange } from '../journey.ts';
import {
  aFleet,
  change,
  deregistrations,
  doubts,
  id,
  inService,
  interruption,
  launchFromWarmPool,
  notTakenOut,
  recommendation,
  takenOut,
  terminate,
  terminateHook,
  WEB,
} from './fleet.ts';

const denied = (action: string) =>
  new AwsCallError({ service: 'EC2', action, code: 'UnauthorizedOperation', meaning: 'denied', awsMessage: 'no' });

const leave = (world: Awaited<ReturnType<typeof aFleet>>['world'], ...numbers: readonly number[]) =>
  unseatInstances(world.ports)(
    numbers.map((number) => ({ instanceId: id(number), attempt: 0, firstSeenAt: world.clock.now() })),
  );

describe('stop and terminate', () => {
  test.each([
    ['stopping', 'Stopping'],
    ['stopped', 'Stopped'],
    ['shutting-down', 'ShuttingDown'],
  ] as const)(
    'Given a seated instance that is %s, then it is taken out at once, and told of once',
    async (state, because) => {
      const { world, journey } = await aFleet(3);
      change(world, 1, { state });
      journey.put(stateChange(id(1), state));
      await journey.untilQuiet();
      expect(inService(world)).toEqual([`${id(2)}:80`, `${id(3)}:80`]);
      expect(takenOut(world)).toEqual([['web-1', because]]);
      expect([...world.state.ownership.keys()].filter((key) => key.includes(id(1)))).toEqual([]);
    },
  );

  test('Given one that is terminated and has lost its tags and network, then it is found by the ledger, and nothing of it is kept', async () => {
    const { world, journey } = await aFleet(3);
    terminate(world, 1);
    journey.put(stateChange(id(1), 'terminated'));
    await journey.untilQuiet();
    expect(inService(world)).toEqual([`${id(2)}:80`, `${id(3)}:80`]);
    expect(takenOut(world)).toEqual([['web-1', 'Terminated']]);
    expect(await world.ports.ledger.readSeats([id(1)])).toEqual([]);
  });

  test('Given one registered with a port of its own, when it stops, then it leaves with that port', async () => {
    const tags = { 'usher:selector': 'Role=web', 'usher:ports': '80 8080' };
    const { world, journey } = await aFleet(1, {
      targetGroups: [aTargetGroup({ tags })],
      instances: [anInstance({ tags: { Role: 'web', Name: 'web-1', 'usher:port': '8080' } })],
    });
    expect(inService(world)).toEqual([`${id(1)}:8080`]);
    change(world, 1, { state: 'stopped' });
    journey.put(stateChange(id(1), 'stopped'));
    await journey.untilQuiet();
    expect(inService(world)).toEqual([]);
  });

  test('Given all the events of one termination, twice and in any order, then it is deregistered once and told of once', async () => {
    const { world, journey } = await aFleet(3);
    terminate(world, 1, { Role: 'web' });
    const events = ['terminated', 'stopping', 'shutting-down', 'terminated', 'running'].map((state) =>
      stateChange(id(1), state),
    );
    for (const event of events) {
      journey.put(event);
      await journey.pass(7);
    }
    await journey.untilQuiet();
    expect([deregistrations(world), takenOut(world)]).toEqual([1, [['web-1', 'Terminated']]]);
  });

  test('Given a stop whose event comes when the instance runs again, then it stays', async () => {
    const { world, journey } = await aFleet(2);
    journey.put(stateChange(id(1), 'stopped'), stateChange(id(1), 'stopping'));
    await journey.untilQuiet();
    expect([inService(world).length, deregistrations(world), kindsShown(world)]).toEqual([
      2,
      0,
      ['targets-in-service'],
    ]);
  });

  test('Given one that was stopped and is started again, then it is seated again', async () => {
    const { world, journey } = await aFleet(2);
    change(world, 1, { state: 'stopped' });
    journey.put(stateChange(id(1), 'stopped'));
    await journey.pass(600);
    change(world, 1, { state: 'running', launchedAt: world.clock.now() });
    journey.put(stateChange(id(1)));
    await journey.untilQuiet();
    expect(inService(world)).toContain(`${id(1)}:80`);
  });

  test('Given a target that a person registered by hand, when it stops to match, then it stays; when its instance is terminated, it leaves', async () => {
    const { world, journey } = await aFleet(4);
    world.putInstances(anInstance({ instanceId: id(9), tags: { Role: 'web', Name: 'by-hand' } }));
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: id(9), port: 80 }]);
    change(world, 9, { tags: { Role: 'old', Name: 'by-hand' } });
    await leave(world, 9);
    journey.put(tagChange(id(9), { Role: 'old' }));
    await journey.untilQuiet();
    expect(inService(world)).toContain(`${id(9)}:80`);
    change(world, 9, { state: 'terminated', tags: { Role: 'web', Name: 'by-hand' } });
    journey.put(stateChange(id(9), 'terminated'));
    await journey.untilQuiet();
    expect(inService(world)).not.toContain(`${id(9)}:80`);
  });
});

describe('what is not seen, or not read', () => {
  test('Given an instance that EC2 shows no more, then it leaves a minute later, when it is not seen then either', async () => {
    const { world, journey } = await aFleet(3);
    world.network.instances.delete(id(1));
    journey.put(stateChange(id(1), 'terminated'));
    await journey.pass(59);
    expect(inService(world)).toHaveLength(3);
    await journey.untilQuiet();
    expect([inService(world).length, takenOut(world)]).toEqual([2, [['web-1', 'Terminated']]]);
  });

  test('Given one that is seen again at the second look, then it stays', async () => {
    const { world, journey } = await aFleet(3);
    const [first] = [world.network.instances.get(id(1))];
    world.network.instances.delete(id(1));
    journey.put(stateChange(id(1), 'stopping'));
    await journey.pass(30);
    if (first !== undefined) world.putInstances(first);
    await journey.untilQuiet();
    expect([inService(world).length, deregistrations(world)]).toEqual([3, 0]);
  });

  test('Given reads of instances that are denied, then nobody leaves', async () => {
    const { world } = await aFleet(3);
    terminate(world, 1);
    let reads = 0;
    world.onCall((_, name) => {
      if (name !== 'ec2.readInstances') return 'proceed';
      reads += 1;
      return reads > 1 ? denied('DescribeInstances') : 'proceed';
    });
    await leave(world, 1);
    expect([inService(world).length, deregistrations(world)]).toEqual([3, 0]);
  });

  test('Given an answer about tags that lacks the group, then nobody leaves it: what it may be tagged with is not known', async () => {
    const { world, journey } = await aFleet(3);
    world.balancing.targetGroups.set(WEB, aTargetGroup({ tags: {} }));
    change(world, 1, { state: 'stopped' });
    journey.put(stateChange(id(1), 'stopped'));
    await journey.untilQuiet();
    expect([deregistrations(world), inService(world).length]).toEqual([0, 3]);
    world.balancing.targetGroups.set(WEB, aTargetGroup());
    await leave(world, 1);
    expect(inService(world)).toEqual([`${id(2)}:80`, `${id(3)}:80`]);
  });

  test('Given a fleet of which one answer shows nobody at all, then nobody leaves, and nobody is forgotten', async () => {
    const { world, journey } = await aFleet(5);
    const fleet = [...world.network.instances];
    world.network.instances.clear();
    journey.put(...[1, 2, 3, 4, 5].map((number) => stateChange(id(number), 'stopping')));
    await journey.pass(300);
    for (const [instanceId, instance] of fleet) world.network.instances.set(instanceId, instance);
    await journey.untilQuiet();
    expect([inService(world).length, deregistrations(world)]).toEqual([5, 0]);
    expect(world.state.ownership.size).toBeGreaterThanOrEqual(5);
  });

  test('Given most of a fleet that really stopped, then all of these leave, their states read twice', async () => {
    const { world, journey } = await aFleet(3);
    for (const number of [1, 2, 3]) change(world, number, { state: 'stopped' });
    journey.put(...[1, 2, 3].map((number) => stateChange(id(number), 'stopped')));
    await journey.untilQuiet();
    expect(inService(world)).toEqual([]);
  });
});

describe('addresses', () => {
  const BY_ADDRESS = { targetGroups: [aTargetGroup({ targetType: 'ip' })] };

  test('Given an address registered for an instance that is terminated, then it leaves', async () => {
    const { world, journey } = await aFleet(3, BY_ADDRESS);
    terminate(world, 1);
    journey.put(stateChange(id(1), 'terminated'));
    await journey.untilQuiet();
    expect(inService(world)).toEqual(['10.0.1.2:80', '10.0.1.3:80']);
  });

  test('Given that another instance has the address by now, then it stays, and that is said', async () => {
    const { world, journey } = await aFleet(3, BY_ADDRESS);
    terminate(world, 1);
    world.putInstances(anInstance({ instanceId: id(8), address: '10.0.1.1', tags: { Name: 'db' } }));
    journey.put(stateChange(id(1), 'terminated'));
    await journey.untilQuiet();
    expect([inService(world).length, notTakenOut(world)]).toEqual([3, [['web-1', 'AddressHeld']]]);
  });

  test('Given that who holds it may not be read, then it stays', async () => {
    const { world } = await aFleet(3, BY_ADDRESS);
    terminate(world, 1);
    world.onCall((_, name) =>
      name === 'ec2.readInterfacesByAddress' ? denied('DescribeNetworkInterfaces') : 'proceed',
    );
    await leave(world, 1);
    expect([inService(world).length, deregistrations(world)]).toEqual([3, 0]);
  });
});

describe('tags', () => {
  const changeTags = (tags: Readonly<Record<string, string>>) => tagChange(id(1), tags, { keys: ['Role'] });

  test('Given an instance whose tag brings it elsewhere, then it is in the new group before it leaves the old one', async () => {
    const groups = [aTargetGroup(), aTargetGroup({ name: 'api', tags: { 'usher:selector': 'Role=api' } })];
    const { world, journey } = await aFleet(3, { targetGroups: groups });
    change(world, 1, { tags: { Role: 'api', Name: 'web-1' } });
    journey.put(changeTags({ Role: 'api' }));
    await journey.untilQuiet();
    expect([inService(world), inService(world, targetGroupArn('api'))]).toEqual([
      [`${id(2)}:80`, `${id(3)}:80`],
      [`${id(1)}:80`],
    ]);
    const writes = world.writes().map(({ name }) => name);
    expect(writes).toEqual(['loadBalancing.registerTargets', 'loadBalancing.deregisterTargets']);
    expect(takenOut(world)).toEqual([['web-1', 'NotDesired']]);
  });

  test('Given a tag that concerns no group, then nothing under a lease is read, and nothing is written', async () => {
    const { world, journey } = await aFleet(3);
    change(world, 1, { tags: { Role: 'web', Name: 'web-one' } });
    world.forgetCalls();
    await unseatInstances(world.ports)([
      { instanceId: id(1), attempt: 0, firstSeenAt: world.clock.now(), byTags: true },
    ]);
    expect(world.calls.filter(({ name }) => name === 'leases.acquire')).toEqual([]);
    await journey.untilQuiet();
    expect(world.writes()).toEqual([]);
  });

  test('Given a typo in the group’s selector, when an event comes, then nobody leaves, and the group is named', async () => {
    const { world } = await aFleet(3);
    world.balancing.targetGroups.set(WEB, aTargetGroup({ tags: { 'usher:selector': 'Role=wbe' } }));
    await leave(world, 1, 2, 3);
    await leave(world, 1, 2, 3);
    expect([inService(world).length, deregistrations(world)]).toEqual([3, 0]);
    expect(doubts(world)).toEqual(['SelectorMatchesNothing']);
  });

  test('Given two of three instances that lose their tag at once, then nobody leaves, and the group is named', async () => {
    const { world, journey } = await aFleet(3);
    for (const number of [1, 2]) change(world, number, { tags: { Name: `web-${number}` } });
    journey.put(tagChange(id(1), {}, { keys: ['Role'] }), tagChange(id(2), {}, { keys: ['Role'] }));
    await journey.untilQuiet();
    expect([inService(world).length, doubts(world)]).toEqual([3, ['SelectorLosesMost']]);
  });

  test.each([
    ['a near miss', { Role: 'Web', Name: 'web-1' }],
    ['a port that is none', { Role: 'web', Name: 'web-1', 'usher:port': 'http' }],
    ['a port the group doesn’t admit', { Role: 'web', Name: 'web-1', 'usher:port': '9999' }],
    ['a group that doesn’t accept it', { Name: 'web-1', 'usher:targets': 'web' }],
  ])('Given %s among its tags, then it is not taken for an instance that belongs elsewhere', async (_, tags) => {
    const { world, journey } = await aFleet(3);
    change(world, 1, { tags });
    journey.put(tagChange(id(1), tags));
    await journey.untilQuiet();
    expect([inService(world).length, deregistrations(world)]).toEqual([3, 0]);
  });
});

describe('who is about to go', () => {
  test('Given a spot instance that AWS takes back, then it leaves, and no event brings it back; started anew, it is', async () => {
    const { world, journey } = await aFleet(3);
    journey.put(interruption(1, world.clock.now()));
    await journey.pass(400);
    expect(inService(world)).toHaveLength(2);
    journey.put(stateChange(id(1)), tagChange(id(1), { Name: 'web-1' }, { at: '', keys: [] }));
    await journey.untilQuiet();
    expect([inService(world).length, takenOut(world), notTakenOut(world)]).toEqual([
      2,
      [['web-1', 'SpotInterruption']],
      [],
    ]);
    expect(kindsShown(world).filter((kind) => kind === 'targets-not-registered')).toEqual([]);
    change(world, 1, { launchedAt: world.clock.now() });
    journey.put(stateChange(id(1)));
    await journey.untilQuiet();
    expect(inService(world)).toHaveLength(3);
  });

  test('Given a whole fleet that AWS takes back, then all leave: keeping them in keeps nobody serving', async () => {
    const { world, journey } = await aFleet(3);
    journey.put(...[1, 2, 3].map((number) => interruption(number, world.clock.now())));
    await journey.untilQuiet();
    // More than half of a group by one word each: the instances themselves run, so that the read that confirms agrees.
    expect(inService(world)).toEqual([]);
  });

  test('Given a warning that is older than the instance’s start, then it stays', async () => {
    const { world, journey } = await aFleet(2);
    change(world, 1, { launchedAt: world.clock.now() });
    journey.put(interruption(1, new Date(world.clock.now().getTime() - 60_000)));
    await journey.untilQuiet();
    expect([inService(world).length, deregistrations(world)]).toEqual([2, 0]);
  });

  test('Given recommendations for a whole fleet, then as many leave as the floor lets, and the others are named', async () => {
    const { world, journey } = await aFleet(4);
    journey.put(...[1, 2, 3, 4].map((number) => recommendation(number, world.clock.now())));
    await journey.untilQuiet();
    expect(inService(world)).toEqual([`${id(3)}:80`, `${id(4)}:80`]);
    expect(notTakenOut(world).map(([name]) => name)).toEqual(['web-3', 'web-4']);
  });
});

describe('Auto Scaling', () => {
  const ofAutoScaling = (number: number) =>
    anInstance({
      instanceId: id(number),
      tags: { Role: 'web', Name: `web-${number}`, 'aws:autoscaling:groupName': 'web-asg' },
    });
  const FLEET = { instances: [1, 2, 3].map(ofAutoScaling) };
  const drains = { targetGroups: [aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:drain': 'true' } })] };

  const completions = (world: Awaited<ReturnType<typeof aFleet>>['world']) =>
    world.calls.filter(({ name }) => name === 'autoScaling.letGo').length;

  test('Given an instance in a terminate hook, then it leaves while it still runs, and the hook is somebody else’s', async () => {
    const { world, journey } = await aFleet(3, FLEET);
    world.lifecycleStates.set(id(1), 'Terminating:Wait');
    journey.put(terminateHook(1, world.clock.now()));
    await journey.untilQuiet();
    expect([inService(world).length, takenOut(world)]).toEqual([2, [['web-1', 'ScaleIn']]]);
    expect(world.lifecycleStates.get(id(1))).toBe('Terminating:Wait');
    journey.put(stateChange(id(1)));
    await journey.untilQuiet();
    expect(inService(world)).toHaveLength(2);
  });

  test('Given a group that wants its instances drained, then the hook is kept alive until the target is gone, and let go then', async () => {
    const { world, journey } = await aFleet(3, { ...FLEET, ...drains });
    world.lifecycleStates.set(id(1), 'Terminating:Wait');
    journey.put(terminateHook(1, world.clock.now()));
    await journey.pass(290);
    expect([world.lifecycleStates.get(id(1)), completions(world)]).toEqual(['Terminating:Wait', 0]);
    const kept = world.calls.filter(({ name }) => name === 'autoScaling.keepWaiting').length;
    expect(kept).toBeGreaterThanOrEqual(10);
    await journey.untilQuiet();
    expect([world.lifecycleStates.get(id(1)), completions(world)]).toEqual(['Terminating:Proceed', 1]);
  });

  test('Given the hook’s event twice, and an instance that went on by itself, then nothing is kept and nothing fails', async () => {
    const { world, journey } = await aFleet(3, { ...FLEET, ...drains });
    world.lifecycleStates.set(id(1), 'Terminating:Wait');
    journey.put(terminateHook(1, world.clock.now()), terminateHook(1, world.clock.now()));
    await journey.pass(60);
    world.lifecycleStates.set(id(1), 'Terminating:Proceed');
    await journey.untilQuiet();
    expect([completions(world), journey.exhausted]).toEqual([0, []]);
  });

  test('Given a group that Auto Scaling fills itself, then its target is left to it, and the hook is kept until it is gone', async () => {
    const { world, journey } = await aFleet(3, { ...FLEET, ...drains });
    world.attachedTargetGroups.set('web-asg', [WEB]);
    world.lifecycleStates.set(id(1), 'Terminating:Wait');
    journey.put(terminateHook(1, world.clock.now()));
    await journey.pass(120);
    expect([deregistrations(world), completions(world)]).toEqual([0, 0]);
    world.balancing.registered.set(
      WEB,
      (world.balancing.registered.get(WEB) ?? []).filter(({ target }) => target.id !== id(1)),
    );
    await journey.untilQuiet();
    expect(completions(world)).toBe(1);
  });

  test.each([
    ['that fills this group itself', 'web-asg', [WEB]],
    ['of a blue/green deployment', 'CodeDeploy_web_d-1A2B3C4D5', []],
  ] as const)(
    'Given an Auto Scaling group %s, when an instance of it is stopped, then it stays: nobody would put it back when it starts',
    async (_, name, attachedTo) => {
      const instances = [1, 2, 3].map((number) =>
        anInstance({ instanceId: id(number), tags: { Role: 'web', 'aws:autoscaling:groupName': name } }),
      );
      const { world, journey } = await aFleet(3, { instances });
      await world.ports.loadBalancing.registerTargets(
        WEB,
        [1, 2, 3].map((number) => ({ id: id(number), port: 80 })),
      );
      world.attachedTargetGroups.set(name, attachedTo);
      world.forgetCalls();
      change(world, 1, { state: 'stopping' });
      journey.put(stateChange(id(1), 'stopping'));
      await journey.untilQuiet();
      change(world, 1, { state: 'stopped' });
      journey.put(stateChange(id(1), 'stopped'));
      await journey.untilQuiet();
      expect([deregistrations(world), inService(world).length]).toEqual([0, 3]);
    },
  );

  test('Given a target that never leaves, then the hook is kept for 75 minutes, and then left to its own end', async () => {
    const { world, journey } = await aFleet(3, { ...FLEET, ...drains });
    world.attachedTargetGroups.set('web-asg', [WEB]);
    world.lifecycleStates.set(id(1), 'Terminating:Wait');
    journey.put(terminateHook(1, world.clock.now()));
    await journey.untilQuiet();
    expect([completions(world), world.lifecycleStates.get(id(1))]).toEqual([0, 'Terminating:Wait']);
    expect(world.log.findLast(({ event }) => event === 'looked-at-hook')).toMatchObject({ outcome: 'given-up' });
  });

  test('Given an instance on its way back to the warm pool, then it leaves, stays out while it waits there, and is seated when it comes back', async () => {
    const { world, journey } = await aFleet(3, FLEET);
    world.lifecycleStates.set(id(1), 'Warmed:Running');
    journey.put(terminateHook(1, world.clock.now(), 'WarmPool'), stateChange(id(1)));
    await journey.pass(400);
    journey.put(tagChange(id(1), { Role: 'web' }));
    await journey.pass(400);
    expect([inService(world).length, takenOut(world)]).toEqual([2, [['web-1', 'IntoWarmPool']]]);
    world.lifecycleStates.set(id(1), 'InService');
    journey.put(launchFromWarmPool(1, world.clock.now()));
    await journey.untilQuiet();
    expect(inService(world)).toHaveLength(3);
  });

  test('Given an instance that is launched into the warm pool, when its start is told, then it is not seated', async () => {
    const { world, journey } = await aFleet(0, { instances: [] });
    world.putInstances(ofAutoScaling(1));
    world.lifecycleStates.set(id(1), 'Warmed:Pending');
    journey.put(stateChange(id(1)));
    await journey.untilQuiet();
    expect([inService(world), world.writes()]).toEqual([[], []]);
  });
});
