import { describe, expect, test } from '@jest/globals';
import type { Settings } from '../../domain/settings.ts';
import { SettingError } from '../../domain/settings.ts';
import { stageFrom } from '../../domain/stage.ts';
import { orderSettingsFrom } from '../../functions/carry-out-orders/settings.ts';
import { invalidationSettingsFrom } from '../../functions/invalidate-distributions/settings.ts';
import { postSettingsFrom } from '../../functions/post-to-slack/settings.ts';
import { receiveSettingsFrom } from '../../functions/receive-slack/settings.ts';

/** Everything that has no default. */
const NEEDED: Settings = {
  AWS_REGION: 'ap-northeast-1',
  USHER_STAGE: 'prod',
  USHER_ACCOUNT: '123456789012',
  USHER_SECRET_PREFIX: '/usher/prod',
  USHER_TABLE: 'usher-prod',
  USHER_BUS: 'usher-prod',
  USHER_COMMAND_QUEUE_URL: 'https://sqs.example/commands',
  USHER_COMMAND_DEAD_LETTER_QUEUE_URL: 'https://sqs.example/commands-dead',
  USHER_WATCH_QUEUE_URL: 'https://sqs.example/watches',
  USHER_EXPIRY_QUEUE_URL: 'https://sqs.example/expiry',
  USHER_SWEEP_QUEUE_URL: 'https://sqs.example/sweep',
  USHER_INVALIDATION_QUEUE_URL: 'https://sqs.example/invalidations',
  USHER_INVALIDATION_DEAD_LETTER_QUEUE_URL: 'https://sqs.example/invalidations-dead',
  USHER_REPORT_QUEUE_URL: 'https://sqs.example/reports.fifo',
  USHER_REPORT_DEAD_LETTER_QUEUE_URL: 'https://sqs.example/reports-dead.fifo',
};

/** What reads settings when a function starts; `stage` is read by all but receive-slack and post-to-slack. */
const READERS = {
  stage: stageFrom,
  'carry-out-orders': orderSettingsFrom,
  'invalidate-distributions': invalidationSettingsFrom,
  'post-to-slack': postSettingsFrom,
  'receive-slack': receiveSettingsFrom,
};

type Reader = keyof typeof READERS;

const RENDERING: readonly Reader[] = ['carry-out-orders', 'invalidate-distributions', 'post-to-slack'];
const TABLE: readonly Reader[] = RENDERING;
const GROUPS: readonly Reader[] = ['carry-out-orders', 'invalidate-distributions'];

const REFUSED: readonly (readonly [name: string, value: string | undefined, by: readonly Reader[], why: string])[] = [
  ['USHER_LANGUAGE', 'de', [...RENDERING, 'receive-slack'], 'is "de"; it may be en or ja'],
  ['USHER_LANGUAGE', 'JA', [...RENDERING, 'receive-slack'], 'is "JA"; it may be en or ja'],
  ['USHER_TIME_ZONE', 'Tokio', RENDERING, 'is "Tokio"; it must be an IANA name such as Asia/Tokyo'],
  ['USHER_DESTINATIONS', '../x', ['stage', 'post-to-slack'], 'holds "../x"; it may hold names of letters'],
  ['USHER_MENTIONS', '@tanaka', ['post-to-slack'], 'holds "@tanaka"; it may hold ids of people'],
  ['USHER_SECRET_PREFIX', ' ', ['post-to-slack', 'receive-slack'], 'is not set'],
  ['USHER_TABLE', undefined, TABLE, 'is not set; the deployment sets it from serverless.yml'],
  ['USHER_TABLE', ' ', TABLE, 'is not set'],
  ['USHER_BUS', '', ['invalidate-distributions'], 'is not set'],
  ['USHER_COMMAND_QUEUE_URL', ' ', ['carry-out-orders', 'receive-slack'], 'is not set'],
  ['USHER_COMMAND_DEAD_LETTER_QUEUE_URL', ' ', ['carry-out-orders'], 'is not set'],
  ['USHER_WATCH_QUEUE_URL', ' ', ['carry-out-orders'], 'is not set'],
  ['USHER_EXPIRY_QUEUE_URL', ' ', ['carry-out-orders'], 'is not set'],
  ['USHER_SWEEP_QUEUE_URL', ' ', ['carry-out-orders'], 'is not set'],
  ['USHER_INVALIDATION_QUEUE_URL', ' ', GROUPS, 'is not set'],
  ['USHER_INVALIDATION_DEAD_LETTER_QUEUE_URL', ' ', ['invalidate-distributions'], 'is not set'],
  ['USHER_REPORT_QUEUE_URL', ' ', ['post-to-slack'], 'is not set'],
  ['USHER_REPORT_DEAD_LETTER_QUEUE_URL', ' ', ['post-to-slack'], 'is not set'],
  ['USHER_INVALIDATION_GROUPS', 'site', GROUPS, 'holds "site", which is no group'],
  ['USHER_INVALIDATION_DISTRIBUTIONS', 'all', ['invalidate-distributions'], 'holds "all"; it may hold ids of dist'],
  ['USHER_SLACK_TEAM_ID', 'acme', ['carry-out-orders'], 'holds "acme"; it may hold ids of workspaces'],
  ['USHER_EXPIRY_REGIONS', 'Tokyo', ['carry-out-orders'], 'holds "Tokyo"'],
  ['USHER_READ_CHANNELS', 'C0001 *', ['carry-out-orders'], 'holds "*"; it may hold ids of channels'],
  ['USHER_WRITERS', 'invalidate', ['carry-out-orders'], 'holds "invalidate"; it is written as in'],
  ['USHER_DISTRIBUTION_WRITERS', 'www=U0001', ['carry-out-orders'], 'names "www"; it may name ids of distributions'],
  ['USHER_STAGE', '', ['stage', ...GROUPS], 'is not set'],
  ['USHER_ACCOUNT', '   ', ['stage'], 'is not set'],
  ['AWS_REGION', undefined, ['stage'], 'is not set'],
  ['USHER_DEFAULT_POLICY', 'apply_all', ['stage'], 'it may be report-only, ask, add-only or apply-all'],
  ['USHER_MAXIMUM_POLICY', 'Everything', ['stage'], 'is "Everything"; it may be report-only'],
  ['USHER_IAC_ADDITIONS', 'no', ['stage'], 'is "no"; it may be write or propose'],
  ['USHER_WIDE_CLIENT_CIDRS', 'true', ['stage'], 'is "true"; it may be no or yes'],
  ['USHER_MINIMUM_HEALTHY_TARGETS', '-1', ['stage'], 'it must be a whole number from 0 to 999999'],
  ['USHER_MAXIMUM_ADDITIONS', 'many', ['stage'], 'is "many"; it must be a whole number'],
  ['USHER_REMOVALS_PER_HOUR', '1.5', ['stage'], 'is "1.5"; it must be a whole number'],
  ['USHER_PATIENCE_SECONDS', '0', ['stage'], 'is "0"; it must be a whole number from 1 to 900'],
  ['USHER_SECONDS_BETWEEN_REPORTS', '901', ['stage'], 'is "901"; it must be a whole number from 1 to 900'],
];

const CASES = REFUSED.flatMap(([name, value, by, why]) => by.map((reader) => [reader, name, value, why] as const));

describe('a setting that can’t be', () => {
  test.each(CASES)('Given %s, when it reads %s = %j, then it is refused by name, with what it may hold', (...each) => {
    const [reader, name, value, why] = each;
    const read = () => READERS[reader]({ ...NEEDED, [name]: value });
    expect(read).toThrow(SettingError);
    expect(read).toThrow(new RegExp(`^${name} `));
    expect(read).toThrow(why);
  });
});

test('Given a blank value where there is a default, then every function takes the default', () => {
  const blank = Object.fromEntries(
    REFUSED.filter(([name]) => NEEDED[name] === undefined).map(([name]) => [name, '  '] as const),
  );
  for (const read of Object.values(READERS)) expect(read({ ...NEEDED, ...blank })).toEqual(read(NEEDED));
  for (const reader of ['carry-out-orders', 'invalidate-distributions', 'post-to-slack'] as const)
    expect(READERS[reader](NEEDED).render).toMatchObject({ language: 'en', timeZone: 'UTC', accountLabel: undefined });
  expect(receiveSettingsFrom(NEEDED).language).toBe('en');
});

test.each(['a b', 'a,b', ' a, b ,'])('Given destinations %j, then whoever reads them knows the same two', (text) => {
  const settings = { ...NEEDED, USHER_DESTINATIONS: text };
  expect([stageFrom(settings).destinations, postSettingsFrom(settings).destinations]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('Given tags of security groups kept by code, when a value holds a space, then it stays one tag', () => {
  const settings = { ...NEEDED, USHER_MANAGED_BY_TAGS: 'terraform, owner=web platform' };
  expect(stageFrom(settings).managedByTags).toEqual(['terraform', 'owner=web platform']);
});
