import type { ClosedRule, ClosingEnded, ClosingProposed, ProposedClosing } from '../../domain/closing/report.ts';
import { isShowableCommand } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { ClosingCatalogue } from './closing.ts';

const NAMES_SHOWN = 3;
const RULES_SHOWN = 4;
const NAME_LIMIT = 24;
/** Of a protocol, and of two ports. */
const TRAFFIC_LIMIT = 11;

const named = (names: readonly string[], count: number, limit = NAME_LIMIT, counter = '台'): Phrase => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => [outside(name, limit)]);
  const more = count - shown.length;
  return [...joined(shown, '・'), ...(more > 0 ? [words(` ほか${more}${counter}`)] : [])];
};

const traffic = ({ protocol, ports }: ClosedRule): Phrase => {
  if (protocol === '-1') return say`すべてのトラフィック`;
  const named = outside(protocol, TRAFFIC_LIMIT);
  return ports === '' ? say`${named} の全ポート` : say`${named}/${outside(ports, TRAFFIC_LIMIT)}`;
};

const from = ({ peer, source }: ProposedClosing): Phrase =>
  source === 'world' ? say`インターネット` : say`${outside(peer)}`;

const portsOf = ({ asked }: ProposedClosing): string => `ポート${asked.join('・')}`;

const rule = (closed: ClosedRule): Phrase =>
  say`${code(closed.securityGroup.name)} のインバウンドルール（${outside(closed.peer)} からの ${traffic(closed)}）`;

const isSplit = ({ extent }: ProposedClosing): boolean => extent !== 'this-port';

const headlineOf = (first: ProposedClosing, limit: number): Phrase => {
  const targets = named(first.names, first.count, limit);
  if (!isSplit(first)) return say`提案：${targets} の${words(portsOf(first))}を、${from(first)}から閉じます`;
  return say`提案：${targets} の${words(portsOf(first))}以外も ${from(first)}へ開いているルールを分割します`;
};

const balancerOf = ({ balancers }: ProposedClosing): Phrase =>
  balancers.length === 0 ? say`ロードバランサー` : named(balancers, balancers.length);

const BECAUSE: Readonly<Record<'CoversOtherPorts' | 'ManagedByCode' | 'ReportOnly', string>> = {
  CoversOtherPorts: 'ほかのポートも含むルールのため、Usher は変更しません。',
  ManagedByCode: 'コードで管理されているセキュリティグループのため、コード側で変更してください。',
  ReportOnly: 'report-only のグループのため、Usher は変更しません。',
};

const isText = (because: ProposedClosing['because']): because is keyof typeof BECAUSE => because in BECAUSE;

const isPressable = ({ rules }: ClosingProposed): boolean => rules.some(({ because }) => !isText(because));

const next = (step: Phrase): Phrase => say`${strong(say`次の手順：`)}${step}`;

const groupNames = ({ groups }: ClosingEnded): Phrase =>
  named(
    groups.map(({ name }) => name),
    groups.length,
    NAME_LIMIT,
    '件',
  );

const lineOf = ({ line }: ClosingEnded): Phrase =>
  line !== undefined && isShowableCommand(line) ? say`：${command(line)}` : say`（EC2 コンソールでルールを追加）`;

const HEADLINES: Readonly<Record<ClosingEnded['how'], (name: Phrase) => Phrase>> = {
  stands: (name) => say`${name} のルールの削除が完了しました（影響なし）`,
  unclear: (name) => say`${name} のルール削除後にヘルスチェックが異常になりました`,
  'put-back': (name) => say`${name} のルールを元に戻しました（必要な通信がありました）`,
  'not-put-back': (name) => say`${name} に必要なルールを元に戻せませんでした`,
  'not-removed': (name) => say`${name} のルールを削除できませんでした（AWS が拒否）`,
};

export const JAPANESE_CLOSING: ClosingCatalogue = {
  proposed: {
    headline: ({ rules }, limit) => {
      const [first] = rules;
      const more = rules.length - 1;
      return {
        strong: first === undefined ? say`提案：ルールを閉じます` : headlineOf(first, limit),
        rest: more > 0 ? say`（ほか${more}件）` : say``,
      };
    },
    now: ({ rules }) => {
      const shown = rules
        .slice(0, RULES_SHOWN)
        .map((each) => say`${code(each.securityGroup.name)} が ${outside(each.peer)} からの ${traffic(each)} を許可`);
      const more = rules.length - shown.length;
      const world = rules.find(({ source }) => source === 'world');
      const around =
        world === undefined
          ? say`しています（ロードバランサー以外）`
          : say`しており、${balancerOf(world)} を通らずに接続できます`;
      const reachable =
        world?.publicCount === undefined
          ? []
          : [words(`（${world.count}台中${world.publicCount}台にパブリックIPあり）`)];
      return [
        words('現状：'),
        ...joined(shown, '、'),
        ...(more > 0 ? [words(`、ほか${more}件`)] : []),
        ...around,
        ...reachable,
        words('。'),
      ];
    },
    unneeded: ({ rules }) => {
      const [first] = rules;
      if (first === undefined) return [];
      return say`${balancerOf(first)} には不要です：専用のルールは設定済み、${words(`${first.total}台中${first.healthy}台が正常`)}。`;
    },
    stops: ({ rules }) =>
      rules.some(({ source }) => source === 'world')
        ? say`使えなくなるもの：IP 直接のアクセス（外形監視など）。SSH やロードバランサー経由は変わりません。`
        : say`使えなくなるもの：これらの送信元からの${words(rules[0] === undefined ? 'アクセス' : `${portsOf(rules[0])}へのアクセス`)}。ロードバランサー経由は変わりません。`,
    next: (body) => {
      const first = body.rules[0]?.because ?? 'CoversOtherPorts';
      if (isPressable(body))
        return say`${strong(say`次の手順：「閉じる」か「残す」を選んでください。`)}まだ変更していません。閉じた後${body.watchMinutes}分以内に異常が出たら、自動で元に戻します。`;
      return say`${words(isText(first) ? BECAUSE[first] : BECAUSE.CoversOtherPorts)}${next(say`「CLI を表示」の手順を確認するか、「残す」を選んでください。まだ変更していません。`)}`;
    },
    offer: ({ until }, { day }) => (until === undefined ? [] : say`期限 ${words(day(until))}`),
  },
  closed: {
    headline: ({ rules, targetGroup }, limit) => ({
      strong: say`${outside(targetGroup.name, limit)} の ${rules[0] === undefined ? say`ポート` : traffic(rules[0])} をロードバランサー以外から閉じました`,
      rest: say``,
    }),
    lines: ({ rules }) => [
      [
        words('変更：'),
        ...joined(rules.slice(0, RULES_SHOWN).map(rule), '、'),
        words('を削除しました。ほかは変更していません。'),
      ],
      say`削除後も、すべてのロードバランサーの経路が通ることを確認済みです。ヘルスチェックを監視し、異常が出たら元に戻します。`,
      say`対応は不要です。`,
    ],
  },
  ended: {
    headline: (body, limit) => ({
      strong: HEADLINES[body.how](say`${outside(body.rule.securityGroup.name, limit)}`),
      rest: say``,
    }),
    lines: (body) => {
      const fell = say`${groupNames(body)} の ${named(body.fell, body.fellCount)}`;
      switch (body.how) {
        case 'stands':
          return [
            say`削除済み：${rule(body.rule)}。監視が終わるまで、正常だったターゲットはすべて正常でした。`,
            say`対応は不要です。`,
          ];
        case 'unclear':
          return [
            say`異常になったターゲット：${fell}。同じ時間帯にターゲットの登録や登録解除があり、ルール削除が原因とは限らないため、元に戻していません。`,
            say`先に削除したルール：${rule(body.rule)}。`,
            next(say`まずデプロイを確認し、原因でなければルールを元に戻してください${lineOf(body)}`),
          ];
        case 'put-back':
          return [
            say`このルールがないとヘルスチェックに失敗しました：${fell}。ルールからは分からない依存があります。`,
            say`変更：元どおりに戻しました：${rule(body.rule)}。${groupNames(body)} は report-only になり、このルールを閉じることも提案することも今後ありません。`,
            next(
              say`このポートの利用元を調べてください。Usher による変更を再開するには ${code(`/usher resume ${body.groups[0]?.name ?? 'GROUP'}`)}`,
            ),
          ];
        case 'not-put-back':
          return [
            say`このルールがないとヘルスチェックに失敗します：${fell}。元に戻す操作を AWS が拒否しました：${code(body.code ?? '-')}。`,
            say`削除したルール：${rule(body.rule)}。${groupNames(body)} は report-only になりました。`,
            next(say`すぐにルールを元に戻してください${lineOf(body)}`),
          ];
        case 'not-removed':
          return [
            say`残っているルール：${rule(body.rule)}。AWS の応答：${code(body.code ?? '-')}。何も変更していません。`,
            next(
              say`Usher のロールにこのグループのルール削除を許可するか、ルールに ${code('usher:keep')} を付けてください`,
            ),
          ];
      }
    },
  },
};
