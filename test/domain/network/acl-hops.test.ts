import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../domain/network/judge.ts';
import type { HopName, Network, Seat } from '../../../domain/network/model.ts';
import { unreadable } from '../../../domain/reading.ts';
import {
  aclOf,
  ipSeat,
  ipv6Seat,
  over,
  rightNetwork,
  seat,
  trafficOf,
  webInterface,
  withAcls,
  without,
} from './world.ts';

const CREATE = 'aws ec2 create-network-acl-entry --network-acl-id acl-1';
const REGION = '--region ap-northeast-1';

const hopOf = (network: Network, name: HopName, of: Seat = seat) => {
  const { hops } = judge(trafficOf(of), network);
  const { hop, ...rest } = hops.find((each) => each.hop === name) ?? { hop: name, verdict: 'unknown' };
  return rest;
};

/** All four ACL hops, in the order of the way. */
const acls = (network: Network, of: Seat = seat) =>
  judge(trafficOf(of), network)
    .hops.filter(({ hop }) => hop.startsWith('acl-'))
    .map(({ hop, verdict }) => `${hop.slice(4)} ${verdict}`);

const ALL_PASS = ['balancer-out passes', 'target-in passes', 'target-out passes', 'balancer-in passes'];

const atTarget = (...entries: string[]) => withAcls({ 'subnet-web': aclOf('acl-1', entries) });
const atBalancerC = (...entries: string[]) => withAcls({ 'subnet-alb-c': aclOf('acl-1', entries) });

describe('Given an ACL on the target’s subnet, when the way in is judged', () => {
  const IN = 'acl-target-in';
  test.each([
    ['the balancer’s subnets on the port', ['90 in allow tcp 80 10.0.0.0/23'], 'passes', 'acl-1 #90 allow'],
    [
      'each subnet by its own entry',
      ['90 in allow tcp 80 10.0.0.0/24', '91 in allow tcp 80 10.0.1.0/24'],
      'passes',
      'acl-1 #90 allow, acl-1 #91 allow',
    ],
    ['nothing', [], 'blocked', 'acl-1 #* deny'],
    [
      'the lowest number first: allow before deny',
      ['90 in allow tcp 80 10.0.0.0/16', '100 in deny all all 0.0.0.0/0'],
      'passes',
      'acl-1 #90 allow',
    ],
    [
      'the lowest number first: deny before allow',
      ['90 in deny tcp 80 10.0.0.0/16', '100 in allow all all 0.0.0.0/0'],
      'blocked',
      'acl-1 #90 deny',
    ],
    [
      'entries given out of order',
      ['100 in allow all all 0.0.0.0/0', '90 in deny tcp 80 0.0.0.0/0'],
      'blocked',
      'acl-1 #90 deny',
    ],
    [
      'a deny of another port',
      ['90 in deny tcp 22 0.0.0.0/0', '100 in allow all all 0.0.0.0/0'],
      'passes',
      'acl-1 #100 allow',
    ],
    [
      'a deny of another protocol',
      ['90 in deny udp 80 0.0.0.0/0', '91 in deny icmp all 0.0.0.0/0', '100 in allow tcp 80 0.0.0.0/0'],
      'passes',
      'acl-1 #100 allow',
    ],
    [
      'a deny outbound',
      ['90 out deny all all 0.0.0.0/0', '100 in allow all all 0.0.0.0/0'],
      'passes',
      'acl-1 #100 allow',
    ],
    [
      'a deny of the other family',
      ['90 in deny all all ::/0', '100 in allow all all 0.0.0.0/0'],
      'passes',
      'acl-1 #100 allow',
    ],
    ['one subnet of two', ['90 in allow tcp 80 10.0.0.0/24'], 'blocked', 'acl-1 #* deny'],
    [
      'part of a subnet',
      ['90 in allow tcp 80 10.0.0.0/24', '91 in allow tcp 80 10.0.1.0/25'],
      'unknown',
      'acl-1 #* deny',
    ],
    [
      'all but a few addresses',
      ['90 in deny all all 10.0.1.7/32', '100 in allow all all 0.0.0.0/0'],
      'unknown',
      'acl-1 #90 deny',
    ],
    [
      'all but addresses outside',
      ['90 in deny all all 192.0.2.0/24', '100 in allow all all 0.0.0.0/0'],
      'passes',
      'acl-1 #100 allow',
    ],
    ['an entry that can’t be understood', ['90 in allow all all x/y'], 'unknown', undefined],
  ] as const)('then with %s', (_case, entries, verdict, decidedBy) => {
    const hop = hopOf(atTarget(...entries), IN);
    expect([hop.verdict, hop.decidedBy]).toEqual([verdict, decidedBy]);
  });

  test('then a denial is told with the line that mends it, just before the deny that decides', () => {
    const network = atTarget(
      '99 in allow tcp 22 0.0.0.0/0',
      '100 in deny tcp 80 10.0.0.0/16',
      '110 in allow all all 0.0.0.0/0',
    );
    expect(hopOf(network, IN)).toEqual({
      verdict: 'blocked',
      decidedBy: 'acl-1 #100 deny',
      finding: {
        reason: 'NetworkAclDenies',
        severity: 'warning',
        evidence: {
          hop: IN,
          acl: 'acl-1',
          entry: '100',
          direction: 'inbound',
          protocol: 'tcp',
          port: '80',
          peer: '10.0.0.0/24, 10.0.1.0/24',
          subnet: 'subnet-web',
          target: '10.0.10.5',
        },
        remedy: [
          `${CREATE} --ingress --rule-number 98 --protocol 6 --port-range From=80,To=80 --cidr-block 10.0.0.0/24 --rule-action allow ${REGION}`,
          `${CREATE} --ingress --rule-number 97 --protocol 6 --port-range From=80,To=80 --cidr-block 10.0.1.0/24 --rule-action allow ${REGION}`,
        ].join(' && '),
      },
    });
  });

  test('then under the closing deny alone the line goes after the last entry', () => {
    expect(
      hopOf(atTarget('100 in allow tcp 80 10.0.0.0/24', '120 out deny all all 0.0.0.0/0'), IN).finding?.remedy,
    ).toBe(
      `${CREATE} --ingress --rule-number 110 --protocol 6 --port-range From=80,To=80 --cidr-block 10.0.1.0/24 --rule-action allow ${REGION}`,
    );
  });

  describe('Given an ACL with many entries', () => {
    const filled = (count: number, more: readonly string[] = []) =>
      hopOf(
        atTarget(
          ...Array.from({ length: count }, (_, index) => `${index + 1} in allow tcp ${8_000 + index} 192.0.2.0/24`),
          '100 in deny tcp 80 10.0.0.0/16',
          ...more,
        ),
        IN,
      ).finding;

    test.each([
      ['room for both of the entries that are missing', 16, undefined],
      ['room for one of them', 17, '19'],
      ['no room', 18, '20'],
      ['a quota that was raised, and full it is', 36, '38'],
    ])('when there is %s, then the line is there, and it is said how full it is', (_case, count, entries) => {
      const finding = filled(count);
      expect(finding?.evidence['entries']).toBe(entries);
      expect(finding?.remedy).toContain(`${CREATE} --ingress --rule-number 99`);
    });

    test('when AWS would take no more whatever the quota, then there is no line', () => {
      expect(filled(37)).toMatchObject({ evidence: { entries: '39' } });
      expect(filled(37)?.remedy).toBeUndefined();
    });

    test('when others of its entries are of the other direction or family, then they don’t count', () => {
      const others = Array.from({ length: 20 }, (_, index) => [
        `${200 + index} out allow tcp 443 192.0.2.0/24`,
        `${300 + index} in allow tcp 443 2001:db8::/32`,
      ]).flat();
      expect(filled(16, others)?.evidence).not.toHaveProperty('entries');
    });
  });

  test('then where no number is free there is no line', () => {
    expect(hopOf(atTarget('1 in deny all all 0.0.0.0/0'), IN)).toMatchObject({
      verdict: 'blocked',
      decidedBy: 'acl-1 #1 deny',
    });
    expect(hopOf(atTarget('1 in deny all all 0.0.0.0/0'), IN).finding?.remedy).toBeUndefined();
  });

  test('then an ACL without the closing entry denies all the same', () => {
    const acl = { networkAclId: 'acl-1', entries: [] };
    expect(hopOf(withAcls({ 'subnet-web': acl }), IN)).toMatchObject({
      verdict: 'blocked',
      decidedBy: 'acl-1 #* deny',
    });
  });
});

describe('Given ACLs and no subnets read, when the way is judged', () => {
  const withoutSubnets = (network: Network): Network => ({ ...network, subnets: new Map() });
  const WANTS = { subnetIds: ['subnet-alb-a', 'subnet-alb-c'], prefixListIds: [] };

  test('then an entry for every address needs none', () => {
    expect(acls(withoutSubnets(rightNetwork))).toEqual(ALL_PASS);
    expect(
      hopOf(withoutSubnets(atTarget('90 in deny tcp 22 0.0.0.0/0', '100 in allow all all 0.0.0.0/0')), 'acl-target-in'),
    ).toEqual({
      verdict: 'passes',
      decidedBy: 'acl-1 #100 allow',
    });
  });

  test('then a narrower entry is unknown and asks for the balancer’s subnets', () => {
    const hop = hopOf(withoutSubnets(atTarget('90 in allow tcp 80 10.0.0.0/16')), 'acl-target-in');
    expect(hop).toMatchObject({
      verdict: 'unknown',
      wants: WANTS,
      finding: { evidence: { because: 'PartOfBalancer' } },
    });
  });

  test('then a sure denial asks for them too, for its line', () => {
    const hop = hopOf(
      withoutSubnets(atTarget('90 in deny tcp 80 0.0.0.0/0', '100 in allow all all 0.0.0.0/0')),
      'acl-target-in',
    );
    expect(hop).toMatchObject({ verdict: 'blocked', wants: WANTS });
    expect(hop.finding?.remedy).toBeUndefined();
  });

  test('then the balancer’s own ACLs need only the target’s address', () => {
    const network = withoutSubnets(
      atBalancerC('90 out allow tcp 80 10.0.10.0/24', '90 in allow tcp 1024-65535 10.0.10.5/32'),
    );
    expect(acls(network)).toEqual(ALL_PASS);
  });
});

describe('Given stateless ACLs, when the way back is judged', () => {
  test.each([
    [
      'every reply port',
      ['100 in allow all all 0.0.0.0/0', '100 out allow tcp 1024-65535 10.0.0.0/16'],
      'passes',
      undefined,
    ],
    [
      'reply ports in two entries',
      [
        '100 in allow all all 0.0.0.0/0',
        '100 out allow tcp 1024-32767 10.0.0.0/16',
        '110 out allow tcp 32768-65535 0.0.0.0/0',
      ],
      'passes',
      undefined,
    ],
    [
      'the port of the request only',
      ['100 in allow all all 0.0.0.0/0', '100 out allow tcp 80 0.0.0.0/0'],
      'blocked',
      '1024-65535',
    ],
    [
      'Linux’s own range only',
      ['100 in allow all all 0.0.0.0/0', '100 out allow tcp 32768-60999 0.0.0.0/0'],
      'blocked',
      '1024-32767, 61000-65535',
    ],
    [
      'all but one port',
      ['100 in allow all all 0.0.0.0/0', '90 out deny tcp 3306 0.0.0.0/0', '100 out allow all all 0.0.0.0/0'],
      'blocked',
      '3306',
    ],
  ] as const)('then outbound from the target with %s', (_case, entries, verdict, ports) => {
    const hop = hopOf(atTarget(...entries), 'acl-target-out');
    expect(hop.verdict).toBe(verdict);
    expect(hop.finding?.evidence).toEqual(ports && expect.objectContaining({ port: ports, direction: 'outbound' }));
  });

  test('then the line for the way back opens the whole reply range', () => {
    expect(
      hopOf(atTarget('100 in allow all all 0.0.0.0/0', '50 out allow tcp 1024-65535 10.0.0.0/24'), 'acl-target-out')
        .finding?.remedy,
    ).toBe(
      `${CREATE} --egress --rule-number 60 --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.1.0/24 --rule-action allow ${REGION}`,
    );
  });

  test('then inbound to one of the balancer’s subnets counts for the node in it', () => {
    const network = atBalancerC('100 out allow all all 0.0.0.0/0', '100 in allow tcp 443 0.0.0.0/0');
    expect(acls(network)).toEqual([
      'balancer-out passes',
      'target-in passes',
      'target-out passes',
      'balancer-in blocked',
    ]);
    expect(hopOf(network, 'acl-balancer-in').finding).toMatchObject({
      evidence: {
        acl: 'acl-1',
        entry: '*',
        subnet: 'subnet-alb-c',
        peer: '10.0.10.5',
        direction: 'inbound',
        port: '1024-65535',
      },
      remedy: `${CREATE} --ingress --rule-number 110 --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.10.5/32 --rule-action allow ${REGION}`,
    });
  });

  test('then outbound from one of the balancer’s subnets counts as well', () => {
    const network = atBalancerC('100 in allow all all 0.0.0.0/0', '100 out allow tcp 443 0.0.0.0/0');
    expect(acls(network)).toEqual([
      'balancer-out blocked',
      'target-in passes',
      'target-out passes',
      'balancer-in passes',
    ]);
  });
});

describe('Given a target over IPv6, when its ACLs are judged', () => {
  test.each([ipv6Seat, ipSeat('2600:1f00:0:10::5')])('then only the entries of its family count', (of) => {
    expect(acls(atTarget('100 in allow all all 0.0.0.0/0', '100 out allow all all 0.0.0.0/0'), of)).toEqual([
      'balancer-out passes',
      'target-in blocked',
      'target-out blocked',
      'balancer-in passes',
    ]);
    expect(acls(atTarget('100 in allow tcp 80 2600:1f00::/48', '100 out allow all all ::/0'), of)).toEqual(ALL_PASS);
  });

  test('then the line names an IPv6 block', () => {
    expect(hopOf(atBalancerC('100 in allow all all ::/0'), 'acl-balancer-out', ipv6Seat).finding?.remedy).toBe(
      `${CREATE} --egress --rule-number 10 --protocol 6 --port-range From=80,To=80 --ipv6-cidr-block 2600:1f00:0:10::5/128 --rule-action allow ${REGION}`,
    );
  });
});

describe('Given subnets shared or unread', () => {
  const inSubnetC: Seat = { ...seat, networkInterface: { ...webInterface, subnetId: 'subnet-alb-c' } };

  test('when balancer and target share a subnet, then that subnet’s ACL is asked only about the other node', () => {
    const closed = withAcls({ 'subnet-alb-c': aclOf('acl-1', []) });
    expect(acls(closed, inSubnetC)).toEqual([
      'balancer-out passes',
      'target-in blocked',
      'target-out blocked',
      'balancer-in passes',
    ]);
    const loadBalancer = seat.loadBalancer && {
      ...seat.loadBalancer,
      zones: [{ availabilityZone: '1c', subnetId: 'subnet-alb-c' }],
    };
    expect(acls(closed, { ...inSubnetC, loadBalancer })).toEqual(ALL_PASS);
  });

  test('when an ACL could not be read, then its hops are unknown and say why', () => {
    const unread = { ...rightNetwork, acls: over(rightNetwork.acls, ['subnet-web', unreadable('AccessDenied')]) };
    expect(acls(unread)).toEqual([
      'balancer-out passes',
      'target-in unknown',
      'target-out unknown',
      'balancer-in passes',
    ]);
    expect(hopOf(unread, 'acl-target-in').finding).toMatchObject({
      reason: 'PathUnknown',
      evidence: { because: 'AclUnread', why: 'AccessDenied', subnet: 'subnet-web' },
    });
    const unseen = { ...rightNetwork, acls: without(rightNetwork.acls, 'subnet-alb-a') };
    expect(acls(unseen)).toEqual([
      'balancer-out unknown',
      'target-in passes',
      'target-out passes',
      'balancer-in unknown',
    ]);
  });

  test('when one ACL denies and another could not be read, then the path is blocked', () => {
    const network = atBalancerC('100 in allow all all 0.0.0.0/0');
    expect(hopOf({ ...network, acls: without(network.acls, 'subnet-alb-a') }, 'acl-balancer-out').verdict).toBe(
      'blocked',
    );
  });
});
