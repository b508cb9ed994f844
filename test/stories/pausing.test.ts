import { describe, expect, test } from '@jest/globals';
import { anInstance, aRule, aSecurityGroup, aTargetGroup, targetGroupArn } from '../support/world/builders.ts';
import type { World } from '../support/world/world.ts';
import { anOrderWorld } from './carry-out-orders/orders.ts';
import { aJourney, stateChange } from './journey.ts';
import { seat, targetsOf } from './seat-instances/seating.ts';
import { aSweptWorld } from './sweep/sweeping.ts';
import {
  aFleet,
  change,
  deregistrations,
  id,
  inService,
  interruption,
  terminateHook,
} from './unseat-instances/fleet.ts';

const WEB = targetGroupArn('web');

const pause = (world: World): Promise<void> =>
  world.ports.pauses.begin({ since: world.clock.now(), byUserId: 'U0001', reason: 'audit' });

const written = (world: World): readonly string[] => world.writes().map(({ name }) => name);

/** Every story that writes, with something to do, each held up by a pause and going on without it. */
describe('While a stage is paused', () => {
  test('Given a launch, then nobody is seated and no rule is added, and both are once it goes on', async () => {
    const world = anOrderWorld({ instances: [anInstance()] }).world;
    await pause(world);
    await seat(world, 'i-00000001');
    expect(written(world)).toEqual([]);
    await world.ports.pauses.end();
    await seat(world, 'i-00000001');
    expect(written(world)).toEqual(['ec2.authorizeRules', 'loadBalancing.registerTargets']);
  });

  test('Given instances that are stopped or interrupted, then nobody is taken out, and both are once it goes on', async () => {
    const { world, journey } = await aFleet(4);
    await pause(world);
    world.forgetCalls();
    change(world, 1, { state: 'stopped' });
    journey.put(stateChange(id(1), 'stopped'), interruption(2, world.clock.now()));
    await journey.untilQuiet();
    expect([written(world), inService(world).length]).toEqual([[], 4]);
    await world.ports.pauses.end();
    journey.put(stateChange(id(1), 'stopped'), interruption(2, world.clock.now()));
    await journey.untilQuiet();
    expect([inService(world).length, deregistrations(world)]).toEqual([2, 1]);
  });

  test('Given an instance in a terminate hook to be drained, then the hook is neither kept nor let go, and is once it goes on', async () => {
    const tags = { Role: 'web', Name: 'web-1', 'aws:autoscaling:groupName': 'web-asg' };
    const { world, journey } = await aFleet(3, {
      instances: [1, 2, 3].map((number) => anInstance({ instanceId: id(number), tags })),
      targetGroups: [aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:drain': 'true' } })],
    });
    await pause(world);
    world.forgetCalls();
    world.lifecycleStates.set(id(1), 'Terminating:Wait');
    journey.put(terminateHook(1, world.clock.now()));
    await journey.pass(290);
    expect([written(world), world.lifecycleStates.get(id(1))]).toEqual([[], 'Terminating:Wait']);
    await world.ports.pauses.end();
    journey.put(terminateHook(1, world.clock.now()));
    await journey.untilQuiet();
    expect(world.lifecycleStates.get(id(1))).toBe('Terminating:Proceed');
  });

  test('Given a yes to a seat, then the yes changes nothing and says why', async () => {
    const tags = { 'usher:selector': 'Role=web', 'usher:policy': 'ask' };
    const order = anOrderWorld({ instances: [anInstance()], targetGroups: [aTargetGroup({ tags })] });
    await seat(order.world, 'i-00000001');
    await pause(order.world);
    await order.deliver(order.press(order.button('approve')));
    expect(written(order.world)).toEqual([]);
    expect(order.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ name: 'web-1', because: 'Paused' }] }]);
  });

  test('Given an undo, then it takes nobody out and says why', async () => {
    const order = anOrderWorld({ instances: [anInstance(), anInstance({ instanceId: 'i-00000002' })] });
    const journey = aJourney(order.world);
    journey.put(stateChange('i-00000001'), stateChange('i-00000002'));
    await journey.untilQuiet();
    await pause(order.world);
    order.forgetCalls();
    await order.deliver(order.press(order.button('undo')));
    expect([written(order.world), targetsOf(order.world, WEB).length]).toEqual([[], 2]);
    expect(order.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because: 'Paused' }, { because: 'Paused' }] }]);
  });

  test('Given a sweep that began before, then it repairs no more and removes no rule of ours', async () => {
    const swept = aSweptWorld({
      targetGroups: [
        aTargetGroup(),
        aTargetGroup({ name: 'admin', port: 9000, tags: { 'usher:selector': 'Role=admin' } }),
      ],
      securityGroups: ['sg-alb', 'sg-web', 'sg-admin'].map((groupId) => aSecurityGroup({ groupId })),
      rules: ['sg-alb', 'sg-web', 'sg-admin'].map((groupId) => aRule({ groupId })),
    });
    const { world } = swept;
    await swept.accept();
    const admin = anInstance({ instanceId: 'i-0000ffff', tags: { Role: 'admin' }, securityGroupIds: ['sg-admin'] });
    world.putInstances(admin);
    await swept.later();
    await swept.journey.untilQuiet();
    expect(world.targetsIn(targetGroupArn('admin'))).toHaveLength(1);
    // Its target is gone, two sweeps see that nobody needs its rule, and a launch is missed meanwhile.
    world.network.instances.delete('i-0000ffff');
    world.balancing.registered.delete(targetGroupArn('admin'));
    await swept.later(2 * 3_600);
    world.putInstances(anInstance());
    world.forgetCalls();
    world.clock.advance(15 * 60);
    // The sweep has begun, in the mode that acts, when somebody says pause.
    world.onCall((_, name) => {
      if (name === 'sweeps.write') void world.state.pauses.begin({ since: world.clock.now(), byUserId: 'U0001' });
      return 'proceed';
    });
    await swept.sweep();
    world.onCall();
    expect(swept.sweeps.state().record.completedAt).toBe(world.clock.now().toISOString());
    expect(written(world)).toEqual([]);
    await world.ports.pauses.end();
    await swept.later();
    // Never within an hour of a registration.
    await swept.later(2 * 3_600);
    expect([...written(world)].sort()).toEqual([
      'ec2.authorizeRules',
      'ec2.revokeRule',
      'loadBalancing.registerTargets',
    ]);
  });
});
