import type { Certificate, CertificateSummary, CertificateUse } from '../../domain/expiry/certificate.ts';
import { daysLeft } from '../../domain/expiry/days-left.ts';
import { evaluateCertificate, needsDetail } from '../../domain/expiry/evaluate.ts';
import { judgeRegistration } from '../../domain/expiry/registration-judgement.ts';
import type { ExpiryTable } from '../../domain/expiry/report.ts';
import type { CertificateStanding } from '../../domain/expiry/standing.ts';
import type { TableCertificate, TableDomain } from '../../domain/expiry/table.ts';
import { expiryTable, TABLE_DAYS } from '../../domain/expiry/table.ts';
import { readLists } from './lists.ts';
import { patienceFrom, refusal, sideBySide } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { registeredWithRoute53, registrationOf, watchedDomains } from './registrations.ts';
import type { Serving } from './uses.ts';
import { distinctUses, servingOf } from './uses.ts';

/** What the table is read from; it writes nothing but what registries said. */
export type TablePorts = Pick<
  ExpiryPorts,
  | 'stage'
  | 'settings'
  | 'certificates'
  | 'serving'
  | 'registeredDomains'
  | 'registries'
  | 'registrableDomain'
  | 'memory'
  | 'log'
  | 'now'
>;

/** Somebody waits for the answer: what ends first is read in detail, what is left is told as the list has it. */
const MOST_DETAILS = 60;
/** A report is a message of a queue and is kept small; what ends last is counted with what ends later. */
const MOST_ROWS = 300;
const DETAILS_AT_ONCE = 8;
const DOMAINS_AT_ONCE = 4;

/** As much of a certificate as the list tells. */
const asListed = (summary: CertificateSummary): Certificate => ({
  ...summary,
  createdAt: undefined,
  issuedAt: undefined,
  importedAt: undefined,
  revokedAt: undefined,
  issuer: undefined,
  serial: undefined,
  inUseBy: [],
  validations: [],
  renewal: undefined,
  failureReason: undefined,
  tags: {},
});

const byEnd = (one: CertificateSummary, other: CertificateSummary): number =>
  (one.notAfter?.getTime() ?? 0) - (other.notAfter?.getTime() ?? 0) || (one.arn < other.arn ? -1 : 1);

/** What serves a certificate, by the lists of distributions and listeners; also of those that were not read in detail. */
const listedUses = async (
  serving: Serving,
  { arn, region }: CertificateSummary,
): Promise<readonly CertificateUse[]> => {
  const [distributions, listeners] = await Promise.all([serving.distributions(), serving.listeners(region)]);
  return distinctUses<CertificateUse>([
    ...(distributions.kind === 'read' ? distributions.value.filter((use) => use.certificateArn === arn) : []),
    ...(listeners.kind === 'read' ? listeners.value.filter((use) => use.certificateArns.includes(arn)) : []),
  ]);
};

/** How a renewal goes the list does not say: that it goes well, or doesn't, would be a guess. */
const ASKS_FOR_DETAIL: ReadonlySet<CertificateStanding['kind']> = new Set<CertificateStanding['kind']>([
  'fine',
  'renewing-by-itself',
  'stuck',
]);

const isSoon = ({ notAfter }: CertificateSummary, now: Date): boolean =>
  notAfter === undefined || daysLeft(notAfter, now) <= TABLE_DAYS;

const readDetail = async (ports: TablePorts, { arn, region }: CertificateSummary): Promise<Certificate | undefined> => {
  try {
    return await ports.certificates(region).readCertificate(arn);
  } catch (error) {
    ports.log({ event: 'certificate-unread', arn, code: refusal(error).code });
    return undefined;
  }
};

/** Certificates with their standing: those that are near in detail, soonest first, all others as their list tells. */
const lookAtCertificates = async (
  ports: TablePorts,
  serving: Serving,
  summaries: readonly CertificateSummary[],
): Promise<readonly TableCertificate[]> => {
  const now = ports.now();
  const patience = patienceFrom(ports.now);
  const farthest = Math.max(...ports.settings.thresholdsDays);
  const near = new Set(
    summaries
      .filter((summary) => needsDetail(summary, farthest, now))
      .sort(byEnd)
      .slice(0, MOST_DETAILS)
      .map(({ arn }) => arn),
  );
  return sideBySide(summaries, DETAILS_AT_ONCE, async (summary) => {
    const detail = near.has(summary.arn) && !patience.isOver() ? await readDetail(ports, summary) : undefined;
    const certificate = detail ?? asListed(summary);
    const standing = evaluateCertificate(certificate, now);
    const isGuessed = detail === undefined && needsDetail(summary, farthest, now) && ASKS_FOR_DETAIL.has(standing.kind);
    return {
      certificate,
      standing: isGuessed ? { kind: 'could-not-check', why: 'NotReadInDetail' } : standing,
      uses: isSoon(summary, now) ? await listedUses(serving, summary) : [],
    };
  });
};

/** Registries for whoever waits for an answer in seconds: what the daily survey last heard of them counts. */
export const REMEMBERED_REGISTRIES: TablePorts['registries'] = {
  readRegistration: async () => ({ kind: 'could-not-check', why: 'NotAskedYet' }),
};

/** Registries that nobody waits for any longer. */
const whilePatient = (ports: TablePorts): TablePorts => {
  const patience = patienceFrom(ports.now);
  const readRegistration: TablePorts['registries']['readRegistration'] = async (domain) =>
    patience.isOver() ? { kind: 'could-not-check', why: 'NotAskedYet' } : ports.registries.readRegistration(domain);
  return { ...ports, registries: { readRegistration } };
};

const lookAtDomains = async (
  ports: TablePorts,
  serving: Serving,
): Promise<{ readonly domains: readonly TableDomain[]; readonly unread: readonly string[] }> => {
  const { domains } = await watchedDomains(ports, serving);
  const { registered } = await registeredWithRoute53(ports);
  const looked = await sideBySide(domains, DOMAINS_AT_ONCE, async (watched) => {
    const registration = await registrationOf(ports, registered, watched.domain);
    const judgement = judgeRegistration(watched, registration, ports.settings.thresholdsDays, ports.now());
    return { domain: watched.domain, judgement };
  });
  return { domains: looked, unread: registered.kind === 'unreadable' ? [registered.why] : [] };
};

/** The next days of certificates and domains, read afresh; what could not be read is named, and never left out in silence. */
export const certificatesTable = async (ports: TablePorts): Promise<ExpiryTable> => {
  const serving = servingOf(ports);
  const lists = await readLists(ports, ports.settings.regions);
  const certificates = await lookAtCertificates(ports, serving, lists.summaries);
  const { domains, unread } = await lookAtDomains(whilePatient(ports), serving);
  const distributions = await serving.distributions();
  const uses = distributions.kind === 'unreadable' ? [distributions.why] : [];
  const table = expiryTable(
    { certificates, domains, unread: [...lists.unread.map(({ region }) => region), ...uses, ...unread] },
    ports.now(),
  );
  const rows = table.rows.slice(0, MOST_ROWS);
  return { ...table, rows, later: table.later + table.rows.length - rows.length };
};
