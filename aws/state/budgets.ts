import { countAdditions } from '../../domain/addition-budget.ts';
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

interface Count extends Versioned {
  /** First moments in epoch milliseconds, by name. */
  readonly counted: Readonly<Record<string, number>>;
}

const namesCounted = (count: Count | undefined): ReadonlyMap<string, Date> =>
  new Map(Object.entries(count?.counted ?? {}).map(([name, moment]) => [name, new Date(moment)]));

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

/** Budgets in the table: what each scope counts of the last hour, with a version. */
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

  count: (scope, limit, names, now) =>
    decideAndWrite(table, async () => {
      const before = (await table.get(budgetKey(scope))) as Count | undefined;
      const counted = countAdditions(namesCounted(before), limit, names, now);
      if (counted === undefined) return { writes: [], result: false };
      const item = {
        ...budgetKey(scope),
        counted: Object.fromEntries([...counted].map(([name, at]) => [name, at.getTime()])),
        version: nextVersion(before),
        ttl: timeToLive(now, ACCOUNT_DAYS),
      };
      return { writes: [{ kind: 'put', item, condition: unchangedSince(before) }], result: true };
    }),
});
