import type { Answer, PressOutcome } from '../../domain/answer.ts';
import type { ButtonVerb } from '../../domain/order.ts';
import { isShowableCommand } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, mention, outside, say, strong, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import { LINES_SHOWN, NAMES_SHOWN } from './answers.ts';
import { japaneseMovedBecause } from './japanese-because.ts';

const several = (names: readonly string[], count: number, limit: number): Phrase => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => [outside(name, limit)]);
  const more = count - shown.length;
  return [...joined(shown, '・'), ...(more > 0 ? [words(` ほか${more}台`)] : [])];
};

const PRESSED: Readonly<Record<ButtonVerb, string>> = {
  approve: '承認：',
  reject: '却下：',
  undo: '取り消し：',
  'put-it-back': '再登録：',
  snooze: '再通知の設定：',
  retry: '再実行：',
  mute: 'ミュート：',
  check: '確認の依頼：',
  confirm: '確認済み：',
  keep: '残す：',
  show: '表示の依頼：',
};

const person = (userId: string): Phrase => [mention({ kind: 'user', id: userId })];

const ENDED = {
  done: '実行済みです',
  rejected: '却下されました',
  refused: '状況が変わっていたため、実行されませんでした',
};

type Outcome<Kind extends PressOutcome['kind']> = Extract<PressOutcome, { readonly kind: Kind }>;

const seated = (outcome: Outcome<'seated'>, by: Phrase, limit: number): AnswerWords => ({
  emoji: outcome.failed + outcome.blocked === 0 ? 'white_check_mark' : 'warning',
  headline: {
    strong: say`${several(outcome.names, outcome.count, limit)}：${words(outcome.failed === 0 ? '実行しました' : '一部を実行できませんでした')}`,
    rest: say`（${outside(outcome.targetGroup.name, limit)}）`,
  },
  lines: [
    outcome.registered + outcome.rulesAdded === 0
      ? say`${words(outcome.failed === 0 ? 'すでに登録されています。残っている作業はありません。' : '変更はありません。')}`
      : say`変更：${words(`${outcome.registered}台を登録、ルールを${outcome.rulesAdded}件追加`)}。ほかは変更していません。`,
    ...(outcome.failed > 0
      ? [say`AWS が${outcome.failed}件を拒否しました。理由は別のメッセージでお知らせします。`]
      : []),
    ...(outcome.blocked > 0
      ? [
          say`ロードバランサーからの経路は${words(outcome.count === 1 ? '' : `${outcome.count}台中${outcome.blocked}台で`)}まだ通じていません。原因はヘルスチェックの結果とともにお知らせします。`,
        ]
      : []),
    say`${by}。ヘルスチェックの結果は改めてお知らせします。`,
  ],
});

const moved = (outcome: Outcome<'moved'>, by: Phrase, limit: number): AnswerWords => {
  const shown = outcome.moved.slice(0, NAMES_SHOWN);
  const more = outcome.moved.length - shown.length;
  return {
    emoji: 'warning',
    headline: {
      strong: say`実行していません：状況が変わりました`,
      rest: say`（${outside(outcome.targetGroup.name, limit)}・変更なし）`,
    },
    lines: [
      ...shown.map(
        ({ name, because: reason }) => say`• ${outside(name, limit)}：${words(japaneseMovedBecause(reason))}。`,
      ),
      ...(more > 0 ? [say`…ほか${more}件`] : []),
      outcome.offer === undefined
        ? say`${by}。対応は不要です。`
        : say`${by}。${strong(say`次の手順：`)} まだ実行できるもの（${several(outcome.offer.names, outcome.offer.count, limit)}）は、ボタンを押すと実行します。`,
    ],
  };
};

const rulesThatStay = (rules: Outcome<'undone'>['rules'], limit: number): Phrase => {
  if (rules.length === 0) return say`セキュリティグループのルールは変更していません。`;
  const shown = rules.slice(0, NAMES_SHOWN);
  const more = rules.length - shown.length;
  const named = joined(
    shown.map(({ ruleId, securityGroup }) => say`${code(ruleId)}（${outside(securityGroup.name, limit)}）`),
    '、',
  );
  return say`追加したルールは、ほかのターゲットが使っている可能性があるため残しています：${named}${words(more > 0 ? `ほか${more}件` : '')}。`;
};

const undone = (outcome: Outcome<'undone'>, by: Phrase, limit: number): AnswerWords => ({
  emoji: 'leftwards_arrow_with_hook',
  headline: {
    strong: say`${several(outcome.names, outcome.count, limit)} を ${outside(outcome.targetGroup.name, limit)} から外しました`,
    rest: say`（元に戻すまで登録しません）`,
  },
  lines: [
    rulesThatStay(outcome.rules, limit),
    say`${by}。インスタンスの停止・開始、または関係するタグの変更でも、再び登録の対象になります。対応は不要です。`,
  ],
});

const notUndone = ({ targetGroup, because: reason }: Outcome<'not-undone'>, by: Phrase, limit: number): AnswerWords => {
  const headline = { strong: say`取り消していません`, rest: say`（${outside(targetGroup.name, limit)}・変更なし）` };
  const next = strong(say`次の手順：`);
  switch (reason.kind) {
    case 'BelowFloor':
      return {
        emoji: 'warning',
        headline,
        lines: [
          say`原因：正常な${words(String(reason.healthy))}台のうち、少なくとも${words(String(reason.floor))}台を残す必要があります。`,
          say`${by}。${next} 先に別のターゲットを稼働させ、新しいメッセージのボタンを押してください。`,
        ],
      };
    case 'TooManyRemovals':
      return {
        emoji: 'warning',
        headline,
        lines: [
          say`原因：1時間に外せるのは${words(String(reason.removalsPerHour))}台まで、かつグループの正常なターゲットの半分までです。`,
          say`${by}。${next} 1時間待つか、手動で登録を解除してください。`,
        ],
      };
    case 'RefusedByAws':
      return {
        emoji: 'warning',
        headline,
        lines: [
          say`原因：AWS が拒否しました（${code(reason.code)}）。`,
          say`${by}。${next} Usher のロールにこのグループの登録解除を許可するか、手動で解除してください。`,
        ],
      };
  }
};

/** What came of a press of a button, said to everybody in the channel. */
export const japanesePressed = (
  { verb, byUserId, outcome }: Extract<Answer, { readonly kind: 'pressed' }>,
  { moment, nameLimit }: AnswerSurroundings,
): AnswerWords => {
  const by: Phrase = [words(PRESSED[verb]), ...person(byUserId)];
  switch (outcome.kind) {
    case 'seated':
      return seated(outcome, by, nameLimit);
    case 'moved':
      return moved(outcome, by, nameLimit);
    case 'undone':
      return undone(outcome, by, nameLimit);
    case 'taken-out':
      return {
        emoji: 'white_check_mark',
        headline: {
          strong: say`${several(outcome.names, outcome.count, nameLimit)} を外しました`,
          rest: say`（${outside(outcome.targetGroup.name, nameLimit)}）`,
        },
        lines: [say`${by}。処理中のリクエストは完了を待ちます。対応は不要です。`],
      };
    case 'companion-made':
      return {
        emoji: outcome.failed === 0 ? 'white_check_mark' : 'warning',
        headline: {
          strong: say`${outside(outcome.securityGroup.name, nameLimit)} を作成しました`,
          rest:
            outcome.side === 'balancer'
              ? say`（${outside(outcome.loadBalancer.name, nameLimit)} に関連付け済み）`
              : say`（ターゲット${outcome.wearers}台に関連付け済み）`,
        },
        lines: [
          say`変更：セキュリティグループ ${code(outcome.securityGroup.id)} の作成と関連付け、ルール${outcome.rulesAdded}件の追加。ほかは変更していません。`,
          ...(outcome.failed > 0
            ? [say`ルール${outcome.failed}件は AWS が拒否しました。その通信経路はこれまでどおりです。`]
            : []),
          say`${by}。不要になった Usher のルールは、巡回で削除します。対応は不要です。`,
        ],
      };
    case 'companion-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(outcome.groupName, nameLimit)} を作成または関連付けできませんでした`,
          rest: say`（${outside(outcome.targetGroup.name, nameLimit)}）`,
        },
        lines: [
          say`原因：AWS が拒否しました（${code(outcome.code)}）。作成済みのグループは何も許可しません。使われなければ巡回で削除します。`,
          say`${by}。${strong(say`次の手順：`)}ランブックでコードを確認し、最新のメッセージでもう一度押してください。`,
        ],
      };
    case 'not-undone':
      return notUndone(outcome, by, nameLimit);
    case 'invalidating':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: {
          strong: say`キャッシュを削除しています：${outside(outcome.place.name, nameLimit)}`,
          rest: say`（${outcome.pathCount}パス）`,
        },
        lines: [say`${by}。完了したらここでお知らせします。`],
      };
    case 'invalidating-already':
      return {
        emoji: 'information_source',
        headline: {
          strong: say`すでに受け付けています：${outside(outcome.place.name, nameLimit)} のキャッシュ`,
          rest: say`（追加なし）`,
        },
        lines: [
          say`この確認には、先に押されたもう一方のボタンの内容で対応しています。結果はチャンネルでお知らせします。`,
        ],
      };
    case 'rejected':
      return {
        emoji: 'no_entry_sign',
        headline: { strong: say`そのままにしました`, rest: say`（変更なし）` },
        lines: [say`${by}。対応は不要です。`],
      };
    case 'silenced':
      return {
        emoji: 'no_bell',
        headline: { strong: say`${words(moment(outcome.until))} まで通知しません`, rest: say`` },
        lines: [say`${by}。終了の通知と重大な通知は、その間もお知らせします。設定は変更していません。`],
      };
    case 'looking':
      return {
        emoji: 'mag',
        headline: { strong: say`確認しています`, rest: say`（結果はチャンネルでお知らせします）` },
        lines: [say`${by}。設定は変更していません。`],
      };
    case 'making-alarms':
      return {
        emoji: 'bell',
        headline: {
          strong: say`アラームを${outcome.count}件作成しています`,
          rest: say`（結果はチャンネルでお知らせします）`,
        },
        lines: [say`${by}。改めて確認し、すでにアラームのあるグループには作成しません。`],
      };
    case 'rules-closed':
      return {
        emoji: 'lock',
        headline: {
          strong: say`ルールを${outcome.count}件削除しました`,
          rest: say`（${outside(outcome.securityGroup.name, nameLimit)}）`,
        },
        lines: [
          say`${by}。${words(moment(outcome.until))} までヘルスチェックを監視し、異常が出たら元に戻します。`,
          say`結果はチャンネルでお知らせします。`,
        ],
      };
    case 'rules-kept':
      return {
        emoji: 'pushpin',
        headline: {
          strong: say`ルールを${outcome.count}件残します`,
          rest: say`（${outside(outcome.securityGroup.name, nameLimit)}）`,
        },
        lines: [say`${by}。${code('usher:keep')} タグを付けました。タグがある間、再び提案することはありません。`],
      };
    case 'closing-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`実行できませんでした（AWS が拒否）`,
          rest: say`（${outside(outcome.securityGroup.name, nameLimit)}）`,
        },
        lines: [
          say`原因：${code(outcome.code)}`,
          say`${by}。${strong(say`次の手順：`)}Usher のロールに許可するか、メッセージの「CLI を表示」の手順を実行してください。`,
        ],
      };
    case 'lines-shown': {
      const shown = outcome.lines.filter(isShowableCommand).slice(0, LINES_SHOWN);
      const more = outcome.lines.length - shown.length;
      return {
        emoji: 'computer',
        headline: { strong: say`実行するコマンド`, rest: say`（変更なし）` },
        lines: [
          ...shown.map((line) => [command(line)]),
          ...(more > 0 ? [say`… ほか${more}行（EC2 コンソールで確認できます）`] : []),
          say`残すものを追加してからルールを削除するため、この順に実行してください。`,
        ],
      };
    }
    case 'sweeping':
      return {
        emoji: 'mag',
        headline: { strong: say`巡回を始めました`, rest: say`（結果はチャンネルでお知らせします）` },
        lines: [say`${by}。すべてを改めて確認し、ポリシー・制限・保留を守ります。`],
      };
    case 'decided-before':
      return {
        emoji: 'information_source',
        headline: { strong: say`すでに処理されています`, rest: say`（今回は変更なし）` },
        lines: [
          say`${words(ENDED[outcome.status])}（${person(outcome.byUserId)}、${words(moment(outcome.at))}）。ボタンは一度だけ働きます。`,
        ],
      };
    case 'under-way':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: { strong: say`すでに実行中です`, rest: say`（ボタンは一度だけ働きます）` },
        lines: [say`${person(outcome.byUserId)} が先に押しました。結果はまもなくここでお知らせします。`],
      };
    case 'expired':
      return {
        emoji: 'information_source',
        headline: { strong: say`この提案の期限が切れました`, rest: say`（変更なし）` },
        lines: [
          say`期限：${words(moment(outcome.at))}。${strong(say`次の手順：`)} まだ必要な場合は、改めて指示してください：${command('/usher help')}`,
        ],
      };
    case 'unknown':
      return {
        emoji: 'information_source',
        headline: { strong: say`このボタンは無効です`, rest: say`（変更なし）` },
        lines: [say`計画がもう保存されていないか、別の Usher のものです。対応は不要です。`],
      };
  }
};
