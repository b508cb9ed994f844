import type { LoadBalancer } from '../load-balancer.ts';
import type { AddressFamily, AddressRange } from './addresses.ts';
import { canonicalCidr, parseRange, worldOf } from './addresses.ts';
import type { PathReason } from './findings.ts';
import { NOTHING_WANTED, whyUnread } from './hop.ts';
import type { BalancerInterface, Network, Route, Subnet, Wants } from './model.ts';

/** Why it is not sure which addresses a flow comes from; told where no rule settles it all the same. */
export interface Doubt {
  /** `which`: it comes from somewhere in the place's blocks, for sure; `whether`: it may not come from there at all. */
  readonly about: 'which' | 'whether';
  readonly reason: Extract<PathReason, 'PathUnknown' | 'ClientCidrsMissing' | 'ClientCidrsMalformed'>;
  readonly evidence: Readonly<Record<string, string | undefined>>;
  /** What would settle it. */
  readonly wants: Wants;
}

/** Addresses that the target sees a flow come from. Every place must be admitted. */
export interface Place {
  /** Where the sender stands; `undefined` for clients, who may stand anywhere. */
  readonly subnetId: string | undefined;
  /** Blocks of the flow's family; the whole family when they could not be told. */
  readonly ranges: readonly AddressRange[];
  /** The same as text; empty when they could not be told. */
  readonly cidrs: readonly string[];
  /** `every`: each of the addresses sends; `one`: a single one does, and it is not known which. */
  readonly sends: 'every' | 'one';
  /** Whether a rule that names a group of the balancer admits them; `unsure` where routes were not read (facts 3.2). */
  readonly byGroup: 'yes' | 'no' | 'unsure';
  readonly doubt?: Doubt;
  /** Whether packets to or from here are dropped on the way, so that no rule opens it. */
  readonly isCutOff?: true;
  /** What tells where packets to and from this place go; only where `byGroup` is unsure. */
  readonly routesWanted?: Wants;
  /** Whether reading the subnet would tell more of the addresses. */
  readonly subnetNotLookedAt: boolean;
  /**
   * Of nodes that may get any address of their subnet: those they have at present, where these were read. What admits fewer of
   * them surely closes the way to somebody; what admits them all may not admit the next.
   */
  readonly present?: readonly AddressRange[];
  /** What tells the addresses that the nodes have at present. */
  readonly presentWanted?: Wants;
}

const cidrsOf = (subnet: Subnet, family: AddressFamily): readonly string[] => {
  if (family === 'ipv6') return subnet.ipv6Cidrs;
  return subnet.ipv4Cidr === undefined ? [] : [subnet.ipv4Cidr];
};

/** Somewhere in a subnet: a node of the balancer may use any address there. */
export const subnetPlace = (subnetId: string, family: AddressFamily, network: Network): Place => {
  const reading = network.subnets.get(subnetId);
  const cidrs = reading?.kind === 'read' ? cidrsOf(reading.value, family) : [];
  const ranges = cidrs.map(parseRange).filter((range) => range !== undefined);
  const told = ranges.length > 0 && ranges.length === cidrs.length;
  return {
    subnetId,
    ranges: told ? ranges : [worldOf(family)],
    cidrs: told ? cidrs : [],
    sends: 'one',
    byGroup: 'yes',
    subnetNotLookedAt: reading === undefined,
  };
};

const addressesOf = (
  interfaces: readonly BalancerInterface[],
  subnetId: string,
  family: AddressFamily,
): readonly string[] =>
  interfaces
    .filter((each) => each.subnetId === subnetId)
    .flatMap((each) => (family === 'ipv6' ? each.ipv6Addresses : each.privateIpv4Addresses));

/** A subnet with the addresses that the balancer's nodes have there at present, or with what would tell them. */
export const withPresent = (
  place: Place,
  loadBalancer: LoadBalancer,
  family: AddressFamily,
  network: Network,
): Place => {
  const { subnetId } = place;
  const reading = network.balancerInterfaces.get(loadBalancer.arn);
  // As long as not even the subnet's own addresses are known, these come first.
  if (subnetId === undefined || place.cidrs.length === 0) return place;
  if (reading === undefined) return { ...place, presentWanted: { ...NOTHING_WANTED, balancers: [loadBalancer] } };
  if (reading.kind !== 'read') return place;
  const present = addressesOf(reading.value, subnetId, family)
    .map(parseRange)
    .filter((range) => range !== undefined);
  return present.length === 0 ? place : { ...place, present };
};

const interfaceDoubt = (loadBalancer: LoadBalancer, subnetId: string, network: Network): Doubt => {
  const reading = network.balancerInterfaces.get(loadBalancer.arn);
  const isRead = reading?.kind === 'read';
  return {
    about: 'which',
    reason: 'PathUnknown',
    evidence: {
      because: isRead ? 'NoBalancerInterfaces' : 'BalancerInterfacesUnread',
      loadBalancer: loadBalancer.name,
      subnet: isRead ? subnetId : undefined,
      why: isRead ? undefined : whyUnread(reading),
    },
    wants: { ...NOTHING_WANTED, balancers: reading === undefined ? [loadBalancer] : [] },
  };
};

/** The addresses of the balancer's own interface in a subnet: one per enabled zone (facts 2.5). */
export const interfacePlace = (
  loadBalancer: LoadBalancer,
  subnetId: string,
  family: AddressFamily,
  network: Network,
): Place => {
  const somewhere = { ...subnetPlace(subnetId, family, network), byGroup: 'no' } as const;
  const reading = network.balancerInterfaces.get(loadBalancer.arn);
  const texts = reading?.kind === 'read' ? addressesOf(reading.value, subnetId, family) : [];
  const cidrs = texts.map(canonicalCidr).filter((cidr) => cidr !== undefined);
  const ranges = cidrs.map(parseRange).filter((range) => range !== undefined);
  return ranges.length > 0 && ranges.length === texts.length
    ? { ...somewhere, ranges, cidrs, sends: 'every', subnetNotLookedAt: false }
    : { ...somewhere, doubt: interfaceDoubt(loadBalancer, subnetId, network) };
};

/** A node that a route to something gone cuts off from the target: of what else stands on that way nothing is known. */
export const cutOffPlace = (place: Place, route: Route, subnetId: string): Place => ({
  ...place,
  byGroup: 'no',
  isCutOff: true,
  doubt: {
    about: 'whether',
    reason: 'PathUnknown',
    evidence: { because: 'RouteBlackhole', subnet: subnetId, destination: route.destination, via: route.via },
    wants: NOTHING_WANTED,
  },
});

/** A node whose packets come to the target from an address of something in between, which is not read. */
export const translatedPlace = (place: Place, family: AddressFamily, route: Route, subnetId: string): Place => ({
  subnetId: place.subnetId,
  ranges: [worldOf(family)],
  cidrs: [],
  sends: 'one',
  byGroup: 'no',
  doubt: {
    about: 'which',
    reason: 'PathUnknown',
    evidence: { because: 'AddressesTranslated', subnet: subnetId, destination: route.destination, via: route.via },
    wants: NOTHING_WANTED,
  },
  subnetNotLookedAt: false,
});

/** Places of which it is not sure that the flow comes from there; a doubt about their addresses comes first. */
export const doubtful = (places: readonly Place[], doubt: Doubt): readonly Place[] =>
  places.map((place) => ({ ...place, doubt: place.doubt ? { ...place.doubt, about: 'whether' } : doubt }));
