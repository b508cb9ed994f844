import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { cloudFrontClient } from '../../aws/cloudfront/client.ts';
import { cloudFrontReader } from '../../aws/cloudfront/reader.ts';
import { ec2Client } from '../../aws/ec2/client.ts';
import { companionGroups } from '../../aws/ec2/companion-groups.ts';
import { fleetReader } from '../../aws/ec2/fleet-reader.ts';
import { everyBalancerFleetReader, everyBalancerSecurityGroups } from '../../aws/every-balancer.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { lambdaSurroundings } from '../../aws/lambda/surroundings.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsReceivedMessages } from '../../aws/queues/received-messages.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { tableBudgets } from '../../aws/state/budgets.ts';
import { stateClient } from '../../aws/state/client.ts';
import { tableInvalidations } from '../../aws/state/invalidations.ts';
import { tableOrders } from '../../aws/state/orders.ts';
import { tablePauses } from '../../aws/state/pauses.ts';
import { tableQuietMatters } from '../../aws/state/quiet-matters.ts';
import { tableShownChanges } from '../../aws/state/shown-changes.ts';
import { tableSweeps } from '../../aws/state/sweeps.ts';
import { stateTable } from '../../aws/state/table.ts';
import { answer } from '../../slack/answer.ts';
import { parseCommand } from '../../slack/commands/grammar.ts';
import { renderReport } from '../../slack/render.ts';
import { renderOptions } from '../render-settings.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { seatingPorts } from '../seating-ports.ts';
import { lookingPorts } from './looking.ts';
import { orderReplies } from './order-replies.ts';
import { orderSettingsFrom } from './settings.ts';
import { takeOrders } from './take-orders.ts';

const settings = orderSettingsFrom(process.env);
const table = stateTable(stateClient(), settings.table);
const orders = tableOrders(table);
const reporting = reportingPorts(process.env);
const { stage } = reporting;

/** Woken by the command queue: what people ordered in Slack, verified. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(
    takeOrders({
      ...reporting,
      ...seatingPorts(table),
      authorisation: settings.authorisation,
      groups: settings.groups,
      understand: parseCommand,
      orders,
      budgets: tableBudgets(table),
      balancingFleet: everyBalancerFleetReader(stage),
      quietMatters: tableQuietMatters(table),
      shownChanges: tableShownChanges(table),
      sweeps: tableSweeps(table),
      invalidations: tableInvalidations(table),
      cloudFront: cloudFrontReader(cloudFrontClient()),
      fleet: fleetReader(ec2Client()),
      companions: companionGroups(ec2Client()),
      balancerGroups: everyBalancerSecurityGroups(),
      tags: everyBalancerFleetReader(stage),
      replies: orderReplies({
        ...lambdaSurroundings,
        orders,
        answer,
        pauses: tablePauses(table),
        render: (report, pause) => renderReport(report, renderOptions(settings.render, report, pause)),
        allowsLoopback: settings.isLocal,
      }),
      watchQueue: sqsWaitingQueue(sqsClient(), settings.watchQueueUrl),
      readExpiryTable: async () =>
        (await import('./read-expiry-table.ts')).readExpiryTable(stage, settings.expiry, table),
      examine: async (said) =>
        (await import('./examine.ts')).examine(lookingPorts(lambdaSurroundings, stage, table), settings.isLocal, said),
      expiryQueue: sqsWaitingQueue(sqsClient(), settings.expiryQueueUrl),
      sweepQueue: sqsWaitingQueue(sqsClient(), settings.sweepQueueUrl),
      invalidationQueue: sqsWaitingQueue(sqsClient(), settings.invalidationQueueUrl),
      messages: sqsReceivedMessages(sqsClient(), {
        queueUrl: settings.commandQueueUrl,
        deadLetterQueueUrl: settings.commandDeadLetterQueueUrl,
      }),
      deadLetters: sqsDeadLetters(sqsClient(), settings.commandDeadLetterQueueUrl),
    }),
  );
