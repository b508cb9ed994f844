import { expect, test } from '@jest/globals';
import type { SlackMessage } from '../../slack/message.ts';
import { mrkdwn, plainText } from '../../slack/message.ts';
import { endedHead, storedHead } from '../../slack/thread-head.ts';

const HEAD: SlackMessage = {
  text: 'web-3 is not in service',
  blocks: [
    { type: 'section', text: mrkdwn(':warning: *web-3 is not in service*\nVisitors: not affected.') },
    { type: 'context', elements: [mrkdwn('prod · Tokyo')] },
    {
      type: 'actions',
      elements: [{ type: 'button', text: plainText('Snooze', 75), action_id: 'usher:snooze', value: 'plan-1' }],
    },
  ],
};
const ENDING: SlackMessage = {
  text: 'web-3 is in service',
  blocks: [{ type: 'section', text: mrkdwn(':white_check_mark: *web-3 is in service*\nNow 3 of 3 healthy') }],
};

test('Given an ending, then its line 1 stands on top, what was said stays, and the buttons are gone', () => {
  expect(endedHead(HEAD, ENDING)).toEqual({
    text: 'web-3 is in service',
    blocks: [
      { type: 'section', text: mrkdwn(':white_check_mark: *web-3 is in service*') },
      HEAD.blocks[0],
      HEAD.blocks[1],
    ],
  });
});

test('Given an ending without blocks, then its text stands on top', () => {
  expect(endedHead(HEAD, { text: 'over', blocks: [] }).blocks[0]).toEqual({ type: 'section', text: mrkdwn('over') });
});

test.each(['', 'null', '[]', '{"text":1,"blocks":[]}', '{"text":"x"}'])(
  'Given %j as what was stored, then there is no head',
  (json) => {
    expect(storedHead(json)).toBeUndefined();
  },
);

test('Given a stored message, then it is read as it was', () => {
  expect(storedHead(JSON.stringify(HEAD))).toEqual(HEAD);
});
