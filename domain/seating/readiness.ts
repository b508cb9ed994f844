import type { Tags } from '../tags.ts';
import { tagValue, USHER_TAG } from '../tags.ts';

/** What a group waits for before an instance is seated in it (`usher:ready`). */
export type Readiness =
  | { readonly kind: 'status-checks' }
  /** A tag that somebody, or the instance itself, sets once it is ready. */
  | { readonly kind: 'tag'; readonly key: string; readonly value: string }
  /** The tag can't mean anything: nobody is ready for it. */
  | { readonly kind: 'malformed'; readonly said: string };

const OF_A_TAG = /^tag:([^=]+)=(.*)$/s;

/** What a group's tags ask for; `undefined` when they ask for nothing. Keys and values are compared exactly after trimming. */
export const readinessOf = (groupTags: Tags): Readiness | undefined => {
  const said = tagValue(groupTags, USHER_TAG.ready)?.trim();
  if (said === undefined) return undefined;
  if (said.toLowerCase() === 'status-checks') return { kind: 'status-checks' };
  const [, key = '', value = ''] = OF_A_TAG.exec(said) ?? [];
  return key.trim() === '' ? { kind: 'malformed', said } : { kind: 'tag', key: key.trim(), value: value.trim() };
};

/**
 * Whether an instance is ready for a group.
 * @param passesChecks whether EC2's status checks pass, for groups that ask for them
 */
export const isReady = (readiness: Readiness | undefined, instanceTags: Tags, passesChecks: boolean): boolean => {
  switch (readiness?.kind) {
    case undefined:
      return true;
    case 'status-checks':
      return passesChecks;
    case 'tag':
      return tagValue(instanceTags, readiness.key)?.trim() === readiness.value;
    case 'malformed':
      return false;
  }
};
