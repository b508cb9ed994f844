import { expect, test } from '@jest/globals';
import { queuedReports } from '../../../functions/post-to-slack/queue-event.ts';

/** Shape: Lambda developer guide, "Example Amazon SQS message event" (FIFO). */
const RECORD = {
  messageId: '11d6ee51-4cc7-4302-9e22-7cd8afdaadf5',
  receiptHandle: 'AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw',
  body: '{"key":"a"}',
  attributes: {
    ApproximateReceiveCount: '2',
    SentTimestamp: '1763787780000',
    SequenceNumber: '18849496460467696128',
    MessageGroupId: 'default',
    SenderId: 'AIDAIO23YVJENQZJOL4VO',
    MessageDeduplicationId: 'a',
    ApproximateFirstReceiveTimestamp: '1763787781000',
  },
  messageAttributes: {},
  md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:ap-northeast-1:123456789012:usher-prod-reports.fifo',
  awsRegion: 'ap-northeast-1',
};

test('A record of the queue is a queued report, its numbers read from texts', () => {
  expect(queuedReports({ Records: [RECORD] })).toEqual([
    {
      messageId: RECORD.messageId,
      receiptHandle: RECORD.receiptHandle,
      body: '{"key":"a"}',
      groupId: 'default',
      sentAt: new Date(1_763_787_780_000),
      receiveCount: 2,
    },
  ]);
});
