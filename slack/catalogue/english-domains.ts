import type { DomainNeedsAction } from '../../domain/expiry/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, words } from '../phrase.ts';
import { and, inDays, NAMES_SHOWN, NO_LINE, NOTHING_TO_DO, next, told } from './english-expiry-phrases.ts';
import type { ExpiryCatalogue, ExpirySurroundings } from './expiry.ts';
import { autoRenewCommand } from './expiry.ts';

const SOURCE: Readonly<Record<NonNullable<DomainNeedsAction['source']>, string>> = {
  route53: 'Route 53',
  rdap: 'the registry (RDAP)',
  whois: 'the registry (WHOIS)',
  configured: 'the date in serverless.yml',
};

const domainHeadline = (body: DomainNeedsAction, around: ExpirySurroundings, limit: number) => {
  const name = outside(body.domain, limit);
  const { expiresAt, daysLeft } = body;
  const isPast = daysLeft !== undefined && daysLeft < 0 && expiresAt !== undefined;
  const ends = isPast
    ? say`${name}: the domain’s date has passed (${words(around.times.day(expiresAt))})`
    : say`${name}: the domain ends${inDays(daysLeft, expiresAt, around)}`;
  switch (body.finding) {
    case 'expiring':
      return { strong: ends, rest: say` – does it renew itself?` };
    case 'auto-renew-off':
      return { strong: ends, rest: say` – auto-renew is off` };
    case 'confirm-renewal':
      return { strong: ends, rest: say` – please confirm that it renews` };
    case 'expired':
      return {
        strong: say`${name}: the domain has ended${expiresAt === undefined ? [] : say` (${words(around.times.day(expiresAt))})`}`,
        rest: say` – everything below it can stop`,
      };
    case 'on-hold':
      return { strong: say`${name}: the domain is on hold`, rest: say` – it was taken out of DNS` };
    case 'not-registered':
      return { strong: say`${name}: the registry says nobody has this domain`, rest: NO_LINE };
    case 'cannot-know':
      return { strong: say`${name}: nobody tells when this domain ends`, rest: NO_LINE };
    case 'could-not-check':
      return { strong: say`${name}: the domain could not be checked`, rest: say` – nothing is known of its end` };
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
      return say`Visitors: likely affected. Site and mail below it stop: ${below(body)}.`;
    case 'cannot-know':
    case 'could-not-check':
      return say`Visitors: not affected now. Below it: ${below(body)}.`;
    default:
      return say`If it lapses, site and mail below it stop: ${below(body)}.`;
  }
};

const registrarOf = ({ registrar }: DomainNeedsAction): Phrase =>
  registrar === undefined ? [words('the registrar')] : say`the registrar, ${outside(registrar)},`;

const domainStep = (body: DomainNeedsAction): Phrase => {
  switch (body.finding) {
    case 'expiring':
      return say`${next(say`ask ${registrarOf(body)} whether it renews itself, or renew it`)}.`;
    case 'auto-renew-off':
      return say`${next(say`turn on auto-renew in Route 53:`)}${autoRenewCommand(body.domain)}`;
    case 'confirm-renewal':
      return say`${next(say`ask ${registrarOf(body)} whether auto-renewal is on, then press “Confirmed”`)}.`;
    case 'expired':
      return say`${next(say`renew it now`)} at ${registrarOf(body)} as long as that is still possible.`;
    case 'on-hold':
      return say`${next(say`ask ${registrarOf(body)} what is owed`)}: a payment, a proof of the owner’s address, a dispute.`;
    case 'not-registered':
      return say`${next(say`register it again at once`)}, before somebody else does.`;
    case 'cannot-know':
      return say`${next(say`write its date into`)} ${code('domainDates')} in ${code('serverless.yml')}, or leave it out with ${code('ignoredDomains')}.`;
    case 'could-not-check':
      return say`${next(say`nothing`)} unless this goes on; then look it up at the registrar.`;
  }
};

const domainEvidence = ({ source, statuses, detail, finding }: DomainNeedsAction): Phrase => {
  const parts: readonly Phrase[] = [
    ...(finding === 'confirm-renewal'
      ? [say`A .jp domain shows its new date only once the old one has passed, so this can’t be seen from outside.`]
      : source === undefined
        ? []
        : [say`Source: ${words(SOURCE[source])}.`]),
    ...(statuses.length === 0 || finding === 'confirm-renewal'
      ? []
      : [
          say`Status: ${and(
            statuses.slice(0, NAMES_SHOWN).map((each) => [outside(each)]),
            statuses.length - NAMES_SHOWN,
          )}.`,
        ]),
    ...(detail === undefined ? [] : [say`Cause: ${told(detail)}`]),
  ];
  return joined(parts, ' ');
};

/** What Usher says in English about domains. */
export const ENGLISH_DOMAINS: Pick<ExpiryCatalogue, 'domain' | 'domainSettled'> = {
  domain: {
    headline: domainHeadline,
    effect: domainEffect,
    next: domainStep,
    evidence: domainEvidence,
    closing: ({ finding }) =>
      finding === 'cannot-know'
        ? say`Nothing was changed. This is said once.`
        : say`I look once a day and tell you here. Nothing was changed.`,
  },
  domainSettled: {
    headline: ({ domain, expiresAt }, { times }, limit) =>
      expiresAt === undefined
        ? { strong: say`${outside(domain, limit)}: the domain is in order again.`, rest: NOTHING_TO_DO }
        : {
            strong: say`${outside(domain, limit)}: the domain is renewed.`,
            rest: say` New end: ${words(times.date(expiresAt))}.${NOTHING_TO_DO}`,
          },
    effect: () => NO_LINE,
    next: () => NO_LINE,
    evidence: () => NO_LINE,
    closing: () => NO_LINE,
  },
};
