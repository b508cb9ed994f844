import { describe, expect, test } from '@jest/globals';
import type { Announced } from '../../../domain/expiry/announced.ts';
import { judgeRegistration } from '../../../domain/expiry/registration-judgement.ts';
import type { ExpiryReportBody } from '../../../domain/expiry/report.ts';
import {
  certificateSettledReport,
  certificatesReport,
  domainReport,
  domainSettledReport,
  recordsMissingReport,
  reportedCertificate,
  servedRightReport,
  servedWrongReport,
} from '../../../domain/expiry/reports.ts';
import { judgeServed } from '../../../domain/expiry/served-judgement.ts';
import { quietMatterOf } from '../../../domain/quiet.ts';
import type { Report } from '../../../domain/report.ts';
import type { Thread } from '../../../domain/thread.ts';
import { placeReport, threadFrom } from '../../../domain/thread.ts';
import { MalformedReportError, parseReport } from '../../../functions/post-to-slack/parse-report.ts';
import { aStage } from '../../support/world/builders.ts';
import { ARN, anImportedCertificate, inDays, NOW, tellingOf } from './certificates.ts';

const STAGE = aStage({ name: 'prod', region: 'ap-northeast-1' });

const importedReport = (days: number): Report => {
  const certificate = anImportedCertificate({ notAfter: inDays(days) });
  const telling = tellingOf(certificate);
  if (telling === undefined) throw new Error('it is to be told');
  const member = {
    certificate,
    standing: { kind: 'wont-renew', because: 'Imported' },
    telling,
    uses: [{ kind: 'alb', name: 'web-alb', id: 'arn', region: 'ap-northeast-1', port: undefined }],
    records: [],
    emails: [],
    destination: 'default',
    announced: undefined,
  } as const;
  const group = { matter: `certificate|${ARN}`, destination: 'default', members: [member] } as const;
  return certificatesReport(STAGE, group, { due: [member], looksAgainEverySeconds: undefined }, NOW);
};

const announced = (matter: string): Announced => ({
  thresholdDays: 14,
  standing: 'x||14',
  endsAt: undefined,
  announcedAt: NOW.toISOString(),
  matter,
  destination: 'default',
  recordsSeenAt: undefined,
  quietUntil: undefined,
});

const certificate = reportedCertificate(anImportedCertificate(), []);
const SETTLED = certificateSettledReport(
  STAGE,
  announced(`certificate|${ARN}`),
  { certificate, how: 're-imported', secondsAfterRecord: undefined },
  NOW,
);

const ENDPOINT = { host: 'www.example.co.jp', port: 443 };
const served = judgeServed({
  endpoint: { ...ENDPOINT, connectTo: undefined, certificateArn: undefined, foundAs: 'configured' },
  handshake: { kind: 'could-not-connect', because: 'Refused', detail: 'refused' },
  attached: [],
  thresholdsDays: [14],
  now: NOW,
});
if (served.kind !== 'wrong') throw new Error('an endpoint that refuses is wrong');
const SERVED_WRONG = servedWrongReport(STAGE, 'default', served, NOW);
const SERVED_RIGHT = servedRightReport(
  STAGE,
  announced('endpoint|www.example.co.jp:443'),
  { ...ENDPOINT, notAfter: inDays(90) },
  NOW,
);

const domainSaid = (days: number, kind: 'registered' | 'cannot-know' = 'registered'): Report => {
  const { needs } = judgeRegistration(
    { domain: 'example.com', names: ['www.example.com'] },
    kind === 'cannot-know'
      ? { kind, why: 'NoSource' }
      : { kind, source: 'rdap', expiresAt: inDays(days), registrar: undefined, renewsItself: undefined, statuses: [] },
    [45, 14, 3],
    NOW,
  );
  if (needs === undefined) throw new Error('it is to be told');
  return domainReport(STAGE, 'default', needs, NOW);
};
const DOMAIN_SETTLED = domainSettledReport(
  STAGE,
  announced('domain|example.com'),
  { domain: 'example.com', expiresAt: inDays(379) },
  NOW,
);

const MISSING = recordsMissingReport(
  STAGE,
  'default',
  { certificates: [certificate], records: [], neededBy: inDays(90) },
  NOW,
);

const ALL = [importedReport(14), SETTLED, MISSING, SERVED_WRONG, SERVED_RIGHT, domainSaid(14), DOMAIN_SETTLED] as const;

/** A new kind of report does not compile without one of its kind here. */
const KINDS: Readonly<Record<ExpiryReportBody['kind'], true>> = {
  'certificates-need-action': true,
  'certificate-settled': true,
  'validation-records-missing': true,
  'served-certificate-wrong': true,
  'served-certificate-right': true,
  'domain-needs-action': true,
  'domain-settled': true,
};

test('Every kind of report comes through the queue as it went in', () => {
  expect(ALL.map(({ body }) => body.kind)).toEqual(Object.keys(KINDS));
  for (const report of ALL) {
    const body = JSON.stringify(report);
    expect(parseReport(body)).toEqual(JSON.parse(body));
  }
});

test('Given a report about no certificate, then it is refused', () => {
  const { body, ...rest } = importedReport(14);
  expect(() => parseReport(JSON.stringify({ ...rest, body: { ...body, certificates: [] } }))).toThrow(
    MalformedReportError,
  );
});

test('Records that are missing are told anew each month, and once in each', () => {
  const at = (now: string) =>
    recordsMissingReport(STAGE, 'default', { certificates: [], records: [], neededBy: undefined }, new Date(now)).key;
  expect(at('2026-11-30T23:59:59Z')).toBe(at('2026-11-01T00:00:00Z'));
  expect(at('2026-12-01T00:00:00Z')).not.toBe(at('2026-11-30T23:59:59Z'));
});

describe('threads', () => {
  const begun = (report: Report, now = NOW): Thread => {
    const placement = placeReport(report, undefined, now);
    if (placement.kind !== 'head') throw new Error('it begins no thread');
    return threadFrom(report, placement.open, { channel: 'C1', ts: '1', head: '{}' }, now);
  };

  test.each([
    ['a certificate', importedReport(30), importedReport(14), SETTLED],
    ['an endpoint', SERVED_WRONG, SERVED_WRONG, SERVED_RIGHT],
    ['a domain', domainSaid(45), domainSaid(14), DOMAIN_SETTLED],
  ])(
    'Given %s, then weeks later it goes on below its first message, seen in the channel, until its ending',
    (_, first, next, ending) => {
      const thread = begun(first);
      expect(ending.matter).toBe(first.matter);
      expect(placeReport(next, thread, inDays(99))).toMatchObject({
        kind: 'reply',
        isShownInChannel: true,
        isEnding: false,
      });
      expect(placeReport(ending, thread, inDays(99))).toMatchObject({
        kind: 'reply',
        isShownInChannel: true,
        isEnding: true,
      });
      expect(placeReport(next, thread, inDays(100))).toMatchObject({ kind: 'head' });
      expect(placeReport(ending, undefined, NOW)).toEqual({ kind: 'alone' });
    },
  );

  test('Given what is said once, or long before it matters, then it stands alone', () => {
    expect(placeReport(domainSaid(0, 'cannot-know'), undefined, NOW)).toEqual({ kind: 'alone' });
    expect(placeReport(MISSING, undefined, NOW)).toEqual({ kind: 'alone' });
  });
});

describe('what may be snoozed', () => {
  test('Given what is not critical, then it may be, by its matter and cause', () => {
    expect(quietMatterOf(importedReport(14))).toBe(`certificate|${ARN}|certificates-need-action|wont-renew:Imported`);
    expect(quietMatterOf(importedReport(30))).toBe(quietMatterOf(importedReport(14)));
    expect(quietMatterOf(domainSaid(14))).toBe('domain|example.com|domain-needs-action|expiring');
    expect(quietMatterOf(SERVED_WRONG)).toBe(
      'endpoint|www.example.co.jp:443|served-certificate-wrong|could-not-connect',
    );
    expect(quietMatterOf(MISSING)).toBe('validation-records|default|validation-records-missing');
  });

  test('Given the last three days, or an ending, then it is said all the same', () => {
    for (const report of [importedReport(3), domainSaid(3), SETTLED, SERVED_RIGHT, DOMAIN_SETTLED])
      expect(quietMatterOf(report)).toBeUndefined();
  });
});
