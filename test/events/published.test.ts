import { expect, test } from '@jest/globals';
import type { Report } from '../../domain/report.ts';
import { busCopy, entryBytes, MAXIMUM_ENTRY_BYTES } from '../../events/published.ts';

const reportOn = (name: string): Report => ({
  key: 'configuration-findings/web-prod/1',
  matter: 'web-prod',
  destination: 'alerts',
  severity: 'warning',
  at: '2026-11-22T05:02:00.000Z',
  stage: 'prod',
  region: 'ap-northeast-1',
  account: '123456789012',
  body: {
    kind: 'configuration-findings',
    subject: { type: 'target-group', name, id: 'targetgroup/web-prod/73e2d6bc24d8a067' },
    findings: [],
  },
});

test('Given a report, when it is copied to the bus, then anybody can subscribe to it by source and type', () => {
  const entry = busCopy(reportOn('web-prod'));
  expect({ ...entry, detail: JSON.parse(entry.detail) }).toStrictEqual({
    source: 'usher',
    detailType: 'Usher Report',
    at: new Date('2026-11-22T05:02:00.000Z'),
    detail: { usher: 1, ...reportOn('web-prod') },
  });
});

test('Given text outside ASCII, when an entry is measured, then its UTF-8 bytes count, and the time with 14', () => {
  const entry = { source: 'usher', detailType: 'Usher Report', detail: '登録', at: new Date(0) } as const;
  expect(entryBytes(entry)).toBe(5 + 12 + 6 + 14);
});

test('Given a report that no event can hold, when it is copied, then the copy says so and keeps the rest', () => {
  const entry = busCopy(reportOn('あ'.repeat(400_000)));
  const { body, ...head } = reportOn('');
  expect(JSON.parse(entry.detail)).toStrictEqual({
    usher: 1,
    ...head,
    body: { kind: 'configuration-findings', omitted: 'TooLarge' },
  });
  expect(entryBytes(entry)).toBeLessThan(MAXIMUM_ENTRY_BYTES);
});

test('Given reports just at the limit, when they are copied, then the last that fits is whole', () => {
  const frame = entryBytes(busCopy(reportOn('')));
  const fits = busCopy(reportOn('x'.repeat(MAXIMUM_ENTRY_BYTES - frame)));
  const exceeds = busCopy(reportOn('x'.repeat(MAXIMUM_ENTRY_BYTES - frame + 1)));
  expect(entryBytes(fits)).toBe(MAXIMUM_ENTRY_BYTES);
  expect(JSON.parse(exceeds.detail)).toMatchObject({ body: { omitted: 'TooLarge' } });
});
