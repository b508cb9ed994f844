import type { MovedBecause } from '../../domain/answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, say, words } from '../phrase.ts';
import type { BecauseCatalogue, Facts, FindingCatalogue, HopCatalogue } from './catalogue.ts';
import { id, peerOf, securityGroupOf, shortName, told } from './catalogue.ts';
import { JAPANESE_DIAGNOSIS_FINDINGS } from './japanese-diagnosis-findings.ts';
import { flow, fromAws, group, target } from './japanese-facts.ts';
import { JAPANESE_PATH_FINDINGS } from './japanese-path-findings.ts';

export const JAPANESE_BECAUSE: BecauseCatalogue = {
  OutsideVpcs: 'このステージの対象 VPC の外にあります',
  OtherStage: 'ターゲットグループが別のステージのものです',
  Ignored: 'usher:ignore が設定されています',
  NotReady: 'usher:ready の条件を待っています',
  ReportOnly: 'ポリシーが report-only（報告のみ）です',
  Ask: 'ポリシーが ask（承認制）で、まだ承認されていません',
  Held: '以前 Usher が追加し、その後削除されたため、保留しています',
  TooManyAdditions: '一度に一致した起動済みインスタンスが、承認なしで追加できる数を超えています',
  Leaving: 'AWS がこのインスタンスを間もなく停止または終了します',
  Paused: 'すべての変更を一時停止しています',
  BelowFloor: '正常なターゲットが、グループに必要な数を下回ります',
  TooManyRemovals: '1時間に外せるターゲット数の上限に達しています',
  ManagedByCode: 'セキュリティグループがコードで管理されています',
  SecurityGroupUnreadable: 'セキュリティグループを読み取れませんでした',
  Unreadable: '判断に必要な情報を読み取れませんでした',
  NotSeen: 'EC2 にインスタンスが表示されませんが、なくなったとは断定できません',
  AddressHeld: '別のネットワークインターフェイスがこのアドレスを使っています',
  ManyGoneAtOnce: 'グループの過半数が一度になくなったように見えましたが、1回の確認では断定できません',
  SelectorDoubtful: 'グループのセレクターが意図どおりとは考えられません',
  LeftToItsOwner: 'グループの登録は別のツールが管理しています',
  NotOurs: 'Usher が追加したものではありません',
  Kept: 'usher:keep が設定されています',
  NotWorldOpen: 'このポートだけを全世界に公開しているルールではありません',
  NoSecurityGroups: 'インターフェイスにセキュリティグループがありません',
  SecurityGroupUnread: 'セキュリティグループを読み取れませんでした',
  PrefixListUnread: 'プレフィックスリストを読み取れませんでした',
  RuleMalformed: '解釈できないルールがあります',
  PartOfBalancer: 'ルールがロードバランサーの一部のアドレスしか含んでいません',
  AclUnread: 'ネットワーク ACL を読み取れませんでした',
  AclMalformed: '解釈できないネットワーク ACL エントリがあります',
  AddressUnknown: 'ターゲットのアドレスが不明です',
  BalancerUnread: 'ロードバランサーを読み取れませんでした',
  SubnetUnread: 'サブネットを読み取れませんでした',
  WearersUnread: 'セキュリティグループの使用先を読み取れませんでした',
  ReadDenied: '判定に必要な読み取りが AWS に拒否されました',
  DefaultGroup: 'VPC のデフォルトのセキュリティグループで、ほかでも広く使われています',
  WornByOthers: 'このセキュリティグループを使うものがほかに多すぎます',
  RulesUnread: 'セキュリティグループの空きを読み取れませんでした',
  RoutesUnread: 'ロードバランサーとターゲットの間のルートテーブルを読み取れませんでした',
  ClientCidrsTooWide: 'usher:client-cidrs の範囲が、このステージで許可された広さを超えています（wideClientCidrs）',
  NoBalancerInterfaces: 'ロードバランサーのサブネットの一つに、そのネットワークインターフェイスが見つかりません',
  BalancerInterfacesUnread: 'ロードバランサーのネットワークインターフェイスを読み取れませんでした',
  PreservationUnread: 'クライアント IP アドレスの保持の設定を読み取れませんでした',
  EndpointServicesUnread: 'ロードバランサーにエンドポイントサービスがあるかを読み取れませんでした',
  RouteBlackhole: 'ロードバランサーとターゲットの間のルートがブラックホールになっています',
  VpcUnread: 'VPC の CIDR を読み取れませんでした',
};

/** Why what somebody wanted is not to be done any more. */
export const japaneseMovedBecause = (reason: MovedBecause): string => {
  switch (reason) {
    case 'InstanceGone':
      return 'インスタンスがないか、実行中ではありません';
    case 'NotWanted':
      return 'タグの条件に合わなくなりました';
    case 'CannotBeSeated':
      return '登録できない状態になりました';
    case 'GroupGone':
      return 'ターゲットグループがなくなりました';
    case 'NotInGroup':
      return 'すでにグループから外されています';
    case 'Leaving':
      return 'すでに登録解除中です';
    case 'RegisteredAnew':
      return 'その後、改めて登録されました';
    case 'BalancerGone':
      return 'ロードバランサーがなくなっています';
    case 'KeptByController':
      return 'Kubernetes または ECS が管理しており、元に戻されてしまいます';
    case 'KeptByCode':
      return 'CloudFormation などのコードで管理されており、元に戻されてしまいます';
    case 'TakesNoGroups':
      return 'セキュリティグループなしで作成されたため、後から関連付けることはできません';
    case 'TooManyGroups':
      return 'セキュリティグループの数が AWS のクォータ（5個）に達しています';
    case 'NameTaken':
      return '同じ名前で Usher のものではない、または Usher 以外のルールがあるセキュリティグループが VPC にあります';
    default:
      return JAPANESE_BECAUSE[reason];
  }
};

const HOP: HopCatalogue = {
  listener: 'リスナー',
  zone: 'AZ',
  'balancer-egress': 'ロードバランサーのアウトバウンドルール',
  'acl-balancer-out': 'ロードバランサー側サブネットの ACL（送信）',
  'acl-target-in': 'ターゲット側サブネットの ACL（受信）',
  'target-ingress': 'ターゲットのインバウンドルール',
  'instance-state': 'インスタンス',
  'target-egress': 'アプライアンスのアウトバウンドルール',
  'acl-target-out': 'ターゲット側サブネットの ACL（送信）',
  'acl-balancer-in': 'ロードバランサー側サブネットの ACL（受信）',
};

const isKey = <T extends object>(table: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(table, key);

const because = ({ because: reason }: Facts): Phrase => {
  if (reason === undefined) return [words('理由の記録がありません')];
  return isKey(JAPANESE_BECAUSE, reason) ? [words(JAPANESE_BECAUSE[reason])] : [code(reason)];
};

const hop = ({ hop: name }: Facts): Phrase => {
  if (name === undefined) return [words('経路の一部')];
  return isKey(HOP, name) ? [words(HOP[name])] : [code(name)];
};

/** What a failed check of a Classic balancer may be; only HTTP has codes, and only 200 is well there. */
const failedThere = ({ check }: Facts): Phrase => [
  words(
    check?.startsWith('HTTP')
      ? '応答がない、時間内に応答しない、または 200 以外のコードを返しています'
      : '応答がないか、時間内に応答していません',
  ),
];

/** What every finding says in Japanese. */
export const JAPANESE_FINDINGS: FindingCatalogue = {
  ...JAPANESE_DIAGNOSIS_FINDINGS,
  ...JAPANESE_PATH_FINDINGS,
  IngressMissing: {
    short: () => say`SG がロードバランサーを許可していません`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'セキュリティグループ')} が ${id(peerOf(facts), 'ロードバランサー')} からの ${flow(facts)} を許可していません`,
    next: (facts) =>
      say`${id(securityGroupOf(facts), 'セキュリティグループ')} のインバウンドルールに ${id(peerOf(facts), 'ロードバランサーのセキュリティグループ')} からの ${flow(facts)} を追加してください`,
  },
  EgressMissing: {
    short: () => say`ロードバランサーの送信ルールが届きません`,
    cause: (facts) =>
      say`ロードバランサーの ${id(securityGroupOf(facts), 'セキュリティグループ')} が ${id(peerOf(facts), 'ターゲット')} への ${flow(facts)} を許可していません`,
    next: (facts) =>
      say`${id(securityGroupOf(facts), 'ロードバランサーのセキュリティグループ')} のアウトバウンドルールに ${id(peerOf(facts), 'ターゲットのセキュリティグループ')} への ${flow(facts)} を追加してください`,
  },
  NetworkAclDenies: {
    short: () => say`ネットワーク ACL が拒否しています`,
    cause: (facts) =>
      say`ネットワーク ACL ${id(facts['acl'], '（名称不明）')} のエントリ ${id(facts['entry'], '（番号不明）')} が ${flow(facts)} を拒否しています（${hop(facts)}）`,
    next: (facts) => say`ACL のエントリ ${id(facts['entry'], '（番号不明）')} より前に許可を追加してください`,
  },
  ZoneNotEnabled: {
    short: ({ zone }) => say`AZ ${shortName(zone, '')} が有効ではありません`,
    cause: ({ zone, loadBalancer, enabledZones }) =>
      say`${told(loadBalancer, 'ロードバランサー')} で AZ ${id(zone, '（不明）')} が有効でないため、トラフィックが届きません（有効な AZ：${told(enabledZones, '不明')}）`,
    next: ({ zone, loadBalancer }) =>
      say`${told(loadBalancer, 'ロードバランサー')} で AZ ${id(zone, '（不明）')} を有効にするか、有効な AZ で起動してください`,
  },
  GroupNotUsed: {
    short: (facts) =>
      facts['loadBalancer'] === undefined
        ? say`${shortName(facts['targetGroup'], 'グループ')} を使うリスナーがありません`
        : say`ロードバランサーにリスナーがありません`,
    cause: (facts) =>
      facts['loadBalancer'] === undefined
        ? say`${group(facts)} へ転送するリスナーもルールもないため、リクエストが届きません`
        : say`ロードバランサー ${told(facts['loadBalancer'], '')} にリスナーがないため、リクエストが届きません`,
    next: (facts) =>
      facts['loadBalancer'] === undefined
        ? say`ロードバランサーのリスナーかルールから ${group(facts)} へ転送してください`
        : say`${told(facts['loadBalancer'], '')} にリスナーを追加してください`,
  },
  InstanceNotRunning: {
    short: ({ state }) => say`実行中ではありません（${shortName(state, '状態不明')}）`,
    cause: (facts) =>
      facts['instance'] === undefined
        ? say`${target(facts)} が実行中ではありません（${told(facts['state'], '状態不明')}）`
        : say`インスタンス ${id(facts['instance'], '')} が実行中ではありません（${told(facts['state'], '状態不明')}）`,
    next: ({ state }) =>
      state === 'terminated'
        ? say`新しく起動し、終了したものはグループから外してください`
        : say`インスタンスを開始するか、グループから外してください`,
  },
  TargetOutsideVpc: {
    short: () => say`VPC の外にあり、経路を判定できません`,
    cause: (facts) =>
      say`${target(facts)} はグループの VPC ${id(facts['vpc'], '')} の外にあり、その経路をここから判定できません`,
    next: (facts) =>
      say`設置先で、ロードバランサーのサブネットからの ${flow(facts)} が許可されているか確認してください`,
  },
  InterfaceNotFound: {
    short: () => say`アドレスの持ち主が見つかりません`,
    cause: (facts) => say`${target(facts)} のアドレスを持つネットワークインターフェイスがありません`,
    next: (facts) => say`${target(facts)} が存在するか確認し、現在のアドレスを登録してください`,
  },
  PathUnknown: {
    short: () => say`経路の一部を判定できませんでした`,
    cause: (facts) => say`${hop(facts)} で ${flow(facts)} が通るか判定できませんでした（${because(facts)}）`,
    next: () => say`該当箇所を確認してください。読み取りが拒否された場合は、Usher のロールに権限を追加してください`,
  },
  BalancerGroupShared: {
    short: () => say`ロードバランサーの SG を他でも使用しています`,
    cause: (facts) =>
      say`${id(peerOf(facts) ?? securityGroupOf(facts), 'ロードバランサーのセキュリティグループ')} はロードバランサー以外でも使われており、そこからもターゲットに接続できます`,
    next: () => say`ロードバランサー専用のセキュリティグループを用意してください`,
  },
  RuleNotWritten: {
    short: () => say`経路を開くルールを追加していません`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'セキュリティグループ')} に ${id(peerOf(facts), 'ロードバランサー')} からの ${flow(facts)} を許可するルールを追加していません（${because(facts)}）`,
    next: (facts) => say`${id(securityGroupOf(facts), 'セキュリティグループ')} にルールを追加してください`,
  },
  SecurityGroupFull: {
    short: () => say`SG のルール数が上限です`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'セキュリティグループ')} のルール数が上限に達し、${id(peerOf(facts), 'ロードバランサー')} からの ${flow(facts)} を追加できません`,
    next: (facts) =>
      say`${id(securityGroupOf(facts), 'セキュリティグループ')} の不要なルールを削除するか、上限の引き上げを申請してください`,
  },
  WrongVpc: {
    short: () => say`別の VPC にあります`,
    cause: ({ instanceVpc, groupVpc }) =>
      say`インスタンスは ${id(instanceVpc, '別の VPC')}、グループは ${id(groupVpc, '別の VPC')} にあります`,
    next: (facts) => say`グループの VPC で起動するか、${group(facts)} の対象にするタグを外してください`,
  },
  NotRunning: {
    short: ({ state }) => say`実行中ではありません（${shortName(state, '状態不明')}）`,
    cause: ({ state }) => say`登録できるのは実行中のインスタンスだけです（現在：${told(state, '状態不明')}）`,
    next: () => say`インスタンスを開始してください。開始後に Usher が登録します`,
  },
  WrongTargetType: {
    short: () => say`グループがインスタンスを受け付けません`,
    cause: (facts) =>
      say`${group(facts)} のターゲットタイプは ${id(facts['targetType'], '別の種類')} で、インスタンスを登録できません`,
    next: () => say`グループから usher: のタグを外すか、タイプが instance か ip のグループを使ってください`,
  },
  NoPrimaryAddress: {
    short: () => say`グループに必要な種類のアドレスがありません`,
    cause: (facts) =>
      say`${group(facts)} にはプライマリの ${told(facts['family'], 'IPv6')} アドレスが必要ですが、インスタンスにありません`,
    next: () => say`プライマリインターフェイスにアドレスを割り当ててください`,
  },
  NotReady: {
    short: () => say`準備が完了していません`,
    cause: (facts) =>
      say`${group(facts)} が待つ条件 ${code(facts['ready'] ?? 'usher:ready')} が、15分以内に満たされませんでした`,
    next: (facts) =>
      facts['ready']?.trim().startsWith('tag:') === true
        ? say`起動処理がタグを付けなかった原因を確認してください。タグが付けば自動で登録します`
        : say`EC2 コンソールでステータスチェックを確認してください。合格すれば次の巡回で登録します`,
  },
  GroupFull: {
    short: () => say`グループのターゲット数が上限です`,
    cause: (facts) =>
      say`${group(facts)} のターゲット数が AWS の上限（${told(facts['limit'], 'クォータ')}）に達しています`,
    next: () => say`上限の引き上げを申請するか、グループを分けてください`,
  },
  QuicServerIdNeeded: {
    short: () => say`QUIC の登録にはサーバー ID が必要です`,
    cause: ({ protocol }) =>
      say`プロトコル ${id(protocol, 'QUIC')} のグループでは、登録にターゲットごとのサーバー ID が必要で、Usher には分かりません`,
    next: () => say`サーバー ID を指定して手動で登録してください`,
  },
  PortNotAllowed: {
    short: ({ port }) => say`ポート${shortName(port, '')}は許可されていません`,
    cause: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`${id('usher:port', '')} の指定はポート${told(facts['port'], '（不明）')}ですが、${group(facts)} の ${id('usher:ports', '')} で使えるのは ${told(facts['admitted'], '別のポート')} です`
        : say`タグの指定はポート${told(facts['port'], '（不明）')}ですが、${group(facts)} のリスナーの転送先は ${told(facts['listenerPorts'], '（なし）')} です`,
    next: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`インスタンスの ${id('usher:port', '')} を直すか、${group(facts)} の ${id('usher:ports', '')} に追加してください`
        : say`インスタンスのタグのポートを直すか、${group(facts)} にそのポートへ転送するリスナーを追加してください`,
  },
  ExplicitNotAccepted: {
    short: (facts) => say`${shortName(facts['targetGroup'], 'グループ')} は明示指定を受け付けません`,
    cause: (facts) =>
      say`インスタンスの ${id('usher:targets', '')} に ${group(facts)} がありますが、グループに ${id('usher:accept-explicit=true', '')} がありません`,
    next: (facts) =>
      say`${group(facts)} に ${id('usher:accept-explicit=true', '')} を付けるか、${id('usher:targets', '')} を直してください`,
  },
  ExplicitGroupUnknown: {
    short: (facts) => say`${shortName(facts['targetGroup'], '指定の名前')} というグループがありません`,
    cause: (facts) =>
      say`${id('usher:targets', '')} に ${group(facts)} がありますが、その名前のタグ付きグループはありません`,
    next: () => say`${id('usher:targets', '')} の名前を直してください`,
  },
  SelectorMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'セレクター')} を解釈できません`,
    cause: ({ tag, value }) =>
      say`${id(tag ?? 'usher:selector', '')} の値 ${id(value, '（空）')} はセレクターとして解釈できず、どのインスタンスにも一致しません`,
    next: ({ tag }) => say`${id(tag ?? 'usher:selector', '')} を ${id('Role=web Env=prod', '')} のように書いてください`,
  },
  SelectorNearMiss: {
    short: () => say`タグとセレクターの表記がわずかに違います`,
    cause: (facts) =>
      say`タグが ${group(facts)} のセレクター ${id(facts['selector'], '（不明）')} と、大文字・小文字または空白だけ違います`,
    next: () => say`このグループのインスタンスなら、タグとセレクターを完全に同じ表記にしてください`,
  },
  SelectorMatchesNothing: {
    short: () => say`セレクターがグループ内のどのターゲットにも一致しません`,
    cause: (facts) =>
      say`${group(facts)} のセレクター ${id(facts['selector'], '（不明）')} が、登録中の${told(facts['of'], '')}台のどれにも一致しません。1台も外していません`,
    next: () =>
      say`グループの ${id('usher:selector', '')} かインスタンスのタグを直してください。外すべきものは手動で外してください`,
  },
  SelectorLosesMost: {
    short: () => say`グループの過半数がセレクターに一致しなくなりました`,
    cause: (facts) =>
      say`${group(facts)} の${told(facts['of'], '')}台中${told(facts['leaving'], '')}台が、セレクター ${id(facts['selector'], '（不明）')} に一致しなくなりました。1台も外していません`,
    next: () =>
      say`グループの ${id('usher:selector', '')} かインスタンスのタグを直してください。外すべきものは手動で外してください`,
  },
  TagMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'タグ')} を解釈できません`,
    cause: ({ tag, value }) => say`${id(tag, 'Usher のタグ')} の値 ${id(value, '（空）')} は使えません`,
    next: ({ tag }) => say`${id(tag, 'タグ')} を直してください`,
  },
  LeftToItsOwner: {
    short: ({ owner }) => say`登録は ${shortName(owner, '別のツール')} が管理しています`,
    cause: (facts) =>
      say`${group(facts)} への登録は ${told(facts['owner'], '別のツール')} が管理しているため、Usher は変更しません`,
    next: ({ owner }) => say`${told(owner, '管理しているツール')} で登録するか、別のグループを使ってください`,
  },
  Withheld: {
    short: () => say`Usher には許可されていません`,
    cause: (facts) => say`Usher はここでは変更できません（${because(facts)}）`,
    next: () => say`手動で行うか、設定を見直してください`,
  },
  RefusedByAws: {
    short: ({ code: errorCode }) => say`AWS が拒否しました（${shortName(errorCode, 'コードなし')}）`,
    cause: (facts) => say`AWS が拒否しました：${id(facts['code'], 'コードなし')}${fromAws(facts)}`,
    next: () => say`AWS の示す原因を解消してください。次のイベントか定期確認で再試行します`,
  },
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
