import type { AddressRange } from './addresses.ts';
import { coverage, overlaps, parseRange, subtractRange } from './addresses.ts';
import type { FlowProtocol, NetworkAclEntry } from './model.ts';
import type { PortRange } from './ports.ts';
import { portsFor } from './ports.ts';

/** Packets asked about: addresses of the other side × destination ports. */
export interface Block {
  readonly addresses: AddressRange;
  readonly ports: PortRange;
}

/** A block and the entry that settles it; no entry is the closing `*` deny. */
export interface Decision {
  readonly block: Block;
  readonly entry: NetworkAclEntry | undefined;
}

const intersection = (a: Block, b: Block): Block => ({
  addresses: {
    family: a.addresses.family,
    first: a.addresses.first > b.addresses.first ? a.addresses.first : b.addresses.first,
    last: a.addresses.last < b.addresses.last ? a.addresses.last : b.addresses.last,
  },
  ports: { first: Math.max(a.ports.first, b.ports.first), last: Math.min(a.ports.last, b.ports.last) },
});

const meet = (a: Block, b: Block): boolean =>
  overlaps(a.addresses, b.addresses) && a.ports.first <= b.ports.last && b.ports.first <= a.ports.last;

/** What is left of a block once an entry has taken its part: other addresses whole, the same addresses' other ports. */
const without = (block: Block, taken: Block): readonly Block[] => {
  const shared = intersection(block, taken);
  const otherAddresses = subtractRange(block.addresses, taken.addresses).map((addresses) => ({ ...block, addresses }));
  const otherPorts = [
    { first: block.ports.first, last: shared.ports.first - 1 },
    { first: shared.ports.last + 1, last: block.ports.last },
  ].filter(({ first, last }) => first <= last);
  return [...otherAddresses, ...otherPorts.map((ports) => ({ addresses: shared.addresses, ports }))];
};

/** The packets an entry speaks about; none when it is of another protocol, `undefined` when its CIDR is malformed. */
const blockOf = (entry: NetworkAclEntry, protocol: FlowProtocol): Block | 'other-protocol' | undefined => {
  const ports = portsFor(entry, protocol);
  if (ports === undefined) return 'other-protocol';
  const addresses = parseRange(entry.cidr);
  return addresses && { addresses, ports };
};

interface Walk {
  readonly left: readonly Block[];
  readonly decisions: readonly Decision[];
}

const take = ({ left, decisions }: Walk, entry: NetworkAclEntry, part: Block): Walk => {
  const taken = left.filter((block) => meet(block, part));
  return {
    left: left.flatMap((block) => (meet(block, part) ? without(block, part) : [block])),
    decisions: [...decisions, ...taken.map((block) => ({ entry, block: intersection(block, part) }))],
  };
};

/**
 * Walks an ACL's entries, lowest number first, the first match settling each packet; what no entry matches falls to
 * the closing deny (facts 3.4). Families are apart by their addresses. `undefined` when an entry can't be understood.
 */
export const decide = (
  entries: readonly NetworkAclEntry[],
  protocol: FlowProtocol,
  asked: readonly Block[],
): readonly Decision[] | undefined => {
  let walk: Walk = { left: asked, decisions: [] };
  for (const entry of [...entries].sort((a, b) => a.ruleNumber - b.ruleNumber)) {
    const part = blockOf(entry, protocol);
    if (part === undefined) return undefined;
    if (part !== 'other-protocol') walk = take(walk, entry, part);
    if (walk.left.length === 0) break;
  }
  return [...walk.decisions, ...walk.left.map((block) => ({ entry: undefined, block }))];
};

/** Decisions that deny, the lowest entry first. */
export const denials = (decisions: readonly Decision[]): readonly Decision[] =>
  decisions.filter(({ entry }) => entry?.action !== 'allow');

/** Whether every address asked about has some denied packet; else a node's address may or may not be among them. */
export const deniesEveryAddress = (denied: readonly Decision[], asked: readonly Block[]): boolean =>
  coverage(
    asked.map(({ addresses }) => addresses),
    denied.map(({ block }) => block.addresses),
  ) === 'whole';
