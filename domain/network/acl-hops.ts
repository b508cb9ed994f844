import type { Decision } from './acl.ts';
import { decide, denials, deniesEveryAddress } from './acl.ts';
import { aclCommands, entriesWithoutRoom } from './acl-remedy.ts';
import type { AclHopName, Crossed, Crossing, NotCrossed } from './crossing.ts';
import { entryNumber, entryText } from './crossing.ts';
import type { Ends } from './ends.ts';
import { pathFinding } from './findings.ts';
import type { HopAnswer } from './hop.ts';
import { allWanted, blocked, NOTHING_WANTED, passes, unknown, whyUnread } from './hop.ts';
import type { Flow, Wants } from './model.ts';
import type { Place } from './places.ts';
import type { PortRange } from './ports.ts';
import { EPHEMERAL_PORTS, portsText } from './ports.ts';

/** ACLs are stateless: the way there and the way back each leave one subnet and enter another. */
const ACL_HOPS = {
  'acl-balancer-out': { at: 'balancer', egress: true, carries: 'request' },
  'acl-target-in': { at: 'target', egress: false, carries: 'request' },
  'acl-target-out': { at: 'target', egress: true, carries: 'reply' },
  'acl-balancer-in': { at: 'balancer', egress: false, carries: 'reply' },
} as const satisfies Record<
  AclHopName,
  { readonly at: 'balancer' | 'target'; readonly egress: boolean; readonly carries: 'request' | 'reply' }
>;

/** What a reply goes to is any port above the well-known; what an appliance sends back goes to the tunnel's port. */
const portsOf = (hop: AclHopName, { name, port }: Flow): PortRange =>
  ACL_HOPS[hop].carries === 'request' || name === 'return' ? { first: port, last: port } : EPHEMERAL_PORTS;

const atBalancer = (hop: AclHopName, subnetId: string, { flow, target }: Ends): Crossing => {
  const ports = portsOf(hop, flow);
  return {
    hop,
    egress: ACL_HOPS[hop].egress,
    place: undefined,
    subnetId,
    ports,
    asked: [{ addresses: target.address, ports }],
    peerCidrs: [target.addressText],
  };
};

const atTarget = (hop: AclHopName, place: Place, { flow, target }: Ends): Crossing => {
  const ports = portsOf(hop, flow);
  return {
    hop,
    egress: ACL_HOPS[hop].egress,
    place,
    subnetId: target.networkInterface.subnetId,
    ports,
    asked: place.ranges.map((addresses) => ({ addresses, ports })),
    peerCidrs: place.cidrs,
  };
};

/**
 * Subnet boundaries that a flow crosses at one hop. Within one subnet no ACL is asked (facts 3.4); clients whose addresses
 * are preserved come through the balancer's nodes, whichever subnets these stand in.
 */
const crossingsAt = (hop: AclHopName, ends: Ends): readonly Crossing[] => {
  const own = ends.target.networkInterface.subnetId;
  const elsewhere = ends.source.subnetIds.filter((subnetId) => subnetId !== own);
  if (ACL_HOPS[hop].at === 'balancer') return elsewhere.map((subnetId) => atBalancer(hop, subnetId, ends));
  return ends.source.places
    .filter(({ subnetId }) => (subnetId === undefined ? elsewhere.length > 0 : subnetId !== own))
    .map((place) => atTarget(hop, place, ends));
};

/** What comes of a place some of whose packets are denied. */
const outcomeOf = (crossing: Crossing, denied: readonly Decision[]): Pick<NotCrossed, 'verdict' | 'because'> => {
  const { doubt, sends } = crossing.place ?? { sends: 'every' };
  if (doubt?.about === 'whether') return { verdict: 'unknown', because: 'Doubt' };
  if (sends === 'every' || deniesEveryAddress(denied, crossing.asked)) return { verdict: 'blocked', because: 'Denied' };
  return { verdict: 'unknown', because: doubt ? 'Doubt' : 'PartOfBalancer' };
};

const cross = (crossing: Crossing, { flow, network }: Ends): Crossed => {
  const reading = network.acls.get(crossing.subnetId);
  const failed = { verdict: 'unknown', crossing, acl: undefined, denied: [] } as const;
  if (reading?.kind !== 'read') return { ...failed, because: 'AclUnread' };
  const acl = reading.value;
  const entries = acl.entries.filter(({ egress }) => egress === crossing.egress);
  const decisions = decide(entries, flow.protocol, crossing.asked);
  if (decisions === undefined) return { ...failed, acl, because: 'AclMalformed' };
  const denied = denials(decisions);
  if (denied.length === 0) return { verdict: 'passes', deciders: decisions.map((each) => entryText(acl, each)) };
  return { ...outcomeOf(crossing, denied), crossing, acl, denied };
};

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

const deniedPorts = ({ denied, crossing }: NotCrossed): string =>
  unique(denied.map(({ block }) => portsText(block.ports))).join(', ') || portsText(crossing.ports);

const evidenceOf = (first: NotCrossed, all: readonly NotCrossed[], { flow, network, target }: Ends) => ({
  hop: first.crossing.hop,
  because: first.because === 'Denied' || first.because === 'Doubt' ? undefined : first.because,
  why: first.because === 'AclUnread' ? whyUnread(network.acls.get(first.crossing.subnetId)) : undefined,
  acl: first.acl?.networkAclId,
  entry: first.denied[0] && entryNumber(first.denied[0].entry?.ruleNumber),
  direction: first.crossing.egress ? 'outbound' : 'inbound',
  protocol: flow.protocol,
  port: deniedPorts(first),
  peer: unique(all.flatMap(({ crossing }) => crossing.peerCidrs)).join(', '),
  subnet: unique(all.map(({ crossing }) => crossing.subnetId)).join(', '),
  target: target.addressText,
});

/** Subnets whose blocks would settle the question, or complete the remedy's line. */
const subnetsWanted = ({ crossing: { place }, because }: NotCrossed): Wants => {
  const isWanted = place?.subnetNotLookedAt && place.subnetId !== undefined && because !== 'AclUnread';
  return { ...NOTHING_WANTED, subnetIds: isWanted && place.subnetId !== undefined ? [place.subnetId] : [] };
};

const wantsOf = (all: readonly NotCrossed[]): Wants =>
  allWanted(
    all.flatMap((each) => {
      const doubt = each.because === 'Doubt' ? each.crossing.place?.doubt : undefined;
      return doubt ? [doubt.wants, subnetsWanted(each)] : [subnetsWanted(each)];
    }),
  );

const notPassing = (all: readonly NotCrossed[], ends: Ends): HopAnswer => {
  const [first] = all;
  if (first === undefined) return passes();
  const evidence = evidenceOf(first, all, ends);
  const decided = unique(first.denied.flatMap((each) => (first.acl ? [entryText(first.acl, each)] : [])));
  if (first.verdict === 'blocked') {
    const entries = entriesWithoutRoom(all)?.toString();
    const finding = pathFinding('NetworkAclDenies', { ...evidence, entries }, aclCommands(all, ends.flow));
    return blocked(finding, decided, wantsOf(all));
  }
  const doubt = first.because === 'Doubt' ? first.crossing.place?.doubt : undefined;
  const finding = pathFinding(doubt?.reason ?? 'PathUnknown', { ...evidence, ...doubt?.evidence });
  return unknown(finding, decided, wantsOf(all));
};

/**
 * Whether the ACLs let a flow cross at one hop, from every place it comes from: any wholly denied blocks, and any denied in
 * part where every address counts.
 */
export const judgeAcl =
  (hop: AclHopName) =>
  (ends: Ends): HopAnswer => {
    const crossed = crossingsAt(hop, ends).map((crossing) => cross(crossing, ends));
    const of = (verdict: 'blocked' | 'unknown') =>
      crossed.filter((each): each is NotCrossed => each.verdict === verdict);
    const worst = of('blocked').length > 0 ? of('blocked') : of('unknown');
    if (worst.length > 0) return notPassing(worst, ends);
    return passes(...unique(crossed.flatMap((each) => (each.verdict === 'passes' ? each.deciders : []))));
  };
