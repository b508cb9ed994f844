import type { RegisteredDomain } from '../../aws/route53-domains/port.ts';
import type { CertificateSummary } from '../../domain/expiry/certificate.ts';
import { daysLeft } from '../../domain/expiry/days-left.ts';
import { isServing } from '../../domain/expiry/evaluate.ts';
import type { Registration, WatchedDomain } from '../../domain/expiry/registration.ts';
import type { Reading } from '../../domain/reading.ts';
import { read, unreadable } from '../../domain/reading.ts';
import { readLists } from './lists.ts';
import { isPassing, refusal } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { whyUnread } from './unread.ts';
import type { Serving } from './uses.ts';

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

/** Never issued, or over and serving nobody: a domain that only such ones name may have been given up, or never had. */
const isOver = (summary: CertificateSummary): boolean =>
  summary.status === 'FAILED' ||
  summary.status === 'VALIDATION_TIMED_OUT' ||
  ((summary.status === 'EXPIRED' || summary.status === 'REVOKED') && !isServing(summary));

/** Domains of the names that certificates, distributions and the stage's own lists hold; those to be ignored are not there. */
export const watchedDomains = async (
  ports: Pick<ExpiryPorts, 'certificates' | 'settings' | 'registrableDomain'>,
  serving: Pick<Serving, 'distributions'>,
): Promise<WatchedDomains> => {
  const { regions, endpoints, domainDates, ignoredDomains } = ports.settings;
  const [lists, distributions] = await Promise.all([readLists(ports, regions), serving.distributions()]);
  const names = [
    ...lists.summaries.flatMap((summary) => (isOver(summary) ? [] : summary.names)),
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

export type Registered = Reading<ReadonlyMap<string, RegisteredDomain>>;

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
