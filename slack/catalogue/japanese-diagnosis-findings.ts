import type { DiagnosisReason } from '../../domain/diagnosis/reasons.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, words } from '../phrase.ts';
import type { Facts, FindingCatalogue } from './catalogue.ts';
import { id, nameInArn, shortName, told } from './catalogue.ts';
import { japaneseDuration } from './duration.ts';
import { group, target } from './japanese-facts.ts';

/** Characters of a number as it was told. */
const COUNT = 12;

const CHECKS: Readonly<Record<string, string>> = {
  instance: 'インスタンスのステータスチェック',
  system: 'システムのステータスチェック',
  both: 'システムとインスタンスのステータスチェック',
};

const checkName = ({ check }: Facts): Phrase => [words(CHECKS[check ?? ''] ?? 'ステータスチェック')];

const itsPort = ({ port }: Facts): Phrase => (port === undefined ? [words('ポート')] : say`ポート${port}`);

const askedParts = ({ path, matcher }: Facts): readonly Phrase[] => [
  ...(path === undefined ? [] : [[code(path)]]),
  ...(matcher === undefined ? [] : [say`成功コード：${code(matcher)}`]),
];

/** `（/health、想定 200）`: what the health check asks for and takes for well, as far as it is known. */
const asked = (facts: Facts): Phrase => {
  const parts = askedParts(facts);
  return parts.length === 0 ? [] : say`（${joined(parts, '、')}）`;
};

/** `（ポート8080、/health、…）`, where a sentence has not said the port yet. */
const askedThere = (facts: Facts): Phrase =>
  facts['port'] === undefined ? asked(facts) : say`（${joined([itsPort(facts), ...askedParts(facts)], '、')}）`;

const answers = ({ code: status }: Facts, otherwise: string): Phrase =>
  status === undefined ? [words(otherwise)] : [code(status)];

const seconds = (text: string | undefined, otherwise: string): Phrase =>
  text === undefined ? [words(otherwise)] : say`${text}秒`;

/** A time from evidence as people say it. */
const lasting = (text: string | undefined, otherwise: string): Phrase => {
  const length = Number.parseInt(text ?? '', 10);
  return [words(Number.isNaN(length) ? otherwise : japaneseDuration(length))];
};

/** What could not be read, as a person calls it. */
const READS: Readonly<Record<string, string>> = {
  'target-group': 'ターゲットグループ',
  'load-balancer': 'ロードバランサー',
  listeners: 'リスナーとルール',
  members: 'ターゲットとヘルスステータス',
  instances: 'インスタンス',
  'status-checks': 'EC2 のステータスチェック',
  'source-destination-checks': '送信元/送信先チェック',
  attributes: 'ターゲットグループとロードバランサーの属性',
  clients: 'ロードバランサーへの接続元',
  deploys: '進行中のデプロイ',
};

const readOf = ({ what }: Facts): Phrase =>
  what === undefined ? [words('一部の情報')] : READS[what] === undefined ? [outside(what)] : [words(READS[what])];

const SUBJECTS: Readonly<Record<string, string>> = {
  'target-group': 'ターゲットグループ',
  'load-balancer': 'ロードバランサー',
};

/** AWS's reason code behind a sentence of ours, for looking it up. */
const reasonCode = ({ code: reason }: Facts): Phrase => (reason === undefined ? [] : say`（${code(reason)}）`);

const DEPLOYS: Readonly<Record<string, string>> = {
  'instance-refresh': 'インスタンスの更新',
  codedeploy: 'CodeDeploy のデプロイ',
  registration: 'ターゲットの登録',
};

const deploy = ({ deploy: kind, name }: Facts): Phrase =>
  say`${words(DEPLOYS[kind ?? ''] ?? 'デプロイ')}（${told(name, '対象不明')}）`;

/** What checks say in Japanese beside the network engine and the balancer's own reason codes. */
export const JAPANESE_DIAGNOSIS_FINDINGS: Pick<FindingCatalogue, DiagnosisReason> = {
  SubjectGone: {
    short: () => say`アラームの監視対象がありません`,
    cause: ({ subject, id: arn }) =>
      say`${words(SUBJECTS[subject ?? ''] ?? 'アラームの監視対象')} ${told(nameInArn(arn), '')} がすでに存在しません`,
    next: () => say`アラームを削除するか、監視対象を現在のものに変更してください`,
  },
  WatchesElsewhere: {
    short: () => say`アラームの監視対象はここにありません`,
    cause: ({ account, region }) =>
      say`アラームの監視対象は別の場所（アカウント ${id(account, '不明')}、${told(region, '')}）にあり、Usher からは確認できません。このアカウントとリージョンのリソースのことではありません`,
    next: () => say`そのアカウントのターゲットグループを確認するか、そちらにも Usher を導入してください`,
  },
  CouldNotLook: {
    short: () => say`読み取れないものがあります`,
    cause: (facts) => say`${readOf(facts)}を読み取れませんでした（${id(facts['why'], '理由不明')}）`,
    next: () => say`拒否された場合は Usher のロールに読み取りを許可してください。それまでは直接確認してください`,
  },
  NoTargets: {
    short: () => say`登録済みのターゲットがありません`,
    cause: (facts) => say`${group(facts)} に登録済みのターゲットがありません`,
    next: (facts) => say`${group(facts)} にインスタンスを登録するか、属するインスタンスを開始してください`,
  },
  TooFewHealthy: {
    short: ({ healthy = '?', needed = '?' }) => say`正常${outside(healthy, COUNT)}台、必要${outside(needed, COUNT)}台`,
    cause: (facts) =>
      say`${group(facts)} は登録${outside(facts['of'] ?? '?', COUNT)}台のうち${outside(facts['healthy'] ?? '?', COUNT)}台が正常で、アラームが求める${outside(facts['needed'] ?? '?', COUNT)}台に足りません`,
    next: (facts) =>
      facts['of'] === facts['healthy']
        ? say`${group(facts)} にターゲットを追加するか、台数が意図と違う場合はアラームのしきい値を下げてください`
        : say`正常でないターゲットを直してください`,
  },
  StatusCheckFailed: {
    short: () => say`EC2 のステータスチェックに失敗`,
    cause: (facts) => say`${target(facts)} で、EC2 の${checkName(facts)}が失敗しています`,
    next: (facts) =>
      facts['check'] === 'instance'
        ? say`${target(facts)} を再起動し、直らなければシステムログを確認してください`
        : say`${target(facts)} を停止して開始し、別のホストに移してください（インスタンスストアのデータは失われます）`,
  },
  WarmingUp: {
    short: () => say`起動した直後です`,
    cause: ({ seconds: since, slowStartSeconds, ...facts }) =>
      slowStartSeconds === undefined
        ? say`${target(facts)} は起動から${lasting(since, '間もなく')}で、準備中の可能性があります`
        : say`${target(facts)} は起動から${lasting(since, '間もなく')}で、スロースタート（${lasting(slowStartSeconds, '時間不明')}）のため振り分けを徐々に増やしています`,
    next: () => say`数分お待ちください。続く場合は、アプリケーションの起動時間を確認してください`,
  },
  ImagesDiffer: {
    short: () => say`正常なものと AMI が異なります`,
    cause: ({ image, otherImage, ...facts }) =>
      say`${target(facts)} の AMI は ${id(image, '別のもの')}、正常なターゲットの AMI は ${id(otherImage, '別のもの')} です`,
    next: () => say`2つの AMI を比べるか、正常な方の AMI に戻してください`,
  },
  AllHealthyInOneZone: {
    short: ({ zone }) => say`正常なものが AZ ${shortName(zone, '1つ')} だけです`,
    cause: ({ zone, healthy }) =>
      say`正常なターゲット（${told(healthy, '全')}台）が AZ ${told(zone, '（不明）')} にしかなく、その AZ に障害が起きるとサイトが止まります`,
    next: () => say`別の AZ のターゲットを正常に戻すか、別の AZ で起動してください`,
  },
  ZoneWithoutTargets: {
    short: ({ zones }) => say`AZ ${shortName(zones, '')} に正常なものがありません`,
    cause: ({ zones, loadBalancer }) =>
      say`${told(loadBalancer, 'ロードバランサー')} のクロスゾーン負荷分散がオフで、AZ ${told(zones, '（不明）')} に正常なターゲットがないため、そこから入るリクエストが失敗します`,
    next: ({ zones }) =>
      say`クロスゾーン負荷分散をオンにするか、${told(zones, 'その AZ')} でターゲットを起動してください`,
  },
  FailOpen: {
    short: () => say`正常なものがなく、全台に振り分け中です`,
    cause: (facts) =>
      say`${target(facts)} がどれも正常でないため、ロードバランサーは全台に振り分けています（フェイルオープン）`,
    next: () => say`まずヘルスチェックを直してください。正常に応答したターゲットに、すべてのアクセスが戻ります`,
  },
  DeployInProgress: {
    short: () => say`デプロイ中です`,
    cause: (facts) =>
      say`${deploy(facts)}の最中で（開始から${lasting(facts['seconds'], '時間不明')}）、ターゲットが入れ替わっています`,
    next: () => say`完了をお待ちください。正常に戻らなければロールバックしてください`,
  },
  PortDiffers: {
    short: ({ port }) => say`登録ポートが異なります（${shortName(port, '不明')}）`,
    cause: ({ port, otherPort, ...facts }) =>
      say`${target(facts)} はポート${told(port, '（不明）')}で登録され、正常なターゲットはポート${told(otherPort, '（不明）')}です`,
    next: ({ otherPort, ...facts }) =>
      say`${target(facts)} を${otherPort === undefined ? [words('アプリケーションのポート')] : say`ポート${otherPort}`}で登録し直してください`,
  },
  HealthCheckPortDiffers: {
    short: ({ port }) => say`チェックのポートが異なります（${shortName(port, '不明')}）`,
    cause: ({ port, targetPort, ...facts }) =>
      say`${group(facts)} のヘルスチェックはポート${told(port, '（不明）')}ですが ${target(facts)} は応答せず、リクエストはポート${told(targetPort, '（不明）')}に送られます`,
    next: (facts) =>
      say`${group(facts)} のヘルスチェックポートをトラフィックポートにするか、そのポートで応答させてください`,
  },
  HealthCheckRedirected: {
    short: (facts) => say`ヘルスチェックがリダイレクト（${answers(facts, '3xx')}）`,
    cause: (facts) =>
      say`${target(facts)} がヘルスチェックにリダイレクト ${answers(facts, '3xx')} を返しています${askedThere(facts)}`,
    next: () =>
      say`ヘルスチェックのパスがリダイレクト（多くは https:// へ）せずに 200 を返すようにするか、成功コードに追加してください`,
  },
  HealthCheckNeedsLogin: {
    short: (facts) => say`ヘルスチェックに認証が必要です（${answers(facts, '401/403')}）`,
    cause: (facts) =>
      say`${target(facts)} がヘルスチェックに認証を求めています：${answers(facts, '401 または 403')}${askedThere(facts)}`,
    next: () => say`ヘルスチェックのパスを、認証なしで応答するようにしてください`,
  },
  HealthCheckPathMissing: {
    short: () => say`ヘルスチェックのパスがありません（404）`,
    cause: (facts) =>
      say`${target(facts)} にヘルスチェックのパスのページがありません：${answers(facts, '404')}${askedThere(facts)}`,
    next: (facts) =>
      say`${group(facts)} のヘルスチェックのパスを直すか、${id(facts['path'], 'そのパス')} に応答を用意してください`,
  },
  HealthCheckServerError: {
    short: (facts) => say`アプリケーションのエラーです（${answers(facts, '5xx')}）`,
    cause: (facts) =>
      say`${target(facts)} のアプリケーションが、ヘルスチェックに ${answers(facts, '5xx')} を返しています${askedThere(facts)}`,
    next: (facts) =>
      say`${target(facts)} で、アプリケーションのエラーログと依存先（データベース、ディスクなど）を確認してください`,
  },
  HealthCheckPlainOnTls: {
    short: (facts) => say`TLS の${itsPort(facts)}を HTTP で確認`,
    cause: (facts) =>
      say`ヘルスチェックが ${target(facts)} の${itsPort(facts)}に HTTP で接続していますが、そこは TLS のため ${answers(facts, '400')} になっています${asked(facts)}`,
    next: (facts) => say`${group(facts)} のヘルスチェックプロトコルを HTTPS に変更してください`,
  },
  HealthCheckTlsOnPlain: {
    short: (facts) => say`HTTP の${itsPort(facts)}を HTTPS で確認`,
    cause: (facts) =>
      say`ヘルスチェックが ${target(facts)} の${itsPort(facts)}に HTTPS で接続していますが、そこは HTTP です${asked(facts)}`,
    next: (facts) => say`${group(facts)} のヘルスチェックプロトコルを HTTP に変更してください`,
  },
  HealthCheckTimeoutShort: {
    short: ({ timeoutSeconds }) => say`チェックの待ち時間が${seconds(timeoutSeconds, '短時間')}だけです`,
    cause: ({ timeoutSeconds, ...facts }) =>
      say`${group(facts)} の${itsPort(facts)}へのヘルスチェックが、${target(facts)} の応答を${seconds(timeoutSeconds, '短い時間')}しか待ちません（デフォルトは5秒）`,
    next: (facts) => say`${group(facts)} のヘルスチェックのタイムアウトを延ばすか、応答が遅い原因を調べてください`,
  },
  TlsTooNew: {
    short: () => say`TLS 1.2 を拒否している可能性`,
    cause: (facts) =>
      say`この種類のロードバランサーのヘルスチェックは TLS 1.2 までで、${target(facts)} の${itsPort(facts)}が拒否している可能性があります${asked(facts)}`,
    next: (facts) => say`${target(facts)} で TLS 1.2 を許可するか、TCP か HTTP でヘルスチェックしてください`,
  },
  ApplicationRefuses: {
    short: (facts) => say`${itsPort(facts)}が応答しません`,
    cause: (facts) =>
      say`${target(facts)} でアプリケーションが起動していないか、${itsPort(facts)}で待ち受けていません${reasonCode(facts)}`,
    next: (facts) =>
      say`${target(facts)} でアプリケーションを起動し、${itsPort(facts)}で待ち受けているか確認してください`,
  },
  ApplicationSilent: {
    short: (facts) => say`${itsPort(facts)}が時間内に応答しません`,
    cause: (facts) =>
      say`${target(facts)} が${itsPort(facts)}で${seconds(facts['timeoutSeconds'], '時間')}以内に応答していません。過負荷、処理の停止、またはホスト上のファイアウォールが考えられます${reasonCode(facts)}`,
    next: (facts) => say`${target(facts)} で、負荷・アプリケーションのログ・ホストのファイアウォールを確認してください`,
  },
  SourceDestinationCheckOff: {
    short: () => say`送信元/送信先チェックがオフです`,
    cause: (facts) =>
      say`${target(facts)} の送信元/送信先チェックが、ルーターや NAT インスタンスのようにオフになっています`,
    next: (facts) => say`${target(facts)} が他の通信を中継しないなら、送信元/送信先チェックをオンにしてください`,
  },
  SourceDestinationCheckOn: {
    short: () => say`送信元/送信先チェックで破棄されます`,
    cause: (facts) =>
      say`${target(facts)} の送信元/送信先チェックがオンのため、アプライアンスが受け取るべき通信を EC2 が破棄しています`,
    next: (facts) => say`アプライアンス ${target(facts)} の送信元/送信先チェックをオフにしてください`,
  },
  ApplianceMtuTooSmall: {
    short: () => say`インスタンスタイプがジャンボフレーム非対応です`,
    cause: ({ instanceType, ...facts }) =>
      say`${target(facts)} のインスタンスタイプ ${id(instanceType, '（不明）')} は1,500バイトまでのパケットしか扱えません。Gateway Load Balancer は最大8,568バイトを送り、分割も、大きすぎるという通知もしません`,
    next: (facts) => say`${target(facts)} をジャンボフレーム（9,001バイト）対応のインスタンスタイプに変更してください`,
  },
  ApplianceMtuUnseen: {
    short: () => say`MTU は外部から確認できません`,
    cause: (facts) =>
      say`${target(facts)} に設定された MTU は外部から確認できません。Gateway Load Balancer は最大8,568バイト（8,500と GENEVE の68）のパケットを送り、分割も、大きすぎるという通知もしません`,
    next: (facts) => say`${target(facts)} で、インターフェイスの MTU が8,568以上か確認してください`,
  },
  HairpinWithPreservedAddresses: {
    short: () => say`自分自身への接続が応答しません`,
    cause: (facts) =>
      say`${told(facts['loadBalancer'], 'ロードバランサー')} でクライアント IP アドレスの保持が有効なため、ターゲットから自分自身への接続が応答しません`,
    next: (facts) =>
      say`${group(facts)} のクライアント IP アドレスの保持をオフにするか、ロードバランサーを通さずに接続してください`,
  },
  NoHealthyTarget: {
    short: () => say`応答できるターゲットがありません（503）`,
    cause: (facts) =>
      say`${target(facts)} のどれもリクエストを処理できず、ロードバランサーが ${told(facts['code'], '503')} を返しています`,
    next: (facts) => say`${group(facts)} のターゲットを正常に戻すか、登録してください`,
  },
  TargetUnreachable: {
    short: ({ code: status }) => say`ターゲットに接続できません${status === undefined ? [] : say`（${status}）`}`,
    cause: ({ code: status, ...facts }) =>
      status === undefined
        ? say`ロードバランサーから ${target(facts)} に接続できていません`
        : say`ロードバランサーから ${target(facts)} に接続できず、${status} を返しています`,
    next: () =>
      say`アプリケーションがポートで待ち受けているか、間のセキュリティグループが許可しているか確認してください`,
  },
  TargetClosedConnection: {
    short: () => say`ターゲットの切断が早すぎます（502）`,
    cause: ({ code: status, idleTimeoutSeconds }) =>
      say`ターゲットは正常ですが、ロードバランサーが使用中の接続をターゲットが切断し、${told(status, '502')} になっています（アイドルタイムアウト：${seconds(idleTimeoutSeconds, '不明')}）`,
    next: ({ idleTimeoutSeconds }) =>
      say`アプリケーションのキープアライブを${seconds(idleTimeoutSeconds, 'ロードバランサーのアイドルタイムアウト')}より長くしてください`,
  },
  ApplicationSlow: {
    short: ({ code: status }) => say`応答が遅すぎます${status === undefined ? [] : say`（${status}）`}`,
    cause: ({ code: status, idleTimeoutSeconds }) =>
      status === undefined
        ? say`アプリケーションの応答が、アラームのしきい値より遅くなっています（アイドルタイムアウト：${seconds(idleTimeoutSeconds, '不明')}）`
        : say`アプリケーションの処理がアイドルタイムアウト（${seconds(idleTimeoutSeconds, '不明')}）より長く、ロードバランサーが ${status} を返しています`,
    next: () =>
      say`アプリケーションのログで遅いリクエストを調べてください。必要な処理時間であれば、アイドルタイムアウトを延ばしてください`,
  },
  ApplicationErrors: {
    short: () => say`アプリケーションのエラーです（5xx）`,
    cause: () => say`ターゲットには接続できていますが、アプリケーション自身が 5xx を返しています`,
    next: () => say`発生時刻以降のアプリケーションのエラーログと、直前のデプロイを確認してください`,
  },
};
