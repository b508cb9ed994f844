import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../domain/answer.ts';
import type { DoctorAnswer, ExaminedGroup } from '../../domain/front-door/answer.ts';
import type { CacheWord } from '../../domain/front-door/cache.ts';
import type { FrontDoorFinding, FrontDoorReason } from '../../domain/front-door/finding.ts';
import type { Report } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { Language } from '../../slack/catalogue/catalogue.ts';
import { ENGLISH_DOCTOR } from '../../slack/catalogue/english-doctor.ts';
import { JAPANESE_DOCTOR } from '../../slack/catalogue/japanese-doctor.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { reportOf } from './reports.ts';

const LANGUAGES: readonly Language[] = ['en', 'ja'];
const REASONS = Object.keys(ENGLISH_DOCTOR.frontDoor).sort() as readonly FrontDoorReason[];

const answered = (answer: Answer): Report => ({
  ...reportOf({ kind: 'order-answered', answer }),
  severity: 'information',
});

const render = (answer: Answer, language: Language = 'en'): SlackMessage =>
  renderReport(answered(answer), { language, timeZone: 'Asia/Tokyo' });

const textOf = ({ blocks }: SlackMessage): string =>
  blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : [])).join('\n');

type UrlAnswer = Extract<DoctorAnswer, { kind: 'url-examined' }>;

/** Everything that a finding may hold, as a text from outside. */
const evidence = (text: string) =>
  Object.fromEntries(
    [
      ...[
        'host',
        'port',
        'because',
        'address',
        'names',
        'at',
        'trust',
        'distribution',
        'domain',
        'to',
        'remedy',
        'count',
      ],
      ...['origin', 'loadBalancer', 'path', 'code', 'seconds', 'first', 'what', 'why'],
    ].map((name) => [name, text]),
  );

const finding = (reason: FrontDoorReason, text = 'x'): FrontDoorFinding => ({
  reason,
  severity: 'critical',
  evidence: evidence(text),
});

const group = (text: string): ExaminedGroup => ({
  targetGroup: { name: text, id: text },
  healthy: 0,
  total: 2,
  findings: [{ reason: 'IngressMissing', severity: 'warning', evidence: { securityGroup: text, port: '80' } }],
});

const url = (given: Partial<UrlAnswer> = {}): UrlAnswer => ({
  kind: 'url-examined',
  url: 'https://www.example.com/',
  requests: 2,
  status: 200,
  way: ['www.example.com', 'CloudFront E1ABCDEF234567 (*)'],
  cache: { kind: 'cached', ageSeconds: 120 },
  findings: [],
  findingCount: 0,
  groups: [],
  clearPlanId: undefined,
  ...given,
});

const CACHES: readonly CacheWord[] = [
  { kind: 'cached', ageSeconds: undefined },
  { kind: 'cached-now' },
  ...(['Policy', 'Told', 'Cookie', undefined] as const).map((because) => ({ kind: 'not-cached', because }) as const),
  { kind: 'no-cloudfront' },
  { kind: 'unknown' },
];

const everyAnswer = (text: string): readonly DoctorAnswer[] => [
  url(),
  ...REASONS.map((reason) =>
    url({ url: `https://www.example.com/${text}`, way: [text], findings: [finding(reason, text)], findingCount: 9 }),
  ),
  ...CACHES.map((cache) => url({ cache })),
  url({ status: undefined, groups: [group(text), group(text), group(text)] }),
  ...(['target-group', 'load-balancer', 'instance'] as const).map(
    (what): DoctorAnswer => ({
      kind: 'targets-examined',
      what,
      subject: { name: text, id: text },
      groups: what === 'instance' ? [] : [group(text)],
      more: 2,
      late: what !== 'target-group',
    }),
  ),
  { kind: 'examination-late', said: text },
  { kind: 'nothing-to-examine', said: text },
  {
    kind: 'ambiguous-subject',
    said: text,
    candidates: Array.from({ length: 20 }, () => ({ name: text, id: text })),
  },
];

describe.each(LANGUAGES)('What doctor says (%s)', (language) => {
  test('Given every answer, then Slack takes it, and it comes through the queue as it was', () => {
    for (const answer of everyAnswer('web')) {
      expect([answer.kind, checkMessage(render(answer, language))]).toEqual([answer.kind, { kind: 'ok' }]);
      const report = answered(answer);
      expect(parseReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
    }
  });

  test('Given text from outside that calls people and links, then it does neither', () => {
    const hostile = '<!channel> <@U0001> <https://evil.example|here> *_~`';
    for (const answer of everyAnswer(hostile)) {
      const message = render(answer, language);
      expect(liveTags(textOf(message))).toEqual([]);
      expect(checkMessage(message)).toEqual({ kind: 'ok' });
    }
  });

  test('Given very long text from outside, then Slack takes it still', () => {
    for (const answer of everyAnswer('長'.repeat(5_000)))
      expect(checkMessage(render(answer, language))).toEqual({ kind: 'ok' });
  });

  test.each(REASONS)('Given %s, then its cause and one next step are said', (reason) => {
    const text = textOf(render(url({ findings: [finding(reason)], findingCount: 1 }), language));
    expect(text).toContain('• ');
    expect(text).toContain(language === 'en' ? '*Next:*' : '*次の手順：*');
  });
});

test('Both languages have words for the same findings', () => {
  expect(Object.keys(JAPANESE_DOCTOR.frontDoor).sort()).toEqual(REASONS);
});

test('Given a page without trouble, then the way, the cache and that nothing was changed are said', () => {
  expect(textOf(render(url()))).toBe(
    [
      ':white_check_mark: *https://www.example.com/: nothing wrong found* – answered 200',
      // An asterisk of the pattern's must not make anything bold.
      'Way: www.example.com → CloudFront E1ABCDEF234567 (∗)',
      'Nothing to do.',
      'Cached: yes, for 120 s.',
      'Asked 2 times, as a visitor without cookies. Nothing was changed.',
    ].join('\n'),
  );
});

test('Given a balancer’s own answer and a cause behind it, then the cause comes first, with its step', () => {
  const text = textOf(
    render(url({ status: 504, findings: [finding('BalancerAnswered')], findingCount: 1, groups: [group('web')] })),
  );
  expect(text).toContain('2 things are wrong* – answered 504');
  expect(text.indexOf('• web: ')).toBeGreaterThan(0);
  expect(text.indexOf('• web: ')).toBeLessThan(text.indexOf('without a target'));
});

test('Given a page that may be cleared, then a button clears it after a question; otherwise there is none', () => {
  const actions = (answer: DoctorAnswer) =>
    render(answer).blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  expect(actions(url({ clearPlanId: 'plan-1' }))).toMatchObject([
    { action_id: 'usher:approve', value: 'plan-1', text: { text: 'Clear the cache' }, confirm: { title: {} } },
  ]);
  expect(actions(url())).toEqual([]);
});
