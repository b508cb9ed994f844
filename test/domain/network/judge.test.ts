import { describe, expect, test } from '@jest/globals';
import { NOTHING_WANTED } from '../../../domain/network/hop.ts';
import { judge } from '../../../domain/network/judge.ts';
import type { HopName, Network, Seat } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import {
  ALB_ARN,
  alb,
  INSTANCE_ID,
  ipSeat,
  ipv6Seat,
  over,
  rightNetwork,
  rulesOf,
  SUBNETS,
  seat,
  trafficOf,
  webGroup,
  webInstance,
  webInterface,
  withEgress,
  withIngress,
  without,
} from './world.ts';

const judgedHop = (of: Seat, network: Network, name: HopName) => {
  const { hops } = judge(trafficOf(of), network);
  const { hop, ...rest } = hops.find((each) => each.hop === name) ?? { hop: name, verdict: 'unknown' };
  return rest;
};

const verdictsOf = (of: Seat, network: Network = rightNetwork) =>
  Object.fromEntries(judge(trafficOf(of), network).hops.map(({ hop, verdict }) => [hop, verdict]));

const TARGETS = [
  ['instance over IPv4', seat],
  ['ip over IPv4', ipSeat()],
  ['instance over IPv6', ipv6Seat],
  ['ip over IPv6', ipSeat('2600:1f00:0:10::5')],
] as const;

describe.each(TARGETS)('Given an %s target with everything right', (_kind, of) => {
  test('when its path is judged, then every hop passes in the order of the way, with what decided it', () => {
    const allow = of.targetGroup.ipAddressType === 'ipv6' ? 'acl-open #101 allow' : 'acl-open #100 allow';
    expect(judge(trafficOf(of), rightNetwork)).toEqual({
      flow: trafficOf(of),
      verdict: 'passes',
      hops: [
        { hop: 'listener', verdict: 'passes' },
        { hop: 'zone', verdict: 'passes' },
        {
          hop: 'balancer-egress',
          verdict: 'passes',
          decidedBy: of.targetGroup.ipAddressType === 'ipv6' ? 'sgr-a1b-out-2' : 'sgr-a1b-out-1',
        },
        { hop: 'acl-balancer-out', verdict: 'passes', decidedBy: allow },
        { hop: 'acl-target-in', verdict: 'passes', decidedBy: allow },
        { hop: 'target-ingress', verdict: 'passes', decidedBy: 'sgr-0eb-in-1' },
        { hop: 'instance-state', verdict: 'passes' },
        { hop: 'acl-target-out', verdict: 'passes', decidedBy: allow },
        { hop: 'acl-balancer-in', verdict: 'passes', decidedBy: allow },
      ],
    });
  });

  test('when its inbound rules name groups or every protocol, then any that admits the balancer passes', () => {
    const hop = (...texts: string[]) => judgedHop(of, withIngress(...texts), 'target-ingress');
    expect(hop('tcp 80 sg-a1b')).toEqual({ verdict: 'passes', decidedBy: 'sgr-0eb-in-1' });
    expect(hop('tcp 22 sg-a1b', 'tcp 80 sg-a1b')).toEqual({ verdict: 'passes', decidedBy: 'sgr-0eb-in-2' });
    expect(hop('tcp 1-65535 sg-a1b')).toEqual({ verdict: 'passes', decidedBy: 'sgr-0eb-in-1' });
    expect(hop('-1 all sg-a1b')).toEqual({ verdict: 'passes', decidedBy: 'sgr-0eb-in-1' });
    expect(hop('tcp 80 0.0.0.0/0', 'tcp 80 ::/0').verdict).toBe('passes');
  });

  test.each([
    ['no rule at all', []],
    ['another group', ['tcp 80 sg-074e4']],
    ['another port', ['tcp 8080 sg-a1b']],
    ['another protocol', ['udp 80 sg-a1b']],
    ['addresses that are not the balancer’s', ['tcp 80 192.0.2.0/24', 'tcp 80 2001:db8::/32']],
  ])('when its group holds %s, then the ingress blocks', (_case, texts) => {
    expect(judgedHop(of, withIngress(...texts), 'target-ingress')).toEqual({
      verdict: 'blocked',
      finding: {
        reason: 'IngressMissing',
        severity: 'warning',
        evidence: {
          securityGroup: 'sg-0eb',
          securityGroupName: 'web',
          peer: 'sg-a1b',
          peerName: 'web-alb',
          protocol: 'tcp',
          port: '80',
          target: of.targetGroup.ipAddressType === 'ipv6' ? '2600:1f00:0:10::5' : '10.0.10.5',
          loadBalancer: 'web-alb',
        },
      },
      lacks: { group: 'helps', cidrs: [], ofClients: false },
    });
    expect(judge(trafficOf(of), withIngress(...texts)).verdict).toBe('blocked');
  });
});

describe('Given inbound rules by address, when the ingress is judged against the balancer’s subnets', () => {
  const nodesUnread = (network: Network): Network => ({ ...network, balancerInterfaces: new Map() });

  test('then of a narrow block the nodes’ present addresses are asked for, and one that it leaves out closes the way', () => {
    const narrow = withIngress('tcp 80 10.0.0.0/24', 'tcp 80 10.0.1.16/28');
    expect(judgedHop(seat, nodesUnread(narrow), 'target-ingress')).toMatchObject({
      verdict: 'unknown',
      wants: { balancers: [alb], subnetIds: [] },
    });
    expect(judgedHop(seat, narrow, 'target-ingress')).toMatchObject({
      verdict: 'blocked',
      finding: { reason: 'IngressMissing', evidence: { peer: 'sg-a1b' } },
    });
    const denied = { ...narrow, balancerInterfaces: new Map([[ALB_ARN, unreadable('AccessDenied')]]) };
    expect(judgedHop(seat, denied, 'target-ingress').verdict).toBe('unknown');
  });

  test('then blocks of all present nodes leave it unknown: the next node may have another address', () => {
    const hop = judgedHop(seat, withIngress('tcp 80 10.0.0.11/32', 'tcp 80 10.0.1.12/32'), 'target-ingress');
    expect(hop).toMatchObject({ verdict: 'unknown', finding: { evidence: { because: 'PartOfBalancer' } } });
    expect(hop.wants).toBeUndefined();
  });

  const OTHER_FAMILY = [ipv6Seat, ['tcp 80 0.0.0.0/0'], 'blocked'] as const;
  test.each([
    ['one block over both', seat, ['tcp 80 10.0.0.0/16'], 'passes', 'sgr-0eb-in-1'],
    ['one block each', seat, ['tcp 80 10.0.0.0/24', 'tcp 80 10.0.1.0/24'], 'passes', 'sgr-0eb-in-1, sgr-0eb-in-2'],
    [
      'two halves of each',
      ipSeat(),
      ['tcp 80 10.0.0.0/24', 'tcp 80 10.0.1.0/25', 'tcp 80 10.0.1.128/25'],
      'passes',
      'sgr-0eb-in-1, sgr-0eb-in-2, sgr-0eb-in-3',
    ],
    ['host bits set', seat, ['tcp 80 10.0.0.9/23'], 'passes', 'sgr-0eb-in-1'],
    [
      'IPv6, one block each',
      ipv6Seat,
      ['tcp 80 2600:1f00::/64', 'tcp 80 2600:1f00:0:1::/64'],
      'passes',
      'sgr-0eb-in-1, sgr-0eb-in-2',
    ],
    ['one subnet only', seat, ['tcp 80 10.0.0.0/24'], 'blocked', undefined],
    [
      'part of one subnet',
      seat,
      ['tcp 80 10.0.0.0/24', 'tcp 80 10.0.1.16/28'],
      'unknown',
      'sgr-0eb-in-1, sgr-0eb-in-2',
    ],
    ['single addresses', seat, ['tcp 80 10.0.0.9/32', 'tcp 80 10.0.1.9/32'], 'unknown', 'sgr-0eb-in-1, sgr-0eb-in-2'],
    ['the world of the other family', ...OTHER_FAMILY, undefined],
    ['a block that can’t be understood', seat, ['tcp 80 10.0.0.0/99'], 'unknown', undefined],
  ] as const)('then with %s it is decided so', (_case, of, texts, verdict, decidedBy) => {
    const hop = judgedHop(of, nodesUnread(withIngress(...texts)), 'target-ingress');
    expect([hop.verdict, hop.decidedBy]).toEqual([verdict, decidedBy]);
  });

  test('then a block that admits only part says so, because a node may have any address of its subnet', () => {
    const network = nodesUnread(withIngress('tcp 80 10.0.0.0/24', 'tcp 80 10.0.1.16/28'));
    expect(judgedHop(seat, network, 'target-ingress').finding).toMatchObject({
      reason: 'PathUnknown',
      evidence: { hop: 'target-ingress', because: 'PartOfBalancer', rule: 'sgr-0eb-in-1, sgr-0eb-in-2' },
    });
  });

  test('then without the subnets a narrow block stays unknown and asks for them, and the world’s needs none', () => {
    const unreadSubnets = { ...withIngress('tcp 80 10.0.0.0/16'), subnets: new Map() };
    expect(judgedHop(seat, unreadSubnets, 'target-ingress')).toMatchObject({
      verdict: 'unknown',
      wants: { subnetIds: ['subnet-alb-a', 'subnet-alb-c'], prefixListIds: [] },
    });
    const world = { ...withIngress('tcp 80 0.0.0.0/0'), subnets: new Map() };
    expect(judgedHop(seat, world, 'target-ingress')).toEqual({ verdict: 'passes', decidedBy: 'sgr-0eb-in-1' });
    const nothing = { ...withIngress(), subnets: new Map() };
    expect(judgedHop(seat, nothing, 'target-ingress').verdict).toBe('blocked');
  });

  test('then a subnet that could not be read is not asked for again', () => {
    const subnets = over(rightNetwork.subnets, ['subnet-alb-c', unreadable('AccessDenied')]);
    const hop = judgedHop(seat, { ...withIngress('tcp 80 10.0.0.0/16'), subnets }, 'target-ingress');
    expect(hop.verdict).toBe('unknown');
    expect(hop.wants).toBeUndefined();
  });
});

describe('Given an inbound rule by prefix list, when the ingress is judged', () => {
  const withList = (...cidrs: string[]): Network => ({
    ...withIngress('tcp 80 pl-123'),
    prefixLists: new Map([['pl-123', read({ prefixListId: 'pl-123', cidrs, weight: 5 })]]),
  });

  test.each([
    [['10.0.0.0/16'], 'passes'],
    [['10.0.0.0/24', '10.0.1.0/24'], 'passes'],
    [['10.0.0.0/24', '10.0.1.0/25'], 'unknown'],
    [['192.0.2.0/24'], 'blocked'],
    [[], 'blocked'],
  ])('then a list of %p: %p', (cidrs, verdict) => {
    expect(judgedHop(seat, withList(...cidrs), 'target-ingress').verdict).toBe(verdict);
  });

  test('then a list that was not looked at is unknown and asked for', () => {
    expect(judgedHop(seat, withIngress('tcp 80 pl-123'), 'target-ingress')).toMatchObject({
      verdict: 'unknown',
      finding: {
        reason: 'PathUnknown',
        evidence: { because: 'PrefixListUnread', unread: 'pl-123', why: 'not looked at' },
      },
      wants: { subnetIds: [], prefixListIds: ['pl-123'] },
    });
  });

  test('then a list that could not be read is unknown, unless another rule admits the balancer', () => {
    const prefixLists = new Map([['pl-123', unreadable('AccessDenied')]]);
    const alone = judgedHop(seat, { ...withIngress('tcp 80 pl-123'), prefixLists }, 'target-ingress');
    expect(alone).toMatchObject({ verdict: 'unknown', finding: { evidence: { why: 'AccessDenied' } } });
    expect(alone.wants).toBeUndefined();
    const beside = { ...withIngress('tcp 80 pl-123', 'tcp 80 sg-a1b'), prefixLists };
    expect(judgedHop(seat, beside, 'target-ingress')).toEqual({ verdict: 'passes', decidedBy: 'sgr-0eb-in-2' });
  });
});

describe('Given an interface with two groups', () => {
  const two: Seat = { ...seat, networkInterface: { ...webInterface, securityGroupIds: ['sg-0eb', 'sg-0ec'] } };

  test('when one of them admits the balancer, then the path passes', () => {
    const rules = over(withIngress().rules, rulesOf('sg-0ec', ['tcp 80 sg-a1b']));
    expect(judgedHop(two, { ...rightNetwork, rules }, 'target-ingress')).toEqual({
      verdict: 'passes',
      decidedBy: 'sgr-0ec-in-1',
    });
  });

  test('when one could not be read and the other does not admit, then nobody knows', () => {
    const rules = over(withIngress().rules, ['sg-0ec', unreadable('RequestLimitExceeded')]);
    expect(judgedHop(two, { ...rightNetwork, rules }, 'target-ingress')).toMatchObject({
      verdict: 'unknown',
      finding: { evidence: { because: 'SecurityGroupUnread', unread: 'sg-0ec', why: 'RequestLimitExceeded' } },
    });
    expect(judge(trafficOf(two), { ...rightNetwork, rules }).verdict).toBe('unknown');
  });

  test('when one could not be read and the other admits, then the path passes', () => {
    const rules = over(rightNetwork.rules, ['sg-0ec', unreadable('RequestLimitExceeded')]);
    expect(judgedHop(two, { ...rightNetwork, rules }, 'target-ingress').verdict).toBe('passes');
  });
});

test.each(TARGETS)(
  'Given an %s target whose groups were not looked at, then both group hops are unknown',
  (_kind, of) => {
    const verdicts = verdictsOf(of, { ...rightNetwork, rules: new Map() });
    expect([verdicts['balancer-egress'], verdicts['target-ingress']]).toEqual(['unknown', 'unknown']);
  },
);

test('Given an interface that shows no groups, then the ingress is unknown, not blocked', () => {
  const bare = { ...seat, networkInterface: { ...webInterface, securityGroupIds: [] } };
  expect(judgedHop(bare, rightNetwork, 'target-ingress')).toMatchObject({
    verdict: 'unknown',
    finding: { evidence: { because: 'NoSecurityGroups' } },
  });
});

describe('Given a balancer whose outbound rules are restricted, when its egress is judged', () => {
  test.each([
    ['everything', seat, ['-1 all 0.0.0.0/0'], 'passes'],
    ['the target’s group', seat, ['tcp 80 sg-0eb'], 'passes'],
    ['the target’s group over IPv6', ipv6Seat, ['tcp 80 sg-0eb'], 'passes'],
    ['the target’s address', ipSeat(), ['tcp 80 10.0.10.5/32'], 'passes'],
    ['the target’s subnet', seat, ['tcp 1-1024 10.0.10.0/24'], 'passes'],
    ['the target’s IPv6 subnet', ipv6Seat, ['tcp 80 2600:1f00:0:10::/64'], 'passes'],
    ['nothing', seat, [], 'blocked'],
    ['another port', seat, ['tcp 443 0.0.0.0/0'], 'blocked'],
    ['another group', seat, ['tcp 80 sg-074e4'], 'blocked'],
    ['another subnet', ipSeat(), ['tcp 80 10.0.11.0/24'], 'blocked'],
    ['the other family', ipv6Seat, ['-1 all 0.0.0.0/0'], 'blocked'],
    ['a prefix list not looked at', seat, ['tcp 80 pl-123'], 'unknown'],
  ] as const)('then letting out to %s is decided so', (_case, of, texts, verdict) => {
    expect(judgedHop(of, withEgress(...texts), 'balancer-egress').verdict).toBe(verdict);
  });

  test('then a list is held against the target’s address alone, and no subnet is asked for', () => {
    const listOf = (cidr: string) => new Map([['pl-123', read({ prefixListId: 'pl-123', cidrs: [cidr], weight: 1 })]]);
    const network = { ...withEgress('tcp 80 pl-123'), subnets: new Map() };
    expect(judgedHop(seat, { ...network, prefixLists: listOf('10.0.10.0/28') }, 'balancer-egress').verdict).toBe(
      'passes',
    );
    expect(judgedHop(seat, { ...network, prefixLists: listOf('10.0.11.0/28') }, 'balancer-egress').verdict).toBe(
      'blocked',
    );
    expect(judgedHop(seat, network, 'balancer-egress').wants).toEqual({ ...NOTHING_WANTED, prefixListIds: ['pl-123'] });
  });

  test('then what blocks is told with both groups', () => {
    expect(judgedHop(seat, withEgress('tcp 443 0.0.0.0/0'), 'balancer-egress').finding).toEqual({
      reason: 'EgressMissing',
      severity: 'warning',
      evidence: {
        securityGroup: 'sg-a1b',
        securityGroupName: 'web-alb',
        peer: 'sg-0eb',
        peerName: 'web',
        protocol: 'tcp',
        port: '80',
        target: '10.0.10.5',
        loadBalancer: 'web-alb',
      },
    });
  });

  test('then an inbound rule of the balancer’s group lets nothing out', () => {
    const rules = over(rightNetwork.rules, rulesOf('sg-a1b', ['-1 all 0.0.0.0/0'], []));
    expect(judgedHop(seat, { ...rightNetwork, rules }, 'balancer-egress').verdict).toBe('blocked');
  });
});

describe('Given the balancer’s zones, when the target’s zone is asked about', () => {
  const inZone = (availabilityZone: string): Seat => ({ ...seat, instance: { ...webInstance, availabilityZone } });

  test('then a zone that is not enabled blocks, and says which are', () => {
    expect(judgedHop(inZone('1d'), rightNetwork, 'zone')).toEqual({
      verdict: 'blocked',
      finding: {
        reason: 'ZoneNotEnabled',
        severity: 'warning',
        evidence: { zone: '1d', loadBalancer: 'web-alb', enabledZones: '1a, 1c' },
      },
    });
  });

  test('then for an internal balancer the line names every subnet, because the call overwrites', () => {
    const internal: Seat = { ...inZone('1d'), loadBalancer: { ...alb, scheme: 'internal' } };
    expect(judgedHop(internal, rightNetwork, 'zone').finding?.remedy).toBe(
      `aws elbv2 set-subnets --load-balancer-arn ${ALB_ARN} --subnets subnet-alb-a subnet-alb-c subnet-web --region ap-northeast-1`,
    );
  });

  test('then an address of nobody’s instance is placed by its subnet', () => {
    const task: Seat = { ...ipSeat(), instance: undefined };
    const subnets = without(rightNetwork.subnets, 'subnet-web');
    const [, , web] = SUBNETS;
    expect(judgedHop(task, rightNetwork, 'zone')).toEqual({ verdict: 'passes' });
    const elsewhere = over(subnets, [
      'subnet-web',
      read({ ...SUBNETS[0], ...web, availabilityZone: '1d' } as (typeof SUBNETS)[number]),
    ]);
    expect(judgedHop(task, { ...rightNetwork, subnets: elsewhere }, 'zone').verdict).toBe('blocked');
    expect(judgedHop(task, { ...rightNetwork, subnets }, 'zone')).toMatchObject({
      verdict: 'unknown',
      finding: { reason: 'PathUnknown', evidence: { hop: 'zone', because: 'SubnetUnread', subnet: 'subnet-web' } },
      wants: { subnetIds: ['subnet-web'], prefixListIds: [] },
    });
  });

  test('then an address in one of the balancer’s own subnets needs no reading', () => {
    const beside: Seat = {
      ...ipSeat(),
      instance: undefined,
      networkInterface: { ...webInterface, subnetId: 'subnet-alb-c' },
    };
    expect(judgedHop(beside, { ...rightNetwork, subnets: new Map() }, 'zone')).toEqual({ verdict: 'passes' });
  });
});

describe('Given the instance’s state', () => {
  test.each(['pending', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const)(
    'when it is %s, then it blocks',
    (state) => {
      expect(judgedHop({ ...seat, instance: { ...webInstance, state } }, rightNetwork, 'instance-state')).toEqual({
        verdict: 'blocked',
        finding: { reason: 'InstanceNotRunning', severity: 'warning', evidence: { instance: INSTANCE_ID, state } },
      });
    },
  );

  test('when an interface belongs to no instance, then there is no state to ask about', () => {
    expect(judgedHop({ ...ipSeat(), instance: undefined }, rightNetwork, 'instance-state')).toEqual({
      verdict: 'passes',
    });
  });
});

const NETWORK_HOPS = [
  'balancer-egress',
  'acl-balancer-out',
  'acl-target-in',
  'target-ingress',
  'acl-target-out',
  'acl-balancer-in',
] as const;

const expectAll = (verdicts: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>) =>
  expect(verdicts).toEqual({ ...Object.fromEntries(NETWORK_HOPS.map((hop) => [hop, 'unknown'])), ...expected });

describe('Given a path that cannot be asked about', () => {
  test('when no listener uses the group, then the listener blocks and what needs a balancer is unknown', () => {
    const unused: Seat = { ...seat, loadBalancer: undefined, targetGroup: { ...webGroup, loadBalancerArns: [] } };
    expectAll(verdictsOf(unused), { listener: 'blocked', zone: 'unknown', 'instance-state': 'passes' });
    expect(judge(trafficOf(unused), rightNetwork).verdict).toBe('blocked');
    expect(judgedHop(unused, rightNetwork, 'target-ingress').finding).toEqual({
      reason: 'GroupNotUsed',
      severity: 'warning',
      evidence: { targetGroup: 'web' },
    });
  });

  test('when a Classic balancer has no listener, then that is said of the balancer', () => {
    const classic = { ...webGroup, instancePorts: [], loadBalancerArns: [] };
    const idle: Seat = { ...seat, loadBalancer: { ...alb, kind: 'classic' }, targetGroup: classic };
    expectAll(verdictsOf(idle), { listener: 'blocked', zone: 'passes', 'instance-state': 'passes' });
    expect(judgedHop(idle, rightNetwork, 'listener').finding).toEqual({
      reason: 'GroupNotUsed',
      severity: 'warning',
      evidence: { loadBalancer: 'web' },
    });
  });

  test('when the balancer that uses it could not be read, then nothing is called blocked', () => {
    const unread: Seat = { ...seat, loadBalancer: undefined };
    expectAll(verdictsOf(unread), { listener: 'unknown', zone: 'unknown', 'instance-state': 'passes' });
    expect(judgedHop(unread, rightNetwork, 'listener').finding?.evidence).toEqual({
      because: 'BalancerUnread',
      targetGroup: 'web',
    });
  });

  test.each(['network', 'gateway'] as const)(
    'when the balancer is of kind %s, wears no group and its interfaces are not known, then a narrow rule is an open question',
    (kind) => {
      const other: Seat = { ...seat, loadBalancer: { ...alb, kind, securityGroupIds: [] } };
      const narrow = {
        ...withIngress('tcp 80 10.0.0.5/32', 'tcp 80 10.0.1.5/32'),
        balancerInterfaces: new Map(),
      };
      expect(verdictsOf(other, narrow)).toMatchObject({
        listener: 'passes',
        zone: 'passes',
        'balancer-egress': 'passes',
        'target-ingress': 'unknown',
      });
      expect(judge(trafficOf(other), narrow).verdict).toBe('unknown');
    },
  );

  test.each([
    [
      'its zone is all',
      {
        ...ipSeat('192.0.2.7'),
        instance: undefined,
        networkInterface: undefined,
        target: { id: '192.0.2.7', port: 80, availabilityZone: 'all' },
      },
      'unknown',
    ],
    [
      'its interface is of a peered VPC',
      { ...ipSeat(), networkInterface: { ...webInterface, vpcId: 'vpc-2' } },
      'passes',
    ],
  ])('when the target is outside the VPC (%s), then that is what is said', (_case, of: Seat, state) => {
    expectAll(verdictsOf(of), { listener: 'passes', zone: 'unknown', 'instance-state': state });
    expect(judgedHop(of, rightNetwork, 'target-ingress').finding?.reason).toBe('TargetOutsideVpc');
  });

  test('when nobody wears the address, then that is what is said', () => {
    const nobody: Seat = { ...ipSeat('10.0.10.99'), instance: undefined, networkInterface: undefined };
    expectAll(verdictsOf(nobody), { listener: 'passes', zone: 'unknown', 'instance-state': 'unknown' });
    expect(judgedHop(nobody, rightNetwork, 'zone').finding).toEqual({
      reason: 'InterfaceNotFound',
      severity: 'warning',
      evidence: { target: '10.0.10.99' },
    });
  });

  test.each([
    ['has no IPv6 address', { ...ipv6Seat, networkInterface: { ...webInterface, ipv6Addresses: [] } }],
    ['is no address', ipSeat('10.0.10.five')],
  ])('when the target %s, then its address is unknown', (_case, of) => {
    expect(judgedHop(of, rightNetwork, 'target-ingress')).toMatchObject({
      finding: { evidence: { because: 'AddressUnknown' } },
    });
  });
});

test('Given nothing that was read, when a path is judged, then nothing is open and nothing closed', () => {
  expectAll(verdictsOf(seat, NOTHING_READ), { listener: 'passes', zone: 'passes', 'instance-state': 'passes' });
});
