import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { autoScalingClient } from '../../aws/auto-scaling/client.ts';
import { autoScalingWriter } from '../../aws/auto-scaling/writer.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { stateClient } from '../../aws/state/client.ts';
import { stateTable } from '../../aws/state/table.ts';
import { text } from '../../domain/settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { seatingPorts } from '../seating-ports.ts';
import { takeLaunches } from './take-launches.ts';

const setting = (name: string): string => text(process.env, name);

const seating = seatingPorts(stateTable(stateClient(), setting('USHER_TABLE')));

const ports = {
  ...reportingPorts(process.env),
  ...seating,
  autoScaling: { ...seating.autoScaling, ...autoScalingWriter(autoScalingClient()) },
  launchQueue: sqsWaitingQueue(sqsClient(), setting('USHER_LAUNCH_QUEUE_URL')),
  watchQueue: sqsWaitingQueue(sqsClient(), setting('USHER_WATCH_QUEUE_URL')),
  deadLetters: sqsDeadLetters(sqsClient(), setting('USHER_LAUNCH_DEAD_LETTER_QUEUE_URL')),
};

/** Woken by the launch queue: events of instances, and our own notes to look again. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler((event: SQSEvent, context: Context) =>
    takeLaunches({ ...ports, remainingMilliseconds: () => context.getRemainingTimeInMillis() })(event),
  );
