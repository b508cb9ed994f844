import { expect, test } from '@jest/globals';
import { apiUrlBeside, webhookUrlFrom } from '../../slack/webhook-url.ts';

test.each([
  ['https://hooks.slack.com/services/T0/B0/x', 'https://slack.com/api/'],
  ['https://hooks.slack-gov.com/services/T0/B0/x', 'https://slack-gov.com/api/'],
  ['http://127.0.0.1:4567/services/T0/B0/x', 'http://127.0.0.1:4567/api/'],
])('The Web API beside %s is %s: a token goes nowhere else', (webhook, api) => {
  expect(apiUrlBeside(webhookUrlFrom(webhook))).toBe(api);
});
