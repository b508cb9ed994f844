import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { callAws } from '../call-aws.ts';
import type { DeadLetters } from './port.ts';

/** Reasons are for people to read in a console; a longer one is cut. */
const REASON_LENGTH = 1_000;

/** SQS takes no control characters in an attribute, and none may be empty. @see SQS API reference, `MessageAttributeValue` */
const reasonText = (reason: string): string =>
  reason.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/gu, ' ').slice(0, REASON_LENGTH) || 'no reason';

/** A standard dead-letter queue that we fill ourselves. */
export const sqsDeadLetters = (client: SQSClient, queueUrl: string): DeadLetters => ({
  async send(body, reason) {
    const input = {
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageAttributes: { reason: { DataType: 'String', StringValue: reasonText(reason) } },
    };
    await callAws({ service: 'SQS', action: 'SendMessage' }, () => client.send(new SendMessageCommand(input)));
  },
});
