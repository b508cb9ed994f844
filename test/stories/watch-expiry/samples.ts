import type { Certificate } from '../../../domain/expiry/certificate.ts';
import { aCertificate, aValidation } from '../../domain/expiry/certificates.ts';

/** 10:00 in Tokyo on the Sunday of messages.md. */
export const START = new Date('2026-11-22T01:00:00.000Z');

const DAY_MILLISECONDS = 86_400_000;

/** So many days and an hour after the start, so that the survey of the day finds just so many left. */
export const endsIn = (days: number): Date => new Date(START.getTime() + days * DAY_MILLISECONDS + 3_600_000);

export const arnOf = (id: string, region = 'ap-northeast-1'): string =>
  `arn:aws:acm:${region}:123456789012:certificate/${id}`;

const ALB = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0a1b2c3d4e5f6789';

export const RECORD = {
  name: '_3f1c9a7e.www.example.co.jp',
  type: 'CNAME',
  value: '_8d2e4b61.acm-validations.aws',
} as const;

/** Imported and attached to a balancer: nobody renews it but people. */
export const imported = (id: string, days: number, change: Partial<Certificate> = {}): Certificate =>
  aCertificate({
    arn: arnOf(id),
    type: 'IMPORTED',
    keyPairOrigin: 'CUSTOMER_PROVIDED',
    commonName: `${id}.example.com`,
    names: [`${id}.example.com`],
    isEligibleForRenewal: false,
    notAfter: endsIn(days),
    validations: [],
    inUseBy: [ALB],
    ...change,
  });

/** Amazon's, whose renewal waits for a record that is not there. */
export const stuck = (id: string, days: number, change: Partial<Certificate> = {}): Certificate =>
  aCertificate({
    arn: arnOf(id, change.region),
    notAfter: endsIn(days),
    inUseBy: [ALB],
    renewal: {
      status: 'PENDING_VALIDATION',
      reason: 'PENDING_DOMAIN_VALIDATION',
      updatedAt: START,
      validations: [aValidation({ record: RECORD })],
    },
    ...change,
  });

/** Requested, and not issued for want of a record. */
export const requested = (id: string, change: Partial<Certificate> = {}): Certificate =>
  aCertificate({
    arn: arnOf(id),
    status: 'PENDING_VALIDATION',
    notAfter: undefined,
    issuedAt: undefined,
    createdAt: START,
    isInUse: false,
    inUseBy: [],
    validations: [aValidation({ record: RECORD })],
    ...change,
  });

/** The same certificate once AWS has renewed it. */
export const renewed = (certificate: Certificate, at: Date): Certificate => ({
  ...certificate,
  notAfter: new Date(at.getTime() + 198 * DAY_MILLISECONDS),
  issuedAt: at,
  renewal: undefined,
});

/** The sample of the ACM user guide, "Amazon EventBridge support for ACM". */
export const acmEvent = (detailType: string, arn: string, change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    version: '0',
    id: '9c95e8e4-96a4-ef3f-b739-b6aa5b193afb',
    'detail-type': detailType,
    source: 'aws.acm',
    account: arn.split(':')[4],
    time: '2026-11-22T01:00:00Z',
    region: arn.split(':')[3],
    resources: [arn],
    detail: { DaysToExpiry: 31, CommonName: 'example.com' },
    ...change,
  });
