import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DiagnosisReason } from '../../domain/diagnosis/reasons.ts';
import type { AlarmExplained, DiagnosisReportBody, ToldChange } from '../../domain/diagnosis/report.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Report } from '../../domain/report.ts';
import { MalformedReportError, parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { toMrkdwn } from '../../slack/phrase.ts';
import type { RenderOptions } from '../../slack/render.ts';
import { CATALOGUES, renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { changeTold, DIAGNOSES, explained, recovered } from './diagnosis-reports.ts';
import { DIAGNOSIS_FINDING_WORDS, DIAGNOSIS_WORDS } from './diagnosis-words.ts';
import { EVIDENCE, reportOf } from './reports.ts';

const MENTION = '<!subteam^S0ONCALL1>';
const ENGLISH: RenderOptions = {
  language: 'en',
  timeZone: 'Asia/Tokyo',
  mentions: [{ kind: 'user-group', id: 'S0ONCALL1' }],
};
const JAPANESE: RenderOptions = { ...ENGLISH, language: 'ja' };
const BOTH = [ENGLISH, JAPANESE];

const linesOf = (report: Report, options: RenderOptions): readonly string[] =>
  renderReport(report, options).blocks.flatMap((block) =>
    block.type === 'section' ? block.text.text.split('\n') : [],
  );

const buttonsOf = (report: Report, options: RenderOptions) =>
  renderReport(report, options).blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

const labelsOf = (report: Report, options: RenderOptions): readonly string[] =>
  buttonsOf(report, options).map(({ text }) => text.text);

/** Columns on a screen: a Japanese letter takes two. */
const columnsOf = (text: string): number => Array.from(text).reduce((sum, letter) => sum + (letter > '⿿' ? 2 : 1), 0);

const named = (name: string): Report => {
  const report = DIAGNOSES[name];
  if (report === undefined) throw new Error(`no report is called ${name}`);
  return report;
};

describe('every report of a diagnosis', () => {
  test.each(Object.entries(DIAGNOSES))('%s is said in English and Japanese', (name, report) => {
    expect({ en: linesOf(report, ENGLISH), ja: linesOf(report, JAPANESE) }).toEqual(DIAGNOSIS_WORDS[name]);
  });

  test.each(Object.entries(DIAGNOSES))('%s comes through the queue as it was', (_, report) => {
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  test.each(Object.entries(DIAGNOSES))(
    '%s is five lines at most, the first short enough for a lock screen',
    (_, report) => {
      for (const options of BOTH) {
        const message = renderReport(report, options);
        expect(checkMessage(JSON.parse(JSON.stringify(message)))).toEqual({ kind: 'ok' });
        expect(linesOf(report, options).length).toBeLessThanOrEqual(5);
        expect(columnsOf(message.text)).toBeLessThanOrEqual(96);
        expect(JSON.stringify(message)).not.toMatch(/undefined|NaN|\[object/);
      }
    },
  );

  test('there are words for each that is told of, and for no other', () => {
    expect(Object.keys(DIAGNOSIS_WORDS)).toEqual(Object.keys(DIAGNOSES));
  });
});

describe.each(Object.keys(DIAGNOSIS_FINDING_WORDS) as DiagnosisReason[])('the finding %s', (reason) => {
  test.each(['en', 'ja'] as const)('says in %s what it is, its cause, and one step', (language) => {
    const facts = { targetGroup: 'web-prod', ...EVIDENCE[reason] };
    const { short, cause, next } = CATALOGUES[language].findings[reason];
    expect([short(facts), cause(facts), next(facts)].map(toMrkdwn)).toEqual(DIAGNOSIS_FINDING_WORDS[reason][language]);
  });
});

describe('the finding NetworkAclDenies', () => {
  const nextOf = (language: 'en' | 'ja', more: Readonly<Record<string, string>> = {}) =>
    toMrkdwn(CATALOGUES[language].findings.NetworkAclDenies.next({ ...EVIDENCE.NetworkAclDenies, ...more }));

  test('says where the missing entry belongs, and of a full ACL that it has no room', () => {
    expect(nextOf('en')).toBe('allow it in the ACL before entry `100`');
    expect(nextOf('en', { entries: '20' })).toBe(
      'allow it in the ACL before entry `100`; with 20 entries that way it has no room by AWS’s default of 20: make room, or have the quota raised (to 40 at most)',
    );
    expect(nextOf('ja', { entries: '20' })).toBe(
      'ACL のエントリ `100` より前に許可を追加してください。この方向のエントリは既に20件で、デフォルトのクォータ（20件）では足りません。空きを作るか、クォータを引き上げてください（最大40件）',
    );
  });
});

describe('who is called', () => {
  const isCalled = (report: Report): boolean => linesOf(report, ENGLISH)[0]?.includes(MENTION) ?? false;

  test('Given that visitors get nothing, or only what the unwell answer, then people are called', () => {
    expect(isCalled(named('down, 504, a rule is missing'))).toBe(true);
    expect(isCalled(named('fail-open'))).toBe(true);
  });

  test('Given that others carry the traffic, an alarm nobody feels, or an ending, then nobody is', () => {
    const quiet = ['one of three', 'partly down', 'some 502', 'unused', 'who changed it', 'back to normal'];
    expect(quiet.filter((name) => isCalled(named(name)))).toEqual([]);
    expect(isCalled(reportOf(recovered(), 'critical'))).toBe(false);
  });
});

describe('what can be pressed', () => {
  test('Given rules that a press adds, then that is the step and the first button, and it asks before', () => {
    const report = named('down, 504, a rule is missing');
    expect(BOTH.map((options) => labelsOf(report, options))).toEqual([
      ['Add the rule', 'Mute 1 h', 'Open in CloudWatch'],
      ['ルールを追加', '1時間ミュート', 'CloudWatch を開く'],
    ]);
    expect(buttonsOf(report, ENGLISH)[0]?.confirm?.title.text).toBe('Add the rule?');
  });

  test('Given several rules, then the step calls the button by its words', () => {
    const report = named('down again, with two rules missing, and who removed them');
    for (const options of BOTH) expect(linesOf(report, options).at(-1)).toContain(labelsOf(report, options)[0]);
  });

  test('Given a rule that is missing besides, then the step is about what comes first', () => {
    const [missing] = explained().findings;
    const findings: readonly Finding[] = [
      { reason: 'InstanceNotRunning', severity: 'warning', evidence: { state: 'stopped' } },
      ...(missing === undefined ? [] : [missing]),
    ];
    const report = { ...named('down, 504, a rule is missing'), body: explained({ findings }) };
    expect(linesOf(report, ENGLISH).at(-1)).toBe('*Next:* start the instance, or take it out of the group.');
    expect(linesOf(report, ENGLISH)[1]).not.toContain('Instances are running');
  });

  test.each([
    [
      'ap-northeast-1',
      'https://console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/a%20%2F%3C',
    ],
    ['cn-north-1', 'https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/a%20%2F%3C'],
    [
      'us-gov-west-1',
      'https://console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/a%20%2F%3C',
    ],
    ['not a region', undefined],
  ])('Given an alarm in %s, then its page is %s', (region, url) => {
    const link = buttonsOf({ ...reportOf(explained({ alarm: 'a /<' })), region }, ENGLISH).find(
      ({ action_id }) => action_id === 'usher:open',
    );
    expect(link !== undefined && 'url' in link ? link.url : undefined).toBe(url);
  });
});

describe('a finding about targets without an instance to name', () => {
  const causeOf = (finding: Finding, options: RenderOptions) =>
    linesOf(reportOf(explained({ findings: [finding] }), 'critical'), options)[2];

  test.each<readonly [string, Finding, string, string]>([
    [
      'an instance that is gone',
      {
        reason: 'InstanceNotRunning',
        severity: 'warning',
        evidence: { state: 'terminated', targets: 'i-3', count: '1' },
      },
      'Cause: i-3 is terminated.',
      '原因：i-3 が実行中ではありません（terminated）。',
    ],
    [
      'everybody leaving',
      { reason: 'Target.DeregistrationInProgress', severity: 'warning', evidence: { count: '3', of: '3' } },
      'Cause: all 3 targets are draining: somebody or something is taking them out of web-prod.',
      '原因：全3台 は登録解除中です。誰か、または何かが web-prod から外しています。',
    ],
    [
      'a rule, with the balancer that the report is about',
      {
        reason: 'IngressMissing',
        severity: 'critical',
        evidence: { securityGroup: 'sg-web', peer: 'sg-alb', protocol: 'tcp', port: '80', loadBalancer: 'web-alb' },
      },
      'Cause: `sg-web` doesn’t admit `sg-alb` on tcp/80.',
      '原因： `sg-web` が `sg-alb` からの tcp/80 を許可していません。',
    ],
  ])('Given %s, then it still makes a sentence, and nothing is said twice', (_, finding, english, japanese) => {
    expect([causeOf(finding, ENGLISH), causeOf(finding, JAPANESE)]).toEqual([english, japanese]);
  });
});

test('Given a group that neither the site nor the alarm names, then the grey line does', () => {
  const greyLine = (alarm: string) =>
    renderReport(reportOf(explained({ alarm })), ENGLISH).blocks.flatMap((block) =>
      block.type === 'context' ? block.elements.map(({ text }) => text) : [],
    );
  expect(greyLine('pager-1')[0]).toContain(' · alarm pager-1 · `web-prod` · ');
  expect(greyLine('web-prod-unhealthy')[0]).not.toContain('`web-prod`');
});

test('Given that only a rule is missing but something could not be read, then nothing is said to pass', () => {
  const body = explained();
  const doubtful: AlarmExplained = {
    ...body,
    findings: [...body.findings, { reason: 'CouldNotLook', severity: 'information', evidence: { what: 'listeners' } }],
  };
  expect(linesOf(reportOf(doubtful, 'critical'), ENGLISH)[1]).toBe(
    'Visitors see: 504 (gateway timeout: no target answers in time).',
  );
});

test.each([
  ['an effect nobody knows', { effect: { kind: 'haunted' } }],
  ['a code no balancer gives', { effect: { kind: 'down', code: '418' } }],
  ['a finding without words', { findings: [{ reason: 'Gremlins', severity: 'warning', evidence: {} }] }],
  ['a moment that is none', { since: 'yesterday' }],
])('Given %s in the queue, then it is no report', (_, change) => {
  const report = { ...reportOf(explained()), body: { ...explained(), ...change } };
  expect(() => parseReport(JSON.stringify(report))).toThrow(MalformedReportError);
});

describe('text from outside', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '<!channel> *bold* `x`\n',
      '<@U024BE7LH>',
      '@here :rotating_light: _x_ ~y~',
      '<https://evil.example|click>',
      '&lt;!channel&gt;',
      '',
      '<'.repeat(400),
      '👩‍👩‍👧‍👦'.repeat(80),
      '\u202e\u200b\ud83d',
      '> quote',
      'ターゲット'.repeat(60),
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const about = fc.record({ name: hostile, id: hostile });
  const change: fc.Arbitrary<ToldChange> = fc.record({
    what: hostile,
    subject: about,
    by: fc.option(hostile, { nil: undefined }),
    via: fc.option(hostile, { nil: undefined }),
    at: fc.constant('2026-11-22T04:58:00Z'),
    isOurs: fc.boolean(),
  });
  const reason = fc.constantFrom(...(Object.keys(EVIDENCE) as Finding['reason'][]));
  const finding: fc.Arbitrary<Finding> = reason.chain((of) =>
    fc.record({
      reason: fc.constant(of),
      severity: fc.constant('warning' as const),
      evidence: fc
        .tuple(...Object.keys(EVIDENCE[of]).map((key) => fc.tuple(fc.constant(key), hostile)))
        .map((entries) => Object.fromEntries(entries)),
      remedy: hostile,
    }),
  );
  const health = fc.option(
    fc.record({
      healthy: fc.nat(9),
      total: fc.nat(9),
      zones: fc.array(fc.record({ name: hostile, healthy: fc.nat(9) }), { maxLength: 6 }),
      names: fc.array(hostile, { minLength: 1, maxLength: 2 }),
    }),
    { nil: undefined },
  );
  const effect: fc.Arbitrary<AlarmExplained['effect']> = fc.oneof(
    fc.constantFrom(
      { kind: 'none' } as const,
      { kind: 'down', code: undefined } as const,
      { kind: 'down', code: '504' } as const,
      { kind: 'fail-open' } as const,
      { kind: 'errors', code: '502' } as const,
      { kind: 'errors', code: undefined } as const,
      { kind: 'slow' } as const,
      { kind: 'unused' } as const,
      { kind: 'unknown' } as const,
    ),
    fc.record({ kind: fc.constant('partly' as const), zones: fc.array(hostile, { maxLength: 6 }) }),
  );
  const target = fc.record({
    name: hostile,
    instanceId: fc.option(hostile, { nil: undefined }),
    port: fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
    availabilityZone: fc.constant(undefined),
    state: fc.constantFrom('unhealthy' as const, 'initial' as const, 'unused' as const),
    reason: fc.option(hostile, { nil: undefined }),
  });
  const explainedBody: fc.Arbitrary<AlarmExplained> = fc.record({
    kind: fc.constant('alarm-explained' as const),
    alarm: hostile,
    symptom: fc.oneof(
      fc.constant({ kind: 'unhealthy-hosts' } as const),
      fc.record({ kind: fc.constant('other' as const), metric: fc.option(hostile, { nil: undefined }) }),
    ),
    site: fc.option(hostile, { nil: undefined }),
    targetGroup: fc.option(about, { nil: undefined }),
    loadBalancer: fc.option(about, { nil: undefined }),
    targets: fc.array(target, { maxLength: 20 }),
    health,
    since: fc.constantFrom('2026-11-22T04:59:00Z', '2026-10-01T00:00:00Z'),
    effect,
    findings: fc.array(finding, { maxLength: 6 }),
    network: fc.constantFrom('passes' as const, 'blocked' as const, 'unknown' as const),
    changes: fc.array(change, { maxLength: 5 }),
    deploy: fc.option(
      fc.record({
        kind: fc.constantFrom('instance-refresh' as const, 'codedeploy' as const, 'registration' as const),
        name: hostile,
        since: fc.constant('2026-11-22T04:55:00Z'),
      }),
      { nil: undefined },
    ),
    fix: fc.array(
      fc.record({
        securityGroup: about,
        direction: fc.constantFrom('ingress' as const, 'egress' as const),
        peer: about,
        protocol: hostile,
        port: fc.integer({ min: 1, max: 65_535 }),
      }),
      { maxLength: 5 },
    ),
    existed: fc.option(
      fc.record({ ruleId: hostile, at: fc.constantFrom('2026-11-22T04:47:00Z', '2026-10-01T00:00:00Z') }),
      { nil: undefined },
    ),
    awaitsTrail: fc.boolean(),
    timesRaised: fc.integer({ min: 1, max: 9 }),
  });
  const body: fc.Arbitrary<DiagnosisReportBody> = fc.oneof(
    { arbitrary: explainedBody, weight: 4 },
    fc.array(change, { maxLength: 5 }).map((changes) => changeTold(changes)),
    fc.record({
      kind: fc.constant('alarm-recovered' as const),
      alarm: hostile,
      targetGroup: fc.option(about, { nil: undefined }),
      health,
      downSeconds: fc.nat(9_999_999),
      wasDown: fc.boolean(),
      alarmsGone: fc.array(hostile, { maxLength: 4 }),
      timesRaised: fc.integer({ min: 1, max: 99 }),
      changes: fc.array(change, { maxLength: 5 }),
    }),
  );

  test('whatever it holds, it pings nobody, formats nothing, and the message is one that Slack takes', () => {
    fc.assert(
      fc.property(body, fc.boolean(), (any, hasFix) => {
        const report: Report = {
          ...reportOf(any, 'warning'),
          buttons: hasFix ? [{ verb: 'approve', planId: 'p', object: { kind: 'missing-rule', count: 2 } }] : [],
        };
        for (const options of BOTH) {
          const message = renderReport(report, options);
          expect(liveTags(JSON.stringify(message.blocks))).toEqual([]);
          expect(checkMessage(JSON.parse(JSON.stringify(message)))).toEqual({ kind: 'ok' });
          expect(linesOf(report, options).length).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 150 },
    );
  });
});
