import type { CacheWord } from '../../domain/front-door/cache.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, outside, say, strong, words } from '../phrase.ts';
import type { Facts } from './catalogue.ts';
import { id, told } from './catalogue.ts';
import type { DoctorCatalogue, FrontDoorCatalogue } from './doctor.ts';
import { JAPANESE_FINDINGS } from './japanese-findings.ts';

const ADDRESS_LIMIT = 120;

const host = ({ host: name }: Facts): Phrase => told(name, 'このホスト');
const origin = ({ origin: name }: Facts): Phrase => told(name, 'オリジン');
const balancer = ({ loadBalancer }: Facts): Phrase => told(loadBalancer, 'ロードバランサー');
const port = ({ port: number }: Facts): Phrase => (number === undefined ? [words('ポート')] : say`ポート${number}`);
const status = ({ code: number }: Facts): Phrase => id(number, 'エラー');
const address = (text: string | undefined): Phrase =>
  text === undefined ? [words('別のアドレス')] : [outside(text, ADDRESS_LIMIT)];
const names = ({ names: some }: Facts): Phrase =>
  some === undefined || some === '' ? [words('名前のない')] : [outside(some, ADDRESS_LIMIT)];

const SILENCE: Readonly<Record<string, string>> = {
  Refused: '接続が拒否されます',
  TimedOut: '時間内に応答がありません',
  Unreachable: '到達できません',
  TlsRefused: 'TLS に対応していません',
  NameNotFound: '名前が DNS にありません',
};
const silence = ({ because }: Facts): Phrase => [words(SILENCE[because ?? ''] ?? '応答がありません')];

const TRUST: Readonly<Record<string, string>> = {
  'incomplete-chain': 'に中間証明書がありません',
  'self-signed': 'が自己署名です',
  untrusted: 'の認証局をブラウザーが信頼していません',
  expired: 'の有効期限が切れています',
};
const trust = ({ trust: how }: Facts): Phrase => [words(TRUST[how ?? ''] ?? 'を信頼できません')];

const LOOKED_AT: Readonly<Record<string, string>> = {
  distributions: 'CloudFront のディストリビューション',
  balancer: 'ロードバランサー',
};

const STEP_WORDS: Readonly<Record<string, string>> = {
  page: 'ページ',
  aliases: 'DNS の宛先',
  distributions: 'CloudFront のディストリビューション',
  again: 'キャッシュの有無',
  origin: 'オリジンの名前と証明書',
  balancer: 'ロードバランサーとその先',
};
const stepsOf = ({ steps = '' }: Facts): string =>
  steps
    .split(',')
    .map((step) => STEP_WORDS[step] ?? '経路の一部')
    .join('、');

const TELL_APPLICATION: Phrase = say`アプリケーションが ${code('X-Forwarded-Proto')} を参照するように設定してください。nginx と PHP の場合：${command('fastcgi_param HTTPS $https_from_proxy;')} と ${command('map $http_x_forwarded_proto $https_from_proxy { default off; https on; }')}（ほかのフレームワークは運用手順書）`;
const TELL_ORIGIN: Phrase = say`オリジンのプロトコルを ${code('https-only')} にするか、アプリケーションが ${code('CloudFront-Forwarded-Proto')} を参照するように設定してください。HTTP で受けたロードバランサーは ${code('X-Forwarded-Proto')} に ${code('http')} を入れます`;

const protocolStep = ({ remedy }: Facts): Phrase => (remedy === 'origin' ? TELL_ORIGIN : TELL_APPLICATION);

const FRONT_DOOR: FrontDoorCatalogue = {
  NameNotFound: (facts) => ({
    cause: say`DNS に ${host(facts)} がありません`,
    next: say`ドメインの DNS にレコードを追加するか、つづりを確認してください`,
  }),
  NameNotPublic: (facts) => ({
    cause: say`${host(facts)} の宛先 ${address(facts['address'])} はインターネットのアドレスではないため、接続していません`,
    next: say`そのネットワークの中から確認するか、公開アドレスを指すようにしてください`,
  }),
  NameLeadsElsewhere: (facts) => ({
    cause: say`${host(facts)} は ${id(facts['distribution'], 'ディストリビューション')} の代替ドメイン名ですが、CloudFront を通らず ${address(facts['address'])} が応答しています`,
    next: say`DNS の宛先を ${address(facts['domain'])} にするか、代替ドメイン名から外してください`,
  }),
  NothingListens: (facts) => ({
    cause: say`${host(facts)} の${port(facts)}：${silence(facts)}`,
    next: say`リスナーがあること、セキュリティグループが利用者を許可していることを確認してください`,
  }),
  NoTls: (facts) => ({
    cause: say`${host(facts)} の${port(facts)}は TLS に対応していません`,
    next: say`証明書を付けた HTTPS リスナーを追加してください`,
  }),
  NotHttp: (facts) => ({
    cause: say`${host(facts)} の${port(facts)}の応答が HTTP ではないか、途中で切れています`,
    next: say`そのポートで動いているものを確認してください`,
  }),
  PortNotAsked: (facts) => ({
    cause: say`${port(facts)}はウェブ以外のサービスのポートのため、接続していません`,
    next: say`ページの URL を指定してください`,
  }),
  CertificateOtherName: (facts) => ({
    cause: say`${host(facts)} の利用者に ${names(facts)} の証明書が表示されています`,
    next: say`この名前を含む証明書を、ディストリビューション（us-east-1）またはリスナーに設定してください`,
  }),
  CertificateExpired: (facts) => ({
    cause: say`${host(facts)} の証明書の有効期限が切れています`,
    next: say`更新した証明書を設定してください。ほかの期限は ${command('/usher certificates')} で確認できます`,
  }),
  CertificateUntrusted: (facts) => ({
    cause: say`${host(facts)} の証明書${trust(facts)}`,
    next: say`公開された認証局の証明書を、中間証明書とともに設定してください`,
  }),
  NoDistributionHasName: (facts) => ({
    cause: say`${host(facts)} は CloudFront を指していますが、このアカウントにこの名前のディストリビューションがありません`,
    next: say`この名前を含む証明書とともに、代替ドメイン名に追加してください`,
  }),
  DistributionDisabled: (facts) => ({
    cause: say`${id(facts['distribution'], 'ディストリビューション')} が無効です`,
    next: say`有効にしてください`,
  }),
  DistributionDeploying: (facts) => ({
    cause: say`${id(facts['distribution'], 'ディストリビューション')} はデプロイ中です。場所によっては以前の設定で応答します`,
    next: say`数分後にもう一度確認してください`,
  }),
  ProtocolLoop: (facts) => ({
    cause: say`http と https が互いにリダイレクトしています。応答する側が、HTTP でアクセスされたと判断しています`,
    next: protocolStep(facts),
  }),
  RedirectLoop: (facts) => ({
    cause: say`リダイレクトが循環し、${address(facts['to'])} に戻ります`,
    next: say`どちらかのリダイレクトの設定を外してください`,
  }),
  TooManyRedirects: (facts) => ({
    cause: say`${told(facts['count'], '何')}回リダイレクトしてもページに着きません`,
    next: say`最初のリダイレクトで、直接ページを指すようにしてください`,
  }),
  RedirectToPlain: (facts) => ({
    cause: say`https から、暗号化されない ${address(facts['to'])} へリダイレクトしています`,
    next: protocolStep(facts),
  }),
  S3Redirect: (facts) => ({
    cause: say`S3 が利用者を ${address(facts['to'])} へ移動させ（307）、バケットが拒否します。オリジンがバケットのグローバルな名前です`,
    next: say`オリジンをリージョンの名前 ${code('BUCKET.s3.REGION.amazonaws.com')} にしてください`,
  }),
  OriginCertificateOtherName: (facts) => ({
    cause: say`オリジン ${origin(facts)} の証明書は ${names(facts)} のもので、オリジンの名前とも、CloudFront が送る ${code('Host')} とも一致しません`,
    next: say`${host(facts)} を含む証明書にして ${code('Host')} を転送するか、オリジンの名前を証明書に合わせてください`,
  }),
  OriginCertificateInvalid: (facts) => ({
    cause: say`オリジン ${origin(facts)} の証明書${trust(facts)}`,
    next: say`公開された認証局の証明書を、中間証明書とともに設定してください`,
  }),
  OriginSilent: (facts) => ({
    cause: say`オリジン ${origin(facts)} の${port(facts)}：${silence(facts)}`,
    next: say`オリジンの名前とポート、リスナーの有無を確認してください`,
  }),
  ListenerMissing: (facts) => ({
    cause: say`${balancer(facts)} の${port(facts)}にリスナーがありません`,
    next: say`リスナーを追加するか、リスナーのあるポートを指定してください`,
  }),
  S3Denied: (facts) => ({
    cause: say`S3 が ${address(facts['path'])} を拒否しました。オブジェクトがないか、バケットポリシーがディストリビューションを許可していません`,
    next: say`オブジェクトの有無と、ポリシーで ${code('cloudfront.amazonaws.com')} の読み取りを許可していることを確認してください`,
  }),
  BalancerAnswered: (facts) => ({
    cause: say`${balancer(facts)} 自身が ${status(facts)} を返しました（ターゲットの応答なし）`,
    next: say`${command('/usher doctor')} にターゲットグループ名を付けて、ターゲットを確認してください`,
  }),
  FrontAnswered: (facts) => ({
    cause: say`CloudFront 自身が ${status(facts)} を返しました。原因は見つかりません`,
    next: say`オリジンのネットワークの中からアクセスし、応答時間を確認してください`,
  }),
  ApplicationFails: (facts) => ({
    cause: say`アプリケーションが ${status(facts)} を返しました`,
    next: say`アプリケーションのログを確認してください`,
  }),
  PageMissing: (facts) => ({
    cause: say`ページがありません（${status(facts)}）`,
    next: say`パスを確認してください。経路は正常です`,
  }),
  RequestRefused: (facts) => ({
    cause: say`ログインも Cookie もない利用者は ${status(facts)} で拒否されます`,
    next: say`意図していない場合は、アプリケーションのログと、ディストリビューションやロードバランサーのウェブ ACL（WAF）を確認してください`,
  }),
  CookieCached: () => ({
    cause: say`CloudFront が、1人の利用者の Cookie（${code('Set-Cookie')}）をキャッシュから全員に返しています`,
    next: say`Cookie を設定するページをキャッシュしないようにし（${code('Cache-Control: private')}）、キャッシュを削除してください。セッションが共有されるおそれがあります`,
  }),
  ErrorCached: (facts) => ({
    cause: say`CloudFront がエラー ${status(facts)} をキャッシュしています（${told(facts['seconds'], '数')}秒経過）`,
    next: say`ページの復旧後、${command('/invalidate')} に URL を付けて削除してください`,
  }),
  PlainSubresources: (facts) => ({
    cause: say`https のページが、暗号化されない http で${told(facts['count'], '数')}件を読み込み、ブラウザーにブロックされます：${address(facts['first'])}`,
    next: TELL_APPLICATION,
  }),
  TimeRanOut: (facts) => ({
    cause: say`時間切れのため、確認できなかった（または途中の）項目があります：${words(stepsOf(facts))}`,
    next: say`もう一度実行してください。遅かった応答が返る場合があります`,
  }),
  CouldNotLook: (facts) => ({
    cause: say`${words(LOOKED_AT[facts['what'] ?? ''] ?? '経路の一部')}を読み取れません：${told(facts['why'], '理由は不明')}`,
    next: say`Usher のロールに読み取りを許可して、もう一度確認してください`,
  }),
};

const NOT_CACHED: Readonly<Record<string, Phrase>> = {
  Policy: say`ビヘイビアのポリシーがキャッシュしない設定です`,
  Told: say`${code('Cache-Control')} の指定`,
  Cookie: say`Cookie を設定しています`,
};

const cache = (word: CacheWord): Phrase => {
  switch (word.kind) {
    case 'cached':
      return say`キャッシュ：あり${words(word.ageSeconds === undefined ? '' : `（${word.ageSeconds}秒経過）`)}`;
    case 'cached-now':
      return say`キャッシュ：あり（今回のアクセスで保存されました）`;
    case 'not-cached':
      return say`キャッシュ：なし${word.because === undefined ? [] : say`（${NOT_CACHED[word.because] ?? []}）`}`;
    case 'no-cloudfront':
      return say`キャッシュ：CloudFront の応答ではありません`;
    case 'unknown':
      return say`キャッシュ：不明`;
  }
};

const found = (problems: number): string => (problems === 0 ? '問題は見つかりません' : `問題が${problems}件あります`);

/** What `doctor` says in Japanese. */
export const JAPANESE_DOCTOR: DoctorCatalogue = {
  frontDoor: FRONT_DOOR,
  findings: JAPANESE_FINDINGS,
  pageHeadline: ({ page, problems, status: answered }) => ({
    strong: say`${page}：${words(found(problems))}`,
    rest: [words(answered === undefined ? '（応答なし）' : `（応答 ${answered}）`)],
  }),
  targetsHeadline: ({ subject, what, problems, groups, late }) => ({
    strong: say`${subject}：${words(late && problems === 0 ? '時間切れです' : found(problems))}`,
    rest: [
      words(
        late && groups === 0
          ? '（確認できた項目なし）'
          : what === 'target-group'
            ? ''
            : `（ターゲットグループ${groups}件）`,
      ),
    ],
  }),
  way: (stations) => say`経路：${stations}`,
  groupHealth: ({ healthy, total }, name) => say`${name} ${words(`${total}台中${healthy}台が正常`)}`,
  cause: (owner, sentence) => (owner === undefined ? say`• ${sentence}。` : say`• ${owner}：${sentence}。`),
  more: (count) => say`… ほか${count}件`,
  next: (step) => say`${strong(say`次の手順：`)} ${step}。`,
  nothingToDo: say`対応は不要です。`,
  cache,
  asked: (requests) => say`Cookie のない利用者として${requests}回アクセスしました。`,
  nothingChanged: say`設定は変更していません。`,
  inNoGroup: say`どのターゲットグループにも登録されていません。`,
  notToTheEnd: say`時間切れのため、一部を確認できませんでした。${strong(say`次の手順：`)} もう一度実行してください。`,
  tooLate: (said) => ({
    emoji: 'warning',
    headline: { strong: say`時間切れのため ${said} を確認できませんでした`, rest: say`（AWS の応答が遅延・変更なし）` },
    lines: [say`${strong(say`次の手順：`)} 1分ほどおいて、もう一度実行してください。`],
  }),
  nothingToExamine: (said) => ({
    emoji: 'warning',
    headline: { strong: say`${said} が見つかりません`, rest: say`（変更なし）` },
    lines: [
      say`${strong(say`次の手順：`)} URL、ターゲットグループ、ロードバランサー、またはインスタンスの ${code('Name')} か ID を指定してください。`,
    ],
  }),
  ambiguous: (said, ids) => ({
    emoji: 'warning',
    headline: { strong: say`${said} という名前のインスタンスが複数あります`, rest: say`（変更なし）` },
    lines: [say`${strong(say`次の手順：`)} ID を指定してください：${ids}`],
  }),
};
