import type { AlarmRecord } from '../../domain/alarms/record.ts';

/** The ledger of alarms: what is kept of each group and its alarm. Its writers hold a lease. Reads are consistent. */
export interface AlarmLedger {
  list(): Promise<readonly AlarmRecord[]>;
  /** Replaces what is kept of the group. */
  keep(record: AlarmRecord): Promise<void>;
  /** Nothing is left to know of the group. */
  forget(targetGroupArn: string): Promise<void>;
}
