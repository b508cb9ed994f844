import fc from 'fast-check';
import type { HostName, SubnetName } from './layout.ts';
import { familyOf, HOSTS } from './layout.ts';
import type { BalancerKind, Path, World } from './world.ts';

/*
 * Worlds that are mostly right, with something wrong here and there: of rules drawn blindly hardly any path would pass.
 */

const GROUPS = ['sg-b1', 'sg-b2', 'sg-t1', 'sg-t2', 'sg-t3'] as const;
const BALANCER_GROUPS = GROUPS.slice(0, 2);
const TARGET_GROUPS = GROUPS.slice(2);
const PORTS = [80, 443, 8080];
const TUNNEL_PORT = 6081;

/** Halves of subnets, subnets, VPC, world, and somewhere else: every block holds or leaves out a host's address whole. */
const CIDRS = [
  '0.0.0.0/0',
  '0.0.0.0/0',
  '10.0.0.0/16',
  '10.0.0.0/23',
  '10.0.0.0/24',
  '10.0.1.0/24',
  '10.0.2.0/24',
  '10.0.0.0/25',
  '10.0.0.128/25',
  '10.0.1.128/25',
  '10.0.2.0/25',
  '203.0.113.0/24',
  '198.51.100.0/24',
  '198.51.100.0/25',
  '::/0',
  '::/0',
  '2001:db8::/48',
  '2001:db8:0:a::/64',
  '2001:db8:0:b::/64',
  '2001:db8:0:c::/64',
  '2001:db8:0:a::/65',
  '2001:db8:0:a:8000::/65',
  '2001:db8:0:b:8000::/65',
  '2001:db8:0:c::/65',
  '2001:db8:ffff:2::/64',
];

const anyRulePorts = fc.constantFrom(
  'all',
  '80',
  '443',
  '8080',
  '80-443',
  '1-1023',
  '8000-9000',
  '0-65535',
  '22',
  '6081',
);
const anyProtocol = fc.constantFrom('tcp', 'tcp', 'tcp', 'tcp', '6', '-1', 'udp', '17', 'icmp', '47');

const anyPeer = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CIDRS) },
  { weight: 3, arbitrary: fc.constantFrom<string>(...GROUPS) },
  { weight: 1, arbitrary: fc.constantFrom('pl-1', 'pl-2') },
);

const anyRule = fc
  .tuple(fc.constantFrom('in', 'out'), anyProtocol, anyRulePorts, anyPeer)
  .map((parts) => parts.join(' '));

const exactly = (address: string): string => (familyOf(address) === 'ipv4' ? `${address}/32` : `${address}/128`);
const EVERYTHING = ['-1 all 0.0.0.0/0', '-1 all ::/0'];
const everything = (direction: 'in' | 'out'): readonly string[] => EVERYTHING.map((rest) => `${direction} ${rest}`);

/** Exact addresses, outbound: inbound some would cut subnets in pieces of which no node has an address to try from. */
const anyExactRule = fc
  .tuple(
    fc.constantFrom('tcp', '-1'),
    fc.constantFrom('80', '443', 'all'),
    fc.constantFrom(...Object.values(HOSTS).flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6])),
  )
  .map(([protocol, ports, address]) => `out ${protocol} ${ports} ${exactly(address)}`);

const HALVES = ['10.0.0.0/25', '10.0.1.0/24', '10.0.1.128/25', '2001:db8:0:a::/65', '2001:db8:0:b::/64'];
const NODE_ADDRESSES = [...HOSTS.a1.ipv4, ...HOSTS.b1.ipv4, ...HOSTS.a1.ipv6, ...HOSTS.b1.ipv6];

const fromAnywhere = [
  fc.constant(everything('in')),
  fc.constant(['in tcp all 10.0.0.0/16', 'in tcp all 2001:db8::/48']),
  fc.constant(['in tcp all pl-1']),
  // The two halves of a subnet in two rules are the whole of it.
  fc.constant(['in tcp all 10.0.0.0/25', 'in tcp all 10.0.0.128/25', 'in tcp all 10.0.1.0/24']),
];

/** What lets in nodes that wear groups, most of the time. */
const fromGuarded = fc.oneof(
  ...fromAnywhere,
  fc
    .tuple(fc.constantFrom('80', '443', '80-9000', '80-9000', 'all'), fc.constantFrom<string>(...BALANCER_GROUPS))
    .map(([ports, peer]) => [`in tcp ${ports} ${peer}`]),
  // One half of a subnet is not the whole of it.
  fc.subarray(HALVES, { minLength: 2 }).map((cidrs) => cidrs.map((cidr) => `in tcp all ${cidr}`)),
);

/** What lets in nodes that wear none, and clients behind them. */
const fromUnguarded = fc.oneof(
  ...fromAnywhere,
  fc.constant(['in udp 6081 10.0.0.0/23', 'in tcp 80-443 10.0.0.0/23', 'in tcp 80-443 198.51.100.0/24']),
  fc.constant(['in udp all 10.0.0.0/16', 'in -1 all 198.51.100.0/24', 'in -1 all 2001:db8::/32']),
  fc
    .subarray(NODE_ADDRESSES, { minLength: 6 })
    .map((addresses) =>
      addresses.flatMap((address) => [`in tcp 80-9000 ${exactly(address)}`, `in udp 6081 ${exactly(address)}`]),
    ),
);

const rightEgress = fc.oneof(
  { weight: 3, arbitrary: fc.constant(everything('out')) },
  {
    weight: 1,
    arbitrary: fc.constant(TARGET_GROUPS.map((groupId) => `out tcp all ${groupId}`)),
  },
);

const sometimes = <T>(right: fc.Arbitrary<readonly T[]>, weight: number): fc.Arbitrary<readonly T[]> =>
  fc.oneof({ weight, arbitrary: right }, { weight: 1, arbitrary: fc.constant([]) });

const anyGroup = (isGuarded: boolean): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(
      sometimes(isGuarded ? fromGuarded : fromUnguarded, 9),
      sometimes(rightEgress, 9),
      fc.array(anyRule, { maxLength: 3 }),
      fc.array(anyExactRule, { maxLength: 1 }),
    )
    .map((parts) => parts.flat());

const anyEntryPorts = fc.constantFrom(
  'all',
  '80',
  '443',
  '80-443',
  '0-1023',
  '0-65535',
  '1024-65535',
  '1024-32767',
  '32768-65535',
  '49152-65535',
  '8000-9000',
);

const WIDE_CIDRS = [
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/16',
  '2001:db8::/48',
  '10.0.0.0/23',
  '198.51.100.0/24',
  '10.0.0.128/25',
  '10.0.1.0/25',
];

const anyEntry = fc.record({
  direction: fc.constantFrom('in', 'out'),
  action: fc.constantFrom('allow', 'deny'),
  protocol: fc.constantFrom('tcp', 'tcp', 'tcp', '-1', 'udp', 'icmp'),
  ports: anyEntryPorts,
  cidr: fc.constantFrom(...WIDE_CIDRS, ...WIDE_CIDRS, ...WIDE_CIDRS, ...CIDRS),
});

const OPEN_ENDS = ['in', 'out'].flatMap((direction) => [
  `500 ${direction} allow -1 all 0.0.0.0/0`,
  `501 ${direction} allow -1 all ::/0`,
]);

/** Entries in any order of their numbers, before an open end or a closed one. */
const anyAcl: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 4 }),
    fc.array(anyEntry, { minLength: 4, maxLength: 4 }),
    fc.constantFrom(true, true, true, true, false),
    fc.boolean(),
  )
  .map(([numbers, entries, isOpen, isNarrow]) => {
    const own = numbers.flatMap((number, index) => {
      const entry = entries[index];
      return entry
        ? [`${number} ${entry.direction} ${entry.action} ${entry.protocol} ${entry.ports} ${entry.cidr}`]
        : [];
    });
    const narrow = ['450 in allow tcp 1-65535 10.0.0.0/16', '450 out allow tcp 1024-65535 10.0.0.0/16'];
    return [...(isOpen ? OPEN_ENDS : []), ...own, ...(isNarrow ? narrow : [])];
  });

const anyAcls: fc.Arbitrary<World['acls']> = fc
  .record({
    a: fc.option(anyAcl, { nil: undefined, freq: 2 }),
    b: fc.option(anyAcl, { nil: undefined, freq: 2 }),
    c: fc.option(anyAcl, { nil: undefined, freq: 2 }),
  })
  .map((acls) =>
    Object.fromEntries(
      (Object.entries(acls) as [SubnetName, readonly string[] | undefined][]).filter(
        ([, entries]) => entries !== undefined,
      ),
    ),
  );

const someOf = (groups: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.subarray([...groups], { minLength: 1, maxLength: 2 });

const anyPrefixList = fc.oneof(
  fc.constant(['10.0.0.0/16', '2001:db8::/48']),
  fc.uniqueArray(fc.constantFrom(...CIDRS), { maxLength: 3 }),
);

const anyMiddleboxes: fc.Arbitrary<World['middleboxes']> = fc.constantFrom<World['middleboxes'][]>(
  [],
  [],
  [],
  [],
  [['a', 'c']],
  [
    ['a', 'c'],
    ['b', 'c'],
  ],
  [['b', 'a']],
);

const NODES: readonly (readonly HostName[])[] = [['a1', 'b1'], ['a1'], ['b1']];
const TARGETS: readonly HostName[] = ['a2', 'b2', 'c1', 'c2'];

/** Nodes that wear no groups, and send from addresses that are known. */
const UNGUARDED: readonly BalancerKind[] = ['network-by-address', 'network-with-clients', 'gateway'];
const GUARDED: readonly BalancerKind[] = ['application', 'application', 'classic', 'network'];

const anyFlow = (balancer: BalancerKind): fc.Arbitrary<Pick<Path, 'flow' | 'protocol' | 'port'>> => {
  const health = fc.constantFrom(...PORTS).map((port) => ({ flow: 'health', protocol: 'tcp', port }) as const);
  const traffic = health.map((each) => ({ ...each, flow: 'traffic' }) as const);
  // What UDP groups of other kinds see as their source, no kernel can imitate: a client's address that a group stands for.
  if (balancer === 'network-with-clients') {
    return fc.oneof(
      health,
      traffic,
      traffic.map((each) => ({ ...each, protocol: 'udp' }) as const),
    );
  }
  if (balancer !== 'gateway') return fc.oneof(health, traffic);
  return fc.oneof(
    health,
    fc
      .constantFrom('traffic' as const, 'return' as const)
      .map((flow) => ({ flow, protocol: 'udp', port: TUNNEL_PORT }) as const),
  );
};

/** To a target, or from a target to a node, as if it were a balancer itself: the rules must hold in both directions. */
const anyPath = (isGuarded: boolean): fc.Arbitrary<Path> =>
  fc
    .record({
      balancer: fc.constantFrom(...(isGuarded ? GUARDED : UNGUARDED)),
      nodes: fc.constantFrom(...NODES),
      target: fc.constantFrom(...TARGETS),
      // Who wears no group can't be a target.
      isBackwards: isGuarded ? fc.constantFrom(false, false, false, true) : fc.constant(false),
    })
    .chain(({ balancer, nodes, target, isBackwards }) => {
      const from = isBackwards ? [target] : nodes;
      const to = isBackwards ? (nodes[0] ?? 'a1') : target;
      const addresses = balancer === 'gateway' ? HOSTS[to].ipv4 : [...HOSTS[to].ipv4, ...HOSTS[to].ipv6];
      return fc
        .tuple(fc.constantFrom(...addresses), anyFlow(balancer))
        .map(([address, flow]) => ({ balancer, from, to: address, ...flow }));
    });

const worldOf = (isGuarded: boolean): fc.Arbitrary<World> =>
  fc
    .record({
      groups: fc.tuple(...GROUPS.map(() => anyGroup(isGuarded))),
      balancer: someOf(BALANCER_GROUPS),
      targets: fc.tuple(...TARGETS.map(() => someOf(TARGET_GROUPS))),
      acls: anyAcls,
      lists: fc.tuple(anyPrefixList, anyPrefixList),
      middleboxes: anyMiddleboxes,
      paths: fc.array(anyPath(isGuarded), { minLength: 1, maxLength: 4 }),
    })
    .map(({ groups, balancer, targets, acls, lists, middleboxes, paths }) => ({
      title: 'a random world',
      groups: Object.fromEntries(GROUPS.map((groupId, index) => [groupId, groups[index] ?? []])),
      wears: {
        ...(isGuarded ? { a1: balancer, b1: balancer } : {}),
        ...Object.fromEntries(TARGETS.map((host, index) => [host, targets[index] ?? []])),
      },
      acls,
      prefixLists: { 'pl-1': lists[0], 'pl-2': lists[1] },
      middleboxes,
      paths,
    }));

/** Any world whose paths the kernel and the engine can both be asked about. */
export const anyWorld: fc.Arbitrary<World> = fc.oneof(worldOf(true), worldOf(false));
