import type { RecentChanges } from '../../../aws/state/recent-changes-port.ts';
import type { RecentChange } from '../../../domain/recent-change.ts';

/** Changes by others, in memory. */
export const aMemoryOfChanges = (): RecentChanges => {
  const kept = new Map<string, RecentChange>();
  const finished = new Set<string>();
  return {
    async keep(change) {
      kept.set(change.eventId, change);
    },
    async finish({ eventId }) {
      if (finished.has(eventId)) return false;
      finished.add(eventId);
      return true;
    },
    async knows(eventId) {
      return finished.has(eventId);
    },
    async list({ kind, id }, since) {
      return [...kept.values()]
        .filter(({ at, touched }) => at >= since && touched.some((one) => one.kind === kind && one.id === id))
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },
  };
};
