import { expect, test } from '@jest/globals';
import { cacheWord } from '../../../domain/front-door/cache.ts';
import { answered, behaviour, directWalk, hit, notAnswered, walk } from './walks.ts';

const told = (control: string) => answered({ headers: { ...answered().headers, 'cache-control': control } });

test('Given a hit, then it is cached, since so many seconds', () => {
  expect(cacheWord(walk({ requests: [answered({ headers: hit })] }))).toEqual({ kind: 'cached', ageSeconds: 120 });
});

test('Given a miss and then a hit, then it is cached from now on', () => {
  expect(cacheWord(walk())).toEqual({ kind: 'cached-now' });
});

test('Given two misses, then the policy, what came with it or its cookie says why, or nobody does', () => {
  const missed = walk({ again: answered() });
  expect(cacheWord({ ...missed, behaviour: { ...behaviour, caches: false } })).toEqual({
    kind: 'not-cached',
    because: 'Policy',
  });
  expect(cacheWord({ ...missed, again: told('private, max-age=60') })).toEqual({ kind: 'not-cached', because: 'Told' });
  expect(cacheWord({ ...missed, again: told('max-age=0, s-maxage=600') })).toEqual({
    kind: 'not-cached',
    because: undefined,
  });
  expect(cacheWord({ ...missed, again: told('max-age=07') })).toEqual({ kind: 'not-cached', because: undefined });
  expect(cacheWord({ ...missed, again: answered({ setsCookie: true }) })).toEqual({
    kind: 'not-cached',
    because: 'Cookie',
  });
});

test('Given that something else answers, or nobody, then there is no word of a cache', () => {
  expect(cacheWord(directWalk())).toEqual({ kind: 'no-cloudfront' });
  expect(cacheWord(walk({ requests: [notAnswered('TimedOut')] }))).toEqual({ kind: 'unknown' });
});
