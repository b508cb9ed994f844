import { createHash } from 'node:crypto';
import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Report } from '../../domain/report.ts';
import { unexpectedAnswer } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { bodyOf } from './body.ts';
import type { ReportPublisher } from './port.ts';

/** What a copy on the bus says, and the moment it speaks of. `detail` is JSON text. */
export interface BusEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly at: Date;
}

export interface ReportPublisherOptions {
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  /** URL of the FIFO report queue. */
  readonly queueUrl: string;
  readonly busName: string;
  /** How a report reads on the bus; injected, because `aws/` knows no events. */
  readonly busEntryOf: (report: Report) => BusEntry;
  readonly log: { warn(message: string, details: Readonly<Record<string, string>>): void };
}

const SEND: AwsCall = { service: 'SQS', action: 'SendMessage' };
const PUT: AwsCall = { service: 'EventBridge', action: 'PutEvents' };

/** @see SQS developer guide, "Amazon SQS message quotas" (message group id) */
const GROUP_ID_LENGTH = 128;
const NOT_IN_GROUP_ID = /[^!-~]/g;

/** One group a destination: order within it, one sender each (design section 7). */
const messageGroupId = (destination: string): string =>
  destination.replace(NOT_IN_GROUP_ID, '_').slice(0, GROUP_ID_LENGTH) || '_';

/** The same report to the same destination within five minutes is one message. A hash, for length and alphabet. */
const deduplicationId = ({ destination, key }: Report): string =>
  createHash('sha256')
    .update(JSON.stringify([destination, key]))
    .digest('hex');

const sendToQueue = async ({ sqs, queueUrl }: ReportPublisherOptions, report: Report): Promise<void> => {
  const message = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: bodyOf(`the report ${report.key}`, JSON.stringify(report)),
    MessageGroupId: messageGroupId(report.destination),
    MessageDeduplicationId: deduplicationId(report),
  });
  await callAws(SEND, () => sqs.send(message));
};

const toEntry = (EventBusName: string, { source, detailType, detail, at }: BusEntry): PutEventsRequestEntry => ({
  EventBusName,
  Source: source,
  DetailType: detailType,
  Detail: detail,
  Time: at,
});

/** An entry fails by itself, inside an answer that says success (facts 1.1). */
const copyToBus = async ({ eventBridge, busName, busEntryOf }: ReportPublisherOptions, report: Report) => {
  const Entries = [toEntry(busName, busEntryOf(report))];
  const { FailedEntryCount, Entries: results } = await callAws(PUT, () =>
    eventBridge.send(new PutEventsCommand({ Entries })),
  );
  if ((FailedEntryCount ?? 0) === 0) return;
  const { ErrorCode, ErrorMessage } = results?.[0] ?? {};
  throw unexpectedAnswer(PUT, `the entry was refused: ${ErrorCode ?? 'no code'}: ${ErrorMessage ?? 'no message'}`);
};

/**
 * Publishes reports: to the FIFO queue in front of Slack, and a copy on the `usher` bus for anybody.
 * The copy comes second and is worth no retry: a publish that failed for it would be sent to Slack once more.
 */
export const sqsReportPublisher = (options: ReportPublisherOptions): ReportPublisher => ({
  async publish(report) {
    await sendToQueue(options, report);
    try {
      await copyToBus(options, report);
    } catch (error) {
      options.log.warn('The report is queued for Slack; its copy on the bus failed', {
        reportKey: report.key,
        because: error instanceof Error ? error.message : String(error),
      });
    }
  },
});
