import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { sqsWaitingQueue } from '../../../aws/queues/waiting-queue.ts';
import { awsRefusal } from '../aws-refusal.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageCommand).resolves({ MessageId: 'm-1' });
});

const QUEUE_URL = 'https://sqs.ap-northeast-1.amazonaws.com/123456789012/usher-prod-watch';
const queue = sqsWaitingQueue(new SQSClient({ region: 'ap-northeast-1' }), QUEUE_URL);

test.each([
  [0, 0],
  [60, 60],
  [4.2, 5],
  [900, 900],
])('Given a delay of %d s, then the message comes back after %i', async (asked, delay) => {
  await queue.sendLater('{"tick":1}', asked);
  expect(sqs.calls().map((call) => call.args[0].input)).toEqual([
    { QueueUrl: QUEUE_URL, MessageBody: '{"tick":1}', DelaySeconds: delay },
  ]);
});

test.each([-1, 900.5, 3_600, Number.NaN, Number.POSITIVE_INFINITY])(
  'Given a delay of %d s, which SQS cannot keep, then nothing is sent',
  async (asked) => {
    await expect(queue.sendLater('{}', asked)).rejects.toThrow(RangeError);
    expect(sqs.calls()).toHaveLength(0);
  },
);

test('Given the queue is gone, then it throws', async () => {
  sqs.on(SendMessageCommand).rejects(awsRefusal('QueueDoesNotExist', 'The specified queue does not exist.'));
  await expect(queue.sendLater('{}', 5)).rejects.toMatchObject({ service: 'SQS', meaning: 'not-found' });
});
