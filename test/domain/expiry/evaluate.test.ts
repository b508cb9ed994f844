import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Certificate, Renewal } from '../../../domain/expiry/certificate.ts';
import {
  emailsWritten,
  evaluateCertificate,
  needsDetail,
  recordsToEnter,
  validationRecords,
} from '../../../domain/expiry/evaluate.ts';
import type { CertificateStanding } from '../../../domain/expiry/standing.ts';
import { standingText } from '../../../domain/expiry/standing.ts';
import {
  aCertificate,
  anImportedCertificate,
  aStuckCertificate,
  aValidation,
  inDays,
  NOW,
  RECORD,
  standingOf,
} from './certificates.ts';

const renewal = (change: Partial<Renewal> = {}): Renewal => ({
  status: 'PENDING_VALIDATION',
  reason: undefined,
  updatedAt: NOW,
  validations: [aValidation()],
  ...change,
});

describe('a certificate that AWS renews', () => {
  test.each<[string, Partial<Certificate>, CertificateStanding]>([
    ['61 days left', { notAfter: inDays(61) }, { kind: 'fine' }],
    ['60 days left', { notAfter: inDays(60) }, { kind: 'renewing-by-itself' }],
    [
      '61 days left and begun',
      { notAfter: inDays(61), renewal: renewal({ status: 'PENDING_AUTO_RENEWAL' }) },
      { kind: 'renewing-by-itself' },
    ],
    ['15 days left and nothing begun', { notAfter: inDays(15) }, { kind: 'renewing-by-itself' }],
    [
      '14 days left and nothing begun',
      { notAfter: inDays(14) },
      { kind: 'stuck', because: 'AwsReason', awsReason: undefined },
    ],
    [
      '14 days left and still about to',
      { notAfter: inDays(14), renewal: renewal({ status: 'PENDING_AUTO_RENEWAL' }) },
      { kind: 'stuck', because: 'AwsReason', awsReason: 'PENDING_AUTO_RENEWAL' },
    ],
    [
      'renewed the last time',
      { notAfter: inDays(40), renewal: renewal({ status: 'SUCCESS', reason: undefined }) },
      { kind: 'renewing-by-itself' },
    ],
    [
      '14 days left and renewed the last time only',
      { notAfter: inDays(14), renewal: renewal({ status: 'SUCCESS' }) },
      { kind: 'stuck', because: 'AwsReason', awsReason: undefined },
    ],
    ['31 days left and waiting for DNS', { notAfter: inDays(31), renewal: renewal() }, { kind: 'renewing-by-itself' }],
    [
      '30 days left and waiting for DNS',
      { notAfter: inDays(30), renewal: renewal() },
      { kind: 'stuck', because: 'DnsRecord', awsReason: undefined },
    ],
    [
      '45 days left and waiting for a mail',
      {
        notAfter: inDays(45),
        renewal: renewal({ validations: [aValidation({ method: 'EMAIL', record: undefined })] }),
      },
      { kind: 'stuck', because: 'Email', awsReason: undefined },
    ],
    [
      '30 days left, waiting for a record and a mail',
      {
        notAfter: inDays(30),
        renewal: renewal({ validations: [aValidation({ method: 'EMAIL', record: undefined }), aValidation()] }),
      },
      { kind: 'stuck', because: 'DnsRecord', awsReason: undefined },
    ],
    [
      '30 days left and waiting for HTTP',
      {
        notAfter: inDays(30),
        renewal: renewal({ reason: 'PENDING_DOMAIN_VALIDATION', validations: [aValidation({ method: 'HTTP' })] }),
      },
      { kind: 'stuck', because: 'AwsReason', awsReason: 'PENDING_DOMAIN_VALIDATION' },
    ],
    [
      'failed without a reason',
      { notAfter: inDays(44), renewal: renewal({ status: 'FAILED' }) },
      { kind: 'stuck', because: 'DnsRecord', awsReason: undefined },
    ],
    ['exported, and used by nothing of AWS’s', { isInUse: false, isExported: true }, { kind: 'fine' }],
    [
      'of which AWS does not say whether it is used',
      { isInUse: undefined, isEligibleForRenewal: undefined },
      { kind: 'fine' },
    ],
  ])('Given one with %s', (_, change, standing) => {
    expect(standingOf(change)).toEqual(standing);
  });

  test.each([
    ['CAA_ERROR', 'Caa'],
    ['NO_AVAILABLE_CONTACTS', 'NoContacts'],
    ['ADDITIONAL_VERIFICATION_REQUIRED', 'MoreVerification'],
    ['DOMAIN_NOT_ALLOWED', 'DomainNotAllowed'],
    ['INVALID_PUBLIC_DOMAIN', 'InvalidDomain'],
    ['DOMAIN_VALIDATION_DENIED', 'Denied'],
    ['PCA_LIMIT_EXCEEDED', 'PrivateAuthority'],
    ['PCA_ACCESS_DENIED', 'PrivateAuthority'],
    ['SLR_NOT_FOUND', 'PrivateAuthority'],
    ['OTHER', 'AwsReason'],
    ['SOMETHING_NEW', 'AwsReason'],
  ] as const)('Given that AWS says %s, however far the end, then it is stuck because of %s', (reason, because) => {
    for (const status of ['FAILED', 'PENDING_VALIDATION'] as const)
      expect(standingOf({ notAfter: inDays(59), renewal: renewal({ status, reason }) })).toEqual({
        kind: 'stuck',
        because,
        awsReason: reason,
      });
  });
});

describe('a certificate that nobody renews', () => {
  test.each<[string, Certificate, CertificateStanding]>([
    ['imported', anImportedCertificate(), { kind: 'wont-renew', because: 'Imported' }],
    ['imported and unused', anImportedCertificate({ isInUse: false }), { kind: 'wont-renew', because: 'Imported' }],
    ['used by nothing', aCertificate({ isInUse: false }), { kind: 'wont-renew', because: 'Unused' }],
    ['not eligible', aCertificate({ isEligibleForRenewal: false }), { kind: 'wont-renew', because: 'NotEligible' }],
    [
      'of an ACME client',
      aCertificate({ keyPairOrigin: 'ACME', isInUse: false }),
      { kind: 'wont-renew', because: 'Acme' },
    ],
  ])('Given one that is %s', (_, certificate, standing) => {
    expect(evaluateCertificate(certificate, NOW)).toEqual(standing);
  });
});

describe('a certificate that is not valid', () => {
  test.each<[string, Partial<Certificate>, CertificateStanding]>([
    ['at its very end', { notAfter: NOW, type: 'IMPORTED' }, { kind: 'wont-renew', because: 'Imported' }],
    ['a millisecond past it', { notAfter: inDays(0, -1), type: 'IMPORTED' }, { kind: 'expired', isInUse: true }],
    ['called expired', { status: 'EXPIRED', notAfter: undefined, isInUse: false }, { kind: 'expired', isInUse: false }],
    ['revoked', { status: 'REVOKED' }, { kind: 'revoked', isInUse: true }],
    [
      'revoked, expired since, and unused',
      { status: 'REVOKED', notAfter: inDays(-3), isInUse: false },
      { kind: 'revoked', isInUse: false },
    ],
    [
      'refused',
      { status: 'FAILED', failureReason: 'CAA_ERROR', notAfter: undefined },
      { kind: 'failed', because: 'Refused', awsReason: 'CAA_ERROR' },
    ],
    [
      'timed out',
      { status: 'VALIDATION_TIMED_OUT', notAfter: undefined },
      { kind: 'failed', because: 'TimedOut', awsReason: undefined },
    ],
    [
      'requested',
      { status: 'PENDING_VALIDATION', notAfter: undefined, validations: [aValidation()] },
      { kind: 'pending-issuance', because: 'DnsRecord' },
    ],
    [
      'requested this very moment',
      { status: 'PENDING_VALIDATION', notAfter: undefined, validations: [] },
      { kind: 'pending-issuance', because: 'DnsRecord' },
    ],
    [
      'requested by mail',
      { status: 'PENDING_VALIDATION', notAfter: undefined, validations: [aValidation({ method: 'EMAIL' })] },
      { kind: 'pending-issuance', because: 'Email' },
    ],
    ['of a status AWS has grown since', { status: 'unknown' }, { kind: 'could-not-check', why: 'StatusUnknown' }],
    ['issued, and without an end', { notAfter: undefined }, { kind: 'could-not-check', why: 'NoEnd' }],
    [
      'inactive',
      { status: 'INACTIVE', type: 'PRIVATE', isEligibleForRenewal: false },
      { kind: 'wont-renew', because: 'NotEligible' },
    ],
  ])('Given one that is %s', (_, change, standing) => {
    expect(standingOf(change)).toEqual(standing);
  });
});

describe('what names that fail wait for', () => {
  const other = { name: '_99.api.example.co.jp', type: 'CNAME', value: '_77.acm-validations.aws' };

  test('Given a hundred names of which two fail, one twice, then their records are named once, and no other', () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}.example.co.jp`);
    const validations = names.map((name, index) =>
      aValidation({
        name,
        status: index === 7 || index === 8 || index === 50 ? 'PENDING_VALIDATION' : 'SUCCESS',
        record: index === 50 ? other : { ...RECORD, name: index === 8 ? RECORD.name.toUpperCase() : RECORD.name },
      }),
    );
    const certificate = aStuckCertificate({ names, renewal: renewal({ validations }) });
    expect(recordsToEnter(certificate).map(({ value }) => value)).toEqual([RECORD.value, other.value]);
  });

  test('Given a renewal, then its validations count and not those of the issuance', () => {
    const certificate = aStuckCertificate({ validations: [aValidation({ record: other })] });
    expect(recordsToEnter(certificate)).toEqual([RECORD]);
    expect(validationRecords(certificate)).toEqual([RECORD, other]);
  });

  test('Given a request whose record AWS does not know yet, then there is none', () => {
    const certificate = aCertificate({
      status: 'PENDING_VALIDATION',
      validations: [aValidation({ record: undefined })],
    });
    expect(recordsToEnter(certificate)).toEqual([]);
  });

  test('Given mails, then each mailbox is named once', () => {
    const mail = aValidation({
      method: 'EMAIL',
      record: undefined,
      emails: ['admin@example.co.jp', 'root@example.co.jp'],
    });
    const certificate = aStuckCertificate({
      renewal: renewal({ validations: [mail, mail, aValidation({ status: 'SUCCESS', emails: ['x@y'] })] }),
    });
    expect(emailsWritten(certificate)).toEqual(['admin@example.co.jp', 'root@example.co.jp']);
  });
});

describe('whether the list says enough', () => {
  test.each<[string, Partial<Certificate>, boolean]>([
    ['issued and 46 days left', { notAfter: inDays(46) }, false],
    ['issued and 45 days left', { notAfter: inDays(45) }, true],
    ['requested', { status: 'PENDING_VALIDATION', notAfter: undefined }, true],
    ['revoked', { status: 'REVOKED' }, true],
    ['inactive', { status: 'INACTIVE' }, true],
    ['without an end', { notAfter: undefined }, true],
    ['of an unknown type', { type: 'unknown' }, true],
    ['expired for a week and unused', { status: 'EXPIRED', notAfter: inDays(-7), isInUse: false }, true],
    ['expired for longer and unused', { status: 'EXPIRED', notAfter: inDays(-8), isInUse: false }, false],
    ['expired for long and in use', { status: 'EXPIRED', notAfter: inDays(-300) }, true],
  ])('Given one that is %s', (_, change, needs) => {
    expect(needsDetail(aCertificate(change), 45, NOW)).toBe(needs);
  });
});

/** Any certificate that the API could answer with. */
const anyCertificate: fc.Arbitrary<Certificate> = fc
  .record({
    status: fc.constantFrom(
      'PENDING_VALIDATION',
      'ISSUED',
      'INACTIVE',
      'EXPIRED',
      'VALIDATION_TIMED_OUT',
      'REVOKED',
      'FAILED',
      'unknown',
    ),
    type: fc.constantFrom('IMPORTED', 'AMAZON_ISSUED', 'PRIVATE', 'unknown'),
    days: fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
    isInUse: fc.constantFrom(true, false, undefined),
    isEligibleForRenewal: fc.constantFrom(true, false, undefined),
    isExported: fc.boolean(),
    keyPairOrigin: fc.constantFrom('AWS_MANAGED', 'ACME', 'CUSTOMER_PROVIDED', 'unknown'),
    commonName: fc.constantFrom(undefined, 'www.example.co.jp', 'My Awesome Service', '*.例え.jp', ''),
    renewal: fc.option(
      fc.record({
        status: fc.constantFrom('PENDING_AUTO_RENEWAL', 'PENDING_VALIDATION', 'SUCCESS', 'FAILED', 'unknown'),
        reason: fc.constantFrom(undefined, 'CAA_ERROR', 'PENDING_DOMAIN_VALIDATION', 'PCA_X', 'NEW'),
        updatedAt: fc.constant(undefined),
        validations: fc.array(
          fc
            .tuple(
              fc.constantFrom('DNS', 'EMAIL', 'HTTP', 'unknown'),
              fc.constantFrom('PENDING_VALIDATION', 'SUCCESS', 'FAILED', 'unknown'),
            )
            .map(([method, status]) => aValidation({ method, status })),
          { maxLength: 3 },
        ),
      } as const),
      { nil: undefined },
    ),
  } as const)
  .map(({ days, ...change }) =>
    aCertificate({ ...change, notAfter: days === undefined ? undefined : inDays(days) } as Partial<Certificate>),
  );

const STANDINGS =
  /^(fine|renewing-by-itself|stuck:\w+|wont-renew:\w+|expired(:unused)?|revoked(:unused)?|pending-issuance:\w+|failed:\w+|could-not-check)$/;

test('Whatever AWS answers, a certificate has exactly one standing, and what has ended is never called fine', () => {
  fc.assert(
    fc.property(anyCertificate, (certificate) => {
      const standing = evaluateCertificate(certificate, NOW);
      expect(standingText(standing)).toMatch(STANDINGS);
      if (certificate.notAfter !== undefined && certificate.notAfter.getTime() < NOW.getTime())
        expect(['fine', 'renewing-by-itself', 'stuck', 'wont-renew']).not.toContain(standing.kind);
      if (standing.kind === 'fine') {
        expect(certificate.status === 'ISSUED' || certificate.status === 'INACTIVE').toBe(true);
        expect(certificate.notAfter?.getTime() ?? 0).toBeGreaterThan(inDays(60).getTime());
        expect(
          needsDetail(certificate, 45, NOW) && certificate.status === 'ISSUED' && certificate.type !== 'unknown',
        ).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});
