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

/** Changes by others, in the table: one item by its id, so that it is noted once, and one under each thing it touched. */
export const tableRecentChanges = (table: Table): RecentChanges => ({
  async note(change) {
    const { at, ...rest } = change;
    const stored = { change: rest, at: at.getTime(), ttl: timeToLive(at, KEPT_DAYS) };
    const writes = change.touched.map(
      (touched): ItemWrite => ({ kind: 'put', item: { ...touchKey(touched, at, change.eventId), ...stored } }),
    );
    const refused = await table.transact([
      {
        kind: 'put',
        item: { ...changeRecordKey(change.eventId), ttl: stored.ttl },
        condition: { expression: 'attribute_not_exists(pk)' },
      },
      ...writes,
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
