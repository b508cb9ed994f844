import type { AlarmBasis, AlarmState } from '../../domain/diagnosis/alarm.ts';

/** An alarm as CloudWatch lists it. */
export interface ListedAlarm {
  readonly name: string;
  readonly arn: string;
  readonly basis: AlarmBasis;
  readonly state: AlarmState;
}

/** Reads of CloudWatch. Throws `AwsCallError`; never answers a failed read with a shorter list. */
export interface AlarmReader {
  /** Alarms of this account and Region by name, composite ones among them; unknown names are absent. */
  readAlarms(names: readonly string[]): Promise<readonly ListedAlarm[]>;
}
