import { compareText } from '../difference.ts';
import type { CertificateSummary, CertificateUse } from './certificate.ts';
import { daysLeft } from './days-left.ts';
import type { DomainJudgement } from './registration-judgement.ts';
import type { ExpiryRow, ExpiryTable } from './report.ts';
import { certificateName } from './reports.ts';
import type { CertificateStanding } from './standing.ts';

/** How far the table looks ahead. */
export const TABLE_DAYS = 90;

/** A certificate as the table needs it. */
export interface TableCertificate {
  readonly certificate: Pick<CertificateSummary, 'arn' | 'commonName' | 'region' | 'notAfter'>;
  readonly standing: CertificateStanding;
  readonly uses: readonly CertificateUse[];
}

export interface TableDomain {
  readonly domain: string;
  readonly judgement: DomainJudgement;
}

/** Everything that was looked at. */
export interface TableLook {
  readonly certificates: readonly TableCertificate[];
  readonly domains: readonly TableDomain[];
  /** Regions and sources that could not be read. */
  readonly unread: readonly string[];
}

const certificateRow = ({ certificate, standing, uses }: TableCertificate, now: Date): ExpiryRow => ({
  kind: 'certificate',
  name: certificateName(certificate),
  endsAt: certificate.notAfter?.toISOString(),
  daysLeft: certificate.notAfter && daysLeft(certificate.notAfter, now),
  standing: standing.kind,
  region: certificate.region,
  uses: [...new Set(uses.map(({ name }) => name))],
});

const domainRow = ({ domain, judgement }: TableDomain): ExpiryRow => ({
  kind: 'domain',
  name: domain,
  endsAt: judgement.endsAt?.toISOString(),
  daysLeft: judgement.daysLeft,
  standing: judgement.standing,
  region: undefined,
  uses: [],
});

/** What ends first, first; what has no end, or none that is known, last. */
const byEnd = (one: ExpiryRow, other: ExpiryRow): number =>
  Number(one.endsAt === undefined) - Number(other.endsAt === undefined) ||
  compareText(one.endsAt ?? '', other.endsAt ?? '') ||
  compareText(one.kind, other.kind) ||
  compareText(one.name, other.name) ||
  compareText(one.region ?? '', other.region ?? '');

/** The next days of certificates and domains in one table. What has no end is shown: somebody has to look at it. */
export const expiryTable = (
  { certificates, domains, unread }: TableLook,
  now: Date,
  days = TABLE_DAYS,
): ExpiryTable => {
  const rows = [...certificates.map((one) => certificateRow(one, now)), ...domains.map(domainRow)];
  const shown = rows.filter((row) => row.daysLeft === undefined || row.daysLeft <= days);
  return { days, rows: shown.sort(byEnd), later: rows.length - shown.length, unread };
};
