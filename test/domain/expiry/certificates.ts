import type { Certificate, Validation } from '../../../domain/expiry/certificate.ts';
import { evaluateCertificate } from '../../../domain/expiry/evaluate.ts';
import type { CertificateStanding } from '../../../domain/expiry/standing.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import type { Telling } from '../../../domain/expiry/telling.ts';
import { certificateTelling } from '../../../domain/expiry/telling.ts';

/** Sun 22 Nov 2026, 10:00 in Tokyo. */
export const NOW = new Date('2026-11-22T01:00:00Z');

const DAY = 86_400_000;

/** So many days from now, and milliseconds beside them. */
export const inDays = (days: number, milliseconds = 0): Date => new Date(NOW.getTime() + days * DAY + milliseconds);

export const ARN = 'arn:aws:acm:ap-northeast-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b';

export const RECORD = {
  name: '_3f1c9a7e.www.example.co.jp',
  type: 'CNAME',
  value: '_8d2e4b61.acm-validations.aws',
} as const;

export const aValidation = (change: Partial<Validation> = {}): Validation => ({
  name: 'www.example.co.jp',
  method: 'DNS',
  status: 'PENDING_VALIDATION',
  record: RECORD,
  emails: [],
  ...change,
});

/** A public certificate with DNS validation, in use, far from its end. */
export const aCertificate = (change: Partial<Certificate> = {}): Certificate => ({
  arn: ARN,
  region: 'ap-northeast-1',
  commonName: 'www.example.co.jp',
  status: 'ISSUED',
  type: 'AMAZON_ISSUED',
  notAfter: inDays(150),
  isInUse: true,
  isEligibleForRenewal: true,
  isExported: false,
  managedBy: undefined,
  keyPairOrigin: 'AWS_MANAGED',
  names: ['www.example.co.jp'],
  createdAt: inDays(-48),
  issuedAt: inDays(-48),
  importedAt: undefined,
  revokedAt: undefined,
  issuer: 'Amazon',
  serial: '0a:1b:2c',
  inUseBy: ['arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0a1'],
  validations: [aValidation({ status: 'SUCCESS' })],
  renewal: undefined,
  failureReason: undefined,
  tags: {},
  ...change,
});

/** Its renewal waits for a record that is not in DNS. */
export const aStuckCertificate = (change: Partial<Certificate> = {}): Certificate =>
  aCertificate({
    notAfter: inDays(14),
    renewal: {
      status: 'PENDING_VALIDATION',
      reason: 'PENDING_DOMAIN_VALIDATION',
      updatedAt: NOW,
      validations: [aValidation()],
    },
    ...change,
  });

export const anImportedCertificate = (change: Partial<Certificate> = {}): Certificate =>
  aCertificate({
    type: 'IMPORTED',
    keyPairOrigin: 'CUSTOMER_PROVIDED',
    isEligibleForRenewal: false,
    validations: [],
    importedAt: inDays(-300),
    ...change,
  });

export const standingOf = (change: Partial<Certificate> = {}, now = NOW): CertificateStanding =>
  evaluateCertificate(aCertificate(change), now);

/** What is to be told of a certificate, with the default thresholds. */
export const tellingOf = (certificate: Certificate, now = NOW, areRecordsRight?: boolean): Telling | undefined =>
  certificateTelling(certificate, evaluateCertificate(certificate, now), {
    areRecordsRight,
    thresholdsDays: DEFAULT_THRESHOLDS_DAYS,
    now,
  });
