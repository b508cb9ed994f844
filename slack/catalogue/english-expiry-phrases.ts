import type { Phrase } from '../phrase.ts';
import { joined, quote, say, strong, words } from '../phrase.ts';
import type { ExpirySurroundings } from './expiry.ts';

export const NAMES_SHOWN = 3;

export const plural = (count: number, one: string, several: string): string =>
  count === 1 ? one : `${count} ${several}`;

export const and = (shown: readonly Phrase[], more: number): Phrase => [
  ...joined(shown, ', '),
  ...(more > 0 ? [words(` and ${more} more`)] : []),
];

export const next = (step: Phrase): Phrase => say`${strong(say`Next: ${step}`)}`;

/** `in 14 days (Sun 6 Dec 2026)`; of the last day, the hour. */
export const inDays = (
  daysLeft: number | undefined,
  endsAt: string | undefined,
  { times }: ExpirySurroundings,
): Phrase => {
  if (endsAt === undefined) return daysLeft === undefined ? [] : say` in ${words(plural(daysLeft, '1 day', 'days'))}`;
  if (daysLeft === undefined) return say` on ${words(times.day(endsAt))}`;
  if (daysLeft >= 1) return say` in ${words(plural(daysLeft, '1 day', 'days'))} (${words(times.day(endsAt))})`;
  return say` within 24 hours (${words(times.moment(endsAt))})`;
};

export const since = (endsAt: string | undefined, { times }: ExpirySurroundings): Phrase =>
  endsAt === undefined ? [] : say` since ${words(times.day(endsAt))}`;

/** Reasons of our own; what AWS or a registry says is told as it is. */
const WHY: Readonly<Record<string, string>> = {
  StatusUnknown: 'ACM gives a status that Usher doesn’t know.',
  NoEnd: 'ACM gives no end.',
  NoSource: 'no registry service answers for its top-level domain.',
  SourceGivesNoDate: 'the registry gives no date.',
};

export const told = (why: string): Phrase => {
  const ours = Object.hasOwn(WHY, why) ? WHY[why] : undefined;
  return ours === undefined ? [quote(why)] : [words(ours)];
};

export const NO_LINE: Phrase = [];

export const NOTHING_TO_DO: Phrase = say` Nothing to do.`;
