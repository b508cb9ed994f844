import type { SweepCaution } from '../../domain/sweep/grounds.ts';
import type { NearLimit } from '../../domain/sweep/limits.ts';
import type { LeftAlone, SweepEnded, SweptTargets } from '../../domain/sweep/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, strong, words } from '../phrase.ts';
import { JAPANESE_BECAUSE } from './japanese-because.ts';
import type { SweepCatalogue } from './sweep.ts';

const GROUPS_SHOWN = 3;
const REASONS_SHOWN = 3;
const LIMITS_SHOWN = 2;
const NAMES_SHOWN = 2;
const NAME_LIMIT = 24;

const sum = (targets: readonly SweptTargets[]): number => targets.reduce((all, { count }) => all + count, 0);

/** `web-1、web-2 ほか3台`. */
const named = (names: readonly string[], count: number, counter: string): Phrase => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => [outside(name, NAME_LIMIT)]);
  const more = count - shown.length;
  const rest = shown.length === 0 ? `${more}${counter}` : ` ほか${more}${counter}`;
  return [...joined(shown, '、'), ...(more > 0 ? [words(rest)] : [])];
};

const listOfTargets = (label: string, targets: readonly SweptTargets[]): Phrase => {
  if (targets.length === 0) return [];
  const shown = targets
    .slice(0, GROUPS_SHOWN)
    .map(
      ({ targetGroup, names, count }) => say`${outside(targetGroup.name, NAME_LIMIT)}：${named(names, count, '台')}`,
    );
  const more = targets.length - shown.length;
  return [words(`${label}　`), ...joined(shown, '、'), ...(more > 0 ? [words(`、ほか${more}グループ`)] : [])];
};

const counts = ({ registered, takenOut, rulesAdded, rulesRemoved }: SweepEnded): string =>
  [
    sum(registered) > 0 ? `登録${sum(registered)}台` : '',
    sum(takenOut) > 0 ? `登録解除${sum(takenOut)}台` : '',
    rulesAdded > 0 ? `ルール追加${rulesAdded}件` : '',
    rulesRemoved.length > 0 ? `ルール削除${rulesRemoved.length}件` : '',
  ]
    .filter((part) => part !== '')
    .join('・');

/** Why a sweep only looked. */
export const JAPANESE_CAUTION: Readonly<Record<SweepCaution | 'Paused', string>> = {
  Install: '導入後はじめての巡回のため、確認だけしました。',
  Upgrade: '新しいバージョンではじめての巡回のため、確認だけしました。',
  PolicyChanged: 'Usher の権限の設定が変わったため、確認だけしました。',
  NoSweepForADay: '24時間以上、巡回が完了していなかったため、確認だけしました。',
  Paused: '一時停止中のため、確認だけしました。',
};

const BECAUSE: Readonly<Record<LeftAlone['because'], string>> = {
  ...JAPANESE_BECAUSE,
  Unreadable: '読み取れませんでした',
  NotSeen: 'EC2 に表示されませんが、終了したとは限りません',
  AddressHeld: 'アドレスは別のものが使用中です',
  ManyGoneAtOnce: 'グループの半数超が一度に消えたように見えました',
  SelectorDoubtful: 'セレクターどおりにするとグループの半数超が外れます',
  LeftToItsOwner: '別のツールが管理しています',
  RefusedByAws: 'AWS に拒否されました',
  Blocked: '通信経路の一部が閉じたままです',
};

const LIMIT: Readonly<Record<NearLimit['kind'], string>> = {
  'rules-ipv4': 'ルール（IPv4）',
  'rules-ipv6': 'ルール（IPv6）',
  'targets-in-group': 'ターゲット',
  'targets-in-zone': '1つの AZ のターゲット',
  'targets-behind-balancer': '配下のターゲット',
};

const next = (step: Phrase): Phrase => say`${strong(say`次の手順：`)} ${step}`;

export const JAPANESE_SWEEP: SweepCatalogue = {
  headline: (body, about, limit) => {
    switch (about) {
      case 'done':
        return { strong: say`修復しました：${words(counts(body))}`, rest: say`` };
      case 'proposed':
        return { strong: say`未実施：${words(counts(body))}`, rest: say`（承認待ち）` };
      case 'not-looked-at':
        return {
          strong: say`巡回を完了できませんでした`,
          rest:
            body.notLookedAt === undefined || body.notLookedAt.targetGroups === 0
              ? say`（登録解除・ルール削除はしていません）`
              : say`（${body.notLookedAt.targetGroups}グループを確認できず）`,
        };
      case 'limits': {
        const [first] = body.limits;
        return {
          strong: say`上限に近づいています：${outside(first?.of.name ?? '-', limit)}`,
          rest: first === undefined ? say`` : say`（${words(LIMIT[first.kind])} ${first.used}/${first.limit}）`,
        };
      }
      case 'nothing':
        return {
          strong: say`巡回完了：${words(body.caution === 'Paused' ? '一時停止中のため変更しません' : '修復するものはありません')}`,
          rest: say`（${body.instances}台・${body.targetGroups}グループ）`,
        };
    }
  },
  targets: ({ registered, takenOut, mode }) =>
    joined(
      [
        listOfTargets(mode === 'applied' ? '登録' : '登録の予定', registered),
        listOfTargets(mode === 'applied' ? '登録解除' : '登録解除の予定', takenOut),
      ].filter((part) => part.length > 0),
      '。',
    ),
  rules: ({ rulesRemoved }) => {
    const [first] = rulesRemoved;
    if (first === undefined) return [];
    const more = rulesRemoved.length - 1;
    return say`不要になった Usher のルールを削除しました：${outside(first.securityGroup.name, NAME_LIMIT)} の ${code(first.ruleId)}${words(more > 0 ? ` ほか${more}件` : '')}。`;
  },
  missed: (events) => say`${events}台は、イベントが届いていませんでした。`,
  leftAlone: (items) => {
    if (items.length === 0) return [];
    const shown = items
      .slice(0, REASONS_SHOWN)
      .map(({ because, names, count }) => say`${named(names, count, '件')}（${words(BECAUSE[because])}）`);
    const more = items.length - shown.length;
    return [words('変更せず：'), ...joined(shown, '、'), ...(more > 0 ? [words(`、ほか${more}種類の理由`)] : [])];
  },
  limits: ({ limits }) => {
    if (limits.length === 0) return [];
    const shown = limits
      .slice(0, LIMITS_SHOWN)
      .map(
        ({ of, used, limit, kind }) => say`${outside(of.name, NAME_LIMIT)} の${words(LIMIT[kind])} ${used}/${limit}`,
      );
    const more = limits.length - shown.length;
    return [words('上限に近い：'), ...joined(shown, '、'), ...(more > 0 ? [words(` ほか${more}件`)] : [])];
  },
  notLookedAt: ({ call, code: reason }) =>
    call === '-'
      ? say`原因：${code(reason)}。確認できなかったものは、そのままにしました。`
      : say`原因：${outside(call)} が失敗しました（${code(reason)}）。確認できなかったものは、そのままにしました。`,
  next: (body, about) => {
    const caution = body.caution === undefined ? [] : [words(JAPANESE_CAUTION[body.caution])];
    switch (about) {
      case 'done':
        return say`対応は不要です。`;
      case 'proposed':
        return body.caution === 'Paused'
          ? [...caution, ...next(say`再開するときは ${code('/usher resume')}`)]
          : [
              ...caution,
              ...next(say`「適用する」を押してください。改めて確認し、すべての制限を守ります。まだ変更していません。`),
            ];
      case 'not-looked-at':
        return next(
          say`スロットリングなら対応不要です（次の巡回で再試行）。読み取りの拒否なら、Usher のロールに許可してください。設定は変更していません。`,
        );
      case 'limits':
        return next(say`AWS にクォータの引き上げを申請するか、グループを分けてください。設定は変更していません。`);
      case 'nothing':
        return [...caution, words('対応は不要です。')];
    }
  },
  status: {
    headline: ({ instances, targetGroups, leftAlone, pausedSince, stopped = [] }) => ({
      strong: say`週次の状況：${words(pausedSince === undefined ? (leftAlone.length === 0 && stopped.length === 0 ? '問題ありません' : '保留があります') : '一時停止中')}`,
      rest: say`（${instances}台・${targetGroups}グループ）`,
    }),
    paused: ({ pausedSince }, { moment }) =>
      pausedSince === undefined
        ? []
        : say`${words(moment(pausedSince))} から一時停止中で、何も変更しません。${next(say`${code('/usher resume')}`)}`,
    stopped: ({ stopped = [], keptRules = 0 }) => {
      const dropped =
        stopped.length === 0
          ? []
          : say`ルールを元に戻したため report-only：${named(
              stopped.map(({ name }) => name),
              stopped.length,
              '件',
            )}（${code('/usher resume NAME')}）。`;
      return [...dropped, ...(keptRules === 0 ? [] : [words(`残すルール：${keptRules}件。`)])];
    },
    unused: ({ unneededRules, unusedGroups }) => {
      const rules = unneededRules === 0 ? [] : say`不要な Usher のルール${unneededRules}件`;
      const groups =
        unusedGroups.length === 0
          ? []
          : say`削除済みの Classic Load Balancer のセキュリティグループ ${named(
              unusedGroups.map(({ name }) => name),
              unusedGroups.length,
              '件',
            )}`;
      const parts = [rules, groups].filter((part) => part.length > 0);
      return parts.length === 0 ? [] : [words('未使用：'), ...joined(parts, '、'), words('。')];
    },
    ends: ({ nextEnds }, { day }) =>
      nextEnds.length === 0
        ? []
        : [
            words('次の期限：'),
            ...joined(
              nextEnds.map(({ name, endsAt }) => say`${outside(name, NAME_LIMIT)} ${words(day(endsAt))}`),
              '、',
            ),
          ],
    closing: say`このメッセージでは何も変更していません。`,
  },
};
