import type { Touched } from '../../domain/recent-change.ts';
import { batchesOf } from '../batches.ts';
import { nextLookKey, TOUCHES_PARTITION, timeToLive, touchToLookAtKey } from './keys.ts';
import type { Item, ItemWrite, Table } from './table.ts';
import { MAXIMUM_WRITES, transactWhereAllowed } from './table.ts';
import type { Touches } from './touches-port.ts';

/** The sweep sees all of it within the hour. */
const KEPT_DAYS = 1;

interface StoredTouch extends Item {
  readonly touched: Touched;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface StoredLook extends Item {
  /** Milliseconds since 1970. */
  readonly due: number;
}

/** What waits to be looked at, in the table: all in one partition, for it is read as a whole. */
export const tableTouches = (table: Table): Touches => ({
  async add(touched, now) {
    const writes = touched.map((one): ItemWrite => {
      const item = { ...touchToLookAtKey(one), touched: one, at: now.getTime(), ttl: timeToLive(now, KEPT_DAYS) };
      return { kind: 'put', item };
    });
    for (const batch of batchesOf(writes, MAXIMUM_WRITES)) await table.transact(batch);
  },
  async list() {
    const items = (await table.query(TOUCHES_PARTITION, '')) as readonly StoredTouch[];
    return items.map(({ touched: { kind, id }, at }) => ({ touched: { kind, id }, at: new Date(at) }));
  },
  async done(touches) {
    const condition = (at: Date) => ({
      expression: '#at = :at',
      names: { '#at': 'at' },
      values: { ':at': at.getTime() },
    });
    await transactWhereAllowed(
      table,
      touches.map(({ touched, at }) => [
        { kind: 'delete', key: touchToLookAtKey(touched), condition: condition(at) } as const,
      ]),
    );
  },
  async findNextLook() {
    const found = (await table.get(nextLookKey())) as StoredLook | undefined;
    return found && new Date(found.due);
  },
  async setNextLook(due) {
    if (due === undefined) await table.transact([{ kind: 'delete', key: nextLookKey() }]);
    else await table.put({ ...nextLookKey(), due: due.getTime(), ttl: timeToLive(due, KEPT_DAYS) });
  },
});
