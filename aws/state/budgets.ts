import { takeRemovals } from '../../domain/removal-budget.ts';
import { budgetKey, timeToLive } from './keys.ts';
import type { Budgets } from './port.ts';
import type { ItemWrite, Table, Versioned } from './table.ts';
import { decideAndWrite, nextVersion, unchangedSince } from './table.ts';

/** An account counts for an hour; afterwards it only lies about. */
const ACCOUNT_DAYS = 2;

interface Account extends Versioned {
  /** Moments of removals in epoch milliseconds. */
  readonly removals: readonly number[];
}

const removalsOf = (account: Account | undefined): readonly Date[] =>
  (account?.removals ?? []).map((moment) => new Date(moment));

/** Each scope once, with the lowest limit asked of it. */
export const lowestLimits = (
  scopes: readonly { readonly scope: string; readonly limit: number }[],
): ReadonlyMap<string, number> => {
  const limits = new Map<string, number>();
  for (const { scope, limit } of scopes) limits.set(scope, Math.min(limit, limits.get(scope) ?? limit));
  return limits;
};

/** Removal budgets in the table: each scope's removals of the last hour, with a version. */
export const tableBudgets = (table: Table): Budgets => ({
  take: (scopes, count, now) =>
    decideAndWrite(table, async () => {
      const accounts = await Promise.all(
        [...lowestLimits(scopes)].map(async ([scope, limit]) => {
          const account = (await table.get(budgetKey(scope))) as Account | undefined;
          return { scope, account, removals: takeRemovals(removalsOf(account), limit, count, now) };
        }),
      );
      const writes = accounts.flatMap(({ scope, account, removals }): readonly ItemWrite[] =>
        removals === undefined
          ? []
          : [
              {
                kind: 'put',
                item: {
                  ...budgetKey(scope),
                  removals: removals.map((at) => at.getTime()),
                  version: nextVersion(account),
                  ttl: timeToLive(now, ACCOUNT_DAYS),
                },
                condition: unchangedSince(account),
              },
            ],
      );
      return writes.length === accounts.length ? { writes, result: true } : { writes: [], result: false };
    }),
});
