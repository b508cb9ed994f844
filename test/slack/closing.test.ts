import { describe, expect, test } from '@jest/globals';
import type {
  ClosedRule,
  ClosingEnded,
  ClosingProposed,
  ClosingReportBody,
  ProposedClosing,
} from '../../domain/closing/report.ts';
import type { Button, Report } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { RenderOptions } from '../../slack/render.ts';
import { renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { reportOf } from './reports.ts';

const ENGLISH: RenderOptions = { language: 'en', timeZone: 'Asia/Tokyo' };
const JAPANESE: RenderOptions = { language: 'ja', timeZone: 'Asia/Tokyo' };

const WORLD: ProposedClosing = {
  ruleId: 'sgr-0cd2ef3456789ab01',
  securityGroup: { id: 'sg-0aa11bb22cc33dd44', name: 'sg-web' },
  protocol: 'tcp',
  ports: '80',
  peer: '0.0.0.0/0',
  extent: 'this-port',
  source: 'world',
  because: 'NotOurs',
  asked: [80],
  names: ['web-1', 'web-2', 'web-3'],
  count: 3,
  publicCount: 2,
  balancers: ['web-alb'],
  healthy: 3,
  total: 3,
  lines: ['aws ec2 revoke-security-group-ingress --group-id sg-web --security-group-rule-ids sgr-0cd2'],
};

const CLOSED: ClosedRule = {
  ruleId: WORLD.ruleId,
  securityGroup: WORLD.securityGroup,
  protocol: 'tcp',
  ports: '80',
  peer: '0.0.0.0/0',
};

const proposed = (...rules: readonly ProposedClosing[]): ClosingProposed => ({
  kind: 'closing-proposed',
  rules,
  watchMinutes: 10,
  until: '2026-12-01T01:00:00.000Z',
});

const SPLIT: ProposedClosing = { ...WORLD, ports: '80-443', extent: 'wider-range', because: 'CoversOtherPorts' };

const ended = (how: ClosingEnded['how'], parts: Partial<ClosingEnded> = {}): ClosingEnded => ({
  kind: 'closing-ended',
  how,
  rule: CLOSED,
  groups: [{ id: 'arn:web', name: 'web-prod' }],
  fell: ['i-0a1b2c3d4e5f67890:80'],
  fellCount: 1,
  ...parts,
});

const LINE = `aws ec2 authorize-security-group-ingress --group-id sg-web --ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,IpRanges=[{CidrIp=0.0.0.0/0}]' --region ap-northeast-1`;

const BODIES: Readonly<Record<string, ClosingReportBody>> = {
  one: proposed(WORLD),
  several: proposed(WORLD, { ...WORLD, ruleId: 'sgr-2', peer: '::/0' }, SPLIT),
  split: proposed(SPLIT),
  office: proposed({ ...WORLD, source: 'cidr', peer: '203.0.113.0/24' }),
  code: proposed({ ...WORLD, because: 'ManagedByCode' }),
  reportOnly: proposed({ ...WORLD, because: 'ReportOnly' }),
  closed: { kind: 'rules-closed', rules: [CLOSED], targetGroup: { id: 'arn:web', name: 'web-prod' } },
  stands: ended('stands', { groups: [], fell: [], fellCount: 0 }),
  unclear: ended('unclear', { line: LINE }),
  putBack: ended('put-back'),
  notPutBack: ended('not-put-back', { code: 'RulesPerSecurityGroupLimitExceeded', line: LINE }),
  notRemoved: ended('not-removed', { code: 'UnauthorizedOperation' }),
};

const BUTTONS: readonly Button[] = (['approve', 'keep', 'show'] as const).map((verb) => ({
  verb,
  planId: 'plan-1',
  object: { kind: 'closing', ports: [80], count: 1 },
}));

const linesOf = (body: ClosingReportBody, options: RenderOptions, buttons?: readonly Button[]): readonly string[] => {
  const report: Report = { ...reportOf(body), ...(buttons === undefined ? {} : { buttons }) };
  return renderReport(report, options).blocks.flatMap((block) => {
    if (block.type === 'section') return block.text.text.split('\n');
    return block.elements.map((each) => (typeof each.text === 'string' ? each.text : each.text.text));
  });
};

describe.each(Object.entries(BODIES))('The message %s', (_, body) => {
  test.each([
    ['English', ENGLISH],
    ['Japanese', JAPANESE],
  ])('is one that Slack takes, of five lines at most, in %s', (_language, options) => {
    const message = renderReport({ ...reportOf(body), buttons: BUTTONS }, options);
    expect(checkMessage(message)).toEqual({ kind: 'ok' });
    expect(linesOf(body, options).length).toBeLessThanOrEqual(6);
    expect(liveTags(JSON.stringify(message))).toEqual([]);
  });

  test('comes through the queue as it was', () => {
    const report = { ...reportOf(body), buttons: BUTTONS };
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });
});

describe('A proposal reads as it should', () => {
  test('in English', () => {
    const lines = linesOf(BODIES['one'] as ClosingProposed, ENGLISH, BUTTONS);
    expect(lines.slice(0, 5)).toEqual([
      ':lock: *Proposal: close port 80 of web-1, web-2, web-3 to the internet*',
      'Now: `sg-web` admits 0.0.0.0/0 on tcp/80, so anyone can go round web-alb. 2 of 3 have a public address.',
      'web-alb doesn’t need it: its own rule is in place, 3 of 3 healthy.',
      'Would stop: direct access by IP, e.g. outside monitoring. Stays: ssh, the load balancer, all else.',
      '*Next: close it, or say keep.* Nothing changed yet. If health falls within 10 min, I put it back.',
    ]);
    expect(lines[5]).toContain('offer ends');
    expect(lines.slice(6)).toEqual(['Close port 80…', 'Keep it', 'CLI']);
  });

  test('in Japanese', () => {
    const lines = linesOf(BODIES['one'] as ClosingProposed, JAPANESE, BUTTONS);
    expect(lines.slice(0, 5)).toEqual([
      ':lock: *提案：web-1・web-2・web-3 のポート80を、インターネットから閉じます*',
      '現状： `sg-web` が 0.0.0.0/0 からの tcp/80 を許可しており、web-alb を通らずに接続できます（3台中2台にパブリックIPあり）。',
      'web-alb には不要です：専用のルールは設定済み、3台中3台が正常。',
      '使えなくなるもの：IP 直接のアクセス（外形監視など）。SSH やロードバランサー経由は変わりません。',
      '*次の手順：「閉じる」か「残す」を選んでください。* まだ変更していません。閉じた後10分以内に異常が出たら、自動で元に戻します。',
    ]);
    expect(lines.slice(6)).toEqual(['ポート80を閉じる…', '残す', 'CLI を表示']);
  });

  test('closing asks first, keeping and looking don’t', () => {
    const { blocks } = renderReport({ ...reportOf(proposed(WORLD)), buttons: BUTTONS }, ENGLISH);
    const row = JSON.stringify(blocks.at(-1));
    expect(row).toContain('"title":{"type":"plain_text","text":"Close port 80?"');
    expect(row.match(/"confirm":\{"title"/g)).toHaveLength(1);
  });
});

test('What was put back says how Usher may write there again', () => {
  expect(linesOf(ended('put-back'), ENGLISH).join('\n')).toContain('`/usher resume web-prod`');
  expect(linesOf(ended('put-back'), JAPANESE).join('\n')).toContain('`/usher resume web-prod`');
});
