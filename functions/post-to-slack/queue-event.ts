import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueuedReport } from './post-reports.ts';

/** @see SQS API reference, `ReceiveMessage`: system attributes are texts, times in milliseconds since 1970 */
const toQueuedReport = ({ messageId, receiptHandle, body, attributes }: SQSRecord): QueuedReport => ({
  messageId,
  receiptHandle,
  body,
  groupId: attributes.MessageGroupId ?? '',
  sentAt: new Date(Number(attributes.SentTimestamp)),
  receiveCount: Number(attributes.ApproximateReceiveCount) || 1,
});

/** The reports of one invocation, in the order in which the queue gave them. */
export const queuedReports = ({ Records }: SQSEvent): readonly QueuedReport[] => Records.map(toQueuedReport);
