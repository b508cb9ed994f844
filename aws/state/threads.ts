import type { Thread } from '../../domain/thread.ts';
import { threadKey, timeToLive } from './keys.ts';
import type { Threads } from './port.ts';
import type { Item, Table } from './table.ts';

/** A thread is over a day after its last word (domain/thread.ts); afterwards its row only lies about. */
const KEPT_DAYS = 3;

interface StoredThread extends Item, Omit<Thread, 'openUntil'> {
  /** Epoch milliseconds. */
  readonly openUntil: number;
}

/** Threads in the table. One sender at a time for each destination (the FIFO queue's group), so a plain write is enough. */
export const tableThreads = (table: Table): Threads => ({
  async get(destination, matter) {
    const stored = (await table.get(threadKey(destination, matter))) as StoredThread | undefined;
    if (stored === undefined) return undefined;
    const { channel, ts, head, severity, open, openUntil } = stored;
    return { channel, ts, head, severity, open, openUntil: new Date(openUntil) };
  },
  async put(destination, matter, thread, now) {
    await table.put({
      ...threadKey(destination, matter),
      ...thread,
      openUntil: thread.openUntil.getTime(),
      ttl: timeToLive(now, KEPT_DAYS),
    });
  },
});
