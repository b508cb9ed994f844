import { expect, test } from '@jest/globals';
import type { Order } from '../../../domain/order.ts';
import { orderReplies } from '../../../functions/carry-out-orders/order-replies.ts';
import type { Delivery } from '../../../slack/delivery.ts';
import { IN_SERVICE } from '../../slack/reports.ts';
import { aMemoryState } from '../../support/world/memory-state.ts';

const ORDER: Order = {
  orderId: '0'.repeat(64),
  orderedAt: '2026-11-22T05:00:00.000Z',
  by: { teamId: 'T0001', channelId: 'C0001', userId: 'U0001', userName: undefined },
  asked: { kind: 'command', command: '/usher', text: '' },
  responseUrl: 'https://hooks.slack.com/commands/T0001/1/secret',
};

/** An order some minutes old, and a Slack that says this to each answer. */
const replying = (minutes: number, said: Delivery = { kind: 'delivered' }) => {
  const posts: string[] = [];
  const logged: unknown[] = [];
  const replies = orderReplies({
    orders: aMemoryState().orders,
    answer: async (_, { responseUrl, audience }) => {
      posts.push(`${audience} ${responseUrl}`);
      return said;
    },
    pauses: aMemoryState().pauses,
    render: () => ({ text: 'said', blocks: [] }),
    allowsLoopback: false,
    now: () => new Date(Date.parse(ORDER.orderedAt) + minutes * 60_000),
    log: (line) => logged.push(line),
  });
  const reply = (order: Order = ORDER) => replies.reply(order, { report: IN_SERVICE, audience: 'person' });
  return { reply, posts, logged };
};

test('Given six answers to one order, then five go to its address, and the sixth is for the channel', async () => {
  const { reply, posts } = replying(1);
  const taken = [];
  for (let index = 0; index < 6; index += 1) taken.push(await reply());
  expect(taken).toEqual([true, true, true, true, true, false]);
  expect(posts).toHaveLength(5);
});

test.each([
  ['29 minutes', 29, true],
  ['30 minutes', 30, false],
])('Given an order %s old, then it is answered at its address: %s', async (_, minutes, isTaken) => {
  const { reply, posts } = replying(minutes);
  expect([await reply(), posts.length]).toEqual([isTaken, isTaken ? 1 : 0]);
});

test('Given an order without an address, then nothing is sent', async () => {
  const { reply, posts } = replying(0);
  expect(await reply({ ...ORDER, responseUrl: undefined })).toBe(false);
  expect(posts).toEqual([]);
});

test.each<Delivery>([
  { kind: 'refused', status: 404, slackError: 'used_url' },
  { kind: 'wait', seconds: 2, why: 'Slack answered 503' },
])(
  'Given Slack does not take it (%j), then it is for the channel, and the log does not hold the address',
  async (said) => {
    const { reply, logged } = replying(1, said);
    expect(await reply()).toBe(false);
    expect(logged).toMatchObject([{ event: 'order-not-answered', orderId: ORDER.orderId }]);
    expect(JSON.stringify(logged)).not.toContain('secret');
  },
);
