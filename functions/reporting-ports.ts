import { lambdaSurroundings } from '../aws/lambda/surroundings.ts';
import { eventBridgeClient } from '../aws/queues/event-bridge-client.ts';
import { sqsReportPublisher } from '../aws/queues/report-publisher.ts';
import { sqsClient } from '../aws/queues/sqs-client.ts';
import type { Settings } from '../domain/settings.ts';
import { text } from '../domain/settings.ts';
import { stageFrom } from '../domain/stage.ts';
import { busCopy } from '../events/published.ts';

/**
 * What every function that reports is given: the clock, the log and chance, its stage, and the way to Slack with its copy on
 * the bus.
 * @throws {SettingError} when a setting of one of them is missing or malformed
 */
export const reportingPorts = (settings: Settings) => ({
  ...lambdaSurroundings,
  stage: stageFrom(settings),
  reports: sqsReportPublisher({
    sqs: sqsClient(),
    eventBridge: eventBridgeClient(),
    queueUrl: text(settings, 'USHER_REPORT_QUEUE_URL'),
    busName: text(settings, 'USHER_BUS'),
    busEntryOf: busCopy,
    log: { warn: (message, details) => lambdaSurroundings.log({ event: 'warning', message, ...details }) },
  }),
});
