import type { Alarm } from '../../domain/diagnosis/alarm.ts';

/** Reads of CloudWatch. Throws `AwsCallError`; never answers a failed read with a shorter list. */
export interface AlarmReader {
  /** Alarms of this account and Region by name, composite ones among them, without their tags; unknown names are absent. */
  readAlarms(names: readonly string[]): Promise<readonly Alarm[]>;
}
