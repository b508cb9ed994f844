import type { DnsRecord } from '../../domain/expiry/certificate.ts';
import type { SeenHostedZone } from '../../domain/expiry/record-check.ts';
import { checkRecord, reportedRecord } from '../../domain/expiry/record-check.ts';
import type { ReportedRecord } from '../../domain/expiry/report.ts';
import type { Patience } from './patience.ts';
import { refusal, sideBySide } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';

/** AWS may ask any server of a zone; two of them are enough to see one that lags behind. */
const SERVERS_ASKED = 2;

/** A certificate of a hundred names may wait for as many records; no message could show them. */
const RECORDS_ASKED = 20;

const RECORDS_AT_ONCE = 4;

/** What public DNS calls itself where no server is named. */
const RESOLVER = 'resolver';

type LookingPorts = Pick<ExpiryPorts, 'dns' | 'hostedZones' | 'memory' | 'now' | 'log'>;

/** Whether the account hosts the zone is a kindness to the reader, and no reason to say nothing. */
const readHostedZones = async (
  ports: LookingPorts,
  zone: string,
  record: DnsRecord,
): Promise<readonly SeenHostedZone[]> => {
  try {
    const zones = await ports.hostedZones.readHostedZones(zone);
    return await sideBySide(zones, RECORDS_AT_ONCE, async ({ zoneId, servers }) => ({
      zoneId,
      servers,
      cname: await ports.hostedZones.readCname(zoneId, record.name),
    }));
  } catch (error) {
    const { service, action, code } = refusal(error);
    ports.log({ event: 'unread', service, action, code });
    return [];
  }
};

/** A record of which it was not asked yet where it stands. */
export const unasked = (record: DnsRecord): ReportedRecord => ({
  ...record,
  relativeName: record.name,
  zone: undefined,
  verdict: 'could-not-ask',
  askedServer: undefined,
  foundValues: [],
  hostedZoneId: undefined,
  lastSeenAt: undefined,
});

const lookAt = async (ports: LookingPorts, record: DnsRecord): Promise<ReportedRecord> => {
  const delegation = await ports.dns.findDelegation(record.name);
  const servers = (delegation?.servers ?? []).slice(0, SERVERS_ASKED);
  const answers = await Promise.all([
    ...servers.map(async (server) => ({ server, answer: await ports.dns.askCname(record.name, server) })),
    (async () => ({ server: RESOLVER, answer: await ports.dns.askCname(record.name) }))(),
  ]);
  const hostedZones = delegation === undefined ? [] : await readHostedZones(ports, delegation.zone, record);
  const lastSeenAt = await ports.memory.recordSeenAt(record.name);
  const check = checkRecord({ record, delegation, answers, hostedZones, checkedAt: ports.now() });
  if (check.verdict === 'right') await ports.memory.sawRecord(record.name, check.checkedAt);
  return reportedRecord(record, check, lastSeenAt);
};

/** Where validation records stand in public DNS now; each is asked for once a run, however many certificates wait for it. */
export interface RecordLooks {
  look(records: readonly DnsRecord[]): Promise<readonly ReportedRecord[]>;
}

export const recordLooks = (ports: LookingPorts, patience: Patience): RecordLooks => {
  const looks = new Map<string, Promise<ReportedRecord>>();
  return {
    look: (records) =>
      sideBySide(records.slice(0, RECORDS_ASKED), RECORDS_AT_ONCE, (record) => {
        const key = `${record.name} ${record.value}`.toLowerCase();
        const known = looks.get(key);
        if (known !== undefined) return known;
        if (patience.isOver()) return Promise.resolve(unasked(record));
        const look = lookAt(ports, record);
        looks.set(key, look);
        return look;
      }),
  };
};
