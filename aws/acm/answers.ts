import type {
  CertificateDetail,
  DomainValidation,
  CertificateSummary as Given,
  RenewalSummary,
  Tag,
} from '@aws-sdk/client-acm';
import type {
  Certificate,
  CertificateSummary,
  DnsRecord,
  KeyPairOrigin,
  Renewal,
  Validation,
} from '../../domain/expiry/certificate.ts';
import { given, toTags } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';

/** A value that the API may have grown since is `unknown`, and never taken for one we know. */
const knownOr =
  <Known extends string>(...known: readonly Known[]) =>
  (value: string | undefined): Known | 'unknown' =>
    known.find((item) => item === value) ?? 'unknown';

const toStatus = knownOr(
  'PENDING_VALIDATION',
  'ISSUED',
  'INACTIVE',
  'EXPIRED',
  'VALIDATION_TIMED_OUT',
  'REVOKED',
  'FAILED',
);
const toType = knownOr('IMPORTED', 'AMAZON_ISSUED', 'PRIVATE');
const toMethod = knownOr('DNS', 'EMAIL', 'HTTP');
const toValidationStatus = knownOr('PENDING_VALIDATION', 'SUCCESS', 'FAILED');
const toRenewalStatus = knownOr('PENDING_AUTO_RENEWAL', 'PENDING_VALIDATION', 'SUCCESS', 'FAILED');
const toKnownOrigin = knownOr('AWS_MANAGED', 'ACME', 'CUSTOMER_PROVIDED');

/** Absent in answers from before ACM told it; then it is none of ACME's, which are never answered without being asked for. */
const toOrigin = (origin: string | undefined, type: string | undefined): KeyPairOrigin => {
  if (origin !== undefined) return toKnownOrigin(origin);
  return type === 'IMPORTED' ? 'CUSTOMER_PROVIDED' : 'AWS_MANAGED';
};

/** `undefined` where AWS did not say, or says what we don't know. */
const toEligibility = (eligibility: string | undefined): boolean | undefined =>
  ({ ELIGIBLE: true, INELIGIBLE: false })[eligibility ?? ''];

/** `arn:PARTITION:acm:REGION:…` */
const regionOf = (call: AwsCall, arn: string): string => given(call, 'CertificateArn', arn.split(':')[3]);

const nameOf = (name: string | undefined): string | undefined => name || undefined;

/** Common name first, each once. AWS repeats it among the alternative names. */
const toNames = (commonName: string | undefined, others: readonly string[] | undefined): readonly string[] => [
  ...new Set([commonName ?? '', ...(others ?? [])].filter((name) => name !== '')),
];

/** @throws {AwsCallError} when the answer has no ARN */
export const toSummary = (call: AwsCall, summary: Given): CertificateSummary => {
  const arn = given(call, 'CertificateArn', summary.CertificateArn);
  return {
    arn,
    region: regionOf(call, arn),
    commonName: nameOf(summary.DomainName),
    names: toNames(summary.DomainName, summary.SubjectAlternativeNameSummaries),
    status: toStatus(summary.Status),
    type: toType(summary.Type),
    notAfter: summary.NotAfter,
    isInUse: summary.InUse,
    isEligibleForRenewal: toEligibility(summary.RenewalEligibility),
    isExported: summary.Exported ?? false,
    managedBy: summary.ManagedBy,
    keyPairOrigin: toOrigin(summary.CertificateKeyPairOrigin, summary.Type),
  };
};

const withoutLastDot = (name: string): string => name.replace(/\.$/, '');

const toRecord = ({ ResourceRecord }: DomainValidation): DnsRecord | undefined => {
  const { Name, Type, Value } = ResourceRecord ?? {};
  if (!Name || !Value) return undefined;
  return { name: withoutLastDot(Name), type: Type ?? 'CNAME', value: Value };
};

const toValidation =
  (call: AwsCall) =>
  (validation: DomainValidation): Validation => ({
    name: given(call, 'DomainValidationOptions.DomainName', validation.DomainName),
    method: toMethod(validation.ValidationMethod),
    status: toValidationStatus(validation.ValidationStatus),
    record: toRecord(validation),
    emails: validation.ValidationEmails ?? [],
  });

const toRenewal = (call: AwsCall, renewal: RenewalSummary | undefined): Renewal | undefined =>
  renewal && {
    status: toRenewalStatus(renewal.RenewalStatus),
    reason: renewal.RenewalStatusReason,
    updatedAt: renewal.UpdatedAt,
    validations: (renewal.DomainValidationOptions ?? []).map(toValidation(call)),
  };

/**
 * One look in detail says nothing of exports. AWS calls eligible what is in use or was exported (facts 5.2): what is
 * eligible and not in use was exported.
 */
const wasExported = (isEligible: boolean | undefined, inUseBy: readonly string[]): boolean =>
  isEligible === true && inUseBy.length === 0;

/** @throws {AwsCallError} when the answer has no ARN, or a validation without a name */
export const toCertificate = (
  call: AwsCall,
  detail: CertificateDetail | undefined,
  tags: readonly Tag[] | undefined,
): Certificate => {
  const certificate = given(call, 'Certificate', detail);
  const arn = given(call, 'CertificateArn', certificate.CertificateArn);
  const inUseBy = certificate.InUseBy ?? [];
  const isEligibleForRenewal = toEligibility(certificate.RenewalEligibility);
  return {
    arn,
    region: regionOf(call, arn),
    commonName: nameOf(certificate.DomainName),
    status: toStatus(certificate.Status),
    type: toType(certificate.Type),
    notAfter: certificate.NotAfter,
    isInUse: inUseBy.length > 0,
    isEligibleForRenewal,
    isExported: wasExported(isEligibleForRenewal, inUseBy),
    managedBy: certificate.ManagedBy,
    keyPairOrigin: toOrigin(certificate.CertificateKeyPairOrigin, certificate.Type),
    names: toNames(certificate.DomainName, certificate.SubjectAlternativeNames),
    createdAt: certificate.CreatedAt,
    issuedAt: certificate.IssuedAt,
    importedAt: certificate.ImportedAt,
    revokedAt: certificate.RevokedAt,
    issuer: certificate.Issuer,
    serial: certificate.Serial,
    inUseBy,
    validations: (certificate.DomainValidationOptions ?? []).map(toValidation(call)),
    renewal: toRenewal(call, certificate.RenewalSummary),
    failureReason: certificate.FailureReason,
    tags: toTags(tags),
  };
};
