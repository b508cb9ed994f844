import type { Holds } from '../../../aws/state/holds-port.ts';
import type { Hold } from '../../../domain/holding.ts';

/** Holds in memory. */
export const aMemoryOfHolds = (): Holds => {
  const kept = new Map<string, Hold>();
  return {
    async notice(things, now) {
      for (const { key, since } of things)
        if (kept.get(key)?.since !== since) kept.set(key, { key, since, noticedAt: now, said: undefined });
      return things.flatMap(({ key }) => kept.get(key) ?? []);
    },
    held: async (keys) => new Set(keys.filter((key) => kept.has(key))),
    async said(holds, said) {
      for (const hold of holds) kept.set(hold.key, { ...hold, said });
    },
    async end(keys) {
      for (const key of keys) kept.delete(key);
    },
  };
};
