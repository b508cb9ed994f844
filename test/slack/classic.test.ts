import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../domain/finding.ts';
import type { Report, TargetsNotInService } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { Language } from '../../slack/catalogue/catalogue.ts';
import { renderReport } from '../../slack/render.ts';
import { IN_SERVICE, notInService, notRegistered, reportOf, WEB_3 } from './reports.ts';

const OLD_WEB = {
  name: 'old-web',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/old-web',
};
const BEHIND_CLASSIC = { ...WEB_3, port: undefined };
const REGISTERED = { kind: 'target-registered', port: undefined, count: 1 } as const;

/** The lines of a message as they are after the way through the queue, where what is undefined is gone. */
const lines = (report: Report, language: Language = 'en'): readonly string[] => {
  const message = renderReport(parseReport(JSON.stringify(report)), { language, timeZone: 'Asia/Tokyo' });
  expect(checkMessage(message)).toEqual({ kind: 'ok' });
  return message.blocks
    .flatMap((block) => {
      if (block.type === 'actions') return [];
      return block.type === 'section' ? [block.text.text] : block.elements.map(({ text }) => text);
    })
    .flatMap((text) => text.split('\n'));
};

const unwell = (finding: Finding, change: Partial<TargetsNotInService> = {}): Report =>
  reportOf(
    notInService({
      targetGroup: OLD_WEB,
      targets: [
        {
          ...BEHIND_CLASSIC,
          state: 'unhealthy',
          reason: 'Target.FailedHealthChecks',
          description: 'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
          sinceSeconds: 120,
        },
      ],
      findings: [finding],
      changes: [REGISTERED],
      ...change,
    }),
  );

const failed = (evidence: Finding['evidence']): Finding => ({
  reason: 'Target.FailedHealthChecks',
  severity: 'warning',
  evidence,
});

describe('registered with a Classic balancer', () => {
  const report: Report = {
    ...IN_SERVICE,
    body: {
      kind: 'targets-in-service',
      targetGroup: OLD_WEB,
      targets: [{ ...BEHIND_CLASSIC, healthyAfterSeconds: 23 }],
      health: { healthy: 3, total: 3 },
      changes: [REGISTERED],
      findings: [],
      recovered: false,
    },
  };

  test('names no port of the instance’s', () => {
    expect(lines(report)[2]).toBe('Changed: registered. Nothing else.');
    expect(lines(report, 'ja')[2]).toBe('変更：1台を登録。ほかは変更していません。');
  });

  test('names none of several', () => {
    const several = { ...report, body: { ...report.body, changes: [{ ...REGISTERED, count: 3 }] } } as Report;
    expect(lines(several)[2]).toBe('Changed: registered 3 targets. Nothing else.');
    expect(lines(several, 'ja')[2]).toBe('変更：3台を登録。ほかは変更していません。');
  });
});

describe('a failing check, of which a Classic balancer never says why', () => {
  test('is named as it is written, with all that it may be', () => {
    expect(lines(unwell(failed({ check: 'HTTP:9000/health' })))).toEqual([
      ':warning: *web-3 is not in service* – unhealthy for 2 min: it fails the health check HTTP:9000/health',
      'Visitors: not affected. web-1 and web-2 carry all traffic (2 of 3 healthy: 1a ×1, 1c ×1).',
      'Likely cause: web-3 fails the health check `HTTP:9000/health`: nothing answers there, or not in time, or with another code than 200 (`Target.FailedHealthChecks`). The network lets it through (security groups, ACLs, zone: all pass).',
      '*Next:* on web-3: start the application, and see what it answers to `HTTP:9000/health`.',
      'Changed: registered. Nothing else. I look again every minute, and tell you here.',
      'prod · Tokyo · Sun 22 Nov 14:02 JST · `i-0a1b2c3d4e5f67890`',
    ]);
    expect(lines(unwell(failed({ check: 'TCP:25' })), 'ja').slice(0, 4)).toEqual([
      ':warning: *web-3 はまだ稼働していません* ：2分間異常、ヘルスチェック TCP꞉25 に失敗しています',
      '利用者への影響：なし（web-1・web-2 が処理中、3台中2台が正常：1a 1台、1c 1台）',
      '推定原因：web-3 がヘルスチェック `TCP:25` に失敗しています。応答がないか、時間内に応答していません（ `Target.FailedHealthChecks` ）。ネットワーク経路は正常です（セキュリティグループ・ACL・AZ とも通過）。',
      '*次の手順：* web-3 でアプリケーションを起動し、 `TCP:25` への応答を確認してください。',
    ]);
  });

  test('reads well where the check could not be read', () => {
    const shown = lines(unwell(failed({})));
    expect(shown[0]).toBe(':warning: *web-3 is not in service* – unhealthy for 2 min: nothing answers on its port');
    expect(shown[3]).toBe('*Next:* on web-3: start the application, and see whether it listens on its port.');
    expect(shown.join('\n')).not.toContain('undefined');
  });
});

test('Given a balancer without listeners, then that is what is to be mended', () => {
  const finding = { reason: 'GroupNotUsed', severity: 'warning', evidence: { loadBalancer: 'old-web' } } as const;
  const report = unwell(finding, { network: 'blocked', health: { healthy: 0, total: 1 } });
  expect(lines(report).slice(0, 4)).toEqual([
    ':warning: *web-3 is not in service* – unhealthy for 2 min: the balancer has no listener',
    'Visitors: not affected. No requests are sent to old-web.',
    'Cause: load balancer old-web has no listener, so it gets no requests.',
    '*Next:* give old-web a listener.',
  ]);
  expect(lines(report, 'ja')[3]).toBe('*次の手順：* old-web にリスナーを追加してください。');
});

test('Given a port that no listener sends to, then the listeners’ ports are named, and no tag that means nothing there', () => {
  const finding = {
    reason: 'PortNotAllowed',
    severity: 'warning',
    evidence: { port: '8081', listenerPorts: '2525 8080' },
  } as const;
  expect(lines(notRegistered([finding])).slice(2, 4)).toEqual([
    'Cause: the tags ask for port 8081, and the listeners of web-prod send to 2525 8080.',
    '*Next:* correct the port in the instance’s tags, or give web-prod a listener that sends there.',
  ]);
  expect(lines(notRegistered([finding]), 'ja')[2]).toBe(
    '原因：タグの指定はポート8081ですが、web-prod のリスナーの転送先は 2525 8080 です。',
  );
});
