import type { Instance } from '../instance.ts';

/** Seconds between looks at an instance that is not visible yet: EC2 reads lag a launch (facts 1.2); afterwards the sweep sees it. */
const NOT_VISIBLE_DELAYS_SECONDS = [5, 20, 60, 180] as const;
/** Tags made by a script right after the launch arrive a little later than the event. */
const NOT_TAGGED_DELAY_SECONDS = 60;
const YOUNG_MILLISECONDS = 2 * 60 * 1000;
const LEAVING_DELAYS_SECONDS = [60, 120, 300, 900, 900, 900, 900] as const;
const NOT_READY_DELAY_SECONDS = 60;
const NOT_READY_MILLISECONDS = 15 * 60 * 1000;
const UNSEEN_DELAY_SECONDS = 60;
/** EC2 reads lag by seconds (facts 1.2). */
const ABSENT_DELAY_SECONDS = 60;
const LEASE_BUSY_DELAYS_SECONDS = [5, 10, 20, 40, 60] as const;
const LEASE_BUSY_ATTEMPTS = 20;

/** A further look, or that there is none. `attempt` counts the looks made so far, 0 for the event's own. */
export type FurtherLook = { readonly kind: 'after'; readonly seconds: number } | { readonly kind: 'no-more' };

const after = (seconds: number | undefined): FurtherLook =>
  seconds === undefined ? { kind: 'no-more' } : { kind: 'after', seconds };

export const whenNotVisible = (attempt: number): FurtherLook => after(NOT_VISIBLE_DELAYS_SECONDS[attempt]);

/**
 * An instance that belongs nowhere is looked at once more when it is so young that its tags may still come.
 * `attempt` counts the looks made for its tags only: looks put off because it was not visible yet don't use this one up.
 */
export const whenNotTagged = (instance: Instance, attempt: number, now: Date): FurtherLook =>
  attempt === 0 && now.getTime() - instance.launchedAt.getTime() < YOUNG_MILLISECONDS
    ? after(NOT_TAGGED_DELAY_SECONDS)
    : { kind: 'no-more' };

/** The target is still leaving the seat that it shall have again; a deregistration takes an hour at most (facts 2.2). */
export const whenLeaving = (attempt: number): FurtherLook => after(LEAVING_DELAYS_SECONDS[attempt]);

/** An instance that EC2 doesn't show is looked for again; only a second look tells that it is gone. */
export const whenAbsent = (): FurtherLook => after(ABSENT_DELAY_SECONDS);

/** Whether a look that missed an instance was long enough ago for another to count. */
export const isAbsentLongEnough = (since: Date, now: Date): boolean =>
  now.getTime() - since.getTime() >= ABSENT_DELAY_SECONDS * 1000;

/**
 * An instance is not ready for its group: looked at each minute, for a quarter of an hour.
 * @param since when it was first looked at for this, or launched where nothing else brought us here
 */
export const whenNotReady = (since: Date, now: Date): FurtherLook =>
  now.getTime() - since.getTime() < NOT_READY_MILLISECONDS ? after(NOT_READY_DELAY_SECONDS) : { kind: 'no-more' };

/** What we put there is not seen yet: reads of EC2 and ELB lag its writing. Ends by itself, once it was written long enough ago. */
export const whenUnseen = (): FurtherLook => after(UNSEEN_DELAY_SECONDS);

/** Somebody else is planning against the same groups. */
export const whenLeaseBusy = (attempt: number): FurtherLook =>
  attempt >= LEASE_BUSY_ATTEMPTS
    ? { kind: 'no-more' }
    : after(LEASE_BUSY_DELAYS_SECONDS[Math.min(attempt, LEASE_BUSY_DELAYS_SECONDS.length - 1)]);
