import type { AlarmExplained, Effect, ToldChange } from '../../domain/diagnosis/report.ts';
import type { GroupHealth } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, strong, words } from '../phrase.ts';
import type { DiagnosisCatalogue, When } from './diagnosis.ts';
import { subjectOf } from './diagnosis.ts';
import { japaneseLasting } from './duration.ts';

const NAME_LIMIT = 24;
const FIXES_SHOWN = 2;
const NAMES_SHOWN = 2;

/** What the balancer's own answers mean. @see ALB guide, "HTTP error codes" */
const CODES: Readonly<Record<'502' | '503' | '504', string>> = {
  '502': 'ターゲットに接続できないか、途中で切断',
  '503': 'リクエストを処理できるターゲットがない',
  '504': '時間内に応答するターゲットがない',
};

const again = ({ timesRaised }: AlarmExplained): string => (timesRaised > 1 ? '再び' : '');

const healthyOf = (health: GroupHealth | undefined): string => {
  if (health === undefined) return '';
  return health.total === 0 ? '登録済みターゲットなし' : `${health.total}台中${health.healthy}台が正常`;
};

const down = (body: AlarmExplained, subject: Phrase, since: string): Phrase => {
  const healthy = healthyOf(body.health);
  return healthy === ''
    ? say`${subject} ${words(again(body))}停止中（${words(since)} から）`
    : say`${subject} ${words(again(body))}停止中：${words(since)} から ${words(healthy)}`;
};

/** 正常でない台数と名前。すべて正常ならその旨。 */
const some = (body: AlarmExplained, subject: Phrase, since: string, limit: number) => {
  const { health, targets } = body;
  const bad = health === undefined ? 0 : health.total - health.healthy;
  if (health === undefined || bad <= 0)
    return {
      strong: say`${subject}：${words(since)} からアラーム`,
      rest: [words(health === undefined || health.total === 0 ? '' : `（${health.total}台すべて正常）`)],
    };
  const names = targets.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, Math.min(limit, NAME_LIMIT))]);
  return {
    strong: say`${subject}：${words(since)} から${words(again(body))}${health.total}台中${bad}台が異常`,
    rest:
      names.length === 0
        ? []
        : say`（${joined(names, '・')}${words(bad > names.length ? ` ほか${bad - names.length}台` : '')}）`,
  };
};

const failing = ({ effect, symptom }: AlarmExplained): string => {
  if (effect.kind === 'errors' && effect.code !== undefined) return `一部のリクエストが ${effect.code}`;
  return symptom.kind === 'connection-errors' ? 'ターゲットへの接続に失敗' : '一部のリクエストがエラー（5xx）';
};

const told = (effect: Extract<Effect, { readonly kind: 'down' | 'errors' }>): string =>
  effect.code === undefined ? '' : `${effect.code}（${CODES[effect.code]}）`;

const someSee = (body: AlarmExplained): Phrase => {
  const { effect, symptom } = body;
  if (effect.kind === 'errors' && effect.code !== undefined) return say`利用者の画面：一部で ${words(told(effect))}。`;
  if (symptom.kind === 'connection-errors')
    return say`利用者への影響：一部で待ち時間やエラーの可能性（ターゲットに接続できないことがあります）。`;
  return symptom.kind === 'target-error'
    ? say`利用者の画面：一部でアプリケーションのエラー（5xx）。`
    : say`利用者の画面：一部でロードバランサーのエラー（5xx）。`;
};

const DEPLOYS: Readonly<Record<NonNullable<AlarmExplained['deploy']>['kind'], string>> = {
  'instance-refresh': 'インスタンスの更新',
  codedeploy: 'CodeDeploy のデプロイ',
  registration: 'ターゲットの登録',
};

/** What a call did, after the thing it was done to; others by the call's own name. */
const DID: Readonly<Record<string, string>> = {
  AuthorizeSecurityGroupIngress: 'にインバウンドルールを追加',
  AuthorizeSecurityGroupEgress: 'にアウトバウンドルールを追加',
  RevokeSecurityGroupIngress: 'のインバウンドルールを削除',
  RevokeSecurityGroupEgress: 'のアウトバウンドルールを削除',
  ModifySecurityGroupRules: 'のルールを変更',
  CreateNetworkAclEntry: 'にエントリを追加',
  ReplaceNetworkAclEntry: 'のエントリを変更',
  DeleteNetworkAclEntry: 'のエントリを削除',
  ReplaceNetworkAclAssociation: 'のネットワーク ACL を変更',
  RegisterTargets: 'にターゲットを登録',
  DeregisterTargets: 'からターゲットを登録解除',
  RegisterInstancesWithLoadBalancer: 'にインスタンスを登録',
  DeregisterInstancesFromLoadBalancer: 'からインスタンスを登録解除',
  ModifyTargetGroup: 'のヘルスチェックを変更',
  ModifyTargetGroupAttributes: 'の属性を変更',
  ConfigureHealthCheck: 'のヘルスチェックを変更',
  ModifyListener: 'のリスナーを変更',
  DeleteListener: 'のリスナーを削除',
  ModifyRule: 'のリスナールールを変更',
  DeleteRule: 'のリスナールールを削除',
  SetSecurityGroups: 'のセキュリティグループを変更',
  SetSubnets: 'のサブネットを変更',
  StopInstances: 'を停止',
  StartInstances: 'を開始',
  RebootInstances: 'を再起動',
  TerminateInstances: 'を終了',
};

/** Usher's own registrations are told by the target, others by the group. */
const OURS: Readonly<Record<string, string>> = { RegisterTargets: 'を登録', DeregisterTargets: 'を登録解除' };

/** The word for what came from outside, where we have one: it may be called as what every object inherits. */
const wordFor = (known: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(known, name) ? known[name] : undefined;

const VIA: Readonly<Record<string, string>> = {
  console: 'コンソール',
  cli: 'AWS CLI',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  service: 'AWS のサービス',
};

const by = ({ by: name, via, isOurs }: ToldChange): Phrase => {
  if (isOurs) return [words('Usher')];
  const who: Phrase = name === undefined ? [words('だれか')] : [outside(name, NAME_LIMIT)];
  if (via === undefined) return who;
  const known = wordFor(VIA, via);
  return known === undefined ? say`${who}（${outside(via, NAME_LIMIT)}）` : say`${who}（${words(known)}）`;
};

const did = ({ what, isOurs }: ToldChange, thing: Phrase): Phrase => {
  const verb = (isOurs ? wordFor(OURS, what) : undefined) ?? wordFor(DID, what);
  return verb === undefined ? say`${thing} に ${code(what)} を実行` : say`${thing} ${words(verb)}`;
};

const change = (made: ToldChange, when: When): Phrase =>
  say`${words(when(made.at))} ${by(made)}${words(made.via === undefined ? ' が' : 'が')} ${did(made, [code(made.subject.name)])}`;

/** Everything said in Japanese about alarms and their causes. */
export const JAPANESE_DIAGNOSIS: DiagnosisCatalogue = {
  headline: (body, when, limit) => {
    const subject: Phrase = [outside(subjectOf(body), limit)];
    const since = when(body.since);
    const plain = (state: Phrase, rest: Phrase = []) => ({ strong: state, rest });
    switch (body.effect.kind) {
      case 'down':
        return plain(down(body, subject, since));
      case 'fail-open':
        return plain(
          say`${subject}：${words(since)} から${words(again(body))}${words(healthyOf(body.health) || '正常なターゲットなし')}`,
          say`（全台に振り分け中）`,
        );
      case 'partly':
        return plain(
          say`${subject} ${words(again(body))}一部停止中：${words(since)} から`,
          say`（AZ ${outside(body.effect.zones.join(', '), limit)} に正常なターゲットなし）`,
        );
      case 'errors':
        return plain(say`${subject}：${words(since)} から${words(again(body))}${words(failing(body))}`);
      case 'slow':
        return plain(say`${subject}：${words(since)} から${words(again(body))}応答が遅延`);
      case 'unused':
        return plain(say`${subject}：${words(since)} からアラーム`, say`（リクエストの送り先になっていません）`);
      case 'unknown':
        return plain(say`${subject}：${words(since)} からアラーム`, say`（利用者への影響は不明）`);
      case 'none':
        return some(body, subject, since, limit);
    }
  },
  visitors: (body, said) => {
    switch (body.effect.kind) {
      case 'none':
        return said.notAffected;
      case 'down':
        return body.effect.code === undefined
          ? say`利用者への影響：あり（応答できるターゲットがありません）。`
          : say`利用者の画面：${words(told(body.effect))}。`;
      case 'fail-open':
        return said.noneHealthy;
      case 'partly':
        return say`利用者への影響：AZ ${outside(body.effect.zones.join(', '))} から入るリクエストが失敗します。ほかは影響ありません。`;
      case 'errors':
        return someSee(body);
      case 'slow':
        return say`利用者への影響：応答が遅くなっています。`;
      case 'unused':
        return said.groupNotUsed;
      case 'unknown':
        return say`利用者への影響：判定できませんでした。`;
    }
  },
  restPasses: () => say`インスタンスは実行中。リスナー・AZ・ACL は問題ありません。`,
  general: ({ symptom }) =>
    symptom.kind === 'other' && symptom.metric !== undefined
      ? say`アラームの対象は ${code(symptom.metric)} で、それだけでは正常性やエラーを判断できないため、ターゲットとネットワークを確認しました。`
      : say`アラームからは、どのロードバランサーのどのメトリクスか分からないため、ターゲットとネットワークを確認しました。`,
  nothingFound: ({ effect }) =>
    effect.kind === 'unknown'
      ? say`原因は不明：読み取れた情報が足りません。`
      : say`原因は不明：ターゲット・ヘルスチェック・リスナー・ネットワークを確認しましたが、問題は見つかりませんでした。`,
  existed: ({ ruleId, at }, when) => say`ルール ${code(ruleId)} は ${words(when(at))} には存在しました。`,
  deploy: ({ kind, name, since }, when) =>
    say`実施中：${words(DEPLOYS[kind])}（${outside(name, NAME_LIMIT)}、${words(when(since))} から）。`,
  who: (changes, awaitsTrail, when) => {
    if (changes.length === 0)
      return awaitsTrail ? say`変更者：CloudTrail に未反映です。判明次第ここに追記します。` : [];
    const all = joined(
      changes.map((made) => change(made, when)),
      '、',
    );
    return say`前後の変更：${all}。${words(awaitsTrail ? 'CloudTrail でさらに判明すれば、ここに追記します。' : '')}`;
  },
  nothingChanged: () => say`このアラームに対する変更は行っていません。`,
  pressFix: (fix) => {
    const press = words(
      fix.length === 1
        ? '次の手順：「ルールを追加」を押してください'
        : `次の手順：「ルール${fix.length}件を追加」を押してください`,
    );
    const rules = fix
      .slice(0, FIXES_SHOWN)
      .map(
        ({ securityGroup, direction, peer, protocol, port }) =>
          say`${code(securityGroup.name)} ${words(direction === 'ingress' ? '←' : '→')} ${code(peer.name)} ${protocol}/${port}`,
      );
    const more = fix.length - rules.length;
    return say`${strong([press])}（${joined(rules, '、')}${words(more > 0 ? `、…ほか${more}件` : '')} の${fix.length}件のみ）。`;
  },
  lookYourself: ({ effect, symptom, since }, when) => {
    const next = strong([words('次の手順：')]);
    if (symptom.kind === 'other')
      return say`${next} ${words(when(since))} 前後のアラームのグラフと、その時刻の変更を確認してください。`;
    if (symptom.kind === 'balancer-error')
      return say`${next} ロードバランサーのアクセスログで、${words(when(since))} 前後の該当リクエストを確認してください。`;
    if (effect.kind === 'none')
      return say`${next} 一度だけなら対応は不要です。続く場合は ${words(when(since))} 前後のアプリケーションのログを確認してください。`;
    return say`${next} ${words(when(since))} 前後のアプリケーションのログを確認してください。`;
  },
  alarm: (name) => say`アラーム ${outside(name)}`,
  changeTold: ({ changes, alarm }, when, limit) => {
    const [first] = changes;
    return first === undefined
      ? { strong: say`変更者：CloudTrail に該当する変更はありません`, rest: say`（アラーム ${outside(alarm, limit)}）` }
      : {
          strong: say`変更者：${by(first)}`,
          rest: say`　${words(when(first.at))} ${did(first, [outside(first.subject.name, limit)])}`,
        };
  },
  recovered: {
    headline: ({ alarm, targetGroup, health, downSeconds, wasDown, alarmsGone }, at, limit) => {
      const subject = outside(targetGroup?.name ?? alarm, limit);
      const isBack = health !== undefined && health.total > 0 && health.healthy === health.total;
      const healthy = health === undefined ? '' : ` ${health.total}台中${health.healthy}台が正常`;
      if (alarmsGone.length > 0 && !isBack)
        return {
          strong: say`アラームが削除または名前変更されました：${words(at)}${words(healthy === '' ? '' : ` に${healthy}`)}`,
          rest: say`（${subject}、追跡を終了します）`,
        };
      return {
        strong: say`${words(isBack ? '復旧' : 'アラーム解除')}：${words(at)}${words(healthy === '' ? '' : ` に${healthy}`)}`,
        rest: say`（${subject}、${words(wasDown ? '停止' : 'アラーム')}${words(japaneseLasting(downSeconds))}）`,
      };
    },
    cameAndWent: (times) => say`この間に${times}回発生しました。`,
    gone: (names) =>
      say`アラーム状態のまま削除または名前変更されたため、終了の通知は届きません：${joined(
        names.slice(0, NAMES_SHOWN).map((name) => [outside(name, NAME_LIMIT)]),
        '、',
      )}。`,
    next: ({ health, alarmsGone }) => {
      const isWell = health !== undefined && health.total > 0 && health.healthy === health.total;
      if (alarmsGone.length > 0 && !isWell)
        return say`${strong([words('次の手順：')])} 引き続き通知が必要ならアラームを作り直し、ターゲットの状態を確認してください（復旧したかどうかは不明です）。`;
      return health !== undefined && health.healthy < health.total
        ? say`${strong([words('次の手順：')])} アラームは解除されましたが、まだ正常でないターゲットを確認してください。`
        : say`対応は不要です。`;
    },
  },
};
