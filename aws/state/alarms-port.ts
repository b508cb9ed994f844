import type { AlarmRecord } from '../../domain/alarms/record.ts';

/** The ledger of alarms: what is kept of each group and its alarm. Its writers hold a lease. Reads are consistent. */
export interface AlarmLedger {
  list(): Promise<readonly AlarmRecord[]>;
  /**
   * Replaces what is kept of some groups, and drops what is kept of others: all at once, up to a hundred of both.
   * @param forget ARNs of the groups of which nothing is left to know
   */
  write(keep: readonly AlarmRecord[], forget?: readonly string[]): Promise<void>;
}
