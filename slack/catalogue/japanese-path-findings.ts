import type { PathReason } from '../../domain/network/findings.ts';
import type { Phrase } from '../phrase.ts';
import { code, outside, say, words } from '../phrase.ts';
import type { Facts, FindingCatalogue, HopCatalogue } from './catalogue.ts';
import { id, peerOf, securityGroupOf, shortName, told } from './catalogue.ts';
import { because } from './japanese-because.ts';
import { flow, group, target } from './japanese-facts.ts';

/** Characters of a number as it was told. */
const COUNT = 12;

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

const isHop = (name: string): name is keyof HopCatalogue => Object.hasOwn(HOP, name);

const hop = ({ hop: name }: Facts): Phrase => {
  if (name === undefined) return [words('経路の一部')];
  return isHop(name) ? [words(HOP[name])] : [code(name)];
};

const TAG = id('usher:client-cidrs', '');

/** What the network engine finds, in Japanese. */
/** `mail（mail-nlb）`、分かる範囲で。 */
const behind = (facts: Facts): Phrase =>
  facts['loadBalancer'] === undefined ? say`${group(facts)} ` : say`${group(facts)}（${facts['loadBalancer']}）`;

/** ルールを追加するはずの場所。 */
const where = (facts: Facts): Phrase => {
  const securityGroup = securityGroupOf(facts);
  if (securityGroup === undefined) return [];
  return facts['protocol'] === undefined
    ? say`${id(securityGroup, '')} に`
    : say`${id(securityGroup, '')} に ${flow(facts)} の`;
};

export const JAPANESE_PATH_FINDINGS: Pick<FindingCatalogue, PathReason> = {
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
  ReturnEgressMissing: {
    short: () => say`アプライアンスの送信ルールが戻りを許可していません`,
    cause: (facts) =>
      say`アプライアンスの ${id(securityGroupOf(facts), 'セキュリティグループ')} が、${told(facts['loadBalancer'], 'Gateway Load Balancer')}（${id(peerOf(facts), 'アドレス不明')}）への ${flow(facts)} を許可していません。GENEVE トンネルの戻りは応答として扱われないため、アウトバウンドルールが必要です`,
    next: (facts) =>
      say`${id(securityGroupOf(facts), 'アプライアンスのセキュリティグループ')} のアウトバウンドルールに ${id(peerOf(facts), 'ロードバランサーのアドレス')} への ${flow(facts)} を追加してください`,
  },
  ClientCidrsMissing: {
    short: () => say`クライアントの範囲が指定されていません`,
    cause: (facts) =>
      facts['family'] === undefined
        ? say`${behind(facts)}のターゲットにはクライアントの IP アドレスのまま届きますが、グループに ${TAG} がなく範囲が分からないため、${where(facts)}ルールを追加していません`
        : say`${behind(facts)}のターゲットにはクライアントの IP アドレスのまま届きますが、${TAG} に ${id(facts['family'], '')} の範囲がないため、${where(facts)}ルールを追加していません`,
    next: (facts) =>
      say`${group(facts)} に ${TAG} を付け、クライアントの CIDR を空白区切りで指定してください（例：${id('203.0.113.0/24 2001:db8::/32', '')}）`,
  },
  ClientCidrsMalformed: {
    short: () => say`${shortName('usher:client-cidrs', '')} を解釈できません`,
    cause: (facts) =>
      say`${behind(facts)}の ${TAG} の値 ${id(facts['value'], '（空）')} に CIDR でないものが含まれるため、${where(facts)}ルールを追加していません`,
    next: () => say`CIDR を空白区切りで指定してください（例：${id('203.0.113.0/24 2001:db8::/32', '')}）`,
  },
  ClientsNotAdmitted: {
    short: (facts) => say`${shortName(facts['loadBalancer'], 'ロードバランサー')} がクライアントを許可していません`,
    cause: (facts) =>
      say`${told(facts['loadBalancer'], 'ロードバランサー')} は ${flow(facts)} で待ち受けていますが、${id(securityGroupOf(facts), 'セキュリティグループ')} が ${id(peerOf(facts), 'クライアント')} を許可していません`,
    next: (facts) =>
      say`接続を受け付ける場合は、${id(securityGroupOf(facts), 'ロードバランサーのセキュリティグループ')} のインバウンドルールに ${id(peerOf(facts), 'クライアント')} からの ${flow(facts)} を追加してください`,
  },
  PortUnserved: {
    short: (facts) => say`${shortName(facts['loadBalancer'], 'ロードバランサー')} に不要なポートが開いています`,
    cause: (facts) =>
      say`${told(facts['loadBalancer'], 'ロードバランサー')} の ${id(securityGroupOf(facts), 'セキュリティグループ')} が ${id(peerOf(facts), 'アクセス元')} からの ${flow(facts)} を許可していますが、このポートのリスナーはありません`,
    next: () => say`このグループを使うほかのものが必要としていなければ、ルールを削除してください`,
  },
  PathMtuBlocked: {
    short: () => say`パケットサイズの通知（ICMP）が届きません`,
    cause: (facts) =>
      say`${told(facts['loadBalancer'], 'ロードバランサー')} の ${id(securityGroupOf(facts), 'セキュリティグループ')} が ${told(facts['message'], 'ICMP')} を許可していないため、経路の MTU を超えるパケットが通知なしに失われることがあります`,
    next: (facts) =>
      say`AWS の推奨どおり、${id(securityGroupOf(facts), 'セキュリティグループ')} で ${told(facts['message'], 'ICMP')} を許可してください`,
  },
  NetworkAclDenies: {
    short: () => say`ネットワーク ACL が拒否しています`,
    cause: (facts) =>
      say`ネットワーク ACL ${id(facts['acl'], '（名称不明）')} のエントリ ${id(facts['entry'], '（番号不明）')} が ${flow(facts)} を拒否しています（${hop(facts)}）`,
    next: ({ entries, ...facts }) => {
      const allow = say`ACL のエントリ ${id(facts['entry'], '（番号不明）')} より前に許可を追加してください`;
      if (entries === undefined) return allow;
      return say`${allow}。この方向のエントリは既に${outside(entries, COUNT)}件で、デフォルトのクォータ（20件）では足りません。空きを作るか、クォータを引き上げてください（最大40件）`;
    },
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
};
