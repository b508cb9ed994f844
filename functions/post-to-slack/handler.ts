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
import { tablePauses } from '../../aws/state/pauses.ts';
import { tableQuietMatters } from '../../aws/state/quiet-matters.ts';
import { stateTable } from '../../aws/state/table.ts';
import { tableThreads } from '../../aws/state/threads.ts';
import type { Pause } from '../../domain/pause.ts';
import type { Report } from '../../domain/report.ts';
import { CONNECTION } from '../../slack/catalogue/connection.ts';
import { deliver } from '../../slack/deliver.ts';
import { renderReport } from '../../slack/render.ts';
import { renderOptions } from '../render-settings.ts';
import { comeAgain } from '../take-batch.ts';
import { destinationBots } from './bots.ts';
import type { DeliverReportPorts } from './deliver-report.ts';
import { deliverReport } from './deliver-report.ts';
import { postReports } from './post-reports.ts';
import { queuedReports } from './queue-event.ts';
import { postSettingsFrom } from './settings.ts';
import { webhookUrls } from './webhook-urls.ts';

const settings = postSettingsFrom(process.env);
const now = () => new Date();

const pauseFor = (milliseconds: number) => pause(milliseconds);
const table = stateTable(stateClient(), settings.table);
const delivered = tableDeliveredReports(table);
const secrets = secretReader(parametersClient(), now);

const roads: DeliverReportPorts = {
  webhookUrlOf: webhookUrls(secrets, settings),
  botOf: destinationBots(secrets, settings),
  deliver,
  // The client of the Web API is loaded only where a destination has a bot (docs/decisions/0012-threads-by-bot.md).
  deliverByBot: async (message, to) => (await import('../../slack/deliver-by-bot.ts')).deliverByBot(message, to),
  threads: tableThreads(table),
  delivered,
  botRefusedNotice: CONNECTION[settings.render.language].botRefused,
  now,
  pause: pauseFor,
};

const ports = {
  delivered,
  quietMatters: tableQuietMatters(table),
  messages: sqsReceivedMessages(sqsClient(), settings),
  pauses: tablePauses(table),
  render: (report: Report, pause: Pause | undefined) =>
    renderReport(report, renderOptions(settings.render, report, pause)),
  deliver: deliverReport(roads),
  now,
  pause: pauseFor,
};

/** Woken by the FIFO report queue. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(async (event: SQSEvent, context: Context) => {
    const post = postReports({ ...ports, remainingMilliseconds: () => context.getRemainingTimeInMillis() });
    const { waiting, whys, ...counts } = await post(queuedReports(event));
    noteOutcome(context, { ...counts, waiting: waiting.length, why: whys.join(' | ') });
    return comeAgain(waiting);
  });
