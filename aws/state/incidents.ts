import type { Incident } from '../../domain/diagnosis/incident.ts';
import type { DiagnosisSubject } from '../../domain/diagnosis/subject.ts';
import type { Incidents, KeptIncident, OwedTelling } from './incidents-port.ts';
import { incidentKey, timeToLive } from './keys.ts';
import type { Table, Versioned } from './table.ts';
import { nextVersion, unchangedSince } from './table.ts';

/** Longer than any site is let be ill; what is over is kept for its changes' sake. */
const KEPT_DAYS = 60;

/** Milliseconds since 1970 where the domain has moments. */
interface StoredIncident extends Versioned {
  readonly openedAt: number;
  readonly raised: Readonly<Record<string, number>>;
  readonly lastSeen: Readonly<Record<string, number>>;
  readonly endedAt?: number;
  readonly endTold: boolean;
  readonly timesRaised: number;
  readonly toldAt: number;
  readonly alarm: string;
  readonly subject: DiagnosisSubject;
  readonly tags: KeptIncident['tags'];
  readonly gone: readonly string[];
  readonly owed: readonly (Omit<OwedTelling, 'at'> & { readonly at: number })[];
  readonly looks: number;
  readonly wasDown: boolean;
  readonly touched: KeptIncident['touched'];
  readonly changes: KeptIncident['changes'];
  readonly toldEventIds: readonly string[];
}

const toMoments = (stored: Readonly<Record<string, number>>): ReadonlyMap<string, Date> =>
  new Map(Object.entries(stored).map(([name, at]) => [name, new Date(at)]));

const fromMoments = (moments: ReadonlyMap<string, Date>): Readonly<Record<string, number>> =>
  Object.fromEntries([...moments].map(([name, at]) => [name, at.getTime()]));

const toIncident = (stored: StoredIncident): Incident => ({
  openedAt: new Date(stored.openedAt),
  raised: toMoments(stored.raised),
  lastSeen: toMoments(stored.lastSeen),
  endedAt: stored.endedAt === undefined ? undefined : new Date(stored.endedAt),
  endTold: stored.endTold,
  timesRaised: stored.timesRaised,
  toldAt: new Date(stored.toldAt),
  gone: stored.gone,
});

const toKept = (stored: StoredIncident): KeptIncident => ({
  incident: toIncident(stored),
  alarm: stored.alarm,
  // The table keeps no `undefined`.
  subject: {
    kind: stored.subject.kind,
    loadBalancerArn: stored.subject.loadBalancerArn,
    targetGroupArn: stored.subject.targetGroupArn,
    availabilityZone: stored.subject.availabilityZone,
  },
  tags: stored.tags,
  owed: stored.owed.map((owed) => ({ ...owed, at: new Date(owed.at) })),
  looks: stored.looks,
  wasDown: stored.wasDown,
  touched: stored.touched,
  changes: stored.changes.map(({ what, subject, by, via, at, isOurs }) => ({ what, subject, by, via, at, isOurs })),
  toldEventIds: stored.toldEventIds,
});

/** Incidents in the table, each under its subject. */
export const tableIncidents = (table: Table): Incidents => ({
  async read(subject) {
    const stored = (await table.get(incidentKey(subject))) as StoredIncident | undefined;
    return stored && { kept: toKept(stored), version: stored.version };
  },
  async write(subject, kept, version, now) {
    const key = incidentKey(subject);
    const before = version === undefined ? undefined : { ...key, version };
    const { incident, owed, ...told } = kept;
    const item: StoredIncident = {
      ...key,
      ...told,
      openedAt: incident.openedAt.getTime(),
      raised: fromMoments(incident.raised),
      lastSeen: fromMoments(incident.lastSeen),
      ...(incident.endedAt === undefined ? {} : { endedAt: incident.endedAt.getTime() }),
      endTold: incident.endTold,
      timesRaised: incident.timesRaised,
      toldAt: incident.toldAt.getTime(),
      gone: incident.gone,
      owed: owed.map((each) => ({ ...each, at: each.at.getTime() })),
      version: nextVersion(before),
      ttl: timeToLive(now, KEPT_DAYS),
    };
    const refused = await table.transact([{ kind: 'put', item, condition: unchangedSince(before) }]);
    return refused.length === 0;
  },
});
