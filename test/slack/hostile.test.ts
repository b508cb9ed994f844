import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding, FindingReason } from '../../domain/finding.ts';
import type { Report, ReportBody } from '../../domain/report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { outsideText, shortened, visible } from '../../slack/outside-text.ts';
import { code, outside, say, strong, toMrkdwn, toPlainText } from '../../slack/phrase.ts';
import { renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { EVIDENCE } from './reports.ts';

const TRICKS = [
  '<!channel>',
  '<!here|x>',
  '<@U024BE7LH>',
  '<#C024BE7LR>',
  '<https://evil.example|click>',
  '&lt;!channel&gt;',
  '@channel',
  ':rotating_light:',
  '`',
  '```',
  '*',
  '_',
  '~',
  '\n',
  '\r\n',
  '\u2028',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\ud83d',
  '\udc00',
  '👩‍👩‍👧‍👦',
  'é',
  'a\u0301\u0301\u0301\u0301\u0301\u0301',
  '&',
  '>',
  '> quote',
  'web_prod',
  '日本語の名前',
  '"',
  "'",
  '',
  ' ',
];

const hostile: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...TRICKS), { minLength: 20, maxLength: 80 }).map((parts) => parts.join('')),
  fc.constantFrom(
    '<'.repeat(300),
    '&'.repeat(300),
    '👩‍👩‍👧‍👦'.repeat(60),
    `a${'\u0301'.repeat(300)}`,
    '\u200b'.repeat(50),
  ),
);

const reason = fc.constantFrom(...(Object.keys(EVIDENCE) as FindingReason[]));
const severity = fc.constantFrom('information', 'warning', 'critical' as const) as fc.Arbitrary<Report['severity']>;

const finding: fc.Arbitrary<Finding> = reason.chain((of) =>
  fc.record(
    {
      reason: fc.constant(of),
      severity,
      evidence: fc.oneof(
        fc.dictionary(hostile, hostile, { maxKeys: 6 }),
        fc
          .tuple(...Object.keys(EVIDENCE[of]).map((key) => fc.tuple(fc.constant(key), hostile)))
          .map((entries) => Object.fromEntries(entries)),
      ),
      remedy: hostile,
    },
    { requiredKeys: ['reason', 'severity', 'evidence'] },
  ),
);

const named = fc.record({ name: hostile, id: hostile });
const findings = fc.array(finding, { maxLength: 5 });
const port = fc.integer({ min: 1, max: 65_535 });
const target = fc.record({
  name: hostile,
  instanceId: fc.option(hostile, { nil: undefined }),
  port,
  availabilityZone: fc.constant(undefined),
});
const targets = <T>(extra: fc.Arbitrary<T>) =>
  fc.array(
    fc.tuple(target, extra).map(([a, b]) => ({ ...a, ...b })),
    { minLength: 0, maxLength: 12 },
  );
const health = fc.record(
  {
    healthy: fc.nat(9),
    total: fc.nat(9),
    zones: fc.array(fc.record({ name: hostile, healthy: fc.nat(9) }), { maxLength: 8 }),
    names: fc.array(hostile, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['healthy', 'total'] },
);
const imageDiffers = fc.record({
  names: fc.array(hostile, { minLength: 1, maxLength: 2 }),
  count: fc.nat(9),
  otherNames: fc.array(hostile, { maxLength: 2 }),
  otherCount: fc.nat(9),
});
const changes = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('rule-added' as const),
      securityGroup: named,
      direction: fc.constantFrom('ingress' as const, 'egress' as const),
      protocol: hostile,
      port,
      peer: named,
      ruleId: fc.constant(undefined),
    }),
    fc.record({ kind: fc.constant('target-registered' as const), port, count: fc.nat(1000) }),
  ),
  { maxLength: 6 },
);

const body: fc.Arbitrary<ReportBody> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('targets-in-service' as const),
      targetGroup: named,
      targets: targets(fc.record({ healthyAfterSeconds: fc.nat(9_999_999) })),
      health,
      changes,
      findings,
      recovered: fc.boolean(),
      imageDiffers,
      launchedBy: hostile,
    },
    { requiredKeys: ['kind', 'targetGroup', 'targets', 'health', 'changes', 'findings', 'recovered'] },
  ),
  fc.record({
    kind: fc.constant('targets-not-in-service' as const),
    targetGroup: named,
    targets: targets(
      fc.record({
        state: fc.constantFrom(
          'initial',
          'unhealthy',
          'unused',
          'draining',
          'unavailable',
          'not-registered',
          'unhealthy.draining',
          'healthy',
        ) as fc.Arbitrary<'initial'>,
        reason: fc.option(fc.oneof(hostile, reason), { nil: undefined }),
        description: fc.option(hostile, { nil: undefined }),
        sinceSeconds: fc.nat(9_999_999),
      }),
    ),
    health,
    network: fc.constantFrom('passes' as const, 'blocked' as const, 'unknown' as const),
    findings,
    changes,
    looksAgainEverySeconds: fc.option(fc.nat(4_000), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('targets-not-registered' as const),
    targetGroup: named,
    targets: targets(fc.record({ findings })),
  }),
  fc.record({
    kind: fc.constant('configuration-findings' as const),
    subject: fc.record({
      name: hostile,
      id: hostile,
      type: fc.constantFrom('target-group' as const, 'instance' as const),
    }),
    findings,
  }),
);

const report: fc.Arbitrary<Report> = fc.record({
  key: hostile,
  matter: hostile,
  destination: hostile,
  severity,
  at: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  stage: hostile,
  region: hostile,
  account: hostile,
  body,
});

const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The text with its code spans emptied; inside code nothing formats. */
const outsideCode = (line: string): string => line.replace(/`[^`]*`/g, '``');

const counted = (text: string, mark: string): number => text.split(mark).length - 1;

test('Whatever names, tags and errors hold: Slack takes the message, nobody is pinged, nothing is formatted but by us', () => {
  fc.assert(
    fc.property(
      report,
      fc.constantFrom('en' as const, 'ja' as const),
      fc.option(hostile, { nil: undefined }),
      (any, language, label) => {
        const message = renderReport(any, {
          language,
          timeZone: 'Asia/Tokyo',
          ...(label === undefined ? {} : { accountLabel: label }),
          mentions: [],
        });
        expect(checkMessage(message)).toEqual({ kind: 'ok' });
        const texts = message.blocks.flatMap((block) =>
          block.type === 'section'
            ? [block.text.text]
            : block.elements.map(({ text }) => (typeof text === 'string' ? text : text.text)),
        );
        for (const text of [message.text, ...texts]) {
          expect(liveTags(text)).toEqual([]);
          expect(text).not.toMatch(/[<>]/);
          expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
          expect(text).not.toMatch(HIDDEN);
          expect(text.isWellFormed()).toBe(true);
        }
        const lines = texts.flatMap((text) => text.split('\n'));
        expect(lines.length).toBeLessThanOrEqual(6);
        expect(message.text.length).toBeLessThanOrEqual(400);
        for (const [index, line] of lines.entries()) {
          expect(line).not.toMatch(/^\s*&gt;/);
          expect(counted(line, '`') % 2).toBe(0);
          const bare = outsideCode(line);
          // Line 1 has one strong part, the line with the next step one; no other mark is ours.
          expect([0, 2]).toContain(counted(bare, '*'));
          expect(bare).not.toMatch(/~|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u);
          expect(bare).not.toMatch(/@(?:channel|here|everyone)/i);
          // Line 1 has an emoji, and the line about an AMI.
          const hasEmoji = index === 0 || bare.startsWith(':warning: ');
          expect(bare.match(/:[a-z0-9_+'-]+:/g) ?? []).toHaveLength(hasEmoji ? 1 : 0);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('A shortened text is never longer than asked, never splits a character people see, and keeps both its ends', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 4, max: 60 }), (text, limit) => {
      const seen = visible(text);
      const short = shortened(seen, limit);
      const parts = Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(short));
      expect(parts.length).toBeLessThanOrEqual(limit);
      expect(outsideText(text, limit).length).toBeLessThanOrEqual(limit * 3);
      expect(short.isWellFormed()).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(shortened('web-production-blue-green-instance-0042', 20)).toBe('web-productio…e-0042');
  expect(shortened('🇯🇵🇯🇵🇯🇵🇯🇵🇯🇵', 4)).toBe('🇯🇵…🇯🇵');
  expect(shortened('abcdefgh', 5, 'end')).toBe('abcd…');
});

test.each([
  ['<!channel>', '&lt;!channel&gt;'],
  ['*bold* _it_ ~no~ `code`', '∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ'],
  ['web_prod_1', 'web_prod_1'],
  ['a\nb\tc\u0000\u202ed', 'a b cd'],
  [':tada: at 10:30', '꞉tada: at 10꞉30'],
  [':tada', '꞉tada'],
  ['ping @here', 'ping ＠here'],
  ['a & b', 'a &amp; b'],
  ['\u200b\u202e', '–'],
  ['', '–'],
])('Outside text %j is shown as %j', (text, shown) => {
  expect(outsideText(text, 48)).toBe(shown);
});

test('Code keeps what formats elsewhere, except what would end it', () => {
  expect(toMrkdwn(say`see ${code('a*b_c~d`e')}`)).toBe('see `a*b_c~dˋe`');
  expect(toPlainText(say`${strong(say`see ${outside('*x*')}`)} ${code('sg-1')}`)).toBe('see ∗x∗ sg-1');
});
