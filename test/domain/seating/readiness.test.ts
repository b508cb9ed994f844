import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Readiness } from '../../../domain/seating/readiness.ts';
import { isReady, readinessOf } from '../../../domain/seating/readiness.ts';

const of = (value: string): Readiness | undefined => readinessOf({ 'usher:ready': value });

describe('What a group waits for', () => {
  test.each([
    ['status-checks', { kind: 'status-checks' }],
    [' Status-Checks ', { kind: 'status-checks' }],
    ['tag:Ready=yes', { kind: 'tag', key: 'Ready', value: 'yes' }],
    [' tag: Ready = yes ', { kind: 'tag', key: 'Ready', value: 'yes' }],
    ['tag:app:state=a=b', { kind: 'tag', key: 'app:state', value: 'a=b' }],
    ['tag:Ready=', { kind: 'tag', key: 'Ready', value: '' }],
    ['tag:Ready', { kind: 'malformed', said: 'tag:Ready' }],
    ['tag:=yes', { kind: 'malformed', said: 'tag:=yes' }],
    ['yes', { kind: 'malformed', said: 'yes' }],
    ['', { kind: 'malformed', said: '' }],
  ] as const)('Given "%s", then it is read so', (value, readiness) => {
    expect(of(value)).toEqual(readiness);
  });

  test('Given no such tag, then it waits for nothing', () => {
    expect(readinessOf({ 'usher:selector': 'Role=web' })).toBeUndefined();
    expect(isReady(undefined, {}, false)).toBe(true);
  });
});

describe('Whether an instance is ready', () => {
  test('Given status checks are asked for, then they alone decide', () => {
    expect([isReady(of('status-checks'), {}, true), isReady(of('status-checks'), { Ready: 'yes' }, false)]).toEqual([
      true,
      false,
    ]);
  });

  test('Given a tag is asked for, then it is compared exactly after trimming, and never inherited', () => {
    const ready = of('tag:Ready=yes');
    expect(
      [{ Ready: 'yes' }, { Ready: ' yes ' }, { Ready: 'Yes' }, { ready: 'yes' }, {}].map((tags) =>
        isReady(ready, tags, true),
      ),
    ).toEqual([true, true, false, false, false]);
    expect(isReady(of('tag:constructor='), {}, true)).toBe(false);
  });

  test('Given a tag that can’t mean anything, then nobody is ready', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), fc.boolean(), (value, tags, passes) => {
        const readiness = of(value);
        fc.pre(readiness?.kind === 'malformed');
        expect(isReady(readiness, tags, passes)).toBe(false);
      }),
    );
  });
});
