import type { CertificateUse } from '../../domain/expiry/certificate.ts';
import type { CertificatesNeedAction, ReportedCertificate, ReportedRecord } from '../../domain/expiry/report.ts';
import type { StuckBecause, WontRenewBecause } from '../../domain/expiry/standing.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { ExpiryCatalogue, ExpirySurroundings } from './expiry.ts';
import {
  firstNames,
  goesOnByItself,
  importCommand,
  isOpen,
  isWholeRegion,
  isWhollyUnused,
  recordsMatter,
  stuckOn,
} from './expiry.ts';
import { and, inDays, NAMES_SHOWN, NO_LINE, NOTHING_TO_DO, next, on, told } from './japanese-expiry-phrases.ts';

const USES_SHOWN = 3;

const MAILBOXES_SHOWN = 5;

const WHOLE_NAME = 64;

const KIND: Readonly<Record<CertificateUse['kind'], string>> = {
  cloudfront: 'CloudFront',
  alb: 'ALB',
  nlb: 'NLB',
  classic: 'Classic Load Balancer',
  'api-gateway': 'API Gateway',
  other: 'AWS',
};

/** `CloudFront E1ABC（us-east-1）`、`ALB web-alb :443（東京）` */
const use = (
  { kind, name, id, region, port }: CertificateUse,
  certificate: string,
  around: ExpirySurroundings,
): Phrase => {
  if (kind !== 'cloudfront')
    return say`${words(KIND[kind])} ${outside(name)}${words(port === undefined ? '' : ` :${port}`)}（${outside(around.place(region))}）`;
  return say`${words(KIND[kind])} ${name === certificate || name === id ? [] : say`${outside(name)} `}${code(id)}（${outside(region)}）`;
};

const usesOf = (certificates: readonly ReportedCertificate[], around: ExpirySurroundings): Phrase => {
  const all = certificates.flatMap(({ name, uses }) => uses.map((each) => use(each, name, around)));
  return and(all.slice(0, USES_SHOWN), all.length - USES_SHOWN);
};

/** `www.example.co.jp`; `www.example.co.jp ほか2件` where the certificates are of different names. */
const subject = (certificates: readonly ReportedCertificate[], limit: number): Phrase => {
  const [first = '', ...others] = firstNames(certificates);
  return say`${outside(first, limit)}${words(others.length > 0 ? ` ほか${others.length}件` : '')}`;
};

const otherNames = ({ otherNames: count }: ReportedCertificate): Phrase =>
  count === 0 ? [] : [words(`ほかに${count}個のドメイン名を含みます。`)];

const effectOf = ({ certificates, standing }: CertificatesNeedAction, around: ExpirySurroundings): Phrase => {
  const [first] = certificates;
  if (first === undefined) return [];
  if (standing.kind === 'could-not-check')
    return say`利用者への影響：不明。読み取れなかっただけで、証明書の状態は判断できません。`;
  if (certificates.length > 1) {
    const names = and(
      certificates
        .slice(0, NAMES_SHOWN)
        .map(({ name, region }) => say`${outside(name)}（${outside(around.place(region))}）`),
      certificates.length - NAMES_SHOWN,
    );
    const matter = recordsMatter(standing) ? '同じレコードを待つ証明書' : '同じ状態の証明書';
    return say`${words(matter)}が${certificates.length}件：${isWhollyUnused(certificates) ? names : usesOf(certificates, around)}`;
  }
  const used = isWhollyUnused(certificates) ? [] : say`使用中：${usesOf(certificates, around)}。`;
  switch (standing.kind) {
    case 'pending-issuance':
    case 'failed':
      return say`利用者への影響：変わりません。${used}${otherNames(first)}`;
    case 'expired':
      if (standing.isInUse) return say`利用者への影響：あり。サイトの代わりに警告が表示されます。${used}`;
      break;
    case 'revoked':
      if (standing.isInUse)
        return say`利用者への影響：あり（推定）。失効を確認するブラウザーは接続を拒否します。${used}`;
      break;
  }
  return isWhollyUnused(certificates)
    ? say`利用者への影響：なし（この証明書を使用している AWS サービスは見つかりません）。${otherNames(first)}`
    : say`${used}${otherNames(first)}`;
};

const STUCK: Readonly<Record<Exclude<StuckBecause, 'DnsRecord'>, string>> = {
  Email: '検証メールに未回答です',
  Caa: 'CAA レコードが原因です',
  NoContacts: '検証メールの宛先なし',
  DomainNotAllowed: '許可されない名前です',
  InvalidDomain: '非公開の名前が原因です',
  Denied: '検証が拒否されました',
  MoreVerification: 'AWS の追加確認待ちです',
  PrivateAuthority: 'プライベート CA が原因',
  AwsReason: 'AWS 側で停止中です',
};

const recordShort = (records: readonly ReportedRecord[]): string => {
  const open = records.filter(isOpen);
  const [first] = open.length > 0 ? open : records;
  const several = `DNSレコード${open.length}件に不備`;
  switch (first?.verdict) {
    case undefined:
      return 'DNSレコードがまだ決まっていません';
    case 'right':
      return 'AWS の確認待ちです';
    case 'missing':
      return open.length === 1 ? 'DNSレコードがありません' : several;
    case 'wrong-value':
      return open.length === 1 ? 'DNSレコードの値が違います' : several;
    case 'zone-not-asked':
      return 'DNS の委任先が違います';
    case 'could-not-ask':
      return 'DNS を確認できません';
  }
};

const WONT_RENEW: Readonly<Record<WontRenewBecause, string>> = {
  Imported: '手動の更新が必要です',
  Unused: '未使用のため更新なし',
  NotEligible: '自動更新の対象外です',
  Acme: 'ACME が未更新です',
};

const shortOf = ({ standing, records }: CertificatesNeedAction): string => {
  switch (standing.kind) {
    case 'stuck':
    case 'pending-issuance':
      return standing.because === 'DnsRecord' ? recordShort(records) : STUCK[standing.because];
    case 'wont-renew':
      return WONT_RENEW[standing.because];
    case 'failed':
      return standing.because === 'TimedOut' ? '72時間以内に検証されませんでした' : 'AWS が拒否しました';
    case 'expired':
      return standing.isInUse ? '証明書の期限切れです' : '使用されていません';
    case 'revoked':
      return standing.isInUse ? '失効した証明書を使用中です' : '使用されていません';
    case 'could-not-check':
      return '期限は不明です';
  }
};

/** What could not be checked: a whole Region, several certificates of one, or one certificate. */
const unread = (certificates: readonly ReportedCertificate[], around: ExpirySurroundings, limit: number): Phrase => {
  const [first] = certificates;
  const region = outside(around.place(first?.region ?? ''), limit);
  if (certificates.length > 1) return say`${region}：証明書${certificates.length}件を確認できません`;
  return say`${isWholeRegion(certificates) ? region : outside(first?.name ?? '', limit)}：証明書を確認できません`;
};

const headlineOf = (body: CertificatesNeedAction, around: ExpirySurroundings, limit: number) => {
  const { certificates, standing, daysLeft } = body;
  const [first] = certificates;
  const name = subject(certificates, limit);
  const rest = say` ${words(shortOf(body))}`;
  const endsAt = first?.notAfter;
  switch (standing.kind) {
    case 'stuck':
    case 'wont-renew': {
      const what = isWhollyUnused(certificates) ? '証明書の期限が切れます' : ' HTTPS が使えなくなります';
      return {
        strong: say`${name}：${words(inDays(daysLeft))}${words(what)}${words(on(daysLeft, endsAt, around))}`,
        rest,
      };
    }
    case 'expired':
      return {
        strong: say`${name}：${words(standing.isInUse ? 'HTTPS が使えません' : '証明書の期限が切れました')}${words(endsAt === undefined ? '' : `（${around.times.day(endsAt)}${standing.isInUse ? 'から' : ''}）`)}`,
        rest,
      };
    case 'revoked':
      return {
        strong: say`${name}：${words(standing.isInUse ? 'HTTPS が使えない可能性があります' : '証明書が失効しました')}`,
        rest,
      };
    case 'pending-issuance':
      return { strong: say`${name}：証明書はまだ発行されていません`, rest };
    case 'failed':
      return { strong: say`${name}：証明書が発行されませんでした`, rest };
    case 'could-not-check':
      return { strong: unread(certificates, around, limit), rest };
  }
};

const zoneOf = (records: readonly ReportedRecord[]): Phrase => {
  const zones = [...new Set(records.map(({ zone }) => zone))];
  const [zone] = zones;
  return zones.length === 1 && zone !== undefined ? say`（ゾーン ${outside(zone)}）` : [];
};

const recordStep = (records: readonly ReportedRecord[]): Phrase => {
  const open = records.filter(isOpen);
  const [first] = open;
  if (records.length === 0)
    return say`${strong(say`次の手順：`)} 現時点では不要です。レコードは1分ほどで決まり、ここでお知らせします。`;
  if (first === undefined)
    return say`${strong(say`次の手順：`)} レコードはそのままにしてください。AWS の確認には数時間かかることがあります。`;
  const what = open.length === 1 ? 'CNAME ' : `CNAME ${open.length}件`;
  const hosted = open.every(({ hostedZoneId }) => hostedZoneId === first.hostedZoneId) ? first.hostedZoneId : undefined;
  if (open.every(({ verdict }) => verdict === 'could-not-ask'))
    return say`${next(say`次の ${words(what)}が DNS にあるか確認`)}${zoneOf(open)}`;
  if (first.verdict === 'zone-not-asked')
    return first.askedServer === undefined
      ? say`${next(say`レジストラーでドメインの委任先をこのホストゾーンのネームサーバーに変更`)}${zoneOf(open)}`
      : say`${next(say`ドメインの委任先の DNS に ${words(what)}を追加`)}${zoneOf(open)}`;
  const verb = open.every(({ verdict }) => verdict === 'wrong-value') ? '修正' : '追加';
  if (hosted !== undefined)
    return say`${next(say`Route 53 で ${words(what)}を${words(verb)}`)}（ホストゾーン ${code(hosted)}）`;
  return say`${next(say`DNS事業者の管理画面で ${words(what)}を${words(verb)}`)}${zoneOf(open)}`;
};

const BY_DNS = say`DNS 検証でリクエストし直せば、この作業は不要になります。`;

const mailboxes = (emails: readonly string[]): Phrase =>
  emails.length === 0
    ? []
    : say`（送信先：${and(
        emails.slice(0, MAILBOXES_SHOWN).map((each) => [code(each)]),
        emails.length - MAILBOXES_SHOWN,
      )}）`;

const stuckStep = (because: StuckBecause, { records, emails, certificates }: CertificatesNeedAction): Phrase => {
  const name = certificates[0]?.name ?? '';
  switch (because) {
    case 'DnsRecord':
      return recordStep(records);
    case 'Email':
      return say`${next(say`AWS からの検証メールのリンクを開いて承認`)}${mailboxes(emails)}。${BY_DNS}`;
    case 'Caa':
      return say`${next(say`${outside(name)}（または上位ドメイン）の CAA レコードで Amazon を許可：`)} ${command('0 issue "amazon.com"')}（ワイルドカードは ${command('0 issuewild "amazon.com"')} も）`;
    case 'NoContacts':
      return say`${next(say`ドメインで検証メールを受信できるようにする`)}（例：${code(`admin@${name.replace(/^\*\./, '')}`)}、MX レコードが必要）。${BY_DNS}`;
    case 'DomainNotAllowed':
      return say`${next(say`AWS サポートに理由を問い合わせ`)}（危険なサイトとして登録されている可能性があります。VirusTotal で確認できます）。`;
    case 'InvalidDomain':
      return say`${next(say`パブリックドメインだけで証明書をリクエスト。`)}社内だけの名前にはプライベート CA が必要です。`;
    case 'Denied':
      return say`${next(say`だれが拒否したかを確認し、DNS 検証でリクエストし直す`)}`;
    case 'MoreVerification':
      return say`${next(say`AWS サポートに連絡。`)}このドメイン名の発行前に、AWS が追加情報を求めています。`;
    case 'PrivateAuthority':
      return say`${next(say`AWS Private CA で CA の状態を確認`)}（アクティブか、このアカウントに共有されているか、上限内か）。`;
    case 'AwsReason':
      return say`${next(say`ACM で証明書のステータスを確認`)}`;
  }
};

const renewalStep = (because: WontRenewBecause, certificate: ReportedCertificate): Phrase => {
  switch (because) {
    case 'Imported':
      return say`${next(say`新しい証明書を同じ ARN に再インポート（関連付けは変わりません）：`)}${importCommand(certificate)}`;
    case 'Unused':
      return say`${next(say`削除するか、使用する場所に関連付け。`)}自動更新されるのは使用中の証明書だけです。`;
    case 'NotEligible':
      return say`${next(say`DNS 検証で新しい証明書をリクエストし、期限までに差し替え`)}`;
    case 'Acme':
      return say`${next(say`ACME クライアントが更新しない原因を確認。`)}AWS は更新しません。`;
  }
};

const stepOf = (body: CertificatesNeedAction): Phrase => {
  const { standing, certificates } = body;
  const [first] = certificates;
  if (first === undefined) return [];
  switch (standing.kind) {
    case 'stuck':
    case 'pending-issuance':
      return stuckStep(standing.because, body);
    case 'failed': {
      const because = stuckOn(standing.awsReason);
      if (standing.because === 'TimedOut')
        return say`${next(say`DNS 検証でリクエストし直し、72時間以内に CNAME を追加`)}`;
      return because === undefined
        ? say`${next(say`原因を取り除き、DNS 検証でリクエストし直す`)}`
        : say`${stuckStep(because, body)} その後、リクエストし直してください（失敗したリクエストは再開できません）。`;
    }
    case 'wont-renew':
      return renewalStep(standing.because, first);
    case 'expired':
      return standing.isInUse
        ? say`${next(say`今すぐ有効な証明書に差し替え。`)}インポートした証明書は同じ ARN に再インポートできます。`
        : say`${next(say`削除。`)}もう使い道はありません。`;
    case 'revoked':
      return standing.isInUse
        ? say`${next(say`今すぐ別の証明書に差し替え。`)}失効の理由も確認してください。`
        : say`${next(say`削除。`)}もう使えません。`;
    case 'could-not-check':
      return say`${next(say`アクセス許可がない場合は、Usher のロールに読み取りを許可`)}`;
  }
};

const RECORDS_TOLD = 3;

/** What a server answered, without its full stop. */
const answerOf = (record: ReportedRecord, around: ExpirySurroundings): Phrase => {
  const { verdict, foundValues, hostedZoneId, lastSeenAt } = record;
  const before = lastSeenAt === undefined ? [] : [`${around.times.dayOfYear(lastSeenAt)} には存在`];
  const aside = (...notes: readonly string[]): Phrase => (notes.length === 0 ? [] : [words(`（${notes.join('、')}）`)]);
  switch (verdict) {
    case 'right':
      return say`レコードあり`;
    case 'missing':
      return say`レコードなし${aside(...before)}`;
    case 'wrong-value': {
      const values = and(
        foundValues.slice(0, 2).map((value) => [code(value)]),
        foundValues.length - 2,
      );
      return say`別の値${foundValues.length === 0 ? [] : say` ${values}`}${aside(...before)}`;
    }
    case 'zone-not-asked':
      return say`${words(record.askedServer === undefined ? '応答なし' : 'レコードなし')}。このアカウントの Route 53 ホストゾーン${hostedZoneId === undefined ? [] : say` ${code(hostedZoneId)} `}にはありますが、ドメインは別の DNS に委任されています`;
    case 'could-not-ask':
      return say`応答なし${aside('レコードの有無は不明', ...before)}`;
  }
};

/** Whom the answers are of: one server by its name, several together. */
const askedServers = (records: readonly ReportedRecord[]): Phrase => {
  const [server, ...others] = new Set(records.map(({ askedServer }) => askedServer));
  if (others.length > 0) return say`各ネームサーバー`;
  return say` ${server === undefined ? say`DNS` : outside(server, WHOLE_NAME)} `;
};

const asked = (records: readonly ReportedRecord[], around: ExpirySurroundings): Phrase => {
  const told = records.filter(isOpen);
  const all = told.length > 0 ? told : records;
  const [first] = all;
  if (first === undefined) return [];
  const server = askedServers(all);
  const at = words(around.times.clock(around.at));
  const same = all.every(
    ({ verdict, lastSeenAt, foundValues }) =>
      verdict === first.verdict && lastSeenAt === first.lastSeenAt && foundValues.length === 0,
  );
  if (all.length === 1 || same)
    return say`${at} に${server}へ問い合わせ：${words(all.length === 1 ? '' : 'いずれも')}${answerOf(first, around)}`;
  return say`${at} に${server}へ問い合わせ：${joined(
    all.slice(0, RECORDS_TOLD).map((record) => say`${code(record.relativeName)} は${answerOf(record, around)}`),
    '、',
  )}${words(all.length > RECORDS_TOLD ? `、…ほか${all.length - RECORDS_TOLD}件` : '')}`;
};

const evidenceOf = (body: CertificatesNeedAction, around: ExpirySurroundings): Phrase => {
  const { standing, records } = body;
  switch (standing.kind) {
    case 'stuck':
      return standing.because === 'DnsRecord' || standing.awsReason === undefined
        ? asked(records, around)
        : say`AWS の理由：${code(standing.awsReason)}`;
    case 'pending-issuance':
      return asked(records, around);
    case 'failed':
      return standing.awsReason === undefined ? [] : say`AWS の理由：${code(standing.awsReason)}`;
    case 'could-not-check':
      return say`原因：${told(standing.why)}`;
    default:
      return [];
  }
};

const every = (seconds: number | undefined): string => {
  if (seconds === undefined) return '1日ごとに';
  if (seconds < 2_700) return `${Math.max(1, Math.round(seconds / 60))}分ごとに`;
  const hours = Math.max(1, Math.round(seconds / 3_600));
  return hours >= 24 ? '1日ごとに' : `${hours}時間ごとに`;
};

/** `追加`, `修正` or, of what is no record, `対応`. */
const done = ({ standing, records }: CertificatesNeedAction): string => {
  if (!recordsMatter(standing)) return '対応';
  const open = records.filter(isOpen);
  return open.length > 0 && open.every(({ verdict }) => verdict === 'wrong-value') ? '修正' : '追加';
};

/** What follows once somebody has done the step, where AWS then goes on by itself. */
const afterwards = (body: CertificatesNeedAction): Phrase => {
  const { standing, records } = body;
  if (standing.kind !== 'stuck' && standing.kind !== 'pending-issuance') return [];
  if (!goesOnByItself(standing.because) || (standing.because === 'DnsRecord' && records.length === 0)) return [];
  const isWaiting = standing.because === 'DnsRecord' && !records.some(isOpen);
  const then = isWaiting ? '操作は不要です。' : `${done(body)}後の操作は不要です。`;
  const state = standing.because === 'DnsRecord' || standing.because === 'Email' ? '（現在の状態：検証保留中）' : '';
  if (standing.kind === 'stuck') return say`${words(then)}AWS が自動で更新します${words(state)}。`;
  const kept = standing.because === 'DnsRecord' ? 'レコードは今後の更新にも必要です。' : '';
  return say`${words(then)}AWS が自動で発行します${words(state)}。${words(kept)}`;
};

const closingOf = (body: CertificatesNeedAction): Phrase => {
  const { standing, looksAgainEverySeconds } = body;
  return (standing.kind === 'expired' || standing.kind === 'revoked') && !standing.isInUse
    ? say`設定は変更していません。この通知は一度だけです。`
    : say`${afterwards(body)}${words(every(looksAgainEverySeconds))}確認し、ここでお知らせします。設定は変更していません。`;
};

const afterRecord = (seconds: number | undefined): Phrase => {
  if (seconds === undefined) return [];
  const minutes = Math.round(seconds / 60);
  return [words(minutes < 1 ? ' レコードの確認から1分以内です。' : ` レコードの確認から${minutes}分です。`)];
};

/** What Usher says in Japanese about certificates in ACM. */
export const JAPANESE_CERTIFICATES: Pick<ExpiryCatalogue, 'needAction' | 'settled' | 'recordsMissing'> = {
  needAction: {
    headline: headlineOf,
    effect: effectOf,
    next: stepOf,
    evidence: evidenceOf,
    closing: closingOf,
  },
  settled: {
    headline: ({ certificate, how, secondsAfterRecord }, { times }, limit) => {
      const name = outside(certificate.name, limit);
      const end: Phrase =
        certificate.notAfter === undefined ? [] : say` 新しい期限：${words(times.date(certificate.notAfter))}。`;
      switch (how) {
        case 'renewed':
          return { strong: say`${name}：ACM で更新されました。`, rest: say`${end}${NOTHING_TO_DO}` };
        case 're-imported':
          return { strong: say`${name}：証明書が再インポートされました。`, rest: say`${end}${NOTHING_TO_DO}` };
        case 'issued':
          return {
            strong: say`${name}：証明書が発行されました。`,
            rest: say`${afterRecord(secondsAfterRecord)}${certificate.uses.length === 0 ? [] : NOTHING_TO_DO}`,
          };
        case 'replaced':
          return { strong: say`${name}：別の証明書に差し替えられました。`, rest: NOTHING_TO_DO };
        case 'deleted':
          return { strong: say`${name}：証明書が削除されました。`, rest: NOTHING_TO_DO };
        case 'no-longer-used':
          return { strong: say`${name}：証明書は使用されなくなりました。`, rest: NOTHING_TO_DO };
      }
    },
    effect: () => NO_LINE,
    next: ({ how, certificate }) =>
      how === 'issued' && certificate.uses.length === 0
        ? say`${next(say`使用する場所に関連付け。`)}未使用の証明書は自動更新されません。`
        : NO_LINE,
    evidence: () => NO_LINE,
    closing: () => NO_LINE,
  },
  recordsMissing: {
    headline: ({ certificates, records }, _, limit) => ({
      strong: say`${subject(certificates, limit)}：${words(records.length === 1 ? 'DNSレコードがありません' : `DNSレコード${records.length}件がありません`)}`,
      rest: say` 次の証明書更新に必要です`,
    }),
    effect: ({ certificates, neededBy }, around) =>
      say`利用者への影響：現在はなし。${words(neededBy === undefined ? '次の自動更新' : `${around.times.date(neededBy)} からの自動更新`)}が止まるもの：${isWhollyUnused(certificates) ? subject(certificates, WHOLE_NAME) : usesOf(certificates, around)}`,
    next: ({ records }) => recordStep(records),
    evidence: ({ records }, around) => asked(records, around),
    closing: () => say`1か月ごとに確認します。設定は変更していません。`,
  },
};
