import type { GroupHealth, Named, ReportedChange, TakenOutBecause } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, emoji, joined, outside, say, strong, words } from '../phrase.ts';
import type { Catalogue, Certainty, Subjects } from './catalogue.ts';
import { japaneseDuration as duration, japaneseLasting as lasting } from './duration.ts';
import { wordOf } from './evidence.ts';
import { JAPANESE_ALARMS } from './japanese-alarms.ts';
import { JAPANESE_ANSWERS } from './japanese-answers.ts';
import { JAPANESE_BUTTONS } from './japanese-buttons.ts';
import { JAPANESE_CLOSING } from './japanese-closing.ts';
import { JAPANESE_COMPANIONS } from './japanese-companions.ts';
import { JAPANESE_DIAGNOSIS } from './japanese-diagnosis.ts';
import { JAPANESE_EXPIRY } from './japanese-expiry.ts';
import { JAPANESE_FINDINGS } from './japanese-findings.ts';
import { JAPANESE_HANDS } from './japanese-hands.ts';
import { JAPANESE_INVALIDATIONS } from './japanese-invalidations.ts';
import { JAPANESE_SWEEP } from './japanese-sweep.ts';
import { japanesePlace } from './places.ts';

/** `web-3`, `web-3・web-4`, `web-3・web-4 ほか37台`. */
const subjects = ({ names, count }: Subjects, limit: number): Phrase => {
  const shown = joined(
    names.map((name) => [outside(name, limit)]),
    '・',
  );
  const more = count - names.length;
  return more > 0 ? [...shown, words(` ほか${more}台`)] : shown;
};

/** `：1a 2台、1c 1台`。AZ が不明なら何も付けない。 */
const inZones = ({ zones = [] }: GroupHealth): Phrase =>
  zones.length === 0
    ? []
    : [
        words('：'),
        ...joined(
          zones.map(({ name, healthy }) => say`${name} ${healthy}台`),
          '、',
        ),
      ];

/** Who carries the traffic, by name where names tell. */
const carrying = (health: GroupHealth): Phrase => {
  const { healthy, total, names } = health;
  return names === undefined
    ? say`${total}台中、正常な${healthy}台が処理中${inZones(health)}`
    : say`${subjects({ names, count: healthy }, 24)} が処理中、${total}台中${healthy}台が正常${inZones(health)}`;
};

const listed = (who: Subjects): Phrase =>
  who.names.length === 0 ? [words(`ほかの${who.count}台`)] : subjects(who, 24);

const groupName = ({ name }: Named): Phrase => [outside(name)];

const notWell = (state: string, seconds: number): string => {
  switch (state) {
    case 'unhealthy':
    case 'unhealthy.draining':
      return `${lasting(seconds)}異常`;
    case 'initial':
      return `${lasting(seconds)}確認中`;
    case 'unused':
      return `${lasting(seconds)}未使用`;
    case 'draining':
      return '登録解除中';
    case 'unavailable':
      return `${lasting(seconds)}状態不明`;
    case 'not-registered':
      return '未登録';
    default:
      return `${lasting(seconds)}正常になりません`;
  }
};

const change = (made: ReportedChange): Phrase => {
  if (made.kind === 'target-registered') {
    return [words(`${made.port === undefined ? '' : `ポート${made.port}で`}${made.count}台を登録`)];
  }
  return made.direction === 'ingress'
    ? say`${code(made.securityGroup.name)} のインバウンドに ${code(made.peer.name)} からの ${made.protocol}/${made.port} を1件追加`
    : say`${code(made.securityGroup.name)} のアウトバウンドに ${code(made.peer.name)} への ${made.protocol}/${made.port} を1件追加`;
};

const TAKEN_OUT: Readonly<Record<TakenOutBecause, string>> = {
  Stopped: '停止済み',
  Terminated: '終了済み',
  Absent: 'EC2 に存在しません',
  Stopping: '停止処理中',
  ShuttingDown: '終了処理中',
  SpotInterruption: 'スポットインスタンスの中断予告',
  ScaleIn: 'Auto Scaling によるスケールイン',
  IntoWarmPool: 'ウォームプールに移動',
  Rebalance: 'スポットインスタンスの再調整の推奨',
  NotDesired: 'タグがこのグループに一致しなくなったため',
};

/** What evidence is called that no sentence says. */
const EVIDENCE: Readonly<Record<string, string>> = {
  loadBalancer: 'ロードバランサー',
  targetGroup: 'ターゲットグループ',
  securityGroup: 'セキュリティグループ',
  securityGroupName: 'セキュリティグループ',
  peer: '接続先',
  peerName: '接続先',
  protocol: 'プロトコル',
  port: 'ポート',
  target: 'ターゲット',
  subnet: 'サブネット',
  zone: 'AZ',
  interfaces: 'ほかのインターフェイス数',
  why: '理由',
};

const CAUSE: Readonly<Record<Certainty, string>> = { sure: '原因：', likely: '推定原因：', unknown: '原因は不明：' };

/** Everything Usher says in Japanese, in the words of the AWS console's own Japanese. */
export const JAPANESE: Catalogue = {
  findings: JAPANESE_FINDINGS,
  buttons: JAPANESE_BUTTONS,
  answers: JAPANESE_ANSWERS,
  invalidations: JAPANESE_INVALIDATIONS,
  expiry: JAPANESE_EXPIRY,
  sweep: JAPANESE_SWEEP,
  closing: JAPANESE_CLOSING,
  diagnosis: JAPANESE_DIAGNOSIS,
  alarms: JAPANESE_ALARMS,
  hands: JAPANESE_HANDS,
  companions: JAPANESE_COMPANIONS,
  inService: (about, limit) => ({
    strong: say`${subjects(about, limit)} が${words(about.recovered ? '復旧し、' : '')}稼働に加わりました`,
    rest: say`（${outside(about.group.name, limit)}・${words(duration(about.seconds))}${words(about.count === 1 ? '' : '以内')}で正常）`,
  }),
  notInService: (about, limit) => ({
    strong: say`${subjects(about, limit)} はまだ稼働していません`,
    rest: say`：${words(notWell(about.state, about.seconds))}、${about.short}`,
  }),
  unreached: (about, limit) => ({
    strong: say`${subjects(about, limit)} は正常ですが、利用者からの通信が届きません`,
    rest: say`：${about.short}`,
  }),
  notRegistered: (about, limit) => ({
    strong: say`${subjects(about, limit)} は登録されていません`,
    rest: say`（${outside(about.group.name, limit)}）：${about.short}`,
  }),
  notTakenOut: (about, limit) => ({
    strong: say`${subjects(about, limit)} を外していません`,
    rest: say`（${outside(about.group.name, limit)}）：${about.short}`,
  }),
  takenOut: (about, limit) => ({
    strong: say`${subjects(about, limit)} を外しました`,
    rest: say`（${outside(about.group.name, limit)}）：${joined(
      about.because.map((reason) => [words(TAKEN_OUT[reason])]),
      '、',
    )}`,
  }),
  deregistered: (count) => say`変更：${count}台のターゲットの登録を解除しました。ほかは変更していません。`,
  bringAnother: () =>
    say`このグループに属するインスタンスを起動するか、残りのターゲットが正常でない原因を調べてください`,
  configuration: ({ subject, short, more }, limit) => ({
    strong: say`${outside(subject.name, limit)} の設定を確認してください`,
    rest: say`：${short}${words(more > 0 ? `、ほか${more}件` : '')}`,
  }),
  healthNow: (health) =>
    health.zones === undefined
      ? say`現在 ${health.total}台中${health.healthy}台が正常です。`
      : say`現在 ${health.total}台中${health.healthy}台が正常${inZones(health)}`,
  imageDiffers: (others, differing) =>
    differing === undefined
      ? say`${emoji('warning')} AMI が ${listed(others)} と異なります`
      : say`${emoji('warning')} ${listed(differing)} の AMI が ${listed(others)} と異なります`,
  nothingToDoIfMeant: () => say`意図したものであれば、対応は不要です。`,
  launchedBy: (name) => say`起動：${name}`,
  visitors: {
    notAffected: (health) => say`利用者への影響：なし（${carrying(health)}）`,
    noneHealthy: (group, then) => {
      switch (then) {
        case 'tries-all':
          return say`利用者への影響：あり（推定）。${groupName(group)} に正常なターゲットがなく、ロードバランサーは異常なものも含む全台に振り分けます（フェイルオープン）。`;
        case 'refuses':
          return say`利用者への影響：あり。${groupName(group)} に正常なターゲットがなく、ロードバランサーは接続を受け付けません。`;
        case 'drops':
          return say`利用者への影響：ここを通る通信に影響します。${groupName(group)} に正常なアプライアンスがなく、送られたトラフィックは破棄されます。`;
        default:
          return say`利用者への影響：あり（推定）。${groupName(group)} に正常なターゲットがありません。`;
      }
    },
    noneTried: (group) =>
      say`利用者への影響：ここへのアクセスがあれば影響します。ロードバランサーは ${groupName(group)} のどのターゲットにも振り分けません。`,
    nothingRegistered: (group) =>
      say`利用者への影響：ここへのアクセスがあれば影響します。${groupName(group)} に登録されたターゲットがありません。`,
    notReached: (who) =>
      say`利用者への影響：あり。ヘルスチェックは正常なため ${subjects(who, 24)} にも振り分けられますが、通信が届きません。`,
    groupNotUsed: (group) => say`利用者への影響：なし（${groupName(group)} にはリクエストが送られません）`,
    nothingChanges: () => say`利用者への影響：変わりません。`,
  },
  cause: (certainty, sentence) => say`${words(CAUSE[certainty])}${sentence}。`,
  networkPasses: () => say`ネットワーク経路は正常です（セキュリティグループ・ACL・AZ とも通過）。`,
  networkUnknown: () => say`ネットワーク経路が通るかどうかは不明です。`,
  reasonCode: (reason) => say`（${code(reason)}）`,
  also: (shorts, more) => say`その他：${joined(shorts, '、')}${words(more > 0 ? `、…ほか${more}件` : '')}。`,
  evidence: (rest) =>
    say`（${joined(
      rest.map(([key, value]) => say`${wordOf(EVIDENCE, key)}：${value}`),
      '、',
    )}）`,
  perTarget: (name, sentence) => say`• ${name}：${sentence}。`,
  next: (step, commandLine) =>
    commandLine === undefined
      ? say`${strong(say`次の手順：`)} ${step}。`
      : say`${strong(say`次の手順：`)} ${step}：${commandLine}`,
  changed: (changes, more) =>
    say`変更：${joined(changes.map(change), '、')}${words(more > 0 ? `、…ほか${more}件` : '')}。ほかは変更していません。`,
  nothingChanged: () => say`設定は変更していません。`,
  looksAgain: (everySeconds) =>
    everySeconds === undefined
      ? say`個別の確認はこれで最後です。`
      : say`${words(duration(everySeconds))}ごとに確認し、ここでお知らせします。`,
  note: (sentence) => say`${sentence}。`,
  nothingToDo: () => say`対応は不要です。`,
  more: (count) => [words(`…ほか${count}件`)],
  place: japanesePlace,
  contextSeparator: '・',
  betweenSentences: '',
};
