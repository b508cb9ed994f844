import type { Change } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import type { FleetPlan, PlannedChange } from '../../domain/fleet-plan.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Pause } from '../../domain/pause.ts';
import { settleLedger } from '../settle-ledger/story.ts';
import { sayingOnce } from '../sweep/say-once.ts';
import { hearingOfChanges, mendFleet } from './mend.ts';
import type { FleetPorts, Progress } from './ports.ts';

/** What became of a plan. */
export type Applied =
  | { readonly kind: 'paused'; readonly pause: Pause }
  | {
      readonly kind: 'applied';
      readonly done: number;
      readonly refused: number;
      /** Changes that were shown and not made: no longer wanted or permitted, or somebody else is at the group. */
      readonly notMade: readonly PlannedChange[];
    };

const removedRules = ({ changes }: FleetPlan): ReadonlySet<string> =>
  new Set(changes.flatMap(({ change }) => (change.kind === 'revoke-rule' ? [change.ruleId] : [])));

/** What was said yes to: who is put into a group and who is taken out of it have one key, and are no less the opposite. */
const shownAs = (change: Change): string => `${change.kind} ${changeKey(change)}`;

/**
 * Does what a plan said, under leases, budgets and the ledger: everything is looked at and decided afresh, and of what is
 * permitted then only what the plan held is done. Reports go to Slack as after a sweep.
 * @param hear hears of each change as it is settled
 * @throws whatever a read or write of AWS failed with; what was done until then is in the ledger
 */
export const applyPlan =
  (ports: FleetPorts) =>
  async (plan: FleetPlan, hear: (entry: LedgerEntry) => void, progress: Progress = () => {}): Promise<Applied> => {
    const pause = await ports.pauses.find();
    if (pause !== undefined) return { kind: 'paused', pause };
    await settleLedger(ports);
    const shown = new Set(plan.changes.map(({ change }) => shownAs(change)));
    const consent = (change: Change): boolean => shown.has(shownAs(change));
    const entries: LedgerEntry[] = [];
    const listening = hearingOfChanges(sayingOnce(ports), (entry) => {
      entries.push(entry);
      hear(entry);
    });
    const { state } = await ports.sweeps.read();
    const removed = removedRules(plan);
    const unneeded = Object.fromEntries(
      Object.entries(state.record.unneeded).filter(([ruleId]) => removed.has(ruleId)),
    );
    await mendFleet(
      { ...listening, consent },
      { runId: plan.runId, startedAt: plan.at, slices: plan.slices, unneeded },
      progress,
    );
    const settled = new Map(entries.map((entry) => [shownAs(entry.change), entry.status]));
    const count = (...statuses: readonly LedgerEntry['status'][]): number =>
      [...settled.values()].filter((status) => statuses.includes(status)).length;
    return {
      kind: 'applied',
      done: count('applied', 'already-there'),
      refused: count('failed', 'abandoned'),
      notMade: plan.changes.filter(({ change }) => !settled.has(shownAs(change))),
    };
  };
