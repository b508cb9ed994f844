import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Announced } from '../../../domain/expiry/announced.ts';
import type { Certificate } from '../../../domain/expiry/certificate.ts';
import { evaluateCertificate } from '../../../domain/expiry/evaluate.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import type { Telling } from '../../../domain/expiry/telling.ts';
import { announcedAfter, certificateEnding, isNews, lastTold, worstSeverity } from '../../../domain/expiry/telling.ts';
import {
  aCertificate,
  anImportedCertificate,
  aStuckCertificate,
  aValidation,
  inDays,
  NOW,
  tellingOf,
} from './certificates.ts';

const SEVERITIES = ['information', 'warning', 'critical'];

const telling = (change: Partial<Telling> = {}): Telling => ({
  standing: 'stuck:DnsRecord',
  endsAt: '2026-12-06T01:00:00.000Z',
  daysLeft: 14,
  thresholdDays: 14,
  severity: 'warning',
  ...change,
});

const PLACE = { matter: 'm', destination: 'default' };

const toldAfter = (...tellings: readonly Telling[]): Announced | undefined =>
  tellings.reduce<Announced | undefined>((known, one) => announcedAfter(known, one, PLACE, NOW), undefined);

describe('what of a certificate is to be told', () => {
  test.each<[string, Certificate, Partial<Telling> | undefined]>([
    ['fine', aCertificate(), undefined],
    ['renewing by itself', aCertificate({ notAfter: inDays(40) }), undefined],
    ['imported, with 46 days left', anImportedCertificate({ notAfter: inDays(46) }), undefined],
    [
      'imported, with 45 days left',
      anImportedCertificate({ notAfter: inDays(45) }),
      { standing: 'wont-renew:Imported', thresholdDays: 45, daysLeft: 45, severity: 'information' },
    ],
    [
      'imported, on its last day',
      anImportedCertificate({ notAfter: inDays(0) }),
      { standing: 'wont-renew:Imported', thresholdDays: 0, daysLeft: 0, severity: 'critical' },
    ],
    [
      'imported and past its end',
      anImportedCertificate({ notAfter: inDays(0, -1) }),
      { standing: 'expired', thresholdDays: undefined, daysLeft: -1, severity: 'critical' },
    ],
    [
      'imported and used by nothing',
      anImportedCertificate({ notAfter: inDays(2), isInUse: false }),
      { standing: 'wont-renew:Imported:unused', thresholdDays: 45, severity: 'information' },
    ],
    [
      'stuck, with 14 days left',
      aStuckCertificate(),
      { standing: 'stuck:DnsRecord', thresholdDays: 14, severity: 'warning', endsAt: '2026-12-06T01:00:00.000Z' },
    ],
    [
      'of an ACME client, with 15 days left',
      aCertificate({ keyPairOrigin: 'ACME', isInUse: false, notAfter: inDays(15) }),
      undefined,
    ],
    [
      'of an ACME client, with 14 days left',
      aCertificate({ keyPairOrigin: 'ACME', isInUse: false, notAfter: inDays(14) }),
      { standing: 'wont-renew:Acme:unused', thresholdDays: 14, severity: 'information' },
    ],
    [
      'requested, before AWS knows the record',
      aCertificate({
        status: 'PENDING_VALIDATION',
        notAfter: undefined,
        validations: [aValidation({ record: undefined })],
      }),
      undefined,
    ],
    [
      'requested',
      aCertificate({ status: 'PENDING_VALIDATION', notAfter: undefined, validations: [aValidation()] }),
      { standing: 'pending-issuance:DnsRecord', thresholdDays: undefined, endsAt: undefined, severity: 'information' },
    ],
    ['refused a month ago', aCertificate({ status: 'FAILED', notAfter: undefined, createdAt: inDays(-30) }), undefined],
    [
      'refused this month',
      aCertificate({ status: 'FAILED', notAfter: undefined, createdAt: inDays(-29) }),
      { standing: 'failed:Refused', severity: 'warning' },
    ],
    [
      'unused and expired for six days',
      aCertificate({ status: 'EXPIRED', isInUse: false, notAfter: inDays(-6) }),
      { standing: 'expired:unused', severity: 'information', thresholdDays: undefined },
    ],
    [
      'unused and expired for seven',
      aCertificate({ status: 'EXPIRED', isInUse: false, notAfter: inDays(-7) }),
      undefined,
    ],
    [
      'used and expired for a year',
      aCertificate({ status: 'EXPIRED', notAfter: inDays(-365) }),
      { severity: 'critical' },
    ],
    ['revoked in use', aCertificate({ status: 'REVOKED' }), { standing: 'revoked', severity: 'critical' }],
    [
      'revoked long ago, and unused',
      aCertificate({ status: 'REVOKED', isInUse: false, revokedAt: inDays(-30) }),
      undefined,
    ],
    ['without an end', aCertificate({ notAfter: undefined }), { standing: 'could-not-check', severity: 'warning' }],
    ['to be ignored', aStuckCertificate({ tags: { 'usher:ignore': 'true' } }), undefined],
  ])('Given one that is %s', (_, certificate, told) => {
    const found = tellingOf(certificate);
    if (told === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(told);
  });

  test('Given that the record is in DNS by now, then it heals itself, unless the end is a week off', () => {
    expect(tellingOf(aStuckCertificate({ notAfter: inDays(8) }), NOW, true)).toBeUndefined();
    expect(tellingOf(aStuckCertificate({ notAfter: inDays(7) }), NOW, true)).toMatchObject({ thresholdDays: 7 });
    expect(tellingOf(aStuckCertificate({ notAfter: inDays(8) }), NOW, false)).toMatchObject({ thresholdDays: 14 });
    const requested = aCertificate({ status: 'PENDING_VALIDATION', notAfter: undefined, validations: [aValidation()] });
    expect(tellingOf(requested, NOW, true)).toBeUndefined();
    expect(tellingOf(anImportedCertificate({ notAfter: inDays(8) }), NOW, true)).toMatchObject({ thresholdDays: 14 });
  });

  test('The worst of several severities', () => {
    expect(worstSeverity(['warning', 'critical', 'information'])).toBe('critical');
    expect(worstSeverity(['information', 'warning'])).toBe('warning');
    expect(worstSeverity([])).toBe('information');
  });

  test('Severity never falls as the end of a certificate in use comes nearer, and passes', () => {
    const kinds = [
      anImportedCertificate,
      aStuckCertificate,
      (change: Partial<Certificate>) => aCertificate({ ...change, isEligibleForRenewal: false }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(fc.integer({ min: -50, max: 60 }), { minLength: 2 }),
        (of, days) => {
          const told = days
            .toSorted((a, b) => b - a)
            .flatMap((left) => tellingOf(of({ notAfter: inDays(left) }))?.severity ?? [])
            .map((severity) => SEVERITIES.indexOf(severity));
          expect(told).toEqual(told.toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe('what is news', () => {
  test.each<[string, Announced | undefined, Telling, boolean]>([
    ['nothing was told', undefined, telling(), true],
    ['the very same was told', toldAfter(telling()), telling(), false],
    ['a nearer threshold is crossed', toldAfter(telling()), telling({ thresholdDays: 7 }), true],
    ['a farther one is seen by a look that was late', toldAfter(telling()), telling({ thresholdDays: 30 }), false],
    ['the cause has changed', toldAfter(telling()), telling({ standing: 'stuck:Caa' }), true],
    ['the cause has changed back', toldAfter(telling(), telling({ standing: 'stuck:Caa' })), telling(), false],
    [
      'another cause is seen of a farther threshold',
      toldAfter(telling()),
      telling({ standing: 'stuck:Caa', thresholdDays: 30 }),
      false,
    ],
    [
      'it has expired since',
      toldAfter(telling({ thresholdDays: 0 })),
      telling({ standing: 'expired', thresholdDays: undefined }),
      true,
    ],
    [
      'it was told that it expired',
      toldAfter(telling({ standing: 'expired', thresholdDays: undefined })),
      telling({ standing: 'expired', thresholdDays: undefined }),
      false,
    ],
    [
      'it was told that it expired, and a late look saw its last day',
      toldAfter(telling({ standing: 'expired', thresholdDays: undefined })),
      telling({ thresholdDays: 0 }),
      false,
    ],
    [
      'it has another end',
      toldAfter(telling()),
      telling({ endsAt: '2027-06-01T00:00:00.000Z', thresholdDays: 45 }),
      true,
    ],
    [
      'it could not be looked at',
      toldAfter(telling()),
      telling({ standing: 'could-not-check', thresholdDays: undefined, endsAt: undefined }),
      false,
    ],
    [
      'it can be looked at again',
      toldAfter(telling({ standing: 'could-not-check', thresholdDays: undefined, endsAt: undefined })),
      telling(),
      true,
    ],
    [
      'an issuance was refused',
      toldAfter(telling({ standing: 'pending-issuance:DnsRecord', thresholdDays: undefined, endsAt: undefined })),
      telling({ standing: 'failed:TimedOut', thresholdDays: undefined, endsAt: undefined }),
      true,
    ],
  ])('Given that %s', (_, known, now, news) => {
    expect(isNews(known, now, NOW)).toBe(news);
  });

  const quiet = (until: Date): Announced => ({
    ...(toldAfter(telling()) as Announced),
    quietUntil: until.toISOString(),
  });

  test('Given that a person wants quiet, then only what is critical or of another end is news, and the same again afterwards, once', () => {
    const nearer = telling({ thresholdDays: 7 });
    expect(isNews(quiet(inDays(0, 1)), nearer, NOW)).toBe(false);
    expect(isNews(quiet(inDays(0, 1)), telling({ thresholdDays: 3, severity: 'critical' }), NOW)).toBe(true);
    expect(isNews(quiet(inDays(0, 1)), telling({ endsAt: '2026-12-01T00:00:00.000Z' }), NOW)).toBe(true);
    expect(isNews(quiet(NOW), telling(), NOW)).toBe(true);
    const again = announcedAfter(quiet(NOW), telling(), PLACE, NOW);
    expect(again.quietUntil).toBeUndefined();
    expect(isNews(again, telling(), NOW)).toBe(false);
  });

  test('What is remembered is the last told, its threshold and end, and when the records were seen for that end', () => {
    const known = { ...(toldAfter(telling()) as Announced), recordsSeenAt: NOW.toISOString() };
    expect(
      announcedAfter(known, telling({ standing: 'expired', thresholdDays: undefined }), PLACE, inDays(14)),
    ).toEqual({
      thresholdDays: 14,
      standing: 'stuck:DnsRecord|2026-12-06T01:00:00.000Z|14 expired|2026-12-06T01:00:00.000Z|',
      endsAt: '2026-12-06T01:00:00.000Z',
      announcedAt: '2026-12-06T01:00:00.000Z',
      matter: 'm',
      destination: 'default',
      recordsSeenAt: NOW.toISOString(),
      quietUntil: undefined,
    });
    const other = announcedAfter(known, telling({ endsAt: undefined, thresholdDays: undefined }), PLACE, NOW);
    expect([other.thresholdDays, other.recordsSeenAt]).toEqual([undefined, undefined]);
    expect(lastTold(known)).toBe('stuck:DnsRecord');
  });

  /** Looks at one certificate by events and surveys, each with a clock that may be behind. */
  const look = fc.record({
    day: fc.integer({ min: 0, max: 70 }),
    by: fc.constantFrom(anImportedCertificate, aStuckCertificate, (change: Partial<Certificate>) =>
      aCertificate({ ...change, status: 'unknown' }),
    ),
    minutes: fc.integer({ min: -90, max: 90 }),
  });

  test('Over any history of looks by events and surveys, a threshold is announced at most once for each cause, and never after a nearer one', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 60 }), fc.boolean(), (looks, inOrder) => {
        const history = inOrder ? looks.toSorted((a, b) => a.day - b.day) : looks;
        const end = inDays(60);
        let known: Announced | undefined;
        const said: Telling[] = [];
        for (const { day, by, minutes } of history) {
          const now = inDays(day, minutes * 60_000);
          const found = tellingOf(by({ notAfter: end }), now);
          if (found === undefined || !isNews(known, found, now)) continue;
          said.push(found);
          known = announcedAfter(known, found, PLACE, now);
        }
        const keys = said.map(({ standing, thresholdDays }) => `${standing} ${thresholdDays}`);
        expect(new Set(keys).size).toBe(keys.length);
        const thresholds = said.flatMap(({ thresholdDays }) => thresholdDays ?? []);
        expect(thresholds).toEqual(thresholds.toSorted((a, b) => b - a));
      }),
      { numRuns: 300 },
    );
  });

  test('Given a survey a day to the end, then every threshold is announced exactly once, and then that it has expired', () => {
    let known: Announced | undefined;
    const said: (number | string)[] = [];
    for (let day = 0; day <= 70; day += 1) {
      for (const minutes of [0, 5]) {
        const now = inDays(day, minutes * 60_000);
        const found = tellingOf(anImportedCertificate({ notAfter: inDays(60, 3_600_000) }), now);
        if (found === undefined || !isNews(known, found, now)) continue;
        said.push(found.thresholdDays ?? found.standing);
        known = announcedAfter(known, found, PLACE, now);
      }
    }
    expect(said).toEqual([...DEFAULT_THRESHOLDS_DAYS, 'expired']);
  });
});

describe('endings', () => {
  const told = (standing: string, endsAt: string | 'none' = inDays(14).toISOString()): Announced =>
    toldAfter(
      telling({ standing, endsAt: endsAt === 'none' ? undefined : endsAt, thresholdDays: undefined }),
    ) as Announced;
  const ending = (known: Announced, certificate: Certificate | undefined, isReplaced = false) =>
    certificateEnding(known, certificate, {
      standing: certificate === undefined ? { kind: 'fine' } : evaluateCertificate(certificate, NOW),
      isReplaced,
    });

  test.each<[string, Announced, Certificate | undefined, boolean, unknown]>([
    ['it is gone', told('stuck:DnsRecord'), undefined, false, { kind: 'settled', how: 'deleted' }],
    [
      'it was issued',
      told('pending-issuance:DnsRecord', 'none'),
      aCertificate(),
      false,
      { kind: 'settled', how: 'issued' },
    ],
    [
      'it is still requested',
      told('pending-issuance:DnsRecord', 'none'),
      aCertificate({ status: 'PENDING_VALIDATION', notAfter: undefined, isInUse: false }),
      false,
      { kind: 'open' },
    ],
    ['it was renewed', told('stuck:DnsRecord'), aCertificate(), false, { kind: 'settled', how: 'renewed' }],
    [
      'it was imported again',
      told('wont-renew:Imported'),
      anImportedCertificate(),
      false,
      { kind: 'settled', how: 're-imported' },
    ],
    [
      'another is used instead',
      told('wont-renew:Imported'),
      anImportedCertificate({ notAfter: inDays(14), isInUse: false }),
      true,
      { kind: 'settled', how: 'replaced' },
    ],
    [
      'nothing uses it any more',
      told('expired'),
      aCertificate({ status: 'EXPIRED', notAfter: inDays(14), isInUse: false }),
      false,
      { kind: 'settled', how: 'no-longer-used' },
    ],
    [
      'nothing has used it before',
      told('wont-renew:Imported:unused'),
      anImportedCertificate({ notAfter: inDays(14), isInUse: false }),
      false,
      { kind: 'open' },
    ],
    [
      'it was refused, and used by nothing',
      told('failed:Refused', 'none'),
      aCertificate({ status: 'FAILED', notAfter: undefined, isInUse: false }),
      false,
      { kind: 'open' },
    ],
    ['it is stuck', told('stuck:DnsRecord'), aStuckCertificate(), false, { kind: 'open' }],
    [
      'AWS goes on with it, and has not renewed it yet',
      told('stuck:Caa', inDays(20).toISOString()),
      aCertificate({ notAfter: inDays(20) }),
      false,
      { kind: 'open' },
    ],
    [
      'it can be looked at again, and is fine',
      told('could-not-check', 'none'),
      aCertificate(),
      false,
      { kind: 'forgotten' },
    ],
    [
      'it can be looked at again, and ends later than was seen',
      told('could-not-check'),
      aCertificate(),
      false,
      { kind: 'forgotten' },
    ],
    [
      'it is used by now, and AWS renews it',
      told('wont-renew:Unused:unused', inDays(150).toISOString()),
      aCertificate(),
      false,
      { kind: 'forgotten' },
    ],
  ])('Given that %s', (_, known, certificate, isReplaced, expected) => {
    expect(ending(known, certificate, isReplaced)).toEqual(expected);
  });
});
