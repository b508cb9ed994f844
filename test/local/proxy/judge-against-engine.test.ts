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
import type * as proxy from '../../../local/proxy/reachability.ts';
import { judgeFlow } from '../../../local/proxy/reachability.ts';
import { anAlb, aRule, aSubnet, aTargetGroup, VPC } from '../../support/world/builders.ts';

/**
 * A small world of an ALB or a Classic balancer in words of neither judge: two subnets with a node each, a target in one of four. CIDRs are those of
 * whole subnets or wider, for the engine doesn't know where in its subnet a node stands.
 */
interface SmallWorld {
  readonly kind: 'application' | 'classic';
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
const GROUPS = ['sg-alb', 'sg-alb2', 'sg-web', 'sg-other'];
const CIDRS = ['0.0.0.0/0', '10.0.0.0/16', ...Object.values(SUBNETS).map(({ cidr }) => cidr)];
const PORTS: readonly (readonly [number, number])[] = [
  [80, 80],
  [8080, 8080],
  [0, 65535],
  [1024, 65535],
  [32768, 61000],
  [81, 90],
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
    peer: oneOf(...GROUPS, ...CIDRS, '::/0', 'pl-1'),
  });
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  number: fc.integer({ min: 1, max: 200 }),
  egress: fc.boolean(),
  allows: fc.boolean(),
  protocol: oneOf('-1', '6', '6', '17'),
  ports: oneOf(...PORTS),
  cidr: oneOf(...CIDRS, '10.0.0.0/16', '0.0.0.0/0', '::/0'),
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

/** ACLs say four things at once, so they are odd more often. */
const anyAcl = fc.oneof(
  fc.constant(OPEN),
  fc
    .tuple(fc.uniqueArray(anyEntry, { maxLength: 3, selector: ({ number }) => number }), oneOf(true, true, false))
    .map(([entries, open]) => [...entries, ...(open ? OPEN.map((entry) => ({ ...entry, number: 300 })) : [])]),
);
const anySmallWorld: fc.Arbitrary<SmallWorld> = fc.record({
  kind: oneOf('application', 'application', 'classic'),
  isUsed: mostly(true, fc.boolean()),
  type: oneOf('instance', 'ip'),
  healthPort: oneOf<'traffic-port' | number>('traffic-port', 80, 8080),
  state: mostly<InstanceState>('running', oneOf('pending', 'stopping', 'stopped')),
  at: oneOf('subnet-a', 'subnet-c', 'subnet-t', 'subnet-t', 'subnet-t', 'subnet-d'),
  balancerGroups: mostly(['sg-alb'], oneOf(['sg-alb2'], ['sg-alb', 'sg-alb2'])),
  targetGroups: mostly(['sg-web'], oneOf(['sg-other'], ['sg-web', 'sg-other'])),
  rules: fc.record({
    'sg-alb': mostly([OUT], fc.array(anyRule('egress'), { maxLength: 3 })),
    'sg-alb2': mostly([OUT], fc.array(anyRule('egress'), { maxLength: 3 })),
    'sg-web': mostly([IN, OUT], fc.array(anyRule('ingress'), { maxLength: 4 })),
    'sg-other': fc.array(anyRule('ingress'), { maxLength: 3 }),
  }),
  acls: fc.record({ balancer: anyAcl, target: anyAcl }),
  listed: oneOf([], ['10.0.1.0/24'], ['10.0.1.0/24', '10.0.2.0/24'], ['10.0.0.0/16']),
});

/** A Classic balancer with listeners to two ports. */
const CLASSIC = { protocol: undefined, port: undefined, instancePorts: [80, 8080] } as const;

/** A Classic balancer's check always has a port of its own. */
const healthPortOf = ({ kind, healthPort }: SmallWorld): 'traffic-port' | number =>
  kind === 'classic' && healthPort === 'traffic-port' ? 85 : healthPort;

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
    interfaces: [node('subnet-a', '10.0.1.250'), node('subnet-c', '10.0.2.250')],
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
      protocol: 'HTTP',
      healthProtocol: 'HTTP',
      healthPort: String(healthPortOf(world)),
      preservesClientAddresses: false,
    },
    network: {
      balancers: world.isUsed ? [alb] : [],
      securityGroups: GROUPS.map((id) => ({ id, ingress: rulesOf(id, 'ingress'), egress: rulesOf(id, 'egress') })),
      acls: [acl('balancer'), acl('target')],
      subnets: Object.entries(SUBNETS).map(([id, { zone, cidr }]) => ({ id, zone, cidrs: [cidr] })),
      interfaces: [target],
      instances: [{ id: 'i-00000001', state: world.state }],
      prefixLists: { 'pl-1': world.listed },
      routes: [],
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
    ...(world.kind === 'classic' ? CLASSIC : {}),
    ...(world.isUsed ? {} : { loadBalancerArns: [] }),
  });
  return {
    seat: {
      targetGroup: { ...group, healthCheck: { ...group.healthCheck, port: healthPortOf(world) } },
      loadBalancer: world.isUsed ? alb : undefined,
      target: { id: targetIdOf(world), port: world.kind === 'classic' ? undefined : 80 },
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
      prefixLists: new Map([['pl-1', read({ prefixListId: 'pl-1', cidrs: world.listed, weight: 10 })]]),
    },
  };
};

const targetIdOf = (world: SmallWorld): string => (world.type === 'ip' ? SUBNETS[world.at].address : 'i-00000001');

/** What the proxy calls each of the engine's hops. */
const HOPS: Readonly<Record<HopName, proxy.Hop>> = {
  listener: 'listener',
  zone: 'zone',
  'balancer-egress': 'balancer-egress',
  'acl-balancer-out': 'balancer-acl-out',
  'acl-target-in': 'target-acl-in',
  'target-ingress': 'target-ingress',
  'instance-state': 'instance-state',
  'acl-target-out': 'target-acl-out',
  'acl-balancer-in': 'balancer-acl-in',
};

/** A hop of the engine that is broken: it lets everything through, or nothing. */
type Breakage = { readonly hop: HopName; readonly says: 'passes' | 'blocked' };

const broken = ({ hops }: Judgement, breakage: Breakage | undefined): Pick<Judgement, 'verdict' | 'hops'> => {
  const changed = hops.map((each) => (each.hop === breakage?.hop ? { ...each, verdict: breakage.says } : each));
  return { hops: changed, verdict: worstVerdict(changed) };
};

/** Where the two disagree about a flow, if they do: on the verdict, or on a hop that only the proxy finds blocked. */
const disagreement = (world: SmallWorld, breakage?: Breakage): string | undefined => {
  const { network, group } = forProxy(world);
  const { network: known, seat } = forEngine(world);
  for (const flow of requiredFlows(seat)) {
    const theirs = judgeFlow(network, group, { id: targetIdOf(world), port: flow.port }, flow.name);
    const ours = broken(judge(flow, known), breakage);
    const blocked = ours.hops.filter(({ verdict }) => verdict === 'blocked').map(({ hop }) => HOPS[hop]);
    if (theirs.kind !== ours.verdict) return `${flow.name}: the proxy ${theirs.kind}, the engine ${ours.verdict}`;
    if (theirs.kind === 'blocked' && !blocked.includes(theirs.hop))
      return `${flow.name}: only the proxy at ${theirs.hop}`;
  }
  return undefined;
};

test('The proxy’s judge and the engine, which know nothing of each other, agree on every flow of any small world of an ALB or a Classic balancer', () => {
  fc.assert(
    fc.property(anySmallWorld, (world) => {
      expect(disagreement(world)).toBeUndefined();
    }),
    { numRuns: 600 },
  );
});

describe('Given one hop of the engine is broken, then the proxy disagrees with it about some of the same worlds', () => {
  const worlds = fc.sample(anySmallWorld, { numRuns: 800, seed: 20_261_122 });
  const breakages = (Object.keys(HOPS) as readonly HopName[]).flatMap((hop): readonly Breakage[] => [
    { hop, says: 'passes' },
    { hop, says: 'blocked' },
  ]);

  test.each(breakages)('$hop always $says', (breakage) => {
    expect(worlds.filter((world) => disagreement(world, breakage) !== undefined).length).toBeGreaterThan(0);
  });

  test('whole, it agrees about all of them, open and blocked ones alike', () => {
    const verdicts = worlds.map((world) => {
      const { network, group } = forProxy(world);
      return judgeFlow(network, group, { id: targetIdOf(world), port: 80 }, 'health').kind;
    });
    expect(worlds.flatMap((world) => disagreement(world) ?? [])).toEqual([]);
    expect(verdicts.filter((kind) => kind === 'passes').length).toBeGreaterThan(60);
    expect(verdicts.filter((kind) => kind === 'blocked').length).toBeGreaterThan(60);
  });
});
