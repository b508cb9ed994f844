import { expect, test } from '@jest/globals';
import { receiveSettingsFrom } from '../../../functions/receive-slack/settings.ts';

const ENVIRONMENT = {
  USHER_STAGE: 'prod',
  USHER_SECRET_PREFIX: '/usher/prod/',
  USHER_LANGUAGE: 'ja',
  USHER_COMMAND_QUEUE_URL: 'https://sqs.example/commands',
};

test('Given what the deployment sets, then the settings name the parameter, the queue and the language', () => {
  expect(receiveSettingsFrom(ENVIRONMENT)).toEqual({
    language: 'ja',
    signingSecretParameter: '/usher/prod/slack/signing-secret',
    commandQueueUrl: 'https://sqs.example/commands',
    isLocal: false,
  });
});

test('Given the local stage, then a stand-in takes Slack’s place', () => {
  expect(receiveSettingsFrom({ ...ENVIRONMENT, USHER_STAGE: 'local' }).isLocal).toBe(true);
});
