import type { SeatingReason } from '../../domain/finding.ts';
import { code, say } from '../phrase.ts';
import type { FindingCatalogue } from './catalogue.ts';
import { id, shortName, told } from './catalogue.ts';
import { because } from './japanese-because.ts';
import { fromAws, group } from './japanese-facts.ts';

/** Why an instance has no seat, in Japanese. */
export const JAPANESE_SEATING_FINDINGS: Pick<FindingCatalogue, SeatingReason> = {
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
};
