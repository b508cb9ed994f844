import { describe, expect, test } from '@jest/globals';
import type { FindingReason } from '../../domain/finding.ts';
import type { Report, TargetsInService } from '../../domain/report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { sections } from '../../slack/message.ts';
import type { RenderOptions } from '../../slack/render.ts';
import { CATALOGUES, renderReport } from '../../slack/render.ts';
import {
  configuration,
  EVIDENCE,
  IN_SERVICE,
  NOT_IN_SERVICE,
  notInService,
  notRegistered,
  reportOf,
  WEB_3,
} from './reports.ts';

const ENGLISH: RenderOptions = { language: 'en', timeZone: 'Asia/Tokyo' };
const JAPANESE: RenderOptions = { language: 'ja', timeZone: 'Asia/Tokyo' };
const ONCALL: RenderOptions = {
  ...ENGLISH,
  mentions: [{ kind: 'user-group', id: 'S012AB3CD' }, { kind: 'user', id: 'U024BE7LH' }, { kind: 'here' }],
};

const textsOf = ({ blocks }: SlackMessage): readonly string[] =>
  blocks.flatMap((block) => {
    if (block.type === 'actions') return [];
    return block.type === 'section' ? [block.text.text] : block.elements.map(({ text }) => text);
  });

const linesOf = (message: SlackMessage): readonly string[] => textsOf(message).flatMap((text) => text.split('\n'));

const lines = (report: Report, options: RenderOptions = ENGLISH): readonly string[] =>
  linesOf(renderReport(report, options));

describe('message A: launched, registered, healthy', () => {
  test('in English', () => {
    const message = renderReport(IN_SERVICE, ENGLISH);
    expect(message.text).toBe('web-3 is in service (web-prod) – healthy after 23 s');
    expect(linesOf(message)).toEqual([
      ':white_check_mark: *web-3 is in service* (web-prod) – healthy after 23 s',
      'Now 3 of 3 healthy: 1a ×2, 1c ×1',
      'Changed: `sg-web` inbound tcp/80 from `sg-alb` (+1 rule), registered on port 80. Nothing else.',
      'Nothing to do.',
      'prod · Tokyo · Sun 22 Nov 14:02 JST · launched by web-asg · `i-0a1b2c3d4e5f67890`',
    ]);
    expect(message.blocks.map(({ type }) => type)).toEqual(['section', 'context']);
  });

  test('in Japanese', () => {
    const message = renderReport(IN_SERVICE, JAPANESE);
    expect(message.text).toBe('web-3 が稼働に加わりました（web-prod・23秒で正常）');
    expect(linesOf(message)).toEqual([
      ':white_check_mark: *web-3 が稼働に加わりました* （web-prod・23秒で正常）',
      '現在 3台中3台が正常：1a 2台、1c 1台',
      '変更： `sg-web` のインバウンドに `sg-alb` からの tcp/80 を1件追加、ポート80で1台を登録。ほかは変更していません。',
      '対応は不要です。',
      'prod・東京・11/22(日) 14:02 JST・起動：web-asg・ `i-0a1b2c3d4e5f67890`',
    ]);
  });

  const inService = (change: Partial<TargetsInService>): Report => {
    if (IN_SERVICE.body.kind !== 'targets-in-service') throw new Error('not message A');
    return reportOf({ ...IN_SERVICE.body, ...change }, 'information');
  };

  test('Given zones that are not known, then the line is simply shorter', () => {
    const plain = inService({ health: { healthy: 3, total: 3 } });
    expect(lines(plain)[1]).toBe('Now 3 of 3 healthy.');
    expect(lines(plain, JAPANESE)[1]).toBe('現在 3台中3台が正常です。');
  });

  test('Given a zone where nobody is healthy, and one whose name is not of its Region, then both are told as they are', () => {
    const zones = [
      { name: 'ap-northeast-1a', healthy: 2 },
      { name: 'ap-northeast-1c', healthy: 0 },
      { name: 'us-west-2-lax-1a', healthy: 1 },
    ];
    const odd = inService({ health: { healthy: 3, total: 4, zones } });
    expect(lines(odd)[1]).toBe('Now 3 of 4 healthy: 1a ×2, 1c ×0, us-west-2-lax-1a ×1');
    expect(lines(odd, JAPANESE)[1]).toBe('現在 4台中3台が正常：1a 2台、1c 0台、us-west-2-lax-1a 1台');
  });

  test('Given an AMI unlike that of all the others, then one more line says so, and there is nothing to do only if somebody meant it', () => {
    const different = inService({
      imageDiffers: { names: ['web-3'], count: 1, otherNames: ['web-1', 'web-2'], otherCount: 2 },
    });
    expect(lines(different)).toEqual([
      ':white_check_mark: *web-3 is in service* (web-prod) – healthy after 23 s',
      'Now 3 of 3 healthy: 1a ×2, 1c ×1',
      ':warning: AMI differs from web-1, web-2',
      'Changed: `sg-web` inbound tcp/80 from `sg-alb` (+1 rule), registered on port 80. Nothing else.',
      'Nothing to do if that is meant.',
      'prod · Tokyo · Sun 22 Nov 14:02 JST · launched by web-asg · `i-0a1b2c3d4e5f67890`',
    ]);
    expect(lines(different, JAPANESE)).toEqual([
      ':white_check_mark: *web-3 が稼働に加わりました* （web-prod・23秒で正常）',
      '現在 3台中3台が正常：1a 2台、1c 1台',
      ':warning: AMI が web-1・web-2 と異なります',
      '変更： `sg-web` のインバウンドに `sg-alb` からの tcp/80 を1件追加、ポート80で1台を登録。ほかは変更していません。',
      '意図したものであれば、対応は不要です。',
      'prod・東京・11/22(日) 14:02 JST・起動：web-asg・ `i-0a1b2c3d4e5f67890`',
    ]);
  });

  test.each([
    [
      'more others than are named',
      { names: ['web-3'], count: 1, otherNames: ['web-1', 'web-2'], otherCount: 5 },
      ':warning: AMI differs from web-1, web-2 and 3 more',
      ':warning: AMI が web-1・web-2 ほか3台 と異なります',
    ],
    [
      'others that share a name',
      { names: ['web-3'], count: 1, otherNames: [], otherCount: 5 },
      ':warning: AMI differs from the other 5 targets',
      ':warning: AMI が ほかの5台 と異なります',
    ],
    [
      'one other that has none',
      { names: ['web-3'], count: 1, otherNames: [], otherCount: 1 },
      ':warning: AMI differs from the other target',
      ':warning: AMI が ほかの1台 と異なります',
    ],
  ])('Given %s, then they are named as far as names tell', (_, imageDiffers, english, japanese) => {
    expect(lines(inService({ imageDiffers }))[2]).toBe(english);
    expect(lines(inService({ imageDiffers }), JAPANESE)[2]).toBe(japanese);
  });

  test('Given a note besides, then both share a line', () => {
    const both = inService({
      imageDiffers: { names: ['web-3'], count: 1, otherNames: ['web-1', 'web-2'], otherCount: 2 },
      findings: [{ reason: 'BalancerGroupShared', severity: 'information', evidence: EVIDENCE.BalancerGroupShared }],
    });
    expect(lines(both)).toHaveLength(6);
    expect(lines(both)[2]).toMatch(/^:warning: AMI differs from web-1, web-2\. .+\.$/);
    expect(lines(both, JAPANESE)[2]).toMatch(/^:warning: AMI が web-1・web-2 と異なります。.+。$/);
  });

  test('Given two targets of which one has another AMI, then that one is named', () => {
    const both = inService({
      targets: [
        { ...WEB_3, healthyAfterSeconds: 23 },
        { ...WEB_3, name: 'web-4', instanceId: 'i-0b1b2c3d4e5f67890', healthyAfterSeconds: 23 },
      ],
      imageDiffers: { names: ['web-4'], count: 1, otherNames: ['web-1', 'web-2'], otherCount: 2 },
    });
    expect(lines(both)[2]).toBe(':warning: AMI of web-4 differs from web-1, web-2');
    expect(lines(both, JAPANESE)[2]).toBe(':warning: web-4 の AMI が web-1・web-2 と異なります');
  });

  test('Given an earlier word that it was not in service, then it is in service now', () => {
    const recovered = reportOf({ ...IN_SERVICE.body, recovered: true } as typeof IN_SERVICE.body);
    expect(lines(recovered)[0]).toBe(':white_check_mark: *web-3 is now in service* (web-prod) – healthy after 23 s');
    expect(lines(recovered, JAPANESE)[0]).toContain('web-3 が復旧し、稼働に加わりました');
  });

  test('Given no change of ours, then it says that nothing was changed', () => {
    const unchanged = reportOf({ ...IN_SERVICE.body, changes: [] } as typeof IN_SERVICE.body);
    expect(lines(unchanged)).toContain('Nothing was changed.');
    expect(lines(unchanged, JAPANESE)).toContain('設定は変更していません。');
  });

  test('Given 40 targets, then two are named, the others are counted, and line 1 still fits', () => {
    const body = IN_SERVICE.body;
    if (body.kind !== 'targets-in-service') throw new Error('not message A');
    const targets = Array.from({ length: 40 }, (_, index) => ({
      ...WEB_3,
      name: `web-${index + 1}`,
      instanceId: `i-${String(index).padStart(17, '0')}`,
      healthyAfterSeconds: 20 + index,
    }));
    const many = reportOf({ ...body, targets, health: { healthy: 40, total: 40 } });
    expect(renderReport(many, ENGLISH).text).toBe(
      'web-1, web-2 and 38 more are in service (web-prod) – healthy within 59 s',
    );
    expect(renderReport(many, JAPANESE).text).toBe(
      'web-1・web-2 ほか38台 が稼働に加わりました（web-prod・59秒以内で正常）',
    );
    expect(lines(many).at(-1)).toMatch(/· … and 35 more$/);
    expect(lines(many, JAPANESE).at(-1)).toMatch(/・…ほか35件$/);
  });
});

describe('message B: registered and unhealthy, with the cause', () => {
  test('in English', () => {
    const message = renderReport(NOT_IN_SERVICE, ENGLISH);
    expect(message.text).toBe('web-3 is not in service – unhealthy for 2 min: nothing answers on port 80');
    expect(linesOf(message)).toEqual([
      ':warning: *web-3 is not in service* – unhealthy for 2 min: nothing answers on port 80',
      'Visitors: not affected. web-1 and web-2 carry all traffic (2 of 3 healthy: 1a ×1, 1c ×1).',
      'Likely cause: the application isn’t running on web-3, or doesn’t listen on port 80 (`Target.FailedHealthChecks`). The network lets it through (security groups, ACLs, zone: all pass).',
      "*Next:* on web-3: start the application, and see whether it listens on port 80: `sudo ss -ltnp 'sport = :80'`",
      'Changed: registered on port 80, `sg-web` inbound tcp/80 from `sg-alb` (+1 rule). Nothing else. I look again every minute, and tell you here.',
      'prod · Tokyo · Sun 22 Nov 14:02 JST · `i-0a1b2c3d4e5f67890`',
    ]);
  });

  test('in Japanese', () => {
    const message = renderReport(NOT_IN_SERVICE, JAPANESE);
    expect(message.text).toBe('web-3 はまだ稼働していません：2分間異常、ポート80が応答しません');
    expect(linesOf(message)).toEqual([
      ':warning: *web-3 はまだ稼働していません* ：2分間異常、ポート80が応答しません',
      '利用者への影響：なし（web-1・web-2 が処理中、3台中2台が正常：1a 1台、1c 1台）',
      '推定原因：web-3 でアプリケーションが起動していないか、ポート80で待ち受けていません（ `Target.FailedHealthChecks` ）。ネットワーク経路は正常です（セキュリティグループ・ACL・AZ とも通過）。',
      "*次の手順：* web-3 でアプリケーションを起動し、ポート80で待ち受けているか確認してください： `sudo ss -ltnp 'sport = :80'`",
      '変更：ポート80で1台を登録、 `sg-web` のインバウンドに `sg-alb` からの tcp/80 を1件追加。ほかは変更していません。1分ごとに確認し、ここでお知らせします。',
      'prod・東京・11/22(日) 14:02 JST・ `i-0a1b2c3d4e5f67890`',
    ]);
  });

  test.each([
    [
      'neither names nor zones',
      { healthy: 2, total: 3 },
      '2 healthy targets of 3 carry all traffic.',
      '3台中、正常な2台が処理中',
    ],
    ['one left', { healthy: 1, total: 3 }, '1 healthy target of 3 carries all traffic.', '3台中、正常な1台が処理中'],
    [
      'one left that is named',
      { healthy: 1, total: 2, names: ['web-1'] },
      'web-1 carries all traffic (1 of 2 healthy).',
      'web-1 が処理中、2台中1台が正常',
    ],
    [
      'zones without names',
      { healthy: 2, total: 3, zones: [{ name: 'ap-northeast-1a', healthy: 2 }] },
      '2 healthy targets of 3 carry all traffic (1a ×2).',
      '3台中、正常な2台が処理中：1a 2台',
    ],
    [
      'more than are named',
      { healthy: 5, total: 6, names: ['web-1', 'web-2'] },
      'web-1, web-2 and 3 more carry all traffic (5 of 6 healthy).',
      'web-1・web-2 ほか3台 が処理中、6台中5台が正常',
    ],
  ])('Given %s, then who carries the traffic is said as far as it is known', (_, health, english, japanese) => {
    const report = reportOf(notInService({ health }));
    expect(lines(report)[1]).toBe(`Visitors: not affected. ${english}`);
    expect(lines(report, JAPANESE)[1]).toBe(`利用者への影響：なし（${japanese}）`);
  });

  test('Given that Auto Scaling launched it, then the grey line says so', () => {
    const scaled = reportOf(notInService({ launchedBy: 'web-asg' }));
    expect(lines(scaled).at(-1)).toContain(' JST · launched by web-asg · ');
    expect(lines(scaled, JAPANESE).at(-1)).toContain(' JST・起動：web-asg・');
  });

  test('Given a blocked network, then the cause is sure and its remedy is a command to copy', () => {
    const remedy =
      "aws ec2 authorize-security-group-ingress --group-id sg-0aa --ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,UserIdGroupPairs=[{GroupId=sg-0ee}]' --region ap-northeast-1";
    const findings = [
      { reason: 'IngressMissing', severity: 'warning', evidence: EVIDENCE.IngressMissing, remedy },
      { reason: 'Target.Timeout', severity: 'warning', evidence: {} },
    ] as const;
    const blocked = reportOf(notInService({ network: 'blocked', findings }));
    const [headline, , cause, next] = lines(blocked);
    expect(headline).toBe(
      ':warning: *web-3 is not in service* – unhealthy for 2 min: its security group doesn’t admit the balancer',
    );
    expect(cause).toBe(
      'Cause: `sg-web` doesn’t admit `sg-alb` on tcp/8080 (load balancer: web-alb). Also: no answer in time on port 80.',
    );
    expect(next).toBe(`*Next:* add an inbound rule to \`sg-web\`, tcp/8080 from \`sg-alb\`: \`${remedy}\``);
  });

  test('Given a network that could not be judged, then it says that it does not know', () => {
    const unknown = reportOf(notInService({ network: 'unknown' }));
    expect(lines(unknown)[2]).toContain('Whether the network lets it through is not known.');
    expect(lines(unknown, JAPANESE)[2]).toContain('ネットワーク経路が通るかどうかは不明です。');
  });

  test('Given a network that passes and no finding, then the balancer’s own reason code points to the application', () => {
    const target = {
      ...WEB_3,
      state: 'unhealthy',
      reason: 'Target.ResponseCodeMismatch',
      description: 'Health checks failed with these codes: [502]',
      sinceSeconds: 600,
    } as const;
    const bare = lines(reportOf(notInService({ findings: [], targets: [target] })));
    expect(bare[2]).toBe(
      'Cause: the application on web-3 answers the health check with a code that the group doesn’t accept (AWS: “Health checks failed with these codes: [502]”) (`Target.ResponseCodeMismatch`). The network lets it through (security groups, ACLs, zone: all pass).',
    );
  });

  test('Given a reason code that nobody knew when this was written, then it is shown as it is', () => {
    const target = {
      ...WEB_3,
      state: 'unhealthy',
      reason: 'Target.Moody',
      description: undefined,
      sinceSeconds: 5,
    } as const;
    expect(lines(reportOf(notInService({ findings: [], targets: [target] })))[2]).toContain('`Target.Moody`');
  });

  test.each([
    [
      'refuses',
      'Visitors: affected. No target of web-prod is healthy, so the balancer refuses them.',
      '利用者への影響：あり。web-prod に正常なターゲットがなく、ロードバランサーは接続を受け付けません。',
    ],
    [
      'drops',
      'Visitors: affected if their traffic goes this way. No appliance of web-prod is healthy, so what the balancer sends to one of them is dropped.',
      '利用者への影響：ここを通る通信に影響します。web-prod に正常なアプライアンスがなく、送られたトラフィックは破棄されます。',
    ],
  ] as const)(
    'Given nobody healthy behind a balancer that %s, then fail-open is not spoken of',
    (withoutHealthy, english, japanese) => {
      const down = notInService({ health: { healthy: 0, total: 3 }, withoutHealthy });
      expect(lines(reportOf(down))[1]).toBe(english);
      expect(lines(reportOf(down), JAPANESE)[1]).toBe(japanese);
    },
  );

  describe('healthy by its check, and without its traffic', () => {
    const unreached = notInService({
      targets: [{ ...WEB_3, state: 'healthy', reason: undefined, description: undefined, sinceSeconds: 20 }],
      network: 'blocked',
      findings: [
        {
          reason: 'ClientCidrsMissing',
          severity: 'warning',
          evidence: {
            hop: 'target-ingress',
            securityGroup: 'sg-0aa11bb22cc33dd44',
            securityGroupName: 'sg-web',
            protocol: 'tcp',
            port: '80',
            target: '10.0.1.5',
            loadBalancer: 'web-nlb',
            targetGroup: 'web-prod',
            tag: 'usher:client-cidrs',
          },
        },
      ],
      looksAgainEverySeconds: 300,
    });

    test('in English', () => {
      expect(lines(reportOf(unreached))).toEqual([
        ':warning: *web-3 is healthy, but visitors can’t reach it* – nobody said who its clients are',
        'Visitors: what is sent to web-3 gets lost. Health checks pass, so the balancer goes on sending.',
        'Cause: targets of web-prod behind web-nlb see their clients’ own addresses, and the group has no `usher:client-cidrs` to say which, so no rule is written for them in `sg-web` (tcp/80).',
        '*Next:* tag web-prod with `usher:client-cidrs`: the clients’ CIDR blocks, spaces between (`203.0.113.0/24 2001:db8::/32`).',
        'Changed: registered on port 80, `sg-web` inbound tcp/80 from `sg-alb` (+1 rule). Nothing else. I look again every 5 min, and tell you here.',
        'prod · Tokyo · Sun 22 Nov 14:02 JST · `i-0a1b2c3d4e5f67890` · `sg-0aa11bb22cc33dd44` · `10.0.1.5`',
      ]);
    });

    test('in Japanese', () => {
      expect(lines(reportOf(unreached), JAPANESE).slice(0, 4)).toEqual([
        ':warning: *web-3 は正常ですが、利用者からの通信が届きません* ：クライアントの範囲が指定されていません',
        '利用者への影響：あり。ヘルスチェックは正常なため web-3 にも振り分けられますが、通信が届きません。',
        '原因：web-prod（web-nlb）のターゲットにはクライアントの IP アドレスのまま届きますが、グループに `usher:client-cidrs` がなく範囲が分からないため、 `sg-web` に tcp/80 のルールを追加していません。',
        '*次の手順：* web-prod に `usher:client-cidrs` を付け、クライアントの CIDR を空白区切りで指定してください（例： `203.0.113.0/24 2001:db8::/32` ）。',
      ]);
    });

    test('Given that others serve as well, then nobody is called; given that nobody does, then somebody may be', () => {
      const alone = { ...unreached, health: { healthy: 1, total: 1 } };
      expect(lines(reportOf(unreached, 'critical'), ONCALL)[0]).not.toContain('<!subteam');
      expect(lines(reportOf(alone, 'critical'), ONCALL)[0]).toContain('<!subteam^S012AB3CD>');
    });
  });

  test('Given nobody healthy, then visitors are likely hurt, and fail-open is said in words', () => {
    const down = notInService({ health: { healthy: 0, total: 3 } });
    expect(lines(reportOf(down, 'critical'), ONCALL)[0]).toBe(
      ':rotating_light: *web-3 is not in service* – unhealthy for 2 min: nothing answers on port 80 <!subteam^S012AB3CD> <@U024BE7LH> <!here>',
    );
    expect(lines(reportOf(down))[1]).toBe(
      'Visitors: likely affected. No target of web-prod is healthy, so the balancer tries all of them, healthy or not (fail-open).',
    );
    expect(lines(reportOf(down), JAPANESE)[1]).toContain('フェイルオープン');
  });

  test.each([
    ['somebody is healthy', reportOf(notInService(), 'critical')],
    ['it is only a warning', reportOf(notInService({ health: { healthy: 0, total: 3 } }), 'warning')],
    [
      'the group is used by nobody',
      reportOf(
        notInService({
          health: { healthy: 0, total: 1 },
          network: 'blocked',
          findings: [{ reason: 'GroupNotUsed', severity: 'warning', evidence: {} }],
        }),
        'critical',
      ),
    ],
    ['all is well', { ...IN_SERVICE, severity: 'critical' as const }],
  ])('Given that %s, then nobody is called', (_, report) => {
    expect(textsOf(renderReport(report, ONCALL)).join('\n')).not.toMatch(/<[!@]/);
  });

  test('Given a group with no registered target or no listener, then visitors are told apart', () => {
    const empty = notInService({ health: { healthy: 0, total: 0 } });
    expect(lines(reportOf(empty))[1]).toBe('Visitors: affected if they come here. web-prod has no registered target.');
    const unused = notInService({
      health: { healthy: 0, total: 1 },
      findings: [{ reason: 'GroupNotUsed', severity: 'warning', evidence: {} }],
    });
    expect(lines(reportOf(unused))[1]).toBe('Visitors: not affected. No requests are sent to web-prod.');
  });

  test('Given the last look, then it says so instead of promising another', () => {
    expect(lines(reportOf(notInService({ looksAgainEverySeconds: undefined })))[4]).toContain('This was my last look');
    expect(lines(reportOf(notInService({ looksAgainEverySeconds: undefined })), JAPANESE)[4]).toContain(
      '個別の確認はこれで最後です',
    );
  });
});

describe('what could not be registered, and what tags got wrong', () => {
  test('Given the wrong VPC, then the message names both and says that nothing changed', () => {
    expect(lines(notRegistered([{ reason: 'WrongVpc', severity: 'warning', evidence: EVIDENCE.WrongVpc }]))).toEqual([
      ':warning: *web-3 is not registered* (web-prod) – it is in another VPC',
      'Visitors: nothing changes for them. Nothing was changed.',
      'Cause: the instance is in `vpc-0123456789abcdef0`, the group in `vpc-0fedcba9876543210`.',
      '*Next:* launch it in the group’s VPC, or take away the tag that puts it into web-prod.',
      'prod · Tokyo · Sun 22 Nov 14:02 JST · `i-0a1b2c3d4e5f67890`',
    ]);
  });

  test('Given four different findings about one group, then two are told and two are counted, in five lines', () => {
    const four = (['SelectorMalformed', 'TagMalformed', 'PortNotAllowed', 'LeftToItsOwner'] as const).map((reason) => ({
      reason,
      severity: 'warning' as const,
      evidence: EVIDENCE[reason],
    }));
    const shown = lines(configuration(four));
    expect(shown).toHaveLength(6);
    expect(shown[0]).toBe(':warning: *Check the settings of web-prod* – usher꞉selector꞉2 can’t be read, and 3 more');
    expect(shown[2]).toBe(
      '• web-prod: `usher:selector:2` holds `Role==web`, which is no selector; no instance matches it.',
    );
    expect(shown[3]).toMatch(/^• web-prod: `usher:ports` holds `80-oops`, which it can’t\. … and 2 more$/);
    expect(lines(configuration(four), JAPANESE)[3]).toMatch(/…ほか2件$/);
  });

  test('Given information only, then the sign is not an alarm', () => {
    const [headline] = lines(
      notRegistered(
        [{ reason: 'LeftToItsOwner', severity: 'information', evidence: EVIDENCE.LeftToItsOwner }],
        'information',
      ),
    );
    expect(headline).toMatch(/^:information_source: /);
  });
});

const REASONS = Object.keys(EVIDENCE) as FindingReason[];
/** Said in words of the language instead of AWS's or the engine's code. */
const TRANSLATED = new Set([
  'hop',
  'because',
  'direction',
  // Who a finding is about is told by names and how many more there are.
  'count',
  'of',
  'check',
  'deploy',
  'seconds',
  'slowStartSeconds',
  'subject',
  'what',
  // An ARN is told by the name in it.
  'id',
]);

/** Places on a screen: a Japanese letter takes two. */
const columnsOf = (text: string): number =>
  Array.from(text).reduce((sum, letter) => sum + (letter > '\u2fff' ? 2 : 1), 0);

describe.each(REASONS)('the reason %s', (reason) => {
  const finding = { reason, severity: 'warning', evidence: EVIDENCE[reason] } as const;
  const reports = [
    reportOf(notInService({ network: 'blocked', findings: [finding] })),
    notRegistered([finding]),
    configuration([finding]),
  ];

  test.each(['en', 'ja'] as const)('renders in %s with all its evidence, within the limits', (language) => {
    for (const report of reports) {
      const message = renderReport(report, { language, timeZone: 'Asia/Tokyo' });
      const all = textsOf(message).join('\n');
      // Evidence `target` is the address of the target that the message calls by its name.
      const missing = Object.entries(EVIDENCE[reason]).filter(
        ([key, value]) => !TRANSLATED.has(key) && key !== 'target' && !all.includes(value),
      );
      expect(missing).toEqual([]);
      expect(checkMessage(message)).toEqual({ kind: 'ok' });
      expect(linesOf(message).length).toBeLessThanOrEqual(6);
      expect(all).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test.each(['en', 'ja'] as const)('has words in %s without any evidence', (language) => {
    const words = CATALOGUES[language].findings[reason];
    for (const phrase of [words.short({}), words.cause({}), words.next({})]) expect(phrase.length).toBeGreaterThan(0);
    expect(
      checkMessage(renderReport(notRegistered([{ ...finding, evidence: {} }]), { language, timeZone: 'UTC' })),
    ).toEqual({ kind: 'ok' });
  });

  test('fits into line 1 on a lock screen', () => {
    const report = reportOf(notInService({ network: 'blocked', findings: [finding] }));
    expect(columnsOf(renderReport(report, ENGLISH).text)).toBeLessThanOrEqual(95);
    expect(columnsOf(renderReport(report, JAPANESE).text)).toBeLessThanOrEqual(95);
  });
});

test('A command that would have to be changed or cut is not shown at all', () => {
  for (const remedy of ['echo `id`', 'aws ec2 x\nrm -rf /', `aws ${'x'.repeat(1_001)}`, 'aws \u202Eecho']) {
    const report = notRegistered([{ reason: 'WrongVpc', severity: 'warning', evidence: {}, remedy }]);
    expect(lines(report)[3]).toBe(
      '*Next:* launch it in the group’s VPC, or take away the tag that puts it into web-prod.',
    );
  }
});

test.each([
  ['Asia/Tokyo', 'Sun 22 Nov 14:02 JST', '11/22(日) 14:02 JST'],
  ['UTC', 'Sun 22 Nov 05:02 UTC', '11/22(日) 05:02 UTC'],
  ['America/New_York', 'Sun 22 Nov 00:02 EST', '11/22(日) 00:02 EST'],
  ['Europe/Berlin', 'Sun 22 Nov 06:02 CET', '11/22(日) 06:02 CET'],
  ['America/Los_Angeles', 'Sat 21 Nov 21:02 PST', '11/21(土) 21:02 PST'],
  ['Asia/Seoul', 'Sun 22 Nov 14:02 GMT+9', '11/22(日) 14:02 GMT+9'],
])('The time is that of the stage’s zone: %s', (timeZone, english, japanese) => {
  expect(lines(IN_SERVICE, { language: 'en', timeZone }).at(-1)).toContain(english);
  expect(lines(IN_SERVICE, { language: 'ja', timeZone }).at(-1)).toContain(japanese);
});

test('Given an account label and a region without a name, then both are in the grey line', () => {
  const report = { ...IN_SERVICE, region: 'xx-north-9' };
  expect(lines(report, { ...ENGLISH, accountLabel: 'Shop' }).at(-1)).toBe(
    'prod · Shop · xx-north-9 · Sun 22 Nov 14:02 JST · launched by web-asg · `i-0a1b2c3d4e5f67890`',
  );
});

test.each([
  [
    'ReportOnly',
    'Cause: Usher may not do it here: the policy here is report-only.',
    '原因：Usher はここでは変更できません（ポリシーが report-only（報告のみ）です）。',
  ],
  [
    'NewerThanThis',
    'Cause: Usher may not do it here: `NewerThanThis`.',
    '原因：Usher はここでは変更できません（ `NewerThanThis` ）。',
  ],
])('Why Usher may not is said in words where there are some: %s', (because, english, japanese) => {
  const report = notRegistered([{ reason: 'Withheld', severity: 'warning', evidence: { because } }]);
  expect(lines(report)[2]).toBe(english);
  expect(lines(report, JAPANESE)[2]).toBe(japanese);
});

test('Lines that are too long for one section go into the next, whole and in order', () => {
  const long = ['a'.repeat(1_500), 'b'.repeat(1_499), 'c', 'd'.repeat(2_999)];
  expect(sections(long).map(({ text }) => text.text)).toEqual([`${long[0]}\n${long[1]}`, 'c', long[3]]);
  expect(sections(['x', 'y']).map(({ text }) => text.text)).toEqual(['x\ny']);
});

test.each([
  [ENGLISH, 'Visitors: affected if they come here. The balancer sends nothing to any target of web-prod.'],
  [
    JAPANESE,
    '利用者への影響：ここへのアクセスがあれば影響します。ロードバランサーは web-prod のどのターゲットにも振り分けません。',
  ],
])(
  'Given a group whose only target is unused, when it is told, then nobody says that the balancer tries it all the same',
  (options, visitors) => {
    const unused = {
      ...WEB_3,
      state: 'unused',
      reason: 'Target.NotInUse',
      description: undefined,
      sinceSeconds: 12,
    } as const;
    const report = reportOf(notInService({ targets: [unused], health: { healthy: 0, total: 1 } }));
    expect(lines(report, options)).toContain(visitors);
  },
);
