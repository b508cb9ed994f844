import { expect, test } from '@jest/globals';
import { makeInbox } from '../../../local/slack/inbox.ts';
import type { ReceivedSlackMessage } from '../../../local/slack/stand-in.ts';

const message = (text: string): ReceivedSlackMessage => ({
  destination: 'default',
  receivedAt: new Date('2026-11-22T05:00:00.000Z'),
  text,
  blocks: [],
  payload: {},
  place: { kind: 'webhook' },
});

const anInbox = () => {
  const told: (string | undefined)[] = [];
  return { told, inbox: makeInbox(({ text }) => told.push(text)) };
};

test('Given nobody who tells a story, when messages arrive, then each is told at once, and once', () => {
  const { told, inbox } = anInbox();
  inbox.take(message('web-1'));
  expect(told).toEqual(['web-1']);
  inbox.take(message('web-cli'));
  expect(inbox.tellNew()).toEqual([]);
  expect(told).toEqual(['web-1', 'web-cli']);
});

test('Given a story, when messages arrive meanwhile, then they are told when it asks, all others at its end, each once', () => {
  const { told, inbox } = anInbox();
  const release = inbox.hold();
  inbox.take(message('web-cli'));
  inbox.take(message('web-2'));
  expect(told).toEqual([]);
  expect(inbox.tellNew().map(({ text }) => text)).toEqual(['web-cli', 'web-2']);
  inbox.take(message('web-3'));
  release();
  release();
  inbox.take(message('web-4'));
  expect(told).toEqual(['web-cli', 'web-2', 'web-3', 'web-4']);
});
