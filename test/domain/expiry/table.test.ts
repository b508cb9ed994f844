import { expect, test } from '@jest/globals';
import { evaluateCertificate } from '../../../domain/expiry/evaluate.ts';
import { judgeRegistration } from '../../../domain/expiry/registration-judgement.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import { expiryTable } from '../../../domain/expiry/table.ts';
import { aCertificate, anImportedCertificate, inDays, NOW } from './certificates.ts';

const USE = { kind: 'alb', name: 'web-alb', id: 'arn', region: 'ap-northeast-1', port: 443 } as const;

const seen = (certificate = aCertificate()) => ({
  certificate,
  standing: evaluateCertificate(certificate, NOW),
  uses: [USE, USE],
});

const domain = (name: string, days: number) => ({
  domain: name,
  judgement: judgeRegistration(
    { domain: name, names: [] },
    {
      kind: 'registered',
      source: 'route53',
      expiresAt: inDays(days),
      registrar: undefined,
      renewsItself: true,
      statuses: [],
    },
    DEFAULT_THRESHOLDS_DAYS,
    NOW,
  ),
});

test('Given certificates and domains, then what ends within 90 days is shown, what ends first first, and the rest is counted', () => {
  const table = expiryTable(
    {
      certificates: [
        seen(anImportedCertificate({ notAfter: inDays(90), commonName: undefined })),
        seen(anImportedCertificate({ notAfter: inDays(91) })),
        seen(aCertificate({ status: 'PENDING_VALIDATION', notAfter: undefined })),
        seen(aCertificate({ notAfter: inDays(40) })),
      ],
      domains: [domain('example.com', 60), domain('late.example', 300), domain('gone.example', -1)],
      unread: ['us-east-1'],
    },
    NOW,
  );
  expect(table).toMatchObject({ days: 90, later: 2, unread: ['us-east-1'] });
  expect(table.rows.map(({ name, daysLeft, standing }) => [name, daysLeft, standing])).toEqual([
    ['gone.example', -1, 'expired'],
    ['www.example.co.jp', 40, 'renewing-by-itself'],
    ['example.com', 60, 'renews-itself'],
    ['61f50cd4-45b9-4259-b049-d0a53682fa4b', 90, 'wont-renew'],
    ['www.example.co.jp', undefined, 'pending-issuance'],
  ]);
  expect(table.rows[1]).toEqual({
    kind: 'certificate',
    name: 'www.example.co.jp',
    endsAt: '2027-01-01T01:00:00.000Z',
    daysLeft: 40,
    standing: 'renewing-by-itself',
    region: 'ap-northeast-1',
    uses: ['web-alb'],
  });
});
