import type { NoAlarmBecause } from '../../domain/alarms/report.ts';
import type { Named } from '../../domain/named.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, strong, words } from '../phrase.ts';
import type { AlarmCatalogue } from './alarms.ts';

const NAME_LIMIT = 32;
const GROUPS_SHOWN = 5;

const BECAUSE: Readonly<Record<NoAlarmBecause, string>> = {
  Paused: '一時停止中',
  OutsideVpcs: '対象外の VPC',
  OtherStage: '別のステージのグループ',
  Ignored: '対象外のタグあり',
  ReportOnly: 'ポリシーが report-only',
  GroupGone: '削除済み',
  Unused: '使用しているリスナーなし',
  NotCounted: 'CloudWatch の集計対象外',
  NoSeriesYet: 'CloudWatch にデータなし',
  HasOne: '作成済み',
  RefusedByAws: 'AWS が拒否',
};

const listed = (groups: readonly Named[], count: number): Phrase => {
  const shown = groups.slice(0, GROUPS_SHOWN).map(({ name }) => [outside(name, NAME_LIMIT)]);
  const more = count - shown.length;
  return say`${joined(shown, '、')}${words(more > 0 ? ` ほか${more}件` : '')}`;
};

export const JAPANESE_ALARMS: AlarmCatalogue = {
  offered: {
    headline: ({ count }) => ({
      strong: [words(`${count}件のターゲットグループに、異常なターゲットのアラームがありません`)],
      rest: [],
    }),
    groups: (groups, more) => listed(groups, groups.length + more),
    why: ({ deleted, count }) => [
      ...(deleted === 0
        ? []
        : [
            words(
              deleted === count
                ? 'Usher のアラームが削除されました。'
                : `うち${deleted}件は、Usher のアラームが削除されました。`,
            ),
          ]),
      words('アラームがないと、正常だったターゲットが異常になっても通知されません。利用者への影響：変わりません。'),
    ],
    next: ({ monthlyPrice, count, onlyReports }) => {
      const price = say`${words(count === 1 ? '' : '1件')}月額 US$${monthlyPrice}`;
      return onlyReports
        ? say`${strong([words('次の手順：')])} CloudWatch で ${code('UnHealthyHostCount')} のアラームを作成してください（${price}）。ポリシーが report-only のため、設定は変更していません。`
        : say`${strong([words(count === 1 ? '次の手順：「アラームを作成」を押す' : `次の手順：「アラーム${count}件を作成」を押す`)])}（${price}）か、グループに ${code('usher:alarms=true')} を付けてください。設定は変更していません。`;
    },
  },
  changed: {
    headline: ({ createdCount, removedCount, notMadeCount, created, removed, notMade }, limit) => {
      const [first] = [...created, ...removed, ...notMade.map(({ targetGroup }) => targetGroup)];
      const about = createdCount + removedCount + notMadeCount === 1 && first !== undefined;
      const rest = about ? say`（${outside(first.name, limit)}）` : [];
      if (createdCount > 0)
        return { strong: [words(`異常なターゲットのアラームを${createdCount}件作成しました`)], rest };
      if (removedCount > 0)
        return { strong: [words(`異常なターゲットのアラームを${removedCount}件削除しました`)], rest };
      return { strong: [words(`異常なターゲットのアラーム${notMadeCount}件を作成していません`)], rest };
    },
    created: ({ created, createdCount, monthlyPrice }) =>
      createdCount === 0
        ? []
        : say`作成：${listed(created, createdCount)}（${words(createdCount === 1 ? '' : '1件')}月額 US$${monthlyPrice}）。発生したときは、原因をここでお知らせします。`,
    removed: ({ removed, removedCount }) =>
      removedCount === 0 ? [] : say`削除：${listed(removed, removedCount)}（ターゲットグループが削除されたため）。`,
    notMade: (notMade, more) =>
      notMade.length === 0
        ? []
        : say`未作成：${joined(
            notMade.map(({ targetGroup, because, code: refusal }) => [
              outside(targetGroup.name, NAME_LIMIT),
              words(`（${BECAUSE[because]}`),
              ...(refusal === undefined ? [] : [words('：'), code(refusal)]),
              words('）'),
            ]),
            '、',
          )}${words(more > 0 ? ` ほか${more}件` : '')}。`,
    next: ({ notMade }) => {
      const tag = say`グループに ${code('usher:alarms=true')} を付けてください。利用者への影響：変わりません。`;
      if (notMade.some(({ because }) => because === 'RefusedByAws'))
        return say`${strong([words('次の手順：')])} Usher のロールにアラームの作成を許可するか、アラームのクォータを引き上げてから、${tag}`;
      if (notMade.some(({ because }) => because === 'Paused'))
        return say`${strong([words('次の手順：')])} ${code('/usher resume')} で再開してから、${tag}`;
      return say`利用者への影響：変わりません。対応は不要です。`;
    },
  },
};
