import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { InstanceState } from '../../../domain/instance.ts';
import { worstVerdict } from '../../../domain/network/findings.ts';
import { judge } from '../../../domain/network/judge.ts';
import type * as engine from '../../../domain/network/model.ts';
import type { HopName, Judgement, Seat } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import { read } from '../../../domain/reading.ts';
import type * as proxy from '../../../local/proxy/network.ts';
import type { Hop } from '../../../local/proxy/reachability.ts';
import { judgeFlow } from '../../../local/proxy/reachability.ts';
import { anAlb, aRule, aSubnet, aTargetGroup, VPC } from '../../support/world/builders.ts';

type Kind = 'application' | 'classic' | 'network' | 'gateway';

/**
 * A small world in words of neither judge: two subnets with a node of the balancer each, a target in one of four. Blocks are
 * those of whole subnets or wider where the balancer has groups, for then the engine doesn't ask where in its subnet a node
 * stands; else also the nodes' own.
 */
interface SmallWorld {
  readonly kind: Kind;
  /** Of an NLB's group. */
  readonly protocol: 'TCP' | 'TLS' | 'UDP' | 'TCP_UDP';
  /** Whether targets of an NLB see its clients; those of UDP always do. */
  readonly preserves: boolean;
  /** Where its clients are; nobody knows when there are none. */
  readonly clients: readonly string[];
  /** Blocks that a subnet's packets reach through an appliance. */
  readonly detours: readonly Detour[];
  readonly isUsed: boolean;
  readonly type: 'instance' | 'ip';
  readonly healthPort: 'traffic-port' | number;
  readonly state: InstanceState;
  readonly at: keyof typeof SUBNETS;
  readonly balancerGroups: readonly string[];
  readonly targetGroups: readonly string[];
  readonly rules: Readonly<Record<string, readonly Rule[]>>;
  readonly acls: { readonly balancer: readonly Entry[]; readonly target: readonly Entry[] };
  readonly listed: readonly string[];
}
interface Detour {
  readonly from: keyof typeof SUBNETS;
  readonly to: keyof typeof SUBNETS;
}
interface Rule {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly ports: readonly [number, number];
  /** `sg-…`, `pl-…` or a CIDR. */
  readonly peer: string;
}
interface Entry {
  readonly number: number;
  readonly egress: boolean;
  readonly allows: boolean;
  readonly protocol: string;
  readonly ports: readonly [number, number];
  readonly cidr: string;
}

const SUBNETS = {
  'subnet-a': { zone: 'ap-northeast-1a', cidr: '10.0.1.0/24', address: '10.0.1.7' },
  'subnet-c': { zone: 'ap-northeast-1c', cidr: '10.0.2.0/24', address: '10.0.2.7' },
  'subnet-t': { zone: 'ap-northeast-1a', cidr: '10.0.3.0/24', address: '10.0.3.7' },
  'subnet-d': { zone: 'ap-northeast-1d', cidr: '10.0.4.0/24', address: '10.0.4.7' },
} as const;
const PLACES = Object.keys(SUBNETS) as readonly (keyof typeof SUBNETS)[];
const GROUPS = ['sg-alb', 'sg-alb2', 'sg-web', 'sg-other'];
const NODES = { 'subnet-a': '10.0.1.250', 'subnet-c': '10.0.2.250' } as const;
const CLIENTS = ['198.51.100.0/24', '203.0.113.0/24', '203.0.113.0/25'];
const CIDRS = ['0.0.0.0/0', '10.0.0.0/16', ...Object.values(SUBNETS).map(({ cidr }) => cidr)];
const PORTS: readonly (readonly [number, number])[] = [
  [80, 80],
  [8080, 8080],
  [0, 65535],
  [1024, 65535],
  [32768, 61000],
  [81, 90],
  [6081, 6081],
];

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
/** Mostly as it should be, so that many worlds have one obstacle only. */
const mostly = <T>(usual: T, otherwise: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: otherwise });

const anyRule = (direction: Rule['direction']): fc.Arbitrary<Rule> =>
  fc.record({
    direction: fc.constant(direction),
    protocol: oneOf('tcp', 'tcp', 'udp', '-1'),
    ports: oneOf(...PORTS),
    peer: oneOf(...GROUPS, ...CIDRS, ...Object.values(NODES).map((node) => `${node}/32`), ...CLIENTS, '::/0', 'pl-1'),
  });
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  number: fc.integer({ min: 1, max: 200 }),
  egress: fc.boolean(),
  allows: fc.boolean(),
  protocol: oneOf('-1', '6', '6', '17'),
  ports: oneOf(...PORTS),
  cidr: oneOf(...CIDRS, '10.0.0.0/16', '0.0.0.0/0', ...CLIENTS, '::/0'),
});
const everything = (egress: boolean): Entry => ({
  number: 100,
  egress,
  allows: true,
  protocol: '-1',
  ports: [0, 65535],
  cidr: '0.0.0.0/0',
});
const OPEN = [everything(true), everything(false)];
const OUT: Rule = { direction: 'egress', protocol: '-1', ports: [0, 65535], peer: '0.0.0.0/0' };
const IN: Rule = { direction: 'ingress', protocol: 'tcp', ports: [0, 65535], peer: 'sg-alb' };
const FROM_CLIENTS: Rule = { direction: 'ingress', protocol: '-1', ports: [0, 65535], peer: '203.0.113.0/24' };
const FROM_VPC: Rule = { direction: 'ingress', protocol: '-1', ports: [0, 65535], peer: '10.0.0.0/16' };

/** ACLs say four things at once, so they are odd more often. */
const anyAcl = fc.oneof(
  fc.constant(OPEN),
  fc
    .tuple(fc.uniqueArray(anyEntry, { maxLength: 3, selector: ({ number }) => number }), oneOf(true, true, false))
    .map(([entries, open]) => [...entries, ...(open ? OPEN.map((entry) => ({ ...entry, number: 300 })) : [])]),
);
const anyWorldOf = (...kinds: readonly Kind[]): fc.Arbitrary<SmallWorld> => anyMixture(kinds).map(possible);

/** What AWS doesn't have is left out, and what one of the judges can't be asked. */
const possible = (world: SmallWorld): SmallWorld => {
  const isNetwork = world.kind === 'network';
  const balancerGroups =
    world.kind === 'gateway' ? [] : isNetwork || world.balancerGroups.length > 0 ? world.balancerGroups : ['sg-alb'];
  const preserves = isNetwork && (world.preserves || world.protocol.includes('UDP'));
  const named = (rule: Rule): Rule => {
    const [subnetId] = Object.entries(NODES).find(([, node]) => rule.peer === `${node}/32`) ?? [];
    if (subnetId === undefined || balancerGroups.length === 0) return rule;
    return { ...rule, peer: SUBNETS[subnetId as keyof typeof NODES].cidr };
  };
  return {
    ...world,
    balancerGroups,
    preserves,
    rules: Object.fromEntries(Object.entries(world.rules).map(([id, rules]) => [id, rules.map(named)])),
    // An NLB that preserves addresses can't have an appliance between itself and its targets (facts 4).
    detours: preserves || balancerGroups.length === 0 ? [] : world.detours,
  };
};

const anyMixture = (kinds: readonly Kind[]): fc.Arbitrary<SmallWorld> =>
  fc.record({
    kind: oneOf(...kinds),
    protocol: oneOf<SmallWorld['protocol']>('TCP', 'TCP', 'TLS', 'UDP', 'TCP_UDP'),
    preserves: fc.boolean(),
    clients: oneOf<readonly string[]>(
      [],
      ['203.0.113.0/25'],
      ['203.0.113.0/24'],
      ['198.51.100.0/24', '203.0.113.0/25'],
    ),
    detours: mostly<readonly Detour[]>(
      [],
      fc.array(fc.record({ from: oneOf(...PLACES), to: oneOf(...PLACES) }), { maxLength: 2 }),
    ),
    isUsed: mostly(true, fc.boolean()),
    type: oneOf('instance', 'ip'),
    healthPort: oneOf<'traffic-port' | number>('traffic-port', 80, 8080),
    state: mostly<InstanceState>('running', oneOf('pending', 'stopping', 'stopped')),
    at: oneOf('subnet-a', 'subnet-c', 'subnet-t', 'subnet-t', 'subnet-t', 'subnet-d'),
    balancerGroups: mostly<readonly string[]>(
      ['sg-alb'],
      oneOf<readonly string[]>(['sg-alb2'], ['sg-alb', 'sg-alb2'], [], []),
    ),
    targetGroups: mostly(['sg-web'], oneOf(['sg-other'], ['sg-web', 'sg-other'])),
    rules: fc.record({
      'sg-alb': mostly([OUT], fc.array(anyRule('egress'), { maxLength: 3 })),
      'sg-alb2': mostly([OUT], fc.array(anyRule('egress'), { maxLength: 3 })),
      'sg-web': fc.oneof(
        { weight: 3, arbitrary: oneOf([IN, OUT], [IN, FROM_VPC, OUT], [FROM_VPC, FROM_CLIENTS, OUT]) },
        { weight: 2, arbitrary: fc.array(fc.oneof(anyRule('ingress'), anyRule('egress')), { maxLength: 5 }) },
      ),
      'sg-other': fc.array(anyRule('ingress'), { maxLength: 3 }),
    }),
    acls: fc.record({ balancer: anyAcl, target: anyAcl }),
    listed: oneOf([], ['10.0.1.0/24'], ['10.0.1.0/24', '10.0.2.0/24'], ['10.0.0.0/16']),
  });

/** A Classic balancer with listeners to two ports. */
const CLASSIC = { protocol: undefined, port: undefined, instancePorts: [80, 8080] } as const;

const protocolOf = ({ kind, protocol }: SmallWorld): string => {
  if (kind === 'gateway') return 'GENEVE';
  return kind === 'network' ? protocol : 'HTTP';
};

/** Within its own subnet nothing is routed, and no route of a VPC can say otherwise. */
const detoursFrom = ({ detours }: SmallWorld, subnetId: string): readonly Detour[] =>
  detours.filter(({ from, to }) => from === subnetId && to !== subnetId);

const portOf = ({ kind }: SmallWorld): number => (kind === 'gateway' ? 6081 : 80);

/** A Classic balancer's check always has a port of its own. */
const healthPortOf = ({ kind, healthPort }: SmallWorld): 'traffic-port' | number =>
  (kind === 'classic' || kind === 'gateway') && healthPort === 'traffic-port' ? 85 : healthPort;

const BALANCER_SUBNETS = ['subnet-a', 'subnet-c'] as const;
const aclOf = (subnetId: string): keyof SmallWorld['acls'] =>
  BALANCER_SUBNETS.some((id) => id === subnetId) ? 'balancer' : 'target';

/** The world as the proxy sees it. */
const forProxy = (world: SmallWorld): { readonly network: proxy.Network; readonly group: proxy.TargetGroup } => {
  const peerOf = (peer: string): proxy.Peer => {
    if (peer.startsWith('sg-')) return { kind: 'group', groupId: peer };
    return peer.startsWith('pl-') ? { kind: 'prefix-list', prefixListId: peer } : { kind: 'cidr', cidr: peer };
  };
  const rulesOf = (groupId: string, direction: Rule['direction']): readonly proxy.GroupRule[] =>
    (world.rules[groupId] ?? [])
      .filter((rule) => rule.direction === direction)
      .map(({ protocol, ports: [fromPort, toPort], peer }) => ({ protocol, fromPort, toPort, peer: peerOf(peer) }));
  const node = (subnetId: (typeof BALANCER_SUBNETS)[number], address: string): proxy.Interface => ({
    id: `eni-${subnetId}`,
    subnetId,
    addresses: [address],
    groupIds: world.balancerGroups,
  });
  const acl = (name: keyof SmallWorld['acls']): proxy.NetworkAcl => ({
    id: `acl-${name}`,
    subnetIds: Object.keys(SUBNETS).filter((id) => aclOf(id) === name),
    entries: world.acls[name].map(({ ports: [fromPort, toPort], ...entry }) => ({ ...entry, fromPort, toPort })),
  });
  const alb: proxy.Balancer = {
    id: 'web-alb',
    kind: world.kind,
    groupIds: world.balancerGroups,
    zones: BALANCER_SUBNETS.map((id) => SUBNETS[id].zone),
    crossZone: true,
    interfaces: BALANCER_SUBNETS.map((id) => node(id, NODES[id])),
  };
  const target = {
    id: 'eni-target',
    subnetId: world.at,
    addresses: [SUBNETS[world.at].address],
    groupIds: world.targetGroups,
    instanceId: 'i-00000001',
    deviceIndex: 0,
  };
  return {
    group: {
      protocol: protocolOf(world),
      healthProtocol: 'HTTP',
      healthPort: String(healthPortOf(world)),
      preservesClientAddresses: world.preserves,
      ...(world.clients.length === 0 ? {} : { clients: world.clients }),
    },
    network: {
      balancers: world.isUsed ? [alb] : [],
      securityGroups: GROUPS.map((id) => ({ id, ingress: rulesOf(id, 'ingress'), egress: rulesOf(id, 'egress') })),
      acls: [acl('balancer'), acl('target')],
      subnets: Object.entries(SUBNETS).map(([id, { zone, cidr }]) => ({ id, zone, cidrs: [cidr] })),
      interfaces: [target],
      instances: [{ id: 'i-00000001', state: world.state }],
      prefixLists: { 'pl-1': world.listed },
      routes: PLACES.map((subnetId) => ({
        subnetId,
        routes: [
          { cidr: '10.0.0.0/16', to: 'local' },
          ...detoursFrom(world, subnetId).map(({ to }) => ({ cidr: SUBNETS[to].cidr, to: 'middlebox' }) as const),
        ],
      })),
    },
  };
};

/** The same as the engine sees it. */
const forEngine = (world: SmallWorld): { readonly network: engine.Network; readonly seat: Seat } => {
  const peerOf = (peer: string): engine.RulePeer => {
    if (peer.startsWith('sg-')) return { kind: 'security-group', groupId: peer };
    if (peer.startsWith('pl-')) return { kind: 'prefix-list', prefixListId: peer };
    return { kind: peer.includes(':') ? 'cidr-ipv6' : 'cidr-ipv4', cidr: peer };
  };
  const rulesOf = (groupId: string): readonly engine.SecurityGroupRule[] =>
    (world.rules[groupId] ?? []).map(({ direction, protocol, ports: [fromPort, toPort], peer }, index) =>
      aRule({
        ruleId: `sgr-${groupId}-${index}`,
        groupId,
        direction,
        protocol,
        ...(protocol === '-1' ? {} : { fromPort, toPort }),
        peer: peerOf(peer),
      }),
    );
  const aclFor = (subnetId: string): engine.NetworkAcl => ({
    networkAclId: `acl-${aclOf(subnetId)}`,
    entries: world.acls[aclOf(subnetId)].map(({ number, egress, allows, protocol, cidr, ports }) => ({
      ruleNumber: number,
      egress,
      action: allows ? 'allow' : 'deny',
      protocol,
      cidr,
      fromPort: protocol === '-1' ? undefined : ports[0],
      toPort: protocol === '-1' ? undefined : ports[1],
    })),
  });
  const subnetIds = Object.keys(SUBNETS) as readonly (keyof typeof SUBNETS)[];
  const alb = anAlb({ kind: world.kind, securityGroupIds: world.balancerGroups });
  const group = aTargetGroup({
    targetType: world.type,
    ...(world.kind === 'classic' ? CLASSIC : { protocol: protocolOf(world), port: portOf(world) }),
    ...(world.isUsed ? {} : { loadBalancerArns: [] }),
    ...(world.clients.length === 0 ? {} : { tags: { 'usher:client-cidrs': world.clients.join(' ') } }),
  });
  return {
    seat: {
      targetGroup: { ...group, healthCheck: { ...group.healthCheck, port: healthPortOf(world) } },
      loadBalancer: world.isUsed ? alb : undefined,
      target: { id: targetIdOf(world), port: world.kind === 'classic' ? undefined : portOf(world) },
      instance: { instanceId: 'i-00000001', state: world.state, availabilityZone: SUBNETS[world.at].zone },
      networkInterface: {
        networkInterfaceId: 'eni-target',
        deviceIndex: 0,
        networkCardIndex: 0,
        vpcId: VPC,
        subnetId: world.at,
        securityGroupIds: world.targetGroups,
        privateIpv4Addresses: [SUBNETS[world.at].address],
        ipv6Addresses: [],
      },
    },
    network: {
      ...NOTHING_READ,
      rules: new Map(GROUPS.map((id) => [id, read(rulesOf(id))])),
      acls: new Map(subnetIds.map((id) => [id, read(aclFor(id))])),
      subnets: new Map(
        subnetIds.map((id) => [
          id,
          read(
            aSubnet({ subnetId: id, availabilityZone: SUBNETS[id].zone, ipv4Cidr: SUBNETS[id].cidr, ipv6Cidrs: [] }),
          ),
        ]),
      ),
      preservation: new Map([[group.arn, read(world.preserves)]]),
      endpointServices: new Map([[alb.arn, read(false)]]),
      balancerInterfaces: new Map([
        [
          alb.arn,
          read(
            BALANCER_SUBNETS.map((subnetId) => ({
              networkInterfaceId: `eni-${subnetId}`,
              subnetId,
              privateIpv4Addresses: [NODES[subnetId]],
              ipv6Addresses: [],
            })),
          ),
        ],
      ]),
      routes: new Map(
        PLACES.map((subnetId) => [
          subnetId,
          read({
            routeTableId: `rtb-${subnetId}`,
            routes: [
              { destination: '10.0.0.0/16', to: 'local', via: 'local', isBlackhole: false } as const,
              ...detoursFrom(world, subnetId).map(
                ({ to }) =>
                  ({
                    destination: SUBNETS[to].cidr,
                    to: 'middlebox',
                    via: 'eni-appliance',
                    isBlackhole: false,
                  }) as const,
              ),
            ],
          }),
        ]),
      ),
      prefixLists: new Map([['pl-1', read({ prefixListId: 'pl-1', cidrs: world.listed, weight: 10 })]]),
    },
  };
};

const targetIdOf = (world: SmallWorld): string => (world.type === 'ip' ? SUBNETS[world.at].address : 'i-00000001');

/** What the proxy calls each of the engine's hops. */
const HOPS: Readonly<Record<HopName, Hop>> = {
  listener: 'listener',
  zone: 'zone',
  'balancer-egress': 'balancer-egress',
  'acl-balancer-out': 'balancer-acl-out',
  'acl-target-in': 'target-acl-in',
  'target-ingress': 'target-ingress',
  'instance-state': 'instance-state',
  'target-egress': 'target-egress',
  'acl-target-out': 'target-acl-out',
  'acl-balancer-in': 'balancer-acl-in',
};

/** A hop of the engine that is broken: it lets everything through, or nothing. */
type Breakage = { readonly hop: HopName; readonly says: 'passes' | 'blocked' };

const broken = ({ hops }: Judgement, breakage: Breakage | undefined): Pick<Judgement, 'verdict' | 'hops'> => {
  const changed = hops.map((each) => (each.hop === breakage?.hop ? { ...each, verdict: breakage.says } : each));
  return { hops: changed, verdict: worstVerdict(changed) };
};

const PURPOSES = ['traffic', 'health'] as const;
type Purpose = (typeof PURPOSES)[number];

/** What an appliance sends back is traffic too. */
const purposeOf = ({ name }: engine.Flow): Purpose => (name === 'health' ? 'health' : 'traffic');

/** Whether nobody knows who sends the traffic: then the engine may leave open what would be closed to anybody. */
const isAnybodys = ({ preserves, clients }: SmallWorld, purpose: Purpose): boolean =>
  purpose === 'traffic' && preserves && clients.length === 0;

/** Where the two disagree about a flow, if they do: on the verdict, or on a hop that only the proxy finds blocked. */
const disagreement = (world: SmallWorld, breakage?: Breakage): string | undefined => {
  const { network, group } = forProxy(world);
  const { network: known, seat } = forEngine(world);
  const flows = requiredFlows(seat);
  for (const flow of flows.filter((each, index) => flows.findIndex((one) => sameWay(one, each)) === index)) {
    const purpose = purposeOf(flow);
    const theirs = judgeFlow(network, group, { id: targetIdOf(world), port: flow.port }, purpose);
    const ours = flows.filter((each) => sameWay(each, flow)).map((each) => broken(judge(each, known), breakage));
    const verdict = worstVerdict(ours);
    const blocked = ours
      .flatMap(({ hops }) => hops.filter((each) => each.verdict === 'blocked'))
      .map(({ hop }) => HOPS[hop]);
    const isOpen = isAnybodys(world, purpose) && theirs.kind !== 'passes';
    if (theirs.kind !== verdict && !(isOpen && verdict === 'unknown'))
      return `${purpose}: the proxy ${theirs.kind}, the engine ${verdict}`;
    if (theirs.kind === 'blocked' && !isOpen && !blocked.includes(theirs.hop))
      return `${purpose}: only the proxy at ${theirs.hop}`;
  }
  return undefined;
};

/** The proxy asks once what is several flows to the engine: both protocols of a port, and through a tunnel there and back. */
const sameWay = (one: engine.Flow, other: engine.Flow): boolean =>
  purposeOf(one) === purposeOf(other) && one.port === other.port;

test.each<[string, readonly Kind[]]>([
  ['an ALB or a Classic balancer', ['application', 'application', 'classic']],
  ['an NLB', ['network']],
  ['a GWLB', ['gateway']],
])(
  'The proxy’s judge and the engine, which know nothing of each other, agree on every flow of any small world of %s',
  (_, kinds) => {
    fc.assert(
      fc.property(anyWorldOf(...kinds), (world) => {
        expect(disagreement(world)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  },
);

describe('Given one hop of the engine is broken, then the proxy disagrees with it about some of the same worlds', () => {
  const any = anyWorldOf('application', 'classic', 'network', 'network', 'gateway');
  const worlds = fc.sample(any, { numRuns: 1_000, seed: 20_261_122 });
  const breakages = (Object.keys(HOPS) as readonly HopName[]).flatMap((hop): readonly Breakage[] => [
    { hop, says: 'passes' },
    { hop, says: 'blocked' },
  ]);

  test.each(breakages)('$hop always $says', (breakage) => {
    expect(worlds.some((world) => disagreement(world, breakage) !== undefined)).toBe(true);
  });

  test.each<[Kind, Purpose]>([
    ['application', 'health'],
    ['classic', 'health'],
    ['network', 'health'],
    ['network', 'traffic'],
    ['gateway', 'health'],
    ['gateway', 'traffic'],
  ])('whole, it agrees about all of them, open and blocked ones alike: %s, %s', (kind, purpose) => {
    const own = worlds.filter((world) => world.kind === kind);
    const verdicts = own.map((world) => {
      const { network, group } = forProxy(world);
      return judgeFlow(network, group, { id: targetIdOf(world), port: portOf(world) }, purpose).kind;
    });
    expect(own.flatMap((world) => disagreement(world) ?? [])).toEqual([]);
    expect(verdicts.filter((verdict) => verdict === 'passes').length).toBeGreaterThan(10);
    expect(verdicts.filter((verdict) => verdict === 'blocked').length).toBeGreaterThan(10);
  });
});
