import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../domain/answer.ts';
import { BUTTON_VERBS } from '../../domain/order.ts';
import type { Button, ButtonObject, Report } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { Language } from '../../slack/catalogue/catalogue.ts';
import type { ActionsBlock, SlackMessage } from '../../slack/message.ts';
import { renderReport } from '../../slack/render.ts';
import { decodeRequest } from '../../slack/requests/decode.ts';
import { liveTags } from '../support/live-tags.ts';
import { notRegistered, reportOf } from './reports.ts';

const LANGUAGES: readonly Language[] = ['en', 'ja'];
const render = (report: Report, language: Language = 'en'): SlackMessage =>
  renderReport(report, { language, timeZone: 'Asia/Tokyo' });

const actionsOf = ({ blocks }: SlackMessage): readonly ActionsBlock[] =>
  blocks.flatMap((block) => (block.type === 'actions' ? [block] : []));

const labels = (report: Report, language: Language = 'en') =>
  actionsOf(render(report, language)).flatMap(({ elements }) => elements.map(({ text }) => text.text));

const targets = (...names: readonly string[]): ButtonObject => ({ kind: 'targets', names, count: names.length });
const offer = (buttons: readonly Button[]): Report => ({
  ...notRegistered([{ reason: 'Withheld', severity: 'information', evidence: { because: 'Ask' } }]),
  buttons,
});

/** What people and programs put into names and commands. */
const HOSTILE = [
  '<!channel>',
  '<@U0000001>',
  '<https://evil.example|click>',
  '```rm -rf```',
  '*bold* _it_ ~gone~ `code`',
  ':rotating_light::x:',
  '&lt;!here&gt;',
  '\u202eknalb\u202c',
  'a\u0000b\u200bc',
  '\u0000',
  '',
  'x'.repeat(4_000),
  '👩‍👩‍👧‍👦'.repeat(300),
  '>quote\nline two',
  '@channel',
] as const;

const answered = (answer: Answer): Report => ({
  ...reportOf({ kind: 'order-answered', answer }),
  severity: 'information',
});

const pressed = (outcome: Extract<Answer, { kind: 'pressed' }>['outcome']): Answer => ({
  kind: 'pressed',
  verb: 'approve',
  byUserId: 'U0001',
  outcome,
});

const group = (name: string) => ({
  name,
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/1',
});
const finding = (said: string) => ({ reason: 'Tilde', severity: 'refused', said, offer: said }) as const;
const price = { paths: 2, sentThisMonth: 0, atMostMills: 10, atLeastMills: 0 };

/** Every answer there is, with a text from outside wherever one can stand. */
const everyAnswer = (text: string): readonly Answer[] => [
  { kind: 'help', about: undefined },
  { kind: 'help', about: 'invalidate' },
  ...(['UnknownVerb', 'NoDistribution', 'NoPaths', 'SeveralDistributions', 'UnbalancedQuotes', 'TooLong'] as const).map(
    (because) => ({ kind: 'not-understood', said: text, because }) as const,
  ),
  { kind: 'not-allowed', right: 'approve', parameter: 'writers', allowed: [], yours: text },
  {
    kind: 'not-allowed',
    right: 'read',
    parameter: 'readChannels',
    allowed: Array.from({ length: 20 }, () => text),
    yours: text,
  },
  {
    kind: 'not-allowed',
    right: 'invalidate',
    parameter: 'distributionWriters',
    allowed: [text],
    yours: text,
    distributionId: text,
  },
  {
    kind: 'invalidation-taken',
    places: [group(text), group(text), group(text)],
    price,
    findings: [finding(text), finding(text), finding(text)],
    findingCount: 40,
  },
  { kind: 'no-such-place', said: text, suggestions: [] },
  { kind: 'no-such-place', said: text, suggestions: [text, text] },
  { kind: 'ambiguous-place', said: text, candidates: [group(text), group(text)] },
  { kind: 'tenant-only-place', said: text },
  { kind: 'paths-refused', places: [group(text)], findings: [finding(text)], findingCount: 1 },
  { kind: 'too-many-paths', places: [group(text)], count: 4000 },
  { kind: 'failed', code: text },
  pressed({
    kind: 'seated',
    targetGroup: group(text),
    names: [text, text],
    count: 3,
    registered: 2,
    rulesAdded: 1,
    failed: 1,
    blocked: 2,
  }),
  pressed({
    kind: 'seated',
    targetGroup: group(text),
    names: [text],
    count: 1,
    registered: 0,
    rulesAdded: 0,
    failed: 0,
    blocked: 0,
  }),
  ...[1, 3].map((count) =>
    pressed({
      kind: 'undone',
      targetGroup: group(text),
      names: [text],
      count,
      rules: Array.from({ length: count }, () => ({ ruleId: text, securityGroup: group(text) })),
    }),
  ),
  pressed({ kind: 'undone', targetGroup: group(text), names: [text], count: 1, rules: [] }),
  ...[1, 3].map((count) => pressed({ kind: 'taken-out', targetGroup: group(text), names: [text], count })),
  ...[
    { kind: 'BelowFloor', healthy: 2, floor: 2 } as const,
    { kind: 'TooManyRemovals', removalsPerHour: 10 } as const,
    { kind: 'RefusedByAws', code: text } as const,
  ].map((because) => pressed({ kind: 'not-undone', targetGroup: group(text), because })),
  pressed({
    kind: 'moved',
    targetGroup: group(text),
    moved: (['GroupGone', 'NotInGroup', 'Leaving', 'RegisteredAnew'] as const).map((because) => ({
      name: text,
      because,
    })),
    offer: undefined,
  }),
  pressed({ kind: 'invalidating', place: group(text), pathCount: 1 }),
  pressed({ kind: 'invalidating-already', place: group(text), pathCount: 1 }),
  pressed({ kind: 'rejected' }),
  pressed({ kind: 'silenced', until: '2026-11-22T06:00:00.000Z' }),
  pressed({ kind: 'looking' }),
  pressed({
    kind: 'moved',
    targetGroup: group(text),
    moved: (['InstanceGone', 'NotWanted', 'ReportOnly'] as const).map((because) => ({ name: text, because })),
    offer: { planId: 'plan-2', names: [text], count: 1 },
  }),
  pressed({
    kind: 'moved',
    targetGroup: group(text),
    moved: [{ name: text, because: 'CannotBeSeated' }],
    offer: undefined,
  }),
  pressed({ kind: 'decided-before', status: 'refused', byUserId: 'U0002', at: '2026-11-22T06:00:00.000Z' }),
  pressed({ kind: 'under-way', byUserId: 'U0002' }),
  pressed({ kind: 'expired', at: '2026-11-22T06:00:00.000Z' }),
  pressed({ kind: 'unknown' }),
];

describe('Buttons', () => {
  test('Given an offer of one target, then its buttons say verb and object in both languages, and hold the plan’s id', () => {
    const report = offer([
      { verb: 'approve', planId: 'plan-1', object: targets('web-3') },
      { verb: 'reject', planId: 'plan-1', object: targets('web-3') },
    ]);
    expect(labels(report)).toEqual(['Register web-3', 'Leave out']);
    expect(labels(report, 'ja')).toEqual(['web-3 を登録', '登録しない']);
    const [first] = actionsOf(render(report))[0]?.elements ?? [];
    expect(first).toMatchObject({
      action_id: 'usher:approve',
      value: 'plan-1',
      confirm: { title: { text: 'Register web-3?' }, deny: { text: 'Cancel' } },
    });
  });

  test('Given a question with two answers, then both are buttons that the entrance tells apart and understands', () => {
    const place = { name: 'www.example.com', id: 'E1' };
    const report = reportOf({
      kind: 'confirmation-wanted',
      place,
      paths: ['/a'],
      pathCount: 1,
      askedBy: { kind: 'person', userId: 'U0001' },
      because: ['StillDeploying'],
      price,
      findings: [],
      choices: [
        { label: 'when-deployed', planId: 'plan-1' },
        { label: 'now', planId: 'plan-2' },
      ],
    });
    expect(labels(report)).toEqual(['When deployed', 'Clear it now']);
    const elements = actionsOf(render(report))[0]?.elements ?? [];
    expect(elements.map((element) => element.action_id)).toEqual(['usher:approve', 'usher:approve:2']);
    const orders = elements.map(({ action_id: actionId, value }) => {
      const payload = {
        type: 'block_actions',
        team: { id: 'T0001' },
        user: { id: 'U0001' },
        channel: { id: 'C0001' },
        actions: [{ action_id: actionId, value }],
      };
      const body = Buffer.from(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
      const decoded = decodeRequest({ body, signedAt: new Date('2026-11-22T05:00:00.000Z'), allowsLoopback: false });
      return decoded.kind === 'order' ? decoded.order.asked : decoded;
    });
    expect(orders).toEqual([
      { kind: 'button', verb: 'approve', planId: 'plan-1' },
      { kind: 'button', verb: 'approve', planId: 'plan-2' },
    ]);
  });

  test('Given a question with one answer, and a failure that can be tried again, then there is a no, and a retry', () => {
    const place = { name: 'www.example.com', id: 'E1' };
    const about = { place, paths: ['/*'], pathCount: 1, askedBy: { kind: 'person', userId: 'U0001' } as const };
    expect(
      labels(
        reportOf({
          ...about,
          kind: 'confirmation-wanted',
          because: ['Everything'],
          price,
          findings: [],
          choices: [{ label: 'run', planId: 'plan-1' }],
        }),
      ),
    ).toEqual(['Clear the cache', 'Don’t clear']);
    expect(
      labels(
        reportOf({
          ...about,
          kind: 'invalidation-failed',
          code: 'X',
          message: 'y',
          findings: [],
          retryPlanId: 'plan-1',
        }),
      ),
    ).toEqual(['Try again']);
  });

  test.each([
    ['everything is there already', {}, 'Already there: nothing is left to do.', '残っている作業はありません'],
    ['AWS refused it', { failed: 1 }, 'Nothing was changed.', '変更はありません。'],
    ['its path stays blocked', { blocked: 1 }, 'still can’t reach it', 'まだ通じていません'],
  ] as const)('Given an approved target, when %s, then the answer says so', (_, counts, english, japanese) => {
    const none = { registered: 0, rulesAdded: 0, failed: 0, blocked: 0 };
    const answer = pressed({
      kind: 'seated',
      targetGroup: group('web'),
      names: ['web-3'],
      count: 1,
      ...none,
      ...counts,
    });
    const report = reportOf({ kind: 'order-answered', answer });
    expect(JSON.stringify(render(report))).toContain(english);
    expect(JSON.stringify(render(report, 'ja'))).toContain(japanese);
  });

  test.each([
    ['well', {}, 'Undo web-3', 'web-3 の登録を取り消す'],
    ['not well', { leaving: true }, 'Take web-3 out', 'web-3 を外す'],
  ] as const)(
    'Given a target that is %s, then its registration is taken back in words that fit',
    (_, parts, english, japanese) => {
      const report = offer([
        { verb: 'undo', planId: 'plan-1', object: { kind: 'targets', names: ['web-3'], count: 1, ...parts } },
      ]);
      expect(labels(report)).toEqual([english]);
      expect(labels(report, 'ja')).toEqual([japanese]);
    },
  );

  test('Given more than three, then three are shown', () => {
    const report = offer(BUTTON_VERBS.map((verb) => ({ verb, planId: 'plan-1', object: targets('web-3') })));
    expect(labels(report)).toHaveLength(3);
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 20), text]))(
    'Given targets named %j, then every button is one that Slack takes, within its limits',
    (_, text) => {
      for (const language of LANGUAGES)
        for (const verb of BUTTON_VERBS) {
          const message = render(
            offer([{ verb, planId: 'plan-1', object: { kind: 'targets', names: [text], count: 1_234 } }]),
            language,
          );
          expect(checkMessage(message)).toEqual({ kind: 'ok' });
          for (const { elements } of actionsOf(message))
            for (const { text: label, confirm } of elements)
              for (const part of [label, confirm?.title, confirm?.text, confirm?.confirm]) {
                if (part === undefined) continue;
                expect(liveTags(part.text)).toEqual([]);
                expect(part.text).not.toMatch(/\p{Cc}|[\u200b-\u200f\u202a-\u202e]/u);
                expect(part.text.isWellFormed()).toBe(true);
                expect(part.text).not.toMatch(/&(?!amp;|lt;|gt;)/);
              }
        }
    },
  );
});

describe('Answers', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 20), text]))(
    'Given %j wherever a text can stand, then every answer is whole, pings nobody but who pressed, and says something',
    (_, text) => {
      for (const language of LANGUAGES)
        for (const answer of everyAnswer(text)) {
          const report = parseReport(JSON.stringify(answered(answer)));
          const message = render(report, language);
          expect(checkMessage(message)).toEqual({ kind: 'ok' });
          const texts = message.blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []));
          for (const tag of texts.flatMap(liveTags)) expect(['<@U0001>', '<@U0002>']).toContain(tag);
          expect(liveTags(message.text)).toEqual([]);
          const lines = texts.flatMap((each) => each.split('\n'));
          expect(lines.length).toBeGreaterThanOrEqual(2);
          expect(lines.length).toBeLessThanOrEqual(5);
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

  test('Given somebody who is named by no id of Slack’s, when a report says so, then it is refused, and calls nobody', () => {
    const forged = pressed({ kind: 'under-way', byUserId: '!channel' });
    expect(() => parseReport(JSON.stringify(answered(forged)))).toThrow('not a report');
    expect(JSON.stringify(render(answered(forged)))).not.toContain('<@!channel>');
  });

  test('A target that was taken out is named with its group, who did it, and the rule that stays', () => {
    const answer: Answer = {
      kind: 'pressed',
      verb: 'undo',
      byUserId: 'U0001',
      outcome: {
        kind: 'undone',
        targetGroup: group('web-prod'),
        names: ['web-3'],
        count: 1,
        rules: [{ ruleId: 'sgr-0123456789abcdef0', securityGroup: { name: 'sg-web', id: 'sg-0aa11bb22cc33dd44' } }],
      },
    };
    const linesIn = (language: Language): readonly string[] => {
      const [section] = render(answered(answer), language).blocks;
      return section?.type === 'section' ? section.text.text.split('\n') : [];
    };
    expect(linesIn('en')).toEqual([
      ':leftwards_arrow_with_hook: *web-3 was taken out of web-prod* – it stays out until put back',
      'The rule added for it stays, because other targets may rely on it: `sgr-0123456789abcdef0` (sg-web).',
      'Undone by <@U0001>. A stop and start, or a change of the tags concerned, ends that too. Nothing to do.',
    ]);
    expect(linesIn('ja')[0]).toBe(
      ':leftwards_arrow_with_hook: *web-3 を web-prod から外しました* （元に戻すまで登録しません）',
    );
  });

  test('What still can be undone is offered as an undoing', () => {
    const outcome = {
      kind: 'moved',
      targetGroup: group('web'),
      moved: [{ name: 'web-1', because: 'NotInGroup' }],
      offer: { planId: 'plan-2', names: ['web-2'], count: 1 },
    } as const;
    expect(labels(answered({ kind: 'pressed', verb: 'undo', byUserId: 'U0001', outcome }))).toEqual(['Undo web-2']);
    expect(labels(answered(pressed(outcome)))).toEqual(['Register web-2']);
  });

  test('A refusal says who may, where it is set, and what to add', () => {
    const refusal: Answer = {
      kind: 'not-allowed',
      right: 'approve',
      parameter: 'writers',
      allowed: ['U0002'],
      yours: 'U0001@C0001',
    };
    const [section] = render(answered(refusal)).blocks;
    expect(section?.type === 'section' ? section.text.text.split('\n') : []).toEqual([
      ':no_entry: *Not allowed: approving* – nothing was changed',
      'Who may, by `writers` in `serverless.yml`: `U0002`. This came from `U0001@C0001`.',
      "*Next:* ask somebody who may, or whoever deploys Usher to add `writers: 'approve=U0001'`.",
    ]);
  });
});
