import type { SweepState } from '../../domain/sweep/progress.ts';
import type { SweepSlice } from '../../domain/sweep/slices.ts';

/** What sweeps keep between their steps, and leave to the next sweep. Reads are consistent. */
export interface Sweeps {
  /** How it stands, with the version to write upon. */
  read(): Promise<{ readonly state: SweepState; readonly version: number }>;
  /** Writes the state if nobody else has since that version was read; `false` when somebody has. */
  write(state: SweepState, version: number): Promise<boolean>;
  /** Keeps a run's slices, for as long as a run can last. */
  storeSlices(runId: string, slices: readonly SweepSlice[], now: Date): Promise<void>;
  findSlice(runId: string, number: number): Promise<SweepSlice | undefined>;
  /** Whether the ledger knows of a registration in the group since then, made or begun; then an hour at most. */
  wasRegisteredSince(targetGroupArn: string, since: Date): Promise<boolean>;
}
