import { tableDeliveredReports } from '../../../aws/state/delivered-reports.ts';
import { stateIn } from '../../../aws/state/dynamo-state.ts';
import { NO_TABLE, rehearsedTable } from '../../../aws/state/rehearsed-table.ts';
import { tableSweeps } from '../../../aws/state/sweeps.ts';
import type { Table } from '../../../aws/state/table.ts';
import { changeKey } from '../../../domain/change.ts';
import type { FleetPlan } from '../../../domain/fleet-plan.ts';
import type { LedgerEntry } from '../../../domain/ledger.ts';
import { applyPlan } from '../../../stories/mend-fleet/apply.ts';
import { planFleet } from '../../../stories/mend-fleet/plan.ts';
import type { FleetPorts } from '../../../stories/mend-fleet/ports.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aSweptWorld } from '../sweep/sweeping.ts';

/** Where targets, rules, and whatever was written to the table stand. */
const stateOf = (table: Table) => ({
  ...stateIn(table),
  sweeps: tableSweeps(table),
  said: tableDeliveredReports(table),
});

/** A world seen from a terminal. Its table is a rehearsed one over nothing: for one process at a time that is a table. */
export const aFleet = (parts: WorldParts = {}) => {
  const swept = aSweptWorld(parts);
  const writes: string[] = [];
  const memory = rehearsedTable(NO_TABLE);
  const table: Table = {
    ...memory,
    put: (item) => {
      writes.push(`put ${item.pk}`);
      return memory.put(item);
    },
    transact: (items) => {
      writes.push(`transact ${items.length}`);
      return memory.transact(items);
    },
  };
  const ports = (of: Table): FleetPorts => ({ ...swept.ports(), ...stateOf(of) });
  return {
    world: swept.world,
    state: stateOf(table),
    /** Writes to the table, in order. */
    writes: writes as readonly string[],
    planPorts: () => ports(rehearsedTable(table)),
    applyPorts: () => ports(table),
    plan: (): Promise<FleetPlan> => planFleet(ports(rehearsedTable(table)))(),
    apply: async (plan: FleetPlan) => {
      const entries: LedgerEntry[] = [];
      const applied = await applyPlan(ports(table))(plan, (entry) => entries.push(entry));
      return { applied, entries };
    },
  };
};

export const keysOf = ({ changes }: Pick<FleetPlan, 'changes'>): readonly string[] =>
  changes.map(({ change }) => `${change.kind} ${changeKey(change)}`).sort();

export const keysOfEntries = (entries: Iterable<LedgerEntry>): readonly string[] =>
  [...entries]
    .filter(({ status }) => status === 'applied')
    .map(({ change }) => `${change.kind} ${changeKey(change)}`)
    .sort();
