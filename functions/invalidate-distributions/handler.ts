import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { cloudFrontClient } from '../../aws/cloudfront/client.ts';
import { cloudFrontReader } from '../../aws/cloudfront/reader.ts';
import { cloudFrontWriter } from '../../aws/cloudfront/writer.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { lambdaSurroundings } from '../../aws/lambda/surroundings.ts';
import { eventBusPublisher } from '../../aws/queues/bus-publisher.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { eventBridgeClient } from '../../aws/queues/event-bridge-client.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { stateClient } from '../../aws/state/client.ts';
import { tableInvalidations } from '../../aws/state/invalidations.ts';
import { tableLeases } from '../../aws/state/leases.ts';
import { tableOrders } from '../../aws/state/orders.ts';
import { tablePauses } from '../../aws/state/pauses.ts';
import { tableStoredPlans } from '../../aws/state/stored-plans.ts';
import { stateTable } from '../../aws/state/table.ts';
import { answer } from '../../slack/answer.ts';
import { renderReport } from '../../slack/render.ts';
import { renderOptions } from '../render-settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { orderAnswers } from './order-answers.ts';
import { invalidationSettingsFrom } from './settings.ts';
import { takeMessages } from './take-messages.ts';

const settings = invalidationSettingsFrom(process.env);
const table = stateTable(stateClient(), settings.table);

/** Woken by the invalidation queue: pipelines' requests, and its own wake-ups and looks. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(
    takeMessages({
      ...reportingPorts(process.env),
      random: Math.random,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      groups: settings.groups,
      invalidationDistributions: settings.invalidationDistributions,
      cloudFront: { ...cloudFrontReader(cloudFrontClient()), ...cloudFrontWriter(cloudFrontClient()) },
      invalidations: tableInvalidations(table),
      pauses: tablePauses(table),
      leases: tableLeases(table),
      plans: tableStoredPlans(table),
      answers: orderAnswers({
        ...lambdaSurroundings,
        orders: tableOrders(table),
        answer,
        pauses: tablePauses(table),
        render: (report, pause) => renderReport(report, renderOptions(settings.render, report, pause)),
        allowsLoopback: settings.isLocal,
      }),
      bus: eventBusPublisher(eventBridgeClient(), settings.bus),
      invalidationQueue: sqsWaitingQueue(sqsClient(), settings.queueUrl),
      deadLetters: sqsDeadLetters(sqsClient(), settings.deadLetterQueueUrl),
    }),
  );
