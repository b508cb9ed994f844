import * as z from 'zod';
import type { ExpiryReportBody } from '../../domain/expiry/report.ts';
import { absentable, count, named } from './report-parts.ts';

/** Days until an end may have passed below zero. */
const days = absentable(z.number().int());
const text = absentable(z.string());
const texts = z.array(z.string());
const port = z.number().int();

const use = z.object({
  kind: z.enum(['cloudfront', 'alb', 'nlb', 'classic', 'api-gateway', 'other']),
  name: z.string(),
  id: z.string(),
  region: z.string(),
  port: absentable(port),
});

const certificate = z.object({
  arn: z.string(),
  region: z.string(),
  name: z.string(),
  otherNames: count,
  notAfter: text,
  uses: z.array(use),
});

const record = z.object({
  name: z.string(),
  type: z.string(),
  value: z.string(),
  relativeName: z.string(),
  zone: text,
  verdict: z.enum(['right', 'missing', 'wrong-value', 'zone-not-asked', 'could-not-ask']),
  askedServer: text,
  foundValues: texts,
  hostedZoneId: text,
  lastSeenAt: text,
});

const stuckBecause = z.enum([
  'DnsRecord',
  'Email',
  'Caa',
  'NoContacts',
  'DomainNotAllowed',
  'InvalidDomain',
  'Denied',
  'MoreVerification',
  'PrivateAuthority',
  'AwsReason',
]);

const standing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stuck'), because: stuckBecause, awsReason: text }),
  z.object({
    kind: z.literal('wont-renew'),
    because: z.enum(['Imported', 'Unused', 'NotEligible', 'Acme']),
  }),
  z.object({ kind: z.literal('expired'), isInUse: z.boolean() }),
  z.object({ kind: z.literal('revoked'), isInUse: z.boolean() }),
  z.object({ kind: z.literal('pending-issuance'), because: stuckBecause }),
  z.object({ kind: z.literal('failed'), because: z.enum(['TimedOut', 'Refused']), awsReason: text }),
  z.object({ kind: z.literal('could-not-check'), why: z.string() }),
]);

/** Typed by kind, so that a new kind of report that can't be read does not compile. */
export const EXPIRY_BODIES = {
  'certificates-need-action': z.object({
    kind: z.literal('certificates-need-action'),
    certificates: z.array(certificate).min(1),
    standing,
    daysLeft: days,
    records: z.array(record),
    emails: texts,
    thresholdDays: days,
    looksAgainEverySeconds: absentable(z.number()),
  }),
  'certificate-settled': z.object({
    kind: z.literal('certificate-settled'),
    certificate,
    how: z.enum(['issued', 'renewed', 're-imported', 'replaced', 'deleted', 'no-longer-used']),
    secondsAfterRecord: absentable(z.number()),
  }),
  'validation-records-missing': z.object({
    kind: z.literal('validation-records-missing'),
    certificates: z.array(certificate),
    records: z.array(record),
    neededBy: text,
  }),
  'served-certificate-wrong': z.object({
    kind: z.literal('served-certificate-wrong'),
    host: z.string(),
    port,
    finding: z.enum([
      'expired',
      'expiring',
      'not-the-attached',
      'name-mismatch',
      'incomplete-chain',
      'untrusted',
      'could-not-connect',
    ]),
    servedNames: texts,
    servedNotAfter: text,
    issuer: text,
    daysLeft: days,
    attached: absentable(named),
    detail: text,
  }),
  'served-certificate-right': z.object({
    kind: z.literal('served-certificate-right'),
    host: z.string(),
    port,
    notAfter: z.string(),
  }),
  'domain-needs-action': z.object({
    kind: z.literal('domain-needs-action'),
    domain: z.string(),
    names: texts,
    nameCount: count,
    finding: z.enum([
      'expiring',
      'auto-renew-off',
      'confirm-renewal',
      'expired',
      'on-hold',
      'not-registered',
      'cannot-know',
      'could-not-check',
    ]),
    expiresAt: text,
    daysLeft: days,
    registrar: text,
    source: absentable(z.enum(['route53', 'rdap', 'whois', 'configured'])),
    statuses: texts,
    thresholdDays: days,
    detail: text,
  }),
  'domain-settled': z.object({ kind: z.literal('domain-settled'), domain: z.string(), expiresAt: text }),
} satisfies {
  readonly [Kind in ExpiryReportBody['kind']]: z.ZodType<Extract<ExpiryReportBody, { readonly kind: Kind }>>;
};
