import { join } from 'node:path';
import { GetQueueAttributesCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Order } from '../../domain/order.ts';
import { parseSlackOrder } from '../../events/slack-order.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import { commandFields, form, payloadBody, pressed } from '../slack/requests/slack-requests.ts';
import { until } from '../support/deployed-service.ts';
import type { EntranceAnswer, PostedRequest } from '../support/post-to-entrance.ts';
import { postToEntrance } from '../support/post-to-entrance.ts';
import { REGION } from '../support/template.ts';

const ROOT = join(import.meta.dirname, '..', '..');

jest.setTimeout(60_000); // what is waited for takes a second, unless two cores are busy

let stage: LocalStage;
let sqs: SQSClient;
let QueueUrl: string;

const lambda = async (method: string, path: string, body?: object): Promise<unknown> => {
  const credential = `test/20260101/${REGION}/lambda/aws4_request`;
  const response = await fetch(`${stage.emulators.ministackUrl}/2015-03-31/${path}`, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`Lambda refused ${method} ${path}: ${await response.text()}`);
  return response.json();
};

interface Mappings {
  readonly EventSourceMappings: readonly { readonly UUID: string; readonly State: string }[];
}

/** Nobody takes the orders, so that they can be looked at in their queue. */
const stopConsumers = async (queueArn: string): Promise<void> => {
  const path = `event-source-mappings?EventSourceArn=${encodeURIComponent(queueArn)}`;
  for (const { UUID } of ((await lambda('GET', path)) as Mappings).EventSourceMappings)
    await lambda('PUT', `event-source-mappings/${UUID}`, { Enabled: false });
  await until('an end of what takes orders', async () =>
    ((await lambda('GET', path)) as Mappings).EventSourceMappings.every(({ State }) => State === 'Disabled')
      ? true
      : undefined,
  );
};

beforeAll(async () => {
  stage = await startLocalStage({ root: ROOT, region: REGION });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: stage.emulators.ministackUrl, region: REGION, credentials });
  QueueUrl = stage.deployment.outputs['CommandQueueUrl'] ?? '';
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await stopConsumers(Attributes?.QueueArn ?? '');
}, 240_000); // the first run packages the service

afterAll(async () => {
  sqs?.destroy();
  await stage?.stop();
});

beforeEach(async () => {
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
});

const post = (posted: PostedRequest): Promise<EntranceAnswer> => postToEntrance(stage.entrance, posted);

/** Every order in the queue, read until it is empty. */
const orders = async (): Promise<readonly Order[]> => {
  const taken: Order[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages.map(({ Body = '' }) => parseSlackOrder(Body)));
  }
};

test('Given a new process, when a signed command arrives at the Function URL, then one order is in the queue before the 200', async () => {
  const text = 'invalidate https://www.example.com/ブログ/*';
  const answer = await post({ body: form({ ...commandFields, text }) });
  const queued = await orders();
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({
    response_type: 'ephemeral',
    text: 'Taken down. The answer comes here.',
  });
  expect(queued).toMatchObject([
    {
      orderId: expect.stringMatching(/^[0-9a-f]{64}$/),
      by: { teamId: 'T0001', channelId: 'C2147483705', userId: 'U2147483697' },
      asked: { kind: 'command', command: '/usher', text },
      responseUrl: 'https://hooks.slack.com/commands/1234/5678',
    },
  ]);
});

test('Given a button pressed, then its order is in the queue, and the answer is empty', async () => {
  expect(await post({ body: payloadBody(pressed) })).toEqual({ status: 200, body: '' });
  expect(await orders()).toMatchObject([{ asked: { kind: 'button', verb: 'approve', planId: 'plan-0a1b2c3d' } }]);
});

test('Given the same request twice, then both orders have one id', async () => {
  const again = { body: form(commandFields), signedAt: new Date() };
  await post(again);
  await post(again);
  const ids = (await orders()).map(({ orderId }) => orderId);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test.each<readonly [string, () => PostedRequest, number]>([
  ['a forged request', () => ({ body: form(commandFields), signingSecret: '0'.repeat(32) }), 401],
  ['a stale one', () => ({ body: form(commandFields), signedAt: new Date(Date.now() - 400_000) }), 401],
  ['one of tomorrow', () => ({ body: form(commandFields), signedAt: new Date(Date.now() + 86_400_000) }), 401],
  ['an unsigned one', () => ({ body: form(commandFields), headers: { 'x-slack-signature': '' } }), 401],
  ['one of 64 kB and more', () => ({ body: `${form(commandFields)}&pad=${'x'.repeat(65_536)}` }), 413],
  ['a PUT', () => ({ body: form(commandFields), method: 'PUT' }), 405],
  ['a signed body of nonsense', () => ({ body: 'payload=%7B' }), 400],
  ['a check of the certificate', () => ({ body: 'ssl_check=1&token=abc', headers: { 'x-slack-signature': '' } }), 200],
])('Given %s, then nothing is in the queue', async (_, posted, status) => {
  expect((await post(posted())).status).toBe(status);
  expect(await orders()).toEqual([]);
});
