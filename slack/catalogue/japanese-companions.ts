import type { CompanionProposed } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, outside, say, strong, words } from '../phrase.ts';
import type { CompanionCatalogue } from './companions.ts';

const NAME_LIMIT = 32;
const NEXT = strong(say`次の手順：`);

const targetsOf = ({ targets }: CompanionProposed): Phrase => {
  const shown = targets.slice(0, 2).map(({ name }) => name);
  const more = targets.length - shown.length;
  return say`${outside(shown.join('・'), NAME_LIMIT)}${words(more > 0 ? ` ほか${more}台` : '')}`;
};

const proposed = (body: CompanionProposed): readonly Phrase[] => {
  const { side, because, securityGroup, interfaces, loadBalancer, groupName } = body;
  if (side === 'balancer')
    return [
      say`現状：ルールの送信元 ${code(securityGroup.name)} は、ほかの${interfaces}個のネットワークインターフェイスにも関連付けられています。そのため、ロードバランサー以外からも ${outside(body.targetGroup.name, NAME_LIMIT)} のターゲットに接続できます。`,
      say`変更内容：ルールのないセキュリティグループ ${code(groupName)} を作成して ${outside(loadBalancer.name, NAME_LIMIT)} に追加で関連付け、Usher の各ルールと並べて、これを送信元とするルールを追加します。以前の Usher のルールは、2回の巡回で不要と確認できてから削除します。`,
      say`${NEXT}「グループを作成」または「そのままにする」を選んでください。まだ変更していません。利用者への影響はありません。`,
    ];
  const where =
    because === 'DefaultGroup'
      ? say`VPC のデフォルトのセキュリティグループで、指定のないものすべてに適用されます`
      : say`ほかの${interfaces}個のネットワークインターフェイスにも関連付けられています`;
  return [
    say`現状：${outside(loadBalancer.name, NAME_LIMIT)} から ${targetsOf(body)} に届きません。ルールの追加先となる ${code(securityGroup.name)} は、${where}。`,
    say`変更内容：このターゲット専用のセキュリティグループ ${code(groupName)} を作成してネットワークインターフェイスに追加で関連付け、不足しているルールをそこに追加します。`,
    say`${NEXT}「グループを作成」を押すか、手動でルールを追加してください。今後起動するターゲットは、そのつど提案します。起動テンプレートにこのグループを加えると、最初から関連付けられます。まだ変更していません。`,
  ];
};

export const JAPANESE_COMPANIONS: CompanionCatalogue = {
  headline: (body, limit) => {
    switch (body.kind) {
      case 'companion-proposed':
        return {
          strong: say`提案：${outside(body.side === 'balancer' ? body.loadBalancer.name : body.targetGroup.name, limit)} 専用のセキュリティグループを作成`,
          rest: body.side === 'balancer' ? say`（現在は共用です）` : say`（ターゲットに届きません）`,
        };
      case 'companion-detached':
        return {
          strong: say`${outside(body.securityGroup.name, limit)} が ${outside(body.loadBalancer.name, limit)} から外されました`,
          rest: say`（そのままにします）`,
        };
      case 'companion-not-removed':
        return {
          strong: say`${outside(body.securityGroup.name, limit)} を削除できませんでした`,
          rest: say`（使用中）`,
        };
    }
  },
  lines: (body, remedy) => {
    switch (body.kind) {
      case 'companion-proposed':
        return proposed(body);
      case 'companion-detached':
        return [
          say`このグループを送信元とするルールでは、もう通信できません。ターゲットに届かなくなる場合、Usher はロードバランサーの別のグループを送信元とするルールを追加します。Usher は何も変更していません。`,
          say`${NEXT}誤りの場合は元に戻してください${remedy.length === 0 ? [] : say`：${remedy}`}。意図した操作なら対応は不要です（そのままにします）。`,
        ];
      case 'companion-not-removed':
        return [
          say`Usher が作成し、不要になったセキュリティグループですが、AWS が削除を拒否しました（${code(body.code)}）。ほかのアカウントや VPC で使われている可能性があります。残っていても害はありません。変更はしていません。`,
          say`${NEXT}使用元を確認するか、手動で削除してください${remedy.length === 0 ? [] : say`：${remedy}`}。`,
        ];
    }
  },
};
