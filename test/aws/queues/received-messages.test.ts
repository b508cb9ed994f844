import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { sqsReceivedMessages } from '../../../aws/queues/received-messages.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => {
  sqs.reset();
});

const QUEUES = {
  queueUrl: 'https://sqs.example/reports.fifo',
  deadLetterQueueUrl: 'https://sqs.example/reports-dead.fifo',
};
const MESSAGE = { messageId: 'm-1', receiptHandle: 'handle-1', groupId: 'web', body: '{"key":"a"}' };
const messages = () => sqsReceivedMessages(new SQSClient({}), QUEUES);

test('Hiding sets the visibility of this receipt, in whole seconds rounded up', async () => {
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
  await messages().hideFor(MESSAGE, 1.2);
  expect(sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input)).toEqual([
    { QueueUrl: QUEUES.queueUrl, ReceiptHandle: 'handle-1', VisibilityTimeout: 2 },
  ]);
});

test.each([
  ['Slack refused it: 404 no_service', 'Slack refused it: 404 no_service'],
  ['a\u0000b\ufffe', 'ab'],
  ['', 'no reason given'],
  ['x'.repeat(1_000), 'x'.repeat(400)],
])(
  'Setting aside for %j sends the body as it was, in its group, once, with the reason as an attribute',
  async (reason, attribute) => {
    sqs.on(SendMessageCommand).resolves({});
    await messages().setAside(MESSAGE, reason);
    expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
      {
        QueueUrl: QUEUES.deadLetterQueueUrl,
        MessageBody: '{"key":"a"}',
        MessageGroupId: 'web',
        MessageDeduplicationId: 'm-1',
        MessageAttributes: { reason: { DataType: 'String', StringValue: attribute } },
      },
    ]);
  },
);

test('A refusal by SQS is an error of ours', async () => {
  sqs.on(SendMessageCommand).rejects(new Error('AccessDenied'));
  await expect(messages().setAside(MESSAGE, 'x')).rejects.toBeInstanceOf(AwsCallError);
});
