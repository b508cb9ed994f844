import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../domain/answer.ts';
import type { Verb } from '../../domain/command.ts';
import type { Report } from '../../domain/report.ts';
import type { DrainedGroup, ListedChange, NotKeptBecause, VerbAnswer } from '../../domain/verb-answer.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { Language } from '../../slack/catalogue/catalogue.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { reportOf } from './reports.ts';

const LANGUAGES: readonly Language[] = ['en', 'ja'];

const answered = (answer: Answer): Report => ({
  ...reportOf({ kind: 'order-answered', answer }),
  severity: 'information',
});

const render = (answer: Answer, language: Language = 'en'): SlackMessage =>
  renderReport(answered(answer), { language, timeZone: 'Asia/Tokyo' });

const textOf = ({ blocks }: SlackMessage): string =>
  blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : [])).join('\n');

const labelsOf = ({ blocks }: SlackMessage): readonly string[] =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map(({ text }) => text.text) : []));

const AT = '2026-11-22T05:02:00.000Z';

const named = (name: string) => ({ name, id: name });
const rule = (text: string) => ({ ruleId: text, securityGroup: named(text) });

const OUTCOMES = (text: string): readonly DrainedGroup['outcome'][] => [
  { kind: 'taken-out' },
  { kind: 'out-already' },
  { kind: 'stays', because: 'NotOurs' },
  { kind: 'not-taken-out', because: { kind: 'BelowFloor', healthy: 2, floor: 2 } },
  { kind: 'not-taken-out', because: { kind: 'TooManyRemovals', removalsPerHour: 10 } },
  { kind: 'not-taken-out', because: { kind: 'RefusedByAws', code: text } },
];

const drained = (text: string, outcomes: readonly DrainedGroup['outcome'][]): VerbAnswer => ({
  kind: 'drained',
  byUserId: 'U0001',
  instance: named(text),
  groups: outcomes.map((outcome) => ({ targetGroup: named(text), outcome })),
});

const change = (number: number, text: string, more: Partial<ListedChange> = {}): ListedChange => ({
  number,
  what: 'registered',
  name: text,
  targetGroup: named(text),
  at: AT,
  planId: `plan-${number}`,
  isUndone: false,
  ...more,
});

const NOT_KEPT: readonly NotKeptBecause[] = [
  'Paused',
  'ReportOnly',
  'OutsideVpcs',
  'Ignored',
  'SecurityGroupGone',
  { kind: 'RefusedByAws', code: 'UnauthorizedOperation' },
];

/** Every answer there is to these verbs, with a text from outside wherever one can stand. */
const everyAnswer = (text: string): readonly VerbAnswer[] => [
  { kind: 'paused', byUserId: 'U0001', reason: text, pausedBefore: undefined },
  { kind: 'paused', byUserId: 'U0001', reason: undefined, pausedBefore: AT },
  { kind: 'resumed', byUserId: 'U0001', pausedSince: AT },
  { kind: 'not-paused' },
  drained(text, [{ kind: 'taken-out' }]),
  drained(text, OUTCOMES(text)),
  drained(
    text,
    Array.from({ length: 40 }, () => ({ kind: 'taken-out' })),
  ),
  { kind: 'in-no-group', instance: named(text) },
  { kind: 'say-which', verb: 'drain' },
  { kind: 'say-which', verb: 'keep' },
  { kind: 'no-such-instance', said: text },
  { kind: 'ambiguous-instance', said: text, candidates: Array.from({ length: 9 }, () => named(text)) },
  ...[true, false].map((wasKept) => ({ kind: 'kept', byUserId: 'U0001', rule: rule(text), wasKept }) as const),
  ...NOT_KEPT.map((because) => ({ kind: 'not-kept', rule: rule(text), because }) as const),
  { kind: 'no-such-rule', said: text },
  { kind: 'kept-rules', rules: [], count: 0 },
  { kind: 'kept-rules', rules: Array.from({ length: 10 }, () => rule(text)), count: 12 },
  { kind: 'changes', changes: [], count: 0 },
  {
    kind: 'changes',
    changes: [
      ...Array.from({ length: 6 }, (_, index) => change(index + 1, text)),
      change(7, text, { what: 'taken-out', planId: undefined }),
      change(8, text, { what: 'rule-added', planId: undefined }),
      change(9, text, { what: 'rule-removed', planId: undefined }),
      change(10, text, { planId: undefined, isUndone: true }),
    ],
    count: 31,
  },
  { kind: 'no-such-change', said: text },
  { kind: 'sweep-ordered', byUserId: 'U0001' },
  {
    kind: 'status',
    defaultPolicy: 'add-only',
    maximumPolicy: 'apply-all',
    pause: undefined,
    sweepingSince: undefined,
    caution: undefined,
    lastSweep: undefined,
  },
  {
    kind: 'status',
    defaultPolicy: 'ask',
    maximumPolicy: 'ask',
    pause: { since: AT, byUserId: 'U0002', reason: text },
    sweepingSince: AT,
    caution: 'Upgrade',
    lastSweep: {
      completedAt: AT,
      instances: 3,
      targetGroups: 1,
      leftAlone: [
        { because: 'Held', names: [text], count: 2 },
        { because: 'NotReady', names: [text], count: 1 },
        { because: 'Leaving', names: [text], count: 1 },
      ],
      limits: [{ kind: 'rules-ipv4', of: named(text), used: 55, limit: 60 }],
    },
  },
];

const HOSTILE = [
  '<!channel>',
  '<@U0000009>',
  '```rm -rf```',
  '*bold* _it_ `code`',
  '\u202eknalb\u202c',
  'a\u0000b\u200bc',
  '',
  'x'.repeat(4_000),
  '>quote\nline two',
] as const;

describe('Help', () => {
  const VERBS: readonly Verb[] = [
    'invalidate',
    'doctor',
    'certificates',
    'status',
    'sweep',
    'pause',
    'resume',
    'drain',
    'keep',
    'undo',
  ];

  test.each(LANGUAGES)('Given help about everything (%s), then every verb that works is named', (language) => {
    const said = textOf(render({ kind: 'help', about: undefined }, language));
    for (const verb of VERBS) expect(said).toContain(verb);
    expect(said.split('\n').length).toBeLessThanOrEqual(5);
  });

  test.each(VERBS)('Given help about %s, then it is about that, in both languages', (verb) => {
    for (const language of LANGUAGES) {
      const message = render({ kind: 'help', about: verb }, language);
      expect(checkMessage(message)).toEqual({ kind: 'ok' });
      expect(textOf(message)).toContain(verb);
      expect(textOf(message)).not.toBe(textOf(render({ kind: 'help', about: undefined }, language)));
      expect(textOf(message).split('\n').length).toBeLessThanOrEqual(5);
    }
  });
});

describe('Answers to verbs', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 20), text]))(
    'Given %j wherever a text can stand, then every answer is whole, pings nobody but who acted, and ends with a step or none',
    (_, text) => {
      for (const language of LANGUAGES)
        for (const answer of everyAnswer(text)) {
          const message = renderReport(parseReport(JSON.stringify(answered(answer))), {
            language,
            timeZone: 'Asia/Tokyo',
          });
          expect(checkMessage(message)).toEqual({ kind: 'ok' });
          const lines = textOf(message).split('\n');
          for (const tag of lines.flatMap(liveTags)) expect(['<@U0001>', '<@U0002>']).toContain(tag);
          expect(liveTags(message.text)).toEqual([]);
          const isList = ['changes', 'kept-rules', 'drained', 'status'].includes(answer.kind);
          expect(lines.length).toBeGreaterThanOrEqual(2);
          expect(lines.length).toBeLessThanOrEqual(isList ? 13 : 5);
          for (const line of lines) {
            expect(line.trim()).not.toBe('');
            expect((line.match(/`/g) ?? []).length % 2).toBe(0);
            expect(line).not.toMatch(/\p{Cc}|[\u200b-\u200f\u202a-\u202e]/u);
          }
        }
    },
  );

  test('Given an answer in a report, when it has been through the queue, then it is the same', () => {
    for (const answer of everyAnswer('web'))
      expect(parseReport(JSON.stringify(answered(answer))).body).toEqual({ kind: 'order-answered', answer });
  });

  test('Given a pause with its reason, then line 1 says it, who and why stand below, and what ends it', () => {
    const answer: VerbAnswer = {
      kind: 'paused',
      byUserId: 'U0001',
      reason: 'we move the VPC',
      pausedBefore: undefined,
    };
    expect(textOf(render(answer)).split('\n')).toEqual([
      ':double_vertical_bar: *Usher is paused* – nothing is written from now on',
      'By <@U0001>: we move the VPC. It looks, follows and tells as before; every message says so.',
      '*Next:* say `/usher resume` when it may go on. Caches are cleared then, too.',
    ]);
    expect(textOf(render(answer, 'ja')).split('\n')[0]).toBe(
      ':double_vertical_bar: *Usher を一時停止しました* （今後は何も変更しません）',
    );
  });

  test('Given an instance drained from one of two groups, then each group has its line, and the other its reason', () => {
    const answer: VerbAnswer = {
      kind: 'drained',
      byUserId: 'U0001',
      instance: { name: 'web-3', id: 'i-00000003' },
      groups: [
        { targetGroup: named('admin'), outcome: { kind: 'taken-out' } },
        {
          targetGroup: named('web'),
          outcome: { kind: 'not-taken-out', because: { kind: 'BelowFloor', healthy: 2, floor: 2 } },
        },
      ],
    };
    expect(textOf(render(answer)).split('\n').slice(0, 3)).toEqual([
      ':warning: *web-3 is out of 1 of 2 groups* – it stays out until put back',
      '• admin: taken out, and held out.',
      '• web: stays: of 2 healthy, at least 2 must stay.',
    ]);
    expect(textOf(render(answer, 'ja')).split('\n').slice(0, 3)).toEqual([
      ':warning: *web-3 を2グループ中1グループから外しました* （戻すまで登録しません）',
      '・admin：登録を解除し、保留にしました。',
      '・web：外していません：正常2台のうち2台は残す必要があります。',
    ]);
  });

  test('Given an instance that stays everywhere, then line 1 says that nothing was changed', () => {
    const answer = drained('web-3', [{ kind: 'stays', because: 'Paused' }]);
    expect(textOf(render(answer)).split('\n')[0]).toBe(
      ':warning: *web-3 was taken out of no group* – nothing was changed',
    );
    expect(textOf(render(answer, 'ja')).split('\n')[0]).toBe(
      ':warning: *web-3 をどのグループからも外していません* （変更なし）',
    );
  });

  test('Given a list of changes, then each that can be undone has a button that says its number', () => {
    const answer: VerbAnswer = {
      kind: 'changes',
      changes: [
        change(1, 'web-4', { targetGroup: named('web') }),
        change(2, 'sg-web', { what: 'rule-added', planId: undefined, targetGroup: named('web') }),
        change(3, 'web-3', { targetGroup: named('web') }),
        change(4, 'web-2', { targetGroup: named('web') }),
        change(5, 'web-1', { targetGroup: named('web') }),
      ],
      count: 5,
    };
    const message = render(answer);
    expect(labelsOf(message)).toEqual(['Undo 1: web-4', 'Undo 3: web-3', 'Undo 4: web-2', 'Undo 5: web-1']);
    expect(textOf(message).split('\n').slice(0, 3)).toEqual([
      ':leftwards_arrow_with_hook: *5 changes within a day*',
      '1. 14:02 web-4: registered in web',
      '2. 14:02 sg-web: rule added for web',
    ]);
    expect(labelsOf(render(answer, 'ja'))[0]).toBe('1：web-4 の登録を取り消す');
  });

  test('Given a stage that is paused, then the grey line of any message says since when, in both languages', () => {
    const report = answered({ kind: 'not-paused' });
    const grey = (language: Language): string =>
      JSON.stringify(
        renderReport(report, { language, timeZone: 'Asia/Tokyo', pausedSince: new Date(AT) }).blocks.filter(
          ({ type }) => type === 'context',
        ),
      );
    expect(grey('en')).toContain('*paused since Sun 22 Nov 14:02 JST, nothing is written*');
    expect(grey('ja')).toContain('*11/22(日) 14:02 JST から一時停止中（変更なし）*');
  });
});

describe('Groups that dropped to report-only because a rule had to be put back', () => {
  const WEB = named('web-prod');
  const STATUS: VerbAnswer = {
    kind: 'status',
    pause: undefined,
    lastSweep: undefined,
    sweepingSince: undefined,
    caution: undefined,
    defaultPolicy: 'apply-all',
    maximumPolicy: 'apply-all',
    stopped: [WEB, named('<!channel>')],
  };

  test.each([
    [
      'en',
      'Report-only since a rule had to be put back: web-prod, &lt;!channel&gt;. *Next:* when it is clear why, say `/usher resume NAME`.',
      'Some things wait',
    ],
    [
      'ja',
      'ルールを元に戻したため report-only：web-prod・&lt;!channel&gt;。 *次の手順：* 原因が分かったら `/usher resume NAME`',
      '保留があります',
    ],
  ] as const)('are named by status in %s, which is not all in order then', (language, line, headline) => {
    const text = textOf(render(STATUS, language));
    expect(text.split('\n')).toContain(line);
    expect(text).toContain(headline);
  });

  test.each([
    [
      'en',
      [
        ':arrow_forward: *web-prod may be written to again*',
        'By <@U0001>. The rule that was put back stays, and is never closed or proposed again. Nothing to do.',
      ],
    ],
    [
      'ja',
      [
        ':arrow_forward: *web-prod への変更を再開しました*',
        '実行者：<@U0001>。元に戻したルールはそのままで、閉じることも提案することも今後ありません。対応は不要です。',
      ],
    ],
  ] as const)('resume GROUP says in %s that it may be written to again', (language, lines) => {
    const answer = { kind: 'group-resumed', byUserId: 'U0001', targetGroup: WEB } as const;
    expect(textOf(render(answer, language)).split('\n')).toEqual(lines);
  });

  test.each([
    ['en', [WEB], 'Those that have: web-prod.'],
    ['en', [], 'None has. Nothing to do.'],
    ['ja', [WEB], '該当するグループ：web-prod'],
    ['ja', [], 'report-only になったグループはありません。対応は不要です。'],
  ] as const)('resume of another group names in %s those that there are: %j', (language, stopped, line) => {
    const message = render({ kind: 'group-not-stopped', said: '<@U0001>', stopped }, language);
    expect(checkMessage(message)).toEqual({ kind: 'ok' });
    expect(liveTags(textOf(message))).toEqual([]);
    expect(textOf(message)).toContain('&lt;@U0001&gt;');
    expect(textOf(message)).toContain(line);
  });
});
