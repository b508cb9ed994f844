import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { SlackStandIn } from '../../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../../local/slack/stand-in.ts';
import { IN_SERVICE, notInService, reportOf } from '../../slack/reports.ts';

const sqs = mockClient(SQSClient);
const ssm = mockClient(SSMClient);
const table = mockClient(DynamoDBDocumentClient);

const ENVIRONMENT = {
  AWS_REGION: 'ap-northeast-1',
  USHER_LANGUAGE: 'ja',
  USHER_TIME_ZONE: 'Asia/Tokyo',
  USHER_DESTINATIONS: 'default, web',
  USHER_SECRET_PREFIX: '/usher/test',
  USHER_TABLE: 'usher-test',
  USHER_REPORT_QUEUE_URL: 'https://sqs.example/reports.fifo',
  USHER_REPORT_DEAD_LETTER_QUEUE_URL: 'https://sqs.example/reports-dead.fifo',
};

let slack: SlackStandIn;
let secrets: Record<string, string> = {};
let handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
const before = { ...process.env };

beforeAll(async () => {
  slack = await startSlackStandIn();
  Object.assign(process.env, ENVIRONMENT);
  // After the environment is set, which the module reads once.
  ({ handler } = jest.requireActual<{ handler: typeof handler }>('../../../functions/post-to-slack/handler.ts'));
});
afterAll(async () => {
  process.env = before;
  await slack.stop();
});
beforeEach(() => {
  sqs.reset();
  ssm.reset();
  table.reset();
  secrets = { '/usher/test/slack/default/webhook-url': slack.webhookUrl('default') };
  ssm.on(GetParameterCommand).callsFake(({ Name, WithDecryption }) => {
    expect(WithDecryption).toBe(true);
    if (secrets[Name] === undefined) throw new ParameterNotFound({ message: 'absent', $metadata: {} });
    return { Parameter: { Type: 'SecureString', Value: secrets[Name] } };
  });
  table.on(GetCommand).resolves({});
  table.on(PutCommand).resolves({});
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
  sqs.on(SendMessageCommand).resolves({});
});

const CONTEXT = {
  awsRequestId: 'r-1',
  functionName: 'post-to-slack',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

const eventOf = (body: string): SQSEvent => ({
  Records: [
    {
      messageId: 'm-1',
      receiptHandle: 'h-1',
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(Date.now()),
        SenderId: 'x',
        SentTimestamp: String(Date.now()),
        MessageGroupId: 'default',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:ap-northeast-1:123456789012:usher-test-reports.fifo',
      awsRegion: 'ap-northeast-1',
    },
  ],
});

const invoke = async (body: string) => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => {});
  const response = await handler(eventOf(body), CONTEXT);
  return { response, line: JSON.parse(String(print.mock.calls.at(-1)?.[0])) as Record<string, unknown> };
};

test('The exported handler posts in the stage’s language and time, stores the key, and logs one line without the webhook', async () => {
  const { response, line } = await invoke(JSON.stringify(IN_SERVICE));
  expect(response).toEqual({ batchItemFailures: [] });
  expect((await slack.nextMessage()).text).toBe('web-3 が稼働に加わりました（web-prod・23秒で正常）');
  expect(table.commandCalls(PutCommand)).toHaveLength(1);
  expect(line).toMatchObject({ outcome: 'done', posted: 1, skipped: 0, setAside: 0, waiting: 0, why: '' });
  expect(JSON.stringify(line)).not.toContain('/services/');
});

test('Given a Slack that is down, then the message stays in the queue, hidden for a while', async () => {
  slack.answerNext({ status: 500 });
  const { response, line } = await invoke(JSON.stringify(IN_SERVICE));
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(line).toMatchObject({ waiting: 1, why: 'Slack answered 500' });
  expect(sqs.commandCalls(ChangeMessageVisibilityCommand)[0]?.args[0].input).toEqual({
    QueueUrl: 'https://sqs.example/reports.fifo',
    ReceiptHandle: 'h-1',
    VisibilityTimeout: 2,
  });
});

test('Given what is no report, then it is in the dead-letter queue and done', async () => {
  const { response } = await invoke('hello');
  expect(response).toEqual({ batchItemFailures: [] });
  expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toMatchObject({
    QueueUrl: 'https://sqs.example/reports-dead.fifo',
    MessageBody: 'hello',
    MessageAttributes: { reason: { StringValue: 'MalformedReportError: the message is not JSON' } },
  });
});

test('Given a bot as well, then the handler posts by it, keeps the thread in the table, and logs no token', async () => {
  const { token, channel } = slack.bot('web');
  secrets['/usher/test/slack/web/webhook-url'] = slack.webhookUrl('web');
  secrets['/usher/test/slack/web/bot-token'] = token;
  secrets['/usher/test/slack/web/bot-channel'] = channel;
  const { response, line } = await invoke(JSON.stringify({ ...reportOf(notInService()), destination: 'web' }));
  expect(response).toEqual({ batchItemFailures: [] });
  expect(slack.messages.at(-1)?.place.kind).toBe('channel');
  const keys = table.commandCalls(PutCommand).map(({ args }) => String(args[0].input.Item?.['pk']));
  expect(keys).toEqual(['thread#web|web-prod', 'delivered#web']);
  expect(JSON.stringify(line)).not.toContain('xoxb');
});
