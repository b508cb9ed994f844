import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { HopVerdict, Wants } from './model.ts';

/** A hop's verdict, before the hop's own name is put on it. */
export type HopAnswer = Omit<HopVerdict, 'hop'>;

/** What a hop needs to know, or the finding that says why it cannot be known. */
export type Known<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'obstacle'; readonly finding: Finding };

export const known = <T>(value: T): Known<T> => ({ kind: 'known', value });

export const obstacle = (finding: Finding): Known<never> => ({ kind: 'obstacle', finding });

export const NOTHING_WANTED: Wants = {
  subnetIds: [],
  prefixListIds: [],
  balancers: [],
  preservationArns: [],
  endpointServiceArns: [],
  routed: [],
  vpcIds: [],
};

/** What several want, together. */
export const allWanted = (all: readonly Wants[]): Wants => ({
  subnetIds: all.flatMap(({ subnetIds }) => subnetIds),
  prefixListIds: all.flatMap(({ prefixListIds }) => prefixListIds),
  balancers: all.flatMap(({ balancers }) => balancers),
  preservationArns: all.flatMap(({ preservationArns }) => preservationArns),
  endpointServiceArns: all.flatMap(({ endpointServiceArns }) => endpointServiceArns),
  routed: all.flatMap(({ routed }) => routed),
  vpcIds: all.flatMap(({ vpcIds }) => vpcIds),
});

const wantsAnything = (wants: Wants): boolean => Object.values(wants).some((wanted) => wanted.length > 0);

/** `decidedBy` and `wants` only where there is something to say. */
const extras = (deciders: readonly string[], wants: Wants): Pick<HopAnswer, 'decidedBy' | 'wants'> => ({
  ...(deciders.length > 0 ? { decidedBy: deciders.join(', ') } : {}),
  ...(wantsAnything(wants) ? { wants } : {}),
});

export const passes = (...deciders: readonly string[]): HopAnswer => ({
  verdict: 'passes',
  ...extras(deciders, NOTHING_WANTED),
});

export const blocked = (
  finding: Finding,
  deciders: readonly string[] = [],
  wants: Wants = NOTHING_WANTED,
): HopAnswer => ({
  verdict: 'blocked',
  finding,
  ...extras(deciders, wants),
});

export const unknown = (
  finding: Finding,
  deciders: readonly string[] = [],
  wants: Wants = NOTHING_WANTED,
): HopAnswer => ({
  verdict: 'unknown',
  finding,
  ...extras(deciders, wants),
});

/** The value of a reading; `undefined` when it was not looked at or could not be. */
export const valueRead = <T>(reading: Reading<T> | undefined): T | undefined =>
  reading?.kind === 'read' ? reading.value : undefined;

/** Why a key of the network has no value. */
export const whyUnread = (reading: Reading<unknown> | undefined): string =>
  reading?.kind === 'unreadable' ? reading.why : 'not looked at';
