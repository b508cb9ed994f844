import type { Answered, Walk } from './walk.ts';
import { isByCloudFront, isHit, lastOf } from './walk.ts';

/** Whether a page is cached. */
export type CacheWord =
  /** It came out of the cache; after how long, where CloudFront says. */
  | { readonly kind: 'cached'; readonly ageSeconds: number | undefined }
  /** It was not there the first time, and was the second: who asks next gets it from the cache. */
  | { readonly kind: 'cached-now' }
  | {
      readonly kind: 'not-cached';
      /** `Policy`: the behaviour keeps nothing; `Told`: what came says so (`no-store`, `private`, `max-age=0`); `Cookie`: it sets one. */
      readonly because: 'Policy' | 'Told' | 'Cookie' | undefined;
    }
  /** Something else than CloudFront answers. */
  | { readonly kind: 'no-cloudfront' }
  | { readonly kind: 'unknown' };

const ageOf = ({ headers }: Answered): number | undefined =>
  /^\d{1,9}$/.test(headers.age ?? '') ? Number(headers.age) : undefined;

const TOLD = /(?:^|[\s,])(?:no-store|no-cache|private|(?:s-maxage|max-age)=0)(?=[\s,]|$)/i;

/** `s-maxage` is for caches that many share, and outranks `max-age`. @see RFC 9111, section 5.2.2.10 */
const isToldNotTo = ({ headers }: Answered): boolean => {
  const told = headers['cache-control'] ?? '';
  return TOLD.test(/s-maxage=[1-9]/i.test(told) ? told.replace(/(?:^|[\s,])max-age=0/gi, '') : told);
};

const notCachedBecause = (
  { behaviour }: Walk,
  answer: Answered,
): Extract<CacheWord, { readonly kind: 'not-cached' }>['because'] => {
  if (behaviour?.caches === false) return 'Policy';
  if (isToldNotTo(answer)) return 'Told';
  return answer.setsCookie ? 'Cookie' : undefined;
};

/** "Is it cached?", by what came back when the last page was asked twice. */
export const cacheWord = (walk: Walk): CacheWord => {
  const first = lastOf(walk);
  if (first.kind !== 'answered') return { kind: 'unknown' };
  if (!isByCloudFront(first)) return { kind: 'no-cloudfront' };
  if (isHit(first)) return { kind: 'cached', ageSeconds: ageOf(first) };
  const { again } = walk;
  if (again?.kind !== 'answered') return { kind: 'unknown' };
  return isHit(again) ? { kind: 'cached-now' } : { kind: 'not-cached', because: notCachedBecause(walk, again) };
};
