import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../domain/order.ts';
import { BUTTON_VERBS } from '../../domain/order.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { serializeSlackOrder } from '../../events/serialize-slack-order.ts';
import { parseSlackOrder } from '../../events/slack-order.ts';

const order: Order = {
  orderId: '390eeeff8d0cb7c9f6ecf8a88c3df6452fea0914eb02f64844369f3758d8d330',
  orderedAt: '2026-11-22T05:02:11.000Z',
  by: { teamId: 'T0001', channelId: 'C2147483705', userId: 'U2147483697', userName: 'Steve' },
  asked: { kind: 'command', command: '/usher', text: 'invalidate E123 /blog/*' },
  responseUrl: 'https://hooks.slack.com/commands/1234/5678',
};

test('The message in the command queue is versioned JSON', () => {
  expect(JSON.parse(serializeSlackOrder(order))).toEqual({ usher: 1, kind: 'slack-order', order });
});

test('Given an order without a name and without an address for answers, when it has gone through the queue, then it says so', () => {
  const bare: Order = { ...order, by: { ...order.by, userName: undefined }, responseUrl: undefined };
  expect(parseSlackOrder(serializeSlackOrder(bare))).toStrictEqual(bare);
});

test('What is put into the queue comes out of it, whatever was typed', () => {
  const text = fc.string({ unit: 'binary' });
  const plain = { noNullPrototype: true } as const;
  const button = { kind: fc.constant('button' as const), verb: fc.constantFrom(...BUTTON_VERBS), planId: text };
  const asked = fc.oneof(
    fc.record({ kind: fc.constant('command' as const), command: text, text }, plain),
    fc.record(button, plain),
    fc.record({ ...button, messageTs: text }, plain),
  );
  fc.assert(
    fc.property(asked, fc.option(text, { nil: undefined }), (what, responseUrl) => {
      const given: Order = { ...order, asked: what, responseUrl };
      expect(parseSlackOrder(serializeSlackOrder(given))).toStrictEqual(given);
    }),
  );
});

test.each<readonly [string, unknown, string]>([
  ['another version', { usher: 2, kind: 'slack-order', order }, 'usher: expected version 1 of the message'],
  ['another kind', { usher: 1, kind: 'look-again', order }, 'kind: expected slack-order'],
  ['no order', { usher: 1, kind: 'slack-order' }, 'order: expected an object'],
  [
    'no id',
    { usher: 1, kind: 'slack-order', order: { ...order, orderId: 'x' } },
    'order.orderId: expected 64 hexadecimal digits',
  ],
  [
    'no user',
    { usher: 1, kind: 'slack-order', order: { ...order, by: { ...order.by, userId: '' } } },
    'order.by.userId: expected an id',
  ],
  [
    'a verb of no button',
    { usher: 1, kind: 'slack-order', order: { ...order, asked: { kind: 'button', verb: 'explode', planId: 'p' } } },
    'order.asked.verb: expected what a button does',
  ],
  [
    'neither command nor button',
    { usher: 1, kind: 'slack-order', order: { ...order, asked: { kind: 'shout' } } },
    'order.asked',
  ],
])('Given %s, then it is refused, and the error names the field', (_, message, error) => {
  const parse = () => parseSlackOrder(JSON.stringify(message));
  expect(parse).toThrow(MalformedEventError);
  expect(parse).toThrow(error);
});

test('Given no JSON, then it is refused without repeating it', () => {
  expect(() => parseSlackOrder('https://hooks.slack.com/commands/secret')).toThrow('event: expected JSON');
});
