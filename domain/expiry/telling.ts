import type { Severity } from '../finding.ts';
import type { Tags } from '../tags.ts';
import { isTagTrue, USHER_TAG } from '../tags.ts';
import type { Announced } from './announced.ts';
import type { Certificate } from './certificate.ts';
import { daysLeft } from './days-left.ts';
import { isServing, OLD_NEWS_DAYS, recordsToEnter } from './evaluate.ts';
import type { CertificateStanding } from './standing.ts';
import { standingText } from './standing.ts';
import { crossedThreshold, severityAt } from './thresholds.ts';

/** Something that a person should hear, before it is known whether somebody has. */
export interface Telling {
  /** The standing or finding, as one text without spaces. */
  readonly standing: string;
  /** ISO 8601 in UTC. */
  readonly endsAt: string | undefined;
  readonly daysLeft: number | undefined;
  /** The threshold that is crossed; `undefined` for what is told without one, and once. */
  readonly thresholdDays: number | undefined;
  readonly severity: Severity;
}

/** ACME clients renew by themselves, and later than AWS does: before that nothing is amiss. */
const ACME_IS_LATE_DAYS = 14;

/** What will never be issued or was revoked while nobody used it is news for so long. */
const UNUSED_IS_NEWS_DAYS = 30;

/** AWS takes some hours to see a record; so near the end it is said all the same. */
const RECORDS_HELP_DAYS = 7;

const SEVERITIES: readonly Severity[] = ['information', 'warning', 'critical'];

/** The worst of several. */
export const worstSeverity = (severities: readonly Severity[]): Severity =>
  SEVERITIES.findLast((severity) => severities.includes(severity)) ?? 'information';

const isFresh = (since: Date | undefined, withinDays: number, now: Date): boolean =>
  since === undefined || daysLeft(now, since) < withinDays;

/** Thresholds that count: nearer ones are not worth a word where an end hurts nobody. */
const thresholdsFor = (standing: CertificateStanding, serves: boolean, thresholdsDays: readonly number[]) => {
  const late = thresholdsDays.filter((threshold) => threshold <= ACME_IS_LATE_DAYS);
  const isLateOnly = standing.kind === 'wont-renew' && standing.because === 'Acme' && late.length > 0;
  const counted = isLateOnly ? late : thresholdsDays;
  return serves ? counted : counted.slice(0, 1);
};

/** What a look at a certificate adds to what AWS says of it. */
interface Look {
  /** Whether all records to enter are in public DNS as they must be; `undefined` when they were not looked for. */
  readonly areRecordsRight: boolean | undefined;
  /** From far to near. */
  readonly thresholdsDays: readonly number[];
  readonly now: Date;
}

const severityOf = (standing: CertificateStanding, serves: boolean, days: number | undefined): Severity => {
  switch (standing.kind) {
    case 'could-not-check':
    case 'failed':
      return 'warning';
    case 'expired':
    case 'revoked':
      return serves ? 'critical' : 'information';
    default:
      return serves && days !== undefined ? severityAt(days) : 'information';
  }
};

/** Nobody has to do anything: all is entered, and AWS only has to see it. */
const healsItself = (standing: CertificateStanding, days: number | undefined, areRecordsRight: boolean | undefined) =>
  areRecordsRight === true &&
  'because' in standing &&
  standing.because === 'DnsRecord' &&
  (standing.kind === 'pending-issuance' || (days !== undefined && days > RECORDS_HELP_DAYS));

/** Whether a standing without thresholds is to be told; by what the standing itself says, not by what was told before. */
const isWorthTelling = (
  certificate: Certificate,
  standing: CertificateStanding,
  serves: boolean,
  now: Date,
): boolean => {
  switch (standing.kind) {
    case 'fine':
    case 'renewing-by-itself':
      return false;
    case 'pending-issuance':
      // Some seconds after the request AWS does not know the record yet; it is told as soon as it does.
      return standing.because !== 'DnsRecord' || recordsToEnter(certificate).length > 0;
    case 'expired':
      return serves || isFresh(certificate.notAfter, OLD_NEWS_DAYS, now);
    case 'revoked':
      return serves || isFresh(certificate.revokedAt, UNUSED_IS_NEWS_DAYS, now);
    case 'failed':
      return isFresh(certificate.createdAt, UNUSED_IS_NEWS_DAYS, now);
    default:
      return true;
  }
};

const hasThresholds = ({ kind }: CertificateStanding): boolean => kind === 'stuck' || kind === 'wont-renew';

/** Whether its owner wants to hear nothing of it: `usher:ignore`. */
const isIgnored = (tags: Tags): boolean => isTagTrue(tags, USHER_TAG.ignore);

/** What is to be told of a certificate as one look shows it; `undefined` for what needs nobody, or nobody yet. */
export const certificateTelling = (
  certificate: Certificate,
  standing: CertificateStanding,
  { areRecordsRight, thresholdsDays, now }: Look,
): Telling | undefined => {
  const { notAfter, tags } = certificate;
  const serves = isServing(certificate);
  const days = notAfter && daysLeft(notAfter, now);
  if (isIgnored(tags) || healsItself(standing, days, areRecordsRight)) return undefined;
  if (!isWorthTelling(certificate, standing, serves, now)) return undefined;
  const thresholdDays =
    hasThresholds(standing) && days !== undefined
      ? crossedThreshold(days, thresholdsFor(standing, serves, thresholdsDays))
      : undefined;
  if (hasThresholds(standing) && thresholdDays === undefined) return undefined;
  return {
    standing: `${standingText(standing)}${hasThresholds(standing) && !serves ? UNUSED : ''}`,
    endsAt: notAfter?.toISOString(),
    daysLeft: days,
    thresholdDays,
    severity: severityOf(standing, serves, days),
  };
};

const UNUSED = ':unused';

/** Nothing is known of a certificate, a domain or an endpoint but that it could not be looked at. */
const isBlind = (standing: string): boolean => standing.startsWith('could-not-');

/** After this no threshold is worth a word: the end that they warn of has come. */
const isOver = (standing: string): boolean => /^(?:expired|revoked|failed)/.test(standing);

/** One telling, as it is remembered. */
const entryOf = ({ standing, endsAt, thresholdDays }: Telling): string =>
  `${standing}|${endsAt ?? ''}|${thresholdDays ?? ''}`;

const entriesOf = ({ standing }: Pick<Announced, 'standing'>): readonly string[] => standing.split(' ').filter(Boolean);

const standingOfEntry = (entry: string): string => entry.split('|')[0] ?? '';

/** So many tellings of one matter are remembered: more than a matter has that is not a mistake of ours. */
const MOST_ENTRIES = 40;

/** What was told last of a matter: a standing or finding, such as `stuck:DnsRecord`. */
export const lastTold = (announced: Pick<Announced, 'standing'>): string =>
  standingOfEntry(entriesOf(announced).at(-1) ?? '');

/** Whether somebody wants to hear nothing of it for now, and it is not critical. */
const isKeptQuiet = ({ quietUntil, endsAt }: Announced, telling: Telling, now: Date): boolean =>
  quietUntil !== undefined &&
  telling.severity !== 'critical' &&
  telling.endsAt === endsAt &&
  now.getTime() < Date.parse(quietUntil);

/** Whether it was to be quiet, and no longer is. */
const isDueAgain = ({ quietUntil }: Announced, now: Date): boolean =>
  quietUntil !== undefined && now.getTime() >= Date.parse(quietUntil);

/** Whether what was told of the same end says more: a nearer threshold, or that it has come. */
const isBehind = (known: Announced, telling: Telling): boolean => {
  if (known.endsAt !== telling.endsAt || telling.thresholdDays === undefined) return false;
  if (entriesOf(known).some((entry) => isOver(standingOfEntry(entry)) && entry.includes(`|${telling.endsAt ?? ''}|`)))
    return true;
  return known.thresholdDays !== undefined && known.thresholdDays < telling.thresholdDays;
};

/**
 * Whether a telling is news to people who were told `known`, by whichever of event and survey was first. A threshold is
 * announced once for each cause, and never after a nearer one; a look that saw nothing is news only where nothing was told.
 */
export const isNews = (known: Announced | undefined, telling: Telling, now: Date): boolean => {
  if (known === undefined) return true;
  if (isBlind(telling.standing) || isKeptQuiet(known, telling, now)) return false;
  if (isDueAgain(known, now)) return true;
  return !entriesOf(known).includes(entryOf(telling)) && !isBehind(known, telling);
};

/** What is known once a telling is out. */
export const announcedAfter = (
  known: Announced | undefined,
  telling: Telling,
  { matter, destination }: Pick<Announced, 'matter' | 'destination'>,
  now: Date,
): Announced => {
  const before = known === undefined ? [] : entriesOf(known).filter((entry) => entry !== entryOf(telling));
  const isSameEnd = known?.endsAt === telling.endsAt;
  return {
    thresholdDays: telling.thresholdDays ?? (isSameEnd ? known?.thresholdDays : undefined),
    standing: [...before, entryOf(telling)].slice(-MOST_ENTRIES).join(' '),
    endsAt: telling.endsAt,
    announcedAt: now.toISOString(),
    matter,
    destination,
    recordsSeenAt: isSameEnd ? known?.recordsSeenAt : undefined,
    quietUntil: undefined,
  };
};

/** What becomes of a matter about a certificate after a look at it. */
export type CertificateEnding =
  /** It goes on. */
  | { readonly kind: 'open' }
  /** It is over, and nobody needs to hear it. */
  | { readonly kind: 'forgotten' }
  | {
      readonly kind: 'settled';
      readonly how: 'issued' | 'renewed' | 're-imported' | 'replaced' | 'deleted' | 'no-longer-used';
    };

const settled = (how: Extract<CertificateEnding, { kind: 'settled' }>['how']): CertificateEnding => ({
  kind: 'settled',
  how,
});

const isUnused = (told: string): boolean => told.endsWith(UNUSED);

/**
 * Whether a matter has ended.
 * @param certificate as it is now; `undefined` when AWS says that it is gone
 * @param isReplaced whether what used it uses another certificate by now
 */
export const certificateEnding = (
  known: Announced,
  certificate: Certificate | undefined,
  { standing, isReplaced }: { readonly standing: CertificateStanding; readonly isReplaced: boolean },
): CertificateEnding => {
  if (certificate === undefined) return settled('deleted');
  const told = lastTold(known);
  const { notAfter, status, type } = certificate;
  const needsNobody = standing.kind === 'fine' || standing.kind === 'renewing-by-itself';
  if (isBlind(told)) return { kind: needsNobody ? 'forgotten' : 'open' };
  if (told.startsWith('pending-issuance') && status === 'ISSUED') return settled('issued');
  if (known.endsAt !== undefined && notAfter !== undefined && notAfter.getTime() > Date.parse(known.endsAt))
    return settled(type === 'IMPORTED' ? 're-imported' : 'renewed');
  const hasUsed = !isUnused(told) && !told.startsWith('pending-issuance') && !told.startsWith('failed');
  if (hasUsed && !isServing(certificate)) return settled(isReplaced ? 'replaced' : 'no-longer-used');
  if (needsNobody && isUnused(told)) return { kind: 'forgotten' };
  return { kind: 'open' };
};
