import type { Severity } from '../finding.ts';
import type { Announced } from './announced.ts';
import { daysAfter, daysLeft } from './days-left.ts';
import type { Registration, WatchedDomain } from './registration.ts';
import type { DomainNeedsAction } from './report.ts';
import type { Telling } from './telling.ts';
import { lastTold } from './telling.ts';
import { crossedThreshold, severityAt } from './thresholds.ts';

type Finding = DomainNeedsAction['finding'];
type Registered = Extract<Registration, { kind: 'registered' }>;

/** Where a domain stands, however far its end; `renews-itself` needs nobody. */
export type DomainStanding = 'renews-itself' | Finding;

/** What is to be told of a domain, and as what. */
export interface DomainJudgement {
  readonly standing: DomainStanding;
  readonly endsAt: Date | undefined;
  readonly daysLeft: number | undefined;
  /** `undefined` for what needs nobody, or nobody yet. */
  readonly needs: { readonly body: DomainNeedsAction; readonly telling: Telling } | undefined;
}

const NAMES_TOLD = 10;

/** `.jp` shows its new date some time after the old one has passed (facts, addenda); until then nothing is known to be wrong. */
const DATE_MOVES_DAYS = 3;

/** Taken out of DNS, or about to be deleted. Words of RDAP (RFC 8056), of EPP and of JPRS, without spaces and case. */
const ON_HOLD: ReadonlySet<string> = new Set([
  'clienthold',
  'serverhold',
  'redemptionperiod',
  'pendingdelete',
  'suspended',
  'deleted',
]);

/** Somebody has given it up; it is still there. */
const GIVEN_UP: ReadonlySet<string> = new Set(['tobesuspended', 'tobedeleted']);

const plainStatus = (status: string): string => status.toLowerCase().replaceAll(/[^a-z]/g, '');

const hasStatus = ({ statuses }: Registered, among: ReadonlySet<string>): boolean =>
  statuses.some((status) => among.has(plainStatus(status)));

/** Whether a registry shows the new date only once the old one has passed. */
const showsDatesLate = (domain: string, { source }: Registered): boolean =>
  source === 'whois' && domain.endsWith('.jp');

const standingOfRegistered = (domain: string, registration: Registered, days: number): DomainStanding => {
  if (hasStatus(registration, ON_HOLD)) return 'on-hold';
  const isLate = showsDatesLate(domain, registration);
  if (days < (isLate ? -DATE_MOVES_DAYS : 0)) return 'expired';
  if (hasStatus(registration, GIVEN_UP)) return 'expiring';
  if (isLate) return 'confirm-renewal';
  if (registration.renewsItself === undefined) return 'expiring';
  return registration.renewsItself ? 'renews-itself' : 'auto-renew-off';
};

const severityOf = (finding: Finding, days: number | undefined): Severity => {
  switch (finding) {
    case 'expired':
    case 'on-hold':
    case 'not-registered':
      return 'critical';
    case 'cannot-know':
    case 'could-not-check':
      return 'information';
    case 'confirm-renewal':
      // Most renew by themselves, and only the registrar knows: nobody is called for that.
      return days !== undefined && severityAt(days) === 'information' ? 'information' : 'warning';
    case 'expiring':
    case 'auto-renew-off':
      return severityAt(days ?? 0);
  }
};

/** Findings that are told as the end comes near; the others are told once, whenever they are found. */
const BY_THRESHOLD: ReadonlySet<DomainStanding> = new Set<Finding>(['expiring', 'auto-renew-off', 'confirm-renewal']);

const judged = (registration: Registration, domain: string, now: Date) => {
  if (registration.kind !== 'registered')
    return { standing: registration.kind, endsAt: undefined, days: undefined } as const;
  const days = daysLeft(registration.expiresAt, now);
  const standing = standingOfRegistered(domain, registration, days);
  return { standing, endsAt: registration.expiresAt, days };
};

/** What a source said, where it could not simply tell. */
const detailOf = (registration: Registration): string | undefined =>
  registration.kind === 'cannot-know' || registration.kind === 'could-not-check' ? registration.why : undefined;

/** What becomes of a domain, by what one source says of its registration. @param thresholdsDays from far to near */
export const judgeRegistration = (
  { domain, names }: WatchedDomain,
  registration: Registration,
  thresholdsDays: readonly number[],
  now: Date,
): DomainJudgement => {
  const { standing, endsAt, days } = judged(registration, domain, now);
  const thresholdDays =
    BY_THRESHOLD.has(standing) && days !== undefined ? crossedThreshold(days, thresholdsDays) : undefined;
  if (standing === 'renews-itself' || (BY_THRESHOLD.has(standing) && thresholdDays === undefined))
    return { standing, endsAt, daysLeft: days, needs: undefined };
  const isRegistered = registration.kind === 'registered';
  const expiresAt = endsAt?.toISOString();
  return {
    standing,
    endsAt,
    daysLeft: days,
    needs: {
      body: {
        kind: 'domain-needs-action',
        domain,
        names: names.slice(0, NAMES_TOLD),
        nameCount: names.length,
        finding: standing,
        expiresAt,
        daysLeft: days,
        registrar: isRegistered ? registration.registrar : undefined,
        source: 'source' in registration ? registration.source : undefined,
        statuses: isRegistered ? registration.statuses : [],
        thresholdDays,
        detail: detailOf(registration),
      },
      telling: {
        standing,
        endsAt: expiresAt,
        daysLeft: days,
        thresholdDays,
        severity: severityOf(standing, days),
      },
    },
  };
};

/** Until when *Confirmed, quiet until …* keeps a domain quiet: its date, and the days a registry takes to show the next. */
export const quietUntilAfterConfirmation = (expiresAt: Date): Date => daysAfter(expiresAt, DATE_MOVES_DAYS);

/** What becomes of a matter about a domain after a look at it. */
export type DomainEnding = 'open' | 'forgotten' | 'settled';

/** Findings without a date of their own: once a domain is registered and in DNS, they are over. */
const ENDED_BY_BEING_THERE: ReadonlySet<string> = new Set<Finding>(['on-hold', 'not-registered']);

/** Whether a matter has ended: its date has moved, or it renews itself by now. */
export const domainEnding = (known: Announced, { standing, endsAt, needs }: DomainJudgement): DomainEnding => {
  if (needs !== undefined) return 'open';
  const told = lastTold(known);
  if (told === 'cannot-know' || told === 'could-not-check') return 'forgotten';
  const hasMoved = endsAt !== undefined && known.endsAt !== undefined && endsAt.getTime() > Date.parse(known.endsAt);
  return hasMoved || standing === 'renews-itself' || ENDED_BY_BEING_THERE.has(told) ? 'settled' : 'open';
};
