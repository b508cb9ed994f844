import { describe, expect, test } from '@jest/globals';
import type { Report, ReportBody } from '../../domain/report.ts';
import type { SweepEnded, WeeklyStatus } from '../../domain/sweep/report.ts';
import { NOTHING_SWEPT } from '../../domain/sweep/tally.ts';
import { parseReport } from '../../functions/post-to-slack/parse-report.ts';
import { checkMessage } from '../../local/slack/check-message.ts';
import type { RenderOptions } from '../../slack/render.ts';
import { renderReport } from '../../slack/render.ts';
import { liveTags } from '../support/live-tags.ts';
import { reportOf } from './reports.ts';

const ENGLISH: RenderOptions = { language: 'en', timeZone: 'Asia/Tokyo' };
const JAPANESE: RenderOptions = { language: 'ja', timeZone: 'Asia/Tokyo' };

const ended = (parts: Partial<SweepEnded>): SweepEnded => ({
  kind: 'sweep-ended',
  mode: 'applied',
  caution: undefined,
  ...NOTHING_SWEPT,
  instances: 42,
  targetGroups: 3,
  ...parts,
});

const status = (parts: Partial<WeeklyStatus>): WeeklyStatus => ({
  kind: 'weekly-status',
  instances: 42,
  targetGroups: 3,
  pausedSince: undefined,
  leftAlone: [],
  unneededRules: 0,
  unusedGroups: [],
  nextEnds: [],
  limits: [],
  ...parts,
});

const WEB = { id: 'arn:web', name: 'web-prod' };

const BODIES: Readonly<Record<string, SweepEnded | WeeklyStatus>> = {
  repaired: ended({
    registered: [{ targetGroup: WEB, names: ['web-1', 'web-2', 'web-3'], count: 5 }],
    takenOut: [{ targetGroup: WEB, names: ['web-9'], count: 1 }],
    rulesAdded: 1,
    rulesRemoved: [{ ruleId: 'sgr-0a1b2c3d', securityGroup: { id: 'sg-1', name: 'sg-web' } }],
    missedEvents: 2,
    leftAlone: [{ because: 'Held', names: ['web-4'], count: 1 }],
  }),
  proposed: ended({
    mode: 'looked',
    caution: 'Install',
    registered: [{ targetGroup: WEB, names: ['web-1'], count: 1 }],
    rulesAdded: 2,
  }),
  failed: ended({
    notLookedAt: { targetGroups: 2, call: 'EC2 DescribeInstances', code: 'UnauthorizedOperation' },
  }),
  full: ended({ limits: [{ kind: 'rules-ipv4', of: { id: 'sg-1', name: 'sg-web' }, used: 55, limit: 60 }] }),
  nothing: ended({}),
  paused: ended({ mode: 'looked', caution: 'Paused', leftAlone: [{ because: 'Paused', names: ['web-1'], count: 1 }] }),
  status: status({
    leftAlone: [
      { because: 'Held', names: ['web-4'], count: 1 },
      { because: 'Ignored', names: ['db-1', 'db-2'], count: 4 },
    ],
    unneededRules: 1,
    unusedGroups: [{ id: 'sg-9', name: 'default_elb_0a1b' }],
    nextEnds: [
      { name: 'www.example.co.jp', endsAt: '2026-12-06T00:00:00.000Z' },
      { name: 'example.co.jp', endsAt: '2026-12-20T00:00:00.000Z' },
    ],
  }),
  'status, paused': status({ pausedSince: '2026-11-22T05:00:00.000Z' }),
};

const WORDS: Readonly<Record<string, { readonly en: readonly string[]; readonly ja: readonly string[] }>> = {
  repaired: {
    en: [
      ':white_check_mark: *Repaired: 5 registered, 1 taken out, 1 rule added, 1 rule removed*',
      'Registered in web-prod: web-1, web-2 and 3 more. Taken out of web-prod: web-9',
      'Rules of Usher’s that nobody needed are gone: `sgr-0a1b2c3d` on sg-web. For 2 instances no event had come.',
      'Left alone: web-4 (Usher put it there once and somebody took it away, so it is held)',
      'Nothing to do.',
    ],
    ja: [
      ':white_check_mark: *修復しました：登録5台・登録解除1台・ルール追加1件・ルール削除1件*',
      '登録　web-prod：web-1、web-2 ほか3台。登録解除　web-prod：web-9',
      '不要になった Usher のルールを削除しました：sg-web の `sgr-0a1b2c3d`。 2台は、イベントが届いていませんでした。',
      '変更せず：web-4（以前 Usher が追加し、その後削除されたため、保留しています）',
      '対応は不要です。',
    ],
  },
  proposed: {
    en: [
      ':grey_question: *Not done yet: 1 registered, 2 rules added* – waits for your yes',
      'Would register in web-prod: web-1',
      'First sweep since Usher was installed, so I only looked. *Next:* press “Apply”; it looks afresh, and keeps to every brake. Nothing was changed.',
    ],
    ja: [
      ':grey_question: *未実施：登録1台・ルール追加2件* （承認待ち）',
      '登録の予定　web-prod：web-1',
      '導入後はじめての巡回のため、確認だけしました。 *次の手順：* 「適用する」を押してください。改めて確認し、すべての制限を守ります。まだ変更していません。',
    ],
  },
  failed: {
    en: [
      ':warning: *Sweep incomplete* – 2 groups could not be looked at',
      'Cause: EC2 DescribeInstances failed with `UnauthorizedOperation`. What could not be seen was left as it is.',
      '*Next:* nothing if it was throttled, the next sweep tries again; if a read was denied, allow it to Usher’s role. Nothing was changed.',
    ],
    ja: [
      ':warning: *巡回を完了できませんでした* （2グループを確認できず）',
      '原因：EC2 DescribeInstances が失敗しました（ `UnauthorizedOperation` ）。確認できなかったものは、そのままにしました。',
      '*次の手順：* スロットリングなら対応不要です（次の巡回で再試行）。読み取りの拒否なら、Usher のロールに許可してください。設定は変更していません。',
    ],
  },
  full: {
    en: [
      ':warning: *Nearly full: sg-web* – 55 of 60 rules (IPv4)',
      '*Next:* ask AWS for a higher quota, or spread it over more groups. Nothing was changed.',
    ],
    ja: [
      ':warning: *上限に近づいています：sg-web* （ルール（IPv4） 55/60）',
      '*次の手順：* AWS にクォータの引き上げを申請するか、グループを分けてください。設定は変更していません。',
    ],
  },
  nothing: {
    en: [':white_check_mark: *Swept: nothing to repair* – 42 instances, 3 groups', 'Nothing to do.'],
    ja: [':white_check_mark: *巡回完了：修復するものはありません* （42台・3グループ）', '対応は不要です。'],
  },
  paused: {
    en: [
      ':white_check_mark: *Swept: nothing is written while paused* – 42 instances, 3 groups',
      'Left alone: web-1 (everything is paused)',
      'Everything is paused, so I only looked. Nothing to do.',
    ],
    ja: [
      ':white_check_mark: *巡回完了：一時停止中のため変更しません* （42台・3グループ）',
      '変更せず：web-1（すべての変更を一時停止しています）',
      '一時停止中のため、確認だけしました。対応は不要です。',
    ],
  },
  status: {
    en: [
      ':spiral_calendar_pad: *Weekly status: some things wait* – 42 instances, 3 groups',
      'Left alone: web-4 (Usher put it there once and somebody took it away, so it is held); db-1, db-2 and 2 more (usher:ignore is set)',
      'Unused: 1 rule of Usher’s that nobody needs; security groups of Classic balancers that are gone: default_elb_0a1b. Ends next: www.example.co.jp on Sun 6 Dec 2026, example.co.jp on Sun 20 Dec 2026.',
      'Nothing was changed by this message.',
    ],
    ja: [
      ':spiral_calendar_pad: *週次の状況：保留があります* （42台・3グループ）',
      '変更せず：web-4（以前 Usher が追加し、その後削除されたため、保留しています）、db-1、db-2 ほか2件（usher:ignore が設定されています）',
      '未使用：不要な Usher のルール1件、削除済みの Classic Load Balancer のセキュリティグループ default_elb_0a1b。 次の期限：www.example.co.jp 2026/12/6(日)、example.co.jp 2026/12/20(日)',
      'このメッセージでは何も変更していません。',
    ],
  },
  'status, paused': {
    en: [
      ':double_vertical_bar: *Weekly status: paused* – 42 instances, 3 groups',
      'Paused since Sun 22 Nov 14:00 JST: nothing is written. *Next:* say `/usher resume`',
      'Nothing was changed by this message.',
    ],
    ja: [
      ':double_vertical_bar: *週次の状況：一時停止中* （42台・3グループ）',
      '11/22(日) 14:00 JST から一時停止中で、何も変更しません。 *次の手順：* `/usher resume`',
      'このメッセージでは何も変更していません。',
    ],
  },
};

const report = (body: ReportBody): Report => reportOf(body, 'information');

const linesOf = (body: ReportBody, options: RenderOptions): readonly string[] =>
  renderReport(report(body), options).blocks.flatMap((block) =>
    block.type === 'section' ? block.text.text.split('\n') : [],
  );

describe('every report of a sweep', () => {
  test.each(Object.entries(BODIES))('%s is said in English and Japanese', (name, body) => {
    expect({ en: linesOf(body, ENGLISH), ja: linesOf(body, JAPANESE) }).toEqual(WORDS[name]);
  });

  test.each(Object.entries(BODIES))('%s comes through the queue as it was', (_, body) => {
    expect(parseReport(JSON.stringify(report(body)))).toEqual(report(body));
  });

  test.each(Object.entries(BODIES))('%s is a message that Slack takes', (_, body) => {
    for (const options of [ENGLISH, JAPANESE])
      expect(checkMessage(JSON.parse(JSON.stringify(renderReport(report(body), options))))).toEqual({ kind: 'ok' });
  });
});

test('Given names that would ping or format, then they do neither', () => {
  const hostile = '<!channel> *bold* `x`\n';
  const named = { id: 'x', name: hostile };
  const body = ended({
    registered: [{ targetGroup: named, names: [hostile], count: 1 }],
    rulesRemoved: [{ ruleId: hostile, securityGroup: named }],
    leftAlone: [{ because: 'Held', names: [hostile], count: 1 }],
    limits: [{ kind: 'targets-in-group', of: named, used: 900, limit: 1000 }],
    notLookedAt: { targetGroups: 1, call: hostile, code: hostile },
  });
  for (const options of [ENGLISH, JAPANESE]) {
    const message = renderReport(report(body), options);
    expect(liveTags(JSON.stringify(message.blocks))).toEqual([]);
    expect(checkMessage(JSON.parse(JSON.stringify(message)))).toEqual({ kind: 'ok' });
  }
});

test('Given an offer, then its button says what it does and asks before', () => {
  const offer: Report = {
    ...report(BODIES['proposed'] ?? ended({})),
    buttons: [{ verb: 'approve', planId: 'plan-1', object: { kind: 'sweep', count: 3 } }],
  };
  const labels = [ENGLISH, JAPANESE].map((options) =>
    renderReport(offer, options).blocks.flatMap((block) =>
      block.type === 'actions'
        ? block.elements.map((element) => [element.text.text, 'confirm' in element && element.confirm?.title.text])
        : [],
    ),
  );
  expect(labels).toEqual([[['Apply', 'Let sweeps repair?']], [['適用する', '巡回による修復を始めますか？']]]);
  expect(parseReport(JSON.stringify(offer))).toEqual(offer);
});

test.each([
  [
    'en',
    ENGLISH,
    'Weekly status: some things wait',
    'Report-only since a rule had to be put back: web-prod (`/usher resume NAME`). Kept: 2 rules.',
  ],
  [
    'ja',
    JAPANESE,
    '週次の状況：保留があります',
    'ルールを元に戻したため report-only：web-prod（ `/usher resume NAME` ）。残すルール：2件。',
  ],
] as const)(
  'The weekly status names in %s what dropped to report-only and how many rules are kept, and is not all in order then',
  (_, options, headline, line) => {
    const message = renderReport(reportOf(status({ stopped: [WEB], keptRules: 2 })), options);
    expect(checkMessage(message)).toEqual({ kind: 'ok' });
    expect(message.text).toContain(headline);
    expect(message.text).not.toMatch(/all in order|問題ありません/);
    expect(JSON.stringify(message)).toContain(line);
  },
);
