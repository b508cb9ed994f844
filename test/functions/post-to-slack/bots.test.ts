import { expect, test } from '@jest/globals';
import { destinationBots } from '../../../functions/post-to-slack/bots.ts';

const settings = { secretPrefix: '/usher/prod', destinations: ['default', 'web'] } as const;

const bots = (stored: Readonly<Record<string, string>>) =>
  destinationBots({ readSecretIfStored: async (name) => stored[name] }, settings);

test('Given a token and a channel, then a destination has a bot, and a name the stage does not have speaks by the first', async () => {
  const botOf = bots({
    '/usher/prod/slack/default/bot-token': 'xoxb-1\n',
    '/usher/prod/slack/default/bot-channel': ' C0123456789 ',
  });
  expect(await botOf('default')).toEqual({ token: 'xoxb-1', channel: 'C0123456789' });
  expect(await botOf('../../other')).toEqual({ token: 'xoxb-1', channel: 'C0123456789' });
  expect(await botOf('web')).toBeUndefined();
});

test('Given a token without a channel, or parameters that can’t be read, then there is no bot and the webhook does', async () => {
  expect(await bots({ '/usher/prod/slack/default/bot-token': 'xoxb-1' })('default')).toBeUndefined();
  const unread = destinationBots({ readSecretIfStored: async () => Promise.reject(new Error('throttled')) }, settings);
  expect(await unread('default')).toBeUndefined();
});
