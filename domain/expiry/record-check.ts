import type { DnsRecord } from './certificate.ts';
import type { DnsAnswer, RecordCheck } from './dns-answer.ts';
import type { ReportedRecord } from './report.ts';

/** A name as it is compared: lower case, without its last dot. */
const plain = (name: string): string => name.trim().replace(/\.$/, '').toLowerCase();

const isSameName = (one: string, other: string): boolean => plain(one) === plain(other);

/**
 * A name relative to its zone, as most DNS providers want it entered: `_3f1c.www` of `_3f1c.www.example.co.jp`; `@` for the
 * zone itself. The whole name where it is not known to be in the zone.
 */
export const relativeName = (name: string, zone: string | undefined): string => {
  const whole = name.trim().replace(/\.$/, '');
  if (zone === undefined || plain(zone) === '') return whole;
  if (isSameName(whole, zone)) return '@';
  const suffix = `.${plain(zone)}`;
  return plain(whole).endsWith(suffix) ? whole.slice(0, -suffix.length) : whole;
};

/** One of the account's Route 53 zones, with the CNAME it holds for the record's name. */
export interface SeenHostedZone {
  readonly zoneId: string;
  readonly servers: readonly string[];
  /** `undefined` when it holds none. */
  readonly cname: DnsRecord | undefined;
}

type Answered = RecordCheck['answers'][number];
type HostedZoneCheck = NonNullable<RecordCheck['hostedZone']>;

/** What was read to see where one validation record stands. */
export interface RecordLook {
  readonly record: DnsRecord;
  readonly delegation: { readonly zone: string; readonly servers: readonly string[] } | undefined;
  /** The delegated servers' answers and others, in any order. */
  readonly answers: readonly Answered[];
  /** The account's zones of that name; there may be several, and only one is asked. */
  readonly hostedZones: readonly SeenHostedZone[];
  readonly checkedAt: Date;
}

const standsIn = (zone: SeenHostedZone, value: string): HostedZoneCheck['record'] => {
  if (zone.cname === undefined) return 'missing';
  return isSameName(zone.cname.value, value) ? 'right' : 'wrong';
};

/** The zone that counts: the one that is asked, else one that holds the record, else the first. */
const hostedZoneOf = ({ record, delegation, hostedZones }: RecordLook): HostedZoneCheck | undefined => {
  const asked = new Set((delegation?.servers ?? []).map(plain));
  const seen = hostedZones.map(
    (zone): HostedZoneCheck => ({
      zoneId: zone.zoneId,
      servers: zone.servers,
      record: standsIn(zone, record.value),
      isDelegated: zone.servers.some((server) => asked.has(plain(server))),
    }),
  );
  return seen.find(({ isDelegated }) => isDelegated) ?? seen.find((zone) => zone.record === 'right') ?? seen[0];
};

const isRight = (answer: DnsAnswer, value: string): boolean =>
  answer.kind === 'found' && answer.values.some((found) => isSameName(found, value));

/** Delegated servers first; each group in the order it was asked. */
const ranked = (answers: readonly Answered[], delegated: ReadonlySet<string>): readonly Answered[] => [
  ...answers.filter(({ server }) => delegated.has(plain(server))),
  ...answers.filter(({ server }) => !delegated.has(plain(server))),
];

/** Answers that decide: of the delegated servers as far as they could be asked, else of whoever answered. */
const decisive = (answers: readonly Answered[], delegated: ReadonlySet<string>): readonly Answered[] => {
  const given = answers.filter(({ answer }) => answer.kind !== 'could-not-ask');
  const authoritative = given.filter(({ server }) => delegated.has(plain(server)));
  return authoritative.length > 0 ? authoritative : given;
};

/** Where a record stands: AWS may ask any of the servers, so it is right when none of them says otherwise. */
export const checkRecord = (look: RecordLook): RecordCheck => {
  const { record, delegation, checkedAt } = look;
  const delegated = new Set((delegation?.servers ?? []).map(plain));
  const counted = decisive(look.answers, delegated);
  const hostedZone = hostedZoneOf(look);
  const differing = counted.filter(({ answer }) => !isRight(answer, record.value));
  const verdict = (): RecordCheck['verdict'] => {
    // Also when the servers it is delegated to don't answer: servers that are not asked can't be the ones to wait for.
    const isElsewhere = hostedZone?.record === 'right' && !hostedZone.isDelegated && delegated.size > 0;
    if (counted.length === 0) return isElsewhere ? 'zone-not-asked' : 'could-not-ask';
    if (differing.length === 0) return 'right';
    if (isElsewhere) return 'zone-not-asked';
    return differing.some(({ answer }) => answer.kind === 'found') ? 'wrong-value' : 'missing';
  };
  return {
    zone: delegation?.zone,
    delegatedServers: delegation?.servers ?? [],
    answers: ranked(look.answers, delegated),
    hostedZone,
    verdict: verdict(),
    checkedAt,
  };
};

/** The answer that shows the verdict best: for a wrong value one that has it, for the rest the first that is not right. */
const telling = ({ answers, verdict }: RecordCheck, value: string): Answered | undefined => {
  const given = answers.filter(({ answer }) => answer.kind !== 'could-not-ask');
  const differing = given.filter(({ answer }) => !isRight(answer, value));
  if (verdict === 'right') return given[0];
  if (verdict === 'could-not-ask') return answers[0];
  return (
    (verdict === 'wrong-value' ? differing.find(({ answer }) => answer.kind === 'found') : undefined) ?? differing[0]
  );
};

/** A record for a report; without a server where none answered. @param lastSeenAt when an earlier look saw it in place */
export const reportedRecord = (record: DnsRecord, check: RecordCheck, lastSeenAt: Date | undefined): ReportedRecord => {
  const shown = telling(check, record.value);
  return {
    ...record,
    relativeName: relativeName(record.name, check.zone),
    zone: check.zone,
    verdict: check.verdict,
    askedServer: shown?.server,
    foundValues: shown?.answer.kind === 'found' && !isRight(shown.answer, record.value) ? shown.answer.values : [],
    hostedZoneId: check.hostedZone?.zoneId,
    lastSeenAt: lastSeenAt?.toISOString(),
  };
};
