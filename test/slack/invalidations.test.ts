import { describe, expect, test } from '@jest/globals';
import type { PathFindingReason } from '../../domain/invalidation/paths.ts';
import { priceOf } from '../../domain/invalidation/price.ts';
import type { ReportBody } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { CATALOGUES, renderReport } from '../../slack/render.ts';
import { reportOf } from './reports.ts';

const OF = {
  place: { name: 'www.example.co.jp', id: 'E1ABCDEF234567' },
  paths: ['/', '/img/*'],
  pathCount: 2,
} as const;
const TANAKA = { kind: 'person', userId: 'U024BE7LH' } as const;
const DEPLOY = { kind: 'pipeline', source: 'deploy.www', idempotencyKey: 'k1' } as const;

const finding = (reason: PathFindingReason) =>
  ({ reason, severity: 'refused', said: '/~<!channel>', offer: '/*' }) as const;

const BODIES: readonly ReportBody[] = [
  {
    kind: 'invalidation-completed',
    ...OF,
    invalidationId: 'I1',
    durationSeconds: 108,
    askedBy: [TANAKA, DEPLOY],
    pathsThisMonth: 37,
  },
  {
    kind: 'invalidation-failed',
    ...OF,
    askedBy: TANAKA,
    code: 'PathsRefused',
    message: 'nothing was sent',
    findings: [finding('Tilde'), finding('OtherHost'), finding('TooLong')],
    retryPlanId: undefined,
  },
  { kind: 'invalidation-still-running', ...OF, invalidationId: 'I1', sinceSeconds: 7_320, askedBy: [TANAKA] },
  { kind: 'invalidation-queued', ...OF, askedBy: DEPLOY, position: 3, because: 'QuotaInUse' },
  {
    kind: 'confirmation-wanted',
    ...OF,
    pathCount: 40,
    askedBy: TANAKA,
    because: ['Everything', 'StillDeploying'],
    price: priceOf(40, 990),
    findings: [],
    choices: [
      { label: 'when-deployed', planId: 'p1' },
      { label: 'now', planId: 'p2' },
    ],
  },
];

const texts = (body: ReportBody, language: 'en' | 'ja'): string =>
  JSON.stringify(renderReport(reportOf(body, 'information'), { language, timeZone: 'Asia/Tokyo' }));

test('Given an invalidation is done, then line 1 says so, in both languages', () => {
  const [completed] = BODIES;
  if (completed === undefined) throw new Error('there is one');
  const headline = (language: 'en' | 'ja') =>
    renderReport(reportOf(completed, 'information'), { language, timeZone: 'Asia/Tokyo' }).text;
  expect(headline('en')).toBe('Cache cleared: www.example.co.jp – 2 paths, done in 1 min 48 s');
  expect(headline('ja')).toBe('キャッシュを削除しました：www.example.co.jp（2パス・1分48秒で完了）');
});

describe.each(['en', 'ja'] as const)('in %s', (language) => {
  test.each(BODIES.map((body) => [body.kind, body] as const))('%s is a message Slack takes', (_, body) => {
    const message = renderReport(reportOf(body, 'information'), { language, timeZone: 'Asia/Tokyo' });
    expect(checkMessage(message)).toEqual({ kind: 'ok' });
    expect(JSON.stringify(message)).not.toContain('<!channel>');
    expect(JSON.stringify(message)).toContain('/img/*');
  });

  test('everybody who asked is named, and what each costs', () => {
    expect(texts(BODIES[0] as ReportBody, language)).toContain('<@U024BE7LH>');
    expect(texts(BODIES[0] as ReportBody, language)).toContain('deploy.www');
    expect(texts(BODIES[4] as ReportBody, language)).toContain('USD 0.200');
  });

  test('every finding has its words', () => {
    for (const words of Object.values(CATALOGUES[language].invalidations.finding))
      expect(words.length).toBeGreaterThan(0);
  });
});

test.each(BODIES.map((body) => [body.kind, body] as const))('%s comes through the queue as it was', (_, body) => {
  const report = reportOf(body, 'information');
  expect(parseReport(JSON.stringify(report))).toEqual(report);
});
