import { selectorsOf } from '../selector.ts';
import type { Tags } from '../tags.ts';
import { USHER_TAG } from '../tags.ts';

/** Tags of an instance that were added, changed or removed. */
export interface TagChange {
  /** By AWS's clock, in whole seconds. */
  readonly at: Date;
  /** Exactly as written. */
  readonly keys: readonly string[];
}

/**
 * How long what we put into a group or a security group may be missing from what is read without anybody having taken it
 * away: EC2 is eventually consistent, for seconds as a rule and for minutes at the worst (facts 1.2).
 */
const UNSEEN_MILLISECONDS = 5 * 60 * 1000;

/** What it means that something we once put there is not seen there. */
type Absence = 'held' | 'not-visible-yet';

export const absenceOf = (since: Date, now: Date): Absence =>
  now.getTime() - since.getTime() < UNSEEN_MILLISECONDS ? 'not-visible-yet' : 'held';

/** Keys of an instance's tags that decide whether, and where, it sits in a group. */
const concernedKeys = (groupTags: Tags): ReadonlySet<string> =>
  new Set([
    USHER_TAG.targets,
    USHER_TAG.port,
    ...selectorsOf(groupTags).selectors.flatMap((all) => all.map(({ key }) => key)),
  ]);

/** Whether a change of an instance's tags is about its seat in a group. */
export const concernsSeat = ({ keys }: TagChange, groupTags: Tags): boolean => {
  const concerned = concernedKeys(groupTags);
  return keys.some((key) => concerned.has(key.trim()));
};

/**
 * Whether what we once put into a group and found gone is held no longer, because somebody has changed the tags concerned
 * since (design section 2). A change in the very second we put it there doesn't count: it may be what brought us there.
 * @param since when we put it there
 */
export const endsHold = (change: TagChange, since: Date, groupTags: Tags): boolean =>
  change.at > since && concernsSeat(change, groupTags);
