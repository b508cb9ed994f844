import type { Report } from '../report.ts';
import type { ReportAbout } from '../report-frame.ts';
import { reportOf } from '../report-frame.ts';
import type { Stage } from '../stage.ts';
import type { Announced } from './announced.ts';
import type { Certificate, CertificateUse } from './certificate.ts';
import type { CertificateGroup, NeedyCertificate } from './grouping.ts';
import type {
  CertificateSettled,
  DomainNeedsAction,
  ReportedCertificate,
  ReportedRecord,
  ServedCertificateWrong,
} from './report.ts';
import type { Telling } from './telling.ts';
import { worstSeverity } from './telling.ts';

/** What the memory calls a certificate, an endpoint or a domain; also the matter its reports belong to. */
export const subjectOf = {
  certificate: (arn: string): string => `certificate|${arn}`,
  endpoint: ({ host, port }: { readonly host: string; readonly port: number }): string => `endpoint|${host}:${port}`,
  domain: (domain: string): string => `domain|${domain}`,
} as const;

/** The name people know a certificate by: its first, else its id. */
export const certificateName = ({ arn, commonName }: Pick<Certificate, 'arn' | 'commonName'>): string =>
  commonName ?? arn.slice(arn.lastIndexOf('/') + 1);

/** A certificate for a report. */
export const reportedCertificate = (
  certificate: Pick<Certificate, 'arn' | 'region' | 'commonName' | 'names' | 'notAfter'>,
  uses: readonly CertificateUse[],
): ReportedCertificate => {
  const name = certificateName({ ...certificate, commonName: certificate.commonName ?? certificate.names[0] });
  return {
    arn: certificate.arn,
    region: certificate.region,
    name,
    otherNames: certificate.names.filter((other) => other !== name).length,
    notAfter: certificate.notAfter?.toISOString(),
    uses,
  };
};

const identityOf = (subject: string, { standing, endsAt, thresholdDays }: Telling): string =>
  `${subject} ${standing} ${endsAt ?? '-'} ${thresholdDays ?? '-'}`;

const distinctRecords = (records: readonly ReportedRecord[]): readonly ReportedRecord[] => [
  ...new Map(records.map((record) => [`${record.name} ${record.value}`.toLowerCase(), record])).values(),
];

/**
 * Certificates that need somebody, in one message.
 * @param due those of the group that it is news of; the others stand beside them, because the same deed helps them
 * @param again what tells this report from an equal one before it, where people asked to be told once more
 */
export const certificatesReport = (
  stage: Stage,
  { matter, destination, members }: CertificateGroup,
  {
    due,
    looksAgainEverySeconds,
    again = '',
  }: {
    readonly due: readonly NeedyCertificate[];
    readonly looksAgainEverySeconds: number | undefined;
    readonly again?: string;
  },
  now: Date,
): Report => {
  const thresholds = due.flatMap(({ telling }) => telling.thresholdDays ?? []);
  const identity = due.map(({ certificate, telling }) => identityOf(certificate.arn, telling)).sort();
  const [first] = members;
  return reportOf(
    stage,
    {
      matter,
      destination,
      severity: worstSeverity(members.map(({ telling }) => telling.severity)),
      identity: `${destination}|${identity.join('|')}${again}`,
    },
    {
      kind: 'certificates-need-action',
      certificates: members.map(({ certificate, uses }) => reportedCertificate(certificate, uses)),
      standing: first.standing,
      daysLeft: first.telling.daysLeft,
      records: distinctRecords(members.flatMap(({ records }) => records)),
      emails: [...new Set(members.flatMap(({ emails }) => emails))],
      thresholdDays: thresholds.length === 0 ? undefined : Math.min(...thresholds),
      looksAgainEverySeconds,
    },
    now,
  );
};

/** Where an ending belongs: to the message that began it. */
const endingAbout = ({ matter, destination, announcedAt }: Announced, what: string): ReportAbout => ({
  matter,
  destination,
  severity: 'information',
  identity: `${destination}|${what} ${announcedAt}`,
});

/** The end of a matter about one certificate. */
export const certificateSettledReport = (
  stage: Stage,
  announced: Announced,
  { certificate, how, secondsAfterRecord }: Pick<CertificateSettled, 'certificate' | 'how' | 'secondsAfterRecord'>,
  now: Date,
): Report =>
  reportOf(
    stage,
    endingAbout(announced, `${certificate.arn} ${how}`),
    { kind: 'certificate-settled', certificate, how, secondsAfterRecord },
    now,
  );

/** Validation records that are not in DNS, months before anybody needs them. Told anew each month that they are missing. */
export const recordsMissingReport = (
  stage: Stage,
  destination: string,
  {
    certificates,
    records,
    neededBy,
  }: {
    readonly certificates: readonly ReportedCertificate[];
    readonly records: readonly ReportedRecord[];
    readonly neededBy: Date | undefined;
  },
  now: Date,
): Report => {
  const names = records.map(({ name }) => name).sort();
  return reportOf(
    stage,
    {
      matter: `validation-records|${destination}`,
      destination,
      severity: 'information',
      identity: `${destination}|${names.join(' ')} ${now.toISOString().slice(0, 'YYYY-MM'.length)}`,
    },
    { kind: 'validation-records-missing', certificates, records, neededBy: neededBy?.toISOString() },
    now,
  );
};

/** An endpoint serves something else than it should. @param again as in `certificatesReport` */
export const servedWrongReport = (
  stage: Stage,
  destination: string,
  {
    body,
    telling,
    again = '',
  }: { readonly body: ServedCertificateWrong; readonly telling: Telling; readonly again?: string },
  now: Date,
): Report => {
  const matter = subjectOf.endpoint(body);
  const identity = `${destination}|${identityOf(matter, telling)}${again}`;
  return reportOf(stage, { matter, destination, severity: telling.severity, identity }, body, now);
};

/** An endpoint serves what it should again. */
export const servedRightReport = (
  stage: Stage,
  announced: Announced,
  { host, port, notAfter }: { readonly host: string; readonly port: number; readonly notAfter: Date },
  now: Date,
): Report =>
  reportOf(
    stage,
    endingAbout(announced, `${host}:${port}`),
    { kind: 'served-certificate-right', host, port, notAfter: notAfter.toISOString() },
    now,
  );

/** A domain needs somebody. @param again as in `certificatesReport` */
export const domainReport = (
  stage: Stage,
  destination: string,
  {
    body,
    telling,
    again = '',
  }: { readonly body: DomainNeedsAction; readonly telling: Telling; readonly again?: string },
  now: Date,
): Report => {
  const matter = subjectOf.domain(body.domain);
  const identity = `${destination}|${identityOf(matter, telling)}${again}`;
  return reportOf(stage, { matter, destination, severity: telling.severity, identity }, body, now);
};

/** A domain needs nobody any more. */
export const domainSettledReport = (
  stage: Stage,
  announced: Announced,
  { domain, expiresAt }: { readonly domain: string; readonly expiresAt: Date | undefined },
  now: Date,
): Report =>
  reportOf(
    stage,
    endingAbout(announced, domain),
    { kind: 'domain-settled', domain, expiresAt: expiresAt?.toISOString() },
    now,
  );
