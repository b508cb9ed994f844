import { compareText } from '../difference.ts';
import type { AddressRange, Coverage } from './addresses.ts';
import { coverage, overlaps, parseRange } from './addresses.ts';
import type { Flow, Network, RuleDirection, SecurityGroupRule } from './model.ts';
import type { Place } from './places.ts';
import { coversPort } from './ports.ts';

/** The other side of a flow, as security group rules can name it: by the groups it wears, or by its addresses. */
export interface FarSide {
  readonly groupIds: readonly string[];
  /** Every place must be admitted. */
  readonly places: readonly Place[];
}

/** What the rules of one side's groups say about a flow; groups are OR-ed over the interface (facts 3.2). */
export type Admission =
  | { readonly kind: 'admitted'; readonly by: readonly string[] }
  | {
      readonly kind: 'refused';
      /** Places surely closed, with those of their blocks that are. */
      readonly closed: readonly ClosedPlace[];
      /** Places not admitted, surely or not. */
      readonly left: readonly Place[];
      readonly partlyBy: readonly string[];
    }
  /** Could go either way: something was not read, or rules admit only some of the addresses of a place. */
  | {
      readonly kind: 'open-question';
      readonly unreadGroups: readonly string[];
      readonly unreadPrefixLists: readonly string[];
      /** Rules whose CIDR can't be understood. */
      readonly unclearRules: readonly string[];
      readonly partlyBy: readonly string[];
      /** Whether a rule names the other side's group, and only the routes tell whether it is known by it. */
      readonly routesUnsure: boolean;
      readonly left: readonly Place[];
    };

/** A place that no rule admits, and its blocks that none admits wholly. */
export interface ClosedPlace {
  readonly place: Place;
  readonly cidrs: readonly string[];
}

interface Asked {
  readonly groupIds: readonly string[];
  readonly direction: RuleDirection;
  readonly flow: Pick<Flow, 'protocol' | 'port'>;
  readonly far: FarSide;
}

/** A rule with the addresses its peer stands for; `undefined` when those could not be told. */
interface PeerAddresses {
  readonly rule: SecurityGroupRule;
  readonly ranges: readonly AddressRange[] | undefined;
}

const relevantRules = ({ groupIds, direction, flow }: Asked, network: Network): readonly SecurityGroupRule[] =>
  groupIds
    .flatMap((groupId) => {
      const reading = network.rules.get(groupId);
      return reading?.kind === 'read' ? reading.value : [];
    })
    .filter((rule) => rule.direction === direction && coversPort(rule, flow.protocol, flow.port))
    .sort((a, b) => compareText(a.ruleId, b.ruleId));

const allOrNone = (cidrs: readonly string[]): readonly AddressRange[] | undefined => {
  const ranges = cidrs.map(parseRange).filter((range) => range !== undefined);
  return ranges.length === cidrs.length ? ranges : undefined;
};

const peerAddresses = (rule: SecurityGroupRule, network: Network): PeerAddresses => {
  const { peer } = rule;
  if (peer.kind === 'security-group') return { rule, ranges: [] };
  if (peer.kind !== 'prefix-list') return { rule, ranges: allOrNone([peer.cidr]) };
  const list = network.prefixLists.get(peer.prefixListId);
  return { rule, ranges: list?.kind === 'read' ? allOrNone(list.value.cidrs) : undefined };
};

/** The one rule that is enough alone, else all that matter together. */
const deciders = (peers: readonly PeerAddresses[], places: readonly Place[]): readonly string[] => {
  const alone = peers.find(({ ranges }) => places.every((place) => coverage(place.ranges, ranges ?? []) === 'whole'));
  const touching = peers.filter(({ ranges }) =>
    (ranges ?? []).some((range) => places.some((place) => place.ranges.some((wanted) => overlaps(range, wanted)))),
  );
  return (alone ? [alone] : touching).map(({ rule }) => rule.ruleId);
};

/** A place with how much of it the rules admit by address, where none admits it by its group. */
interface Left {
  readonly place: Place;
  readonly covered: Coverage;
}

/** Clients of whom nobody said who they are come from somewhere, and nothing admits anybody. */
const isClosedToClients = ({ place: { doubt }, covered }: Left): boolean =>
  covered === 'none' && doubt?.about === 'which' && doubt.reason !== 'PathUnknown';

/** Whether some node's address is known, and not admitted. */
const isClosedToSomeNode = ({ place: { present } }: Left, offered: readonly AddressRange[]): boolean =>
  present !== undefined && coverage(present, offered) !== 'whole';

/** Whether a place is closed for sure: known for what it is, and not a matter of which of its addresses sends. */
const isClosed = (left: Left, isNamed: boolean, offered: readonly AddressRange[]): boolean => {
  const { place, covered } = left;
  if (isNamed && place.byGroup === 'unsure') return false;
  if (place.doubt !== undefined) return isClosedToClients(left);
  return covered === 'none' || place.sends === 'every' || isClosedToSomeNode(left, offered);
};

/** Wherever the flow comes from, no rule admits it, and one that names the group would: no doubt about the place matters. */
const isClosedToAll = (left: readonly Left[], places: readonly Place[], isNamed: boolean): boolean =>
  !isNamed &&
  left.length === places.length &&
  left.every(({ place, covered }) => covered === 'none' && place.byGroup === 'yes');

const withBlocks = (place: Place, offered: readonly AddressRange[]): ClosedPlace => ({
  place,
  cidrs: place.cidrs.filter((cidr) => coverage(allOrNone([cidr]) ?? [], offered) !== 'whole'),
});

const admissionByAddress = (asked: Asked, rules: readonly SecurityGroupRule[], network: Network, isNamed: boolean) => {
  const peers = rules.map((rule) => peerAddresses(rule, network));
  const offered = peers.flatMap(({ ranges }) => ranges ?? []);
  const places = asked.far.places.filter(({ byGroup }) => !isNamed || byGroup !== 'yes');
  const left = places
    .map((place): Left => ({ place, covered: coverage(place.ranges, offered) }))
    .filter(({ place, covered }) => place.isCutOff || covered !== 'whole');
  return { peers, offered, places, left };
};

/** Whether any rule of any of the groups lets the flow through. One that does settles it, whatever could not be read. */
export const admission = (asked: Asked, network: Network): Admission => {
  const rules = relevantRules(asked, network);
  const naming = rules.find(({ peer }) => peer.kind === 'security-group' && asked.far.groupIds.includes(peer.groupId));
  const isNamed = naming !== undefined;
  const { peers, offered, places, left } = admissionByAddress(asked, rules, network, isNamed);
  if (left.length === 0 && (isNamed || places.length > 0)) {
    const byAddress = places.length > 0 ? deciders(peers, places) : [];
    const byName = naming && (places.length === 0 || places.length < asked.far.places.length) ? [naming.ruleId] : [];
    return { kind: 'admitted', by: [...new Set([...byName, ...byAddress])] };
  }
  const untold = peers.filter(({ ranges }) => ranges === undefined).map(({ rule }) => rule);
  const unreadGroups = asked.groupIds.filter((groupId) => network.rules.get(groupId)?.kind !== 'read');
  const closed = isClosedToAll(left, asked.far.places, isNamed)
    ? left
    : left.filter((each) => isClosed(each, isNamed, offered));
  const nothingUnread = unreadGroups.length + untold.length === 0;
  if (nothingUnread && closed.length > 0 && asked.groupIds.length > 0) {
    return {
      kind: 'refused',
      closed: closed.map(({ place }) => withBlocks(place, offered)),
      left: left.map(({ place }) => place),
      partlyBy: deciders(peers, places),
    };
  }
  return {
    kind: 'open-question',
    unreadGroups,
    unreadPrefixLists: untold.flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])),
    unclearRules: untold.filter(({ peer }) => peer.kind !== 'prefix-list').map(({ ruleId }) => ruleId),
    partlyBy: deciders(peers, places),
    routesUnsure: isNamed && left.some(({ place }) => place.byGroup === 'unsure'),
    left: left.map(({ place }) => place),
  };
};
