import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Announced } from '../../../domain/expiry/announced.ts';
import type { Certificate } from '../../../domain/expiry/certificate.ts';
import { evaluateCertificate } from '../../../domain/expiry/evaluate.ts';
import type { NeedyCertificate } from '../../../domain/expiry/grouping.ts';
import { groupCertificates } from '../../../domain/expiry/grouping.ts';
import type { ReportedRecord } from '../../../domain/expiry/report.ts';
import { certificateSettledReport, certificatesReport, reportedCertificate } from '../../../domain/expiry/reports.ts';
import { aStage } from '../../support/world/builders.ts';
import { ARN, anImportedCertificate, aStuckCertificate, inDays, NOW, RECORD, tellingOf } from './certificates.ts';

const STAGE = aStage({ name: 'prod', region: 'ap-northeast-1' });

const arnOf = (index: number): string => `${ARN.slice(0, -1)}${index}`;

const record = (name: string, verdict: ReportedRecord['verdict'] = 'missing'): ReportedRecord => ({
  ...RECORD,
  name,
  relativeName: name,
  zone: undefined,
  verdict,
  askedServer: undefined,
  foundValues: [],
  hostedZoneId: undefined,
  lastSeenAt: undefined,
});

const needy = (certificate: Certificate, change: Partial<NeedyCertificate> = {}): NeedyCertificate => {
  const standing = evaluateCertificate(certificate, NOW);
  const telling = tellingOf(certificate);
  if (standing.kind === 'fine' || standing.kind === 'renewing-by-itself' || telling === undefined)
    throw new Error('this certificate needs nobody');
  return {
    certificate,
    standing,
    telling,
    uses: [],
    records: [],
    emails: [],
    destination: 'default',
    announced: undefined,
    ...change,
  };
};

const waiting = (index: number, names: readonly string[], days = 14, change: Partial<NeedyCertificate> = {}) =>
  needy(aStuckCertificate({ arn: arnOf(index), notAfter: inDays(days) }), {
    records: names.map((name) => record(name)),
    ...change,
  });

const announced = (matter: string, change: Partial<Announced> = {}): Announced => ({
  thresholdDays: 30,
  standing: 'stuck:DnsRecord||30',
  endsAt: undefined,
  announcedAt: '2026-11-01T00:00:00.000Z',
  matter,
  destination: 'default',
  recordsSeenAt: undefined,
  quietUntil: undefined,
  ...change,
});

const shape = (certificates: readonly NeedyCertificate[]) =>
  groupCertificates(certificates).map(({ matter, destination, members }) => ({
    matter,
    destination,
    arns: members.map(({ certificate }) => certificate.arn),
  }));

describe('certificates that wait together', () => {
  test('Given two that wait for one record, whatever its letters, then they are one matter, what ends first first', () => {
    expect(shape([waiting(1, ['_a.example.jp'], 14), waiting(2, ['_A.example.JP'], 7)])).toEqual([
      { matter: `certificate|${arnOf(2)}`, destination: 'default', arns: [arnOf(2), arnOf(1)] },
    ]);
  });

  test('Given a third that shares a record with each of two, then all three are one', () => {
    expect(shape([waiting(1, ['a']), waiting(2, ['b']), waiting(3, ['a', 'b'])])).toHaveLength(1);
  });

  test.each<[string, readonly NeedyCertificate[]]>([
    ['other records', [waiting(1, ['a']), waiting(2, ['b'])]],
    ['another destination', [waiting(1, ['a']), waiting(2, ['a'], 14, { destination: 'web' })]],
    [
      'a record that one of them has by now',
      [waiting(1, ['a']), waiting(2, [], 14, { records: [record('a', 'right')] })],
    ],
    [
      'something else than a record',
      [
        needy(anImportedCertificate({ arn: arnOf(1), notAfter: inDays(3) })),
        needy(anImportedCertificate({ arn: arnOf(2), notAfter: inDays(3) })),
      ],
    ],
  ])('Given %s, then they are two', (_, certificates) => {
    expect(groupCertificates(certificates)).toHaveLength(2);
  });

  test('Given that some were told of before, then it stays the oldest matter of the destination', () => {
    const groups = shape([
      waiting(1, ['a'], 14, { announced: announced('younger', { announcedAt: '2026-11-02T00:00:00.000Z' }) }),
      waiting(2, ['a'], 20, { announced: announced('elder') }),
      waiting(3, ['a'], 2),
    ]);
    expect(groups).toEqual([{ matter: 'elder', destination: 'default', arns: [arnOf(3), arnOf(1), arnOf(2)] }]);
    const elsewhere = announced('elsewhere', { destination: 'web' });
    expect(shape([waiting(1, ['a'], 14, { announced: elsewhere })])[0]?.matter).toBe(`certificate|${arnOf(1)}`);
  });

  test('Whatever waits for what, every certificate is in exactly one group, and shares no record with another group', () => {
    const any = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 29 }),
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 3 }),
      ),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(any, (described) => {
        const certificates = described.map(([days, names], index) => waiting(index, names, days));
        const groups = groupCertificates(certificates);
        const arns = groups.flatMap(({ members }) => members.map(({ certificate }) => certificate.arn));
        expect(arns.toSorted()).toEqual(certificates.map(({ certificate }) => certificate.arn));
        const names = groups.map(
          ({ members }) => new Set(members.flatMap(({ records }) => records.map(({ name }) => name))),
        );
        expect(names.reduce((sum, { size }) => sum + size, 0)).toBe(
          new Set(described.flatMap(([, each]) => each)).size,
        );
        expect(new Set(groups.map(({ matter }) => matter)).size).toBe(groups.length);
        expect(shape([...certificates].reverse())).toEqual(shape(certificates));
      }),
    );
  });
});

describe('the message about a group', () => {
  const [group] = groupCertificates([waiting(1, ['a'], 14), waiting(2, ['a', 'b'], 2)]);
  if (group === undefined) throw new Error('two certificates are one group');
  const tell = (due: readonly NeedyCertificate[], again?: string) =>
    certificatesReport(
      STAGE,
      group,
      { due, looksAgainEverySeconds: 3600, ...(again === undefined ? {} : { again }) },
      NOW,
    );

  test('It has the worst severity, the nearest threshold that is new, each record once and the first’s days', () => {
    expect(tell(group.members.slice(1))).toMatchObject({
      matter: `certificate|${arnOf(2)}`,
      destination: 'default',
      severity: 'critical',
      at: '2026-11-22T01:00:00.000Z',
      body: {
        kind: 'certificates-need-action',
        certificates: [{ arn: arnOf(2) }, { arn: arnOf(1) }],
        standing: { kind: 'stuck', because: 'DnsRecord', awsReason: 'PENDING_DOMAIN_VALIDATION' },
        daysLeft: 2,
        thresholdDays: 14,
        records: [{ name: 'a' }, { name: 'b' }],
        looksAgainEverySeconds: 3600,
      },
    });
  });

  test('It has one key for the same news, whenever it is found, and another for other news', () => {
    const [first, second] = group.members;
    if (second === undefined) throw new Error('the group has two');
    const { key } = tell([first, second]);
    expect(tell([second, first]).key).toBe(key);
    const keys = [key, tell([first]).key, tell([second]).key, tell([first, second], 'order-1').key];
    const ofAnotherCause = { ...first, telling: { ...first.telling, standing: 'stuck:Caa' } };
    expect(new Set([...keys, tell([ofAnotherCause]).key]).size).toBe(5);
  });

  test('Its ending goes to where it was told', () => {
    const about = announced('m', { destination: 'web' });
    const certificate = reportedCertificate(aStuckCertificate(), []);
    expect(
      certificateSettledReport(STAGE, about, { certificate, how: 'renewed', secondsAfterRecord: undefined }, NOW),
    ).toMatchObject({
      matter: 'm',
      destination: 'web',
      severity: 'information',
      body: { kind: 'certificate-settled', how: 'renewed' },
    });
  });
});

test.each([
  [
    {
      commonName: 'www.example.co.jp',
      names: ['www.example.co.jp', ...Array.from({ length: 99 }, (_, index) => `n${index}.example.co.jp`)],
    },
    'www.example.co.jp',
    99,
  ],
  [{ commonName: 'My Awesome Service', names: ['My Awesome Service'] }, 'My Awesome Service', 0],
  [{ commonName: undefined, names: ['a.example.jp', 'b.example.jp'] }, 'a.example.jp', 1],
  [{ commonName: undefined, names: [] }, '61f50cd4-45b9-4259-b049-d0a53682fa4b', 0],
])('Given the names %j, then it is known by one and the others are counted', (change, name, otherNames) => {
  expect(reportedCertificate(aStuckCertificate(change), [])).toMatchObject({ name, otherNames });
});
