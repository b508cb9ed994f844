import { expect, test } from '@jest/globals';
import { expirySettingsFrom } from '../../../domain/expiry/settings-from.ts';
import { SettingError } from '../../../domain/settings.ts';

const LEAST = { AWS_REGION: 'ap-northeast-1' };

test('Given nothing, then the stage’s Region and CloudFront’s are watched, at the usual thresholds', () => {
  expect(expirySettingsFrom(LEAST)).toEqual({
    regions: ['ap-northeast-1', 'us-east-1'],
    thresholdsDays: [45, 30, 14, 7, 3, 1, 0],
    trustedAccounts: [],
    endpoints: [],
    domainDates: new Map(),
    ignoredDomains: [],
  });
  expect(expirySettingsFrom({ AWS_REGION: 'us-east-1' }).regions).toEqual(['us-east-1']);
});

test('Given every setting, then each is taken once, thresholds from far to near', () => {
  expect(
    expirySettingsFrom({
      ...LEAST,
      USHER_EXPIRY_REGIONS: 'eu-west-1, us-east-1 eu-west-1',
      USHER_EXPIRY_THRESHOLDS_DAYS: '7, 30, 0, 30',
      USHER_TRUSTED_ACCOUNTS: '210987654321',
      USHER_EXPIRY_ENDPOINTS: 'WWW.example.co.jp, mail.example.co.jp:8443',
      USHER_DOMAIN_DATES: 'Example.jp=2028-02-29',
      USHER_IGNORED_DOMAINS: 'old.example.com xn--r8jz45g.jp',
    }),
  ).toEqual({
    regions: ['eu-west-1', 'us-east-1'],
    thresholdsDays: [30, 7, 0],
    trustedAccounts: ['210987654321'],
    endpoints: [
      { host: 'www.example.co.jp', port: 443 },
      { host: 'mail.example.co.jp', port: 8443 },
    ],
    domainDates: new Map([['example.jp', new Date('2028-02-29T00:00:00Z')]]),
    ignoredDomains: ['old.example.com', 'xn--r8jz45g.jp'],
  });
});

test.each([
  ['USHER_EXPIRY_REGIONS', 'tokyo', 'USHER_EXPIRY_REGIONS holds "tokyo"; it may hold Regions such as ap-northeast-1'],
  [
    'USHER_EXPIRY_THRESHOLDS_DAYS',
    '-1',
    'USHER_EXPIRY_THRESHOLDS_DAYS holds "-1"; it may hold whole numbers of days from 0 to 999',
  ],
  ['USHER_TRUSTED_ACCOUNTS', '123', 'USHER_TRUSTED_ACCOUNTS holds "123"; it may hold account ids of twelve digits'],
  [
    'USHER_EXPIRY_ENDPOINTS',
    'https://www.example.com',
    'USHER_EXPIRY_ENDPOINTS holds "https://www.example.com"; it may hold hosts, or host:port',
  ],
  [
    'USHER_EXPIRY_ENDPOINTS',
    'www.example.com:0',
    'USHER_EXPIRY_ENDPOINTS holds "www.example.com:0"; a port is from 1 to 65535',
  ],
  [
    'USHER_EXPIRY_ENDPOINTS',
    'localhost',
    'USHER_EXPIRY_ENDPOINTS holds "localhost"; it may hold domains such as example.co.jp, in ASCII',
  ],
  [
    'USHER_DOMAIN_DATES',
    'example.jp=2027-02-29',
    'USHER_DOMAIN_DATES holds "2027-02-29", which is no day of the calendar',
  ],
  [
    'USHER_DOMAIN_DATES',
    'example.jp',
    'USHER_DOMAIN_DATES holds "example.jp"; it may hold domains with their dates: example.jp=2027-03-31',
  ],
  [
    'USHER_IGNORED_DOMAINS',
    '例え.jp',
    'USHER_IGNORED_DOMAINS holds "例え.jp"; it may hold domains such as example.co.jp, in ASCII',
  ],
])('Given %s = %s, then it is refused and says what it may hold', (name, value, message) => {
  expect(() => expirySettingsFrom({ ...LEAST, [name]: value })).toThrow(new SettingError(message));
});
