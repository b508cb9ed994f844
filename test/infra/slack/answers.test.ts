import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AnswerError,
  botTokenFrom,
  channelFrom,
  destinationFrom,
  languageFrom,
  signingSecretFrom,
  stageFrom,
  webhookFrom,
} from '../../../infra/slack/answers.ts';

// Made in parts, so that nobody takes them for real ones.
const HEX = '0123456789abcdef'.repeat(2);
const TOKEN = ['xoxb', '1', '2', 'abc'.repeat(8)].join('-');
const WEBHOOK = ['https://hooks.slack.com/services', 'T0', 'B0', 'x'].join('/');

test.each<[string, (typed: string) => string, string]>([
  ['a signing secret', signingSecretFrom, HEX],
  ['a bot token', botTokenFrom, TOKEN],
  ['a public channel', channelFrom, 'C0123456789'],
  ['a private channel', channelFrom, 'G0123456789'],
  ['a webhook', webhookFrom, WEBHOOK],
  ['a stage', stageFrom, 'prod'],
  ['a destination', destinationFrom, 'web-team'],
  ['a language', languageFrom, 'ja'],
])('%s is taken, without the spaces around it', (_, from, answer) => {
  expect(from(answer)).toBe(answer);
  if (from !== languageFrom) expect(from(` ${answer}\t`)).toBe(answer);
});

test.each<[string, (typed: string) => string, string]>([
  ['a signing secret of 31', signingSecretFrom, HEX.slice(1)],
  ['a bot token as signing secret', signingSecretFrom, TOKEN],
  ['a user’s token', botTokenFrom, TOKEN.replace('xoxb', 'xoxp')],
  ['a channel’s name', channelFrom, '#general'],
  ['a person', channelFrom, 'U0123456789'],
  ['another host’s webhook', webhookFrom, WEBHOOK.replace('slack.com', 'slack.example')],
  ['a webhook by plain HTTP', webhookFrom, WEBHOOK.replace('https', 'http')],
  ['a stage with a slash', stageFrom, 'prod/../dev'],
  ['a destination that climbs', destinationFrom, '../x'],
  ['a third language', languageFrom, 'de'],
])('%s is refused, and the error does not repeat it', (_, from, answer) => {
  expect(() => from(answer)).toThrow(AnswerError);
  try {
    from(answer);
  } catch (error) {
    expect(String(error)).not.toContain(answer);
  }
});

test('Whatever is typed: no refusal repeats it', () => {
  const froms = [signingSecretFrom, botTokenFrom, channelFrom, webhookFrom];
  fc.assert(
    fc.property(fc.constantFrom(...froms), fc.string({ minLength: 12 }), (from, typed) => {
      try {
        from(typed);
      } catch (error) {
        expect(String(error)).not.toContain(typed);
      }
    }),
  );
});
