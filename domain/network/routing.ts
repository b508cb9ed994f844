import type { AddressRange } from './addresses.ts';
import { coverage, overlaps, parseRange } from './addresses.ts';
import { NOTHING_WANTED } from './hop.ts';
import type { Network, Route, RouteTable, Wants } from './model.ts';
import type { Place } from './places.ts';
import type { TargetSide } from './target-side.ts';

/**
 * How packets go between a balancer's subnet and the target: inside the VPC, through something in between, or unknown. Only
 * on the direct way does a security group know its neighbour by the group it wears (facts 3.2).
 */
export type Way =
  | { readonly kind: 'direct' }
  | { readonly kind: 'middlebox' }
  /** Through a NAT gateway, which puts an address of its own in place of the sender's. */
  | { readonly kind: 'translated'; readonly route: Route; readonly subnetId: string }
  /** To something that is gone: packets are dropped. */
  | { readonly kind: 'dropped'; readonly route: Route; readonly subnetId: string }
  | { readonly kind: 'unknown'; readonly wants: Wants };

interface RangedRoute {
  readonly route: Route;
  readonly range: AddressRange;
}

/** One table guards many subnets and is asked for every target: its blocks are understood once. */
const UNDERSTOOD = new WeakMap<RouteTable, readonly RangedRoute[]>();

const understood = (table: RouteTable): readonly RangedRoute[] => {
  const before = UNDERSTOOD.get(table);
  if (before !== undefined) return before;
  const ranged = table.routes.flatMap((route) => {
    const range = parseRange(route.destination);
    return range === undefined ? [] : [{ route, range }];
  });
  UNDERSTOOD.set(table, ranged);
  return ranged;
};

/** Routes of the family that name a block. A prefix list can't lead packets inside the VPC to a middlebox (facts 4). */
const rangedRoutes = (table: RouteTable, family: AddressRange['family']): readonly RangedRoute[] =>
  understood(table).filter(({ range }) => range.family === family);

const sizeOf = ({ first, last }: AddressRange): bigint => last - first;

const isWithin = (inner: AddressRange, outer: AddressRange): boolean => coverage([inner], [outer]) === 'whole';

const bySize = (a: RangedRoute, b: RangedRoute): number => {
  const difference = sizeOf(a.range) - sizeOf(b.range);
  return difference < 0n ? -1 : Number(difference > 0n);
};

/** The route that leads some of the addresses elsewhere than there: the most specific decides. @see VPC guide, route priority */
const divertedBy = (asked: AddressRange, ranged: readonly RangedRoute[]): Route | undefined => {
  const holding = ranged.filter(({ range }) => isWithin(asked, range)).sort(bySize)[0];
  const within = ranged.filter(
    ({ range }) => overlaps(range, asked) && range !== holding?.range && !isWithin(asked, range),
  );
  return [...(holding ? [holding] : []), ...within].find(({ route }) => route.to !== 'local')?.route;
};

/** Routes that may catch addresses of the VPC that are not known: narrower than the VPC's own, or in place of them. */
const mayCatch = (ranged: readonly RangedRoute[]): boolean => {
  const own = ranged.filter(({ route }) => route.to === 'local');
  return ranged.some(
    ({ route, range }) =>
      route.to !== 'local' &&
      (own.some((local) => isWithin(range, local.range)) ||
        (route.to === 'middlebox' && !own.some((local) => isWithin(local.range, range)))),
  );
};

type Leg = 'direct' | 'table-unread' | 'addresses-unknown' | { readonly route: Route; readonly subnetId: string };

/** One direction: from a subnet to some addresses, or to addresses of the VPC that were not told. */
const legOf = (
  fromSubnetId: string,
  to: readonly AddressRange[] | undefined,
  family: AddressRange['family'],
  network: Network,
): Leg => {
  const table = network.routes.get(fromSubnetId);
  if (table?.kind !== 'read') return 'table-unread';
  const ranged = rangedRoutes(table.value, family);
  if (to === undefined) return mayCatch(ranged) ? 'addresses-unknown' : 'direct';
  const [route] = to.flatMap((asked) => divertedBy(asked, ranged) ?? []);
  return route === undefined ? 'direct' : { route, subnetId: fromSubnetId };
};

const unreadTables = (subnetIds: readonly string[], vpcId: string, network: Network): Wants['routed'] =>
  subnetIds.filter((subnetId) => !network.routes.has(subnetId)).map((subnetId) => ({ subnetId, vpcId }));

/** @see EC2 API reference, `Route.NatGatewayId` */
const isTranslated = ({ via }: Route): boolean => via.startsWith('nat-');

/** The way between a node of a balancer and a target, both directions. Within one subnet nothing is routed. */
export const wayBetween = (place: Place, target: TargetSide, network: Network): Way => {
  const { subnetId, vpcId } = target.networkInterface;
  if (place.subnetId === undefined || place.subnetId === subnetId) return { kind: 'direct' };
  const { family } = target.address;
  const legs = [
    legOf(place.subnetId, [target.address], family, network),
    legOf(subnetId, place.cidrs.length > 0 ? place.ranges : undefined, family, network),
  ];
  const diverted = legs.filter((leg) => typeof leg === 'object');
  const dropped = diverted.find(({ route }) => route.isBlackhole);
  if (dropped !== undefined) return { kind: 'dropped', ...dropped };
  const translated = diverted.find(({ route }) => isTranslated(route));
  if (translated !== undefined) return { kind: 'translated', ...translated };
  if (diverted.length > 0) return { kind: 'middlebox' };
  if (legs.every((leg) => leg === 'direct')) return { kind: 'direct' };
  const routed = unreadTables([place.subnetId, subnetId], vpcId, network);
  const subnetIds = legs.includes('addresses-unknown') && place.subnetNotLookedAt ? [place.subnetId] : [];
  return { kind: 'unknown', wants: { ...NOTHING_WANTED, routed, subnetIds } };
};
