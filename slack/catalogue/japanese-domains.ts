import type { DomainNeedsAction } from '../../domain/expiry/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, words } from '../phrase.ts';
import type { ExpiryCatalogue, ExpirySurroundings } from './expiry.ts';
import { autoRenewCommand } from './expiry.ts';
import { and, inDays, NAMES_SHOWN, NO_LINE, NOTHING_TO_DO, next, on, told } from './japanese-expiry-phrases.ts';

const SOURCE: Readonly<Record<NonNullable<DomainNeedsAction['source']>, string>> = {
  route53: 'Route 53',
  rdap: 'レジストリ（RDAP）',
  whois: 'レジストリ（WHOIS）',
  configured: 'serverless.yml に記入した日付',
};

const domainHeadline = (body: DomainNeedsAction, around: ExpirySurroundings, limit: number) => {
  const name = outside(body.domain, limit);
  const { expiresAt, daysLeft } = body;
  const isPast = daysLeft !== undefined && daysLeft < 0 && expiresAt !== undefined;
  const ends = isPast
    ? say`${name}：ドメインの期限を過ぎました（${words(around.times.day(expiresAt))}）`
    : say`${name}：${words(inDays(daysLeft))}ドメインの期限が切れます${words(on(daysLeft, expiresAt, around))}`;
  switch (body.finding) {
    case 'expiring':
      return { strong: ends, rest: say` 自動更新は不明です` };
    case 'auto-renew-off':
      return { strong: ends, rest: say` 自動更新がオフです` };
    case 'confirm-renewal':
      return { strong: ends, rest: say` 自動更新の確認を` };
    case 'expired':
      return {
        strong: say`${name}：ドメインの期限が切れました${words(expiresAt === undefined ? '' : `（${around.times.day(expiresAt)}）`)}`,
        rest: say` サイトとメールが止まります`,
      };
    case 'on-hold':
      return { strong: say`${name}：ドメインが停止されています`, rest: say` DNS から外されました` };
    case 'not-registered':
      return { strong: say`${name}：このドメインは登録されていません`, rest: say`（レジストリの回答）` };
    case 'cannot-know':
      return { strong: say`${name}：ドメインの期限を確認する方法がありません`, rest: NO_LINE };
    case 'could-not-check':
      return { strong: say`${name}：ドメインを確認できません`, rest: say` 期限は不明です` };
  }
};

const below = ({ names, nameCount }: DomainNeedsAction): Phrase =>
  and(
    names.slice(0, NAMES_SHOWN).map((name) => [outside(name)]),
    nameCount - Math.min(names.length, NAMES_SHOWN),
  );

const domainEffect = (body: DomainNeedsAction): Phrase => {
  switch (body.finding) {
    case 'expired':
    case 'on-hold':
    case 'not-registered':
      return say`利用者への影響：あり（推定）。このドメインのサイトとメールが止まります：${below(body)}`;
    case 'cannot-know':
    case 'could-not-check':
      return say`利用者への影響：現在はなし（このドメインのサイト：${below(body)}）`;
    default:
      return say`更新されないと、このドメインのサイトとメールが止まります：${below(body)}`;
  }
};

const registrarOf = ({ registrar }: DomainNeedsAction): Phrase =>
  registrar === undefined ? [words('ドメイン事業者')] : say`ドメイン事業者（${outside(registrar)}）`;

const domainStep = (body: DomainNeedsAction): Phrase => {
  switch (body.finding) {
    case 'expiring':
      return say`${next(say`${registrarOf(body)}で自動更新を確認、または更新`)}`;
    case 'auto-renew-off':
      return say`${next(say`Route 53 で自動更新をオンにする：`)}${autoRenewCommand(body.domain)}`;
    case 'confirm-renewal':
      return say`${next(say`${registrarOf(body)}で自動更新がオンか確認し、「確認済み」を押す`)}`;
    case 'expired':
      return say`${next(say`今すぐ更新`)}（${registrarOf(body)}、復旧可能な期間内に）。`;
    case 'on-hold':
      return say`${next(say`${registrarOf(body)}に停止の理由を確認`)}（支払い、登録者メールアドレスの確認、紛争など）。`;
    case 'not-registered':
      return say`${next(say`すぐに登録し直す。`)}第三者に取得される前に対応してください。`;
    case 'cannot-know':
      return say`${next(say`期限を serverless.yml に記入：`)} ${code('domainDates')}（通知が不要な場合は ${code('ignoredDomains')}）`;
    case 'could-not-check':
      return say`${next(say`対応は不要。`)}続く場合は、ドメイン事業者の管理画面で確認してください。`;
  }
};

const domainEvidence = ({ source, statuses, detail, finding }: DomainNeedsAction): Phrase => {
  const parts: readonly Phrase[] = [
    ...(finding === 'confirm-renewal'
      ? [say`.jp は期限を過ぎるまで新しい期限が表示されないため、外からは更新の予定を確認できません。`]
      : source === undefined
        ? []
        : [say`確認元：${words(SOURCE[source])}。`]),
    ...(statuses.length === 0 || finding === 'confirm-renewal'
      ? []
      : [
          say`状態：${and(
            statuses.slice(0, NAMES_SHOWN).map((each) => [outside(each)]),
            statuses.length - NAMES_SHOWN,
          )}。`,
        ]),
    ...(detail === undefined ? [] : [say`原因：${told(detail)}`]),
  ];
  return joined(parts, '');
};

/** What Usher says in Japanese about domains. */
export const JAPANESE_DOMAINS: Pick<ExpiryCatalogue, 'domain' | 'domainSettled'> = {
  domain: {
    headline: domainHeadline,
    effect: domainEffect,
    next: domainStep,
    evidence: domainEvidence,
    closing: ({ finding }) =>
      finding === 'cannot-know'
        ? say`設定は変更していません。この通知は一度だけです。`
        : say`1日ごとに確認し、ここでお知らせします。設定は変更していません。`,
  },
  domainSettled: {
    headline: ({ domain, expiresAt }, { times }, limit) =>
      expiresAt === undefined
        ? { strong: say`${outside(domain, limit)}：ドメインの問題は解消しました。`, rest: NOTHING_TO_DO }
        : {
            strong: say`${outside(domain, limit)}：ドメインが更新されました。`,
            rest: say` 新しい期限：${words(times.date(expiresAt))}。${NOTHING_TO_DO}`,
          },
    effect: () => NO_LINE,
    next: () => NO_LINE,
    evidence: () => NO_LINE,
    closing: () => NO_LINE,
  },
};
