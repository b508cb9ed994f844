import type { Registration } from '../../domain/expiry/registration.ts';
import type { Announced, ExpiryMemory } from './expiry-port.ts';
import { ANNOUNCED_PARTITION, announcedKey, recordSeenKey, registrationKey, timeToLive } from './keys.ts';
import type { Item, Table } from './table.ts';

/** Longer than a certificate lives (facts 5.2), so that its renewal can be told when its record was last in place. */
const SEEN_RECORD_DAYS = 400;
/** Read anew once a day; an old one only says what was known while nobody answers. */
const REGISTRATION_DAYS = 90;

/** What is `undefined` is not in an item, so it is put back. */
const toAnnounced = (item: Item): Announced => {
  const announced = item as Item & Announced;
  const { thresholdDays, standing, endsAt, announcedAt, matter, destination, recordsSeenAt, quietUntil, name } =
    announced;
  const known = { thresholdDays, standing, endsAt, announcedAt, matter, destination, recordsSeenAt, quietUntil };
  return name === undefined ? known : { ...known, name };
};

interface StoredRecord extends Item {
  /** Milliseconds since 1970. */
  readonly seenAt: number;
}

interface StoredRegistration extends Item {
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** As it is, but for its date: milliseconds since 1970. */
  readonly registration: Readonly<Record<string, unknown>>;
}

const storedRegistration = (registration: Registration): StoredRegistration['registration'] =>
  registration.kind === 'registered' ? { ...registration, expiresAt: registration.expiresAt.getTime() } : registration;

const toRegistration = (stored: StoredRegistration['registration']): Registration => {
  if (stored['kind'] !== 'registered') return stored as Registration;
  const { source, registrar, renewsItself, statuses, expiresAt } = stored as Extract<
    Registration,
    { readonly kind: 'registered' }
  >;
  return {
    kind: 'registered',
    source,
    expiresAt: new Date(Number(expiresAt)),
    registrar,
    renewsItself,
    statuses,
  };
};

/** What the watch over certificates and domains remembers, in the table. Its writers hold a lease: plain writes are enough. */
export const tableExpiryMemory = (table: Table): ExpiryMemory => ({
  async announced(subject) {
    const item = await table.get(announcedKey(subject));
    return item && toAnnounced(item);
  },
  async listAnnounced() {
    const items = await table.query(ANNOUNCED_PARTITION, '');
    return items.map((item) => ({ subject: item.sk, ...toAnnounced(item) }));
  },
  async announce(subject, announced) {
    await table.put({ ...announcedKey(subject), ...announced });
  },
  async forget(subject) {
    await table.transact([{ kind: 'delete', key: announcedKey(subject) }]);
  },
  async recordSeenAt(recordName) {
    const stored = (await table.get(recordSeenKey(recordName))) as StoredRecord | undefined;
    return stored && new Date(stored.seenAt);
  },
  async sawRecord(recordName, at) {
    await table.put({ ...recordSeenKey(recordName), seenAt: at.getTime(), ttl: timeToLive(at, SEEN_RECORD_DAYS) });
  },
  async registration(domain) {
    const stored = (await table.get(registrationKey(domain))) as StoredRegistration | undefined;
    return stored && { registration: toRegistration(stored.registration), readAt: new Date(stored.readAt) };
  },
  async keepRegistration(domain, registration, readAt) {
    await table.put({
      ...registrationKey(domain),
      registration: storedRegistration(registration),
      readAt: readAt.getTime(),
      ttl: timeToLive(readAt, REGISTRATION_DAYS),
    });
  },
});
