import { quietKey, timeToLive } from './keys.ts';
import type { QuietMatters } from './port.ts';
import type { Item, Table } from './table.ts';

/** It has no effect after its end; then it only lies about. */
const AFTER_ITS_END_DAYS = 1;

interface StoredQuiet extends Item {
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Matters that somebody silenced, in the table. */
export const tableQuietMatters = (table: Table): QuietMatters => ({
  async silence(matter, until, by) {
    await table.put({ ...quietKey(matter), until: until.getTime(), by, ttl: timeToLive(until, AFTER_ITS_END_DAYS) });
  },
  async isQuiet(matter, now) {
    const quiet = (await table.get(quietKey(matter))) as StoredQuiet | undefined;
    return quiet !== undefined && quiet.until > now.getTime();
  },
});
