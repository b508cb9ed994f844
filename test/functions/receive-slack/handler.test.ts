import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { parseSlackOrder } from '../../../events/slack-order.ts';
import type { HttpEvent } from '../../../functions/receive-slack/http-request.ts';
import type { HttpResponse } from '../../../functions/receive-slack/responses.ts';
import { tellPerson } from '../../../functions/receive-slack/tell-person.ts';
import { commandFields, form, payloadBody, pressed, signedHeaders } from '../../slack/requests/slack-requests.ts';

const sqs = mockClient(SQSClient);
const ssm = mockClient(SSMClient);

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const QUEUE_URL = 'https://sqs.example/commands';
const ENVIRONMENT = {
  AWS_REGION: 'ap-northeast-1',
  USHER_LANGUAGE: 'ja',
  USHER_STAGE: 'test',
  USHER_SECRET_PREFIX: '/usher/test',
  USHER_COMMAND_QUEUE_URL: QUEUE_URL,
};

const context = { awsRequestId: 'r-1', functionName: 'receive-slack' } as Context;
const before = { ...process.env };
let handler: (event: HttpEvent, context: Context) => Promise<HttpResponse>;
let readsWhileStarting = 0;

beforeAll(() => {
  Object.assign(process.env, ENVIRONMENT);
  ssm.on(GetParameterCommand).resolves({ Parameter: { Type: 'SecureString', Value: SECRET } });
  // After the environment is set, which the module reads once.
  ({ handler } = jest.requireActual<{ handler: typeof handler }>('../../../functions/receive-slack/handler.ts'));
  readsWhileStarting = ssm.commandCalls(GetParameterCommand).length;
});
afterAll(() => {
  process.env = before;
});
beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageCommand).resolves({ MessageId: 'm-1' });
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

/** As a Function URL hands it on: forms are not text to Lambda, so they come in base64. */
const event = (body: string, secret = SECRET): HttpEvent => ({
  requestContext: { http: { method: 'POST' } },
  headers: { ...signedHeaders(secret, body, new Date()), 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});

const sentOrders = () =>
  sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => parseSlackOrder(input.MessageBody ?? ''));

test('The secret is asked for while the process starts, decrypted, by its parameter’s name', () => {
  expect(readsWhileStarting).toBe(1);
  expect(ssm.commandCalls(GetParameterCommand)[0]?.args[0].input).toEqual({
    Name: '/usher/test/slack/signing-secret',
    WithDecryption: true,
  });
});

test('Given a signed command in base64, when the exported handler is invoked, then one order is queued and acknowledged', async () => {
  const response = await handler(event(form(commandFields)), context);
  expect(response.statusCode).toBe(200);
  expect(JSON.parse(response.body ?? '')).toEqual({
    response_type: 'ephemeral',
    text: '受け付けました。結果はここにお知らせします。',
  });
  expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toMatchObject([
    { QueueUrl: QUEUE_URL, DelaySeconds: 0 },
  ]);
  expect(sentOrders()).toMatchObject([
    { by: { userId: 'U2147483697' }, asked: { kind: 'command', text: 'invalidate E123 /blog/*' } },
  ]);
  expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
});

test('Given a forged one, then nothing is queued', async () => {
  expect((await handler(event(payloadBody(pressed), 'guessed'), context)).statusCode).toBe(401);
  expect(sentOrders()).toEqual([]);
});

test('Given the queue refuses, then the person hears of it and the log of why', async () => {
  sqs.on(SendMessageCommand).rejects(new Error('no'));
  const response = await handler(event(form(commandFields)), context);
  expect(response.body).toContain('届いていない可能性があります');
  const [line] = jest.mocked(console.log).mock.calls.at(-1) ?? [];
  expect(JSON.parse(String(line))).toMatchObject({
    function: 'receive-slack',
    outcome: 'done',
    result: 'not-queued',
    why: 'SQS SendMessage failed: Error: no',
  });
  expect(line).not.toContain('hooks.slack.com');
});

test('Given an event that is no HTTP request, then the handler fails instead of answering', async () => {
  await expect(handler({} as HttpEvent, context)).rejects.toThrow();
});

test.each([
  [200, 'resolves'],
  [404, 'rejects'],
  [302, 'rejects'],
] as const)('Given Slack answers %d to words for the person, then telling %s', async (status, ending) => {
  const bodies: string[] = [];
  const slack = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end());
  });
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  const { port } = slack.address() as AddressInfo;
  const telling = tellPerson(true)(`http://127.0.0.1:${port}/answers/1`, 'Not taken.');
  await (ending === 'resolves' ? expect(telling).resolves.toBeUndefined() : expect(telling).rejects.toThrow());
  slack.closeAllConnections();
  await new Promise((resolve) => slack.close(resolve));
  expect(bodies.map((body) => JSON.parse(body))).toEqual([
    { response_type: 'ephemeral', replace_original: false, text: 'Not taken.' },
  ]);
});

test.each([
  ['this machine, in a stage that is not local', 'http://127.0.0.1:9/answers/1', false],
  ['somebody else', 'https://hooks.slack.com.example.com/answers/1', true],
])('Given an address for answers that is of %s, then nothing is sent there', async (_, address, allowsLoopback) => {
  await expect(tellPerson(allowsLoopback)(address, 'Not taken.')).rejects.toThrow('is not Slack’s');
});
