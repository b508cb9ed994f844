import type { SQSClient } from '@aws-sdk/client-sqs';
import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { callAws } from '../call-aws.ts';

/** A message that was received and not yet deleted. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** FIFO group; the order within it is kept. */
  readonly groupId: string;
  readonly body: string;
}

/** What may become of a received message besides being done. */
export interface ReceivedMessages {
  /** Hides it for so many seconds (at most 12 hours) before it is received again. */
  hideFor(message: ReceivedMessage, seconds: number): Promise<void>;
  /** Puts a copy into the dead-letter queue with the reason as the message attribute `reason`; sent twice it is kept once. */
  setAside(message: ReceivedMessage, reason: string): Promise<void>;
}

const LONGEST_REASON = 400;

/** SQS refuses empty attributes and characters that XML can't hold. */
const attributeText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '')
    .slice(0, LONGEST_REASON)
    .trim() || 'no reason given';

/**
 * Messages of a FIFO queue and its FIFO dead-letter queue (AWS wants both of one kind).
 * Throws `AwsCallError`.
 */
export const sqsReceivedMessages = (
  client: SQSClient,
  queues: { readonly queueUrl: string; readonly deadLetterQueueUrl: string },
): ReceivedMessages => ({
  async hideFor({ receiptHandle }, seconds) {
    const input = { QueueUrl: queues.queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: Math.ceil(seconds) };
    await callAws({ service: 'SQS', action: 'ChangeMessageVisibility' }, () =>
      client.send(new ChangeMessageVisibilityCommand(input)),
    );
  },
  async setAside({ messageId, groupId, body }, reason) {
    const input = {
      QueueUrl: queues.deadLetterQueueUrl,
      MessageBody: body,
      MessageGroupId: groupId,
      MessageDeduplicationId: messageId,
      MessageAttributes: { reason: { DataType: 'String', StringValue: attributeText(reason) } },
    };
    await callAws({ service: 'SQS', action: 'SendMessage' }, () => client.send(new SendMessageCommand(input)));
  },
});
