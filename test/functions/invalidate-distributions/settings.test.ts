import { expect, test } from '@jest/globals';
import { invalidationSettingsFrom } from '../../../functions/invalidate-distributions/settings.ts';

const ENVIRONMENT = {
  USHER_STAGE: 'prod',
  USHER_ACCOUNT: '123456789012',
  USHER_LANGUAGE: 'ja',
  USHER_TIME_ZONE: 'Asia/Tokyo',
  USHER_ACCOUNT_LABEL: '',
  USHER_INVALIDATION_DISTRIBUTIONS: 'E1WWW2222222, E2BLOG333333',
  USHER_INVALIDATION_GROUPS: 'site = www.example.com',
  USHER_TABLE: 'table',
  USHER_BUS: 'usher-prod',
  USHER_INVALIDATION_QUEUE_URL: 'https://sqs/invalidations',
  USHER_INVALIDATION_DEAD_LETTER_QUEUE_URL: 'https://sqs/invalidations-dead',
};

test('Given the deployed environment, then every setting is there', () => {
  expect(invalidationSettingsFrom(ENVIRONMENT)).toEqual({
    render: { language: 'ja', timeZone: 'Asia/Tokyo', accountLabel: undefined },
    invalidationDistributions: ['E1WWW2222222', 'E2BLOG333333'],
    groups: { site: ['www.example.com'] },
    table: 'table',
    bus: 'usher-prod',
    queueUrl: 'https://sqs/invalidations',
    deadLetterQueueUrl: 'https://sqs/invalidations-dead',
    isLocal: false,
  });
});

test('Given nothing is listed, then pipelines may invalidate nothing', () => {
  const { USHER_INVALIDATION_DISTRIBUTIONS, USHER_INVALIDATION_GROUPS, ...without } = ENVIRONMENT;
  expect(invalidationSettingsFrom(without)).toMatchObject({ invalidationDistributions: [], groups: {} });
});
