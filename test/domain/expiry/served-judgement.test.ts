import { describe, expect, test } from '@jest/globals';
import type { Handshake, ServedCertificate } from '../../../domain/expiry/served.ts';
import type { AttachedCertificate, ServedLook } from '../../../domain/expiry/served-judgement.ts';
import { judgeServed } from '../../../domain/expiry/served-judgement.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import { ARN, inDays, NOW } from './certificates.ts';

const leaf = (change: Partial<ServedCertificate> = {}): ServedCertificate => ({
  subject: 'CN=www.example.co.jp',
  issuer: 'Amazon',
  names: ['www.example.co.jp'],
  notBefore: inDays(-48),
  notAfter: inDays(150),
  serial: '0A1B2C',
  fingerprint256: 'AA',
  ...change,
});

type Served = Extract<Handshake, { kind: 'served' }>;

const served = (change: Partial<ServedCertificate> = {}, of: Partial<Served> = {}): Handshake => ({
  kind: 'served',
  chain: [leaf(change)],
  namesHost: true,
  trust: 'trusted',
  ...of,
});

const ATTACHED: AttachedCertificate = {
  arn: ARN,
  name: 'www.example.co.jp',
  notAfter: inDays(150),
  serial: '0a:1b:2c',
  renewedAt: inDays(-48),
};

const judge = (
  handshake: Handshake,
  attached: readonly AttachedCertificate[] = [ATTACHED],
  change: Partial<ServedLook> = {},
) =>
  judgeServed({
    endpoint: { host: 'www.example.co.jp', port: 443, connectTo: undefined, certificateArn: ARN, foundAs: 'listener' },
    handshake,
    attached,
    thresholdsDays: DEFAULT_THRESHOLDS_DAYS,
    now: NOW,
    ...change,
  });

const OTHER = { ...ATTACHED, serial: '99' };

describe('what is served', () => {
  test.each<[string, Handshake, readonly AttachedCertificate[]]>([
    ['what is attached', served(), [ATTACHED]],
    ['one of two attached, as with RSA beside ECDSA', served(), [OTHER, ATTACHED]],
    ['what is attached, as far as a list tells', served(), [{ ...ATTACHED, serial: undefined }]],
    [
      'what is attached, near its end: its own matter',
      served({ notAfter: inDays(2) }),
      [{ ...ATTACHED, notAfter: inDays(2) }],
    ],
    ['the old one, an hour after the renewal', served(), [{ ...OTHER, renewedAt: inDays(0, -3_600_000) }]],
    ['something valid where nothing of AWS’s is', served({ notAfter: inDays(15) }), []],
  ])('Given %s, then it is right', (_, handshake, attached) => {
    expect(judge(handshake, attached)).toMatchObject({ kind: 'right' });
  });

  test.each<[string, Handshake, readonly AttachedCertificate[], object, object]>([
    [
      'an expired one',
      served({ notAfter: inDays(0, -1) }),
      [OTHER],
      { finding: 'expired', daysLeft: -1 },
      { severity: 'critical', thresholdDays: undefined },
    ],
    [
      'an expired authority',
      served({}, { trust: 'expired' }),
      [ATTACHED],
      { finding: 'expired' },
      { severity: 'critical' },
    ],
    [
      'another name',
      served({ names: ['x.example'] }, { namesHost: false, trust: 'untrusted' }),
      [ATTACHED],
      { finding: 'name-mismatch', servedNames: ['x.example'] },
      { severity: 'critical' },
    ],
    [
      'a chain that lacks a link',
      served({}, { trust: 'incomplete-chain' }),
      [ATTACHED],
      { finding: 'incomplete-chain' },
      { severity: 'warning' },
    ],
    [
      'one signed by itself',
      served({}, { trust: 'self-signed' }),
      [],
      { finding: 'untrusted' },
      { severity: 'warning' },
    ],
    [
      'another than is attached',
      served(),
      [OTHER],
      { finding: 'not-the-attached', attached: { name: 'www.example.co.jp', id: ARN } },
      { severity: 'information' },
    ],
    [
      'another, a day after the renewal',
      served(),
      [{ ...OTHER, renewedAt: inDays(-1) }],
      { finding: 'not-the-attached' },
      {},
    ],
    [
      'one of others with 14 days left',
      served({ notAfter: inDays(14) }),
      [],
      { finding: 'expiring', daysLeft: 14 },
      { severity: 'warning', thresholdDays: 14 },
    ],
    [
      'another than is attached, which ends first',
      served({ notAfter: inDays(3) }),
      [OTHER],
      { finding: 'expiring' },
      { severity: 'critical', thresholdDays: 3 },
    ],
  ])('Given %s, then it is wrong and says how', (_, handshake, attached, body, telling) => {
    const judgement = judge(handshake, attached);
    expect(judgement).toMatchObject({
      kind: 'wrong',
      body: { ...body, host: 'www.example.co.jp', port: 443 },
      telling,
    });
    if (judgement.kind === 'wrong') expect(judgement.telling.standing).toBe(judgement.body.finding);
  });

  test('Given the attached one expired, then it is left to the word about the certificate', () => {
    expect(judge(served({ notAfter: inDays(-1) }))).toEqual({ kind: 'told-of-certificate' });
  });

  test('Given no connection, or a handshake without a certificate, then nothing is said of a certificate', () => {
    const handshake: Handshake = { kind: 'could-not-connect', because: 'Refused', detail: 'ECONNREFUSED' };
    expect(judge(handshake)).toMatchObject({
      kind: 'wrong',
      body: {
        finding: 'could-not-connect',
        servedNames: [],
        servedNotAfter: undefined,
        daysLeft: undefined,
        detail: 'ECONNREFUSED',
      },
      telling: { standing: 'could-not-connect', endsAt: undefined, severity: 'information' },
    });
    expect(judge(served({}, { chain: [] }))).toMatchObject({ body: { finding: 'could-not-connect' } });
  });
});
