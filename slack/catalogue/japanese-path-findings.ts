import { say } from '../phrase.ts';
import type { FindingWords } from './catalogue.ts';
import { id, peerOf, securityGroupOf, shortName, told } from './catalogue.ts';
import type { ReachReason } from './english-path-findings.ts';
import { flow, group } from './japanese-facts.ts';

const TAG = id('usher:client-cidrs', '');

export const JAPANESE_PATH_FINDINGS: Readonly<Record<ReachReason, FindingWords>> = {
  ReturnEgressMissing: {
    short: () => say`アプライアンスの送信ルールが戻りを許可していません`,
    cause: (facts) =>
      say`アプライアンスの ${id(securityGroupOf(facts), 'セキュリティグループ')} が、Gateway Load Balancer（${id(peerOf(facts), 'アドレス不明')}）への ${flow(facts)} を許可していません。GENEVE トンネルの戻りは応答として扱われないため、アウトバウンドルールが必要です`,
    next: (facts) =>
      say`${id(securityGroupOf(facts), 'アプライアンスのセキュリティグループ')} のアウトバウンドルールに ${id(peerOf(facts), 'ロードバランサーのアドレス')} への ${flow(facts)} を追加してください`,
  },
  ClientCidrsMissing: {
    short: () => say`クライアントの範囲が指定されていません`,
    cause: (facts) =>
      facts['family'] === undefined
        ? say`${group(facts)} のターゲットにはクライアントの IP アドレスのまま届きますが、グループに ${TAG} がなく範囲が分からないため、ルールを追加していません`
        : say`${group(facts)} のターゲットにはクライアントの IP アドレスのまま届きますが、${TAG} に ${id(facts['family'], '')} の範囲がないため、ルールを追加していません`,
    next: (facts) =>
      say`${group(facts)} に ${TAG} を付け、クライアントの CIDR を空白区切りで指定してください（例：${id('203.0.113.0/24 2001:db8::/32', '')}）`,
  },
  ClientCidrsMalformed: {
    short: () => say`${shortName('usher:client-cidrs', '')} を解釈できません`,
    cause: (facts) =>
      say`${group(facts)} の ${TAG} の値 ${id(facts['value'], '（空）')} に CIDR でないものが含まれるため、ルールを追加していません`,
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
};
