import type { RecentChange } from './recent-change.ts';

/** Something of ours that was found gone without our having removed it, as it was noticed and told of. */
export interface Hold {
  /** `changeKey` of the change that put it there. */
  readonly key: string;
  /** Since when we had it: put back by us and taken away again, it is another hold. */
  readonly since: string;
  readonly noticedAt: Date;
  readonly said: undefined | { readonly at: Date; readonly withDoer: boolean };
}

/**
 * How long a hold waits to be said while its remover may put it back: a deployment takes instances out and back, and nothing
 * need be said of it.
 */
export const PATIENCE_MILLISECONDS = 30 * 60 * 1000;

/** What is to be said of a hold now. */
export type HoldNews = 'nothing-yet' | 'nothing-more' | 'held' | 'doer-known';

/** Whether what was said of a hold was of an earlier removal: whoever took it away had put it back in between. */
export const isAnotherRemoval = ({ said }: Hold, removal: RecentChange | undefined): boolean =>
  said !== undefined && removal !== undefined && removal.at > said.at;

/**
 * What is to be said of a hold. A person's removal is said at once; a service's when it is not undone in time. When nobody
 * tells who it was, a sweep, which may have come in the midst of a deployment, waits as well.
 * @param isPatient whether whoever looks will look again by itself
 */
export const newsOf = (
  { noticedAt, said }: Hold,
  removal: RecentChange | undefined,
  isPatient: boolean,
  now: Date,
): HoldNews => {
  if (said !== undefined) return removal === undefined || said.withDoer ? 'nothing-more' : 'doer-known';
  const isOver = (from: Date): boolean => now.getTime() - from.getTime() >= PATIENCE_MILLISECONDS;
  if (removal === undefined) return !isPatient || isOver(noticedAt) ? 'held' : 'nothing-yet';
  return removal.by.via !== 'service' || isOver(removal.at) ? 'held' : 'nothing-yet';
};

/** Under which it is noted that a security group kept by code lost a rule of ours: its owner wants none there. */
export const leftToCodeKey = (groupId: string): string => `left-to-code|${groupId}`;
