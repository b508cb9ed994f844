import { tableBudgets } from './budgets.ts';
import { stateClient } from './client.ts';
import { tableLeases } from './leases.ts';
import { tableLedger } from './ledger.ts';
import { tablePauses } from './pauses.ts';
import type { Budgets, Leases, Ledger, Pauses, StoredPlans, Watches } from './port.ts';
import { tableStoredPlans } from './stored-plans.ts';
import { stateTable } from './table.ts';
import { tableWatches } from './watches.ts';

/** What stories keep between runs, in the stage's one table. */
export const dynamoState = (
  tableName: string,
): {
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Budgets;
  readonly pauses: Pauses;
  readonly watches: Watches;
  readonly plans: StoredPlans;
} => {
  const table = stateTable(stateClient(), tableName);
  return {
    ledger: tableLedger(table),
    leases: tableLeases(table),
    budgets: tableBudgets(table),
    pauses: tablePauses(table),
    watches: tableWatches(table),
    plans: tableStoredPlans(table),
  };
};
