import type { RecentChanges } from '../../../aws/state/recent-changes-port.ts';
import type { RecentChange } from '../../../domain/recent-change.ts';

/** Changes by others, in memory. */
export const aMemoryOfChanges = (): RecentChanges => {
  const noted = new Map<string, RecentChange>();
  return {
    async note(change) {
      if (noted.has(change.eventId)) return false;
      noted.set(change.eventId, change);
      return true;
    },
    async knows(eventId) {
      return noted.has(eventId);
    },
    async list({ kind, id }, since) {
      return [...noted.values()]
        .filter(({ at, touched }) => at >= since && touched.some((one) => one.kind === kind && one.id === id))
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },
  };
};
