import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ec2Client } from '../../aws/ec2/client.ts';
import { ec2Reader } from '../../aws/ec2/reader.ts';
import { everyBalancerFleetReader, everyBalancerReader } from '../../aws/every-balancer.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { stateClient } from '../../aws/state/client.ts';
import { stateIn } from '../../aws/state/dynamo-state.ts';
import { stateTable } from '../../aws/state/table.ts';
import { text } from '../../domain/settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { takeLooks } from './take-looks.ts';

const reporting = reportingPorts(process.env);
const setting = (name: string): string => text(process.env, name);

/** Woken by the watch queue: each message is one look at a target group's new targets. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(
    takeLooks({
      ...reporting,
      ...stateIn(stateTable(stateClient(), setting('USHER_TABLE'))),
      ec2: ec2Reader(ec2Client()),
      loadBalancing: everyBalancerReader(),
      tags: everyBalancerFleetReader(reporting.stage),
      // Loaded when an AMI differs, which is seldom.
      refreshes: {
        isRefreshing: async (name) =>
          (await import('../../aws/auto-scaling/refresh-reader.ts')).instanceRefreshReader().isRefreshing(name),
      },
      watchQueue: sqsWaitingQueue(sqsClient(), setting('USHER_WATCH_QUEUE_URL')),
      deadLetters: sqsDeadLetters(sqsClient(), setting('USHER_WATCH_DEAD_LETTER_QUEUE_URL')),
    }),
  );
