import { createHmac } from 'node:crypto';
import type { Answer, Call } from '../../local/proxy/protocol.ts';
import type { LoopbackServer } from '../stub/server.ts';
import { serveCalls } from '../stub/server.ts';
import type { SiteState } from '../stub/site.ts';
import { ANSWERS, SITE } from '../stub/site.ts';
import type { StoredItems } from '../stub/table.ts';
import { stubTable } from '../stub/table.ts';

/** What a function is woken with, and the world as it then is. */
export interface Scene {
  readonly body: string;
  readonly isSeated: boolean;
  readonly items: StoredItems;
}

/** AWS and Slack for one function at a time, on 127.0.0.1. */
export interface Stub extends LoopbackServer {
  readonly environment: Readonly<Record<string, string>>;
  /** Puts the world back to where the scene begins. */
  readonly begin: (scene: Scene) => void;
  readonly items: () => StoredItems;
  /** Calls since the scene began. */
  readonly calls: () => readonly Call[];
  readonly problems: readonly unknown[];
}

const QUEUES = [
  'LAUNCH',
  'LAUNCH_DEAD_LETTER',
  'WATCH',
  'WATCH_DEAD_LETTER',
  'REPORT',
  'REPORT_DEAD_LETTER',
  'COMMAND',
];

const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';

const signingSecret = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: Buffer.from(JSON.stringify({ Parameter: { Type: 'SecureString', Value: SIGNING_SECRET } })),
});

const environmentFor = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: SITE.region,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: 'test',
  USHER_STAGE: 'bench',
  USHER_ACCOUNT: SITE.account,
  USHER_TABLE: 'bench',
  USHER_BUS: 'bench',
  USHER_SECRET_PREFIX: '/usher/bench',
  ...Object.fromEntries(
    QUEUES.map((name) => [`USHER_${name}_QUEUE_URL`, `${url}/${SITE.account}/${name.toLowerCase()}.fifo`]),
  ),
});

export const startStub = async (): Promise<Stub> => {
  const table = stubTable();
  const problems: unknown[] = [];
  let calls: Call[] = [];
  let state: SiteState = { isSeated: false, webhookUrl: '' };
  const server = await serveCalls(
    (call) => {
      calls.push(call);
      if (call.path.startsWith('/services/')) return { status: 200, headers: {}, body: Buffer.from('ok') };
      if (call.parameters.get('Name')?.endsWith('/signing-secret')) return signingSecret();
      if (call.service === 'dynamodb') return table.answer(call);
      const answer = ANSWERS[`${call.service}:${call.action}`];
      if (answer === undefined) throw new Error(`the stub knows no ${call.service}:${call.action}`);
      return answer(call, state);
    },
    (problem) => problems.push(problem),
  );
  return {
    ...server,
    environment: environmentFor(server.url),
    begin: ({ isSeated, items }) => {
      calls = [];
      state = { isSeated, webhookUrl: `${server.url}/services/T0000/B0000/bench` };
      table.fill(items);
    },
    items: table.items,
    calls: () => calls,
    problems,
  };
};

/** What was sent to the queue of that name since the scene began. */
export const sentTo = (stub: Stub, queue: string): string => {
  const sent = stub
    .calls()
    .find(
      ({ service, action, parameters }) =>
        service === 'sqs' && action === 'SendMessage' && parameters.get('QueueUrl')?.endsWith(`/${queue}.fifo`),
    );
  const body = sent?.parameters.get('MessageBody');
  if (body === undefined)
    throw new Error(`nothing was sent to ${queue}; problems: ${stub.problems.join(', ') || 'none'}`);
  return body;
};

/** An instance of the site runs. @see EC2 user guide, "Monitor instance state changes" */
export const RUNNING_EVENT = JSON.stringify({
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: SITE.account,
  time: '2026-11-22T05:00:00Z',
  region: SITE.region,
  resources: [`arn:aws:ec2:${SITE.region}:${SITE.account}:instance/${SITE.instanceId}`],
  detail: { 'instance-id': SITE.instanceId, state: 'running' },
});

/** One message as Lambda hands it over. */
export const queueEvent = (body: string) => ({
  Records: [
    {
      messageId: '00000000-0000-4000-8000-000000000001',
      receiptHandle: 'handle',
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(Date.now()),
        SenderId: 'bench',
        SentTimestamp: String(Date.now()),
        MessageGroupId: 'default',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${SITE.region}:${SITE.account}:bench`,
      awsRegion: SITE.region,
    },
  ],
});

/** What Slack posts when somebody types a command, signed now. */
const COMMAND_BODY = new URLSearchParams({
  team_id: 'T0001',
  channel_id: 'C2147483705',
  user_id: 'U2147483697',
  user_name: 'steve',
  command: '/invalidate',
  text: 'https://www.example.com/blog/*',
  response_url: 'https://hooks.slack.com/commands/1234/5678',
  trigger_id: '13345224609.738474920.8088930838d88f008e0',
}).toString();

/** A command as a Function URL hands it over. @see AWS Lambda developer guide, "Invoking Lambda function URLs" */
export const commandEvent = () => {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${COMMAND_BODY}`).digest('hex');
  return {
    version: '2.0',
    rawPath: '/',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
    requestContext: { http: { method: 'POST', path: '/' } },
    body: Buffer.from(COMMAND_BODY).toString('base64'),
    isBase64Encoded: true,
  };
};
