import { expect, test } from '@jest/globals';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import type { Stage } from '../../../domain/stage.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  ACCOUNT,
  anAlb,
  anInstance,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  REGION,
  targetGroupArn,
} from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { ownRules } from '../journey.ts';
import { obstacles, seat, targetsOf } from './seating.ts';

const MAIL = targetGroupArn('mail');

const bare = (kind: 'network' | 'gateway', part: string): LoadBalancer =>
  anAlb({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${part}/mail/73e2d6bc24d8a067`,
    name: 'mail',
    kind,
    scheme: kind === 'gateway' ? undefined : 'internet-facing',
    securityGroupIds: [],
  });

/** A group for `Role=web` behind a balancer without security groups, whose interfaces are 10.0.1.201 and 10.0.2.201. */
const behind = (
  loadBalancer: LoadBalancer,
  group: Partial<TargetGroup>,
  preserves?: boolean,
  stage: Partial<Stage> = {},
): World => {
  const world = aWorld({
    stage,
    loadBalancers: [loadBalancer],
    targetGroups: [
      aTargetGroup({
        name: 'mail',
        arn: MAIL,
        protocol: 'TCP',
        port: 25,
        healthCheck: { ...aTargetGroup().healthCheck, protocol: 'TCP', path: undefined },
        loadBalancerArns: [loadBalancer.arn],
        ...group,
      }),
    ],
    instances: [anInstance()],
    securityGroups: [aSecurityGroup()],
    rules: [aRule()],
  });
  if (preserves !== undefined) world.balancing.preservation.set(MAIL, preserves);
  return world;
};

const from = (cidr: string, port: number, protocol = 'tcp'): string =>
  `ingress ${protocol}/${port}-${port} {"kind":"cidr-ipv4","cidr":"${cidr}"} prod`;

const rules = (world: World): readonly string[] => [...ownRules(world, 'sg-web')].sort();

const selecting = (clients: string) => ({ 'usher:selector': 'Role=web', 'usher:client-cidrs': clients });

test('Given an NLB without groups that hides its clients, when an instance is launched, then its interfaces’ addresses are let in, and it is registered', async () => {
  const world = behind(bare('network', 'net'), {}, false);
  await seat(world, 'i-00000001');
  expect(rules(world)).toEqual([from('10.0.1.201/32', 25), from('10.0.2.201/32', 25)]);
  expect(targetsOf(world, MAIL)).toEqual(['i-00000001:25']);
  expect(obstacles(world)).toEqual([['i-00000001:25', []]]);
});

test('Given one that shows its clients, who are named, when an instance is launched, then they are let in, and the checks from its interfaces', async () => {
  const world = behind(
    bare('network', 'net'),
    {
      tags: selecting('203.0.113.0/24 198.51.100.7/32'),
      healthCheck: { ...aTargetGroup().healthCheck, protocol: 'TCP', path: undefined, port: 8025 },
    },
    true,
  );
  await seat(world, 'i-00000001');
  expect(rules(world)).toEqual([
    from('198.51.100.7/32', 25),
    from('203.0.113.0/24', 25),
    from('10.0.1.201/32', 8025),
    from('10.0.2.201/32', 8025),
  ]);
});

test('Given an endpoint service leads to it, when an instance is launched, then its interfaces may send as well', async () => {
  const nlb = bare('network', 'net');
  const world = behind(nlb, { protocol: 'TCP_UDP', tags: selecting('203.0.113.0/24') });
  world.network.endpointServiceBalancers.add(nlb.arn);
  await seat(world, 'i-00000001');
  expect(rules(world)).toEqual(
    ['tcp', 'udp'].flatMap((protocol) =>
      ['10.0.1.201/32', '10.0.2.201/32', '203.0.113.0/24'].map((cidr) => from(cidr, 25, protocol)),
    ),
  );
});

test('Given clients that nobody named, when an instance is launched, then only the checks are let in, and that is said', async () => {
  const world = behind(bare('network', 'net'), {}, true);
  await seat(world, 'i-00000001');
  expect(rules(world)).toEqual([from('10.0.1.201/32', 25), from('10.0.2.201/32', 25)]);
  expect(targetsOf(world, MAIL)).toEqual(['i-00000001:25']);
  expect(obstacles(world)).toEqual([['i-00000001:25', ['ClientCidrsMissing']]]);
});

test.each([
  [false, [], ['IngressMissing', 'RuleNotWritten']],
  [true, [from('0.0.0.0/0', 25)], []],
])(
  'Given the whole world named as clients and a stage that says %s to that, when an instance is launched, then it does as the stage says',
  async (wideClientCidrs, expected, said) => {
    const world = behind(bare('network', 'net'), { tags: selecting('0.0.0.0/0') }, true, { wideClientCidrs });
    await seat(world, 'i-00000001');
    expect(rules(world).filter((rule) => rule.includes('0.0.0.0/0'))).toEqual(expected);
    expect(obstacles(world)).toEqual([['i-00000001:25', said]]);
  },
);

test('Given a Gateway Load Balancer, when an appliance is launched, then its interfaces may send GENEVE and ask the check’s port', async () => {
  const world = behind(bare('gateway', 'gwy'), {
    protocol: 'GENEVE',
    port: 6081,
    healthCheck: { ...aTargetGroup().healthCheck, protocol: 'TCP', path: undefined, port: 80 },
  });
  await seat(world, 'i-00000001');
  expect(rules(world)).toEqual([
    from('10.0.1.201/32', 80),
    from('10.0.2.201/32', 80),
    from('10.0.1.201/32', 6081, 'udp'),
    from('10.0.2.201/32', 6081, 'udp'),
  ]);
  expect(targetsOf(world, MAIL)).toEqual(['i-00000001:6081']);
});

test('Given an ALB whose packets pass an appliance on the way, when an instance is launched, then its node behind the appliance is let in by its address, and the other by its group', async () => {
  const alb = anAlb();
  const world = aWorld({ instances: [anInstance()], loadBalancers: [alb] });
  const routes = [
    ...aRouteTable().routes,
    { destination: '10.0.1.0/24', to: 'middlebox', via: 'vpce-1', isBlackhole: false } as const,
  ];
  world.network.routes.set('subnet-c', aRouteTable({ routeTableId: 'rtb-inspected', routes }));
  await seat(world, 'i-00000001');
  expect(rules(world)).toEqual([
    from('10.0.2.201/32', 80),
    'ingress tcp/80-80 {"kind":"security-group","groupId":"sg-alb"} prod',
  ]);
  expect(targetsOf(world, targetGroupArn('web'))).toEqual(['i-00000001:80']);
});
