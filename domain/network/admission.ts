import { compareText } from '../difference.ts';
import type { AddressRange, Coverage } from './addresses.ts';
import { coverage, overlaps, parseRange } from './addresses.ts';
import type { Flow, Network, RuleDirection, SecurityGroupRule } from './model.ts';
import { coversPort } from './ports.ts';

/** The other side of a flow, as security group rules can name it: by the groups it wears, or by its addresses. */
export interface FarSide {
  readonly groupIds: readonly string[];
  /** Every place must be admitted; the addresses of one place are those a node may use. */
  readonly places: readonly (readonly AddressRange[])[];
}

/** What the rules of one side's groups say about a flow; groups are OR-ed over the interface (facts 3.2). */
export type Admission =
  | { readonly kind: 'admitted'; readonly by: readonly string[] }
  | { readonly kind: 'refused' }
  /** Could go either way: something was not read, or rules admit only some of the addresses of a place. */
  | {
      readonly kind: 'open-question';
      readonly unreadGroups: readonly string[];
      readonly unreadPrefixLists: readonly string[];
      /** Rules whose CIDR can't be understood. */
      readonly unclearRules: readonly string[];
      readonly partlyBy: readonly string[];
    };

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
const deciders = (peers: readonly PeerAddresses[], places: FarSide['places']): readonly string[] => {
  const alone = peers.find(({ ranges }) => places.every((place) => coverage(place, ranges ?? []) === 'whole'));
  const touching = peers.filter(({ ranges }) =>
    (ranges ?? []).some((range) => places.some((place) => place.some((wanted) => overlaps(range, wanted)))),
  );
  return (alone ? [alone] : touching).map(({ rule }) => rule.ruleId);
};

const admissionByAddress = (
  asked: Asked,
  peers: readonly PeerAddresses[],
  unreadGroups: readonly string[],
): Admission => {
  const { places } = asked.far;
  const offered = peers.flatMap(({ ranges }) => ranges ?? []);
  const covered: readonly Coverage[] = places.map((place) => coverage(place, offered));
  if (covered.length > 0 && covered.every((each) => each === 'whole')) {
    return { kind: 'admitted', by: deciders(peers, places) };
  }
  const untold = peers.filter(({ ranges }) => ranges === undefined).map(({ rule }) => rule);
  const nothingUnread = unreadGroups.length + untold.length === 0;
  if (nothingUnread && covered.includes('none') && asked.groupIds.length > 0) return { kind: 'refused' };
  return {
    kind: 'open-question',
    unreadGroups,
    unreadPrefixLists: untold.flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])),
    unclearRules: untold.filter(({ peer }) => peer.kind !== 'prefix-list').map(({ ruleId }) => ruleId),
    partlyBy: deciders(peers, places),
  };
};

/** Whether any rule of any of the groups lets the flow through. One that does settles it, whatever could not be read. */
export const admission = (asked: Asked, network: Network): Admission => {
  const rules = relevantRules(asked, network);
  const byReference = rules.find(
    ({ peer }) => peer.kind === 'security-group' && asked.far.groupIds.includes(peer.groupId),
  );
  if (byReference) return { kind: 'admitted', by: [byReference.ruleId] };
  const unreadGroups = asked.groupIds.filter((groupId) => network.rules.get(groupId)?.kind !== 'read');
  return admissionByAddress(
    asked,
    rules.map((rule) => peerAddresses(rule, network)),
    unreadGroups,
  );
};
