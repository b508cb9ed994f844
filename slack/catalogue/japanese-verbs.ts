import type { NotUndoneBecause } from '../../domain/answer.ts';
import type { AddedRule } from '../../domain/stored-plan.ts';
import type { DrainedGroup, ListedChange, NotKeptBecause, VerbAnswer } from '../../domain/verb-answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, mention, outside, quote, say, strong, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import { JAPANESE_BECAUSE, japaneseMovedBecause } from './japanese-because.ts';
import { JAPANESE_CAUTION, JAPANESE_SWEEP } from './japanese-sweep.ts';

const IDS_SHOWN = 6;
const GROUPS_SHOWN = 6;

const person = (userId: string): Phrase => [mention({ kind: 'user', id: userId })];

const next = (step: Phrase): Phrase => say`${strong(say`次の手順：`)} ${step}`;

const NOTHING_CHANGED: Phrase = say`（変更なし）`;

type Of<Kind extends VerbAnswer['kind']> = Extract<VerbAnswer, { readonly kind: Kind }>;

const paused = ({ byUserId, reason, pausedBefore }: Of<'paused'>, { moment }: AnswerSurroundings): AnswerWords => ({
  emoji: 'double_vertical_bar',
  headline: {
    strong: say`Usher を一時停止しました`,
    rest:
      pausedBefore === undefined ? say`（今後は何も変更しません）` : say`（${words(moment(pausedBefore))} から継続中）`,
  },
  lines: [
    say`実行者：${person(byUserId)}${reason === undefined ? [] : say`、理由：${quote(reason)}`}。確認と通知は続け、すべてのメッセージに一時停止中と表示します。`,
    next(say`再開するときは ${command('/usher resume')}。キャッシュの削除も再開後に行います。`),
  ],
});

const resumed = ({ byUserId, pausedSince }: Of<'resumed'>, { moment }: AnswerSurroundings): AnswerWords => ({
  emoji: 'arrow_forward',
  headline: {
    strong: say`Usher を再開しました`,
    rest: say`（${words(moment(pausedSince))} から一時停止していました）`,
  },
  lines: [say`実行者：${person(byUserId)}。これから全体を巡回し、停止中の分を補います。対応は不要です。`],
});

const refusal = (because: NotUndoneBecause): Phrase => {
  switch (because.kind) {
    case 'BelowFloor':
      return say`外していません：正常${because.healthy}台のうち${because.floor}台は残す必要があります`;
    case 'TooManyRemovals':
      return say`外していません：1時間に外せるのは${because.removalsPerHour}台まで、かつ正常なターゲットの半数までです`;
    case 'RefusedByAws':
      return say`外していません：AWS が拒否しました（${code(because.code)}）`;
  }
};

const groupLine = ({ outcome }: DrainedGroup): Phrase => {
  switch (outcome.kind) {
    case 'taken-out':
      return say`登録を解除し、保留にしました`;
    case 'out-already':
      return say`すでに外れています`;
    case 'stays':
      return say`外していません：${words(japaneseMovedBecause(outcome.because))}`;
    case 'not-taken-out':
      return refusal(outcome.because);
  }
};

const isOut = ({ outcome }: DrainedGroup): boolean => outcome.kind === 'taken-out' || outcome.kind === 'out-already';

const drained = ({ byUserId, instance, groups }: Of<'drained'>, limit: number): AnswerWords => {
  const out = groups.filter(isOut).length;
  const shown = groups.slice(0, GROUPS_SHOWN);
  const isAll = out === groups.length;
  return {
    emoji: isAll ? 'white_check_mark' : 'warning',
    headline: {
      strong: say`${outside(instance.name, limit)} を${words(
        out === 0
          ? 'どのグループからも外していません'
          : `${isAll ? (out === 1 ? 'グループから' : `${out}グループすべてから`) : `${groups.length}グループ中${out}グループから`}外しました`,
      )}`,
      rest: say`（${words(out === 0 ? '変更なし' : '戻すまで登録しません')}）`,
    },
    lines: [
      ...shown.map((group) => say`・${outside(group.targetGroup.name, limit)}：${groupLine(group)}。`),
      ...(groups.length > shown.length ? [say`… ほか${groups.length - shown.length}件`] : []),
      isAll
        ? say`実行者：${person(byUserId)}。処理中のリクエストは登録解除の遅延の間に終わります。停止と起動、または関係するタグの変更で保留は終わります。次の巡回で「元に戻す」を提案します。`
        : say`実行者：${person(byUserId)}。${next(say`原因を取り除いて ${command('/usher drain')} をもう一度送るか、手動で登録を解除してください。`)}`,
    ],
  };
};

const rule = ({ ruleId, securityGroup }: AddedRule, limit: number): Phrase =>
  say`${code(ruleId)}（${outside(securityGroup.name, limit)}）`;

const kept = ({ byUserId, rule: one, wasKept }: Of<'kept'>, limit: number): AnswerWords => ({
  emoji: 'lock',
  headline: {
    strong: say`${outside(one.securityGroup.name, limit)} のルールを残します`,
    rest: wasKept ? say`（設定済み・変更なし）` : say`（今後、削除を提案しません）`,
  },
  lines: [
    say`${rule(one, limit)} に ${code('usher:keep')} = ${code('true')} が付いています（指示：${person(byUserId)}）。タグを外すと終わります。一覧は ${command('/usher keep')}。`,
  ],
});

const notKeptBecause = (because: NotKeptBecause): Phrase => {
  if (typeof because !== 'string') return say`AWS が拒否しました（${code(because.code)}）`;
  return because === 'SecurityGroupGone'
    ? say`セキュリティグループが存在しません`
    : say`${words(JAPANESE_BECAUSE[because])}`;
};

const notKept = ({ rule: one, because }: Of<'not-kept'>, limit: number): AnswerWords => ({
  emoji: 'warning',
  headline: { strong: say`ルールを残す設定ができませんでした`, rest: NOTHING_CHANGED },
  lines: [
    say`原因：${notKeptBecause(because)}。対象：${rule(one, limit)}`,
    next(say`原因を取り除くか、手動でタグ ${code('usher:keep')} = ${code('true')} を付けてください。`),
  ],
});

const keptRules = ({ rules, count }: Of<'kept-rules'>, limit: number): AnswerWords => ({
  emoji: 'lock',
  headline: {
    strong: say`${words(count === 0 ? '残す設定のルールはありません' : `残す設定のルール：${count}件`)}`,
    rest: NOTHING_CHANGED,
  },
  lines: [
    ...rules.map((one) => say`・${rule(one, limit)}`),
    ...(count > rules.length ? [say`… ほか${count - rules.length}件`] : []),
    say`${command('/usher keep sgr-…')} で、そのルールの削除を提案しなくなります。`,
  ],
});

const WHAT: Readonly<Record<ListedChange['what'], string>> = {
  registered: 'に登録',
  'taken-out': 'から登録解除',
  'rule-added': '用にルールを追加',
  'rule-removed': '用のルールを削除',
  'group-made': '用のセキュリティグループを作成',
  'group-put-on': '用のセキュリティグループを関連付け',
  'group-taken-off': '用のセキュリティグループの関連付けを解除',
  'group-deleted': '用のセキュリティグループを削除',
};

const changeLine = (change: ListedChange, { clock, nameLimit }: AnswerSurroundings): Phrase =>
  say`${change.number}. ${words(clock(change.at))} ${outside(change.name, nameLimit)}：${outside(change.targetGroup.name, nameLimit)} ${words(WHAT[change.what])}${words(change.isUndone ? '（すでに無効）' : '')}`;

const changes = ({ changes: all, count }: Of<'changes'>, around: AnswerSurroundings): AnswerWords => {
  const first = all.find(({ planId }) => planId !== undefined);
  return {
    emoji: 'leftwards_arrow_with_hook',
    headline: {
      strong: say`${words(count === 0 ? '24時間以内の変更はありません' : `24時間以内の変更：${count}件`)}`,
      rest: count > all.length ? say`（新しい順に${all.length}件）` : [],
    },
    lines: [
      ...all.map((change) => changeLine(change, around)),
      first !== undefined
        ? next(
            say`${command(`/usher undo ${first.number}`)} と入力するか、ボタンを押してください。改めて確認してから実行します。ほかのターゲットが使う可能性があるため、ルールは残ります。`,
          )
        : say`ここから取り消せるものはありません。対応は不要です。`,
    ],
  };
};

const status = (answer: Of<'status'>, around: AnswerSurroundings): AnswerWords => {
  const { pause, lastSweep, sweepingSince, caution, defaultPolicy, maximumPolicy, stopped = [] } = answer;
  const { moment } = around;
  const left = lastSweep?.leftAlone ?? [];
  return {
    emoji: pause === undefined ? 'information_source' : 'double_vertical_bar',
    headline: {
      strong: say`${words(pause !== undefined ? 'Usher は一時停止中です' : left.length === 0 && stopped.length === 0 ? '問題ありません' : '保留があります')}`,
      rest:
        lastSweep === undefined
          ? say`（まだ巡回していません）`
          : say`（${lastSweep.instances}台・${lastSweep.targetGroups}グループ）`,
    },
    lines: [
      ...(pause === undefined
        ? []
        : [
            say`${words(moment(pause.since))} から一時停止中（${person(pause.byUserId)}${pause.reason === undefined ? [] : say`、理由：${quote(pause.reason)}`}）。${next(say`再開するときは ${command('/usher resume')}`)}`,
          ]),
      say`ポリシー：${code(defaultPolicy)}（上限 ${code(maximumPolicy)}）。${words(
        lastSweep === undefined
          ? '全体の巡回はまだ完了していません。'
          : `全体の巡回：${moment(lastSweep.completedAt)} に完了。`,
      )}${words(sweepingSince === undefined ? '' : `${moment(sweepingSince)} から巡回中です。`)}`,
      ...(caution === undefined
        ? []
        : [say`${words(JAPANESE_CAUTION[caution])}${next(say`巡回のメッセージで「適用する」を押してください。`)}`]),
      ...(stopped.length === 0
        ? []
        : [
            say`ルールを元に戻したため report-only：${joined(
              stopped.slice(0, 3).map(({ name }) => [outside(name)]),
              '・',
            )}。${next(say`原因が分かったら ${command('/usher resume NAME')}`)}`,
          ]),
      ...(left.length === 0 ? [] : [JAPANESE_SWEEP.leftAlone(left)]),
      ...(lastSweep === undefined || lastSweep.limits.length === 0 ? [] : [JAPANESE_SWEEP.limits(lastSweep)]),
      say`変更はありません。`,
    ],
  };
};

const SAY_WHICH: Partial<Readonly<Record<Of<'say-which'>['verb'], Phrase>>> = {
  doctor: say`URL、ターゲットグループ、ロードバランサー、またはインスタンスを指定してください：${command('/usher doctor www.example.com')} または ${command('/usher doctor web-prod')}`,
  drain: say`インスタンスを指定してください：${command('/usher drain web-3')} または ${command('/usher drain i-0a1b…')}`,
};

/** 一時停止、再開、ドレイン、保持、取り消し、巡回、状況への日本語の答え。 */
export const japaneseVerbAnswer = (answer: VerbAnswer, around: AnswerSurroundings): AnswerWords => {
  const limit = around.nameLimit;
  switch (answer.kind) {
    case 'paused':
      return paused(answer, around);
    case 'resumed':
      return resumed(answer, around);
    case 'group-resumed':
      return {
        emoji: 'arrow_forward',
        headline: { strong: say`${outside(answer.targetGroup.name, limit)} への変更を再開しました`, rest: say`` },
        lines: [
          say`実行者：${person(answer.byUserId)}。元に戻したルールはそのままで、閉じることも提案することも今後ありません。対応は不要です。`,
        ],
      };
    case 'group-not-stopped':
      return {
        emoji: 'information_source',
        headline: {
          strong: say`report-only になったグループに ${outside(answer.said, limit)} はありません`,
          rest: NOTHING_CHANGED,
        },
        lines: [
          answer.stopped.length === 0
            ? say`report-only になったグループはありません。対応は不要です。`
            : say`該当するグループ：${joined(
                answer.stopped.slice(0, 3).map(({ name }) => [outside(name, limit)]),
                '・',
              )}`,
        ],
      };
    case 'not-paused':
      return {
        emoji: 'information_source',
        headline: { strong: say`Usher は一時停止していません`, rest: NOTHING_CHANGED },
        lines: [say`対応は不要です。`],
      };
    case 'drained':
      return drained(answer, limit);
    case 'in-no-group':
      return {
        emoji: 'information_source',
        headline: {
          strong: say`${outside(answer.instance.name, limit)} は Usher が登録するグループにいません`,
          rest: NOTHING_CHANGED,
        },
        lines: [say`インスタンス ${code(answer.instance.id)}。対応は不要です。`],
      };
    case 'say-which':
      return {
        emoji: 'warning',
        headline: { strong: say`${code(answer.verb)} の対象が指定されていません`, rest: NOTHING_CHANGED },
        lines: [next(SAY_WHICH[answer.verb] ?? say`${command('/usher help')} を参照してください。`)],
      };
    case 'no-such-instance':
      return {
        emoji: 'warning',
        headline: { strong: say`${outside(answer.said, limit)} というインスタンスはありません`, rest: NOTHING_CHANGED },
        lines: [next(say`${code('Name')} タグのとおりの名前か、ID（${code('i-…')}）を指定してください。`)],
      };
    case 'ambiguous-instance':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(answer.said, limit)} に当たるインスタンスが複数あります`,
          rest: NOTHING_CHANGED,
        },
        lines: [
          next(
            say`ID で指定してください：${joined(
              answer.candidates.slice(0, IDS_SHOWN).map(({ id }) => [code(id)]),
              '、',
            )}${words(answer.candidates.length > IDS_SHOWN ? ` ほか${answer.candidates.length - IDS_SHOWN}件` : '')}`,
          ),
        ],
      };
    case 'kept':
      return kept(answer, limit);
    case 'not-kept':
      return notKept(answer, limit);
    case 'no-such-rule':
      return {
        emoji: 'warning',
        headline: { strong: say`ルール ${outside(answer.said, limit)} はありません`, rest: NOTHING_CHANGED },
        lines: [next(say`このリージョンのセキュリティグループルールの ID（${code('sgr-…')}）を指定してください。`)],
      };
    case 'kept-rules':
      return keptRules(answer, limit);
    case 'changes':
      return changes(answer, around);
    case 'no-such-change':
      return {
        emoji: 'warning',
        headline: { strong: say`${outside(answer.said, limit)} は取り消せません`, rest: NOTHING_CHANGED },
        lines: [
          say`最後に表示した一覧の番号ではないか、取り消せない変更です。`,
          next(say`${command('/usher undo')} で一覧を表示してください。`),
        ],
      };
    case 'sweep-ordered':
      return {
        emoji: 'mag',
        headline: { strong: say`巡回を始めます`, rest: say`（結果はチャンネルでお知らせします）` },
        lines: [say`指示：${person(answer.byUserId)}。すべてのポリシー、制限、保留を守ります。`],
      };
    case 'status':
      return status(answer, around);
  }
};
