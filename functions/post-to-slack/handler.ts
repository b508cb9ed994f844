import { setTimeout as pause } from 'node:timers/promises';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { logOutcome, noteOutcome } from '../../aws/lambda/log-outcome.ts';
import { parametersClient } from '../../aws/parameters/client.ts';
import { secretReader } from '../../aws/parameters/secret-reader.ts';
import { sqsReceivedMessages } from '../../aws/queues/received-messages.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { stateClient } from '../../aws/state/client.ts';
import { tableDeliveredReports } from '../../aws/state/delivered-reports.ts';
import { stateTable } from '../../aws/state/table.ts';
import type { Report } from '../../domain/report.ts';
import { deliver } from '../../slack/deliver.ts';
import { renderReport } from '../../slack/render.ts';
import { postReports } from './post-reports.ts';
import { batchResponse, queuedReports } from './queue-event.ts';
import { postSettingsFrom, renderOptions } from './settings.ts';
import { webhookUrls } from './webhook-urls.ts';

const settings = postSettingsFrom(process.env);
const now = () => new Date();

const ports = {
  delivered: tableDeliveredReports(stateTable(stateClient(), settings.table)),
  messages: sqsReceivedMessages(sqsClient(), settings),
  webhookUrlOf: webhookUrls(secretReader(parametersClient(), now), settings),
  render: (report: Report) => renderReport(report, renderOptions(settings, report)),
  deliver,
  now,
  pause: (milliseconds: number) => pause(milliseconds),
};

/** Woken by the FIFO report queue. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(async (event: SQSEvent, context: Context) => {
    const post = postReports({ ...ports, remainingMilliseconds: () => context.getRemainingTimeInMillis() });
    const { waiting, whys, ...counts } = await post(queuedReports(event));
    noteOutcome(context, { ...counts, waiting: waiting.length, why: whys.join(' | ') });
    return batchResponse(waiting);
  });
