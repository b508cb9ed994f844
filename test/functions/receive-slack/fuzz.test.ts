import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receive } from '../../../functions/receive-slack/receive.ts';
import { signingSecret } from '../../../functions/receive-slack/signing-secret.ts';
import { ACKNOWLEDGEMENTS } from '../../../slack/catalogue/acknowledgement.ts';
import { parseCommand } from '../../../slack/commands/grammar.ts';
import { decodeRequest } from '../../../slack/requests/decode.ts';
import {
  bytes,
  commandFields,
  form,
  PUBLISHED,
  payloadBody,
  pressed,
  signedHeaders,
} from '../../slack/requests/slack-requests.ts';

const NOW = new Date('2026-11-22T05:02:11.000Z');

/** 100,000 in all, cheap ones: what is looked for is a crash, or an order that nobody signed. */
const UNSIGNED = 20_000;
const SIGNED = 30_000;
const LINES = 50_000;

const VALID = [form(commandFields), payloadBody(pressed), PUBLISHED.body] as const;

/** Pieces that bodies and command lines are made of, and what breaks them. */
const PIECES = [
  '&',
  '=',
  '%',
  '%00',
  '%C0%AF',
  '%E3%81',
  '+',
  ';',
  'command=%2Fusher',
  'command',
  'payload=',
  'payload=%7B%7D',
  'payload=%7B%22type%22%3A%22block_actions%22%7D',
  'payload=null',
  'text=',
  'team_id=T1',
  'user_id=U1',
  'channel_id=C1',
  'ssl_check=1',
  '__proto__=1',
  'payload=%7B%22__proto__%22%3A1%7D',
  '\u0000',
  '\uD800',
  '😀',
] as const;

const SPOKEN = [
  'invalidate',
  '/invalidate',
  'help',
  'doctor',
  'E123',
  'https://',
  'https://www.example.com',
  '<https://a.example/b|a>',
  '<',
  '>',
  '|',
  '<@U1>',
  '<!channel>',
  '<#C1|x>',
  '&amp;',
  '&lt;',
  '"',
  '“',
  '”',
  "'",
  '’',
  '「',
  '」',
  '『',
  '』',
  '`',
  '／',
  '＊',
  '：',
  '＃',
  '—',
  '–',
  '\u3000',
  '\u200B',
  '\u202E',
  '\u0000',
  '\uD800',
  '*',
  '#tag:1',
  '/a',
  '//',
  '..',
  '%',
  ' ',
  '\n',
  '😀',
  '*.example.com',
  'xn--',
  ':8443',
  '@',
  'é',
  'e\u0301',
] as const;

const made = (pieces: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...pieces) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

/** A request of Slack's with a piece of it replaced. */
const damaged = fc
  .tuple(fc.constantFrom(...VALID), fc.nat(), fc.nat(40), fc.constantFrom(...PIECES))
  .map(([body, at, length, piece]) => {
    const start = at % (body.length + 1);
    return `${body.slice(0, start)}${piece}${body.slice(start + length)}`;
  });

const bodies = fc.oneof(damaged, made(PIECES));

const entrance = () => {
  const orders: unknown[] = [];
  const secret = signingSecret(
    async () => PUBLISHED.secret,
    () => NOW,
  );
  const ports = {
    secret,
    queueOrder: async (order: unknown) => {
      orders.push(order);
    },
    tellPerson: async () => {},
    allowsLoopback: false,
    words: ACKNOWLEDGEMENTS.ja,
    now: () => NOW,
  };
  return {
    orders,
    post: (headers: Readonly<Record<string, string>>, body: string) =>
      receive(ports, { method: 'POST', headers, body: bytes(body) }),
  };
};

const signature = fc.oneof(
  fc.constant({}),
  fc.constant({ 'x-slack-signature': 'v0=', 'x-slack-request-timestamp': String(NOW.getTime() / 1_000) }),
  // Signed by Slack, for another body; by somebody else, for this one
  fc.constant(signedHeaders(PUBLISHED.secret, 'another body', NOW)),
  fc.constant('forged' as const),
  fc.constant('stale' as const),
);

test('Given any body that Slack did not sign now, then no order comes of it, whatever it holds', async () => {
  const { orders, post } = entrance();
  await fc.assert(
    fc.asyncProperty(bodies, signature, async (body, given) => {
      const forged = signedHeaders('guessed', body, NOW);
      const stale = signedHeaders(PUBLISHED.secret, body, new Date(NOW.getTime() - 600_000));
      const headers = given === 'forged' ? forged : given === 'stale' ? stale : given;
      const { response } = await post(headers, body);
      if (response.statusCode !== 401)
        expect([response, body]).toEqual([{ statusCode: 200 }, expect.stringContaining('ssl_check=1')]);
      if (orders.length > 0) throw new Error(`an order from ${body}`);
    }),
    { numRuns: UNSIGNED },
  );
});

test('Given any body that Slack signed, then it is an order whole in every field, or none, and never a crash', () => {
  const whole =
    /^\{"orderId":"[0-9a-f]{64}","orderedAt":"2026-11-22T05:02:11\.000Z","by":\{"teamId":"[A-Z][A-Z0-9]+","channelId":"[A-Z][A-Z0-9]+","userId":"[A-Z][A-Z0-9]+"/;
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(bodies, (body) => {
      const request = decodeRequest({ body: bytes(body), signedAt: NOW, allowsLoopback: false });
      kinds.set(request.kind, (kinds.get(request.kind) ?? 0) + 1);
      if (request.kind === 'order' && !whole.test(JSON.stringify(request.order)))
        throw new Error(JSON.stringify(request));
    }),
    { numRuns: SIGNED },
  );
  // The cases reach both sides, else the property says nothing.
  expect([...kinds.keys()].sort()).toEqual(['ignored', 'malformed', 'order']);
});

test('Given any command line, then it is understood or answered, and never a crash', () => {
  const verbs = new Map<string, number>();
  fc.assert(
    fc.property(made(SPOKEN), fc.boolean(), (text, isShort) => {
      const command = parseCommand(isShort ? '/invalidate' : '/usher', text);
      verbs.set(command.verb, (verbs.get(command.verb) ?? 0) + 1);
      if (command.verb !== 'invalidate') return;
      if (command.paths.length === 0 || command.where === '') throw new Error(JSON.stringify(command));
    }),
    { numRuns: LINES },
  );
  expect([...verbs.values()].reduce((sum, count) => sum + count)).toBe(LINES);
  expect([...verbs.keys()]).toEqual(expect.arrayContaining(['help', 'invalidate', 'not-understood']));
});
