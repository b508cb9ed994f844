import { tableBudgets } from './budgets.ts';
import { tableClosings } from './closings.ts';
import type { Closings } from './closings-port.ts';
import { tableHolds } from './holds.ts';
import type { Holds } from './holds-port.ts';
import { tableLeases } from './leases.ts';
import { tableLedger } from './ledger.ts';
import { tablePauses } from './pauses.ts';
import type { Budgets, Leases, Ledger, Pauses, StoredPlans, Watches } from './port.ts';
import { tableRecentChanges } from './recent-changes.ts';
import type { RecentChanges } from './recent-changes-port.ts';
import { tableStoredPlans } from './stored-plans.ts';
import type { Table } from './table.ts';
import { tableWatches } from './watches.ts';

/** What stories keep between runs. */
interface State {
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Budgets;
  readonly pauses: Pauses;
  readonly closings: Closings;
  readonly watches: Watches;
  readonly plans: StoredPlans;
  readonly recentChanges: RecentChanges;
  readonly holds: Holds;
}

/** What stories keep, in the stage's one table. */
export const stateIn = (table: Table): State => ({
  ledger: tableLedger(table),
  leases: tableLeases(table),
  budgets: tableBudgets(table),
  pauses: tablePauses(table),
  closings: tableClosings(table),
  watches: tableWatches(table),
  plans: tableStoredPlans(table),
  recentChanges: tableRecentChanges(table),
  holds: tableHolds(table),
});
