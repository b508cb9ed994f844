import type { Hold } from '../../domain/holding.ts';

/** What of ours others took away, as it was noticed and told of. Reads are consistent. */
export interface Holds {
  /**
   * Notices that some things are gone. Answers each as it was first noticed: of two that notice at once, one is first. What
   * was put back since and is gone again is noticed anew.
   */
  notice(things: readonly Pick<Hold, 'key' | 'since'>[], now: Date): Promise<readonly Hold[]>;
  /** Those of some keys under which something was noticed and is held still. */
  held(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** They were told of. */
  said(holds: readonly Hold[], said: NonNullable<Hold['said']>): Promise<void>;
  /** What is there again, or taken away once more by who had put it back, is held no longer under what was noticed. */
  end(keys: readonly string[]): Promise<void>;
}
