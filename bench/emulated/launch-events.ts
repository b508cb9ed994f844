import { randomUUID } from 'node:crypto';
import type { Context, SQSEvent } from 'aws-lambda';
import { REGION } from './stage.ts';

/** An instance runs, as EC2 tells the default bus. @see EC2 user guide, "Monitor instance state changes" */
export const runningEvent = (instanceId: string, account: string): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [`arn:aws:ec2:${REGION}:${account}:instance/${instanceId}`],
    detail: { 'instance-id': instanceId, state: 'running' },
  });

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** Messages as Lambda hands them to a function. */
export const batchOf = (messages: readonly QueueMessage[]): SQSEvent => ({
  Records: messages.map((message) => ({
    ...message,
    attributes: {
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
      SenderId: 'bench',
      SentTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${REGION}:123456789012:bench-launch`,
    awsRegion: REGION,
  })),
});

/** The events of these launches in one batch. */
export const launchBatch = (instanceIds: readonly string[], account: string): SQSEvent =>
  batchOf(
    instanceIds.map((instanceId) => ({
      messageId: randomUUID(),
      receiptHandle: randomUUID(),
      body: runningEvent(instanceId, account),
    })),
  );

/** As much of Lambda's context as the functions look at. */
export const lambdaContext = (): Context => ({
  awsRequestId: randomUUID(),
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:ap-northeast-1:123456789012:function:bench',
  memoryLimitInMB: '1024',
  logGroupName: 'bench',
  logStreamName: 'bench',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 60_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
