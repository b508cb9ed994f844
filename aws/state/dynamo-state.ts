import { stateClient } from './client.ts';
import { tableLeases } from './leases.ts';
import { tableLedger } from './ledger.ts';
import type { Leases, Ledger, StoredPlans, Watches } from './port.ts';
import { tableStoredPlans } from './stored-plans.ts';
import { stateTable } from './table.ts';
import { tableWatches } from './watches.ts';

/** What stories keep between runs, in the stage's one table. */
export const dynamoState = (
  tableName: string,
): { readonly ledger: Ledger; readonly leases: Leases; readonly watches: Watches; readonly plans: StoredPlans } => {
  const table = stateTable(stateClient(), tableName);
  return {
    ledger: tableLedger(table),
    leases: tableLeases(table),
    watches: tableWatches(table),
    plans: tableStoredPlans(table),
  };
};
