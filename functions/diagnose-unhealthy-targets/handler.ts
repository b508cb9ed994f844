import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { runningRefreshReader } from '../../aws/auto-scaling/refresh-reader.ts';
import { alarmReader } from '../../aws/cloudwatch/reader.ts';
import { ec2Client } from '../../aws/ec2/client.ts';
import { ec2Reader } from '../../aws/ec2/reader.ts';
import { statusReader } from '../../aws/ec2/status-reader.ts';
import {
  everyBalancerFleetReader,
  everyBalancerReader,
  everyBalancerSettingsReader,
} from '../../aws/every-balancer.ts';
import { countingInto } from '../../aws/lambda/counting.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { lambdaSurroundings } from '../../aws/lambda/surroundings.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { stateClient } from '../../aws/state/client.ts';
import { stateIn } from '../../aws/state/dynamo-state.ts';
import { tableIncidents } from '../../aws/state/incidents.ts';
import { stateTable } from '../../aws/state/table.ts';
import { text, trustedAccountsFrom } from '../../domain/settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { takeAlarms } from './take-alarms.ts';

const setting = (name: string): string => text(process.env, name);

const reporting = reportingPorts(process.env);
const { stage } = reporting;
const table = stateTable(stateClient(), setting('USHER_TABLE'));

/** Woken by the queue of alarms: each message is one change of an alarm's state, or one later look. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(
    takeAlarms({
      ...reporting,
      ...stateIn(table),
      incidents: tableIncidents(table),
      ec2: ec2Reader(ec2Client()),
      statuses: statusReader(),
      loadBalancing: everyBalancerReader(),
      settings: everyBalancerSettingsReader(),
      tags: everyBalancerFleetReader(stage),
      alarms: alarmReader(),
      count: countingInto(process.env, lambdaSurroundings.now),
      trustedAccounts: trustedAccountsFrom(process.env),
      runningRefreshes: runningRefreshReader(lambdaSurroundings.now),
      diagnosisQueue: sqsWaitingQueue(sqsClient(), setting('USHER_DIAGNOSIS_QUEUE_URL')),
      deadLetters: sqsDeadLetters(sqsClient(), setting('USHER_DIAGNOSIS_DEAD_LETTER_QUEUE_URL')),
    }),
  );
