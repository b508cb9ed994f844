import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { autoScalingClient } from '../../aws/auto-scaling/client.ts';
import { autoScalingReader } from '../../aws/auto-scaling/reader.ts';
import { autoScalingWriter } from '../../aws/auto-scaling/writer.ts';
import { ec2Client } from '../../aws/ec2/client.ts';
import { ec2Reader } from '../../aws/ec2/reader.ts';
import { ec2Writer } from '../../aws/ec2/writer.ts';
import { everyBalancerReader, everyBalancerWriter } from '../../aws/every-balancer.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { dynamoState } from '../../aws/state/dynamo-state.ts';
import { taggingClient } from '../../aws/tagging/client.ts';
import { taggingReader } from '../../aws/tagging/reader.ts';
import { text } from '../../domain/settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { takeLaunches } from './take-launches.ts';

const setting = (name: string): string => text(process.env, name);

const state = dynamoState(setting('USHER_TABLE'));

const ports = {
  ...reportingPorts(process.env),
  ...state,
  ec2: { ...ec2Reader(ec2Client()), ...ec2Writer(ec2Client()) },
  loadBalancing: { ...everyBalancerReader(), ...everyBalancerWriter() },
  tagging: taggingReader(taggingClient()),
  autoScaling: { ...autoScalingReader(autoScalingClient()), ...autoScalingWriter(autoScalingClient()) },
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
