import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkMessage } from '../../../local/slack/check-message.ts';
import { printMessage } from '../../../local/slack/print.ts';
import type { SlackStandIn } from '../../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../../local/slack/stand-in.ts';
import { liveTags } from '../../support/live-tags.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('the check', () => {
  test.each<[string, unknown]>([
    ['text alone', { text: 'hello' }],
    ['blocks alone', { blocks: [section('hello')] }],
    ['50 blocks', { text: 'x', blocks: Array.from({ length: 50 }, () => ({ type: 'divider' })) }],
    ['3,000 characters in a section', { blocks: [section('x'.repeat(3_000))] }],
    [
      'ten context elements',
      { blocks: [{ type: 'context', elements: Array.from({ length: 10 }, () => ({ type: 'mrkdwn', text: 'x' })) }] },
    ],
    [
      'a button',
      { blocks: [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Undo' } }] }] },
    ],
  ])('takes %s', (_, payload) => {
    expect(checkMessage(payload)).toEqual({ kind: 'ok' });
  });

  test.each<[string, string, unknown]>([
    ['no text', 'no_text', {}],
    ['empty text', 'no_text', { text: '' }],
    ['a list', 'invalid_payload', []],
    ['text that is a number', 'invalid_payload', { text: 3 }],
    ['blocks that are no list', 'invalid_blocks_format', { text: 'x', blocks: {} }],
    ['51 blocks', 'invalid_blocks', { text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }],
    ['an unknown block', 'invalid_blocks', { text: 'x', blocks: [{ type: 'paragraph' }] }],
    ['a section without text', 'invalid_blocks', { blocks: [{ type: 'section' }] }],
    ['an empty section', 'invalid_blocks', { blocks: [section('')] }],
    ['3,001 characters in a section', 'invalid_blocks', { blocks: [section('x'.repeat(3_001))] }],
    ['a text object without a type', 'invalid_blocks', { blocks: [{ type: 'section', text: { text: 'x' } }] }],
    [
      'eleven context elements',
      'invalid_blocks',
      { blocks: [{ type: 'context', elements: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }] },
    ],
    ['a context without elements', 'invalid_blocks', { blocks: [{ type: 'context', elements: [] }] }],
    ['a header in mrkdwn', 'invalid_blocks', { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] }],
    [
      'a header of 151',
      'invalid_blocks',
      { blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] },
    ],
    [
      'verbatim on plain text',
      'invalid_blocks',
      { blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x', verbatim: true } }] },
    ],
    [
      'a button of 76',
      'invalid_blocks',
      {
        blocks: [
          { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'x'.repeat(76) } }] },
        ],
      },
    ],
    [
      'one block id twice',
      'invalid_blocks',
      {
        blocks: [
          { type: 'divider', block_id: 'a' },
          { type: 'divider', block_id: 'a' },
        ],
      },
    ],
    ['too much in all', 'msg_blocks_too_long', { blocks: Array.from({ length: 6 }, () => section('x'.repeat(2_900))) }],
    ['a very long text', 'msg_too_long', { text: 'x'.repeat(40_001) }],
  ])('refuses %s as %s', (_, error, payload) => {
    expect(checkMessage(payload)).toMatchObject({ kind: 'refused', error });
  });

  test('sees what Slack would act on', () => {
    expect(liveTags('a <!channel> b <@U1> &lt;!here&gt; <https://x|y>')).toEqual([
      '<!channel>',
      '<@U1>',
      '<https://x|y>',
    ]);
  });
});

describe('the stand-in', () => {
  let slack: SlackStandIn;
  beforeEach(async () => {
    slack = await startSlackStandIn();
  });
  afterEach(() => slack.stop());

  const post = async (
    url: string,
    body: string,
    headers: Record<string, string> = { 'Content-Type': 'application/json' },
  ) => {
    const response = await fetch(url, { method: 'POST', body, headers });
    return { status: response.status, body: await response.text(), retryAfter: response.headers.get('retry-after') };
  };
  const HELLO = JSON.stringify({ text: 'hello' });

  test('takes a good message, says ok, and keeps it with its destination', async () => {
    const url = slack.webhookUrl('web-team');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/services\/T[0-9A-Z]+\/B[0-9A-Z]+\/[0-9A-Z]{24}$/);
    expect(await post(url, HELLO)).toMatchObject({ status: 200, body: 'ok' });
    expect(
      await post(url, `payload=${encodeURIComponent(HELLO)}`, { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject({ status: 200 });
    expect(slack.messages.map(({ destination, text }) => [destination, text])).toEqual([
      ['web-team', 'hello'],
      ['web-team', 'hello'],
    ]);
  });

  test('refuses what Slack refuses, and keeps nothing of it', async () => {
    const url = slack.webhookUrl('default');
    const base = url.split('/').slice(0, -1).join('/');
    expect(await post(url, 'not json')).toMatchObject({ status: 400, body: 'invalid_payload' });
    expect(await post(url, '{}')).toMatchObject({ status: 400, body: 'no_text' });
    expect(await post(url, '{"blocks":[{"type":"nope"}]}')).toMatchObject({ status: 400, body: 'invalid_blocks' });
    expect(await post(`${base}/wrongtoken`, HELLO)).toMatchObject({ status: 403, body: 'invalid_token' });
    expect(await post(`${slack.url}/services/T00000000/BUNKNOWN/x`, HELLO)).toMatchObject({
      status: 404,
      body: 'no_service',
    });
    expect(await post(`${slack.url}/services/TOTHER/B1/x`, HELLO)).toMatchObject({ status: 404, body: 'no_team' });
    expect(await post(`${slack.url}/hello`, HELLO)).toMatchObject({ status: 404, body: 'no_service' });
    expect((await fetch(url)).status).toBe(405);
    expect(slack.messages).toEqual([]);
    expect(slack.requests[2]).toMatchObject({ body: 'invalid_blocks', detail: 'blocks[0].type is no block type' });
  });

  test('answers as told, in order, and is well again afterwards', async () => {
    const url = slack.webhookUrl('default');
    slack.answerNext(
      { status: 500 },
      { status: 429, retryAfterSeconds: 7 },
      { status: 410, body: 'channel_is_archived' },
    );
    expect(await post(url, HELLO)).toMatchObject({ status: 500, body: 'rollup_error' });
    expect(await post(url, HELLO)).toMatchObject({ status: 429, retryAfter: '7' });
    expect(await post(url, HELLO)).toMatchObject({ status: 410, body: 'channel_is_archived' });
    expect(await post(url, HELLO)).toMatchObject({ status: 200 });
    expect(slack.messages).toHaveLength(1);
  });

  test('hands each message out once, before or after it came', async () => {
    const url = slack.webhookUrl('default');
    const later = slack.nextMessage({ matching: ({ text }) => text === 'second' });
    await post(url, HELLO);
    await post(url, JSON.stringify({ text: 'second' }));
    expect((await later).text).toBe('second');
    expect((await slack.nextMessage()).text).toBe('hello');
    await expect(slack.nextMessage({ timeoutMilliseconds: 20 })).rejects.toThrow(
      'no such message within 20 ms; 2 arrived in all',
    );
  });

  test('Given a port in use, then starting says so', async () => {
    const port = Number(new URL(slack.url).port);
    await expect(startSlackStandIn({ port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('printing', () => {
  const message = {
    destination: 'default',
    text: 'fallback',
    blocks: [
      section(':warning: *web-3* is `down` &lt;!channel&gt; <@U1> a_b_c\nnext'),
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'prod · `i-1`' }] },
    ],
  };

  test('Given no colours, then it is plain text', () => {
    expect(printMessage(message, { colour: false })).toBe(
      ['┌ Slack, default', '│ ⚠️  web-3 is down <!channel> @U1 a_b_c', '│ next', '│ prod · i-1', '└'].join('\n'),
    );
  });

  test('Given colours, then bold is bold and code is coloured', () => {
    expect(printMessage(message, { colour: true })).toContain('\u001b[1mweb-3\u001b[22m is \u001b[36mdown\u001b[39m');
  });

  test('Given a message that would steer the terminal, then it can’t', () => {
    const evil = { destination: 'x\u001b]0;', text: 'a\u001b[2Jb\u009bc', blocks: [] };
    expect(printMessage(evil, { colour: false })).toBe('┌ Slack, x]0;\n│ a[2Jbc\n└');
  });
});
