import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CodeSnippets } from '../../domain/code-snippets/code-snippets.ts';
import { snippetsOf } from '../../domain/code-snippets/snippets.ts';
import type { Finding, FindingReason } from '../../domain/finding.ts';
import type { Report, ReportBody } from '../../domain/report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { codeBlocks } from '../../slack/code-blocks.ts';
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

const names = fc.array(hostile, { minLength: 1, maxLength: 3 });
const someNamed = fc.array(named, { maxLength: 4 });

const closedRule = fc.record({
  ruleId: hostile,
  securityGroup: named,
  protocol: fc.oneof(fc.constantFrom('tcp', 'udp', '-1'), hostile),
  ports: fc.oneof(fc.constantFrom('80', '80-443', ''), hostile),
  peer: fc.oneof(fc.constantFrom('0.0.0.0/0', '::/0', 'pl-58a04531'), hostile),
});

const proposedClosing = fc
  .tuple(
    closedRule,
    fc.record(
      {
        extent: fc.constantFrom(
          'this-port' as const,
          'wider-range' as const,
          'all-ports' as const,
          'all-traffic' as const,
        ),
        source: fc.constantFrom(
          'world' as const,
          'cidr' as const,
          'single-host' as const,
          'prefix-list' as const,
          'group' as const,
          'balancer' as const,
        ),
        because: fc.constantFrom(
          'ReportOnly' as const,
          'Ask' as const,
          'NotOurs' as const,
          'NotWorldOpen' as const,
          'ManagedByCode' as const,
          'Paused' as const,
          'OtherWearers' as const,
          'CoversOtherPorts' as const,
        ),
        asked: fc.array(port, { minLength: 1, maxLength: 3 }),
        names,
        count: fc.nat(1000),
        publicCount: fc.nat(1000),
        balancers: fc.array(hostile, { maxLength: 2 }),
        healthy: fc.nat(1000),
        total: fc.nat(1000),
        lines: fc.array(hostile, { maxLength: 4 }),
      },
      {
        requiredKeys: [
          'extent',
          'source',
          'because',
          'asked',
          'names',
          'count',
          'balancers',
          'healthy',
          'total',
          'lines',
        ],
      },
    ),
  )
  .map(([rule, proposal]) => ({ ...rule, ...proposal }));

const closing: fc.Arbitrary<ReportBody> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('closing-proposed' as const),
      rules: fc.array(proposedClosing, { minLength: 1, maxLength: 6 }),
      watchMinutes: fc.nat(1000),
      until: fc.constant('2026-12-01T01:00:00.000Z'),
    },
    { requiredKeys: ['kind', 'rules', 'watchMinutes'] },
  ),
  fc.record({
    kind: fc.constant('rules-closed' as const),
    rules: fc.array(closedRule, { minLength: 1, maxLength: 6 }),
    targetGroup: named,
  }),
  fc.record(
    {
      kind: fc.constant('closing-ended' as const),
      how: fc.constantFrom(
        'stands' as const,
        'unclear' as const,
        'put-back' as const,
        'not-put-back' as const,
        'not-removed' as const,
      ),
      rule: closedRule,
      groups: someNamed,
      fell: fc.array(hostile, { maxLength: 3 }),
      fellCount: fc.nat(1000),
      code: hostile,
      line: hostile,
    },
    { requiredKeys: ['kind', 'how', 'rule', 'groups', 'fell', 'fellCount'] },
  ),
);

const companion: fc.Arbitrary<ReportBody> = fc.oneof(
  fc.record({
    kind: fc.constant('companion-proposed' as const),
    side: fc.constantFrom('balancer' as const, 'targets' as const),
    because: fc.constantFrom('BalancerGroupShared' as const, 'DefaultGroup' as const, 'WornByOthers' as const),
    groupName: hostile,
    loadBalancer: named,
    targetGroup: named,
    securityGroup: named,
    interfaces: fc.nat(1000),
    targets: fc.array(target, { maxLength: 12 }),
  }),
  fc.record({
    kind: fc.constant('companion-detached' as const),
    securityGroup: named,
    loadBalancer: named,
    worn: fc.array(hostile, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('companion-not-removed' as const),
    securityGroup: named,
    loadBalancer: named,
    code: hostile,
  }),
);

const alarms: fc.Arbitrary<ReportBody> = fc.oneof(
  fc.record({
    kind: fc.constant('alarms-offered' as const),
    targetGroups: fc.array(named, { minLength: 1, maxLength: 6 }),
    count: fc.nat(1000),
    deleted: fc.nat(1000),
    onlyReports: fc.boolean(),
    monthlyPrice: fc.constant('0.10'),
  }),
  fc.record({
    kind: fc.constant('alarms-changed' as const),
    created: someNamed,
    createdCount: fc.nat(1000),
    removed: someNamed,
    removedCount: fc.nat(1000),
    notMade: fc.array(
      fc.record(
        {
          targetGroup: named,
          because: fc.constantFrom(
            'Paused' as const,
            'Ignored' as const,
            'ReportOnly' as const,
            'GroupGone' as const,
            'Unused' as const,
            'NoSeriesYet' as const,
            'HasOne' as const,
            'RefusedByAws' as const,
          ),
          code: hostile,
        },
        { requiredKeys: ['targetGroup', 'because'] },
      ),
      { maxLength: 4 },
    ),
    notMadeCount: fc.nat(1000),
    monthlyPrice: fc.constant('0.10'),
  }),
);

/** Rules left to whoever keeps their security group by code, as they are written for them. */
const leftToCode: fc.Arbitrary<CodeSnippets> = fc
  .array(
    fc.record({
      groupId: hostile,
      port,
      direction: fc.constantFrom('ingress' as const, 'egress' as const),
      peer: fc.oneof(
        fc.record({ kind: fc.constant('security-group' as const), groupId: hostile }),
        fc.record({ kind: fc.constant('cidr-ipv4' as const), cidr: hostile }),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((rules) =>
    hostile.map((described) => {
      const changes = rules.map((rule) => ({
        ...rule,
        kind: 'authorize-rule' as const,
        vpcId: 'vpc-1',
        protocol: 'tcp' as const,
        targetGroupArn: 'arn',
        targetKeys: [],
        reason: 'PathBlocked' as const,
      }));
      const snippets = snippetsOf(changes, () => described);
      if (snippets === undefined) throw new Error('no rules');
      return snippets;
    }),
  );

const held: fc.Arbitrary<ReportBody> = fc.record(
  {
    kind: fc.constant('held-by-others' as const),
    targetGroup: named,
    targets: fc.array(target, { maxLength: 4 }),
    rules: fc.array(
      fc.record({
        securityGroup: named,
        direction: fc.constantFrom('ingress' as const, 'egress' as const),
        protocol: fc.constant('tcp'),
        port,
        peer: named,
        ruleId: fc.option(hostile, { nil: undefined }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    behindRules: fc.array(target, { maxLength: 4 }),
    doer: fc.option(
      fc.record({
        name: hostile,
        via: fc.constantFrom('console' as const, 'cli' as const),
        at: fc.constant('2026-11-22T05:02:00.000Z'),
      }),
      { nil: undefined },
    ),
    remedy: fc.option(hostile, { nil: undefined }),
    isFollowUp: fc.boolean(),
    code: leftToCode,
  },
  { requiredKeys: ['kind', 'targetGroup', 'targets', 'rules', 'behindRules', 'doer', 'remedy', 'isFollowUp'] },
);

const body: fc.Arbitrary<ReportBody> = fc.oneof(
  closing,
  companion,
  alarms,
  held,
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

/** The text with its code blocks emptied, which are told apart from code spans by their three marks. */
const withoutBlocks = (text: string): string => text.replace(/```[^`]*```/g, '``');

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
        const lines = texts.map(withoutBlocks).flatMap((text) => text.split('\n'));
        // What is handed over as code stands below, a line for each language and one for what is left out.
        expect(lines.length).toBeLessThanOrEqual('code' in any.body ? 9 : 6);
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
    { numRuns: 500 },
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

test('Rules as code that grow too long for Slack by its own marks are left out, and short ones are there', () => {
  const blocksOf = (peer: string) =>
    codeBlocks({ cloudFormation: `CidrIp: ${peer}`, hcl: `cidr_ipv4 = "${peer}"`, rules: 1, of: 1 }, () => []);
  expect(blocksOf('203.0.113.0/24').map(toMrkdwn)).toEqual([
    'CloudFormation:```\nCidrIp: 203.0.113.0/24\n```',
    'Terraform:```\ncidr_ipv4 = "203.0.113.0/24"\n```',
  ]);
  expect(blocksOf(Array.from({ length: 5 }, () => '<'.repeat(300)).join('\n'))).toEqual([]);
});

test('Code keeps what formats elsewhere, except what would end it', () => {
  expect(toMrkdwn(say`see ${code('a*b_c~d`e')}`)).toBe('see `a*b_c~dˋe`');
  expect(toPlainText(say`${strong(say`see ${outside('*x*')}`)} ${code('sg-1')}`)).toBe('see ∗x∗ sg-1');
});
