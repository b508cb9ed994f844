import { describe, expect, test } from '@jest/globals';
import type {
  AclEntry,
  Balancer,
  GroupRule,
  Network,
  Peer,
  Target,
  TargetGroup,
} from '../../../local/proxy/network.ts';
import { judgeFlow } from '../../../local/proxy/reachability.ts';

const rule = (peer: Peer, port = 80, protocol = 'tcp'): GroupRule => ({ protocol, fromPort: port, toPort: port, peer });
const fromGroup = (groupId: string): Peer => ({ kind: 'group', groupId });
const cidr = (text: string): Peer => ({ kind: 'cidr', cidr: text });
const ANYTHING: GroupRule = { protocol: '-1', fromPort: -1, toPort: -1, peer: cidr('0.0.0.0/0') };

const entry = (number: number, egress: boolean, allows: boolean, changes: Partial<AclEntry> = {}): AclEntry => ({
  number,
  egress,
  allows,
  protocol: '-1',
  cidr: '0.0.0.0/0',
  fromPort: 0,
  toPort: 65535,
  ...changes,
});
const OPEN = [entry(100, true, true), entry(100, false, true), entry(32767, true, false), entry(32767, false, false)];

const alb: Balancer = {
  id: 'alb',
  kind: 'application',
  groupIds: ['sg-alb'],
  zones: ['1a', '1c'],
  crossZone: true,
  interfaces: [
    { id: 'eni-a', subnetId: 'subnet-a', addresses: ['10.0.1.254'], groupIds: ['sg-alb'] },
    { id: 'eni-c', subnetId: 'subnet-c', addresses: ['10.0.2.254'], groupIds: ['sg-alb'] },
  ],
};

/** A network in which everything passes: two zones with balancer nodes, the target in a subnet of its own. */
const network: Network = {
  balancers: [alb],
  securityGroups: [
    { id: 'sg-alb', ingress: [], egress: [ANYTHING] },
    { id: 'sg-web', ingress: [rule(fromGroup('sg-alb'))], egress: [ANYTHING] },
    { id: 'sg-other', ingress: [], egress: [] },
  ],
  acls: [
    { id: 'acl-balancer', subnetIds: ['subnet-a', 'subnet-c'], entries: OPEN },
    { id: 'acl-target', subnetIds: ['subnet-t'], entries: OPEN },
  ],
  subnets: [
    { id: 'subnet-a', zone: '1a', cidrs: ['10.0.1.0/24'] },
    { id: 'subnet-c', zone: '1c', cidrs: ['10.0.2.0/24'] },
    { id: 'subnet-t', zone: '1a', cidrs: ['10.0.3.0/24'] },
    { id: 'subnet-d', zone: '1d', cidrs: ['10.0.4.0/24'] },
  ],
  interfaces: [
    {
      id: 'eni-2',
      subnetId: 'subnet-t',
      addresses: ['10.0.3.8'],
      groupIds: ['sg-other'],
      instanceId: 'i-web',
      deviceIndex: 1,
    },
    {
      id: 'eni-1',
      subnetId: 'subnet-t',
      addresses: ['10.0.3.7'],
      groupIds: ['sg-web'],
      instanceId: 'i-web',
      deviceIndex: 0,
    },
  ],
  instances: [{ id: 'i-web', state: 'running' }],
  prefixLists: {},
  routes: [],
};

const group: TargetGroup = {
  protocol: 'HTTP',
  healthProtocol: 'HTTP',
  healthPort: 'traffic-port',
  preservesClientAddresses: false,
};
const target: Target = { id: 'i-web', port: 80 };
const judged = (changes: Partial<Network>, groupChanges: Partial<TargetGroup> = {}, at: Partial<Target> = {}) => {
  const judge = (purpose: 'traffic' | 'health') => {
    const verdict = judgeFlow({ ...network, ...changes }, { ...group, ...groupChanges }, { ...target, ...at }, purpose);
    return verdict.kind === 'passes' ? 'passes' : `${verdict.kind} ${verdict.hop}`;
  };
  return { traffic: judge('traffic'), health: judge('health') };
};
const groups = (alb: readonly GroupRule[], web: readonly GroupRule[]) => ({
  securityGroups: [
    { id: 'sg-alb', ingress: [], egress: alb },
    { id: 'sg-web', ingress: web, egress: [ANYTHING] },
  ],
});
const acls = (ofBalancer: readonly AclEntry[], ofTarget: readonly AclEntry[]) => ({
  acls: [
    { id: 'acl-balancer', subnetIds: ['subnet-a', 'subnet-c'], entries: ofBalancer },
    { id: 'acl-target', subnetIds: ['subnet-t'], entries: ofTarget },
  ],
});
const both = (verdict: string) => ({ traffic: verdict, health: verdict });

test('Given everything open as it should be, when both flows are judged, then they pass', () => {
  expect(judged({})).toEqual(both('passes'));
});

test('Given no balancer, when flows are judged, then no listener uses the group', () => {
  expect(judged({ balancers: [] })).toEqual(both('blocked listener'));
});

describe('security groups', () => {
  test('Given a target group without the rule, when judged, then its ingress blocks', () => {
    expect(judged(groups([ANYTHING], []))).toEqual(both('blocked target-ingress'));
  });
  test('Given a rule for the traffic port alone, when the health port differs, then only health is blocked', () => {
    expect(judged({}, { healthPort: '8080' })).toEqual({ traffic: 'passes', health: 'blocked target-ingress' });
  });
  test('Given a port override, when judged, then the rule has to cover it', () => {
    expect(judged({}, {}, { port: 8080 })).toEqual(both('blocked target-ingress'));
  });
  test('Given a source address range, when it covers one node of two, then the other is blocked', () => {
    expect(judged(groups([ANYTHING], [rule(cidr('10.0.1.0/24'))]))).toEqual(both('blocked target-ingress'));
    expect(judged(groups([ANYTHING], [rule(cidr('10.0.1.0/24')), rule(cidr('10.0.2.254/32'))]))).toEqual(
      both('passes'),
    );
  });
  test('Given a prefix list as source, when it covers the nodes, then it admits them', () => {
    const admitted = groups([ANYTHING], [rule({ kind: 'prefix-list', prefixListId: 'pl-1' })]);
    expect(judged({ ...admitted, prefixLists: { 'pl-1': ['10.0.0.0/16'] } })).toEqual(both('passes'));
    expect(judged(admitted)).toEqual(both('blocked target-ingress'));
  });
  test('Given a rule of another protocol, when judged, then it admits nothing; -1 admits all', () => {
    expect(judged(groups([ANYTHING], [rule(fromGroup('sg-alb'), 80, 'udp')]))).toEqual(both('blocked target-ingress'));
    expect(judged(groups([ANYTHING], [{ ...rule(fromGroup('sg-alb'), 1), protocol: '-1' }]))).toEqual(both('passes'));
  });
  test('Given the rule on the second interface only, when judged, then the first one decides', () => {
    const swapped = network.interfaces.map((at) => ({
      ...at,
      groupIds: at.deviceIndex === 0 ? ['sg-other'] : ['sg-web'],
    }));
    expect(judged({ interfaces: swapped })).toEqual(both('blocked target-ingress'));
    expect(judged({ interfaces: swapped }, {}, { id: '10.0.3.8' })).toEqual(both('passes'));
  });
  test('Given a balancer whose egress is restricted, when it does not name the port or the target, then it blocks', () => {
    const web = [rule(fromGroup('sg-alb'))];
    expect(judged(groups([], web))).toEqual(both('blocked balancer-egress'));
    expect(judged(groups([rule(fromGroup('sg-web'), 443)], web))).toEqual(both('blocked balancer-egress'));
    expect(judged(groups([rule(fromGroup('sg-web'))], web))).toEqual(both('passes'));
    expect(judged(groups([rule(cidr('10.0.3.7/32'))], web))).toEqual(both('passes'));
  });
});

describe('network ACLs', () => {
  const without = (egress: boolean) => OPEN.filter((one) => one.egress !== egress || !one.allows);
  test.each([
    ['balancer-acl-out', acls(without(true), OPEN)],
    ['target-acl-in', acls(OPEN, without(false))],
    ['target-acl-out', acls(OPEN, without(true))],
    ['balancer-acl-in', acls(without(false), OPEN)],
  ])('Given an ACL without an allow, when judged, then %s blocks', (hop, changes) => {
    expect(judged(changes)).toEqual(both(`blocked ${hop}`));
  });
  test('Given a deny before the allow, when its number is lower, then it decides, and not when it is higher', () => {
    const deny = (number: number) => entry(number, false, false, { protocol: '6', fromPort: 80, toPort: 80 });
    expect(judged(acls(OPEN, [deny(50), ...OPEN]))).toEqual(both('blocked target-acl-in'));
    expect(judged(acls(OPEN, [deny(150), ...OPEN]))).toEqual(both('passes'));
  });
  test('Given replies allowed in two ranges that meet, when judged, then they pass; with a gap they do not', () => {
    const replies = (from: number, to: number, number: number) =>
      entry(number, true, true, { protocol: '6', fromPort: from, toPort: to });
    const inbound = OPEN.filter(({ egress }) => !egress);
    expect(judged(acls(OPEN, [...inbound, replies(1024, 40000, 10), replies(40001, 65535, 20)]))).toEqual(
      both('passes'),
    );
    expect(judged(acls(OPEN, [...inbound, replies(1024, 40000, 10), replies(40002, 65535, 20)]))).toEqual(
      both('blocked target-acl-out'),
    );
  });
  test('Given a deny for one port among the reply ports, when judged, then replies are not safe', () => {
    const denied = [entry(1, false, false, { protocol: '6', fromPort: 3389, toPort: 3389 }), ...OPEN];
    expect(judged(acls(denied, OPEN))).toEqual(both('blocked balancer-acl-in'));
  });
  test('Given node and target in one subnet, when its ACL denies all, then nobody asks it', () => {
    const one = {
      ...alb,
      interfaces: [{ id: 'eni-t', subnetId: 'subnet-t', addresses: ['10.0.3.254'], groupIds: ['sg-alb'] }],
    };
    expect(judged({ balancers: [one], ...acls([], []) })).toEqual(both('passes'));
  });
  test('Given a subnet whose ACL was not read, when judged, then it is unknown', () => {
    expect(judged({ acls: [] })).toEqual(both('unknown balancer-acl-out'));
  });
});

describe('targets', () => {
  test('Given an instance that is stopped, when judged, then its state blocks', () => {
    expect(judged({ instances: [{ id: 'i-web', state: 'stopped' }] })).toEqual(both('blocked instance-state'));
  });
  test('Given a zone that is not enabled, when judged, then it blocks', () => {
    const away = network.interfaces.map((at) => ({ ...at, subnetId: 'subnet-d' }));
    expect(judged({ interfaces: away })).toEqual(both('blocked zone'));
  });
  test('Given an address that nobody holds, when judged, then it is blocked; outside every subnet it is unknown', () => {
    expect(judged({}, {}, { id: '10.0.3.99' })).toEqual(both('blocked target-interface'));
    expect(judged({}, {}, { id: '192.168.1.1' })).toEqual(both('unknown target-interface'));
  });
});

describe('an NLB with security groups', () => {
  const nlb: Balancer = { ...alb, id: 'nlb', kind: 'network' };
  const tcp = { protocol: 'TCP', healthProtocol: 'TCP' };
  const preserved = { ...tcp, preservesClientAddresses: true };
  test('Given client addresses kept or not, when the target admits its group, then both flows pass', () => {
    expect(judged({ balancers: [nlb] }, tcp)).toEqual(both('passes'));
    expect(judged({ balancers: [nlb] }, preserved)).toEqual(both('passes'));
  });
  test('Given client addresses kept, when the target admits the nodes’ addresses, then health passes and traffic is another matter', () => {
    const nodes = groups([ANYTHING], [rule(cidr('10.0.1.254/32')), rule(cidr('10.0.2.254/32'))]);
    expect(judged({ balancers: [nlb], ...nodes }, tcp)).toEqual(both('passes'));
    const clients = (...blocks: string[]) =>
      judged({ balancers: [nlb], ...nodes }, { ...preserved, clients: blocks }).traffic;
    expect(clients('203.0.113.0/24')).toBe('blocked target-ingress');
    expect(clients('10.0.1.254/32')).toBe('passes');
    expect(clients('10.0.1.0/24')).toBe('blocked target-ingress');
  });
  test('Given a restricted egress, when it leaves out the port, then health is blocked as well', () => {
    const restricted = groups([rule(fromGroup('sg-web'), 443)], [rule(fromGroup('sg-alb'))]);
    expect(judged({ balancers: [nlb], ...restricted }, preserved)).toEqual(both('blocked balancer-egress'));
  });
});

describe('clients that targets see', () => {
  const nlb: Balancer = { ...alb, id: 'nlb', kind: 'network', groupIds: [] };
  const open = { protocol: 'TCP', healthProtocol: 'TCP', preservesClientAddresses: true };
  const from = (ingress: readonly GroupRule[], clients?: readonly string[]) =>
    judged(
      { balancers: [nlb], ...groups([], [rule(cidr('10.0.0.0/16'), 81), ...ingress]) },
      { ...open, healthPort: '81', ...(clients === undefined ? {} : { clients }) },
    );
  test('Given nobody knows them, when the world is admitted, then traffic passes; when some are, it is unknown; none, it is blocked', () => {
    expect(from([rule(cidr('0.0.0.0/0'))])).toEqual(both('passes'));
    expect(from([rule(cidr('203.0.113.0/24'))])).toEqual({ traffic: 'unknown target-ingress', health: 'passes' });
    expect(from([])).toEqual({ traffic: 'blocked target-ingress', health: 'passes' });
  });
  test('Given they are known, when they are admitted, then traffic passes, whoever else may come', () => {
    expect(from([rule(cidr('203.0.113.0/24'))], ['203.0.113.0/25'])).toEqual(both('passes'));
    expect(from([rule(cidr('203.0.113.0/24'))], ['198.51.100.0/24']).traffic).toBe('blocked target-ingress');
    const halves = [rule(cidr('203.0.113.0/25')), rule(cidr('203.0.113.128/25'))];
    expect(from(halves, ['203.0.113.0/24'])).toEqual(both('passes'));
    expect(from(halves.slice(1), ['203.0.113.0/24']).traffic).toBe('blocked target-ingress');
  });
  test('Given an ACL that denies some of them, then traffic is blocked for those, and for a block that holds others too', () => {
    const denied = entry(50, false, false, { cidr: '203.0.113.0/24' });
    const guarded = (clients: readonly string[], first = denied) =>
      judged(
        {
          balancers: [nlb],
          ...groups([], [rule(cidr('0.0.0.0/0'))]),
          ...acls(OPEN, [first, ...OPEN]),
        },
        { ...open, clients },
      );
    expect(guarded(['203.0.113.7/32'])).toEqual({ traffic: 'blocked target-acl-in', health: 'passes' });
    expect(guarded(['203.0.0.0/16'])).toEqual({ traffic: 'blocked target-acl-in', health: 'passes' });
    expect(guarded(['198.51.100.0/24'])).toEqual(both('passes'));
    expect(guarded(['203.0.0.0/16'], entry(50, false, true, { cidr: '203.0.113.0/24' }))).toEqual(both('passes'));
  });
});

describe('a middlebox between balancer and target', () => {
  const LOCAL = { cidr: '10.0.0.0/16', to: 'local' } as const;
  const detour = (subnetId: string, blocks: readonly string[], to: 'middlebox' | 'elsewhere' = 'middlebox') => ({
    routes: [{ subnetId, routes: [LOCAL, ...blocks.map((block) => ({ cidr: block, to }))] }],
  });
  const byAddress = groups([ANYTHING], [rule(cidr('10.0.0.0/16'))]);
  test('Given a route to it that is more specific than the VPC’s own, when the target admits a group, then nobody is admitted; an address is', () => {
    for (const routes of [detour('subnet-a', ['10.0.3.0/24']), detour('subnet-t', ['10.0.2.0/24'])]) {
      expect(judged(routes)).toEqual(both('blocked target-ingress'));
      expect(judged({ ...routes, ...byAddress })).toEqual(both('passes'));
    }
  });
  test('Given the balancer’s egress names the target’s group, when packets are led through it, then they don’t leave', () => {
    const named = groups([rule(fromGroup('sg-web'))], [rule(cidr('10.0.0.0/16'))]);
    expect(judged(named)).toEqual(both('passes'));
    expect(judged({ ...named, ...detour('subnet-c', ['10.0.3.0/24']) })).toEqual(both('blocked balancer-egress'));
  });
  test('Given a route for others, or for all the world, then references hold', () => {
    for (const blocks of [['10.0.4.0/24'], ['0.0.0.0/0']]) {
      expect(judged(detour('subnet-t', blocks))).toEqual(both('passes'));
    }
    expect(judged(detour('subnet-a', ['10.0.3.0/24'], 'elsewhere'))).toEqual(both('passes'));
  });
});

test('Given an IPv6 group, when an instance is judged, then its IPv6 address and the nodes’ count', () => {
  const v6 = {
    balancers: [
      {
        ...alb,
        interfaces: alb.interfaces.map((at, index) => ({ ...at, addresses: [...at.addresses, `fd00:${index}::f`] })),
      },
    ],
    interfaces: network.interfaces.map((at) => ({ ...at, addresses: [...at.addresses, 'fd00:9::7'] })),
  };
  const admitted = groups([ANYTHING, { ...ANYTHING, peer: cidr('::/0') }], [rule(cidr('fd00::/16'))]);
  const open = acls(
    [...OPEN, entry(101, true, true, { cidr: '::/0' }), entry(101, false, true, { cidr: '::/0' })],
    [...OPEN, entry(101, true, true, { cidr: '::/0' }), entry(101, false, true, { cidr: '::/0' })],
  );
  expect(judged({ ...v6, ...admitted, ...open }, { isIpv6: true })).toEqual(both('passes'));
  expect(judged({ ...v6, ...admitted, ...open })).toEqual(both('blocked target-ingress'));
  expect(judged({ ...v6, ...admitted }, { isIpv6: true })).toEqual(both('blocked balancer-acl-out'));
});

describe('balancers without security groups', () => {
  const nlb: Balancer = { ...alb, id: 'nlb', kind: 'network', groupIds: [], crossZone: false, zones: ['1a', '1c'] };
  const tcp = { protocol: 'TCP', healthProtocol: 'TCP' };
  test('Given an NLB that preserves clients, when judged, then health comes from its nodes and traffic is unknown', () => {
    const admitsNode = groups([], [rule(cidr('10.0.1.254/32'))]);
    expect(judged({ balancers: [nlb], ...admitsNode }, { ...tcp, preservesClientAddresses: true })).toEqual({
      traffic: 'unknown target-ingress',
      health: 'passes',
    });
  });
  test('Given an NLB that stays in its zones, when only the node of the target’s zone is admitted, then that is enough', () => {
    const admitsNode = groups([], [rule(cidr('10.0.1.254/32'))]);
    expect(judged({ balancers: [nlb], ...admitsNode }, tcp)).toEqual(both('passes'));
    expect(judged({ balancers: [{ ...nlb, crossZone: true }], ...admitsNode }, tcp)).toEqual(
      both('blocked target-ingress'),
    );
  });
  test('Given appliances, when judged, then UDP 6081 goes in and out, and health knocks at TCP 80', () => {
    const gwlb: Balancer = { ...nlb, id: 'gwlb', kind: 'gateway' };
    const geneve = { protocol: 'GENEVE', healthProtocol: 'TCP', healthPort: '80' };
    const node = cidr('10.0.1.254/32');
    const appliance = (egress: readonly GroupRule[]) => ({
      balancers: [gwlb],
      securityGroups: [{ id: 'sg-web', ingress: [rule(node, 6081, 'udp'), rule(node)], egress }],
    });
    expect(judged(appliance([rule(node, 6081, 'udp')]), geneve, { port: 6081 })).toEqual(both('passes'));
    expect(judged(appliance([]), geneve, { port: 6081 })).toEqual({
      traffic: 'blocked target-egress',
      health: 'passes',
    });
  });
});
