import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { AlarmRecord } from '../../domain/alarms/record.ts';
import { REFUSALS } from '../seat-instances/apply.ts';
import type { AlarmPorts } from './ports.ts';

/**
 * Deletes alarms of ours whose groups are gone, each in the ledger before and after. What AWS refuses stays `removing`, for
 * the next look.
 * @throws {AwsCallError} when AWS can't be reached or is crowded
 */
export const removeAlarms = async (ports: AlarmPorts, records: readonly AlarmRecord[]): Promise<void> => {
  for (const record of records) {
    await ports.alarms.write([{ ...record, standing: 'removing' }]);
    try {
      await ports.cloudWatch.deleteAlarm(record.alarmName);
    } catch (error) {
      if (!(error instanceof AwsCallError) || !REFUSALS.has(error.meaning)) throw error;
      ports.log({ event: 'alarm-not-removed', alarm: record.alarmName, code: error.code });
      continue;
    }
    await ports.alarms.write([{ ...record, standing: 'removed' }]);
    ports.log({ event: 'alarm-removed', alarm: record.alarmName, targetGroupArn: record.targetGroup.id });
  }
};
