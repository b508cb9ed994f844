import type { RecentChange, Touched } from '../../domain/recent-change.ts';
import { changeRecordKey, changesPartition, timeToLive, touchKey } from './keys.ts';
import type { RecentChanges } from './recent-changes-port.ts';
import type { Item, ItemWrite, Table } from './table.ts';

/** A day is what is promised; time to live tidies up some hours later. */
const KEPT_DAYS = 1;

interface StoredChange extends Item {
  readonly change: Omit<RecentChange, 'at'>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const toChange = (item: Item): RecentChange => {
  const { change, at } = item as StoredChange;
  const { eventId, service, action, by, touched } = change;
  const { name, roleName, account, via } = by;
  return { eventId, at: new Date(at), service, action, by: { name, roleName, account, via }, touched };
};

/** Changes by others, in the table: one item under each thing it touched, and one by its id, once nothing is left to do. */
export const tableRecentChanges = (table: Table): RecentChanges => ({
  async keep(change) {
    const { at, ...rest } = change;
    const stored = { change: rest, at: at.getTime(), ttl: timeToLive(at, KEPT_DAYS) };
    const writes = change.touched.map(
      (touched): ItemWrite => ({ kind: 'put', item: { ...touchKey(touched, at, change.eventId), ...stored } }),
    );
    if (writes.length > 0) await table.transact(writes);
  },
  async finish({ eventId, at }) {
    const item = { ...changeRecordKey(eventId), ttl: timeToLive(at, KEPT_DAYS) };
    const refused = await table.transact([
      { kind: 'put', item, condition: { expression: 'attribute_not_exists(pk)' } },
    ]);
    return refused.length === 0;
  },
  async knows(eventId) {
    return (await table.get(changeRecordKey(eventId))) !== undefined;
  },
  async list(touched: Touched, since) {
    const items = await table.query(changesPartition(touched), '');
    return items.map(toChange).filter(({ at }) => at >= since);
  },
});
