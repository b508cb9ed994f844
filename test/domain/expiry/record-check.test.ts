import { describe, expect, test } from '@jest/globals';
import type { DnsAnswer, RecordCheck } from '../../../domain/expiry/dns-answer.ts';
import type { RecordLook, SeenHostedZone } from '../../../domain/expiry/record-check.ts';
import { checkRecord, relativeName, reportedRecord } from '../../../domain/expiry/record-check.ts';
import { inDays, NOW, RECORD } from './certificates.ts';

const found = (...values: readonly string[]): DnsAnswer => ({ kind: 'found', values });
const RIGHT = found(`${RECORD.value.toUpperCase()}.`);
const WRONG = found('old.acm-validations.aws');
const MISSING: DnsAnswer = { kind: 'missing', nameExists: false };
const SILENT: DnsAnswer = { kind: 'could-not-ask', why: 'TimedOut' };

const NS1 = 'ns1.dns-provider.example';
const NS2 = 'ns2.dns-provider.example';

const zone = (change: Partial<SeenHostedZone> = {}): SeenHostedZone => ({
  zoneId: 'Z1',
  servers: ['ns-1.awsdns-01.org'],
  cname: RECORD,
  ...change,
});

const check = (answers: readonly (readonly [server: string, answer: DnsAnswer])[], change: Partial<RecordLook> = {}) =>
  checkRecord({
    record: RECORD,
    delegation: { zone: 'example.co.jp', servers: [NS1, `${NS2}.`] },
    answers: answers.map(([server, answer]) => ({ server, answer })),
    hostedZones: [],
    checkedAt: NOW,
    ...change,
  });

describe('what servers answer', () => {
  test.each<[string, readonly (readonly [string, DnsAnswer])[], RecordCheck['verdict']]>([
    [
      'all have it, in whatever letters',
      [
        [NS1, RIGHT],
        [NS2, RIGHT],
      ],
      'right',
    ],
    [
      'one has it and the other can’t be asked',
      [
        [NS1, RIGHT],
        [NS2, SILENT],
      ],
      'right',
    ],
    [
      'one has it and the other has not',
      [
        [NS1, RIGHT],
        [NS2, MISSING],
      ],
      'missing',
    ],
    [
      'one has another value',
      [
        [NS1, MISSING],
        [NS2, WRONG],
      ],
      'wrong-value',
    ],
    [
      'the delegated ones have it, and a resolver remembers otherwise',
      [
        ['1.1.1.1', MISSING],
        [NS2, RIGHT],
      ],
      'right',
    ],
    [
      'only a resolver can be asked',
      [
        [NS1, SILENT],
        ['1.1.1.1', MISSING],
      ],
      'missing',
    ],
    ['none can be asked', [[NS1, SILENT]], 'could-not-ask'],
    ['none was asked', [], 'could-not-ask'],
  ])('Given that %s', (_, answers, verdict) => {
    expect(check(answers).verdict).toBe(verdict);
  });

  test('Answers of delegated servers come first, and the one that shows the verdict is told', () => {
    const missing = check([
      ['1.1.1.1', MISSING],
      [NS2, RIGHT],
      [NS1, MISSING],
    ]);
    expect(missing.answers.map(({ server }) => server)).toEqual([NS2, NS1, '1.1.1.1']);
    expect(reportedRecord(RECORD, missing, inDays(-50))).toEqual({
      ...RECORD,
      relativeName: '_3f1c9a7e.www',
      zone: 'example.co.jp',
      verdict: 'missing',
      askedServer: NS1,
      foundValues: [],
      hostedZoneId: undefined,
      lastSeenAt: '2026-10-03T01:00:00.000Z',
    });
    const wrong = reportedRecord(
      RECORD,
      check([
        [NS1, MISSING],
        [NS2, WRONG],
      ]),
      undefined,
    );
    expect([wrong.askedServer, wrong.foundValues]).toEqual([NS2, ['old.acm-validations.aws']]);
  });
});

describe('the account’s own zones', () => {
  test.each<[string, readonly SeenHostedZone[], string, Partial<NonNullable<RecordCheck['hostedZone']>>]>([
    ['holds it, and is not asked', [zone()], 'zone-not-asked', { record: 'right', isDelegated: false }],
    [
      'holds it, and is asked',
      [zone({ servers: [NS1.toUpperCase()] })],
      'missing',
      { record: 'right', isDelegated: true },
    ],
    ['lacks it', [zone({ cname: undefined })], 'missing', { record: 'missing' }],
    ['has another value', [zone({ cname: { ...RECORD, value: 'x' } })], 'missing', { record: 'wrong' }],
    [
      'there are three, and the one that is asked lacks it',
      [zone({ zoneId: 'Z2', cname: undefined }), zone(), zone({ zoneId: 'Z3', servers: [NS2], cname: undefined })],
      'missing',
      { zoneId: 'Z3', isDelegated: true },
    ],
    [
      'there are two that nobody asks',
      [zone({ zoneId: 'Z2', cname: undefined }), zone()],
      'zone-not-asked',
      { zoneId: 'Z1' },
    ],
  ])('Given that it %s', (_, hostedZones, verdict, seen) => {
    const checked = check([[NS1, MISSING]], { hostedZones });
    expect(checked.verdict).toBe(verdict);
    expect(checked.hostedZone).toMatchObject(seen);
  });

  test('Given that it holds it and the domain is delegated to servers that do not answer, then it is the delegation that is wrong', () => {
    const lame = check([[NS1, SILENT]], { hostedZones: [zone()] });
    expect([lame.verdict, reportedRecord(RECORD, lame, undefined).askedServer]).toEqual(['zone-not-asked', undefined]);
    expect(check([[NS1, SILENT]], { hostedZones: [zone({ cname: undefined })] }).verdict).toBe('could-not-ask');
  });

  test('Given that nobody could say whom the domain is delegated to, then a zone is not called unasked', () => {
    const checked = check([['1.1.1.1', MISSING]], { hostedZones: [zone()], delegation: undefined });
    expect([checked.verdict, checked.zone, checked.delegatedServers]).toEqual(['missing', undefined, []]);
  });
});

test.each([
  ['_3f1c.www.example.co.jp', 'example.co.jp', '_3f1c.www'],
  ['_3f1c.www.Example.co.jp.', 'EXAMPLE.co.jp.', '_3f1c.www'],
  ['example.co.jp', 'example.co.jp', '@'],
  ['_3f1c.badexample.co.jp', 'example.co.jp', '_3f1c.badexample.co.jp'],
  ['_3f1c.www.example.co.jp', undefined, '_3f1c.www.example.co.jp'],
  ['_3f1c.www.example.co.jp.', '.', '_3f1c.www.example.co.jp'],
])('Given %s in the zone %s, then it is entered as %s', (name, inZone, relative) => {
  expect(relativeName(name, inZone)).toBe(relative);
});
