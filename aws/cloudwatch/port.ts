import type { AlarmDefinition, StandingAlarm } from '../../domain/alarms/definition.ts';
import type { GatewaySpelling } from '../../domain/alarms/desired.ts';
import type { Alarm } from '../../domain/diagnosis/alarm.ts';
import type { Tags } from '../../domain/tags.ts';

/** Reads of CloudWatch. Throws `AwsCallError`; never answers a failed read with a shorter list. */
export interface AlarmReader {
  /** Alarms of this account and Region by name, composite ones among them, without their tags; unknown names are absent. */
  readAlarms(names: readonly string[]): Promise<readonly Alarm[]>;
}

/** Reads of every alarm there is, for whoever has to be sure that there is none. Throws `AwsCallError`; never a shorter list. */
export interface AlarmFleetReader {
  /** Every metric alarm of the account in this Region. */
  readEveryMetricAlarm(): Promise<readonly StandingAlarm[]>;
  /** How CloudWatch spells the balancers of Gateway groups of which it has data. */
  readGatewaySpelling(): Promise<GatewaySpelling>;
}

/** Writes to CloudWatch. Throws `AwsCallError`. */
export interface AlarmWriter {
  /** Makes an alarm, or makes the one of that name anew; tags count only when it is made. It tells nobody by itself. */
  putAlarm(name: string, description: string, definition: AlarmDefinition, tags: Tags): Promise<void>;
  /** Deletes an alarm; one that is gone is none the less deleted. */
  deleteAlarm(name: string): Promise<void>;
}
