import { describe, expect, test } from '@jest/globals';
import type { PressOutcome } from '../../domain/answer.ts';
import type { CompanionProposed, Report, ReportBody } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { renderReport } from '../../slack/render.ts';
import { reportOf, WEB_3 } from './reports.ts';

const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0a1b2c3d4e5f6071';
const ALB = { name: 'web-alb', id: ARN };
const WEB = {
  name: 'web-prod',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web-prod/0a1',
};
const OWN = { name: 'usher-prod-web-alb', id: 'sg-0ee55ff66aa77bb88' };

const PROPOSED: CompanionProposed = {
  kind: 'companion-proposed',
  side: 'balancer',
  because: 'BalancerGroupShared',
  groupName: OWN.name,
  loadBalancer: ALB,
  targetGroup: WEB,
  securityGroup: { name: 'default', id: 'sg-0aa11bb22cc33dd44' },
  interfaces: 12,
  targets: [],
};

const BUTTONS = (side: 'balancer' | 'targets'): Report['buttons'] => [
  { verb: 'approve', planId: 'plan-1', object: { kind: 'companion', side } },
  { verb: 'reject', planId: 'plan-1', object: { kind: 'companion', side } },
];

/** Line 1 as it stands on a locked screen, and all that follows, by the road that a report takes. */
const said = (body: ReportBody, language: 'en' | 'ja', buttons?: Report['buttons']) => {
  const report = { ...reportOf(body), ...(buttons === undefined ? {} : { buttons }) };
  const message = renderReport(parseReport(JSON.stringify(report)), { language, timeZone: 'Asia/Tokyo' });
  expect(checkMessage(message)).toEqual({ kind: 'ok' });
  expect(message.text?.length).toBeLessThanOrEqual(100);
  return [message.text, JSON.stringify(message.blocks)] as const;
};

const everyWord = (text: string, words: readonly string[]) =>
  expect(words.filter((each) => !text.includes(each))).toEqual([]);

describe('a proposal', () => {
  test('Given a balancer whose group others wear, then what is, what would be, and the button with its question', () => {
    const [text, blocks] = said(PROPOSED, 'en', BUTTONS('balancer'));
    expect(text).toBe('Proposal: a security group of its own for web-alb – others wear its group');
    everyWord(blocks, [
      'rules let in `default`, and 12 other interfaces wear it too',
      'a security group `usher-prod-web-alb` without rules, put on web-alb besides what it wears',
      'Nothing changed yet',
      'Make the group',
      'Make the security group?',
      'Leave it as it is',
    ]);
    const [japanese, following] = said(PROPOSED, 'ja', BUTTONS('balancer'));
    expect(japanese).toBe('提案：web-alb 専用のセキュリティグループを作成（現在は共用です）');
    everyWord(following, [
      'ほかの12個のネットワークインターフェイス',
      'まだ変更していません',
      'グループを作成',
      'そのままにする',
    ]);
  });

  test.each([
    ['DefaultGroup', 'the VPC’s own default group', 'VPC のデフォルトのセキュリティグループ'],
    ['WornByOthers', 'a group that 12 other interfaces wear too', 'ほかの12個のネットワークインターフェイス'],
  ] as const)(
    'Given targets that wear %s, then who can’t be reached, and where the rule would go',
    (because, en, ja) => {
      const body = { ...PROPOSED, side: 'targets', because, targets: [WEB_3] } as const;
      const [text, blocks] = said(body, 'en', BUTTONS('targets'));
      expect(text).toBe('Proposal: a security group of its own for web-prod – its targets can’t be reached');
      everyWord(blocks, ['web-alb can’t reach web-3', en, 'put on their network interfaces', 'launch template']);
      const [japanese, following] = said(body, 'ja', BUTTONS('targets'));
      expect(japanese).toBe('提案：web-prod 専用のセキュリティグループを作成（ターゲットに届きません）');
      everyWord(following, ['web-alb から web-3 に届きません', ja, '起動テンプレート']);
    },
  );
});

test('Given somebody took one off, then that it stays off, and the whole list by which it is put back', () => {
  const body = { kind: 'companion-detached', securityGroup: OWN, loadBalancer: ALB, worn: ['sg-1', 'sg-2'] } as const;
  const [text, blocks] = said(body, 'en');
  expect(text).toBe('usher-prod-web-alb was taken off web-alb by somebody, and stays so');
  everyWord(blocks, [
    `aws elbv2 set-security-groups --load-balancer-arn ${ARN} --security-groups sg-1 sg-2 ${OWN.id} --region ap-northeast-1`,
    'Usher changed nothing',
  ]);
  const classic = { ...ALB, id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/old-web' };
  expect(said({ ...body, loadBalancer: classic }, 'en')[1]).toContain(
    `aws elb apply-security-groups-to-load-balancer --load-balancer-name old-web --security-groups sg-1 sg-2 ${OWN.id}`,
  );
  expect(said(body, 'ja')[0]).toBe('usher-prod-web-alb が web-alb から外されました（そのままにします）');
});

test('Given one that AWS does not let go, then that it harms nobody, and the line that deletes it', () => {
  const body = {
    kind: 'companion-not-removed',
    securityGroup: OWN,
    loadBalancer: ALB,
    code: 'DependencyViolation',
  } as const;
  const [text, blocks] = said(body, 'en');
  expect(text).toBe('usher-prod-web-alb was not deleted – AWS still knows somebody who uses it');
  everyWord(blocks, ['`DependencyViolation`', `aws ec2 delete-security-group --group-id ${OWN.id}`]);
  expect(said(body, 'ja')[0]).toBe('usher-prod-web-alb を削除できませんでした（使用中）');
});

describe('what came of a press', () => {
  const pressed = (outcome: PressOutcome, language: 'en' | 'ja') =>
    said(
      { kind: 'order-answered', answer: { kind: 'pressed', verb: 'approve', byUserId: 'U0001', outcome } },
      language,
    );
  const made = {
    kind: 'companion-made',
    targetGroup: WEB,
    loadBalancer: ALB,
    securityGroup: OWN,
    side: 'balancer',
    wearers: 1,
    rulesAdded: 2,
    failed: 0,
  } as const;

  test('Given it is made, then what was changed', () => {
    const [text, blocks] = pressed(made, 'en');
    expect(text).toBe('usher-prod-web-alb is made and worn by web-alb');
    everyWord(blocks, [`the group \`${OWN.id}\`, and 2 rules added`, 'Nothing to do']);
    expect(pressed({ ...made, side: 'targets', wearers: 3 }, 'en')[0]).toBe(
      'usher-prod-web-alb is made and worn by 3 targets',
    );
    expect(pressed({ ...made, failed: 1 }, 'en')[1]).toContain('AWS refused 1 of the rules');
    expect(pressed(made, 'ja')[0]).toBe('usher-prod-web-alb を作成しました（web-alb に関連付け済み）');
  });

  test('Given AWS refused it, then its code', () => {
    const refused = {
      kind: 'companion-refused',
      targetGroup: WEB,
      groupName: OWN.name,
      code: 'UnauthorizedOperation',
    } as const;
    expect(pressed(refused, 'en')[1]).toContain('`UnauthorizedOperation`');
    expect(pressed(refused, 'ja')[0]).toContain('を作成または関連付けできませんでした');
  });

  test.each(['BalancerGone', 'KeptByController', 'KeptByCode', 'TakesNoGroups', 'TooManyGroups', 'NameTaken'] as const)(
    'Given %s, then it is said why in both languages',
    (because) => {
      const outcome = {
        kind: 'moved',
        targetGroup: WEB,
        moved: [{ name: 'web-alb', because }],
        offer: undefined,
      } as const;
      const [english, japanese] = [pressed(outcome, 'en')[1], pressed(outcome, 'ja')[1]];
      for (const blocks of [english, japanese]) expect(blocks).not.toContain('undefined');
      expect(english).toContain('• web-alb: ');
    },
  );
});
