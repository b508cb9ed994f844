import { canonicalCidr } from './addresses.ts';
import type { NotCrossed } from './crossing.ts';
import type { Flow, NetworkAcl } from './model.ts';
import { PROTOCOL_NUMBER } from './ports.ts';
import { regionOption } from './remedies.ts';

/** Numbers people may use are 1 to 32766; @see EC2 API reference, `CreateNetworkAclEntry` */
const HIGHEST_NUMBER = 32_766;

/** One entry that a person would add, before it has a number. */
interface MissingEntry {
  readonly acl: NetworkAcl;
  readonly egress: boolean;
  readonly cidr: string;
  readonly from: number;
  readonly to: number;
  /** Number of the first entry that denies; the new one must come before it. */
  readonly before: number;
}

/** Entries of one direction and family, the closing deny among them: by default, and where the quota was raised (facts 3.4). */
const ENTRIES_BY_DEFAULT = 20;
const ENTRIES_AT_MOST = 40;

const familyOf = (cidr: string): 'ipv4' | 'ipv6' => (cidr.includes(':') ? 'ipv6' : 'ipv4');

/** What one ACL holds for one direction and family, and what it would with the missing entries. */
interface Fill {
  readonly used: number;
  readonly needed: number;
}

const fillOf = (missing: readonly MissingEntry[]): readonly Fill[] =>
  [
    ...Map.groupBy(missing, ({ acl, egress, cidr }) => `${acl.networkAclId} ${egress} ${familyOf(cidr)}`).values(),
  ].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const own = first.acl.entries.filter(
      ({ egress, cidr, ruleNumber }) =>
        egress === first.egress && familyOf(cidr) === familyOf(first.cidr) && ruleNumber <= HIGHEST_NUMBER,
    );
    const used = own.length + 1;
    return [{ used, needed: used + 1 + others.length }];
  });

const entryKey = ({ acl, cidr }: MissingEntry): string => `${acl.networkAclId} ${cidr}`;

const missingEntries = ({ acl, crossing, denied }: NotCrossed): readonly MissingEntry[] => {
  if (acl === undefined) return [];
  const before = Math.min(...denied.map(({ entry }) => entry?.ruleNumber ?? HIGHEST_NUMBER + 1));
  return crossing.peerCidrs.flatMap((text) => {
    const cidr = canonicalCidr(text);
    if (cidr === undefined) return [];
    return [{ acl, egress: crossing.egress, cidr, from: crossing.ports.first, to: crossing.ports.last, before }];
  });
};

/** After the last entry where only the closing deny stands in the way, else the highest free number before the deny. */
const freeNumber = (before: number, used: ReadonlySet<number>): number | undefined => {
  const own = [...used].filter((number) => number <= HIGHEST_NUMBER);
  const next = Math.max(0, ...own) + 10;
  if (before > HIGHEST_NUMBER && next <= HIGHEST_NUMBER) return next;
  for (let number = Math.min(before - 1, HIGHEST_NUMBER); number >= 1; number -= 1) {
    if (!used.has(number)) return number;
  }
  return undefined;
};

const commandFor = (missing: MissingEntry, number: number, flow: Flow): string =>
  [
    `aws ec2 create-network-acl-entry --network-acl-id ${missing.acl.networkAclId}`,
    missing.egress ? '--egress' : '--ingress',
    `--rule-number ${number}`,
    `--protocol ${PROTOCOL_NUMBER[flow.protocol]}`,
    `--port-range From=${missing.from},To=${missing.to}`,
    `${missing.cidr.includes(':') ? '--ipv6-cidr-block' : '--cidr-block'} ${missing.cidr}`,
    `--rule-action allow${regionOption(flow.seat.targetGroup.arn)}`,
  ].join(' ');

interface Numbered {
  readonly used: ReadonlyMap<string, ReadonlySet<number>>;
  readonly commands: readonly (string | undefined)[];
}

const usedIn = ({ acl, egress }: MissingEntry): ReadonlySet<number> =>
  new Set(acl.entries.filter((entry) => entry.egress === egress).map(({ ruleNumber }) => ruleNumber));

const withNumber = ({ used, commands }: Numbered, missing: MissingEntry, flow: Flow): Numbered => {
  const { networkAclId } = missing.acl;
  const taken = used.get(networkAclId) ?? usedIn(missing);
  const number = freeNumber(missing.before, taken);
  if (number === undefined) return { used, commands: [...commands, undefined] };
  return {
    used: new Map(used).set(networkAclId, new Set(taken).add(number)),
    commands: [...commands, commandFor(missing, number, flow)],
  };
};

const missingIn = (all: readonly NotCrossed[]): readonly MissingEntry[] => [
  ...new Map(all.flatMap(missingEntries).map((entry) => [entryKey(entry), entry])).values(),
];

/** How many entries an ACL holds that has, by AWS's default, no room for those that are missing; `undefined` where all have. */
export const entriesWithoutRoom = (all: readonly NotCrossed[]): number | undefined => {
  const full = fillOf(missingIn(all)).filter(({ needed }) => needed > ENTRIES_BY_DEFAULT);
  return full.length === 0 ? undefined : Math.max(...full.map(({ used }) => used));
};

/**
 * The line that adds the missing allow entries, each before the deny that decides; `undefined` when an address block is
 * not known, no number is free, or AWS would take no more entries whatever the quota.
 */
export const aclCommands = (all: readonly NotCrossed[], flow: Flow): string | undefined => {
  if (all.some(({ crossing }) => crossing.peerCidrs.length === 0)) return undefined;
  const missing = missingIn(all);
  if (fillOf(missing).some(({ needed }) => needed > ENTRIES_AT_MOST)) return undefined;
  const nothing: Numbered = { used: new Map(), commands: [] };
  const { commands } = missing.reduce((numbered, entry) => withNumber(numbered, entry, flow), nothing);
  return commands.length > 0 && !commands.includes(undefined) ? commands.join(' && ') : undefined;
};
