import { expect, test } from '@jest/globals';
import { snippetsOf } from '../../domain/code-snippets/snippets.ts';
import type { HeldByOthers, Report } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { renderReport } from '../../slack/render.ts';
import { reportOf, WEB_3 } from './reports.ts';

const GROUP = {
  name: 'web-prod',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web-prod/0a1',
};

const RULE = {
  securityGroup: { name: 'sg-web', id: 'sg-0aa11bb22cc33dd44' },
  direction: 'ingress',
  protocol: 'tcp',
  port: 80,
  peer: { name: 'sg-alb', id: 'sg-0ee55ff66aa77bb88' },
  ruleId: 'sgr-0123456789abcdef0',
} as const;

const SUZUKI = { name: 'suzuki', via: 'console', at: '2026-11-22T03:01:07.000Z' } as const;

const held = (body: Partial<HeldByOthers>, buttons: Report['buttons'] = []): Report => ({
  ...reportOf({
    kind: 'held-by-others',
    targetGroup: GROUP,
    targets: [],
    rules: [],
    behindRules: [],
    doer: SUZUKI,
    remedy: undefined,
    isFollowUp: false,
    ...body,
  }),
  buttons,
});

/** Line 1 as it stands on a locked screen, and all that follows, by the road that a report takes. */
const said = (report: Report, language: 'en' | 'ja') => {
  const message = renderReport(parseReport(JSON.stringify(report)), { language, timeZone: 'Asia/Tokyo' });
  expect(checkMessage(message)).toEqual({ kind: 'ok' });
  expect(message.text?.length).toBeLessThanOrEqual(90);
  return [message.text, JSON.stringify(message.blocks)] as const;
};

const PUT_BACK = (object: NonNullable<Report['buttons']>[number]['object']): Report['buttons'] => [
  { verb: 'put-it-back', planId: 'plan-1', object },
];

test('Given a target that a person took out, then it is said with what it means, who it was, and the way back', () => {
  const remedy = 'aws elbv2 register-targets --target-group-arn arn:x --targets Id=i-0a1b2c3d4e5f67890,Port=80';
  const report = held({ targets: [WEB_3], remedy }, PUT_BACK({ kind: 'targets', names: ['web-3'], count: 1 }));
  const [text, blocks] = said(report, 'en');
  expect(text).toBe('web-3 was taken out by somebody (web-prod), and stays so');
  for (const words of [
    'Visitors are sent to the group’s other targets. Usher changed nothing.',
    'Who: suzuki (console), Sun 22 Nov 12:01 JST',
    'aws elbv2 register-targets',
    'Put web-3 back',
  ])
    expect(blocks).toContain(words);
  const [japanese, following] = said(report, 'ja');
  expect(japanese).toBe('web-3 が Usher 以外により登録解除されました（web-prod）そのままにします');
  for (const words of ['実行者：suzuki（コンソール）、11/22(日) 12:01 JST', 'web-3 を元に戻す'])
    expect(following).toContain(words);
});

test('Given a rule that was removed and nobody knows by whom, then rule and targets are named, and that the name may come', () => {
  const report = held({ rules: [RULE], behindRules: [WEB_3], doer: undefined }, PUT_BACK({ kind: 'rule', count: 1 }));
  const [text, blocks] = said(report, 'en');
  expect(text).toBe('A rule of Usher’s was removed by somebody (web-prod), and stays so');
  for (const words of [
    'Without it the load balancer may not reach web-3.',
    'Removed: `sg-web` inbound tcp/80 from `sg-alb`',
    'Who: not known yet. If CloudTrail tells, I add it here.',
    'Put the rule back',
    'sgr-0123456789abcdef0',
  ])
    expect(blocks).toContain(words);
  const [japanese, following] = said(report, 'ja');
  expect(japanese).toBe('Usher のルール1件が Usher 以外により削除されました（web-prod）そのままにします');
  for (const words of ['CloudTrail で判明次第、ここに追記します', 'ルールを元に戻す'])
    expect(following).toContain(words);
});

test('Given several, then their number is said and the first few are named', () => {
  const targets = Array.from({ length: 5 }, (_, index) => ({ ...WEB_3, name: `web-${index + 1}` }));
  expect(said(held({ targets }), 'en')[0]).toBe(
    'web-1, web-2 and 3 more were taken out by somebody (web-prod), and stays so',
  );
  expect(said(held({ rules: [RULE, RULE, RULE], behindRules: targets }), 'en')[1]).toContain('and 1 more');
});

test('Given only who it was is new, then nothing else is said', () => {
  const report = held({ targets: [WEB_3], isFollowUp: true });
  const [text, blocks] = said({ ...report, severity: 'information' }, 'en');
  expect(text).toBe('web-3 was taken out by somebody (web-prod): known by whom');
  expect(blocks).toContain('Who: suzuki (console)');
  expect(blocks).not.toContain('Visitors');
});

test('Given a name that would ping everybody, then nothing of it does', () => {
  const [, blocks] = said(held({ targets: [WEB_3], doer: { ...SUZUKI, name: '<!channel>', via: undefined } }), 'en');
  expect(blocks).not.toContain('<!channel>');
});

const CODE = snippetsOf(
  [80, 443, 8080].map((port) => ({
    kind: 'authorize-rule',
    groupId: RULE.securityGroup.id,
    vpcId: 'vpc-1',
    direction: 'ingress',
    protocol: 'tcp',
    port,
    peer: { kind: 'security-group', groupId: RULE.peer.id },
    targetGroupArn: GROUP.id,
    targetKeys: [],
    reason: 'PathBlocked',
  })),
  () => `${'a name of AWS’s longest, <!channel> `rm` '.repeat(8)}`,
);

test('Given a rule that went from a group kept by code, then the rules stand there to be copied, in both languages of code', () => {
  if (CODE === undefined) throw new Error('no snippets');
  const report = held({ rules: [RULE], behindRules: [WEB_3], code: CODE });
  const [text, blocks] = said(report, 'en');
  expect(text).toBe('A rule of Usher’s was removed by somebody (web-prod), and stays so');
  for (const words of [
    'Code keeps this security group, so I add no rule there any more.',
    "CloudFormation:```\\nResources:\\n  UsherSg0aa11bb22cc33dd44IngressTcp80FromSg0ee55ff66aa77bb88:\\n    Type: AWS::EC2::SecurityGroupIngress\\n    Properties:\\n      GroupId: 'sg-0aa11bb22cc33dd44'",
    'Terraform:```\\nresource \\"aws_vpc_security_group_ingress_rule\\" ',
    '  security_group_id            = \\"sg-0aa11bb22cc33dd44\\"',
    'and 1 more',
  ])
    expect(blocks).toContain(words);
  expect(blocks).not.toContain('<!channel>');
  expect(blocks).not.toContain('"actions"');
  const [, japanese] = said(report, 'ja');
  expect(japanese).toContain('コードで管理されているため、Usher は今後ここにルールを追加しません。');
});
