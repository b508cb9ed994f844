import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../domain/order.ts';
import type { HttpRequest } from '../../../functions/receive-slack/http-request.ts';
import type { Received, ReceivePorts } from '../../../functions/receive-slack/receive.ts';
import { receive } from '../../../functions/receive-slack/receive.ts';
import { signingSecret } from '../../../functions/receive-slack/signing-secret.ts';
import { ACKNOWLEDGEMENTS } from '../../../slack/catalogue/acknowledgement.ts';
import {
  bytes,
  commandFields,
  form,
  PUBLISHED,
  payloadBody,
  pressed,
  signedHeaders,
} from '../../slack/requests/slack-requests.ts';

const SECRET = PUBLISHED.secret;
const NOW = new Date('2026-11-22T05:02:11.000Z');

interface Around {
  /** Secrets that the parameter holds, one for each reading; the last one stays. */
  readonly stored?: readonly (string | Error)[];
  readonly queue?: 'works' | 'fails';
  readonly slack?: 'works' | 'fails';
  readonly now?: Date;
}

/** The entrance with what it called, in order. */
const entrance = ({ stored = [SECRET], queue = 'works', slack = 'works', now = NOW }: Around = {}) => {
  const calls: string[] = [];
  const orders: Order[] = [];
  const told: string[] = [];
  let reads = 0;
  let milliseconds = now.getTime() - 60_000;
  const read = async (): Promise<string> => {
    const answer = stored[Math.min(reads, stored.length - 1)] ?? '';
    reads += 1;
    calls.push('read');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const clock = () => new Date(milliseconds);
  const secret = signingSecret(read, clock);
  const ports: ReceivePorts = {
    secret,
    queueOrder: async (order) => {
      calls.push('queue');
      if (queue === 'fails') throw new Error('SQS SendMessage failed: NoAnswer: too late');
      orders.push(order);
    },
    allowsLoopback: false,
    tellPerson: async (responseUrl, text) => {
      calls.push('tell');
      if (slack === 'fails') throw new Error('Slack answered 500');
      told.push(`${responseUrl} ${text}`);
    },
    words: ACKNOWLEDGEMENTS.en,
    now: clock,
  };
  return {
    calls,
    orders,
    told,
    /** Reads the secret a minute before the requests come. */
    warm: async () => {
      await secret.current().catch(() => undefined);
      milliseconds = now.getTime();
      calls.length = 0;
    },
    post: (request: Partial<HttpRequest>): Promise<Received> => {
      milliseconds = now.getTime();
      return receive(ports, { method: 'POST', headers: {}, body: bytes(''), ...request });
    },
  };
};

const signed = (body: string, secret: string = SECRET, at: Date = NOW): Partial<HttpRequest> => ({
  headers: signedHeaders(secret, body, at),
  body: bytes(body),
});

const command = form(commandFields);
const button = payloadBody(pressed);

const statusOf = ({ response }: Received): number | undefined => response.statusCode;

test('Given the request that Slack publishes, at its time, then its order is queued before it is acknowledged', async () => {
  const { post, orders, calls } = entrance({ now: PUBLISHED.signedAt });
  const { response } = await post({
    headers: { 'x-slack-request-timestamp': PUBLISHED.timestamp, 'x-slack-signature': PUBLISHED.signature },
    body: bytes(PUBLISHED.body),
  });
  expect(response).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{"response_type":"ephemeral","text":"Taken down. The answer comes here."}',
  });
  expect(orders).toHaveLength(1);
  expect(orders[0]).toMatchObject({ asked: { command: '/webhook-collect' }, by: { userId: 'U2CERLKJA' } });
  expect(calls).toEqual(['read', 'queue']);
});

test('Given a button pressed, then its order is queued, and the answer is an empty 200', async () => {
  const { post, orders } = entrance();
  expect((await post(signed(button))).response).toEqual({ statusCode: 200 });
  expect(orders).toMatchObject([{ asked: { kind: 'button', verb: 'approve', planId: 'plan-0a1b2c3d' } }]);
});

test('Given the button that orders help, then the answer is an empty 200 as for every button', async () => {
  const { post, orders } = entrance();
  const body = payloadBody({ ...pressed, actions: [{ action_id: 'usher:help', value: 'help' }] });
  expect((await post(signed(body))).response).toEqual({ statusCode: 200 });
  expect(orders).toMatchObject([{ asked: { kind: 'command', text: 'help' } }]);
});

test('Given a request that comes again within five minutes, then it is the same order', async () => {
  const { post, orders } = entrance();
  await post(signed(command));
  await post(signed(command));
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(1);
});

describe('Refused before anything is called', () => {
  test.each<readonly [string, Partial<HttpRequest>, number, string]>([
    ['a GET', { ...signed(command), method: 'GET' }, 405, 'NotPost'],
    ['a body over 64 kB', signed(`${command}&pad=${'x'.repeat(65_536)}`), 413, 'TooLarge'],
    ['no signature', { body: bytes(command) }, 401, 'HeaderMissing'],
    [
      'a malformed signature',
      { ...signed(command), headers: { ...signed(command).headers, 'x-slack-signature': 'v0=' } },
      401,
      'HeaderMalformed',
    ],
    ['a request 301 s old', signed(command, SECRET, new Date(NOW.getTime() - 301_000)), 401, 'Stale'],
    ['a request from in 301 s', signed(command, SECRET, new Date(NOW.getTime() + 301_000)), 401, 'Future'],
    [
      'a check of the certificate with a command in it',
      { body: bytes(`ssl_check=1&${command}`) },
      401,
      'HeaderMissing',
    ],
  ])('%s', async (_, request, status, reason) => {
    const { post, calls, orders } = entrance();
    const received = await post(request);
    expect(received.response.statusCode).toBe(status);
    expect(received.response.body).toBeUndefined();
    expect(received.facts).toEqual({ status, result: 'refused', reason });
    expect([calls, orders]).toEqual([[], []]);
  });

  test('Given exactly 64 kB, then it is looked at', async () => {
    const body = `${command}&pad=`;
    const { post, orders } = entrance();
    expect(statusOf(await post(signed(body.padEnd(65_536, 'x'))))).toBe(200);
    expect(orders).toHaveLength(1);
  });
});

test('Given a check of the certificate, signed or not, then it is answered with 200, and nothing is called', async () => {
  const { post, calls } = entrance();
  expect((await post({ body: bytes('ssl_check=1&token=abc') })).response).toEqual({ statusCode: 200 });
  expect((await post(signed('token=abc&ssl_check=1'))).response).toEqual({ statusCode: 200 });
  expect(calls).toEqual([]);
});

describe('The secret', () => {
  test('Given a wrong signature, then the secret is read once more, and nothing is queued', async () => {
    const { warm, post, calls } = entrance();
    await warm();
    expect(await post(signed(command, 'guessed'))).toEqual({
      response: { statusCode: 401 },
      facts: { status: 401, result: 'refused', reason: 'WrongSignature' },
    });
    expect(calls).toEqual(['read']);
    await Promise.all(Array.from({ length: 20 }, () => post(signed(command, 'guessed'))));
    expect(calls).toEqual(['read']);
  });

  test('Given a secret that was changed in Slack and in the parameter, then the first request with it is taken', async () => {
    const { warm, post, orders, calls } = entrance({ stored: ['before the change', SECRET] });
    await warm();
    expect(statusOf(await post(signed(command)))).toBe(200);
    expect(orders).toHaveLength(1);
    expect(calls).toEqual(['read', 'queue']);
  });

  test('Given a secret that cannot be read, then it is a 500 with the reason in the log, and never "unsigned"', async () => {
    const { post, orders } = entrance({ stored: [new Error('SSM GetParameter failed: AccessDenied: no')] });
    expect(await post(signed(command))).toEqual({
      response: { statusCode: 500 },
      facts: { status: 500, result: 'secret-unread', why: 'SSM GetParameter failed: AccessDenied: no' },
    });
    expect(orders).toEqual([]);
  });

  test('Given a kept secret that does not match and no newer one to be had, then it is a 500 too', async () => {
    const { warm, post } = entrance({ stored: ['before the change', new Error('SSM is away')] });
    await warm();
    expect(statusOf(await post(signed(command)))).toBe(500);
  });

  test('Given a reading that failed when the process started, then the first request reads again', async () => {
    const { warm, post, orders } = entrance({ stored: [new Error('no network yet'), SECRET] });
    await warm();
    expect(statusOf(await post(signed(command)))).toBe(200);
    expect(orders).toHaveLength(1);
  });
});

describe('Signed, and still no order', () => {
  test.each([
    ['an interaction of another kind', payloadBody({ ...pressed, type: 'view_closed' }), 200, 'ignored'],
    ['a link button', payloadBody({ ...pressed, actions: [{ action_id: 'open' }] }), 200, 'ignored'],
    ['a body that says nothing', 'a=b', 400, 'malformed'],
    ['a bad escape', `${command}&x=%zz`, 400, 'malformed'],
    ['a command twice', `${command}&command=%2Finvalidate`, 400, 'malformed'],
  ])('%s', async (_, body, status, result) => {
    const { post, orders } = entrance();
    const received = await post(signed(body));
    expect(received.response).toEqual({ statusCode: status });
    expect(received.facts['result']).toBe(result);
    expect(orders).toEqual([]);
  });
});

describe('The queue does not confirm the order', () => {
  const fails = { queue: 'fails' } as const;

  test('Given a command, then the person who typed it is told, and not that it was taken', async () => {
    const { post } = entrance(fails);
    const { response, facts } = await post(signed(command));
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(response.body ?? '')).toEqual({
      response_type: 'ephemeral',
      text: ':warning: *Usher may not have your order*: its queue did not confirm it.\n*Next:* if no answer comes within a minute, send it again.',
    });
    expect(facts).toMatchObject({ result: 'not-queued', why: 'SQS SendMessage failed: NoAnswer: too late' });
  });

  test('Given a button, then the person who pressed it is told by its own address', async () => {
    const { post, told } = entrance(fails);
    expect((await post(signed(button))).response).toEqual({ statusCode: 200 });
    expect(told).toEqual([`${pressed.response_url} ${ACKNOWLEDGEMENTS.en.unconfirmed}`]);
  });

  test.each([
    ['Slack does not take the words', pressed, { ...fails, slack: 'fails' as const }],
    ['there is no address', { ...pressed, response_url: undefined }, fails],
  ])('Given a button, when %s, then a 500 lets Slack show its own sign', async (_, payload, around) => {
    const { post } = entrance(around);
    expect((await post(signed(payloadBody(payload)))).response).toEqual({ statusCode: 500 });
  });
});

test('Nothing that the log hears holds the body, the address for answers or the secret', async () => {
  const text = 'invalidate E123 /very/private';
  const requests = [
    signed(form({ ...commandFields, text })),
    signed(button),
    signed(`${command}&x=%zz`),
    signed(command, 'no'),
  ];
  for (const queue of ['works', 'fails'] as const) {
    for (const request of requests) {
      const { post } = entrance({ queue });
      const { facts } = await post(request);
      expect(JSON.stringify(facts)).not.toMatch(/private|hooks\.slack|8f742231|Steve|T0001/);
    }
  }
});
