import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { InterruptedRegistration } from '../../../aws/elastic-load-balancing/port.ts';
import type { SecurityGroupRule } from '../../../domain/network/model.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  targetGroupArn,
} from '../../support/world/builders.ts';
import { REFUSES, TIMES_OUT } from '../../support/world/memory-balancing.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, failure, kindsShown, ownRules, shown, stateChange, VISIBILITY_SECONDS } from '../journey.ts';
import { notRegistered, obstacles, seat, targetsOf, writes } from './seating.ts';

const WEB = targetGroupArn('web');
const ADMIN = targetGroupArn('admin');

const fromAlb: SecurityGroupRule = aRule({
  ruleId: 'sgr-theirs',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
});

describe('the rule', () => {
  test('Given a path that one rule would open, when it is written, then it carries our tag and says what it is for', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(world.rulesOf('sg-web').filter(({ direction }) => direction === 'ingress')).toEqual([
      {
        ruleId: 'sgr-made1',
        groupId: 'sg-web',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        peer: { kind: 'security-group', groupId: 'sg-alb' },
        description: 'Usher: sg-alb to web on tcp/80',
        tags: { 'usher:owner': 'prod' },
      },
    ]);
  });

  test('Given a rule that somebody adds just before us, when ours is a duplicate, then it counts as success and is not ours', async () => {
    const world = aWorld({ instances: [anInstance()] });
    world.onCall((_, name) => {
      if (name === 'ec2.authorizeRules') world.network.rules.set('sg-web', [...world.rulesOf('sg-web'), fromAlb]);
      return 'proceed';
    });
    expect(await seat(world, 'i-00000001')).toMatchObject({ registered: 1, rulesAdded: 0, failed: 0 });
    expect(ownRules(world, 'sg-web')).toEqual([]);
    expect([...world.state.ownership.keys()]).toEqual([`target|${WEB}|i-00000001:80`]);
    expect(obstacles(world)).toEqual([['i-00000001:80', []]]);
  });

  test('Given a balancer whose own group restricts egress, when an instance is launched, then a rule is added on either side', async () => {
    const world = aWorld({ rules: [aRule()], instances: [anInstance()] });
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-alb')).toEqual(['egress tcp/80-80 {"kind":"security-group","groupId":"sg-web"} prod']);
    expect(ownRules(world, 'sg-web')).toEqual(['ingress tcp/80-80 {"kind":"security-group","groupId":"sg-alb"} prod']);
  });

  test('Given the rules come first, when a launch is applied, then the ledger is written before and after each call to AWS', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, 'i-00000001');
    const names = world.calls.map(({ name }) => name);
    expect(names.slice(names.indexOf('ledger.intend'))).toEqual([
      'ledger.intend',
      'ec2.authorizeRules',
      'ledger.settle',
      'ledger.intend',
      'loadBalancing.registerTargets',
      'ledger.settle',
      'watches.start',
      'watchQueue.sendLater',
      'leases.release',
    ]);
  });
});

describe('where to write', () => {
  const groups = (tags: Readonly<Record<string, string>> = {}) => [
    aSecurityGroup({ groupId: 'sg-alb' }),
    aSecurityGroup({ groupId: 'sg-a' }),
    aSecurityGroup({ groupId: 'sg-b', tags }),
  ];
  const dressed = anInstance({ securityGroupIds: ['sg-a', 'sg-b'] });
  const ruled = (world: ReturnType<typeof aWorld>) =>
    ['sg-a', 'sg-b'].filter((groupId) => ownRules(world, groupId).length > 0);

  test('Given an interface with two groups, when a rule is needed, then it goes to the one that fewest others wear', async () => {
    const other = anInstance({ instanceId: 'i-00000007', tags: {}, securityGroupIds: ['sg-a'] });
    const world = aWorld({ securityGroups: groups(), instances: [dressed, other] });
    await seat(world, 'i-00000001');
    expect(ruled(world)).toEqual(['sg-b']);
  });

  test('Given two groups that nobody else wears, when a rule is needed, then it goes to the lowest id', async () => {
    const world = aWorld({ securityGroups: groups(), instances: [dressed] });
    await seat(world, 'i-00000001');
    expect(ruled(world)).toEqual(['sg-a']);
  });

  test('Given a group tagged usher:rules-here, when a rule is needed, then it goes there', async () => {
    const world = aWorld({ securityGroups: groups({ 'usher:rules-here': 'true' }), instances: [dressed] });
    await seat(world, 'i-00000001');
    expect(ruled(world)).toEqual(['sg-b']);
  });

  test('Given a balancer with two groups, when a rule is needed, then it names the one that fewest others wear', async () => {
    const world = aWorld({
      securityGroups: ['sg-alb', 'sg-all', 'sg-web'].map((groupId) => aSecurityGroup({ groupId })),
      loadBalancers: [anAlb({ securityGroupIds: ['sg-all', 'sg-alb'] })],
      instances: [anInstance(), anInstance({ instanceId: 'i-00000007', tags: {}, securityGroupIds: ['sg-all'] })],
    });
    await seat(world, 'i-00000001');
    expect(ownRules(world, 'sg-web')).toEqual(['ingress tcp/80-80 {"kind":"security-group","groupId":"sg-alb"} prod']);
  });
});

describe('a path that is blocked and can’t be opened', () => {
  const blocked: readonly (readonly [string, WorldParts, string, readonly string[]])[] = [
    [
      'the VPC’s default group',
      {
        securityGroups: [aSecurityGroup({ groupId: 'sg-alb' }), aSecurityGroup({ groupId: 'sg-web', name: 'default' })],
      },
      'DefaultGroup',
      ['RuleNotWritten'],
    ],
    [
      'a group worn by 21 others',
      {
        instances: Array.from({ length: 22 }, (_, index) =>
          anInstance({
            instanceId: `i-${(index + 1).toString(16).padStart(8, '0')}`,
            tags: index === 0 ? { Role: 'web', Name: 'web-1' } : {},
          }),
        ),
      },
      'WornByOthers',
      ['RuleNotWritten'],
    ],
    [
      'a group with no room left',
      {
        rules: [
          aRule({ groupId: 'sg-alb' }),
          ...Array.from({ length: 60 }, (_, index) =>
            aRule({
              ruleId: `sgr-${index}`,
              direction: 'ingress',
              protocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              peer: { kind: 'cidr-ipv4', cidr: `192.0.2.${index}/32` },
            }),
          ),
        ],
      },
      'request-service-quota-increase',
      ['SecurityGroupFull'],
    ],
  ];
  test.each(blocked)(
    'Given %s, when an instance is launched, then it is registered, no rule is written, and the report names the obstacle',
    async (_, parts, named, reasons) => {
      const world = aWorld({ instances: [anInstance()], ...parts });
      world.balancing.answers.set('i-00000001', TIMES_OUT);
      const journey = aJourney(world);
      journey.put(stateChange('i-00000001'));
      await journey.pass(120);
      expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
      expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
      expect(obstacles(world)[0]?.[1]).toEqual(expect.arrayContaining([...reasons]));
      expect(kindsShown(world)).toEqual(['targets-not-in-service']);
      const [{ body }] = shown(world) as [ReturnType<typeof shown>[number]];
      expect(body).toMatchObject({ network: 'blocked' });
      expect(JSON.stringify(body)).toContain(named);
    },
  );

  test('Given an ACL that denies the port, when an instance is launched, then the rule is written all the same, and the report names the entry', async () => {
    const world = aWorld({ instances: [anInstance({ subnetId: 'subnet-c', availabilityZone: 'ap-northeast-1c' })] });
    const open = world.network.acls.get('subnet-c');
    const deny = {
      ruleNumber: 50,
      egress: false,
      action: 'deny' as const,
      protocol: '6',
      cidr: '0.0.0.0/0',
      fromPort: 80,
      toPort: 80,
    };
    world.network.acls.set('subnet-c', { networkAclId: 'acl-c', entries: [deny, ...(open?.entries ?? [])] });
    world.balancing.answers.set('i-00000001', TIMES_OUT);
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.pass(120);
    expect(ownRules(world, 'sg-web')).toHaveLength(1);
    expect(kindsShown(world)).toEqual(['targets-not-in-service']);
    expect(JSON.stringify(shown(world))).toContain('NetworkAclDenies');
  });
});

describe('what AWS refuses', () => {
  const two = [anInstance(), anInstance({ instanceId: 'i-00000002' })];

  test('Given an instance that stops while we register, when the batch is registered, then the other is in, and the refusal is said', async () => {
    const world = aWorld({ instances: two });
    world.onCall((_, name) => {
      if (name === 'loadBalancing.registerTargets')
        world.putInstances(anInstance({ instanceId: 'i-00000002', state: 'stopped' }));
      return 'proceed';
    });
    expect(await seat(world, 'i-00000001', 'i-00000002')).toMatchObject({ registered: 1, failed: 1 });
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(notRegistered(world)).toEqual([
      [
        'web-2',
        [
          {
            reason: 'RefusedByAws',
            severity: 'warning',
            evidence: {
              code: 'InvalidTarget',
              message: "The following targets are not in a running state and cannot be registered: 'i-00000002'",
            },
          },
        ],
      ],
    ]);
  });

  test('Given a full group, when the event of one too many comes ten times, then it is said once that the group is full', async () => {
    const world = aWorld({ instances: two });
    world.balancing.quotas.targetsPerGroup = 1;
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    for (let time = 1; time <= 10; time += 1) {
      journey.put(stateChange('i-00000002'));
      await journey.pass(400);
    }
    expect(targetsOf(world, WEB)).toEqual(['i-00000001:80']);
    expect(notRegistered(world)).toEqual([
      [
        'web-2',
        [
          {
            reason: 'GroupFull',
            severity: 'warning',
            evidence: { code: 'TooManyTargets', message: 'You have reached the maximum number of targets.' },
          },
        ],
      ],
    ]);
  });

  test('Given a role that may not register, when an instance is launched, then that is said, and the message is done with', async () => {
    const world = aWorld({ instances: [anInstance()] });
    const denied = new AwsCallError({
      service: 'ELBv2',
      action: 'RegisterTargets',
      code: 'AccessDenied',
      meaning: 'denied',
      awsMessage: 'not authorized',
    });
    world.onCall((_, name) => (name === 'loadBalancing.registerTargets' ? denied : 'proceed'));
    expect(await seat(world, 'i-00000001')).toMatchObject({ registered: 0, failed: 1 });
    expect(notRegistered(world)[0]?.[1]).toEqual([
      {
        reason: 'RefusedByAws',
        severity: 'warning',
        evidence: { code: 'AccessDenied', message: 'not authorized' },
      },
    ]);
  });

  test('Given a registration that is cut short, when part of it is known, then that part is settled, and the rest is left to the next run', async () => {
    const world = aWorld({ instances: two });
    const throttled = new AwsCallError({
      service: 'ELBv2',
      action: 'RegisterTargets',
      code: 'Throttling',
      meaning: 'throttled',
      awsMessage: 'Rate exceeded',
    });
    const progress = { registered: [{ id: 'i-00000001', port: 80 }], refused: [] };
    world.onCall((_, name) =>
      name === 'loadBalancing.registerTargets' ? new InterruptedRegistration(throttled, progress) : 'proceed',
    );
    await expect(seat(world, 'i-00000001', 'i-00000002')).rejects.toMatchObject({ code: 'Throttling' });
    expect(
      [...world.state.entries.values()].map(({ change, status }) =>
        change.kind === 'register-target' ? `${change.target.id} ${status}` : status,
      ),
    ).toEqual(['applied', 'i-00000001 applied', 'i-00000002 intended']);
    expect(world.state.heldLeases.size).toBe(0);
    expect(world.watchQueue.sent.map(({ body }) => JSON.parse(body))).toMatchObject([{ targetGroupArn: WEB, tick: 0 }]);
  });

  test('Given a registration whose answer is lost, when its target is healthy, then it is told once, when the registration is settled', async () => {
    const world = aWorld({ instances: two });
    const journey = aJourney(world);
    journey.onCall((_, name) =>
      name === 'loadBalancing.registerTargets' && world.writes().length < 3
        ? { after: failure('transient') }
        : 'proceed',
    );
    journey.put(stateChange('i-00000001'));
    await journey.pass(VISIBILITY_SECONDS - 1);
    expect(kindsShown(world)).toEqual([]);
    expect(world.watchQueue.sent.length).toBeLessThan(12);
    await journey.untilQuiet();
    expect(shown(world).map(({ body }) => body)).toMatchObject([
      {
        kind: 'targets-in-service',
        targets: [{ healthyAfterSeconds: 25 }],
        changes: [{ kind: 'rule-added' }, { kind: 'target-registered' }],
      },
    ]);
  });

  test('Given a rule that AWS refuses for two groups, when the instance is registered in both, then both know of it', async () => {
    const world = aWorld({
      targetGroups: [aTargetGroup(), aTargetGroup({ name: 'admin' })],
      instances: [anInstance()],
    });
    const full = new AwsCallError({
      service: 'EC2',
      action: 'AuthorizeSecurityGroupIngress',
      code: 'RulesPerSecurityGroupLimitExceeded',
      meaning: 'full',
      awsMessage: 'full',
    });
    world.onCall((_, name) => (name === 'ec2.authorizeRules' ? full : 'proceed'));
    await seat(world, 'i-00000001');
    expect([targetsOf(world, WEB), targetsOf(world, ADMIN)]).toEqual([['i-00000001:80'], ['i-00000001:80']]);
    expect(obstacles(world)).toEqual([
      ['i-00000001:80', ['RuleNotWritten']],
      ['i-00000001:80', ['RuleNotWritten']],
    ]);
  });
});

test('Given a target that somebody registered already, when its path is closed, then only the rule is added, and the end of it is told', async () => {
  const world = aWorld({ instances: [anInstance()] });
  await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
  world.balancing.answers.set('i-00000001', REFUSES);
  world.forgetCalls();
  const journey = aJourney(world);
  journey.put(stateChange('i-00000001'));
  await journey.deliverDue();
  expect(writes(world)).toEqual(['ec2.authorizeRules']);
  world.balancing.answers.delete('i-00000001');
  await journey.untilQuiet();
  expect(kindsShown(world)).toEqual(['targets-in-service']);
});
