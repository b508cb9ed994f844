import { decide, denials, deniesEveryAddress } from './acl.ts';
import { aclCommands } from './acl-remedy.ts';
import type { AclHopName, Crossed, Crossing, NotCrossed } from './crossing.ts';
import { entryNumber, entryText } from './crossing.ts';
import type { Ends } from './ends.ts';
import { pathFinding } from './findings.ts';
import type { HopAnswer } from './hop.ts';
import { blocked, NOTHING_WANTED, passes, unknown, whyUnread } from './hop.ts';
import { EPHEMERAL_PORTS, portsText } from './ports.ts';
import type { SourcePlace } from './sources.ts';

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

const crossingFrom = (hop: AclHopName, place: SourcePlace, { flow, target }: Ends): Crossing => {
  const { at, egress, carries } = ACL_HOPS[hop];
  const ports = carries === 'request' ? { first: flow.port, last: flow.port } : EPHEMERAL_PORTS;
  const addresses = at === 'balancer' ? [target.address] : place.ranges;
  return {
    hop,
    egress,
    place,
    subnetId: at === 'balancer' ? place.subnetId : target.networkInterface.subnetId,
    ports,
    asked: addresses.map((range) => ({ addresses: range, ports })),
    peerCidrs: at === 'balancer' ? [target.addressText] : place.cidrs,
  };
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
  return deniesEveryAddress(denied, crossing.asked)
    ? { verdict: 'blocked', because: 'Denied', crossing, acl, denied }
    : { verdict: 'unknown', because: 'PartOfBalancer', crossing, acl, denied };
};

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

const deniedPorts = ({ denied, crossing }: NotCrossed): string =>
  unique(denied.map(({ block }) => portsText(block.ports))).join(', ') || portsText(crossing.ports);

const evidenceOf = (first: NotCrossed, all: readonly NotCrossed[], { flow, network, target }: Ends) => ({
  hop: first.crossing.hop,
  because: first.because === 'Denied' ? undefined : first.because,
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
const wantsOf = (all: readonly NotCrossed[]) => ({
  ...NOTHING_WANTED,
  subnetIds: all
    .filter(
      ({ crossing, because }) =>
        crossing.place.notLookedAt && ACL_HOPS[crossing.hop].at === 'target' && because !== 'AclUnread',
    )
    .map(({ crossing }) => crossing.place.subnetId),
});

const notPassing = (all: readonly NotCrossed[], ends: Ends): HopAnswer => {
  const [first] = all;
  if (first === undefined) return passes();
  const evidence = evidenceOf(first, all, ends);
  const decided = unique(first.denied.flatMap((each) => (first.acl ? [entryText(first.acl, each)] : [])));
  return first.verdict === 'blocked'
    ? blocked(pathFinding('NetworkAclDenies', evidence, aclCommands(all, ends.flow)), decided, wantsOf(all))
    : unknown(pathFinding('PathUnknown', evidence), decided, wantsOf(all));
};

/**
 * Whether the ACLs let a flow cross at one hop, from every one of the balancer's subnets: any wholly denied blocks.
 * Within one subnet no ACL is asked (facts 3.4).
 */
export const judgeAcl =
  (hop: AclHopName) =>
  (ends: Ends): HopAnswer => {
    const elsewhere = ends.source.places.filter(({ subnetId }) => subnetId !== ends.target.networkInterface.subnetId);
    const crossed = elsewhere.map((place) => cross(crossingFrom(hop, place, ends), ends));
    const of = (verdict: 'blocked' | 'unknown') =>
      crossed.filter((each): each is NotCrossed => each.verdict === verdict);
    const worst = of('blocked').length > 0 ? of('blocked') : of('unknown');
    if (worst.length > 0) return notPassing(worst, ends);
    return passes(...unique(crossed.flatMap((each) => (each.verdict === 'passes' ? each.deciders : []))));
  };
