import { expect, test } from '@jest/globals';
import type { Hold } from '../../domain/holding.ts';
import { isAnotherRemoval, newsOf } from '../../domain/holding.ts';
import type { RecentChange } from '../../domain/recent-change.ts';

const NOTICED = new Date('2026-11-22T03:00:00.000Z');
const after = (minutes: number): Date => new Date(NOTICED.getTime() + minutes * 60_000);

const hold = (said?: Hold['said']): Hold => ({
  key: 'target|web|i-1:80',
  since: '2026-11-22T01:00:00.000Z',
  noticedAt: NOTICED,
  said,
});

const by = (via: RecentChange['by']['via'], at = NOTICED): RecentChange => ({
  eventId: '1',
  at,
  service: 'elasticloadbalancing',
  action: 'DeregisterTargets',
  by: { name: 'x', roleName: undefined, account: '123456789012', via },
  touched: [],
});

test.each([
  ['a person did it', by('console'), true, 0, 'held'],
  ['Terraform did it', by('terraform'), true, 0, 'held'],
  ['a service did it', by('service'), false, 29, 'nothing-yet'],
  ['a service did it, half an hour ago', by('service'), false, 30, 'held'],
  ['nobody knows who, and an event brought us there', undefined, false, 0, 'held'],
  ['nobody knows who, and a sweep came by', undefined, true, 29, 'nothing-yet'],
  ['nobody knows who, and a sweep came by half an hour ago', undefined, true, 30, 'held'],
] as const)('Given %s, then %s', (_, removal, isPatient, minutes, news) => {
  expect(newsOf(hold(), removal, isPatient, after(minutes))).toBe(news);
});

test('Given it was said without a name, when the name is known, then that is news once', () => {
  expect(newsOf(hold({ at: NOTICED, withDoer: false }), undefined, true, after(60))).toBe('nothing-more');
  expect(newsOf(hold({ at: NOTICED, withDoer: false }), by('service'), true, after(1))).toBe('doer-known');
  expect(newsOf(hold({ at: NOTICED, withDoer: true }), by('console'), true, after(60))).toBe('nothing-more');
});

test('Given it was said, when it was taken away after that, then it is another removal; before that, the same', () => {
  expect(isAnotherRemoval(hold({ at: NOTICED, withDoer: true }), by('console', after(5)))).toBe(true);
  expect(isAnotherRemoval(hold({ at: NOTICED, withDoer: true }), by('console', after(-5)))).toBe(false);
  expect(isAnotherRemoval(hold(), by('console', after(5)))).toBe(false);
  expect(isAnotherRemoval(hold({ at: NOTICED, withDoer: true }), undefined)).toBe(false);
});
