import type { MovedBecause } from '../../domain/answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, words } from '../phrase.ts';
import type { BecauseCatalogue, Facts } from './catalogue.ts';

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
  AddressesTranslated:
    'ロードバランサーとターゲットの間のルートが NAT ゲートウェイを経由し、送信元アドレスが変わります',
  SourceNatPrefixes:
    'ロードバランサーが IPv6 の UDP をソース NAT プレフィックスから送っていますが、プレフィックスは読み取りの対象外です',
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

const isBecause = (reason: string): reason is keyof BecauseCatalogue => Object.hasOwn(JAPANESE_BECAUSE, reason);

/** A reason inside a reason, as a finding's evidence names it. */
export const because = ({ because: reason }: Facts): Phrase => {
  if (reason === undefined) return [words('理由の記録がありません')];
  return isBecause(reason) ? [words(JAPANESE_BECAUSE[reason])] : [code(reason)];
};
