import type { Network, RuleDirection, RulePeer, SecurityGroupRule } from './model.ts';

/** Rules of one group and direction as AWS counts them: the quota holds for each family apart (facts 3.1). */
export interface RuleCount {
  readonly ipv4: number;
  readonly ipv6: number;
}

const ONE_OF_BOTH: RuleCount = { ipv4: 1, ipv6: 1 };

/** A prefix list counts by its weight, in the family of its entries; an empty one tells no family and counts in both. */
const listCount = (prefixListId: string, network: Network): RuleCount | undefined => {
  const list = network.prefixLists.get(prefixListId);
  if (list?.kind !== 'read') return undefined;
  const { cidrs, weight } = list.value;
  const isIpv6 = cidrs.some((cidr) => cidr.includes(':'));
  return { ipv4: isIpv6 ? 0 : weight, ipv6: isIpv6 || cidrs.length === 0 ? weight : 0 };
};

const countOf = ({ peer }: SecurityGroupRule, network: Network): RuleCount | undefined => {
  switch (peer.kind) {
    case 'cidr-ipv4':
      return { ipv4: 1, ipv6: 0 };
    case 'cidr-ipv6':
      return { ipv4: 0, ipv6: 1 };
    case 'security-group':
      return ONE_OF_BOTH;
    case 'prefix-list':
      return listCount(peer.prefixListId, network);
  }
};

const sum = (a: RuleCount | undefined, b: RuleCount | undefined): RuleCount | undefined => a && b && plus(a, b);

/** What a group holds in one direction; `undefined` when its rules or the weight of one of its lists were not read. */
export const ruleCount = (groupId: string, direction: RuleDirection, network: Network): RuleCount | undefined => {
  const rules = network.rules.get(groupId);
  if (rules?.kind !== 'read') return undefined;
  return rules.value
    .filter((rule) => rule.direction === direction)
    .map((rule) => countOf(rule, network))
    .reduce(sum, { ipv4: 0, ipv6: 0 });
};

/** How a rule of ours will count. */
export const countOfPeer = (peer: RulePeer): RuleCount => {
  if (peer.kind === 'cidr-ipv4') return { ipv4: 1, ipv6: 0 };
  return peer.kind === 'cidr-ipv6' ? { ipv4: 0, ipv6: 1 } : ONE_OF_BOTH;
};

export const plus = (a: RuleCount, b: RuleCount): RuleCount => ({ ipv4: a.ipv4 + b.ipv4, ipv6: a.ipv6 + b.ipv6 });

/** Whether one more rule fits, in the families it counts in. */
export const fitsOneMore = (held: RuleCount, more: RuleCount, rulesPerGroup: number): boolean =>
  held.ipv4 + more.ipv4 <= Math.max(rulesPerGroup, held.ipv4) &&
  held.ipv6 + more.ipv6 <= Math.max(rulesPerGroup, held.ipv6);
