import { describe, expect, test } from '@jest/globals';
import { postSettingsFrom } from '../../../functions/post-to-slack/settings.ts';
import { webhookUrls } from '../../../functions/post-to-slack/webhook-urls.ts';
import { renderOptions } from '../../../functions/render-settings.ts';
import { WebhookUrlError } from '../../../slack/webhook-url.ts';
import { IN_SERVICE } from '../../slack/reports.ts';

const NEEDED = {
  USHER_SECRET_PREFIX: '/usher/prod',
  USHER_TABLE: 'usher-prod',
  USHER_REPORT_QUEUE_URL: 'https://sqs.ap-northeast-1.amazonaws.com/123456789012/usher-prod-reports.fifo',
  USHER_REPORT_DEAD_LETTER_QUEUE_URL:
    'https://sqs.ap-northeast-1.amazonaws.com/123456789012/usher-prod-reports-dead.fifo',
};

test('Given only what is needed, then the rest has defaults that work, and the account goes by its number', () => {
  const settings = postSettingsFrom({ ...NEEDED, USHER_ACCOUNT_LABEL: '', USHER_MENTIONS: '', USHER_DESTINATIONS: '' });
  expect(settings).toEqual({
    render: { language: 'en', timeZone: 'UTC', accountLabel: undefined, mentions: [] },
    destinations: ['default'],
    secretPrefix: '/usher/prod',
    table: 'usher-prod',
    queueUrl: NEEDED.USHER_REPORT_QUEUE_URL,
    deadLetterQueueUrl: NEEDED.USHER_REPORT_DEAD_LETTER_QUEUE_URL,
  });
  expect(renderOptions(settings.render, IN_SERVICE, undefined)).toMatchObject({ accountLabel: '123456789012' });
});

test('Given everything, then it is taken, in Slack’s notation for mentions or without', () => {
  const settings = postSettingsFrom({
    ...NEEDED,
    USHER_LANGUAGE: 'ja',
    USHER_TIME_ZONE: 'Asia/Tokyo',
    USHER_ACCOUNT_LABEL: ' Shop ',
    USHER_DESTINATIONS: 'web, ops',
    USHER_MENTIONS: '<!subteam^S012AB3CD>, <@U024BE7LH> S0123ABCD,here @channel <!here>',
  });
  expect(settings.destinations).toEqual(['web', 'ops']);
  expect(renderOptions(settings.render, IN_SERVICE, undefined)).toEqual({
    language: 'ja',
    timeZone: 'Asia/Tokyo',
    accountLabel: 'Shop',
    mentions: [
      { kind: 'user-group', id: 'S012AB3CD' },
      { kind: 'user', id: 'U024BE7LH' },
      { kind: 'user-group', id: 'S0123ABCD' },
      { kind: 'here' },
      { kind: 'channel' },
      { kind: 'here' },
    ],
  });
});

describe('the webhook of a destination', () => {
  const asked: string[] = [];
  const secrets = (value: string) => ({
    readSecret: async (name: string) => {
      asked.push(name);
      return value;
    },
  });
  const settings = { secretPrefix: '/usher/prod', destinations: ['web', 'ops'] as const };

  test.each([
    ['ops', '/usher/prod/slack/ops/webhook-url'],
    ['elsewhere', '/usher/prod/slack/web/webhook-url'],
    ['../../other/secret', '/usher/prod/slack/web/webhook-url'],
  ])('%j is read from %s', async (destination, parameter) => {
    asked.length = 0;
    const urlOf = webhookUrls(secrets('https://hooks.slack.com/services/T0/B0/x'), {
      ...settings,
      destinations: ['web', 'ops'],
    });
    expect(await urlOf(destination)).toBe('https://hooks.slack.com/services/T0/B0/x');
    expect(asked).toEqual([parameter]);
  });

  test('Given a parameter that holds something else, then the error names the parameter and not its value', async () => {
    const urlOf = webhookUrls(secrets('https://evil.example/services/T/B/SECRET'), {
      ...settings,
      destinations: ['web'],
    });
    await expect(urlOf('web')).rejects.toThrow(WebhookUrlError);
    await expect(urlOf('web')).rejects.toThrow(/^\/usher\/prod\/slack\/web\/webhook-url: (?!.*SECRET)/);
  });
});
