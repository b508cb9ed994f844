import { describe, expect, test } from '@jest/globals';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';
import { kindsShown, ownRules, shown } from '../journey.ts';
import { configuration, notRegistered, obstacles, seat, targetsOf, writes } from './seating.ts';

const WEB = targetGroupArn('web');
const ADMIN = targetGroupArn('admin');

const ingressFromAlb = (port: number): string =>
  `ingress tcp/${port}-${port} {"kind":"security-group","groupId":"sg-alb"} prod`;

describe('selectors', () => {
  test('Given a group for Role=web, when an instance tagged so is launched, then it is registered on the group’s port behind one new rule', async () => {
    const world = aWorld({ instances: [anInstance()] });
    expect(await seat(world, 'i-00000001')).toEqual({
      matched: 1,
      registered: 1,
      rulesAdded: 1,
      failed: 0,
      withheld: 0,
      blocked: 0,
    });
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
    expect(writes(world)).toEqual(['ec2.authorizeRules', 'loadBalancing.registerTargets']);
  });

  test('Given selectors that are OR-ed, when instances match the one or the other, then both are registered in one call', async () => {
    const group = aTargetGroup({ tags: { 'usher:selector': 'Role=web Env=prod', 'usher:selector:2': 'Canary' } });
    const world = aWorld({
      targetGroups: [group],
      instances: [
        anInstance({ instanceId: 'i-00000001', tags: { Role: 'web', Env: ' prod ' } }),
        anInstance({ instanceId: 'i-00000002', tags: { Canary: '' } }),
        anInstance({ instanceId: 'i-00000003', tags: { Role: 'web', Env: 'test' } }),
      ],
    });
    await seat(world, 'i-00000001', 'i-00000002', 'i-00000003');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80', 'i-00000002:80']);
    expect(writes(world)).toEqual(['ec2.authorizeRules', 'loadBalancing.registerTargets']);
  });

  test('Given a tag that differs by case only, when the instance is launched, then it is not registered, and the near miss is said once', async () => {
    const world = aWorld({ instances: [anInstance({ tags: { role: 'Web', Name: 'web-1' } })] });
    await seat(world, 'i-00000001');
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual([]);
    expect(configuration(world)).toEqual([
      [
        'web-1',
        [
          {
            reason: 'SelectorNearMiss',
            severity: 'warning',
            evidence: { targetGroup: 'web', selector: 'Role=web' },
          },
        ],
      ],
    ]);
  });

  test('Given a group whose second selector can’t be understood, when an instance matches the first, then it is registered and the tag is said', async () => {
    const group = aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:selector:2': '=web' } });
    const world = aWorld({ targetGroups: [group], instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(configuration(world)).toEqual([
      [
        'web',
        [
          {
            reason: 'SelectorMalformed',
            severity: 'warning',
            evidence: { tag: 'usher:selector:2', value: '=web' },
          },
        ],
      ],
    ]);
  });

  test('Given an instance that matches nothing and is older than two minutes, when its event comes, then nothing is written or said, and one line is logged', async () => {
    const world = aWorld({ instances: [anInstance({ tags: { Role: 'database' } })] });
    world.clock.advance(121);
    await seat(world, 'i-00000001');
    expect([writes(world), kindsShown(world), world.launchQueue.sent]).toEqual([[], [], []]);
    expect(world.log).toEqual([{ event: 'matches-nothing', instanceId: 'i-00000001' }]);
  });
});

describe('explicit tags', () => {
  const admin = aTargetGroup({
    name: 'admin',
    port: 9000,
    tags: { 'usher:accept-explicit': 'true', 'usher:ports': '8080 9000-9002' },
  });

  test('Given a group that accepts explicit tags, when an instance names it with a port it admits, then it is registered there on that port', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup(), admin],
      instances: [anInstance({ tags: { 'usher:targets': 'admin:8080' } })],
    });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, ADMIN)).toEqual(['i-00000001:8080']);
    expect(targetsOf(world, WEB)).toEqual([]);
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(8080)]);
  });

  test('Given groups that don’t accept explicit tags or don’t exist, when an instance names them, then nothing is registered and both are said', async () => {
    const world = aWorld({
      instances: [anInstance({ tags: { 'usher:targets': 'web nowhere', Name: 'web-1' } })],
    });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual([]);
    expect(configuration(world)).toEqual([
      [
        'web-1',
        [
          { reason: 'ExplicitNotAccepted', severity: 'warning', evidence: { targetGroup: 'web' } },
          { reason: 'ExplicitGroupUnknown', severity: 'warning', evidence: { targetGroup: 'nowhere' } },
        ],
      ],
    ]);
  });
});

describe('ports', () => {
  test('Given usher:port inside the group’s usher:ports, when the instance is launched, then target and rule have that port', async () => {
    const group = aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:ports': '8000-8100' } });
    const world = aWorld({
      targetGroups: [group],
      instances: [anInstance({ tags: { Role: 'web', 'usher:port': '8080' } })],
    });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:8080']);
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(8080)]);
  });

  test('Given usher:port that the group doesn’t admit, when the instance is launched, then it is not registered, and the ports that are admitted are said', async () => {
    const world = aWorld({ instances: [anInstance({ tags: { Role: 'web', Name: 'web-1', 'usher:port': '8080' } })] });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual([]);
    expect(notRegistered(world)).toEqual([
      ['web-1', [{ reason: 'PortNotAllowed', severity: 'warning', evidence: { port: '8080', admitted: '80' } }]],
    ]);
  });

  test('Given a health check on a port of its own, when the instance is launched, then both ports are opened, each by its own rule', async () => {
    const group = aTargetGroup({ healthCheck: { ...aTargetGroup().healthCheck, port: 8081 } });
    const world = aWorld({ targetGroups: [group], instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80), ingressFromAlb(8081)]);
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });
});

describe('groups', () => {
  test('Given two groups for one instance, when it is launched, then it is registered in both, and each port is opened', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup(), aTargetGroup({ name: 'admin', port: 9000 })],
      instances: [anInstance()],
    });
    expect(await seat(world, 'i-00000001')).toMatchObject({ matched: 2, registered: 2, rulesAdded: 2 });
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(targetsOf(world, ADMIN)).toEqual(['i-00000001:9000']);
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80), ingressFromAlb(9000)]);
  });

  test('Given two groups on one port, when the instance is launched, then one rule serves both', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup(), aTargetGroup({ name: 'admin' })],
      instances: [anInstance()],
    });
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
    expect([targetsOf(world, WEB), targetsOf(world, ADMIN)]).toEqual([['i-00000001:80'], ['i-00000001:80']]);
  });

  test('Given two groups on one port of which one may only be reported on, when the instance is launched, then the other gets its rule and its target', async () => {
    const reportOnly = aTargetGroup({
      name: 'admin',
      tags: { 'usher:selector': 'Role=web', 'usher:policy': 'report-only' },
    });
    const world = aWorld({ targetGroups: [reportOnly, aTargetGroup()], instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
    expect([targetsOf(world, WEB), targetsOf(world, ADMIN)]).toEqual([['i-00000001:80'], []]);
    expect(obstacles(world)).toEqual([['i-00000001:80', []]]);
  });

  test('Given a target that a report-only group holds already, when its instance belongs into another group on the port, then that one still gets its rule', async () => {
    const reportOnly = aTargetGroup({
      name: 'admin',
      tags: { 'usher:selector': 'Role=web', 'usher:policy': 'report-only' },
    });
    const world = aWorld({ targetGroups: [reportOnly, aTargetGroup()], instances: [anInstance()] });
    await world.ports.loadBalancing.registerTargets(ADMIN, [{ id: 'i-00000001', port: 80 }]);
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
    const rule = [...world.state.entries.values()].find(({ change }) => change.kind === 'authorize-rule');
    expect(rule?.targetGroupArn).toBe(WEB);
    expect(obstacles(world)).toEqual([['i-00000001:80', []]]);
  });

  test('Given a group of type ip, when an instance is launched, then its primary address is registered', async () => {
    const world = aWorld({ targetGroups: [aTargetGroup({ targetType: 'ip' })], instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['10.0.1.1:80']);
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
  });

  test('Given a group of type ip with many members, when one more joins, then its members are nobody outside', async () => {
    const instances = Array.from({ length: 25 }, (_, index) =>
      anInstance({ instanceId: `i-000000${(index + 1).toString(16).padStart(2, '0')}` }),
    );
    const world = aWorld({ targetGroups: [aTargetGroup({ targetType: 'ip' })], instances });
    await world.ports.loadBalancing.registerTargets(
      WEB,
      instances.slice(1).map(({ networkInterfaces: [at] }) => ({ id: at?.privateIpv4Addresses[0] ?? '', port: 80 })),
    );
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
  });

  test.each(['lambda', 'alb'] as const)(
    'Given a group of type %s, when an instance matches, then it is not registered, and the type is said',
    async (targetType) => {
      const world = aWorld({ targetGroups: [aTargetGroup({ targetType })], instances: [anInstance()] });
      await seat(world, 'i-00000001');
      expect(writes(world)).toEqual([]);
      expect(notRegistered(world)).toEqual([
        ['web-1', [{ reason: 'WrongTargetType', severity: 'warning', evidence: { targetType } }]],
      ]);
    },
  );

  test('Given an instance of another VPC, when it matches, then it is not registered, and both VPCs are said', async () => {
    const world = aWorld({ instances: [anInstance({ vpcId: 'vpc-2' })] });
    await seat(world, 'i-00000001');
    expect(writes(world)).toEqual([]);
    expect(notRegistered(world)).toEqual([
      ['web-1', [{ reason: 'WrongVpc', severity: 'warning', evidence: { instanceVpc: 'vpc-2', groupVpc: 'vpc-1' } }]],
    ]);
  });

  test('Given an instance in a zone the balancer is not enabled in, when it is launched, then it is registered without a rule, and the zone stands with it', async () => {
    const world = aWorld({
      instances: [anInstance({ subnetId: 'subnet-d', availabilityZone: 'ap-northeast-1d' })],
    });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(ownRules(world, 'sg-web')).toEqual([]);
    expect(obstacles(world)).toEqual([['i-00000001:80', expect.arrayContaining(['ZoneNotEnabled'])]]);
  });

  test('Given a group that no listener uses, when an instance is launched, then it is registered without a rule, and the want of a listener stands with it', async () => {
    const world = aWorld({ targetGroups: [aTargetGroup({ loadBalancerArns: [] })], instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(ownRules(world, 'sg-web')).toEqual([]);
    expect(obstacles(world)).toEqual([['i-00000001:80', expect.arrayContaining(['GroupNotUsed'])]]);
  });

  test('Given a group that was deleted after its tags were read, when an instance is launched, then nothing is written or said', async () => {
    const world = aWorld({ instances: [anInstance()] });
    world.onCall((_, name) => {
      if (name === 'loadBalancing.readTargetGroups') world.balancing.targetGroups.clear();
      return 'proceed';
    });
    expect(await seat(world, 'i-00000001')).toMatchObject({ matched: 0 });
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
  });

  test('Given a group tagged for another destination of the stage, when something is said of it, then it is said there', async () => {
    const group = aTargetGroup({
      targetType: 'lambda',
      tags: { 'usher:selector': 'Role=web', 'usher:channel': 'ops' },
    });
    const world = aWorld({
      stage: { destinations: ['default', 'ops'] },
      targetGroups: [group],
      instances: [anInstance()],
    });
    await seat(world, 'i-00000001');
    expect(shown(world).map(({ destination }) => destination)).toEqual(['ops']);
  });
});

describe('who fills a group', () => {
  const scaled = anInstance({ tags: { Role: 'web', 'aws:autoscaling:groupName': 'web-asg' } });

  test('Given a group attached to an Auto Scaling group, when its instance is launched, then the path is opened and the membership left', async () => {
    const world = aWorld({ instances: [scaled] });
    world.attachedTargetGroups.set('web-asg', [WEB]);
    expect(await seat(world, 'i-00000001')).toMatchObject({ matched: 1, registered: 0, rulesAdded: 1 });
    expect(writes(world)).toEqual(['ec2.authorizeRules']);
    expect(ownRules(world, 'sg-web')).toEqual([ingressFromAlb(80)]);
  });

  test('Given an Auto Scaling group attached to another target group, when its instance matches, then it is registered', async () => {
    const world = aWorld({ instances: [scaled] });
    world.attachedTargetGroups.set('web-asg', [ADMIN]);
    await seat(world, 'i-00000001');
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
  });

  test.each([
    ['Kubernetes', { 'elbv2.k8s.aws/cluster': 'shop' }],
    ['Kubernetes', { 'kubernetes.io/service-name': 'shop/web' }],
    ['Amazon ECS', { AmazonECSManaged: '' }],
  ])(
    'Given a group that %s keeps, when instances match its selector, then nothing is written, and once it is said of the group that they are left to it',
    async (owner, group) => {
      const world = aWorld({
        targetGroups: [aTargetGroup({ tags: { 'usher:selector': 'Role=web', ...group } })],
        instances: [anInstance(), anInstance({ instanceId: 'i-00000002' })],
      });
      await seat(world, 'i-00000001');
      await seat(world, 'i-00000002');
      expect(writes(world)).toEqual([]);
      const evidence = { owner, targetGroup: 'web' };
      expect(configuration(world)).toEqual([['web', [{ reason: 'LeftToItsOwner', severity: 'warning', evidence }]]]);
    },
  );

  test('Given a group that Kubernetes keeps, when an instance names it and it has no selector, then nothing is said of it', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup({ tags: { 'usher:accept-explicit': 'true', 'elbv2.k8s.aws/cluster': 'shop' } })],
      instances: [anInstance({ tags: { 'usher:targets': 'web' } })],
    });
    await seat(world, 'i-00000001');
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
  });

  test('Given instances that CodeDeploy switches, when one matches, then nothing is written or said', async () => {
    const world = aWorld({
      instances: [anInstance({ tags: { Role: 'web', 'aws:autoscaling:groupName': 'CodeDeploy_web_d-ABCDEF123' } })],
    });
    await seat(world, 'i-00000001');
    expect([writes(world), kindsShown(world)]).toEqual([[], []]);
  });
});
