import type {
  CertificatesNeedAction,
  DomainNeedsAction,
  ExpiryReportBody,
  ReportedCertificate,
  ReportedRecord,
  ServedCertificateWrong,
} from '../../domain/expiry/report.ts';
import type { StuckBecause, WontRenewBecause } from '../../domain/expiry/standing.ts';
import type { Report } from '../../domain/report.ts';
import { reportOf } from './reports.ts';

/** Sun 22 Nov 2026, 10:00 in Tokyo. */
const AT = '2026-11-22T01:00:00.000Z';

export const expiryReport = (body: ExpiryReportBody, severity: Report['severity'] = 'warning'): Report => ({
  ...reportOf(body, severity),
  matter: 'expiry',
  at: AT,
});

/** Of CloudFront, in us-east-1. */
const WWW: ReportedCertificate = {
  arn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666',
  region: 'us-east-1',
  name: 'www.example.co.jp',
  otherNames: 0,
  notAfter: '2026-12-06T12:00:00.000Z',
  uses: [{ kind: 'cloudfront', name: 'www.example.co.jp', id: 'E1ABC', region: 'us-east-1', port: undefined }],
};

/** Of the balancer, in Tokyo. */
const WEB: ReportedCertificate = {
  ...WWW,
  arn: 'arn:aws:acm:ap-northeast-1:123456789012:certificate/9f8e7d6c-1111-2222-3333-444455556666',
  region: 'ap-northeast-1',
  uses: [
    {
      kind: 'alb',
      name: 'web-alb',
      id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/50dc6c495c0c9188',
      region: 'ap-northeast-1',
      port: 443,
    },
  ],
};

export const RECORD: ReportedRecord = {
  name: '_3f1c9a7e.www.example.co.jp',
  type: 'CNAME',
  value: '_8d2e4b61.acm-validations.aws',
  relativeName: '_3f1c9a7e.www',
  zone: 'example.co.jp',
  verdict: 'missing',
  askedServer: 'ns1.dns-provider.example',
  foundValues: [],
  hostedZoneId: undefined,
  lastSeenAt: '2026-10-03T01:00:00.000Z',
};

/** Message C of the drafts: two certificates wait for one record. */
export const needAction = (change: Partial<CertificatesNeedAction> = {}): CertificatesNeedAction => ({
  kind: 'certificates-need-action',
  certificates: [WWW, WEB],
  standing: { kind: 'stuck', because: 'DnsRecord', awsReason: 'PENDING_DOMAIN_VALIDATION' },
  daysLeft: 14,
  records: [RECORD],
  emails: [],
  thresholdDays: 14,
  looksAgainEverySeconds: 3_600,
  ...change,
});

const UNUSED: ReportedCertificate = { ...WWW, uses: [], otherNames: 2 };
const ONE = { certificates: [WEB], records: [] } as const;
const IDLE = { certificates: [UNUSED], records: [] } as const;

const stuckOn = (because: StuckBecause, awsReason: string): CertificatesNeedAction =>
  needAction({ ...ONE, standing: { kind: 'stuck', because, awsReason } });

const wontRenew = (because: WontRenewBecause): CertificatesNeedAction =>
  needAction({
    ...(because === 'Unused' ? IDLE : ONE),
    standing: { kind: 'wont-renew', because },
    looksAgainEverySeconds: undefined,
  });

const served = (
  finding: ServedCertificateWrong['finding'],
  change: Partial<ServedCertificateWrong> = {},
): ServedCertificateWrong => ({
  kind: 'served-certificate-wrong',
  host: 'www.example.co.jp',
  port: 443,
  finding,
  servedNames: ['www.example.co.jp', 'example.co.jp'],
  servedNotAfter: '2026-11-27T12:00:00.000Z',
  issuer: 'Amazon RSA 2048 M02',
  daysLeft: 5,
  attached: undefined,
  detail: undefined,
  ...change,
});

const domain = (finding: DomainNeedsAction['finding'], change: Partial<DomainNeedsAction> = {}): DomainNeedsAction => ({
  kind: 'domain-needs-action',
  domain: 'example.co.jp',
  names: ['www.example.co.jp', 'shop.example.co.jp'],
  nameCount: 5,
  finding,
  expiresAt: '2026-12-22T00:00:00.000Z',
  daysLeft: 29,
  registrar: 'Registrar Inc.',
  source: 'rdap',
  statuses: [],
  thresholdDays: 30,
  detail: undefined,
  ...change,
});

const UNDATED = { expiresAt: undefined, daysLeft: undefined, thresholdDays: undefined, registrar: undefined } as const;

/** One of every report there is, and of every way it can turn out. */
export const EXPIRY_BODIES: Readonly<Record<string, ExpiryReportBody>> = {
  'a record is missing': needAction(),
  'a record is wrong': needAction({
    ...ONE,
    records: [{ ...RECORD, verdict: 'wrong-value', foundValues: ['_old.acm-validations.aws'], lastSeenAt: undefined }],
  }),
  'a record is missing in our Route 53 zone': needAction({
    ...ONE,
    records: [{ ...RECORD, hostedZoneId: 'Z0ABC', askedServer: 'ns-1.awsdns-1.org' }],
  }),
  'a zone is not asked': needAction({
    ...ONE,
    records: [{ ...RECORD, verdict: 'zone-not-asked', hostedZoneId: 'Z0ABC', lastSeenAt: undefined }],
  }),
  'a zone is not asked, and the delegated servers are silent': needAction({
    ...ONE,
    records: [
      { ...RECORD, verdict: 'zone-not-asked', hostedZoneId: 'Z0ABC', lastSeenAt: undefined, askedServer: undefined },
    ],
  }),
  'DNS was not asked': needAction({
    ...ONE,
    records: [{ ...RECORD, verdict: 'could-not-ask', askedServer: undefined, zone: undefined }],
  }),
  'the record is right': needAction({ ...ONE, records: [{ ...RECORD, verdict: 'right' }] }),
  'no record is named yet': needAction({
    ...IDLE,
    standing: { kind: 'pending-issuance', because: 'DnsRecord' },
    daysLeft: undefined,
    thresholdDays: undefined,
  }),
  'several records': needAction({
    ...ONE,
    records: [
      RECORD,
      { ...RECORD, name: '_b.shop.example.co.jp', relativeName: '_b.shop', verdict: 'wrong-value', foundValues: ['x'] },
      { ...RECORD, name: '_c.api.example.co.jp', relativeName: '_c.api', verdict: 'right' },
    ],
  }),
  'a mail waits': needAction({
    ...ONE,
    standing: { kind: 'stuck', because: 'Email', awsReason: 'PENDING_DOMAIN_VALIDATION' },
    emails: ['admin@example.co.jp', 'webmaster@example.co.jp'],
  }),
  CAA: stuckOn('Caa', 'CAA_ERROR'),
  'no contacts': stuckOn('NoContacts', 'NO_AVAILABLE_CONTACTS'),
  'not allowed': stuckOn('DomainNotAllowed', 'DOMAIN_NOT_ALLOWED'),
  'no public domain': stuckOn('InvalidDomain', 'INVALID_PUBLIC_DOMAIN'),
  denied: stuckOn('Denied', 'DOMAIN_VALIDATION_DENIED'),
  'more verification': stuckOn('MoreVerification', 'ADDITIONAL_VERIFICATION_REQUIRED'),
  'private CA': stuckOn('PrivateAuthority', 'PCA_ACCESS_DENIED'),
  'another reason': stuckOn('AwsReason', 'SOMETHING_NEW'),
  imported: wontRenew('Imported'),
  unused: wontRenew('Unused'),
  'not eligible': wontRenew('NotEligible'),
  ACME: wontRenew('Acme'),
  'on its last day': needAction({ daysLeft: 0, thresholdDays: 0, certificates: [{ ...WWW, notAfter: AT }] }),
  'expired in use': needAction({
    ...ONE,
    standing: { kind: 'expired', isInUse: true },
    daysLeft: -2,
    thresholdDays: 0,
    certificates: [{ ...WEB, notAfter: '2026-11-20T12:00:00.000Z' }],
  }),
  'expired and unused': needAction({
    ...IDLE,
    standing: { kind: 'expired', isInUse: false },
    daysLeft: -2,
    looksAgainEverySeconds: undefined,
  }),
  'revoked in use': needAction({ ...ONE, standing: { kind: 'revoked', isInUse: true } }),
  'revoked and unused': needAction({ ...IDLE, standing: { kind: 'revoked', isInUse: false } }),
  'first issuance': needAction({
    certificates: [UNUSED],
    standing: { kind: 'pending-issuance', because: 'DnsRecord' },
    daysLeft: undefined,
    thresholdDays: undefined,
    records: [{ ...RECORD, lastSeenAt: undefined }],
  }),
  'timed out': needAction({ ...IDLE, standing: { kind: 'failed', because: 'TimedOut', awsReason: undefined } }),
  'refused for CAA': needAction({ ...IDLE, standing: { kind: 'failed', because: 'Refused', awsReason: 'CAA_ERROR' } }),
  'refused for another reason': needAction({
    ...IDLE,
    standing: { kind: 'failed', because: 'Refused', awsReason: 'SOMETHING_NEW' },
  }),
  'several could not be checked': needAction({
    certificates: [WEB, { ...WEB, name: '0a1b2c3d' }].map((each) => ({ ...each, uses: [], notAfter: undefined })),
    records: [],
    standing: { kind: 'could-not-check', why: 'NoEnd' },
    daysLeft: undefined,
    looksAgainEverySeconds: undefined,
  }),
  'could not be checked': needAction({
    ...IDLE,
    certificates: [{ ...UNUSED, name: 'ap-northeast-1', region: 'ap-northeast-1', notAfter: undefined, otherNames: 0 }],
    standing: { kind: 'could-not-check', why: 'AccessDeniedException on acm:ListCertificates' },
    daysLeft: undefined,
  }),
  renewed: {
    kind: 'certificate-settled',
    certificate: { ...WWW, notAfter: '2027-06-08T12:00:00.000Z' },
    how: 'renewed',
    secondsAfterRecord: undefined,
  },
  issued: { kind: 'certificate-settled', certificate: UNUSED, how: 'issued', secondsAfterRecord: 240 },
  'issued at once': { kind: 'certificate-settled', certificate: WWW, how: 'issued', secondsAfterRecord: 20 },
  'issued without a look': {
    kind: 'certificate-settled',
    certificate: WWW,
    how: 'issued',
    secondsAfterRecord: undefined,
  },
  're-imported': { kind: 'certificate-settled', certificate: WEB, how: 're-imported', secondsAfterRecord: undefined },
  replaced: { kind: 'certificate-settled', certificate: WWW, how: 'replaced', secondsAfterRecord: undefined },
  deleted: { kind: 'certificate-settled', certificate: WWW, how: 'deleted', secondsAfterRecord: undefined },
  'no longer used': {
    kind: 'certificate-settled',
    certificate: WWW,
    how: 'no-longer-used',
    secondsAfterRecord: undefined,
  },
  'record missing months early': {
    kind: 'validation-records-missing',
    certificates: [{ ...WEB, notAfter: '2027-05-02T12:00:00.000Z' }],
    records: [RECORD],
    neededBy: '2027-03-18T12:00:00.000Z',
  },
  'records of several certificates missing': {
    kind: 'validation-records-missing',
    certificates: [WEB, { ...WEB, name: 'shop.example.com', uses: [] }],
    records: [
      { ...RECORD, lastSeenAt: undefined },
      {
        ...RECORD,
        name: '_b.shop.example.com',
        relativeName: '_b.shop',
        zone: 'example.com',
        askedServer: 'ns9.other.example',
        lastSeenAt: undefined,
      },
    ],
    neededBy: undefined,
  },
  'served: expired': served('expired', { servedNotAfter: '2026-11-20T12:00:00.000Z', daysLeft: -2 }),
  'served: expiring': served('expiring'),
  'served: not the attached': served('not-the-attached', {
    attached: { name: 'www.example.co.jp', id: WEB.arn },
  }),
  'served: name mismatch': served('name-mismatch', { servedNames: ['*.hosting.example'], port: 8443 }),
  'served: incomplete chain': served('incomplete-chain'),
  'served: untrusted': served('untrusted', { issuer: 'Example Internal CA' }),
  'served: could not connect': served('could-not-connect', {
    servedNames: [],
    servedNotAfter: undefined,
    issuer: undefined,
    daysLeft: undefined,
    detail: 'connect ETIMEDOUT',
  }),
  'served: right': {
    kind: 'served-certificate-right',
    host: 'www.example.co.jp',
    port: 443,
    notAfter: '2027-06-08T12:00:00.000Z',
  },
  'domain: expiring': domain('expiring'),
  'domain: auto-renew off': domain('auto-renew-off', { source: 'route53', registrar: undefined }),
  'domain: confirm renewal': domain('confirm-renewal', { source: 'whois', registrar: undefined }),
  'domain: its date has passed': domain('confirm-renewal', {
    source: 'whois',
    registrar: undefined,
    expiresAt: '2026-11-20T00:00:00.000Z',
    daysLeft: -2,
    thresholdDays: 0,
  }),
  'domain: expired': domain('expired', { expiresAt: '2026-11-20T00:00:00.000Z', daysLeft: -2 }),
  'domain: on hold': domain('on-hold', { statuses: ['clientHold', 'clientTransferProhibited'] }),
  'domain: not registered': domain('not-registered', UNDATED),
  'domain: cannot know': domain('cannot-know', { ...UNDATED, source: undefined, detail: 'NoSource' }),
  'domain: could not check': domain('could-not-check', { ...UNDATED, source: undefined, detail: 'RDAP answered 503' }),
  'domain: settled': { kind: 'domain-settled', domain: 'example.co.jp', expiresAt: '2027-12-22T00:00:00.000Z' },
  'domain: in order again': { kind: 'domain-settled', domain: 'example.co.jp', expiresAt: undefined },
};
