import { expect, test } from '@jest/globals';
import { parseExpiryEvent } from '../../../events/parse-expiry-event.ts';
import { messagesOf } from '../../../stories/watch-expiry/take-event.ts';
import { sample } from '../../events/samples.ts';
import { aStage } from '../../support/world/builders.ts';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b';

const asked = (name: string, account: string, trustedAccounts: readonly string[] = []) => {
  const event = parseExpiryEvent(sample(name));
  if (event.kind === 'ignored') throw new Error('the sample is ignored');
  const settings = {
    regions: ['ap-northeast-1', 'us-east-1'],
    thresholdsDays: [45, 30, 14, 7, 3, 1, 0],
    trustedAccounts,
    endpoints: [],
    domainDates: new Map(),
    ignoredDomains: [],
  };
  return messagesOf({ stage: aStage({ account }), settings }, event);
};

const REQUESTED = 'certificate-request/requested.json';
const EXPIRED = 'certificate-event/expired.json';

test('Given a request or an expiry in the stage’s own account, then that certificate is looked at', () => {
  const look = [{ kind: 'expiry-look', subjects: [`certificate|${ARN}`] }];
  expect(asked(REQUESTED, '123456789012')).toEqual(look);
  expect(asked(EXPIRED, '123456789012')).toEqual(look);
});

test('Given the same in an account that nobody trusts, then nothing is asked for', () => {
  expect(asked(REQUESTED, '210987654321')).toEqual([]);
  expect(asked(EXPIRED, '210987654321')).toEqual([]);
});

test('Given the same in a trusted account, then an expiry is passed on, and a request is left to whoever made it', () => {
  expect(asked(REQUESTED, '210987654321', ['123456789012'])).toEqual([]);
  expect(asked(EXPIRED, '210987654321', ['123456789012'])).toEqual([
    { kind: 'expiry-elsewhere', arn: ARN, occasion: 'expired' },
  ]);
});
