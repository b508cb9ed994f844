import { describe, expect, test } from '@jest/globals';
import type { Stage } from '../../../domain/stage.ts';
import type { Tags } from '../../../domain/tags.ts';
import { seatApproved } from '../../../stories/seat-instances/approved.ts';
import { anInstance, aRule, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, failure, kindsShown, ownRules, shown, stateChange, tagChange } from '../journey.ts';
import { notRegistered, obstacles, seat, startAgain, targetsOf, writes } from './seating.ts';

const WEB = targetGroupArn('web');

const withheld = (because: string, id = 'i-00000001') => ({
  reason: 'Withheld',
  severity: 'information',
  evidence: { because },
  remedy: `aws elbv2 register-targets --target-group-arn ${WEB} --targets Id=${id},Port=80`,
});

const groupTagged = (tags: Tags) => [aTargetGroup({ tags: { 'usher:selector': 'Role=web', ...tags } })];

describe('policies', () => {
  const cases: readonly (readonly [string, Tags, Partial<Stage>, string])[] = [
    ['a group that is report-only', { 'usher:policy': 'report-only' }, {}, 'ReportOnly'],
    ['a group that asks', { 'usher:policy': 'ask' }, {}, 'Ask'],
    ['a group whose policy can’t be read', { 'usher:policy': 'yes please' }, {}, 'ReportOnly'],
    ['a stage that allows no more than asking', { 'usher:policy': 'apply-all' }, { maximumPolicy: 'ask' }, 'Ask'],
    ['a stage whose groups report by default', {}, { defaultPolicy: 'report-only' }, 'ReportOnly'],
  ];
  test.each(cases)(
    'Given %s, when an instance is launched, then nothing is written, and it is said once with the line that would do it',
    async (_, tags, stage, because) => {
      const world = aWorld({ stage, targetGroups: groupTagged(tags), instances: [anInstance()] });
      await seat(world, 'i-00000001');
      await seat(world, 'i-00000001');
      expect(writes(world)).toEqual([]);
      expect([...world.state.entries]).toEqual([]);
      expect(notRegistered(world)).toEqual([['web-1', [withheld(because)]]]);
    },
  );
});

describe('scope', () => {
  test.each([
    ['a group of another stage', { 'usher:stage': 'test' }, {}, {}],
    ['a VPC outside the stage’s', {}, { vpcIds: ['vpc-9'] }, {}],
    ['a group that is to be ignored', { 'usher:ignore': 'true' }, {}, {}],
    ['an instance that is to be ignored', {}, {}, { 'usher:ignore': 'TRUE' }],
  ] as const)(
    'Given %s, when an instance is launched, then nothing is written or said',
    async (_, group, stage, instance) => {
      const world = aWorld({
        stage,
        targetGroups: groupTagged(group),
        instances: [anInstance({ tags: { Role: 'web', ...instance } })],
      });
      expect(await seat(world, 'i-00000001')).toMatchObject({ registered: 0, rulesAdded: 0, withheld: 1 });
      expect([writes(world), kindsShown(world)]).toEqual([[], []]);
    },
  );

  test('Given an ignored instance that is in the group already, when its event comes, then no rule is written for it', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    world.putInstances(anInstance({ tags: { Role: 'web', 'usher:ignore': 'true' } }));
    world.forgetCalls();
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual([]);
  });

  test('Given a group of this very stage, when an instance is launched, then it is registered', async () => {
    const world = aWorld({ targetGroups: groupTagged({ 'usher:stage': 'prod' }), instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });

  test('Given a security group that is to be ignored, when an instance is launched, then it is registered, and the missing rule stands with it', async () => {
    const world = aWorld({
      securityGroups: [
        aSecurityGroup({ groupId: 'sg-alb' }),
        aSecurityGroup({ groupId: 'sg-web', tags: { 'usher:ignore': 'true' } }),
      ],
      instances: [anInstance()],
    });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
    expect(obstacles(world)).toEqual([['i-00000001:80', expect.arrayContaining(['RuleNotWritten'])]]);
  });

  test('Given a security group of CloudFormation and a stage that proposes there, when an instance is launched, then the rule is not written, and a report says so', async () => {
    const world = aWorld({
      stage: { iacAdditions: 'propose' },
      securityGroups: [
        aSecurityGroup({ groupId: 'sg-alb' }),
        aSecurityGroup({ groupId: 'sg-web', tags: { 'aws:cloudformation:stack-name': 'web' } }),
      ],
      instances: [anInstance()],
    });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
    const [entry] = [...world.state.entries.values()];
    expect(entry?.matter.findings).toEqual([
      {
        reason: 'RuleNotWritten',
        severity: 'warning',
        evidence: {
          securityGroup: 'sg-web',
          direction: 'ingress',
          protocol: 'tcp',
          port: '80',
          because: 'ManagedByCode',
        },
        code: {
          cloudFormation: expect.stringContaining("SourceSecurityGroupId: 'sg-alb'"),
          hcl: expect.stringContaining('referenced_security_group_id = "sg-alb"'),
          rules: 1,
          of: 1,
        },
      },
    ]);
  });
});

describe('more than a few running instances', () => {
  const ids = ['1', '2', '3', '4', '5', '6'].map((digit) => `i-0000000${digit}`);
  const running = ids.map((instanceId) => anInstance({ instanceId }));

  test('Given six instances that have run for hours, when they newly match in one plan, then none is registered and no rule written, and all wait for approval in one report', async () => {
    const world = aWorld({ instances: running });
    world.clock.advance(2 * 3600);
    expect(await seat(world, ...ids)).toMatchObject({ registered: 0, rulesAdded: 0, withheld: 6 });
    expect(writes(world)).toEqual([]);
    expect(shown(world)).toHaveLength(1);
    expect(notRegistered(world)).toEqual(
      ids.map((id, index) => [`web-${index + 1}`, [withheld('TooManyAdditions', id)]]),
    );
  });

  test('Given five of them, when they newly match in one plan, then all are registered', async () => {
    const world = aWorld({ instances: running });
    world.clock.advance(2 * 3600);
    expect(await seat(world, ...ids.slice(0, 5))).toMatchObject({ registered: 5 });
  });

  test('Given six of them, when they match in plans of three within an hour, then the first three are registered, and the others wait, without a rule, until the hour is over', async () => {
    const world = aWorld({ instances: running });
    world.clock.advance(2 * 3600);
    expect(await seat(world, ...ids.slice(0, 3))).toMatchObject({ registered: 3 });
    world.clock.advance(1800);
    world.forgetCalls();
    expect(await seat(world, ...ids.slice(3))).toMatchObject({ registered: 0, rulesAdded: 0, withheld: 3 });
    expect(writes(world)).toEqual([]);
    expect(notRegistered(world)).toEqual(
      ids.slice(3).map((id, index) => [`web-${index + 4}`, [withheld('TooManyAdditions', id)]]),
    );
    world.clock.advance(1800);
    expect(await seat(world, ...ids.slice(3))).toMatchObject({ registered: 3 });
  });

  test('Given five of them whose run fails after they were counted, when it is made again, then they count once', async () => {
    const world = aWorld({ instances: running });
    world.clock.advance(2 * 3600);
    world.onCall((_, name) => (name === 'loadBalancing.registerTargets' ? failure('throttled') : 'proceed'));
    await expect(seat(world, ...ids.slice(0, 5))).rejects.toMatchObject({ meaning: 'throttled' });
    world.onCall();
    world.clock.advance(420);
    expect(await seat(world, ...ids.slice(0, 5))).toMatchObject({ registered: 5 });
  });

  test('Given six that a person said yes to, when others come within the hour, then those have the hour’s room to themselves', async () => {
    const world = aWorld({ instances: running });
    world.clock.advance(2 * 3600);
    await seat(world, ...ids);
    const [approve] = shown(world).flatMap(({ buttons }) => buttons ?? []);
    const plan = await world.ports.plans.find(approve?.planId ?? '');
    if (plan?.content.kind !== 'seat') throw new Error('nothing was offered');
    expect(await seatApproved(world.ports)(plan.content)).toMatchObject({ kind: 'seated', outcome: { registered: 6 } });
    const others = ['7', '8', '9', 'a', 'b'].map((digit) => `i-0000000${digit}`);
    world.putInstances(
      ...others.map((instanceId) => anInstance({ instanceId, launchedAt: new Date('2026-11-21T00:00:00Z') })),
    );
    expect(await seat(world, ...others)).toMatchObject({ registered: 5 });
  });

  test('Given six fresh launches, when they come in one plan, then all are registered', async () => {
    const world = aWorld({ instances: running });
    expect(await seat(world, ...ids)).toMatchObject({ registered: 6, rulesAdded: 1 });
  });
});

describe('what a person took out', () => {
  const takenOut = async () => {
    const world = aWorld({ instances: [anInstance()] });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    world.clock.advance(600);
    world.forgetCalls();
    return { world, journey };
  };

  test('Given a target that a person deregistered, when events of its instance come, then it is not put back, and that is said once', async () => {
    const { world, journey } = await takenOut();
    for (let time = 1; time <= 3; time += 1) {
      journey.put(stateChange('i-00000001'));
      await journey.pass(400);
    }
    expect(writes(world)).toEqual([]);
    expect(kindsShown(world)).toEqual(['targets-in-service', 'held-by-others']);
  });

  test('Given such a target while it still drains, when an event comes, then it stays out', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, 'i-00000001');
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    world.forgetCalls();
    await seat(world, 'i-00000001');
    expect([writes(world), targetsOf(world, WEB)]).toEqual([[], []]);
  });

  test('Given such a target, when its instance is stopped and started, then it is back, and that is followed', async () => {
    const { world, journey } = await takenOut();
    startAgain(world, anInstance());
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(kindsShown(world)).toEqual(['targets-in-service', 'targets-in-service']);
  });

  const changed = (world: World, keys: readonly string[], tags = { Role: 'web', Name: 'web-1' }) =>
    tagChange('i-00000001', tags, { at: world.clock.now().toISOString(), keys });

  test.each([
    ['a tag its group selects by', ['Role']],
    ['the groups it names', ['usher:targets']],
    ['its port', ['Name', 'usher:port']],
  ])('Given such a target, when %s are changed, then it is back, and that is followed', async (_, keys) => {
    const { world, journey } = await takenOut();
    journey.put(changed(world, keys));
    await journey.untilQuiet();
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
    expect(kindsShown(world)).toEqual(['targets-in-service', 'targets-in-service']);
  });

  test('Given such a target, when other tags are changed, or an old change is told of again, then it stays out', async () => {
    const { world, journey } = await takenOut();
    journey.put(changed(world, ['Name', 'role', 'usher:keep']));
    journey.put(tagChange('i-00000001', { Role: 'web', Name: 'web-1' }));
    await journey.untilQuiet();
    expect(writes(world)).toEqual([]);
    expect(kindsShown(world)).toEqual(['targets-in-service', 'held-by-others']);
  });

  test('Given such a target in two groups, when a tag is changed that one selects by, then it is back in that one', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup(), aTargetGroup({ name: 'admin', tags: { 'usher:selector': 'Admin' } })],
      instances: [anInstance({ tags: { Role: 'web', Admin: '' } })],
    });
    await seat(world, 'i-00000001');
    for (const arn of [WEB, targetGroupArn('admin')])
      await world.ports.loadBalancing.deregisterTargets(arn, [{ id: 'i-00000001', port: 80 }]);
    world.clock.advance(600);
    const journey = aJourney(world);
    journey.put(changed(world, ['Admin']), stateChange('i-00000001'));
    await journey.untilQuiet();
    expect([targetsOf(world, WEB), targetsOf(world, targetGroupArn('admin'))]).toEqual([[], ['i-00000001:80']]);
  });

  test('Given such a target whose instance can’t be looked at yet, when the look comes, then it still knows of the change', async () => {
    const { world, journey } = await takenOut();
    await world.ports.leases.acquire([WEB], 'somebody', world.clock.now(), 30);
    journey.put(changed(world, ['Role']));
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });

  test('Given such a target that is still leaving, when its tags are changed, then it is back once it has left', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, 'i-00000001');
    world.clock.advance(60);
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    const journey = aJourney(world);
    journey.put(changed(world, ['Role']));
    await journey.pass(200);
    expect(targetsOf(world, WEB)).toEqual([]);
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(world.launchQueue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([60, 120, 300]);
  });

  test('Given a rule that a person removed, when another instance is launched, then it is registered, the rule stays away, and that stands with it', async () => {
    const { world } = await takenOut();
    const rule = world.rulesOf('sg-web').find(({ direction }) => direction === 'ingress');
    await world.ports.ec2.revokeRule('sg-web', 'ingress', rule?.ruleId ?? '');
    world.forgetCalls();
    world.putInstances(anInstance({ instanceId: 'i-00000002', launchedAt: world.clock.now() }));
    await seat(world, 'i-00000002');
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
    expect(ownRules(world, 'sg-web')).toEqual([]);
    expect(obstacles(world)).toContainEqual(['i-00000002:80', ['RuleNotWritten']]);
  });

  test('Given a rule of somebody else that opens the path, when an instance is launched, then no second rule is written and that one stands', async () => {
    const theirs = aRule({
      ruleId: 'sgr-theirs',
      direction: 'ingress',
      protocol: 'tcp',
      fromPort: 1,
      toPort: 1024,
      peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
    });
    const world = aWorld({
      instances: [anInstance()],
      rules: [aRule(), aRule({ groupId: 'sg-alb' }), theirs],
    });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
    expect(world.rulesOf('sg-web')).toContainEqual(theirs);
  });
});

describe('a pause', () => {
  test('Given a stage that a person paused, when an instance is launched, then nothing is written, and it is said why; let go, it is seated', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await world.ports.pauses.begin({ since: world.clock.now(), byUserId: 'U1' });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual([]);
    expect(notRegistered(world)).toMatchObject([['web-1', [{ reason: 'Withheld', evidence: { because: 'Paused' } }]]]);
    await world.ports.pauses.end();
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual(['ec2.authorizeRules', 'loadBalancing.registerTargets']);
  });
});
