import type { Beginning, OrderProgress } from '../../domain/order-progress.ts';
import { beginOrder, giveBackOrder, MAXIMUM_ANSWERS } from '../../domain/order-progress.ts';
import { answersKey, orderKey, timeToLive } from './keys.ts';
import type { Orders } from './port.ts';
import type { Table, Versioned } from './table.ts';
import { decideAndWrite, nextVersion, unchangedSince } from './table.ts';

/** Longer than any queue could hand an order out again: 4 days, and 14 in the dead-letter queue. */
const REMEMBERED_DAYS = 40;

type StoredOrder = Versioned & OrderProgress;

interface StoredAnswers extends Versioned {
  readonly count: number;
}

/** Orders in the table: one item each for how far it has come, and one for how often it was answered. */
export const tableOrders = (table: Table): Orders => ({
  begin: (orderId, now, lapseSeconds) =>
    decideAndWrite<Beginning>(table, async () => {
      const before = (await table.get(orderKey(orderId))) as StoredOrder | undefined;
      const { beginning, after } = beginOrder(before, now, lapseSeconds);
      if (after === undefined) return { writes: [], result: beginning };
      const item = {
        ...orderKey(orderId),
        ...after,
        version: nextVersion(before),
        ttl: timeToLive(now, REMEMBERED_DAYS),
      };
      return { writes: [{ kind: 'put', item, condition: unchangedSince(before) }], result: beginning };
    }),

  giveBack: (orderId, now) =>
    decideAndWrite<void>(table, async () => {
      const before = (await table.get(orderKey(orderId))) as StoredOrder | undefined;
      const after = giveBackOrder(before, now);
      if (before === undefined || after === undefined) return { writes: [], result: undefined };
      const item = { ...before, ...after, version: nextVersion(before) };
      return { writes: [{ kind: 'put', item, condition: unchangedSince(before) }], result: undefined };
    }),

  async finish(orderId, now) {
    const done: OrderProgress = { status: 'done', lapsesAt: now.getTime() };
    // No run has read version 0, so none that read before this can write after it.
    await table.put({ ...orderKey(orderId), ...done, version: 0, ttl: timeToLive(now, REMEMBERED_DAYS) });
  },

  takeAnswer: (orderId, now) =>
    decideAndWrite(table, async () => {
      const before = (await table.get(answersKey(orderId))) as StoredAnswers | undefined;
      const count = before?.count ?? 0;
      if (count >= MAXIMUM_ANSWERS) return { writes: [], result: false };
      const item = {
        ...answersKey(orderId),
        count: count + 1,
        version: nextVersion(before),
        ttl: timeToLive(now, REMEMBERED_DAYS),
      };
      return { writes: [{ kind: 'put', item, condition: unchangedSince(before) }], result: true };
    }),
});
