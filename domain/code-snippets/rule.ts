import type { RuleDirection, RulePeer } from '../network/model.ts';

/** A security group rule as it is handed to whoever keeps the group by code. Names are for the reader and stand in descriptions. */
export interface RuleInCode {
  readonly groupId: string;
  readonly direction: RuleDirection;
  readonly protocol: string;
  readonly port: number;
  readonly peer: RulePeer;
  /** What it is for, in people's words; from outside. */
  readonly description: string;
}

/** Letters and digits of an id or an address, in groups. */
const wordsOf = (text: string): readonly string[] => text.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');

/**
 * What a rule is called in code: by ids and not by names, so that two rules never share one and a group that is renamed keeps
 * it.
 */
export const namePartsOf = ({ groupId, direction, protocol, port, peer }: RuleInCode, peerName: string) => [
  'usher',
  ...wordsOf(groupId),
  direction,
  ...wordsOf(protocol),
  String(port),
  direction === 'ingress' ? 'from' : 'to',
  // An address tells of its family, so that `::/0` and `0.0.0.0/0` are two.
  ...(peer.kind === 'cidr-ipv6' ? ['ipv6'] : []),
  ...wordsOf(peerName),
];
