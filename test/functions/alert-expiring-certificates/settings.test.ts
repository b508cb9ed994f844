import { describe, expect, test } from '@jest/globals';
import { SettingError } from '../../../domain/settings.ts';
import { alertSettingsFrom } from '../../../functions/alert-expiring-certificates/settings.ts';

/** Everything that has no default. */
const NEEDED = {
  AWS_REGION: 'ap-northeast-1',
  USHER_STAGE: 'prod',
  USHER_TABLE: 'usher-prod',
  USHER_EXPIRY_QUEUE_URL: 'https://sqs.example/expiry',
  USHER_EXPIRY_DEAD_LETTER_QUEUE_URL: 'https://sqs.example/expiry-dead',
};

test('Given what the deployment sets, and nothing chosen, then there are defaults, and the whole internet', () => {
  expect(alertSettingsFrom(NEEDED)).toEqual({
    expiry: {
      regions: ['ap-northeast-1', 'us-east-1'],
      thresholdsDays: [45, 30, 14, 7, 3, 1, 0],
      trustedAccounts: [],
      endpoints: [],
      domainDates: new Map(),
      ignoredDomains: [],
    },
    localInternet: undefined,
    table: 'usher-prod',
    queueUrl: 'https://sqs.example/expiry',
    deadLetterQueueUrl: 'https://sqs.example/expiry-dead',
  });
});

test.each(Object.keys(NEEDED).filter((name) => name !== 'AWS_REGION'))(
  'Given no %s, then it is refused by name',
  (name) => {
    expect(() => alertSettingsFrom({ ...NEEDED, [name]: ' ' })).toThrow(SettingError);
    expect(() => alertSettingsFrom({ ...NEEDED, [name]: ' ' })).toThrow(`${name} is not set`);
  },
);

describe('the stage local', () => {
  const local = { ...NEEDED, USHER_STAGE: 'local' };

  test('Given no stand-ins, then whatever is asked finds nobody: nothing leaves this machine', () => {
    expect(alertSettingsFrom(local).localInternet).toEqual({ dns: 9, tls: 9, rdap: 9, whois: 9 });
  });

  test('Given some, then those are asked', () => {
    const settings = { ...local, USHER_LOCAL_INTERNET: 'dns=5353, tls=8443' };
    expect(alertSettingsFrom(settings).localInternet).toEqual({ dns: 5353, tls: 8443, rdap: 9, whois: 9 });
  });

  test('Given something else, or another stage, then that is refused', () => {
    expect(() => alertSettingsFrom({ ...local, USHER_LOCAL_INTERNET: 'smtp=25' })).toThrow('holds "smtp=25"');
    expect(() => alertSettingsFrom({ ...NEEDED, USHER_LOCAL_INTERNET: 'dns=5353' })).toThrow(
      'USHER_LOCAL_INTERNET is for the stage local alone',
    );
  });
});
