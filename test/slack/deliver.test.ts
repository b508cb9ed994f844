import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlackStandIn } from '../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../local/slack/stand-in.ts';
import { deliver } from '../../slack/deliver.ts';
import { growingWaitSeconds } from '../../slack/delivery.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { mrkdwn } from '../../slack/message.ts';
import { WebhookUrlError, webhookUrlFrom } from '../../slack/webhook-url.ts';

const MESSAGE: SlackMessage = {
  text: 'web-3 is in service',
  blocks: [{ type: 'section', text: mrkdwn('*web-3 is in service*') }],
};

let slack: SlackStandIn;
beforeEach(async () => {
  slack = await startSlackStandIn();
});
afterEach(() => slack.stop());

const send = (message = MESSAGE, attempt = 1, timeoutMilliseconds = 2_000) =>
  deliver(message, { webhookUrl: slack.webhookUrl('default'), attempt, timeoutMilliseconds });

test('Given Slack well, when a message is delivered, then it is there as it was rendered, without previews of links', async () => {
  expect(await send()).toEqual({ kind: 'delivered' });
  expect(slack.messages.map(({ payload }) => payload)).toEqual([
    { ...MESSAGE, unfurl_links: false, unfurl_media: false },
  ]);
});

test('Given 500, then 429, then 200, when it is tried each time, then it arrives once', async () => {
  slack.answerNext({ status: 500 }, { status: 429, retryAfterSeconds: 30 });
  expect(await send(MESSAGE, 1)).toEqual({ kind: 'wait', seconds: 2, why: 'Slack answered 500' });
  expect(await send(MESSAGE, 2)).toEqual({ kind: 'wait', seconds: 30, why: 'Slack answered 429' });
  expect(await send(MESSAGE, 3)).toEqual({ kind: 'delivered' });
  expect(slack.messages).toHaveLength(1);
  expect(slack.requests.map(({ status }) => status)).toEqual([500, 429, 200]);
});

test.each([
  [undefined, 3, 8],
  [0, 1, 1],
  [999_999, 1, 21_600],
])('Given 429 with Retry-After %j at attempt %i, then it waits %i s', async (retryAfterSeconds, attempt, seconds) => {
  slack.answerNext({ status: 429, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
  expect(await send(MESSAGE, attempt)).toMatchObject({ kind: 'wait', seconds });
});

test('Own waits grow to five minutes', () => {
  expect([0, 1, 2, 3, 8, 9, 500].map(growingWaitSeconds)).toEqual([2, 2, 4, 8, 256, 300, 300]);
});

test.each([
  [400, 'invalid_payload'],
  [400, 'invalid_blocks'],
  [400, 'no_text'],
  [403, 'action_prohibited'],
  [403, 'invalid_token'],
  [404, 'no_service'],
  [404, 'channel_not_found'],
  [410, 'channel_is_archived'],
])('Given %i %s, then it is refused for good, with Slack’s own word', async (status, body) => {
  slack.answerNext({ status, body });
  expect(await send()).toEqual({ kind: 'refused', status, slackError: body });
  expect(slack.requests).toHaveLength(1);
});

test('Given a page instead of an error word, then one line of it is kept', async () => {
  slack.answerNext({ status: 403, body: `<html>\n${'x'.repeat(500)}` });
  expect(await send()).toEqual({ kind: 'refused', status: 403, slackError: `<html> ${'x'.repeat(73)}` });
});

test.each([408, 502, 503])('Given %i, then it waits', async (status) => {
  slack.answerNext({ status });
  expect(await send()).toMatchObject({ kind: 'wait', why: `Slack answered ${status}` });
});

test('Given no answer in time, then it waits, and the request was made once', async () => {
  slack.answerNext('timeout');
  expect(await send(MESSAGE, 1, 100)).toMatchObject({ kind: 'wait', why: 'no answer from Slack: TimeoutError' });
  expect(slack.requests).toHaveLength(1);
});

test('Given that Slack takes the message and its answer is lost, then it waits, so that it may come twice and is never lost', async () => {
  slack.answerNext('lost');
  expect(await send()).toMatchObject({ kind: 'wait', seconds: 2 });
  expect(await send()).toEqual({ kind: 'delivered' });
  expect(slack.messages).toHaveLength(2);
});

test('Given nobody listening, then it waits, and the result holds no part of the URL', async () => {
  const webhookUrl = slack.webhookUrl('default');
  await slack.stop();
  const result = await deliver(MESSAGE, { webhookUrl, attempt: 1 });
  expect(result).toEqual({ kind: 'wait', seconds: 2, why: 'no answer from Slack: ECONNREFUSED' });
  expect(JSON.stringify(result)).not.toContain('services');
  slack = await startSlackStandIn();
});

test('Given a URL that fetch refuses with the URL in its error, then the result does not repeat it', async () => {
  const result = await deliver(MESSAGE, {
    webhookUrl: 'https://hooks.slack.com:99999/services/T/B/SECRET',
    attempt: 1,
  });
  expect(result.kind).toBe('wait');
  expect(JSON.stringify(result)).not.toContain('SECRET');
});

test('Given a redirect, then it is not followed', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { Location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  expect(await deliver(MESSAGE, { webhookUrl: `http://127.0.0.1:${port}/services/T/B/x`, attempt: 1 })).toMatchObject({
    kind: 'wait',
  });
  expect(asked).toEqual(['/services/T/B/x']);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

describe('the stored webhook URL', () => {
  test.each([
    'https://hooks.slack.com/services/T000/B000/abcDEF',
    ' https://hooks.slack.com/services/T000/B000/abcDEF\n',
    'https://hooks.slack-gov.com/services/T000/B000/abcDEF',
    'http://127.0.0.1:4567/services/T000/B000/abcDEF',
  ])('%j is taken', (stored) => {
    expect(webhookUrlFrom(stored)).toBe(stored.trim());
  });

  test.each([
    '',
    'change me',
    'http://hooks.slack.com/services/T/B/SECRET',
    'https://hooks.slack.com.evil.example/services/T/B/SECRET',
    'https://evil.example/services/T/B/SECRET',
    'https://hooks.slack.com:8443/services/T/B/SECRET',
    'https://user:SECRET@hooks.slack.com/services/T/B/x',
    'https://hooks.slack.com/workflows/T/B/SECRET',
    'https://hooks.slack.com/services/T/B',
    'http://localhost:4567/services/T/B/SECRET',
    'http://10.0.0.1/services/T/B/SECRET',
    'http://127.0.0.1.evil.example/services/T/B/SECRET',
    'file:///etc/passwd',
  ])('%j is refused, and the error does not repeat it', (stored) => {
    const attempt = () => webhookUrlFrom(stored);
    expect(attempt).toThrow(WebhookUrlError);
    expect(attempt).not.toThrow(/SECRET|evil/);
  });
});
