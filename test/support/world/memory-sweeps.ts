import type { Sweeps } from '../../../aws/state/sweeps-port.ts';
import type { LedgerEntry } from '../../../domain/ledger.ts';
import type { SweepState } from '../../../domain/sweep/progress.ts';
import { NEVER_SWEPT } from '../../../domain/sweep/progress.ts';
import type { SweepSlice } from '../../../domain/sweep/slices.ts';

/** The same as the table keeps (held to by `contracts/sweeps-contract.ts`). */
export interface MemorySweeps extends Sweeps {
  readonly state: () => SweepState;
  readonly version: () => number;
}

export const aMemorySweeps = (entries: ReadonlyMap<string, LedgerEntry>): MemorySweeps => {
  let kept: { state: SweepState; version: number } = { state: NEVER_SWEPT, version: 0 };
  const slices = new Map<string, SweepSlice>();
  return {
    state: () => kept.state,
    version: () => kept.version,
    read: async () => ({ state: structuredClone(kept.state), version: kept.version }),
    write: async (state, version) => {
      if (version !== kept.version) return false;
      kept = { state: structuredClone(state), version: version + 1 };
      return true;
    },
    storeSlices: async (runId, all) => {
      for (const [number, slice] of all.entries()) slices.set(`${runId}|${number}`, structuredClone(slice));
    },
    findSlice: async (runId, number) => slices.get(`${runId}|${number}`),
    wasRegisteredSince: async (targetGroupArn, since) =>
      [...entries.values()].some(
        ({ change, status, intendedAt, targetGroupArn: arn }) =>
          arn === targetGroupArn &&
          change.kind === 'register-target' &&
          (status === 'applied' || status === 'intended') &&
          intendedAt >= since.toISOString(),
      ),
  };
};
