import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Selector } from '../../domain/selector.ts';
import { matchAny, matchSelector, parseSelector, selectorsOf, selectorText } from '../../domain/selector.ts';

const WEB_PROD: Selector = [
  { key: 'Role', value: 'web' },
  { key: 'Env', value: 'prod' },
];

/** Keys and values as tags may hold them, without the spaces and `=` that a selector gives a meaning to. */
const word = fc.stringMatching(/^[A-Za-z0-9+.:/@_-]{1,12}$/);
const tags = fc.dictionary(word, word, { maxKeys: 5, noNullPrototype: true });
const selector = fc.uniqueArray(fc.record({ key: word, value: fc.option(word, { nil: undefined }) }), {
  minLength: 1,
  maxLength: 4,
  selector: ({ key }) => key,
});

describe('reading a selector', () => {
  test.each([
    ['Role=web', [{ key: 'Role', value: 'web' }]],
    ['  Role=web   Env=prod ', WEB_PROD],
    ['Role', [{ key: 'Role', value: undefined }]],
    ['Role=', [{ key: 'Role', value: '' }]],
    ['Path=a=b', [{ key: 'Path', value: 'a=b' }]],
    [
      'Role=web Role=web',
      [
        { key: 'Role', value: 'web' },
        { key: 'Role', value: 'web' },
      ],
    ],
    [
      'Role Role=web',
      [
        { key: 'Role', value: undefined },
        { key: 'Role', value: 'web' },
      ],
    ],
  ])('Given %j, when it is read, then its pairs are known', (text, pairs) => {
    expect(parseSelector(text)).toEqual(pairs);
  });

  test.each([[''], ['   '], ['=web'], ['Role=web =prod'], ['Role=web Role=app']])(
    'Given %j, when it is read, then it says nothing usable',
    (text) => {
      expect(parseSelector(text)).toBeUndefined();
    },
  );

  test('Given any selector, when it is written and read, then it is the same', () => {
    fc.assert(fc.property(selector, (pairs) => expect(parseSelector(selectorText(pairs))).toEqual(pairs)));
  });
});

test('Given a group with several selector tags, when they are read, then those from 2 to 9 count, in order, and the unusable ones are named', () => {
  const { selectors, malformed } = selectorsOf({
    'usher:selector:9': 'Role=nine',
    'usher:selector:10': 'Role=ten',
    'usher:selector:1': 'Role=one',
    'usher:selector': 'Role=web',
    'usher:selector:2': '=oops',
    'usher:selector:3': 'Role=api',
  });
  expect(selectors.map(selectorText)).toEqual(['Role=web', 'Role=api', 'Role=nine']);
  expect(malformed).toEqual([{ tag: 'usher:selector:2', value: '=oops' }]);
});

describe('matching', () => {
  test.each([
    ['all pairs there', { Role: 'web', Env: 'prod', Name: 'web-1' }, 'matches'],
    ['spaces around key and value', { ' Role ': ' web ', Env: 'prod' }, 'matches'],
    ['another letter case in a value', { Role: 'Web', Env: 'prod' }, 'near'],
    ['another letter case in a key', { role: 'web', Env: 'prod' }, 'near'],
    ['a space within a value', { Role: 'we b', Env: 'prod' }, 'near'],
    ['one pair missing', { Role: 'web' }, 'no'],
    ['another value', { Role: 'web', Env: 'test' }, 'no'],
    ['no tags', {}, 'no'],
  ] as const)(
    'Given %s, when compared with Role=web Env=prod, then the answer is as written',
    (_, instanceTags, match) => {
      expect(matchSelector(WEB_PROD, instanceTags)).toBe(match);
    },
  );

  test('Given a bare key, when it is compared, then any value will do, even none, but not an inherited name', () => {
    expect(matchSelector([{ key: 'Role', value: undefined }], { Role: '' })).toBe('matches');
    expect(matchSelector([{ key: 'constructor', value: undefined }], {})).toBe('no');
  });

  test('Given several selectors, when one matches and another nearly does, then the match wins; none matches nothing', () => {
    const web: Selector = [{ key: 'Role', value: 'web' }];
    const Web: Selector = [{ key: 'Role', value: 'Web' }];
    expect(matchAny([Web, web], { Role: 'web' })).toBe('matches');
    expect(matchAny([Web], { Role: 'web' })).toBe('near');
    expect(matchAny([], { Role: 'web' })).toBe('no');
  });

  test('Given any tags that hold every pair, when they are compared, then they match; with one pair taken away, they do not', () => {
    fc.assert(
      fc.property(selector, tags, (pairs, others) => {
        const all = { ...others, ...Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? 'any'])) };
        expect(matchSelector(pairs, all)).toBe('matches');
        const without = Object.fromEntries(Object.entries(all).filter(([key]) => key !== pairs[0]?.key));
        expect(matchSelector(pairs, without)).not.toBe('matches');
      }),
    );
  });

  test('Given any tags, when their letters are turned to capitals, then what matched is at least near', () => {
    fc.assert(
      fc.property(selector, (pairs) => {
        const shouted = Object.fromEntries(
          pairs.map(({ key, value }) => [key.toUpperCase(), (value ?? '').toUpperCase()]),
        );
        expect(matchSelector(pairs, shouted)).not.toBe('no');
      }),
    );
  });
});
