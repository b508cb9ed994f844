import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ec2Client } from '../../aws/ec2/client.ts';
import { companionGroups } from '../../aws/ec2/companion-groups.ts';
import { fleetReader } from '../../aws/ec2/fleet-reader.ts';
import { everyBalancerFleetReader, everyBalancerSecurityGroups } from '../../aws/every-balancer.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { paceBalancing } from '../../aws/paced-balancing.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { stateClient } from '../../aws/state/client.ts';
import { tableDeliveredReports } from '../../aws/state/delivered-reports.ts';
import { tableExpiryMemory } from '../../aws/state/expiry-memory.ts';
import { tableSweeps } from '../../aws/state/sweeps.ts';
import { stateTable } from '../../aws/state/table.ts';
import { tableTouches } from '../../aws/state/touches.ts';
import { text } from '../../domain/settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { seatingPorts } from '../seating-ports.ts';
import { lookAfterAlarmsIn } from './look-after-alarms.ts';
import { takeMessages } from './take-messages.ts';

const setting = (name: string): string => text(process.env, name);

const reporting = reportingPorts(process.env);
const { stage } = reporting;

const table = stateTable(stateClient(), setting('USHER_TABLE'));

/** Design section 9: the sweep leaves the rest of the account's calls to everybody else. */
const BALANCING_CALLS_PER_SECOND = 4;

paceBalancing(BALANCING_CALLS_PER_SECOND);

/** Woken by the sweep's queue: the schedule, the steps of a sweep under way, and what CloudTrail tells that others changed. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(
    takeMessages({
      lookAfterAlarms: lookAfterAlarmsIn(reporting, table, setting('USHER_SWEEP_QUEUE_URL')),
      ...reporting,
      ...seatingPorts(table),
      version: setting('USHER_VERSION'),
      sweeps: tableSweeps(table),
      expiry: tableExpiryMemory(table),
      said: tableDeliveredReports(table),
      touches: tableTouches(table),
      fleet: fleetReader(ec2Client()),
      companions: companionGroups(ec2Client()),
      balancerGroups: everyBalancerSecurityGroups(),
      balancingFleet: everyBalancerFleetReader(stage),
      launchQueue: sqsWaitingQueue(sqsClient(), setting('USHER_LAUNCH_QUEUE_URL')),
      watchQueue: sqsWaitingQueue(sqsClient(), setting('USHER_WATCH_QUEUE_URL')),
      sweepQueue: sqsWaitingQueue(sqsClient(), setting('USHER_SWEEP_QUEUE_URL')),
      deadLetters: sqsDeadLetters(sqsClient(), setting('USHER_SWEEP_DEAD_LETTER_QUEUE_URL')),
    }),
  );
