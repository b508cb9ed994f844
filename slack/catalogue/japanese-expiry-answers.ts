import type { ExpiryTable } from '../../domain/expiry/report.ts';
import { joined, outside, say, strong, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import { IDS_SHOWN } from './answers.ts';
import type { StandingWords } from './expiry-table.ts';
import { needing, tableBlocks } from './expiry-table.ts';
import { japanesePlace } from './places.ts';

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

/** The table of certificates and domains with what waits for a person. */
export const japaneseExpiryAnswer = (table: ExpiryTable, around: AnswerSurroundings): AnswerWords => {
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
