import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Answer } from '../../domain/answer.ts';
import type { ExpiryReportBody, ExpiryRow, ReportedRecord } from '../../domain/expiry/report.ts';
import type { Button, Report } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { timesIn } from '../../slack/catalogue/moment.ts';
import { certificatePage } from '../../slack/console-page.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { SECTION_TEXT_LIMIT } from '../../slack/message.ts';
import type { RenderOptions } from '../../slack/render.ts';
import { renderReport } from '../../slack/render.ts';
import { decodeRequest } from '../../slack/requests/decode.ts';
import { liveTags } from '../support/live-tags.ts';
import { EXPIRY_BODIES, expiryReport, needAction, RECORD } from './expiry-reports.ts';
import { EXPIRY_WORDS } from './expiry-words.ts';
import { reportOf } from './reports.ts';

const OPTIONS = { timeZone: 'Asia/Tokyo', mentions: [{ kind: 'user-group', id: 'S012AB3CD' }] } as const;
const ENGLISH: RenderOptions = { language: 'en', ...OPTIONS };
const JAPANESE: RenderOptions = { language: 'ja', ...OPTIONS };
const LANGUAGES = [ENGLISH, JAPANESE];

const buttonsOf = ({ blocks }: SlackMessage) =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

const sectionsOf = ({ blocks }: SlackMessage): readonly string[] =>
  blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []));

const linesOf = (message: SlackMessage): readonly string[] => [
  ...sectionsOf(message).flatMap((text) => text.split('\n')),
  ...(buttonsOf(message).length === 0
    ? []
    : [
        buttonsOf(message)
          .map(({ text }) => `[${text.text}]`)
          .join(' '),
      ]),
];

const PRESSES: readonly Button[] = [
  { verb: 'check', planId: 'plan-1', object: { kind: 'look' } },
  { verb: 'snooze', planId: 'plan-2', object: { kind: 'matter', seconds: 3 * 86_400 } },
];

describe('message C: two certificates wait for one DNS record', () => {
  const report: Report = { ...expiryReport(needAction()), buttons: PRESSES };

  test('in English', () => {
    const message = renderReport(report, ENGLISH);
    expect(message.text).toBe('www.example.co.jp: HTTPS stops in 14 days (Sun 6 Dec 2026) – a DNS record is missing');
    expect(linesOf(message)).toEqual([
      ':warning: *www.example.co.jp: HTTPS stops in 14 days (Sun 6 Dec 2026)* – a DNS record is missing',
      '2 certificates wait for the same record: CloudFront `E1ABC` (us-east-1), ALB web-alb :443 (Tokyo).',
      '*Next: add this CNAME at your DNS provider* (zone example.co.jp)',
      '```',
      'Host:      _3f1c9a7e.www',
      'Type:      CNAME',
      'Value:     _8d2e4b61.acm-validations.aws.',
      'Full name: _3f1c9a7e.www.example.co.jp',
      '```',
      'Asked ns1.dns-provider.example at 10:00: no such record. It was there on 3 Oct.',
      'Then nothing more: AWS renews by itself. I check every hour and tell you here. Nothing was changed.',
      '[Check now] [Snooze 3 days] [Open in ACM]',
    ]);
    expect(message.blocks.find(({ type }) => type === 'context')).toMatchObject({
      elements: [{ text: 'prod · Tokyo · Sun 22 Nov 10:00 JST' }],
    });
  });

  test('in Japanese', () => {
    const message = renderReport(report, JAPANESE);
    expect(message.text).toBe(
      'www.example.co.jp：あと14日で HTTPS が使えなくなります（2026/12/6(日)） DNSレコードがありません',
    );
    expect(linesOf(message)).toEqual([
      ':warning: *www.example.co.jp：あと14日で HTTPS が使えなくなります（2026/12/6(日)）* DNSレコードがありません',
      '同じレコードを待つ証明書が2件：CloudFront `E1ABC` （us-east-1）、ALB web-alb :443（東京）',
      '*次の手順：DNS事業者の管理画面で CNAME を追加* （ゾーン example.co.jp）',
      '```',
      'ホスト名：_3f1c9a7e.www',
      '種別：CNAME',
      '値：_8d2e4b61.acm-validations.aws.',
      '完全名：_3f1c9a7e.www.example.co.jp',
      '```',
      '10:00 に ns1.dns-provider.example へ問い合わせ：レコードなし（10/3 には存在）',
      '追加後の操作は不要です。AWS が自動で更新します（現在の状態：検証保留中）。1時間ごとに確認し、ここでお知らせします。設定は変更していません。',
      '[今すぐ確認] [3日後に再通知] [ACM を開く]',
    ]);
  });

  test('Given its page is opened, then the entrance takes that for no order', () => {
    const link = buttonsOf(renderReport(report, ENGLISH)).at(-1);
    expect(link).toMatchObject({
      action_id: 'usher:open',
      url: 'https://console.aws.amazon.com/acm/home?region=us-east-1#/certificates/0a1b2c3d-1111-2222-3333-444455556666',
    });
    const payload = {
      type: 'block_actions',
      team: { id: 'T0001' },
      user: { id: 'U0001' },
      channel: { id: 'C0001' },
      actions: [{ action_id: 'usher:open', type: 'button' }],
    };
    const body = Buffer.from(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
    expect(decodeRequest({ body, signedAt: new Date('2026-11-22T05:00:00.000Z'), allowsLoopback: false })).toEqual({
      kind: 'ignored',
      reason: 'OtherAction',
    });
  });
});

describe('every report about certificates and domains', () => {
  test('has its words here', () => {
    expect(Object.keys(EXPIRY_WORDS)).toEqual(Object.keys(EXPIRY_BODIES));
  });

  test.each(Object.entries(EXPIRY_BODIES))('%s, in English and Japanese', (name, body) => {
    expect(linesOf(renderReport(expiryReport(body), ENGLISH))).toEqual(EXPIRY_WORDS[name]?.en);
    expect(linesOf(renderReport(expiryReport(body), JAPANESE))).toEqual(EXPIRY_WORDS[name]?.ja);
  });

  test.each(Object.entries(EXPIRY_BODIES))('%s comes through the queue as it was', (_, body) => {
    const report = expiryReport(body);
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  test.each(Object.entries(EXPIRY_BODIES))('%s says what was changed or that there is nothing to do', (_, body) => {
    const [english, japanese] = LANGUAGES.map((options) =>
      sectionsOf(renderReport(expiryReport(body), options)).join('\n'),
    );
    const isIssuedUnused =
      body.kind === 'certificate-settled' && body.how === 'issued' && body.certificate.uses.length === 0;
    expect(english).toMatch(isIssuedUnused ? /\*Next: / : /Nothing was changed|Nothing to do/);
    expect(japanese).toMatch(isIssuedUnused ? /\*次の手順：/ : /設定は変更していません|対応は不要です/);
  });
});

describe('Who is called', () => {
  const isCalled = (body: ExpiryReportBody, severity: Report['severity'] = 'critical'): boolean =>
    JSON.stringify(renderReport(expiryReport(body, severity), ENGLISH)).includes('<!subteam^S012AB3CD>');

  test.each([
    [4, false],
    [3, true],
    [1, true],
    [0, true],
  ])('Given %d days to the end of a certificate in use, then people are called: %s', (daysLeft, called) => {
    expect(isCalled(needAction({ daysLeft }))).toBe(called);
  });

  test('Given nothing uses it, then nobody is called', () => {
    const [first] = needAction().certificates;
    if (first === undefined) throw new Error('there is one');
    expect(isCalled(needAction({ daysLeft: 1, certificates: [{ ...first, uses: [] }] }))).toBe(false);
  });

  test.each([
    ['expired in use', true],
    ['revoked in use', true],
    ['expired and unused', false],
    ['first issuance', false],
    ['served: name mismatch', true],
    ['served: expired', true],
    ['served: expiring', false],
    ['served: could not connect', false],
    ['domain: expired', true],
    ['domain: on hold', true],
    ['domain: expiring', false],
    ['domain: cannot know', false],
    ['renewed', false],
  ])('%s, when it is critical: %s', (name, called) => {
    const body = EXPIRY_BODIES[name];
    if (body === undefined) throw new Error(`no ${name}`);
    expect(isCalled(body)).toBe(called);
    expect(isCalled(body, 'warning')).toBe(false);
  });
});

describe('Records to be entered', () => {
  const recordOf = (index: number): ReportedRecord => ({
    ...RECORD,
    name: `_${index}.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(50)}.example.co.jp`,
    relativeName: `_${index}.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(50)}`,
    lastSeenAt: undefined,
  });

  test('Given 40 of the longest names, then five are shown whole, the others counted, and Slack takes the message', () => {
    for (const options of LANGUAGES) {
      const message = renderReport(
        expiryReport(needAction({ records: Array.from({ length: 40 }, (_, i) => recordOf(i)) })),
        options,
      );
      expect(checkMessage(message)).toEqual({ kind: 'ok' });
      for (const text of sectionsOf(message)) {
        expect(text.length).toBeLessThanOrEqual(SECTION_TEXT_LIMIT);
        // A block opens and closes in the same section, so that it is copied whole.
        expect((text.match(/```/g) ?? []).length % 2).toBe(0);
      }
      const text = sectionsOf(message).join('\n');
      expect(text.match(/^(?:Full name: |完全名：)/gm)).toHaveLength(5);
      expect(text).toContain(recordOf(4).name);
      expect(text).toMatch(/… and 35 more|…ほか35件/);
    }
  });

  test('Given a record that is right among them, then only the others are to be entered', () => {
    const records = [RECORD, { ...recordOf(1), verdict: 'right' as const }];
    const text = sectionsOf(renderReport(expiryReport(needAction({ records })), ENGLISH)).join('\n');
    expect(text).toContain(RECORD.name);
    expect(text).not.toContain(recordOf(1).name);
  });

  test('Given a value with its last dot, then it gets no second', () => {
    const text = sectionsOf(
      renderReport(expiryReport(needAction({ records: [{ ...RECORD, value: '_a.acm-validations.aws.' }] })), ENGLISH),
    ).join('\n');
    expect(text).toContain('Value:     _a.acm-validations.aws.\n');
  });
});

describe('Line 1', () => {
  const headline = (name: string, options: RenderOptions): string => {
    const [first] = needAction().certificates;
    if (first === undefined) throw new Error('there is one');
    return renderReport(expiryReport(needAction({ certificates: [{ ...first, name }] })), options).text;
  };

  test('Given a long domain, then the weekday goes first, then the cause, and the name stays whole', () => {
    expect(headline('shop.production.example.co.jp', ENGLISH)).toBe(
      'shop.production.example.co.jp: HTTPS stops in 14 days (Sun 6 Dec 2026) – a DNS record is missing',
    );
    expect(headline('shop.production.example.co.jp', JAPANESE)).toBe(
      'shop.production.example.co.jp：あと14日で HTTPS が使えなくなります（2026/12/6）',
    );
    expect(headline('shop.production.tokyo.example.co.jp', ENGLISH)).toBe(
      'shop.production.tokyo.example.co.jp: HTTPS stops in 14 days (6 Dec 2026)',
    );
  });

  test('Given a domain of 253 characters, then it is cut in its middle, and what happens when is still said', () => {
    const name = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}.example.jp`;
    expect(headline(name, ENGLISH)).toMatch(/^a+…[a-z.]*example\.jp: HTTPS stops in 14 days \(6 Dec 2026\)$/);
  });
});

describe('A page of the console', () => {
  const pageOf = (arn: string) => {
    const [first] = needAction().certificates;
    return certificatePage(first && { ...first, arn })?.url;
  };

  test.each([
    [
      'arn:aws-cn:acm:cn-north-1:123456789012:certificate/0a1b',
      'https://console.amazonaws.cn/acm/home?region=cn-north-1#/certificates/0a1b',
    ],
    [
      'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/0a1b',
      'https://console.amazonaws-us-gov.com/acm/home?region=us-gov-west-1#/certificates/0a1b',
    ],
    ['ap-northeast-1', undefined],
    ['arn:toString:acm:us-east-1:123456789012:certificate/0a1b', undefined],
    ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b?x=https://evil.example', undefined],
    ['arn:aws:acm:evil.example/#:123456789012:certificate/0a1b', undefined],
  ])('of %s is %s', (arn, url) => {
    expect(pageOf(arn)).toBe(url);
  });
});

describe('A command to copy', () => {
  test.each(['imported', 'domain: auto-renew off'])(
    'Given %s with a name that a shell would act on, then there is none',
    (name) => {
      const body = EXPIRY_BODIES[name];
      if (body === undefined) throw new Error(`no ${name}`);
      const said = (of: ExpiryReportBody) => sectionsOf(renderReport(expiryReport(of), ENGLISH)).join('\n');
      expect(said(body)).toContain('`aws ');
      expect(said(withTexts(body, ['example.com; id'], OUTSIDE))).not.toContain('aws ');
      expect(said(withTexts(body, ['$(id).example.com'], OUTSIDE))).not.toContain('aws ');
    },
  );
});

describe('Confirmed, quiet until …', () => {
  const confirm: Button = {
    verb: 'confirm',
    planId: 'plan-3',
    object: { kind: 'until', at: '2027-03-31T15:00:00.000Z' },
  };

  test('names the day in the stage’s time zone, and leaves no room for a link beside two others', () => {
    const body = EXPIRY_BODIES['domain: auto-renew off'];
    if (body === undefined) throw new Error('there is one');
    const report = { ...expiryReport(body), buttons: [...PRESSES, confirm] };
    const labels = (options: RenderOptions) => buttonsOf(renderReport(report, options)).map(({ text }) => text.text);
    expect(labels(ENGLISH)).toEqual(['Check now', 'Snooze 3 days', 'Confirmed, quiet until 1 Apr']);
    expect(labels(JAPANESE)).toEqual(['今すぐ確認', '3日後に再通知', '確認済み（4/1 まで通知しない）']);
  });
});

describe('What ends when', () => {
  const row = (change: Partial<ExpiryRow> = {}): ExpiryRow => ({
    kind: 'certificate',
    name: 'www.example.co.jp',
    endsAt: '2026-12-06T12:00:00.000Z',
    daysLeft: 14,
    standing: 'stuck',
    region: 'us-east-1',
    uses: ['www.example.co.jp', 'web-alb', 'E1ABC'],
    ...change,
  });
  const tableOf = (rows: readonly ExpiryRow[], unread: readonly string[] = []): Report =>
    reportOf(
      { kind: 'order-answered', answer: { kind: 'certificates', table: { days: 90, rows, later: 40, unread } } },
      'information',
    );
  const ROWS = [
    row(),
    row({
      kind: 'domain',
      name: 'example.co.jp',
      endsAt: '2026-12-22T12:00:00.000Z',
      daysLeft: 30,
      standing: 'confirm-renewal',
      uses: [],
    }),
    row({
      name: 'shop.example.co.jp',
      endsAt: '2027-01-09T12:00:00.000Z',
      daysLeft: 48,
      standing: 'renewing-by-itself',
      uses: [],
    }),
    row({ name: 'new.example.co.jp', endsAt: undefined, daysLeft: undefined, standing: 'pending-issuance', uses: [] }),
  ];

  test('in English', () => {
    expect(linesOf(renderReport(tableOf(ROWS, ['ap-northeast-1', 'RDAP']), ENGLISH))).toEqual([
      ':calendar: *Next 90 days: 3 of 4 certificates and domains need somebody* – 40 end later',
      '```',
      '  14 d  6 Dec 2026    www.example.co.jp (web-alb +1)  renewal is stuck',
      '  30 d  22 Dec 2026   example.co.jp                   domain: confirm its renewal',
      '  48 d  9 Jan 2027    shop.example.co.jp              renews itself',
      '     –  –             new.example.co.jp               waits for its validation',
      '```',
      'Could not be read, and not in this table: Tokyo, RDAP.',
      '*Next:* look for their messages in the channel; each has its step. Nothing was changed.',
    ]);
  });

  test('in Japanese', () => {
    expect(linesOf(renderReport(tableOf(ROWS, ['ap-northeast-1', 'RDAP']), JAPANESE))).toEqual([
      ':calendar: *今後90日間：証明書・ドメイン4件中3件に対応が必要です* （それより後：40件）',
      '```',
      '  14日  2026/12/6     www.example.co.jp (web-alb +1)  更新できません（検証保留中）',
      '  30日  2026/12/22    example.co.jp                   ドメイン：自動更新を要確認',
      '  48日  2027/1/9      shop.example.co.jp              自動更新',
      '     –  –             new.example.co.jp               未発行（検証保留中）',
      '```',
      '読み取れず、表に含まれていないもの：東京、RDAP',
      '*次の手順：* チャンネルの各通知で手順を確認してください。設定は変更していません。',
    ]);
  });

  test('Given nothing needs anybody, then it says so; what could not be read is not called fine', () => {
    const fine = [row({ standing: 'renewing-by-itself' })];
    const text = (rows: readonly ExpiryRow[], unread: readonly string[], options = ENGLISH) =>
      renderReport(tableOf(rows, unread), options).text;
    expect(text(fine, [])).toBe('Next 90 days: no certificate or domain needs anybody – 40 end later');
    expect(text([], [])).toBe('Next 90 days: no certificate or domain needs anybody – 40 end later');
    expect(text(fine, ['eu-west-1'])).toBe('Next 90 days: nothing read needs anybody – 40 end later');
    expect(text(fine, [], JAPANESE)).toBe('今後90日間：対応が必要な証明書・ドメインはありません（それより後：40件）');
    expect(text(fine, ['eu-west-1'], JAPANESE)).toBe(
      '今後90日間：対応が必要な証明書・ドメインは、確認できた範囲ではありません（それより後：40件）',
    );
  });

  test('Given 2,000 rows with the worst names, then 50 are shown, the others counted, and Slack takes the message', () => {
    for (const options of LANGUAGES)
      for (const name of ['<!channel>'.repeat(30), '👩‍👩‍👧‍👦'.repeat(60), '日本語'.repeat(40), '```'.repeat(20)]) {
        const message = renderReport(
          tableOf(Array.from({ length: 2_000 }, () => row({ name, uses: [name, 'x'] }))),
          options,
        );
        expect(checkMessage(message)).toEqual({ kind: 'ok' });
        const text = sectionsOf(message).join('\n');
        expect(text.match(/^ {2}14/gm)).toHaveLength(50);
        expect(text).toMatch(/… and 1950 more|…ほか1950件/);
        expect(liveTags(text)).toEqual([]);
      }
  });

  test('comes through the queue as it was', () => {
    const answer: Answer = { kind: 'certificates', table: { days: 90, rows: ROWS, later: 40, unread: [] } };
    expect(parseReport(JSON.stringify(reportOf({ kind: 'order-answered', answer }))).body).toEqual({
      kind: 'order-answered',
      answer,
    });
  });
});

describe('Moments', () => {
  test.each([
    ['en', 'Asia/Tokyo', ['Mon 7 Dec 2026', '7 Dec 2026', '7 Dec', '08:59', 'Mon 7 Dec 08:59 JST']],
    ['ja', 'Asia/Tokyo', ['2026/12/7(月)', '2026/12/7', '12/7', '08:59', '12/7(月) 08:59 JST']],
    ['en', 'Europe/Berlin', ['Mon 7 Dec 2026', '7 Dec 2026', '7 Dec', '00:59', 'Mon 7 Dec 00:59 CET']],
    ['en', 'America/New_York', ['Sun 6 Dec 2026', '6 Dec 2026', '6 Dec', '18:59', 'Sun 6 Dec 18:59 EST']],
  ] as const)('in %s, in %s, a certificate’s last second of 6 Dec in UTC is %j', (language, timeZone, expected) => {
    const { day, date, dayOfYear, clock, moment } = timesIn(language, timeZone);
    const at = '2026-12-06T23:59:59.000Z';
    expect([day(at), date(at), dayOfYear(at), clock(at), moment(at)]).toEqual(expected);
  });
});

const TRICKS = [
  '<!channel>',
  '<https://evil.example|x>',
  '`',
  '```',
  '*',
  '_',
  '~',
  '\n',
  '\u202e',
  '\u0000',
  '\ud83d',
  '&',
  '日本語',
  ':tada:',
  '> x',
  '',
];
const hostile: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.constantFrom('<'.repeat(300), '👩‍👩‍👧‍👦'.repeat(60), 'x'.repeat(4_000)),
);

/** A body with every text in it replaced; dates, kinds and our own codes stay. */
const withTexts = <Value>(value: Value, texts: readonly string[], keys: ReadonlySet<string>): Value => {
  let next = 0;
  const text = (): string => texts[next++ % texts.length] ?? '';
  const replaced = (each: unknown, key: string): unknown => {
    if (typeof each === 'string') return keys.has(key) ? text() : each;
    if (Array.isArray(each)) return each.map((item: unknown) => replaced(item, key));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([inner, item]) => [inner, replaced(item, inner)]));
  };
  return replaced(value, '') as Value;
};

const OUTSIDE = new Set([
  'arn',
  'region',
  'name',
  'id',
  'type',
  'value',
  'relativeName',
  'zone',
  'askedServer',
  'foundValues',
  'hostedZoneId',
  'awsReason',
  'why',
  'emails',
  'host',
  'servedNames',
  'issuer',
  'detail',
  'domain',
  'names',
  'registrar',
  'statuses',
]);

test('Whatever certificates, DNS and registries answer: Slack takes the message, nobody is pinged, and every block and code span closes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(EXPIRY_BODIES)),
      fc.array(hostile, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...LANGUAGES),
      (body, texts, options) => {
        const message = renderReport(
          { ...expiryReport(withTexts(body, texts, OUTSIDE)), buttons: PRESSES },
          { ...options, mentions: [] },
        );
        expect(checkMessage(message)).toEqual({ kind: 'ok' });
        for (const text of [message.text, ...sectionsOf(message)]) {
          expect(liveTags(text)).toEqual([]);
          expect(text).not.toMatch(/[<>]/);
          expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
          expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(text.isWellFormed()).toBe(true);
          expect((text.match(/```/g) ?? []).length % 2).toBe(0);
          for (const line of text.replace(/```[^`]*```/g, '').split('\n'))
            expect((line.match(/`/g) ?? []).length % 2).toBe(0);
        }
        for (const { url } of buttonsOf(message).flatMap((each) => ('url' in each ? [each] : [])))
          expect(url).toMatch(/^https:\/\/console\.aws\.amazon\.com\//);
      },
    ),
    { numRuns: 400 },
  );
});
