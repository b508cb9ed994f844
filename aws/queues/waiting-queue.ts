import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { callAws } from '../call-aws.ts';
import { bodyOf } from './body.ts';
import type { WaitingQueue } from './port.ts';

/** 15 minutes. @see SQS developer guide, "Amazon SQS message quotas" (message timer) */
const MAXIMUM_DELAY_SECONDS = 900;

/** Whole seconds, rounded up: a look that comes early has to wait once more. */
const wholeDelay = (delaySeconds: number): number => {
  const delay = Math.ceil(delaySeconds);
  if (delay >= 0 && delay <= MAXIMUM_DELAY_SECONDS) return delay;
  throw new RangeError(`SQS can delay a message by 0 to ${MAXIMUM_DELAY_SECONDS} seconds, not by ${delaySeconds}`);
};

/**
 * A standard queue that gives messages back later.
 * @throws {RangeError} for a delay outside 0 to 900 seconds
 */
export const sqsWaitingQueue = (client: SQSClient, queueUrl: string): WaitingQueue => ({
  async sendLater(body, delaySeconds) {
    const input = {
      QueueUrl: queueUrl,
      MessageBody: bodyOf('the message', body),
      DelaySeconds: wholeDelay(delaySeconds),
    };
    await callAws({ service: 'SQS', action: 'SendMessage' }, () => client.send(new SendMessageCommand(input)));
  },
});
