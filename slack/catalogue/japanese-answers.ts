import type { Answer, PressOutcome } from '../../domain/answer.ts';
import type { NotAllowed } from '../../domain/authorisation.ts';
import type { ExpiryTable } from '../../domain/expiry/report.ts';
import type { DoctorAnswer } from '../../domain/front-door/answer.ts';
import { dollars } from '../../domain/invalidation/price.ts';
import type { ButtonVerb } from '../../domain/order.ts';
import type { Named } from '../../domain/report.ts';
import type { VerbAnswer } from '../../domain/verb-answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, mention, outside, quote, say, strong, words } from '../phrase.ts';
import type { AnswerCatalogue, AnswerSurroundings, AnswerWords } from './answers.ts';
import { doctorWords } from './doctor.ts';
import type { StandingWords } from './expiry-table.ts';
import { needing, tableBlocks } from './expiry-table.ts';
import { JAPANESE_DOCTOR } from './japanese-doctor.ts';
import { japaneseMovedBecause } from './japanese-findings.ts';
import { japaneseHelp } from './japanese-help.ts';
import { JAPANESE_INVALIDATIONS } from './japanese-invalidations.ts';
import { japaneseVerbAnswer } from './japanese-verbs.ts';
import { japanesePlace } from './places.ts';

const IDS_SHOWN = 6;
const NAMES_SHOWN = 2;

const RIGHT: Readonly<Record<NotAllowed['right'], string>> = {
  read: 'Usher への問い合わせ',
  invalidate: 'キャッシュの削除',
  approve: '承認',
  reject: '却下',
  undo: '取り消し',
  'put-it-back': 'ターゲットの再登録',
  snooze: '再通知の設定',
  mute: 'ミュート',
  confirm: '確認済みの設定',
  pause: 'Usher の一時停止',
  resume: 'Usher の再開',
  drain: 'ドレイン',
  keep: '保持',
  sweep: '巡回',
};

const example = ({ right, parameter, yours, distributionId }: NotAllowed): string => {
  const [user = yours] = yours.split('@');
  switch (parameter) {
    case 'slackTeamId':
    case 'readChannels':
      return `${parameter}: ${yours}`;
    case 'writers':
      return `writers: '${right}=${user}'`;
    case 'distributionWriters':
      return `distributionWriters: '${distributionId}=${user}'`;
  }
};

const who = (allowed: readonly string[]): Phrase => {
  const more = allowed.length - IDS_SHOWN;
  return [
    ...joined(
      allowed.slice(0, IDS_SHOWN).map((id) => [code(id)]),
      '、',
    ),
    ...(more > 0 ? [words(` ほか${more}件`)] : []),
  ];
};

const notAllowed = (refusal: NotAllowed): AnswerWords => ({
  emoji: 'no_entry',
  headline: { strong: say`許可されていません：${words(RIGHT[refusal.right])}`, rest: say`（変更なし）` },
  lines: [
    refusal.allowed.length === 0
      ? say`許可されている人がまだいません。${code('serverless.yml')} の ${code(refusal.parameter)} が空です。`
      : say`${code('serverless.yml')} の ${code(refusal.parameter)} で許可されているのは${refusal.distributionId === undefined ? [] : say`（${code(refusal.distributionId)}）`}：${who(refusal.allowed)}。この操作は ${code(refusal.yours)} からです。`,
    say`${strong(say`次の手順：`)} 許可されている人に依頼するか、Usher をデプロイする人に ${code(example(refusal))} の追加を依頼してください。`,
  ],
});

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

const pressed = (
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

const places = (named: readonly Named[], limit: number): Phrase => {
  const more = named.length - NAMES_SHOWN;
  return [
    ...joined(
      named.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, limit)]),
      '・',
    ),
    ...(more > 0 ? [words(` ほか${more}件`)] : []),
  ];
};

const findings = ({
  findings: all,
  findingCount,
}: Pick<Extract<Answer, { readonly kind: 'paths-refused' }>, 'findings' | 'findingCount'>): readonly Phrase[] => {
  const shown = all.slice(0, NAMES_SHOWN).map(({ reason, said, offer }) => {
    const offered = offer === undefined ? [] : JAPANESE_INVALIDATIONS.offer(offer);
    return say`• ${code(said)}：${JAPANESE_INVALIDATIONS.finding[reason]}${offered}`;
  });
  const more = findingCount - shown.length;
  return more > 0 ? [...shown, say`…ほか${more}件`] : shown;
};

const NOT_CLEARED: Phrase = say`（削除していません）`;

type OfInvalidation = Exclude<
  Answer,
  | { readonly kind: 'help' | 'not-understood' | 'not-allowed' | 'pressed' | 'failed' | 'certificates' }
  | VerbAnswer
  | DoctorAnswer
>;

const asked = (answer: OfInvalidation, limit: number): AnswerWords => {
  switch (answer.kind) {
    case 'invalidation-taken':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: {
          strong: say`キャッシュを削除しています：${places(answer.places, limit)}`,
          rest: say`（${answer.price.paths}パス）`,
        },
        lines: [
          ...findings(answer),
          say`定価で最大 ${words(dollars(answer.price.atMostMills))}（アカウント全体で月1,000パスまで無料）。完了したらここでお知らせします。`,
        ],
      };
    case 'no-such-place':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(answer.said, limit)} のディストリビューションが見つかりません`,
          rest: NOT_CLEARED,
        },
        lines: [
          answer.suggestions.length === 0
            ? say`${strong(say`次の手順：`)} 代替ドメイン名、ID（${code('E…')}）または CloudFront のドメイン名を指定してください。`
            : say`${strong(say`次の手順：`)} もしかして：${joined(
                answer.suggestions.slice(0, IDS_SHOWN).map((name) => [code(name)]),
                '、',
              )}`,
        ],
      };
    case 'ambiguous-place':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(answer.said, limit)} のディストリビューションが複数あります`,
          rest: NOT_CLEARED,
        },
        lines: [
          say`${strong(say`次の手順：`)} ID で指定してください：${joined(
            answer.candidates.slice(0, IDS_SHOWN).map(({ name, id }) => say`${code(id)}（${outside(name, limit)}）`),
            '、',
          )}`,
        ],
      };
    case 'tenant-only-place':
      return {
        emoji: 'warning',
        headline: { strong: say`${outside(answer.said, limit)} はテナントのテンプレートです`, rest: NOT_CLEARED },
        lines: [say`${strong(say`次の手順：`)} テナントのドメインで指定してください。`],
      };
    case 'paths-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`削除できないパスがあります`,
          rest: say`（${places(answer.places, limit)}）${NOT_CLEARED}`,
        },
        lines: [...findings(answer), say`${strong(say`次の手順：`)} 修正して、もう一度お送りください。`],
      };
    case 'too-many-paths':
      return {
        emoji: 'warning',
        headline: {
          strong: say`パスが多すぎます：${answer.count}件`,
          rest: say`（${places(answer.places, limit)}）${NOT_CLEARED}`,
        },
        lines: [
          say`${strong(say`次の手順：`)} 共通のディレクトリの末尾に ${code('*')} を付けるか、すべて（${command('/*')}）を削除してください。`,
        ],
      };
  }
};

const STANDING: StandingWords = {
  fine: '正常',
  'renewing-by-itself': '自動更新',
  stuck: '更新できません（検証保留中）',
  'wont-renew': '自動更新されません',
  expired: '期限切れ',
  revoked: '失効',
  'pending-issuance': '未発行（検証保留中）',
  failed: '発行失敗',
  'could-not-check': '確認できません',
  expiring: '自動更新は不明',
  'auto-renew-off': '自動更新オフ',
  'confirm-renewal': '自動更新を要確認',
  'on-hold': '停止中',
  'not-registered': '未登録',
  'cannot-know': '期限不明',
  'renews-itself': '自動更新',
};

const ends = (table: ExpiryTable, around: AnswerSurroundings): AnswerWords => {
  const { days, rows, later, unread } = table;
  const needed = needing(table);
  const { blocks, more } = tableBlocks(
    table,
    { standing: STANDING, domain: 'ドメイン：', days: (left) => `${left}日` },
    around,
  );
  return {
    emoji: needed + unread.length === 0 ? 'white_check_mark' : 'calendar',
    headline: {
      strong:
        needed === 0
          ? say`今後${days}日間：対応が必要な証明書・ドメインは${words(unread.length === 0 ? '' : '、確認できた範囲では')}ありません`
          : say`今後${days}日間：証明書・ドメイン${rows.length}件中${needed}件に対応が必要です`,
      rest: later === 0 ? [] : say`（それより後：${later}件）`,
    },
    lines: [
      ...blocks,
      ...(more > 0 ? [say`…ほか${more}件`] : []),
      ...(unread.length > 0
        ? [
            say`読み取れず、表に含まれていないもの：${joined(
              unread.slice(0, IDS_SHOWN).map((each) => [outside(japanesePlace(each), around.nameLimit)]),
              '、',
            )}${words(unread.length > IDS_SHOWN ? ` ほか${unread.length - IDS_SHOWN}件` : '')}`,
          ]
        : []),
      needed === 0
        ? say`対応は不要です。設定は変更していません。`
        : say`${strong(say`次の手順：`)} チャンネルの各通知で手順を確認してください。設定は変更していません。`,
    ],
  };
};

/** What Usher answers in Japanese. */
export const JAPANESE_ANSWERS: AnswerCatalogue = {
  answer: (answer, around) => {
    switch (answer.kind) {
      case 'not-allowed':
        return notAllowed(answer);
      case 'pressed':
        return pressed(answer, around);
      case 'certificates':
        return ends(answer.table, around);
      case 'paused':
      case 'resumed':
      case 'not-paused':
      case 'drained':
      case 'in-no-group':
      case 'say-which':
      case 'no-such-instance':
      case 'ambiguous-instance':
      case 'kept':
      case 'not-kept':
      case 'no-such-rule':
      case 'kept-rules':
      case 'changes':
      case 'no-such-change':
      case 'sweep-ordered':
      case 'status':
        return japaneseVerbAnswer(answer, around);
      case 'url-examined':
      case 'targets-examined':
      case 'nothing-to-examine':
      case 'ambiguous-subject':
        return doctorWords(answer, around, JAPANESE_DOCTOR);
      case 'failed':
        return {
          emoji: 'warning',
          headline: { strong: say`ご依頼を実行できませんでした`, rest: say`（5回試行）` },
          lines: [
            say`原因：${code(answer.code)}。それまでに実行できたことは、別のメッセージでお知らせしています。`,
            say`${strong(say`次の手順：`)} 数分後にもう一度お送りください。実行済みのことは二度行われません。`,
          ],
        };
      default:
        return asked(answer, around.nameLimit);
    }
  },
  help: japaneseHelp,
  notUnderstoodHeadline: { strong: say`指示を理解できませんでした`, rest: say`（変更なし）` },
  said: (text) => say`受け取った内容：${quote(text)}`,
  notUnderstood: {
    UnknownVerb: say`最初の語が Usher の動詞ではありません。`,
    NoDistribution: say`ディストリビューションがわかりません。最初に代替ドメイン名、ID（${code('E…')}）または URL を書いてください。`,
    NoPaths: say`パスがありません。パスは ${code('/')}、タグは ${code('#')} で始まります。`,
    SeveralDistributions: say`複数のディストリビューションが含まれています。1つずつ指示してください。`,
    UnbalancedQuotes: say`引用符が閉じられていません。`,
    TooLong: say`長すぎて読めません。`,
  },
};
