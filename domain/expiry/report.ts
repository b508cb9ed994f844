import type { Named } from '../named.ts';
import type { CertificateUse, DnsRecord } from './certificate.ts';
import type { CertificateStanding } from './standing.ts';

/** A validation record that somebody has to enter, with what is known of it. JSON-safe, as all of this. */
export interface ReportedRecord extends DnsRecord {
  /** Relative to its zone, as most DNS providers want it; the same as `name` where the zone is not known. */
  readonly relativeName: string;
  readonly zone: string | undefined;
  readonly verdict: 'right' | 'missing' | 'wrong-value' | 'zone-not-asked' | 'could-not-ask';
  /** The server whose answer is told, and what it answers instead of the right value. */
  readonly askedServer: string | undefined;
  readonly foundValues: readonly string[];
  /** The account's Route 53 zone that should hold it. */
  readonly hostedZoneId: string | undefined;
  /** When an earlier look saw it in place, ISO 8601 in UTC. */
  readonly lastSeenAt: string | undefined;
}

export interface ReportedCertificate {
  readonly arn: string;
  readonly region: string;
  /** Its first name, or its id where it has none. */
  readonly name: string;
  readonly otherNames: number;
  /** ISO 8601 in UTC. */
  readonly notAfter: string | undefined;
  readonly uses: readonly CertificateUse[];
}

/** Certificates that need somebody: one, or several that wait for the same. */
export interface CertificatesNeedAction {
  readonly kind: 'certificates-need-action';
  /** The one that ends first, first. Never empty. */
  readonly certificates: readonly ReportedCertificate[];
  readonly standing: Exclude<CertificateStanding, { kind: 'fine' | 'renewing-by-itself' }>;
  /** Whole days until the first ends, rounded down; negative once it has; absent where it has no date. */
  readonly daysLeft: number | undefined;
  /** Records to enter, of names that fail only. */
  readonly records: readonly ReportedRecord[];
  /** Mailboxes that AWS wrote to. */
  readonly emails: readonly string[];
  /** The threshold that is crossed, in days. */
  readonly thresholdDays: number | undefined;
  /** Seconds between further looks at what is missing. */
  readonly looksAgainEverySeconds: number | undefined;
}

/** The end of a matter about certificates. */
export interface CertificateSettled {
  readonly kind: 'certificate-settled';
  readonly certificate: ReportedCertificate;
  readonly how: 'issued' | 'renewed' | 're-imported' | 'replaced' | 'deleted' | 'no-longer-used';
  /** For a first issuance whose record was watched: seconds from its appearance to the certificate. */
  readonly secondsAfterRecord: number | undefined;
}

/** Validation records of certificates in use that are not in DNS, months before the renewal needs them. */
export interface ValidationRecordsMissing {
  readonly kind: 'validation-records-missing';
  readonly certificates: readonly ReportedCertificate[];
  readonly records: readonly ReportedRecord[];
  /** When AWS begins the first renewal, ISO 8601 in UTC. */
  readonly neededBy: string | undefined;
}

/** What visitors are really served differs from what it should be. */
export interface ServedCertificateWrong {
  readonly kind: 'served-certificate-wrong';
  readonly host: string;
  readonly port: number;
  readonly finding:
    | 'expired'
    | 'expiring'
    | 'not-the-attached'
    | 'name-mismatch'
    | 'incomplete-chain'
    | 'untrusted'
    | 'could-not-connect';
  /** Names of the certificate that is served. */
  readonly servedNames: readonly string[];
  readonly servedNotAfter: string | undefined;
  readonly issuer: string | undefined;
  readonly daysLeft: number | undefined;
  readonly attached: Named | undefined;
  readonly detail: string | undefined;
}

/** It is served as it should be again. */
export interface ServedCertificateRight {
  readonly kind: 'served-certificate-right';
  readonly host: string;
  readonly port: number;
  readonly notAfter: string;
}

/** A domain whose registration ends, or of which nobody can say when it does. */
export interface DomainNeedsAction {
  readonly kind: 'domain-needs-action';
  readonly domain: string;
  /** Some of our names below it, and how many there are. */
  readonly names: readonly string[];
  readonly nameCount: number;
  readonly finding:
    | 'expiring' // and nobody says that it renews itself
    | 'auto-renew-off' // Route 53: it does not renew itself
    | 'confirm-renewal' // .jp: the date moves only once it has passed; ask the registrar
    | 'expired'
    | 'on-hold' // taken out of DNS by registrar or registry
    | 'not-registered'
    | 'cannot-know' // said once
    | 'could-not-check';
  readonly expiresAt: string | undefined;
  readonly daysLeft: number | undefined;
  readonly registrar: string | undefined;
  readonly source: 'route53' | 'rdap' | 'whois' | 'configured' | undefined;
  readonly statuses: readonly string[];
  readonly thresholdDays: number | undefined;
  readonly detail: string | undefined;
}

export interface DomainSettled {
  readonly kind: 'domain-settled';
  readonly domain: string;
  readonly expiresAt: string | undefined;
}

export type ExpiryReportBody =
  | CertificatesNeedAction
  | CertificateSettled
  | ValidationRecordsMissing
  | ServedCertificateWrong
  | ServedCertificateRight
  | DomainNeedsAction
  | DomainSettled;

/** One line of the table that `certificates` shows. */
export interface ExpiryRow {
  readonly kind: 'certificate' | 'domain';
  readonly name: string;
  readonly endsAt: string | undefined;
  readonly daysLeft: number | undefined;
  /** `fine` and `renewing-by-itself` are shown too: what will happen without anybody. */
  readonly standing: CertificateStanding['kind'] | DomainNeedsAction['finding'] | 'renews-itself';
  /** Where a certificate is, `ap-northeast-1`. */
  readonly region: string | undefined;
  readonly uses: readonly string[];
}

/** The next days of certificates and domains in one table. */
export interface ExpiryTable {
  readonly days: number;
  /** What ends first, first. */
  readonly rows: readonly ExpiryRow[];
  /** Looked at and not in the table, because they end later. */
  readonly later: number;
  /** Regions or sources that could not be read; their rows are not in the table. */
  readonly unread: readonly string[];
}
