import { cloudWatchClient } from '../../aws/cloudwatch/client.ts';
import { alarmFleetReader } from '../../aws/cloudwatch/fleet-reader.ts';
import { alarmWriter } from '../../aws/cloudwatch/writer.ts';
import { everyBalancerFleetReader } from '../../aws/every-balancer.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { tableAlarms } from '../../aws/state/alarms.ts';
import { stateIn } from '../../aws/state/dynamo-state.ts';
import type { Table } from '../../aws/state/table.ts';
import { lookAfterAlarms } from '../../stories/offer-alarms/story.ts';
import type { reportingPorts } from '../reporting-ports.ts';

/** The story of alarms over the sweep's own ways to AWS, the table and the queue. */
export const lookAfterAlarmsIn = (reporting: ReturnType<typeof reportingPorts>, table: Table, sweepQueueUrl: string) =>
  lookAfterAlarms({
    ...reporting,
    ...stateIn(table),
    balancingFleet: everyBalancerFleetReader(reporting.stage),
    cloudWatch: { ...alarmFleetReader(cloudWatchClient()), ...alarmWriter(cloudWatchClient()) },
    alarms: tableAlarms(table),
    sweepQueue: sqsWaitingQueue(sqsClient(), sweepQueueUrl),
  });
