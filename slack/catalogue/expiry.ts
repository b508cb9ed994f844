import type {
  CertificateSettled,
  CertificatesNeedAction,
  DomainNeedsAction,
  DomainSettled,
  ReportedCertificate,
  ReportedRecord,
  ServedCertificateRight,
  ServedCertificateWrong,
  ValidationRecordsMissing,
} from '../../domain/expiry/report.ts';
import type { StuckBecause } from '../../domain/expiry/standing.ts';
import type { Phrase } from '../phrase.ts';
import { command, say } from '../phrase.ts';
import type { Headline } from './invalidations.ts';
import type { Times } from './moment.ts';

/** What the words of a report about certificates and domains may need besides its body. */
export interface ExpirySurroundings {
  readonly times: Times;
  /** The moment the report speaks of, ISO 8601 in UTC. */
  readonly at: string;
  readonly place: (region: string) => string;
}

/** What is said about one kind of report. An empty phrase is a line left out. */
export interface ExpiryWords<Body> {
  readonly headline: (body: Body, around: ExpirySurroundings, nameLimit: number) => Headline;
  /** Who is concerned, and what that is to visitors. */
  readonly effect: (body: Body, around: ExpirySurroundings) => Phrase;
  /** The next step; records to be entered follow it. */
  readonly next: (body: Body, around: ExpirySurroundings) => Phrase;
  /** How it is known. */
  readonly evidence: (body: Body, around: ExpirySurroundings) => Phrase;
  /** What happens by itself, and that nothing was changed. */
  readonly closing: (body: Body, around: ExpirySurroundings) => Phrase;
}

/** Labels of a DNS record in the words of DNS providers, with what stands between label and value. */
export interface RecordLabels {
  readonly host: string;
  readonly type: string;
  readonly value: string;
  readonly fullName: string;
}

/** Everything said about certificates and domains in one language. */
export interface ExpiryCatalogue {
  readonly needAction: ExpiryWords<CertificatesNeedAction>;
  readonly settled: ExpiryWords<CertificateSettled>;
  readonly recordsMissing: ExpiryWords<ValidationRecordsMissing>;
  readonly servedWrong: ExpiryWords<ServedCertificateWrong>;
  readonly servedRight: ExpiryWords<ServedCertificateRight>;
  readonly domain: ExpiryWords<DomainNeedsAction>;
  readonly domainSettled: ExpiryWords<DomainSettled>;
  readonly record: RecordLabels;
}

/** Whether nothing that AWS shows uses any of them, so that their end hurts nobody we know of. */
export const isWhollyUnused = (certificates: readonly ReportedCertificate[]): boolean =>
  certificates.every(({ uses }) => uses.length === 0);

/** The first names of certificates, each once. */
export const firstNames = (certificates: readonly ReportedCertificate[]): readonly string[] => [
  ...new Set(certificates.map(({ name }) => name)),
];

/** Whether a Region stands for all its certificates, because not even their list could be read. */
export const isWholeRegion = (certificates: readonly ReportedCertificate[]): boolean =>
  certificates.every(({ name, region }) => name === region);

/** Whether DNS records are what it waits for. */
export const recordsMatter = (standing: CertificatesNeedAction['standing']): boolean =>
  (standing.kind === 'stuck' || standing.kind === 'pending-issuance') && standing.because === 'DnsRecord';

/** Whether a record is not known to stand in DNS as it must. */
export const isOpen = ({ verdict }: ReportedRecord): boolean => verdict !== 'right';

/** Whether AWS goes on by itself once a person has done the step: what was denied or refused has to be asked for again. */
export const goesOnByItself = (because: StuckBecause): boolean =>
  because === 'DnsRecord' || because === 'Email' || because === 'Caa' || because === 'NoContacts';

/** What AWS's code for a failed request says, where it says what a person can mend (facts 1.5). */
export const stuckOn = (awsReason: string | undefined): StuckBecause | undefined => {
  switch (awsReason) {
    case 'CAA_ERROR':
      return 'Caa';
    case 'NO_AVAILABLE_CONTACTS':
      return 'NoContacts';
    case 'ADDITIONAL_VERIFICATION_REQUIRED':
      return 'MoreVerification';
    case 'DOMAIN_NOT_ALLOWED':
      return 'DomainNotAllowed';
    case 'INVALID_PUBLIC_DOMAIN':
      return 'InvalidDomain';
    case 'DOMAIN_VALIDATION_DENIED':
      return 'Denied';
    default:
      return awsReason?.startsWith('PCA_') || awsReason === 'SLR_NOT_FOUND' ? 'PrivateAuthority' : undefined;
  }
};

const ARN = /^arn:[a-z-]+:acm:([a-z0-9-]+):\d{12}:certificate\/[0-9A-Za-z-]{1,64}$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])$/;

/**
 * The command that imports a certificate anew over the same ARN; nothing where the ARN is an odd one, because what is copied
 * into a shell must hold nothing else.
 */
export const importCommand = ({ arn }: ReportedCertificate): Phrase => {
  const [, region] = ARN.exec(arn) ?? [];
  return region === undefined
    ? []
    : say` ${command(`aws acm import-certificate --region ${region} --certificate-arn ${arn} --certificate fileb://cert.pem --private-key fileb://key.pem --certificate-chain fileb://chain.pem`)}`;
};

/** The command that lets Route 53 renew a domain by itself; nothing where the domain is an odd one. */
export const autoRenewCommand = (domain: string): Phrase =>
  DOMAIN.test(domain)
    ? say` ${command(`aws route53domains enable-domain-auto-renew --region us-east-1 --domain-name ${domain}`)}`
    : [];
