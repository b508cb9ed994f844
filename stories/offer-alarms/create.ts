import { AwsCallError } from '../../aws/aws-call-error.ts';
import { alarmDescription } from '../../domain/alarms/desired.ts';
import type { PlannedAlarm } from '../../domain/alarms/plan.ts';
import type { AlarmRecord } from '../../domain/alarms/record.ts';
import type { AlarmNotMade } from '../../domain/alarms/report.ts';
import { USHER_TAG } from '../../domain/tags.ts';
import { REFUSALS } from '../seat-instances/apply.ts';
import type { AlarmPorts } from './ports.ts';

/**
 * Makes one alarm, in the ledger before and after. Answers what AWS refused, and then leaves the ledger as it was.
 * @throws {AwsCallError} when AWS can't be reached or is crowded: what became of it the next look sees
 */
const create = async (
  ports: AlarmPorts,
  { group, definition, record }: PlannedAlarm,
  before: AlarmRecord | undefined,
): Promise<AlarmNotMade | undefined> => {
  await ports.alarms.write([record]);
  try {
    const tags = { [USHER_TAG.owner]: ports.stage.name };
    await ports.cloudWatch.putAlarm(record.alarmName, alarmDescription(group, ports.stage), definition, tags);
  } catch (error) {
    if (!(error instanceof AwsCallError) || !REFUSALS.has(error.meaning)) throw error;
    await (before === undefined ? ports.alarms.write([], [group.arn]) : ports.alarms.write([before]));
    ports.log({ event: 'alarm-refused', targetGroupArn: group.arn, code: error.code });
    return { targetGroup: record.targetGroup, because: 'RefusedByAws', code: error.code };
  }
  await ports.alarms.write([{ ...record, standing: 'made' }]);
  ports.log({ event: 'alarm-made', targetGroupArn: group.arn, alarm: record.alarmName });
  return undefined;
};

/** Makes the alarms one after the other, and answers those that AWS refused. */
export const createAlarms = async (
  ports: AlarmPorts,
  planned: readonly PlannedAlarm[],
  records: readonly AlarmRecord[],
): Promise<readonly AlarmNotMade[]> => {
  const before = new Map(records.map((record) => [record.targetGroup.id, record]));
  const refused: AlarmNotMade[] = [];
  for (const each of planned) {
    const answer = await create(ports, each, before.get(each.group.arn));
    if (answer !== undefined) refused.push(answer);
  }
  return refused;
};
