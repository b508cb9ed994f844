import type { HealthReason } from '../../domain/finding.ts';
import type { Phrase } from '../phrase.ts';
import { say, words } from '../phrase.ts';
import type { Facts, FindingCatalogue } from './catalogue.ts';
import { id, shortName, told } from './catalogue.ts';
import { fromAws, group, target } from './japanese-facts.ts';

/** What a failed check of a Classic balancer may be; only HTTP has codes, and only 200 is well there. */
const failedThere = ({ check }: Facts): Phrase => [
  words(
    check?.startsWith('HTTP')
      ? '応答がない、時間内に応答しない、または 200 以外のコードを返しています'
      : '応答がないか、時間内に応答していません',
  ),
];

/** What the balancer says of a target, in Japanese. */
export const JAPANESE_HEALTH_FINDINGS: Pick<FindingCatalogue, HealthReason> = {
  'Target.ResponseCodeMismatch': {
    short: () => say`想定外の応答コードです`,
    cause: (facts) =>
      say`${target(facts)} のアプリケーションが、ヘルスチェックに想定外のコードを返しています${fromAws(facts)}`,
    next: (facts) => say`${target(facts)} で、ヘルスチェックのパスについてアプリケーションのログを確認してください`,
  },
  'Target.Timeout': {
    short: ({ port }) => say`ポート${shortName(port, '')}が時間内に応答しません`,
    cause: (facts) =>
      say`${target(facts)} がポート${told(facts['port'], '')}のヘルスチェックに時間内に応答していません。過負荷、処理の停止、またはホスト上のファイアウォールが考えられます${fromAws(facts)}`,
    next: (facts) => say`${target(facts)} で、負荷・アプリケーションのログ・ホストのファイアウォールを確認してください`,
  },
  'Target.FailedHealthChecks': {
    short: (facts) =>
      facts['check'] === undefined
        ? say`ポート${shortName(facts['port'], '')}が応答しません`
        : say`ヘルスチェック ${shortName(facts['check'], '')} に失敗しています`,
    cause: (facts) =>
      facts['check'] === undefined
        ? say`${target(facts)} でアプリケーションが起動していないか、ポート${told(facts['port'], '')}で待ち受けていません${fromAws(facts)}`
        : say`${target(facts)} がヘルスチェック ${id(facts['check'], '')} に失敗しています。${failedThere(facts)}${fromAws(facts)}`,
    next: (facts) =>
      facts['check'] === undefined
        ? say`${target(facts)} でアプリケーションを起動し、ポート${told(facts['port'], '')}で待ち受けているか確認してください`
        : say`${target(facts)} でアプリケーションを起動し、${id(facts['check'], '')} への応答を確認してください`,
  },
  'Target.NotInUse': {
    short: () => say`ロードバランサーが使用していません`,
    cause: (facts) =>
      say`${group(facts)} を使うリスナーがないか、${target(facts)} の AZ が有効になっていません${fromAws(facts)}`,
    next: () => say`リスナーのルールとロードバランサーの AZ を確認してください`,
  },
  'Target.NotRegistered': {
    short: () => say`グループに登録されていません`,
    cause: (facts) =>
      say`${target(facts)} が ${group(facts)} に登録されていません。誰か、または何かが登録を解除しました${fromAws(facts)}`,
    next: () => say`戻す前に、誰が解除したかを確認してください`,
  },
  'Target.InvalidState': {
    short: () => say`インスタンスが停止または終了しています`,
    cause: (facts) => say`${target(facts)} のインスタンスが停止または終了しています${fromAws(facts)}`,
    next: () => say`インスタンスを開始するか、新しく起動してください`,
  },
  'Target.IpUnusable': {
    short: () => say`アドレスがロードバランサーのものです`,
    cause: (facts) => say`${target(facts)} のアドレスはロードバランサーが使用しています${fromAws(facts)}`,
    next: () => say`インスタンス自身のアドレスを登録してください`,
  },
  'Target.HealthCheckDisabled': {
    short: () => say`ヘルスチェックが無効です`,
    cause: (facts) => say`${group(facts)} のヘルスチェックが無効なため、応答しているか分かりません${fromAws(facts)}`,
    next: (facts) => say`${group(facts)} のヘルスチェックを有効にしてください`,
  },
  'Target.DeregistrationInProgress': {
    short: () => say`登録解除中です`,
    cause: (facts) =>
      say`${target(facts)} は登録解除中です。誰か、または何かが ${group(facts)} から外しています${fromAws(facts)}`,
    next: () => say`意図した操作なら対応は不要です。そうでなければ、解除後に登録し直してください`,
  },
  'Elb.RegistrationInProgress': {
    short: () => say`登録処理中です`,
    cause: (facts) => say`ロードバランサーが ${target(facts)} を登録している途中です${fromAws(facts)}`,
    next: () => say`次の確認をお待ちください`,
  },
  'Elb.InitialHealthChecking': {
    short: () => say`最初のヘルスチェック中です`,
    cause: (facts) => say`${target(facts)} のヘルスチェックの回数がまだ足りません${fromAws(facts)}`,
    next: () => say`次の確認をお待ちください`,
  },
  'Elb.InternalError': {
    short: () => say`ロードバランサーの内部エラーです`,
    cause: (facts) => say`ロードバランサー自身が内部エラーを報告しています${fromAws(facts)}`,
    next: () => say`AWS Health ダッシュボードを確認し、続く場合はサポートに問い合わせてください`,
  },
  HealthReasonUnknown: {
    short: () => say`Usher の知らない理由コードです`,
    cause: (facts) => say`AWS の理由コード ${id(facts['code'], '（なし）')} を Usher は知りません${fromAws(facts)}`,
    next: () => say`Elastic Load Balancing のドキュメントで理由コードを確認してください`,
  },
};
