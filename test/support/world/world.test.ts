import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { RuleToAdd } from '../../../aws/ec2/port.ts';
import { anAlb, anInstance, aRule, aSecurityGroup, aTargetGroup, targetGroupArn } from './builders.ts';
import { Killed } from './calls.ts';
import { HEALTHY, REFUSES } from './memory-balancing.ts';
import { aWorld } from './world.ts';

const WEB = targetGroupArn('web');
const TAGS = { 'usher:owner': 'prod' };

const fromAlb = (rule: Partial<RuleToAdd> = {}): RuleToAdd => ({
  protocol: 'tcp',
  port: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  description: 'Usher: web',
  ...rule,
});

const throttled = new AwsCallError({
  service: 'EC2',
  action: 'DescribeInstances',
  code: 'RequestLimitExceeded',
  meaning: 'throttled',
  awsMessage: 'Request limit exceeded.',
});

describe('registering', () => {
  test('Given instances of which one is stopped, one abroad and one unknown, when they are registered, then the good one is in and each other is named', async () => {
    const world = aWorld({
      instances: [
        anInstance({ instanceId: 'i-00000001' }),
        anInstance({ instanceId: 'i-00000002', state: 'stopped' }),
        anInstance({ instanceId: 'i-00000003', vpcId: 'vpc-2' }),
      ],
    });
    const targets = ['i-00000001', 'i-00000002', 'i-00000003', 'i-00000004'].map((id) => ({ id, port: 80 }));
    const { registered, refused } = await world.ports.loadBalancing.registerTargets(WEB, targets);
    expect(registered).toEqual([{ id: 'i-00000001', port: 80 }]);
    expect(refused.map(({ target, code }) => [target.id, code])).toEqual([
      ['i-00000002', 'InvalidTarget'],
      ['i-00000003', 'InvalidTarget'],
      ['i-00000004', 'InvalidTarget'],
    ]);
    expect(world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
  });

  test('Given a full group, when one more comes, then it is refused and what is there may come again', async () => {
    const world = aWorld({ instances: [anInstance(), anInstance({ instanceId: 'i-00000002' })] });
    world.balancing.quotas.targetsPerGroup = 1;
    const both = [
      { id: 'i-00000001', port: 80 },
      { id: 'i-00000002', port: 80 },
    ];
    const first = await world.ports.loadBalancing.registerTargets(WEB, both);
    expect(first.refused.map(({ code }) => code)).toEqual(['TooManyTargets']);
    const again = await world.ports.loadBalancing.registerTargets(WEB, both.slice(0, 1));
    expect(again).toEqual({ registered: both.slice(0, 1), refused: [] });
  });

  test('Given a group that is gone, when it is written, then the call fails, and a read says it is gone', async () => {
    const world = aWorld({ targetGroups: [] });
    await expect(world.ports.loadBalancing.registerTargets(WEB, [])).rejects.toMatchObject({ meaning: 'not-found' });
    await expect(world.ports.loadBalancing.readTargetHealth(WEB)).resolves.toBeUndefined();
  });
});

describe('health', () => {
  const stateOf = async (world: ReturnType<typeof aWorld>) =>
    (await world.ports.loadBalancing.readTargetHealth(WEB))?.map(({ state, reason }) => [state, reason]);

  test('Given a new target, when time passes and its switch is turned, then it is initial, healthy, unhealthy, draining and gone', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    expect(await stateOf(world)).toEqual([['initial', 'Elb.RegistrationInProgress']]);
    world.clock.advance(20);
    expect(await stateOf(world)).toEqual([['healthy', undefined]]);
    world.balancing.answers.set('i-00000001', REFUSES);
    expect(await stateOf(world)).toEqual([['unhealthy', 'Target.FailedHealthChecks']]);
    world.balancing.answers.set('i-00000001', HEALTHY);
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    expect(await stateOf(world)).toEqual([['draining', 'Target.DeregistrationInProgress']]);
    world.clock.advance(300);
    expect(await stateOf(world)).toEqual([]);
  });

  test('Given a zone the balancer is not enabled in, or no balancer, when health is read, then the target is not in use', async () => {
    const apart = aWorld({ instances: [anInstance({ subnetId: 'subnet-d', availabilityZone: 'ap-northeast-1d' })] });
    await apart.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    expect(await stateOf(apart)).toEqual([['unused', 'Target.NotInUse']]);
    const alone = aWorld({ instances: [anInstance()], targetGroups: [aTargetGroup({ loadBalancerArns: [] })] });
    await alone.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    expect(await stateOf(alone)).toEqual([['unused', 'Target.NotInUse']]);
  });
});

describe('rules', () => {
  test('Given a rule, when it is added twice, then the second is there already, and only one is in the group', async () => {
    const world = aWorld();
    const outcomes = await world.ports.ec2.authorizeRules('sg-web', 'ingress', [fromAlb(), fromAlb()], TAGS);
    expect(outcomes).toEqual([{ kind: 'applied', ruleId: 'sgr-made1' }, { kind: 'already-there' }]);
    expect(world.rulesOf('sg-web').filter(({ direction }) => direction === 'ingress')).toEqual([
      {
        ruleId: 'sgr-made1',
        groupId: 'sg-web',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        peer: { kind: 'security-group', groupId: 'sg-alb' },
        description: 'Usher: web',
        tags: { 'usher:owner': 'prod' },
      },
    ]);
  });

  test('Given a full group, when rules are added, then one is refused as full, while the other family and direction have room', async () => {
    const full = Array.from({ length: 60 }, (_, index) =>
      aRule({ ruleId: `sgr-${index}`, direction: 'ingress', peer: { kind: 'cidr-ipv4', cidr: `192.0.2.${index}/32` } }),
    );
    const world = aWorld({ rules: full });
    const ipv6 = fromAlb({ peer: { kind: 'cidr-ipv6', cidr: '2001:db8::/64' } });
    await expect(world.ports.ec2.authorizeRules('sg-web', 'ingress', [fromAlb(), ipv6], TAGS)).resolves.toEqual([
      {
        kind: 'refused',
        code: 'RulesPerSecurityGroupLimitExceeded',
        message: 'The maximum number of rules per security group has been reached.',
      },
      { kind: 'applied', ruleId: 'sgr-made1' },
    ]);
    await expect(world.ports.ec2.authorizeRules('sg-web', 'egress', [fromAlb()], TAGS)).resolves.toEqual([
      { kind: 'applied', ruleId: 'sgr-made2' },
    ]);
  });

  test('Given a reference to a group of another VPC, a description AWS would not take, or no such group, when it is added, then it is refused', async () => {
    const world = aWorld({
      securityGroups: [aSecurityGroup(), aSecurityGroup({ groupId: 'sg-alb', vpcId: 'vpc-2' })],
    });
    const spoken = fromAlb({ peer: { kind: 'cidr-ipv4', cidr: '10.0.0.0/16' }, description: "web's" });
    const outcomes = [
      ...(await world.ports.ec2.authorizeRules('sg-web', 'ingress', [fromAlb(), spoken], TAGS)),
      ...(await world.ports.ec2.authorizeRules('sg-gone', 'ingress', [fromAlb()], TAGS)),
    ];
    expect(outcomes.map((outcome) => outcome.kind === 'refused' && outcome.code)).toEqual([
      'InvalidGroup.NotFound',
      'InvalidParameterValue',
      'InvalidGroup.NotFound',
    ]);
  });

  test('Given a rule, when it is revoked twice, then the second finds it gone', async () => {
    const world = aWorld();
    await world.ports.ec2.authorizeRules('sg-web', 'ingress', [fromAlb()], TAGS);
    await expect(world.ports.ec2.revokeRule('sg-web', 'ingress', 'sgr-made1')).resolves.toBe(true);
    await expect(world.ports.ec2.revokeRule('sg-web', 'ingress', 'sgr-made1')).resolves.toBe(false);
  });
});

test('Given an instance that reads do not show yet, when it is read, then it is absent until its time', async () => {
  const world = aWorld({ instances: [anInstance()] });
  world.network.visibleFrom.set('i-00000001', new Date(world.clock.now().getTime() + 5000));
  await expect(world.ports.ec2.readInstances(['i-00000001', 'i-00000009'])).resolves.toEqual([]);
  world.clock.advance(5);
  await expect(world.ports.ec2.readInstances(['i-00000001'])).resolves.toMatchObject([{ instanceId: 'i-00000001' }]);
});

test('Given the web site, when the wearers of a group are read, then balancer and instance interfaces are there', async () => {
  const world = aWorld({ instances: [anInstance()], loadBalancers: [anAlb()] });
  const wearers = await world.ports.ec2.readWearers(['sg-alb', 'sg-web']);
  expect(wearers.get('sg-alb')?.map(({ instanceId }) => instanceId)).toEqual([undefined, undefined]);
  expect(wearers.get('sg-web')?.map(({ instanceId }) => instanceId)).toEqual(['i-00000001']);
});

describe('queues', () => {
  test('Given a message put off, when its time comes, then it is handed out once', async () => {
    const world = aWorld();
    await world.ports.watchQueue.sendLater('look', 10);
    expect(world.watchQueue.due()).toEqual([]);
    expect(world.watchQueue.secondsUntilDue()).toBe(10);
    world.clock.advance(10);
    expect(world.watchQueue.due()).toEqual(['look']);
    expect(world.watchQueue.due()).toEqual([]);
    await expect(world.ports.watchQueue.sendLater('look', 901)).rejects.toThrow(RangeError);
  });
});

describe('faults', () => {
  test('Given a kill after the second call, when the story goes on, then that call took effect and no later one does, until a restart', async () => {
    const world = aWorld({ instances: [anInstance()] });
    const dying = world.ports;
    world.onCall((k) => (k === 2 ? 'fail-after' : 'proceed'));
    await dying.ec2.readInstances(['i-00000001']);
    await expect(dying.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }])).rejects.toThrow(Killed);
    await expect(dying.ec2.authorizeRules('sg-web', 'ingress', [fromAlb()], TAGS)).rejects.toThrow(Killed);
    world.restart();
    await expect(dying.ec2.authorizeRules('sg-web', 'ingress', [fromAlb()], TAGS)).rejects.toThrow(Killed);
    expect(world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
    expect(world.rulesOf('sg-web').filter(({ direction }) => direction === 'ingress')).toEqual([]);
    await expect(world.ports.ec2.authorizeRules('sg-web', 'ingress', [fromAlb()], TAGS)).resolves.toMatchObject([
      { kind: 'applied' },
    ]);
    expect(world.calls.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'ec2.readInstances read',
      'loadBalancing.registerTargets write',
      'ec2.authorizeRules write',
    ]);
  });

  test('Given a kill before a call, or an error in its stead, when it is made, then it took no effect', async () => {
    const world = aWorld({ instances: [anInstance()] });
    const register = () => world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    world.onCall(() => throttled);
    await expect(register()).rejects.toBe(throttled);
    world.onCall(() => 'fail-before');
    await expect(register()).rejects.toThrow(Killed);
    expect(world.targetsIn(WEB)).toEqual([]);
  });

  test('Given an answer that is lost, when the call is made, then it fails and took effect', async () => {
    const world = aWorld({ instances: [anInstance()] });
    world.onCall(() => ({ after: throttled }));
    await expect(world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }])).rejects.toBe(
      throttled,
    );
    expect(world.targetsIn(WEB)).toHaveLength(1);
    expect(world.writes()).toHaveLength(1);
  });
});
