import type { Certificate, CertificateSummary, DnsRecord, Validation } from './certificate.ts';
import { daysLeft } from './days-left.ts';
import type { CertificateStanding, StuckBecause } from './standing.ts';

/** AWS begins a renewal 45 days before the end, or 60 for certificates of 395 days (facts 5.2). */
export const RENEWAL_BEGINS_DAYS = 60;

/** So long before the end a renewal that waits for DNS or HTTP is no news: AWS tries on by itself (facts 5.2). */
const DNS_WAITS_QUIETLY_DAYS = 30;

/** A renewal that has not come by then, and of which nothing is known to hinder it, is somebody's business all the same. */
const SHOULD_BE_RENEWED_DAYS = 14;

/** Whether its end would hurt anybody: something of AWS's uses it, or copies of it are out. What AWS did not say counts as yes. */
export const isServing = ({ isInUse, isExported }: Pick<CertificateSummary, 'isInUse' | 'isExported'>): boolean =>
  isInUse !== false || isExported;

/** AWS's codes for renewals and issuances that failed (facts 5.1). `PENDING_DOMAIN_VALIDATION` says to look at the validations. */
const BECAUSE: ReadonlyMap<string, StuckBecause> = new Map([
  ['CAA_ERROR', 'Caa'],
  ['NO_AVAILABLE_CONTACTS', 'NoContacts'],
  ['ADDITIONAL_VERIFICATION_REQUIRED', 'MoreVerification'],
  ['DOMAIN_NOT_ALLOWED', 'DomainNotAllowed'],
  ['INVALID_PUBLIC_DOMAIN', 'InvalidDomain'],
  ['DOMAIN_VALIDATION_DENIED', 'Denied'],
  ['SLR_NOT_FOUND', 'PrivateAuthority'],
]);

const PENDING_DOMAIN_VALIDATION = 'PENDING_DOMAIN_VALIDATION';

const becauseOfCode = (code: string): StuckBecause =>
  BECAUSE.get(code) ?? (code.startsWith('PCA_') ? 'PrivateAuthority' : 'AwsReason');

/** The validations that count now: of the renewal once one has begun, else of the first issuance (facts 5.1). */
const currentValidations = ({ status, renewal, validations }: Certificate): readonly Validation[] =>
  status === 'ISSUED' && renewal !== undefined ? renewal.validations : validations;

const failing = (certificate: Certificate): readonly Validation[] =>
  currentValidations(certificate).filter(({ status }) => status !== 'SUCCESS');

/** What the names that fail wait for: a record, which somebody can enter at once, before a mail. */
const becauseOfValidations = (certificate: Certificate): StuckBecause => {
  const methods = failing(certificate).map(({ method }) => method);
  if (methods.includes('DNS')) return 'DnsRecord';
  return methods.includes('EMAIL') ? 'Email' : 'AwsReason';
};

const distinct = <T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

/** Records that somebody has to enter, each once: several names may share one. Of names that fail only. */
export const recordsToEnter = (certificate: Certificate): readonly DnsRecord[] =>
  distinct(
    failing(certificate).flatMap(({ record }) => record ?? []),
    ({ name, value }) => `${name.toLowerCase()} ${value.toLowerCase()}`,
  );

/** Every validation record of a certificate, for the check months before a renewal needs them. */
export const validationRecords = ({ validations, renewal }: Certificate): readonly DnsRecord[] =>
  distinct(
    [...(renewal?.validations ?? []), ...validations].flatMap(({ record }) => record ?? []),
    ({ name }) => name.toLowerCase(),
  );

/** Mailboxes that AWS wrote to about names that fail. */
export const emailsWritten = (certificate: Certificate): readonly string[] =>
  distinct(
    failing(certificate).flatMap(({ emails }) => emails),
    (email) => email,
  );

const stuck = (because: StuckBecause, awsReason: string | undefined): CertificateStanding => ({
  kind: 'stuck',
  because,
  awsReason,
});

/** A renewal that AWS is to make: under way, late, or hindered. */
const standingOfRenewal = (certificate: Certificate, days: number): CertificateStanding => {
  const { renewal } = certificate;
  const begun = renewal?.status === 'SUCCESS' ? undefined : renewal;
  const code = begun?.reason === PENDING_DOMAIN_VALIDATION ? undefined : begun?.reason;
  if (code !== undefined) return stuck(becauseOfCode(code), code);
  const because = becauseOfValidations(certificate);
  if (begun?.status === 'FAILED') return stuck(because, begun.reason);
  if (begun?.status === 'PENDING_VALIDATION' && (because === 'Email' || days <= DNS_WAITS_QUIETLY_DAYS))
    return stuck(because, begun.reason);
  if (days <= SHOULD_BE_RENEWED_DAYS) return stuck('AwsReason', begun?.status);
  return begun !== undefined || days <= RENEWAL_BEGINS_DAYS ? { kind: 'renewing-by-itself' } : { kind: 'fine' };
};

/** A certificate that is valid now. */
const standingOfValid = (certificate: Certificate, days: number): CertificateStanding => {
  if (certificate.type === 'IMPORTED' || certificate.keyPairOrigin === 'CUSTOMER_PROVIDED')
    return { kind: 'wont-renew', because: 'Imported' };
  if (certificate.keyPairOrigin === 'ACME') return { kind: 'wont-renew', because: 'Acme' };
  if (!isServing(certificate)) return { kind: 'wont-renew', because: 'Unused' };
  if (certificate.isEligibleForRenewal === false) return { kind: 'wont-renew', because: 'NotEligible' };
  return standingOfRenewal(certificate, days);
};

/** @see ACM API reference, `CertificateDetail`; which certificates AWS renews: facts 5.2 */
export const evaluateCertificate = (certificate: Certificate, now: Date): CertificateStanding => {
  const { status, notAfter, failureReason } = certificate;
  const isInUse = isServing(certificate);
  switch (status) {
    case 'REVOKED':
      return { kind: 'revoked', isInUse };
    case 'EXPIRED':
      return { kind: 'expired', isInUse };
    case 'FAILED':
      return { kind: 'failed', because: 'Refused', awsReason: failureReason };
    case 'VALIDATION_TIMED_OUT':
      return { kind: 'failed', because: 'TimedOut', awsReason: failureReason };
    case 'PENDING_VALIDATION':
      // In the first seconds nothing is said of any name yet; what follows is nearly always a record.
      return {
        kind: 'pending-issuance',
        because: certificate.validations.length === 0 ? 'DnsRecord' : becauseOfValidations(certificate),
      };
    case 'unknown':
      return { kind: 'could-not-check', why: 'StatusUnknown' };
    case 'ISSUED':
    case 'INACTIVE': {
      if (notAfter === undefined) return { kind: 'could-not-check', why: 'NoEnd' };
      const days = daysLeft(notAfter, now);
      return days < 0 ? { kind: 'expired', isInUse } : standingOfValid(certificate, days);
    }
  }
};

/**
 * Whether the list says too little of a certificate: it is near its end, or not simply issued. What expired and serves
 * nobody is settled by the list alone.
 * @param withinDays the farthest threshold
 */
export const needsDetail = (
  { status, type, notAfter, isInUse, isExported }: CertificateSummary,
  withinDays: number,
  now: Date,
): boolean => {
  if (notAfter === undefined || type === 'unknown' || (status !== 'ISSUED' && status !== 'EXPIRED')) return true;
  const days = daysLeft(notAfter, now);
  return days <= withinDays && (days >= -OLD_NEWS_DAYS || isServing({ isInUse, isExported }));
};

/** What nobody uses is spoken of for so long after its end; a survey that first meets it later leaves it alone. */
export const OLD_NEWS_DAYS = 7;
