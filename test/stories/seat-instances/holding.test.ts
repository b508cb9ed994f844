import { describe, expect, test } from '@jest/globals';
import { seatApproved } from '../../../stories/seat-instances/approved.ts';
import { seatInstances } from '../../../stories/seat-instances/story.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, failure, kindsShown, ownRules, shown, stateChange } from '../journey.ts';
import { configuration, obstacles, seat, startAgain, targetsOf, writes } from './seating.ts';

const WEB = targetGroupArn('web');
const FIRST = 'i-00000001';
const SECOND = 'i-00000002';
const ofAutoScaling = (name: string) => ({ Name: name, Role: 'web', 'aws:autoscaling:groupName': 'web-asg' });

const takeOut = (world: World, id = FIRST) => world.ports.loadBalancing.deregisterTargets(WEB, [{ id, port: 80 }]);

const removeOwnRule = async (world: World): Promise<void> => {
  const own = world.rulesOf('sg-web').find(({ tags }) => tags['usher:owner'] !== undefined);
  await world.ports.ec2.revokeRule('sg-web', 'ingress', own?.ruleId ?? '');
};

/** Reads that lag: nothing that Usher wrote is in them yet. */
const lagging = (world: World): World['ports'] => ({
  ...world.ports,
  loadBalancing: { ...world.ports.loadBalancing, readTargetHealth: async () => [] },
  ec2: {
    ...world.ports.ec2,
    readSecurityGroupRules: async (ids) =>
      new Map(
        ids.map((id) => [id, world.rulesOf(id).filter(({ tags }) => tags['usher:owner'] === undefined)] as const),
      ),
  },
});

const lookAt = (ports: World['ports'], world: World, instanceId: string) =>
  seatInstances(ports)([{ instanceId, attempt: 0, firstSeenAt: world.clock.now() }]);

const held = (world: World) => shown(world).flatMap(({ body }) => (body.kind === 'held-by-others' ? [body] : []));

const pressFirstButton = async (world: World) => {
  const report = shown(world).findLast(({ body }) => body.kind === 'held-by-others');
  const plan = await world.ports.plans.find(report?.buttons?.[0]?.planId ?? '');
  if (plan?.content.kind !== 'seat') throw new Error('no seat was offered');
  return seatApproved(world.ports)(plan.content);
};

describe('what was put there moments ago and is not read yet', () => {
  test('Given a read that lags a registration, when the event comes again, then nothing is said or written, and it is looked at in a minute', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, FIRST);
    world.clock.advance(2);
    world.forgetCalls();
    await lookAt(lagging(world), world, FIRST);
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
    expect(world.launchQueue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([60]);
    await aJourney(world).untilQuiet();
    expect(world.launchQueue.sent).toHaveLength(1);
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });

  test('Given a read that lags a rule, when Auto Scaling launches another instance, then its path is not called blocked', async () => {
    const world = aWorld({
      instances: [
        anInstance({ tags: ofAutoScaling('web-1') }),
        anInstance({ instanceId: SECOND, tags: ofAutoScaling('web-2') }),
      ],
    });
    world.attachedTargetGroups.set('web-asg', [WEB]);
    await seat(world, FIRST);
    world.clock.advance(3);
    world.forgetCalls();
    await lookAt(lagging(world), world, SECOND);
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
    expect(world.launchQueue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([60]);
  });

  test('Given a person who takes a target out within minutes, when an event comes, then it is held once that is clear', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, FIRST);
    world.balancing.registered.set(WEB, []);
    world.forgetCalls();
    const journey = aJourney(world);
    journey.put(stateChange(FIRST));
    await journey.untilQuiet();
    expect(writes(world)).toEqual([]);
    expect(held(world)).toMatchObject([{ targets: [{ name: 'web-1' }], rules: [], doer: undefined }]);
  });
});

describe('a seat that somebody else’s target is leaving', () => {
  test('Given an address that went to a new instance while the old target drains, when it is launched, then it is seated after that', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup({ targetType: 'ip' })],
      instances: [anInstance({ address: '10.0.1.5' })],
    });
    await seat(world, FIRST);
    world.clock.advance(400);
    await takeOut(world, '10.0.1.5');
    world.network.instances.delete(FIRST);
    world.clock.advance(60);
    world.putInstances(anInstance({ instanceId: SECOND, address: '10.0.1.5', launchedAt: world.clock.now() }));
    const journey = aJourney(world);
    journey.put(stateChange(SECOND));
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['10.0.1.5:80']);
  });

  test('Given an instance taken out, stopped and started while it drains, when it runs again, then it is back after that', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, FIRST);
    world.clock.advance(600);
    await takeOut(world);
    world.clock.advance(60);
    startAgain(world, anInstance());
    const journey = aJourney(world);
    journey.put(stateChange(FIRST));
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual([`${FIRST}:80`]);
  });

  test('Given a target that was never ours and drains, when its instance is to be in the group, then it is registered after that', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: FIRST, port: 80 }]);
    await takeOut(world);
    const journey = aJourney(world);
    journey.put(stateChange(FIRST));
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual([`${FIRST}:80`]);
  });
});

describe('what comes again is told again', () => {
  test('Given a target put back and taken out again, when an event comes, then the second hold is told too', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, FIRST);
    for (let time = 1; time <= 2; time += 1) {
      world.clock.advance(400);
      await takeOut(world);
      world.clock.advance(400);
      await seat(world, FIRST);
      await seat(world, FIRST);
      expect(held(world)).toHaveLength(time);
      expect(await pressFirstButton(world)).toMatchObject({ kind: 'seated', outcome: { registered: 1 } });
    }
  });

  test('Given an offer whose week is over, when an event comes, then it is made again', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:policy': 'ask' } })],
      instances: [anInstance()],
    });
    await seat(world, FIRST);
    world.clock.advance(86_400);
    await seat(world, FIRST);
    expect(shown(world)).toHaveLength(1);
    world.clock.advance(7 * 86_400);
    await seat(world, FIRST);
    expect(shown(world)).toHaveLength(2);
  });

  test('Given a near miss, when it is met on the same day and on the next, then it is said once a day', async () => {
    const world = aWorld({ instances: [anInstance({ tags: { Role: 'Web' } })] });
    await seat(world, FIRST);
    await seat(world, FIRST);
    expect(configuration(world)).toHaveLength(1);
    world.clock.advance(86_400);
    await seat(world, FIRST);
    expect(configuration(world)).toHaveLength(2);
  });
});

describe('a rule that somebody removed', () => {
  const withoutRule = async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, FIRST);
    world.clock.advance(600);
    await removeOwnRule(world);
    return world;
  };

  test('Given a held rule, when its target is put back by a button, then the rule is back as well', async () => {
    const world = await withoutRule();
    world.balancing.registered.set(WEB, []);
    await seat(world, FIRST);
    expect(ownRules(world, 'sg-web')).toEqual([]);
    expect(await pressFirstButton(world)).toMatchObject({
      kind: 'seated',
      outcome: { registered: 1, rulesAdded: 1, blocked: 0 },
    });
    expect(ownRules(world, 'sg-web')).toHaveLength(1);
  });

  test('Given a held rule, when another instance is launched, then the rule stays away: a launch overrules nobody', async () => {
    const world = await withoutRule();
    world.putInstances(anInstance({ instanceId: SECOND, launchedAt: world.clock.now() }));
    expect(await seat(world, SECOND)).toMatchObject({ registered: 1, rulesAdded: 0, blocked: 1 });
    expect(ownRules(world, 'sg-web')).toEqual([]);
    expect(obstacles(world)).toContainEqual([`${SECOND}:80`, ['RuleNotWritten']]);
  });
});

test('Given network ACLs that may not be read, when Auto Scaling launches an instance, then its path is not called blocked', async () => {
  const world = aWorld({ instances: [anInstance({ tags: ofAutoScaling('web-1') })] });
  world.attachedTargetGroups.set('web-asg', [WEB]);
  world.onCall((_, name) => (name === 'ec2.readNetworkAcls' ? failure('denied') : 'proceed'));
  await seat(world, FIRST);
  expect(kindsShown(world)).toEqual([]);
});

test('Given a stage that has one VPC, when an instance of another has a near miss, then that is not its matter', async () => {
  const world = aWorld({ stage: { vpcIds: ['vpc-9'] }, instances: [anInstance({ tags: { Role: 'Web' } })] });
  await seat(world, FIRST);
  expect(configuration(world)).toEqual([]);
});
