import { deliveredKey, timeToLive } from './keys.ts';
import type { DeliveredReports } from './port.ts';
import type { Table } from './table.ts';

/** Longer than any queue could hand a report out again (14 days), with room for a person who sends one back by hand. */
const REMEMBERED_DAYS = 40;

/** Keys of delivered reports in the table. */
export const tableDeliveredReports = (table: Table): DeliveredReports => ({
  async has(destination, key) {
    return (await table.get(deliveredKey(destination, key))) !== undefined;
  },
  async add(destination, key, now) {
    await table.put({
      ...deliveredKey(destination, key),
      deliveredAt: now.toISOString(),
      ttl: timeToLive(now, REMEMBERED_DAYS),
    });
  },
});
