import { expect, test } from '@jest/globals';
import type { Report, ReportBody } from '../../domain/report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import { renderReport } from '../../slack/render.ts';
import { reportOf, WEB_3 } from './reports.ts';

const WEB = {
  name: 'web-prod',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web-prod/0a1',
};

/** Line 1 as it stands on a locked screen, and all that follows. */
const said = (report: Report, language: 'en' | 'ja') => {
  const message = renderReport(report, { language, timeZone: 'Asia/Tokyo' });
  expect(checkMessage(message)).toEqual({ kind: 'ok' });
  return [message.text, JSON.stringify(message.blocks)] as const;
};

const takenOut = (
  because: readonly Extract<ReportBody, { readonly kind: 'targets-taken-out' }>['targets'][number]['because'][],
  healthy = 2,
): Report =>
  reportOf(
    {
      kind: 'targets-taken-out',
      targetGroup: WEB,
      targets: because.map((each, index) => ({ ...WEB_3, name: `web-${index + 3}`, because: each })),
      health: { healthy, total: 2 },
    },
    'information',
  );

test('Given one that stopped, then it is said with what is left, and nothing is to be done', () => {
  const [text, blocks] = said(takenOut(['Stopped']), 'en');
  expect(text).toBe('web-3 was taken out of web-prod – stopped');
  for (const words of ['Visitors: not affected.', 'Changed: deregistered. Nothing else.', 'Nothing to do.'])
    expect(blocks).toContain(words);
  const [japanese, following] = said(takenOut(['Stopped']), 'ja');
  expect(japanese).toBe('web-3 を外しました（web-prod）：停止済み');
  for (const words of ['1台のターゲットの登録を解除しました', '対応は不要です。']) expect(following).toContain(words);
});

test('Given who is left by name and zone, then both are said', () => {
  const report = takenOut(['Stopped']);
  if (report.body.kind !== 'targets-taken-out') throw new Error('not about targets taken out');
  const health = {
    healthy: 2,
    total: 2,
    zones: [
      { name: 'ap-northeast-1a', healthy: 2 },
      { name: 'ap-northeast-1c', healthy: 0 },
    ],
    names: ['web-1', 'web-2'],
  };
  const told = { ...report, body: { ...report.body, health } };
  expect(said(told, 'en')[1]).toContain(
    'Visitors: not affected. web-1 and web-2 carry all traffic (2 of 2 healthy: 1a ×2, 1c ×0).',
  );
  expect(said(told, 'ja')[1]).toContain(
    '利用者への影響：なし（web-1・web-2 が処理中、2台中2台が正常：1a 2台、1c 0台）',
  );
});

test('Given several for several reasons, then each reason is said once', () => {
  expect(said(takenOut(['Stopped', 'ScaleIn', 'Stopped']), 'en')[0]).toBe(
    'web-3, web-4 and 1 more were taken out of web-prod – stopped, Auto Scaling is terminating it',
  );
  expect(said(takenOut(['SpotInterruption', 'NotDesired']), 'ja')[0]).toBe(
    'web-3・web-4 を外しました（web-prod）：スポットインスタンスの中断予告、タグがこのグループに一致しなくなったため',
  );
});

test('Given that nobody healthy is left, then a step is said', () => {
  expect(said(takenOut(['Terminated'], 0), 'en')[1]).toContain('start an instance that belongs there');
  expect(said(takenOut(['Terminated'], 0), 'ja')[1]).toContain('このグループに属するインスタンスを起動するか');
});

test.each([
  ['BelowFloor', 'fewer healthy targets would be left than the group must keep', '必要な数を下回ります'],
  ['TooManyRemovals', 'as many targets were taken out within the hour', '上限に達しています'],
  ['AddressHeld', 'another network interface has its address by now', '別のネットワークインターフェイス'],
  ['NotOurs', 'Usher did not put it there', 'Usher が追加したものではありません'],
  ['Paused', 'everything is paused', '一時停止'],
] as const)(
  'Given one that stays because of %s, then that is said, with the command that would do it',
  (because, english, japanese) => {
    const remedy = `aws elbv2 deregister-targets --target-group-arn ${WEB.id} --targets Id=${WEB_3.instanceId},Port=80`;
    const finding = { reason: 'Withheld', severity: 'information', evidence: { because }, remedy } as const;
    const report = reportOf({
      kind: 'targets-not-taken-out',
      targetGroup: WEB,
      targets: [{ ...WEB_3, findings: [finding] }],
    });
    const [text, blocks] = said(report, 'en');
    expect(text).toBe('web-3 was not taken out (web-prod) – Usher may not do it');
    for (const words of [english, remedy, 'Nothing was changed.']) expect(blocks).toContain(words);
    const [first, following] = said(report, 'ja');
    expect(first).toBe('web-3 を外していません（web-prod）：Usher には許可されていません');
    for (const words of [japanese, remedy]) expect(following).toContain(words);
  },
);
