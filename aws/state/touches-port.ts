import type { Touched } from '../../domain/recent-change.ts';

/** Something that waits to be looked at, because somebody changed it. */
export interface Touch {
  readonly touched: Touched;
  /** When it was last said to have been changed. */
  readonly at: Date;
}

/**
 * What others changed and nobody has looked at yet. Reads are consistent. Nothing gets lost when whoever adds, then asks for
 * the next look, meets whoever forgets that look, then lists.
 */
export interface Touches {
  /** Puts things among those to be looked at; what is there already counts from now. */
  add(touched: readonly Touched[], now: Date): Promise<void>;
  list(): Promise<readonly Touch[]>;
  /** They were looked at. What was changed again since it was listed stays. */
  done(touches: readonly Touch[]): Promise<void>;
  /** When the next look is due; `undefined` when none is on its way. */
  findNextLook(): Promise<Date | undefined>;
  setNextLook(due: Date | undefined): Promise<void>;
}
