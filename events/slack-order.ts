import * as z from 'zod/mini';
import type { Asked, Order, Orderer } from '../domain/order.ts';
import { BUTTON_VERBS } from '../domain/order.ts';
import { objectOf } from './fields.ts';
import { parseJson, parseWith } from './malformed-event-error.ts';

const text = z.string('expected text');
const id = z.string('expected an id').check(z.regex(/^[A-Z][A-Z0-9]{1,31}$/, 'expected an id'));
const by = z.pipe(
  objectOf({ teamId: id, channelId: id, userId: id, userName: z.optional(text) }),
  // JSON leaves out what is undefined; our types name it.
  z.transform((who): Orderer => ({ ...who, userName: who.userName })),
);

const command = objectOf({ kind: z.literal('command'), command: text, text });
const button = objectOf({
  kind: z.literal('button'),
  verb: z.enum(BUTTON_VERBS, 'expected what a button does'),
  planId: text,
  messageTs: z.optional(text),
});

const asked = z.pipe(
  z.discriminatedUnion('kind', [command, button], 'expected a command or a button'),
  z.transform((what): Asked => what),
);

const order = z.pipe(
  objectOf({
    orderId: z.string('expected an id').check(z.regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')),
    orderedAt: z.iso.datetime('expected an ISO 8601 instant in UTC'),
    by,
    asked,
    responseUrl: z.optional(text),
  }),
  z.transform((given): Order => ({ ...given, responseUrl: given.responseUrl })),
);

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('slack-order', 'expected slack-order'),
  order,
});

/**
 * The order in a message of the command queue.
 * @throws {MalformedEventError} naming the field, never holding what was in it
 */
export const parseSlackOrder = (body: string): Order => parseWith(schema, parseJson(body)).order;
