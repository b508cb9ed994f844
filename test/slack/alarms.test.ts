import { describe, expect, test } from '@jest/globals';
import type { AlarmReportBody, AlarmsChanged, AlarmsOffered, NoAlarmBecause } from '../../domain/alarms/report.ts';
import type { Severity } from '../../domain/finding.ts';
import type { Report } from '../../domain/report.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { RenderOptions } from '../../slack/render.ts';
import { renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { reportOf } from './reports.ts';

const ENGLISH: RenderOptions = { language: 'en', timeZone: 'Asia/Tokyo' };
const JAPANESE: RenderOptions = { language: 'ja', timeZone: 'Asia/Tokyo' };

const WEB = { id: 'arn:web', name: 'web-prod' };
const API = { id: 'arn:api', name: 'api-prod' };

const offered = (parts: Partial<AlarmsOffered> = {}): AlarmsOffered => ({
  kind: 'alarms-offered',
  targetGroups: [WEB, API],
  count: 2,
  deleted: 0,
  onlyReports: false,
  monthlyPrice: '0.10',
  ...parts,
});

const changed = (parts: Partial<AlarmsChanged> = {}): AlarmsChanged => ({
  kind: 'alarms-changed',
  created: [],
  createdCount: 0,
  removed: [],
  removedCount: 0,
  notMade: [],
  notMadeCount: 0,
  monthlyPrice: '0.10',
  ...parts,
});

const BODIES: Readonly<Record<string, readonly [AlarmReportBody, Severity]>> = {
  'two groups': [offered(), 'information'],
  'one group, whose alarm somebody deleted': [offered({ targetGroups: [WEB], count: 1, deleted: 1 }), 'information'],
  'many groups, some deleted': [
    offered({
      targetGroups: Array.from({ length: 20 }, (_, index) => ({ id: `arn:${index}`, name: `web-${index}` })),
      count: 42,
      deleted: 2,
    }),
    'information',
  ],
  'where we only report': [offered({ targetGroups: [WEB], count: 1, onlyReports: true }), 'information'],
  'one made': [changed({ created: [WEB], createdCount: 1 }), 'information'],
  'made, removed and not made': [
    changed({
      created: [WEB, API],
      createdCount: 2,
      removed: [{ id: 'arn:old', name: 'old-prod' }],
      removedCount: 1,
      notMade: [{ targetGroup: { id: 'arn:shop', name: 'shop' }, because: 'HasOne' }],
      notMadeCount: 1,
    }),
    'warning',
  ],
  'one removed': [changed({ removed: [WEB], removedCount: 1 }), 'information'],
  'wanted while paused': [changed({ notMade: [{ targetGroup: WEB, because: 'Paused' }], notMadeCount: 1 }), 'warning'],
  'refused by AWS': [
    changed({ notMade: [{ targetGroup: WEB, because: 'RefusedByAws', code: 'LimitExceeded' }], notMadeCount: 1 }),
    'warning',
  ],
};

const WORDS: Readonly<Record<string, { readonly en: readonly string[]; readonly ja: readonly string[] }>> = {
  'two groups': {
    en: [
      ':grey_question: *2 target groups have no alarm* on unhealthy targets',
      'web-prod, api-prod',
      'Without one nobody is told when a target that was well fails. Visitors: nothing changes for them.',
      '*Next: press “Create 2 alarms”* (US$0.10 a month each), or tag a group `usher:alarms=true`. Nothing was changed.',
    ],
    ja: [
      ':grey_question: *2件のターゲットグループに、異常なターゲットのアラームがありません*',
      'web-prod、api-prod',
      'アラームがないと、正常だったターゲットが異常になっても通知されません。利用者への影響：変わりません。',
      '*次の手順：「アラーム2件を作成」を押す* （1件月額 US$0.10）か、グループに `usher:alarms=true` を付けてください。設定は変更していません。',
    ],
  },
  'one group, whose alarm somebody deleted': {
    en: [
      ':grey_question: *1 target group has no alarm* on unhealthy targets',
      'web-prod',
      'Somebody deleted Usher’s. Without one nobody is told when a target that was well fails. Visitors: nothing changes for them.',
      '*Next: press “Create the alarm”* (US$0.10 a month), or tag a group `usher:alarms=true`. Nothing was changed.',
    ],
    ja: [
      ':grey_question: *1件のターゲットグループに、異常なターゲットのアラームがありません*',
      'web-prod',
      'Usher のアラームが削除されました。アラームがないと、正常だったターゲットが異常になっても通知されません。利用者への影響：変わりません。',
      '*次の手順：「アラームを作成」を押す* （月額 US$0.10）か、グループに `usher:alarms=true` を付けてください。設定は変更していません。',
    ],
  },
  'many groups, some deleted': {
    en: [
      ':grey_question: *42 target groups have no alarm* on unhealthy targets',
      'web-0, web-1, web-2, web-3, web-4 and 37 more',
      'Of 2 somebody deleted Usher’s. Without one nobody is told when a target that was well fails. Visitors: nothing changes for them.',
      '*Next: press “Create 42 alarms”* (US$0.10 a month each), or tag a group `usher:alarms=true`. Nothing was changed.',
    ],
    ja: [
      ':grey_question: *42件のターゲットグループに、異常なターゲットのアラームがありません*',
      'web-0、web-1、web-2、web-3、web-4 ほか37件',
      'うち2件は、Usher のアラームが削除されました。アラームがないと、正常だったターゲットが異常になっても通知されません。利用者への影響：変わりません。',
      '*次の手順：「アラーム42件を作成」を押す* （1件月額 US$0.10）か、グループに `usher:alarms=true` を付けてください。設定は変更していません。',
    ],
  },
  'where we only report': {
    en: [
      ':grey_question: *1 target group has no alarm* on unhealthy targets',
      'web-prod',
      'Without one nobody is told when a target that was well fails. Visitors: nothing changes for them.',
      '*Next:* make one in CloudWatch on `UnHealthyHostCount` (US$0.10 a month); the policy here is report-only. Nothing was changed.',
    ],
    ja: [
      ':grey_question: *1件のターゲットグループに、異常なターゲットのアラームがありません*',
      'web-prod',
      'アラームがないと、正常だったターゲットが異常になっても通知されません。利用者への影響：変わりません。',
      '*次の手順：* CloudWatch で `UnHealthyHostCount` のアラームを作成してください（月額 US$0.10）。ポリシーが report-only のため、設定は変更していません。',
    ],
  },
  'one made': {
    en: [
      ':white_check_mark: *1 alarm created* for unhealthy targets of web-prod',
      'Created for web-prod: US$0.10 a month. When it rings, I say why here.',
      'Visitors: nothing changes. Nothing to do.',
    ],
    ja: [
      ':white_check_mark: *異常なターゲットのアラームを1件作成しました* （web-prod）',
      '作成：web-prod（月額 US$0.10）。発生したときは、原因をここでお知らせします。',
      '利用者への影響：変わりません。対応は不要です。',
    ],
  },
  'made, removed and not made': {
    en: [
      ':warning: *2 alarms created* for unhealthy targets',
      'Created for web-prod, api-prod: US$0.10 a month each. When it rings, I say why here.',
      'Removed: old-prod, which is gone.',
      'Not created: shop (it has one already).',
      'Visitors: nothing changes. Nothing to do.',
    ],
    ja: [
      ':warning: *異常なターゲットのアラームを2件作成しました*',
      '作成：web-prod、api-prod（1件月額 US$0.10）。発生したときは、原因をここでお知らせします。',
      '削除：old-prod（ターゲットグループが削除されたため）。',
      '未作成：shop（作成済み）。',
      '利用者への影響：変わりません。対応は不要です。',
    ],
  },
  'one removed': {
    en: [
      ':white_check_mark: *1 alarm removed* – web-prod is gone',
      'Removed: web-prod, which is gone.',
      'Visitors: nothing changes. Nothing to do.',
    ],
    ja: [
      ':white_check_mark: *異常なターゲットのアラームを1件削除しました* （web-prod）',
      '削除：web-prod（ターゲットグループが削除されたため）。',
      '利用者への影響：変わりません。対応は不要です。',
    ],
  },
  'wanted while paused': {
    en: [
      ':warning: *1 alarm not created* for unhealthy targets of web-prod',
      'Not created: web-prod (everything is paused).',
      '*Next:* say `/usher resume`, then tag the group `usher:alarms=true`. Visitors: nothing changes.',
    ],
    ja: [
      ':warning: *異常なターゲットのアラーム1件を作成していません* （web-prod）',
      '未作成：web-prod（一時停止中）。',
      '*次の手順：* `/usher resume` で再開してから、グループに `usher:alarms=true` を付けてください。利用者への影響：変わりません。',
    ],
  },
  'refused by AWS': {
    en: [
      ':warning: *1 alarm not created* for unhealthy targets of web-prod',
      'Not created: web-prod (AWS refused it: `LimitExceeded`).',
      '*Next:* let Usher’s role make alarms, or raise the quota of alarms; then tag the group `usher:alarms=true`. Visitors: nothing changes.',
    ],
    ja: [
      ':warning: *異常なターゲットのアラーム1件を作成していません* （web-prod）',
      '未作成：web-prod（AWS が拒否： `LimitExceeded` ）。',
      '*次の手順：* Usher のロールにアラームの作成を許可するか、アラームのクォータを引き上げてから、グループに `usher:alarms=true` を付けてください。利用者への影響：変わりません。',
    ],
  },
};

const report = ([body, severity]: readonly [AlarmReportBody, Severity]): Report => reportOf(body, severity);

const linesOf = (said: Report, options: RenderOptions): readonly string[] =>
  renderReport(said, options).blocks.flatMap((block) => (block.type === 'section' ? block.text.text.split('\n') : []));

describe('every report about alarms', () => {
  test.each(Object.entries(BODIES))('%s is said in English and Japanese', (name, said) => {
    expect({ en: linesOf(report(said), ENGLISH), ja: linesOf(report(said), JAPANESE) }).toEqual(WORDS[name]);
  });

  test.each(Object.entries(BODIES))('%s comes through the queue as it was', (_, said) => {
    expect(parseReport(JSON.stringify(report(said)))).toEqual(report(said));
  });

  test.each(Object.entries(BODIES))('%s is a message that Slack takes, and calls nobody', (_, said) => {
    for (const options of [ENGLISH, JAPANESE]) {
      const message = renderReport(report(said), { ...options, mentions: [{ kind: 'user', id: 'U1' }] });
      expect(checkMessage(JSON.parse(JSON.stringify(message)))).toEqual({ kind: 'ok' });
      expect(JSON.stringify(message)).not.toContain('U1');
    }
  });
});

/** A reason without words of its own does not compile; here each is seen to be said. */
const REASONS: Readonly<Record<NoAlarmBecause, readonly [english: string, japanese: string]>> = {
  Paused: ['everything is paused', '一時停止中'],
  OutsideVpcs: ['it is in a VPC that isn’t Usher’s', '対象外の VPC'],
  OtherStage: ['it belongs to another stage', '別のステージのグループ'],
  Ignored: ['it is tagged to be ignored', '対象外のタグあり'],
  ReportOnly: ['its policy is report-only', 'ポリシーが report-only'],
  GroupGone: ['it is gone', '削除済み'],
  Unused: ['no listener sends to it', '使用しているリスナーなし'],
  NotCounted: ['CloudWatch doesn’t count its targets', 'CloudWatch の集計対象外'],
  NoSeriesYet: ['CloudWatch has no data of it yet', 'CloudWatch にデータなし'],
  HasOne: ['it has one already', '作成済み'],
  RefusedByAws: ['AWS refused it', 'AWS が拒否'],
};

test.each(Object.entries(REASONS) as readonly (readonly [NoAlarmBecause, readonly [string, string]])[])(
  'Given no alarm was made because of %s, then that is said',
  (because, [english, japanese]) => {
    const said = report([changed({ notMade: [{ targetGroup: WEB, because }], notMadeCount: 1 }), 'warning']);
    expect(linesOf(said, ENGLISH)).toContain(`Not created: web-prod (${english}).`);
    expect(linesOf(said, JAPANESE)).toContain(`未作成：web-prod（${japanese}）。`);
    expect(parseReport(JSON.stringify(said))).toEqual(said);
  },
);

test('Given names that would ping or format, then they do neither', () => {
  const hostile = { id: 'x', name: '<!channel> *bold* `x`\n' };
  const bodies: readonly AlarmReportBody[] = [
    offered({ targetGroups: [hostile], count: 3, monthlyPrice: hostile.name }),
    changed({
      created: [hostile],
      createdCount: 1,
      removed: [hostile],
      removedCount: 1,
      notMade: [{ targetGroup: hostile, because: 'RefusedByAws', code: hostile.name }],
      notMadeCount: 9,
      monthlyPrice: hostile.name,
    }),
  ];
  for (const body of bodies)
    for (const options of [ENGLISH, JAPANESE]) {
      const message = renderReport(report([body, 'warning']), options);
      expect(liveTags(JSON.stringify(message.blocks))).toEqual([]);
      expect(checkMessage(JSON.parse(JSON.stringify(message)))).toEqual({ kind: 'ok' });
    }
});

const buttonsOf = (said: Report, options: RenderOptions) =>
  renderReport(said, options).blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => [element.text.text, 'confirm' in element && element.confirm?.title.text])
      : [],
  );

test.each([
  [1, ['Create the alarm', 'Create the alarm?'], ['アラームを作成', 'アラームを作成しますか？']],
  [2, ['Create 2 alarms', 'Create the alarms?'], ['アラーム2件を作成', 'アラーム2件を作成しますか？']],
] as const)('Given %d are offered, then the button says how many, and asks before', (count, english, japanese) => {
  const offer: Report = {
    ...report([offered({ count }), 'information']),
    buttons: [{ verb: 'approve', planId: 'plan-1', object: { kind: 'alarms', count } }],
  };
  expect([buttonsOf(offer, ENGLISH), buttonsOf(offer, JAPANESE)]).toEqual([[english], [japanese]]);
  expect(parseReport(JSON.stringify(offer))).toEqual(offer);
});

test.each([
  [1, 'Making the alarm', 'アラームを1件作成しています'],
  [2, 'Making 2 alarms', 'アラームを2件作成しています'],
])('Given %d are pressed for, then the channel is told that they are being made', (count, english, japanese) => {
  const said = reportOf(
    {
      kind: 'order-answered',
      answer: { kind: 'pressed', verb: 'approve', byUserId: 'U0001', outcome: { kind: 'making-alarms', count } },
    },
    'information',
  );
  expect(linesOf(said, ENGLISH)[0]).toContain(english);
  expect(linesOf(said, JAPANESE)[0]).toContain(japanese);
  expect(parseReport(JSON.stringify(said))).toEqual(said);
});
