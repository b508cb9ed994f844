import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Decided, LeasedSeats } from './decide.ts';

/** One look that decided, with what became of what it changed. */
export interface Witnessed {
  readonly leased: LeasedSeats;
  readonly decided: Decided;
  /** Changes as they were settled. */
  readonly entries: readonly LedgerEntry[];
}

/** Whoever keeps account over many looks. */
export interface Witnessing {
  /** Hears of each look, once what it decided is done. */
  readonly witness?: (look: Witnessed) => void;
}
