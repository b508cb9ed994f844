import type { RegisteredDomain } from '../../aws/route53-domains/port.ts';
import { daysLeft } from '../../domain/expiry/days-left.ts';
import type { Registration, WatchedDomain } from '../../domain/expiry/registration.ts';
import type { DomainJudgement } from '../../domain/expiry/registration-judgement.ts';
import { judgeRegistration, quietUntilAfterConfirmation } from '../../domain/expiry/registration-judgement.ts';
import { domainReport, domainSettledReport, subjectOf } from '../../domain/expiry/reports.ts';
import { announcedAfter, isNews } from '../../domain/expiry/telling.ts';
import type { Reading } from '../../domain/reading.ts';
import { read, unreadable } from '../../domain/reading.ts';
import type { Button, Report } from '../../domain/report.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { withButtons } from './buttons.ts';
import { readLists } from './lists.ts';
import { isPassing, MAXIMUM_ATTEMPTS, refusal, SECONDS_BETWEEN_ATTEMPTS, sideBySide } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { isSaid } from './quiet.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { domainOf, firstDestination } from './subjects.ts';
import { whyUnread } from './unread.ts';
import type { Serving } from './uses.ts';

const DOMAINS_AT_ONCE = 4;

const HOUR_MILLISECONDS = 3_600_000;

/** Registries are asked once a day when an end is near, and once a week when it is far. */
const NEAR_DAYS = 60;
const NEAR_CACHE_HOURS = 20;
const FAR_CACHE_HOURS = 6 * 24 + 20;

/** While a registry does not answer, what it last said counts for so long. */
const LAST_WORD_HOURS = 14 * 24;

/** The registrable domains of our names, and whether every source of names could be read. */
export interface WatchedDomains {
  readonly domains: readonly WatchedDomain[];
  readonly isComplete: boolean;
}

/** Domains of the names that certificates, distributions and the stage's own lists hold; those to be ignored are not there. */
export const watchedDomains = async (
  ports: Pick<ExpiryPorts, 'certificates' | 'settings' | 'registrableDomain'>,
  serving: Pick<Serving, 'distributions'>,
): Promise<WatchedDomains> => {
  const { regions, endpoints, domainDates, ignoredDomains } = ports.settings;
  const [lists, distributions] = await Promise.all([readLists(ports, regions), serving.distributions()]);
  const names = [
    ...lists.summaries.flatMap((summary) => summary.names),
    ...(distributions.kind === 'read' ? distributions.value.flatMap(({ aliases }) => aliases) : []),
    ...endpoints.map(({ host }) => host),
    ...domainDates.keys(),
  ];
  const byDomain = new Map<string, Set<string>>();
  for (const name of names) {
    const plain = name.replace(/^\*\./, '').replace(/\.$/, '').toLowerCase();
    const domain = ports.registrableDomain(plain);
    if (domain === undefined || ignoredDomains.includes(domain)) continue;
    const known = byDomain.get(domain) ?? new Set();
    byDomain.set(domain, known.add(plain));
  }
  return {
    domains: [...byDomain]
      .map(([domain, named]) => ({ domain, names: [...named].sort() }))
      .sort((one, other) => (one.domain < other.domain ? -1 : 1)),
    isComplete: lists.unread.length === 0 && distributions.kind === 'read',
  };
};

type Registered = Reading<ReadonlyMap<string, RegisteredDomain>>;

/** Domains that the account registered with Route 53; `again` when the read may well succeed a little later. */
export const registeredWithRoute53 = async (
  ports: Pick<ExpiryPorts, 'registeredDomains' | 'log'>,
): Promise<{ readonly registered: Registered; readonly again: boolean }> => {
  try {
    const domains = await ports.registeredDomains.readDomains();
    return { registered: read(new Map(domains.map((domain) => [domain.domain, domain]))), again: false };
  } catch (error) {
    const refused = refusal(error);
    const why = whyUnread(refused);
    ports.log({ event: 'unread', why });
    return { registered: unreadable(why), again: isPassing(refused) };
  }
};

const ofRoute53 = (registered: Registered, domain: string): Registration | undefined => {
  const found = registered.kind === 'read' ? registered.value.get(domain) : undefined;
  if (found?.expiresAt === undefined) return undefined;
  return {
    kind: 'registered',
    source: 'route53',
    expiresAt: found.expiresAt,
    registrar: undefined,
    renewsItself: found.renewsItself,
    statuses: [],
  };
};

const ofSettings = ({ settings }: Pick<ExpiryPorts, 'settings'>, domain: string): Registration | undefined => {
  const expiresAt = settings.domainDates.get(domain);
  if (expiresAt === undefined) return undefined;
  return {
    kind: 'registered',
    source: 'configured',
    expiresAt,
    registrar: undefined,
    renewsItself: undefined,
    statuses: [],
  };
};

const hoursSince = (then: Date, now: Date): number => (now.getTime() - then.getTime()) / HOUR_MILLISECONDS;

const isFresh = (registration: Registration, readAt: Date, now: Date): boolean => {
  const isFar = registration.kind !== 'registered' || daysLeft(registration.expiresAt, now) > NEAR_DAYS;
  return (
    hoursSince(readAt, now) < (isFar && registration.kind !== 'not-registered' ? FAR_CACHE_HOURS : NEAR_CACHE_HOURS)
  );
};

const hasDate = ({ kind }: Registration): boolean => kind === 'registered' || kind === 'not-registered';

/** What registries outside AWS say: remembered for a while, and for longer when they do not answer. */
const ofRegistries = async (
  ports: Pick<ExpiryPorts, 'registries' | 'memory' | 'now'>,
  domain: string,
  isAnew: boolean,
): Promise<Registration> => {
  const known = await ports.memory.registration(domain);
  const now = ports.now();
  if (known !== undefined && !isAnew && isFresh(known.registration, known.readAt, now)) return known.registration;
  const registration = await ports.registries.readRegistration(domain);
  if (registration.kind !== 'could-not-check') {
    await ports.memory.keepRegistration(domain, registration, now);
    return registration;
  }
  const lastWord =
    known !== undefined && hoursSince(known.readAt, now) < LAST_WORD_HOURS && hasDate(known.registration);
  return lastWord ? known.registration : registration;
};

/**
 * Route 53 for what is registered there, else the registry, else the date that people keep by hand, in this order.
 * @param isAnew asks the registry whatever is remembered
 */
export const registrationOf = async (
  ports: Pick<ExpiryPorts, 'registries' | 'memory' | 'now' | 'settings'>,
  registered: Registered,
  domain: string,
  isAnew = false,
): Promise<Registration> => {
  const own = ofRoute53(registered, domain);
  if (own !== undefined) return own;
  const registration = await ofRegistries(ports, domain, isAnew);
  return hasDate(registration) ? registration : (ofSettings(ports, domain) ?? registration);
};

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

type Told = 'told' | 'settled' | 'again' | 'nothing';

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
  if (!isAsked && known === undefined && !isSeenTwice(judgement, how)) return 'again';
  const destination = known?.destination ?? firstDestination(ports.stage);
  const again = how.askedBy ?? known?.quietUntil ?? '';
  const report = domainReport(ports.stage, destination, { body, telling, again }, now);
  if (!isAsked && !(await isSaid(run, report, [subject]))) return 'nothing';
  if (!isAsked && !isNews(known, telling, now)) return 'nothing';
  const first = judgement.endsAt === undefined ? [] : await confirming(run, report, judgement.endsAt);
  await ports.reports.publish(await withButtons(run, report, [subject], first));
  await run.announce(subject, announcedAfter(known, telling, { matter: report.matter, destination }, now));
  ports.log({ event: 'domain-told', domain: body.domain, finding: body.finding });
  return 'told';
};

const settle = async (run: Run, domain: string, expiresAt: Date | undefined): Promise<Told> => {
  const { ports, announced } = run;
  const subject = subjectOf.domain(domain);
  const known = announced.get(subject);
  if (known === undefined) return 'nothing';
  await ports.reports.publish(domainSettledReport(ports.stage, known, { domain, expiresAt }, ports.now()));
  await run.forget(subject);
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
    ? settle(run, watched.domain, judgement.endsAt)
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
  const results: Told[] = [];
  const again: string[] = [];
  let next = 0;
  while (next < todo.length && (next === 0 || !run.patience.isOver())) {
    const now = todo.slice(next, next + DOMAINS_AT_ONCE);
    const told = await sideBySide(now, DOMAINS_AT_ONCE, (one) => lookAt(run, one, registered, how));
    again.push(...now.filter((_, index) => told[index] === 'again').map(({ domain }) => domain));
    results.push(...told);
    next += now.length;
  }
  if (again.length > 0)
    await send({ kind: 'expiry-domains', only: again, attempt: attempt + 1 }, SECONDS_BETWEEN_ATTEMPTS);
  const last = todo[next - 1];
  if (next < todo.length && last !== undefined)
    await send({ kind: 'expiry-domains', after: last.domain, attempt, ...(only === undefined ? {} : { only }) }, 0);
  return {
    outcome: 'looked',
    looked: next,
    told: results.filter((result) => result === 'told').length,
    settled: results.filter((result) => result === 'settled').length,
  };
};

/** The registrations of all domains that our names are below, once a day. */
export const surveyDomains =
  (ports: ExpiryPorts) =>
  (message: Extract<ExpiryMessage, { readonly kind: 'expiry-domains' }>): Promise<DomainsOutcome> =>
    alone(ports, message, async () => lookAtDomains(await beginRun(ports), message));
