import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { answer } from '../../slack/answer.ts';

const MESSAGE = { text: 'done', blocks: [] };

let url = '';
let next:
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hang';
const received: { readonly path: string; readonly body: unknown }[] = [];

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += String(chunk);
  });
  request.on('end', () => {
    received.push({ path: request.url ?? '', body: JSON.parse(text) });
    if (next === 'hang') return;
    response.writeHead(next.status, next.headers).end(next.body ?? '');
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/commands/T1/2/secret`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
  next = { status: 200 };
});

const answered = (responseUrl: string, audience: 'person' | 'channel' = 'person', allowsLoopback = true) =>
  answer(MESSAGE, { responseUrl, audience, allowsLoopback, timeoutMilliseconds: 200 });

test.each([
  ['person', 'ephemeral'],
  ['channel', 'in_channel'],
] as const)(
  'Given an answer for the %s, when it is sent, then it is %s, and the message with the button stays',
  async (audience, type) => {
    expect(await answered(url, audience)).toEqual({ kind: 'delivered' });
    expect(received).toEqual([
      { path: '/commands/T1/2/secret', body: { ...MESSAGE, response_type: type, replace_original: false } },
    ]);
  },
);

describe('What Slack says', () => {
  test.each([
    [
      { status: 404, body: 'used_url' },
      { kind: 'refused', status: 404, slackError: 'used_url' },
    ],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'wait', seconds: 7, why: 'Slack answered 429' },
    ],
    [{ status: 503 }, { kind: 'wait', seconds: 2, why: 'Slack answered 503' }],
    [{ status: 302, headers: { location: 'https://example.com/' } }, { kind: 'wait' }],
    ['hang', { kind: 'wait' }],
  ] as const)('Given it answers %j, then that is the ending', async (said, ending) => {
    next = said;
    const delivery = await answered(url);
    expect(delivery).toMatchObject(ending);
    expect(JSON.stringify(delivery)).not.toContain('secret');
  });
});

test.each([
  ['another host', 'https://hooks.slack.com.example.com/commands/T1/2/secret'],
  ['Slack without TLS', 'http://hooks.slack.com/commands/T1/2/secret'],
  ['another port of Slack’s', 'https://hooks.slack.com:8443/commands/T1/2/secret'],
  ['a user name', 'https://hooks.slack.com@example.com/secret'],
  ['no URL', 'secret'],
  ['the metadata of the instance', 'http://169.254.169.254/latest/secret'],
])(
  'Given %s, when an order is to be answered there, then nothing is sent, and the address is not repeated',
  async (_, address) => {
    const delivery = await answered(address);
    expect(delivery).toEqual({ kind: 'refused', status: 0, slackError: 'no address of Slack' });
    expect(received).toEqual([]);
  },
);

test('Given no stand-in is allowed, when the address is this machine, then nothing is sent', async () => {
  expect(await answered(url, 'person', false)).toMatchObject({ kind: 'refused' });
  expect(received).toEqual([]);
});
