import { firstDestination } from '../../domain/destination.ts';
import type { Announced } from '../../domain/expiry/announced.ts';
import type { WatchedDomain } from '../../domain/expiry/registration.ts';
import type { DomainJudgement } from '../../domain/expiry/registration-judgement.ts';
import {
  domainEnding,
  judgeRegistration,
  quietUntilAfterConfirmation,
} from '../../domain/expiry/registration-judgement.ts';
import { domainReport, domainSettledReport, subjectOf } from '../../domain/expiry/reports.ts';
import { announcedAfter, isNews } from '../../domain/expiry/telling.ts';
import type { Button, Report } from '../../domain/report.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { withButtons } from './buttons.ts';
import type { Told } from './in-parts.ts';
import { inParts } from './in-parts.ts';
import { MAXIMUM_ATTEMPTS, SECONDS_BETWEEN_ATTEMPTS } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { isSaid } from './quiet.ts';
import type { Registered, WatchedDomains } from './registrations.ts';
import { registeredWithRoute53, registrationOf, watchedDomains } from './registrations.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { domainOf, endedBefore } from './subjects.ts';

const DOMAINS_AT_ONCE = 4;

/** The matter of one end of a domain that somebody knows to be taken care of. */
export const confirmedMatter = (domain: string, expiresAt: string): string => `domain-confirmed|${domain}|${expiresAt}`;

/** A button for who has asked the registrar: quiet until the date must have moved. */
const confirming = async (
  { ports }: Run,
  { body, destination }: Report,
  expiresAt: Date,
): Promise<readonly Button[]> => {
  if (body.kind !== 'domain-needs-action' || body.finding !== 'confirm-renewal') return [];
  const until = quietUntilAfterConfirmation(expiresAt);
  const seconds = Math.floor((until.getTime() - ports.now().getTime()) / 1000);
  if (seconds <= 0) return [];
  const matter = confirmedMatter(body.domain, expiresAt.toISOString());
  const content = { kind: 'confirm', matter, until: until.toISOString() } as const;
  const plan = newPlan(ports.newId(), content, destination, ports.now(), seconds);
  await ports.plans.store(plan);
  return [{ verb: 'confirm', planId: plan.planId, object: { kind: 'until', at: until.toISOString() } }];
};

interface Telling {
  readonly askedBy?: string | undefined;
  readonly attempt: number;
  /** These very domains are looked at once more. */
  readonly isSecondLook: boolean;
}

/** Registries that are overrun say that a domain does not exist; nobody is called for what was seen once. */
const isSeenTwice = ({ standing }: DomainJudgement, { isSecondLook }: Telling): boolean =>
  isSecondLook || standing !== 'not-registered';

const isConfirmed = async ({ ports }: Run, domain: string, { standing, endsAt }: DomainJudgement): Promise<boolean> =>
  standing === 'confirm-renewal' &&
  endsAt !== undefined &&
  (await ports.quietMatters.isQuiet(confirmedMatter(domain, endsAt.toISOString()), ports.now()));

const tellNeed = async (
  run: Run,
  judgement: DomainJudgement & { readonly needs: object },
  how: Telling,
): Promise<Told> => {
  const { ports, announced } = run;
  const { body, telling } = judgement.needs;
  const now = ports.now();
  const subject = subjectOf.domain(body.domain);
  const known = announced.get(subject);
  const isAsked = how.askedBy !== undefined;
  if (!isAsked && (await isConfirmed(run, body.domain, judgement))) return 'nothing';
  const isNew = isNews(known, telling, now);
  if (!isAsked && isNew && !isSeenTwice(judgement, how)) return 'again';
  const destination = known?.destination ?? firstDestination(ports.stage);
  const again = how.askedBy ?? known?.quietUntil ?? '';
  const report = domainReport(ports.stage, destination, { body, telling, again }, now);
  if (!isAsked && !(await isSaid(run, report, [subject]))) return 'nothing';
  if (!isAsked && !isNew) return 'nothing';
  const first = judgement.endsAt === undefined ? [] : await confirming(run, report, judgement.endsAt);
  await ports.reports.publish(await withButtons(run, report, [subject], first));
  await run.announce(subject, announcedAfter(known, telling, { matter: report.matter, destination }, now));
  ports.log({ event: 'domain-told', domain: body.domain, finding: body.finding });
  return 'told';
};

/** The new end of a domain that was told of another; one that has not moved was not renewed, and is not told as such. */
const movedTo = (known: Announced, endsAt: Date | undefined): Date | undefined =>
  endsAt !== undefined && known.endsAt !== undefined && endsAt.getTime() > Date.parse(known.endsAt)
    ? endsAt
    : undefined;

const settle = async (
  run: Run,
  domain: string,
  judgement: DomainJudgement,
  askedBy: string | undefined,
): Promise<Told> => {
  const { ports, announced } = run;
  const subject = subjectOf.domain(domain);
  const told = announced.get(subject);
  const known = told ?? (askedBy && endedBefore(subject, firstDestination(ports.stage), askedBy));
  if (!known) return 'nothing';
  const ending = told === undefined ? 'settled' : domainEnding(told, judgement);
  if (ending === 'open') return 'nothing';
  if (ending === 'settled') {
    const expiresAt = movedTo(known, judgement.endsAt);
    await ports.reports.publish(domainSettledReport(ports.stage, known, { domain, expiresAt }, ports.now()));
  }
  await run.forget(subject);
  if (ending === 'forgotten') return 'nothing';
  ports.log({ event: 'domain-settled', domain });
  return 'settled';
};

const lookAt = async (run: Run, watched: WatchedDomain, registered: Registered, how: Telling): Promise<Told> => {
  const { ports } = run;
  const registration = await registrationOf(ports, registered, watched.domain, how.isSecondLook);
  // That a source could not be asked today is no news: it is asked again first.
  if (registration.kind === 'could-not-check' && how.attempt + 1 < MAXIMUM_ATTEMPTS && how.askedBy === undefined)
    return 'again';
  const judgement = judgeRegistration(watched, registration, ports.settings.thresholdsDays, ports.now());
  const { needs } = judgement;
  return needs === undefined
    ? settle(run, watched.domain, judgement, how.askedBy)
    : tellNeed(run, { ...judgement, needs }, how);
};

/** What looking at domains came to. */
export interface DomainsOutcome {
  readonly outcome: 'busy' | 'looked';
  readonly looked?: number;
  readonly told?: number;
  readonly settled?: number;
}

/** Domains that none of our names is below any more. */
const forgetGone = async (run: Run, { domains, isComplete }: WatchedDomains): Promise<void> => {
  if (!isComplete) return;
  const watched = new Set(domains.map(({ domain }) => domain));
  for (const subject of [...run.announced.keys()]) {
    const domain = domainOf(subject);
    if (domain !== undefined && !watched.has(domain)) await run.forget(subject);
  }
};

/** Looks at registrations, a few at a time, until time is over; the rest goes on in a message of its own. */
export const lookAtDomains = async (
  run: Run,
  {
    after = '',
    only,
    attempt = 0,
    askedBy,
  }: Omit<Extract<ExpiryMessage, { readonly kind: 'expiry-domains' }>, 'kind'> & {
    readonly askedBy?: string | undefined;
  },
): Promise<DomainsOutcome> => {
  const { ports } = run;
  const watched = await watchedDomains(ports, run.serving);
  await forgetGone(run, watched);
  const send = (message: ExpiryMessage, seconds: number) =>
    ports.expiryQueue.sendLater(serializeExpiryMessage(message), seconds);
  const { registered, again: isUnreadForNow } = await registeredWithRoute53(ports);
  if (isUnreadForNow && attempt + 1 < MAXIMUM_ATTEMPTS && askedBy === undefined) {
    // Of what is registered there a registry would tell the date, and not that it renews itself.
    const rest = { attempt: attempt + 1, ...(after === '' ? {} : { after }), ...(only === undefined ? {} : { only }) };
    await send({ kind: 'expiry-domains', ...rest }, SECONDS_BETWEEN_ATTEMPTS);
    return { outcome: 'looked', looked: 0 };
  }
  const named = only && new Set(only);
  const how = { askedBy, attempt, isSecondLook: only !== undefined && attempt > 0 };
  const todo = watched.domains.filter(({ domain }) => (named?.has(domain) ?? true) && domain > after);
  const {
    again: unsure,
    after: last,
    ...figures
  } = await inParts(run, todo, { width: DOMAINS_AT_ONCE, keyOf: ({ domain }) => domain }, (one) =>
    lookAt(run, one, registered, how),
  );
  if (unsure.length > 0)
    await send({ kind: 'expiry-domains', only: unsure, attempt: attempt + 1 }, SECONDS_BETWEEN_ATTEMPTS);
  if (last !== undefined)
    await send({ kind: 'expiry-domains', after: last, attempt, ...(only === undefined ? {} : { only }) }, 0);
  return { outcome: 'looked', ...figures };
};

/** The registrations of all domains that our names are below, once a day. */
export const surveyDomains =
  (ports: ExpiryPorts) =>
  (message: Extract<ExpiryMessage, { readonly kind: 'expiry-domains' }>): Promise<DomainsOutcome> =>
    alone(ports, message, async () => lookAtDomains(await beginRun(ports), message));
