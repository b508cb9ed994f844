import { UNDO_LIFETIME_SECONDS } from '../../domain/stored-plan.ts';
import { shownChangesKey, timeToLive } from './keys.ts';
import type { ShownChanges } from './port.ts';
import type { Item, Table } from './table.ts';

interface StoredList extends Item {
  /** Milliseconds since 1970. */
  readonly shownAt: number;
  /** A change that can't be undone has an empty one. */
  readonly planIds: readonly string[];
}

/** Lists of changes that people were shown, in the table. */
export const tableShownChanges = (table: Table): ShownChanges => ({
  async show(userId, planIds, now) {
    await table.put({
      ...shownChangesKey(userId),
      shownAt: now.getTime(),
      planIds: planIds.map((planId) => planId ?? ''),
      ttl: timeToLive(now, 2),
    });
  },
  async find(userId, now) {
    const found = (await table.get(shownChangesKey(userId))) as StoredList | undefined;
    if (found === undefined || now.getTime() - found.shownAt > UNDO_LIFETIME_SECONDS * 1000) return undefined;
    return {
      at: new Date(found.shownAt),
      planIds: found.planIds.map((planId) => (planId === '' ? undefined : planId)),
    };
  },
});
