import { tagValue, USHER_TAG } from '../tags.ts';
import type { TargetGroup } from '../target-group.ts';
import type { AddressFamily, AddressRange } from './addresses.ts';
import { canonicalCidr, coverage, parseRange, worldOf } from './addresses.ts';
import { NOTHING_WANTED } from './hop.ts';
import type { Doubt, Place } from './places.ts';

/** What `usher:client-cidrs` says. */
export type ClientCidrs =
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly value: string }
  | {
      readonly kind: 'told';
      /** In the form AWS keeps, each once, none that another holds. */
      readonly cidrs: readonly string[];
      /** The same with those that another holds: whoever keeps a rule for one of them keeps what the tag says. */
      readonly named: readonly string[];
    };

const isCidr = (text: string): boolean => text.includes('/') && canonicalCidr(text) !== undefined;

const isWithin = (inner: string, outer: string): boolean => {
  const [a, b] = [parseRange(inner), parseRange(outer)];
  return a !== undefined && b !== undefined && coverage([a], [b]) === 'whole';
};

/**
 * Reads a group's `usher:client-cidrs`: CIDR blocks of either family, spaces between. One block that can't be understood
 * spoils the whole tag, for nobody knows what was meant.
 */
export const clientCidrsOf = ({ tags }: Pick<TargetGroup, 'tags'>): ClientCidrs => {
  const value = tagValue(tags, USHER_TAG.clientCidrs);
  if (value === undefined) return { kind: 'absent' };
  const texts = value.split(/\s+/).filter((text) => text !== '');
  if (texts.length === 0 || !texts.every(isCidr)) return { kind: 'malformed', value };
  const named = [...new Set(texts.map((text) => canonicalCidr(text) ?? text))];
  return {
    kind: 'told',
    cidrs: named.filter((cidr) => !named.some((other) => other !== cidr && isWithin(cidr, other))),
    named,
  };
};

/** Widest blocks that a tag may name by itself, as prefix lengths (design section 2). */
const WIDEST: Readonly<Record<AddressFamily, number>> = { ipv4: 8, ipv6: 16 };

/** Whether a block is wider than a group may admit without the stage's word. */
export const isWide = (cidr: string): boolean => {
  const prefixLength = Number(cidr.split('/')[1]);
  return prefixLength < WIDEST[cidr.includes(':') ? 'ipv6' : 'ipv4'];
};

const ofFamily = (ranges: readonly (AddressRange | undefined)[], family: AddressFamily): readonly AddressRange[] =>
  ranges.filter((range): range is AddressRange => range?.family === family);

const unknownClients = (family: AddressFamily, doubt: Doubt): Place => ({
  subnetId: undefined,
  ranges: [worldOf(family)],
  cidrs: [],
  sends: 'one',
  byGroup: 'no',
  doubt,
  subnetNotLookedAt: false,
});

/** The clients of a group whose targets see their addresses. Who they are only its tag tells. */
export const clientsPlace = (targetGroup: TargetGroup, family: AddressFamily): Place => {
  const told = clientCidrsOf(targetGroup);
  const about = { targetGroup: targetGroup.name, tag: USHER_TAG.clientCidrs };
  if (told.kind === 'malformed') {
    const evidence = { ...about, value: told.value };
    return unknownClients(family, { about: 'which', reason: 'ClientCidrsMalformed', evidence, wants: NOTHING_WANTED });
  }
  const cidrs = told.kind === 'told' ? told.cidrs.filter((cidr) => parseRange(cidr)?.family === family) : [];
  const ranges = ofFamily(cidrs.map(parseRange), family);
  if (ranges.length === 0) {
    const evidence = { ...about, family: told.kind === 'told' ? family : undefined };
    return unknownClients(family, { about: 'which', reason: 'ClientCidrsMissing', evidence, wants: NOTHING_WANTED });
  }
  return { subnetId: undefined, ranges, cidrs, sends: 'every', byGroup: 'no', subnetNotLookedAt: false };
};
