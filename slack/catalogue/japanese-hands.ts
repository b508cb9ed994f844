import type { Doer, HeldRule, ReportedTarget } from '../../domain/report.ts';
import { isShowableCommand } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { HandsCatalogue } from './hands.ts';

const NAMES_SHOWN = 2;
const RULES_SHOWN = 2;
const NAME_LIMIT = 24;

/** `web-1、web-2 ほか3台`. */
const named = (targets: readonly Pick<ReportedTarget, 'name'>[], limit = NAME_LIMIT): Phrase => {
  const shown = targets.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, limit)]);
  const more = targets.length - shown.length;
  return [...joined(shown, '、'), ...(more > 0 ? [words(` ほか${more}台`)] : [])];
};

const VIA: Readonly<Record<NonNullable<Doer['via']>, string>> = {
  console: 'コンソール',
  cli: 'AWS CLI',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  service: 'AWS のサービス',
  usher: 'usher',
};

const rule = ({ securityGroup, direction, protocol, port, peer }: HeldRule): Phrase =>
  say`${code(securityGroup.name)} の${words(direction === 'ingress' ? 'インバウンド' : 'アウトバウンド')} ${words(`${protocol}/${port}`)}（${words(direction === 'ingress' ? '送信元' : '送信先')} ${code(peer.name)}）`;

export const JAPANESE_HANDS: HandsCatalogue = {
  headline: (body, limit) => ({
    strong:
      body.targets.length > 0
        ? say`${named(body.targets, limit)} が Usher 以外により登録解除されました`
        : say`Usher のルール${words(String(body.rules.length))}件が Usher 以外により削除されました`,
    rest: say`（${outside(body.targetGroup.name, limit)}）${words(body.isFollowUp ? '実行者が判明しました' : 'そのままにします')}`,
  }),
  effect: ({ targets, behindRules }) =>
    targets.length > 0
      ? say`利用者のアクセスはグループのほかのターゲットが処理します。Usher は何も変更していません。`
      : say`このルールがないと、ロードバランサーから ${named(behindRules)} に届かないことがあります。Usher は何も変更していません。`,
  rules: ({ rules }) => {
    if (rules.length === 0) return [];
    const more = rules.length - RULES_SHOWN;
    const shown = joined(rules.slice(0, RULES_SHOWN).map(rule), '、');
    return [words('削除されたルール：'), ...shown, ...(more > 0 ? [words(` ほか${more}件`)] : [])];
  },
  doer: (doer, { moment }) =>
    doer === undefined
      ? say`実行者：まだ不明です。CloudTrail で判明次第、ここに追記します。`
      : say`実行者：${outside(doer.name)}${words(doer.via === undefined ? '' : `（${VIA[doer.via]}）`)}、${words(moment(doer.at))}`,
  next: ({ remedy, code: inCode, targets }) => {
    if (inCode !== undefined && targets.length === 0)
      return say`このセキュリティグループはコードで管理されているため、Usher は今後ここにルールを追加しません。${strong(say`次の手順：`)}ロードバランサーからの通信が必要な場合は、次をコードに追加してください。不要な場合、対応は不要です。`;
    const line = remedy !== undefined && isShowableCommand(remedy) ? say`、または ${command(remedy)}` : [];
    return say`${strong(say`次の手順：`)}誤りの場合はボタンで元に戻してください${line}。意図した操作なら対応は不要です（そのままにします）。`;
  },
};
