import type { ServedCertificateWrong } from '../../domain/expiry/report.ts';
import type { Phrase } from '../phrase.ts';
import { joined, outside, say, words } from '../phrase.ts';
import type { ExpiryCatalogue, ExpirySurroundings } from './expiry.ts';
import { and, inDays, NAMES_SHOWN, NO_LINE, NOTHING_TO_DO, next, on, told } from './japanese-expiry-phrases.ts';

const served = ({ host, port }: { readonly host: string; readonly port: number }, limit: number): Phrase =>
  say`${outside(host, limit)}${words(port === 443 ? '' : `:${port}`)}`;

const servedHeadline = (body: ServedCertificateWrong, around: ExpirySurroundings, limit: number) => {
  const place = served(body, limit);
  const { servedNotAfter: endsAt, daysLeft } = body;
  switch (body.finding) {
    case 'expired':
      return {
        strong: say`${place}：HTTPS が使えません${words(endsAt === undefined ? '' : `（${around.times.day(endsAt)}から）`)}`,
        rest: say` 配信中の証明書が期限切れです`,
      };
    case 'expiring':
      return {
        strong: say`${place}：${words(inDays(daysLeft))} HTTPS が使えなくなります${words(on(daysLeft, endsAt, around))}`,
        rest: say` 配信中の証明書の期限です`,
      };
    case 'not-the-attached':
      return {
        strong: say`${place}：設定と異なる証明書が配信されています`,
        rest: endsAt === undefined ? NO_LINE : say`（期限 ${words(around.times.date(endsAt))}）`,
      };
    case 'name-mismatch':
      return { strong: say`${place}：ブラウザーが証明書を拒否します`, rest: say` 別のドメイン名の証明書です` };
    case 'incomplete-chain':
      return { strong: say`${place}：一部の利用者が接続できません`, rest: say` 中間証明書がありません` };
    case 'untrusted':
      return { strong: say`${place}：ブラウザーが証明書を拒否します`, rest: say` 信頼されていない認証局です` };
    case 'could-not-connect':
      return { strong: say`${place}：HTTPS を確認できません`, rest: say` ここから接続できませんでした` };
  }
};

const SERVED_EFFECT: Readonly<Record<ServedCertificateWrong['finding'], string>> = {
  expired: '利用者への影響：あり。サイトの代わりに警告が表示されます。',
  expiring: '利用者への影響：期限まではありません。',
  'not-the-attached': '利用者への影響：配信中の証明書が有効な間はありません。',
  'name-mismatch': '利用者への影響：あり。サイトの代わりに警告が表示されます。',
  'incomplete-chain':
    '利用者への影響：あり（推定）。多くのブラウザーは自動で補いますが、アプリやメールなどのプログラムは接続できません。',
  untrusted: '利用者への影響：あり（認証局を手動で登録した端末を除く）。',
  'could-not-connect': '利用者への影響：不明。Usher のいる場所からだけ接続できない可能性もあります。',
};

const SERVED_STEP: Readonly<Record<ServedCertificateWrong['finding'], Phrase>> = {
  expired: say`${next(say`配信元で有効な証明書に差し替え`)}`,
  expiring: say`${next(say`配信元の証明書を更新。`)}ACM にはすでに新しい証明書がある可能性があります。`,
  'not-the-attached': say`${next(say`このドメイン名の DNS の向き先を確認。`)}別のサーバー・ロードバランサー・リスナーが応答しています。`,
  'name-mismatch': say`${next(say`このドメイン名を含む証明書に差し替えるか、DNS の向き先を修正`)}`,
  'incomplete-chain': say`${next(say`中間証明書を含む証明書チェーンを設定。`)}インポートした証明書はチェーン付きで再インポートしてください。`,
  untrusted: say`${next(say`パブリック認証局の証明書（ACM など）に差し替え`)}`,
  'could-not-connect': say`${next(say`利用者も接続できない場合は、ロードバランサーから確認。`)}意図して閉じている場合は、監視の対象から外してください。`,
};

const servedEvidence = (
  { servedNames, servedNotAfter, issuer, attached, detail }: ServedCertificateWrong,
  { times }: ExpirySurroundings,
): Phrase => {
  const shown = servedNames.slice(0, NAMES_SHOWN).map((name) => [outside(name)]);
  const parts: readonly Phrase[] = [
    ...(shown.length === 0
      ? []
      : [
          say`配信中：${and(shown, servedNames.length - shown.length)}${issuer === undefined ? [] : say`、発行者 ${outside(issuer)}`}${servedNotAfter === undefined ? [] : say`、期限 ${words(times.date(servedNotAfter))}`}。`,
        ]),
    ...(attached === undefined ? [] : [say`設定：${outside(attached.name)}。`]),
    ...(detail === undefined ? [] : [say`原因：${told(detail)}`]),
  ];
  return joined(parts, '');
};

/** What Usher says in Japanese about certificates as servers serve them. */
export const JAPANESE_SERVED_CERTIFICATES: Pick<ExpiryCatalogue, 'servedWrong' | 'servedRight'> = {
  servedWrong: {
    headline: servedHeadline,
    effect: ({ finding }) => [words(SERVED_EFFECT[finding])],
    next: ({ finding }) => SERVED_STEP[finding],
    evidence: servedEvidence,
    closing: () => say`1日ごとに確認し、ここでお知らせします。設定は変更していません。`,
  },
  servedRight: {
    headline: (body, { times }, limit) => ({
      strong: say`${served(body, limit)}：正しい証明書が配信されています。`,
      rest: say` 期限：${words(times.date(body.notAfter))}。${NOTHING_TO_DO}`,
    }),
    effect: () => NO_LINE,
    next: () => NO_LINE,
    evidence: () => NO_LINE,
    closing: () => NO_LINE,
  },
};
