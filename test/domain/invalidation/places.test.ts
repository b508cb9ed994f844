import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Distribution } from '../../../domain/invalidation/places.ts';
import {
  answersFor,
  hostOf,
  placeGroupsFrom,
  resolvePlaces,
  tenantPlace,
} from '../../../domain/invalidation/places.ts';

const distribution = (
  distributionId: string,
  aliases: readonly string[],
  changes: Partial<Distribution> = {},
): Distribution => ({
  distributionId,
  domainName: `${distributionId.toLowerCase()}.cloudfront.net`,
  aliases,
  status: 'Deployed',
  connectionMode: 'direct',
  ...changes,
});

const ALL = [
  distribution('E1WWW2222222', ['www.example.com', 'example.com']),
  distribution('E2BLOG333333', ['*.example.com']),
  distribution('E3SHOP444444', ['*.shop.example.com']),
  distribution('E4BARE555555', []),
  distribution('E5MANY666666', [], { connectionMode: 'tenant-only' }),
];
const GROUPS = { site: ['www.example.com', 'E2BLOG333333', 'example.com'], broken: ['www.example.com', 'gone.test'] };

const idsOf = (where: string) => {
  const resolved = resolvePlaces(where, ALL, GROUPS);
  return resolved.kind === 'places' ? resolved.places.map(({ distributionId }) => distributionId) : resolved.kind;
};

describe('a name comes to places', () => {
  test.each([
    ['E1WWW2222222', ['E1WWW2222222']],
    ['e1www2222222', ['E1WWW2222222']],
    ['www.example.com', ['E1WWW2222222']],
    ['WWW.Example.com.', ['E1WWW2222222']],
    ['https://www.example.com/blog/?x#y', ['E1WWW2222222']],
    ['http://user@www.example.com:8080/', ['E1WWW2222222']],
    ['blog.example.com', ['E2BLOG333333']],
    ['a.b.example.com', ['E2BLOG333333']],
    ['a.shop.example.com', ['E3SHOP444444']],
    ['*.example.com', ['E2BLOG333333']],
    ['e4bare555555.cloudfront.net', ['E4BARE555555']],
    ['site', ['E1WWW2222222', 'E2BLOG333333']],
    ['Site', ['E1WWW2222222', 'E2BLOG333333']],
  ])('%s', (where, ids) => {
    expect(idsOf(where)).toEqual(ids);
  });

  test.each([
    ['other.org', 'absent'],
    ['', 'absent'],
    ['E9NONE999999', 'absent'],
    ['E5MANY666666', 'tenant-only'],
    ['broken', 'absent'],
    ['.example.com', 'absent'],
  ])('%s is %s', (where, kind) => {
    expect(idsOf(where)).toBe(kind);
  });

  test('Given two distributions with one alias, then both are named', () => {
    const twice = [distribution('E1AAAAAAAAAA', ['x.test']), distribution('E2BBBBBBBBBB', ['x.test'])];
    expect(resolvePlaces('x.test', twice, {})).toMatchObject({
      kind: 'ambiguous',
      candidates: [{ distributionId: 'E1AAAAAAAAAA' }, { distributionId: 'E2BBBBBBBBBB' }],
    });
  });

  test('Given a slip of the finger, then the nearest names are offered', () => {
    expect(resolvePlaces('wwww.exmaple.com', ALL, {})).toMatchObject({
      kind: 'absent',
      suggestions: expect.arrayContaining(['www.example.com']),
    });
    expect(resolvePlaces('sit', ALL, GROUPS)).toMatchObject({ suggestions: ['site'] });
  });

  test('A place goes by its first alias without a star, else by its CloudFront domain; a tenant by the domain asked for', () => {
    expect(resolvePlaces('E4BARE555555', ALL, {})).toMatchObject({ places: [{ name: 'e4bare555555.cloudfront.net' }] });
    expect(resolvePlaces('E2BLOG333333', ALL, {})).toMatchObject({ places: [{ name: '*.example.com' }] });
    const tenant = {
      tenantId: 'dt_1',
      distributionId: 'E5MANY666666',
      domains: ['a.org', 'b.org'],
      status: 'Deployed',
    };
    expect(tenantPlace(tenant, 'b.org')).toEqual({ distributionId: 'E5MANY666666', tenantId: 'dt_1', name: 'b.org' });
    expect(tenantPlace({ ...tenant, domains: [] })).toMatchObject({ name: 'dt_1' });
  });

  test('Whatever is typed, resolving it ends, and says what was typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), (where) => {
        const resolved = resolvePlaces(where, ALL, GROUPS);
        expect(['places', 'absent', 'ambiguous', 'tenant-only']).toContain(resolved.kind);
        expect(hostOf(where)).not.toMatch(/[/?#]/);
      }),
    );
  });
});

test('A distribution answers for its names, in any case, and a star for any labels but none', () => {
  expect(answersFor(['*.Example.com'], 'a.b.example.com')).toBe(true);
  expect(answersFor(['*.example.com'], 'example.com')).toBe(false);
  expect(answersFor(['*.example.com'], '.example.com')).toBe(false);
  expect(answersFor(['example.com'], 'anexample.com')).toBe(false);
});

describe('groups of the stage', () => {
  test.each([
    ['', {}],
    [
      'site = www.example.com E1WWW2222222; blog=blog.example.com;',
      { site: ['www.example.com', 'E1WWW2222222'], blog: ['blog.example.com'] },
    ],
    ['全部 = a.test, b.test', { 全部: ['a.test', 'b.test'] }],
  ])('%j', (text, groups) => {
    expect(placeGroupsFrom({ USHER_INVALIDATION_GROUPS: text })).toEqual(groups);
  });

  test.each(['site', '= a.test', 'a b = c.test', 'site ='])('%j is refused by name', (text) => {
    expect(() => placeGroupsFrom({ USHER_INVALIDATION_GROUPS: text })).toThrow('is no group');
  });
});
