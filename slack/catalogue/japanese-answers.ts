import type { NotAllowed } from '../../domain/authorisation.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, quote, say, strong, words } from '../phrase.ts';
import type { AnswerCatalogue, AnswerWords } from './answers.ts';
import { IDS_SHOWN } from './answers.ts';
import { doctorWords } from './doctor.ts';
import { JAPANESE_DOCTOR } from './japanese-doctor.ts';
import { japaneseExpiryAnswer } from './japanese-expiry-answers.ts';
import { japaneseHelp } from './japanese-help.ts';
import { japaneseInvalidationAnswer } from './japanese-invalidation-answers.ts';
import { japanesePressed } from './japanese-pressed.ts';
import { japaneseVerbAnswer } from './japanese-verbs.ts';

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

/** What Usher answers in Japanese. */
export const JAPANESE_ANSWERS: AnswerCatalogue = {
  answer: (answer, around) => {
    switch (answer.kind) {
      case 'not-allowed':
        return notAllowed(answer);
      case 'pressed':
        return japanesePressed(answer, around);
      case 'certificates':
        return japaneseExpiryAnswer(answer.table, around);
      case 'paused':
      case 'resumed':
      case 'not-paused':
      case 'group-resumed':
      case 'group-not-stopped':
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
      case 'examination-late':
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
        return japaneseInvalidationAnswer(answer, around.nameLimit);
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
