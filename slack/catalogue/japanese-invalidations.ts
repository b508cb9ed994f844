import { dollars } from '../../domain/invalidation/price.ts';
import type { ConfirmationReason, QueuedBecause } from '../../domain/invalidation/request.ts';
import type { AskedBy, ConfirmationWanted } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, mention, outside, quote, say, strong, words } from '../phrase.ts';
import type { InvalidationCatalogue } from './invalidations.ts';

const NAMES_SHOWN = 5;

const who = (asked: AskedBy): Phrase =>
  asked.kind === 'person' ? [mention({ kind: 'user', id: asked.userId })] : [outside(asked.source)];

const everybody = (asked: readonly AskedBy[]): Phrase => {
  const more = asked.length - NAMES_SHOWN;
  return [...joined(asked.slice(0, NAMES_SHOWN).map(who), '、'), ...(more > 0 ? [words(`ほか${more}件`)] : [])];
};

const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60)];
  if (whole < 60) return `${whole}秒`;
  if (hours > 0) return `${hours}時間${minutes % 60}分`;
  return whole % 60 === 0 ? `${minutes}分` : `${minutes}分${whole % 60}秒`;
};

const WAITING: Readonly<Record<QueuedBecause, string>> = {
  QuotaInUse: '1つのディストリビューションで同時に処理できるのは3,000パスとワイルドカード15件までで、現在使用中です。',
  TooManyInvalidationsInProgress: 'このディストリビューションで処理中のキャッシュ削除が多すぎます。',
  Throttled: 'CloudFront がリクエストの間隔を空けるよう求めています。',
  NoAnswer: 'CloudFront から応答がありません。',
  StillDeploying: 'ディストリビューションはデプロイ中です。',
  Paused: 'Usher は一時停止中です。再開後に送信します。',
};

const WHY: Readonly<Record<ConfirmationReason, string>> = {
  Everything: 'すべてのキャッシュを削除します。再びキャッシュされるまで、全リクエストがオリジンに届きます。',
  Gathered: 'パスが多すぎるため、上のワイルドカードにまとめました。指定より広い範囲が削除されます。',
  StillDeploying: 'ディストリビューションはデプロイ中です。完了前にキャッシュされたものは古い設定の可能性があります。',
};

const price = ({ price: { paths, atMostMills, sentThisMonth } }: ConfirmationWanted): string =>
  `今回：${paths}パス、定価で最大 ${dollars(atMostMills)}（アカウント全体で月1,000パスまで無料、今月 Usher 経由 ${sentThisMonth} パス）。`;

export const JAPANESE_INVALIDATIONS: InvalidationCatalogue = {
  completed: {
    headline: ({ place, pathCount, durationSeconds }, limit) => ({
      strong: say`キャッシュを削除しました：${outside(place.name, limit)}`,
      rest: say`（${pathCount}パス・${words(duration(durationSeconds))}で完了）`,
    }),
    lines: ({ askedBy, pathsThisMonth }) => [
      say`まだ古い場合　${strong(say`次の手順：`)} ブラウザーのキャッシュを無視して再読み込み（Ctrl+Shift+R）`,
      say`依頼：${everybody(askedBy)}・今月 Usher 経由 ${pathsThisMonth} パス（アカウント全体で月1,000まで無料）`,
    ],
  },
  failed: {
    headline: ({ place }, limit) => ({
      strong: say`キャッシュを削除できませんでした：${outside(place.name, limit)}`,
      rest: say``,
    }),
    lines: ({ code: reason, message, askedBy }) => [
      say`原因：${code(reason)} ${quote(message)}`,
      say`ほかは変更していません。依頼：${who(askedBy)}`,
    ],
  },
  stillRunning: {
    headline: ({ place, sinceSeconds }, limit) => ({
      strong: say`キャッシュ削除が続いています：${outside(place.name, limit)}`,
      rest: say`（${words(duration(sinceSeconds))}経過）`,
    }),
    lines: ({ askedBy }) => [
      say`CloudFront はまだ完了していません。引き続き確認し、ここでお知らせします。`,
      say`依頼：${everybody(askedBy)}`,
    ],
  },
  queued: {
    headline: ({ place, position }, limit) => ({
      strong: say`順番待ちです：${outside(place.name, limit)}`,
      rest: say`（${position}番目）`,
    }),
    lines: ({ because, askedBy }) => [
      say`${words(WAITING[because])}送信できるようになり次第、送信します。対応は不要です。`,
      say`依頼：${who(askedBy)}`,
    ],
  },
  wanted: {
    headline: ({ place, pathCount }, limit) => ({
      strong: say`${outside(place.name, limit)} のキャッシュを削除しますか（${pathCount}パス）`,
      rest: say``,
    }),
    lines: (body) => [
      joined(
        body.because.map((reason) => [words(WHY[reason])]),
        '',
      ),
      say`${words(price(body))}まだ変更していません。`,
    ],
  },
  finding: {
    Empty: say`何も指定されていません`,
    OtherHost: say`このディストリビューションのホストではありません`,
    TooLong: say`4,000文字を超えています`,
    ControlCharacter: say`制御文字を含んでいます`,
    NotUnicode: say`Unicode として正しくありません`,
    Tilde: say`CloudFront は ~ を含むパスを削除できません（エンコードしても同じです）`,
    WildcardNotLast: say`* がワイルドカードになるのは末尾だけです。途中では普通の文字です`,
    HashInPath: say`ブラウザーは # 以降を CloudFront に送りません`,
    FragmentDropped: say`# 以降は除きました`,
    SignedUrl: say`署名付き URL は ? より前だけが対象です`,
    QueryString: say`クエリ文字列はキャッシュキーに含まれる場合だけ意味があります`,
    TagsOff: say`このディストリビューションではタグが使えません（CacheTagConfig）`,
    TagMalformed: say`タグはカンマを除く ASCII の可視文字256文字までです`,
    TagWildcard: say`タグにワイルドカードは使えません`,
  },
  offer: (path) => say`。${code(path)} ではいかがですか`,
};
