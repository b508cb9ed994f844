import type { Settings } from '../settings.ts';
import { list, listOf, SettingError, text, trustedAccountsFrom } from '../settings.ts';
import type { ExpirySettings } from './settings.ts';
import { DEFAULT_THRESHOLDS_DAYS } from './standing.ts';

const REGION = /^[a-z]+(?:-[a-z]+)+-\d+$/;
const DAYS = /^\d{1,3}$/;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;
const ENDPOINT = /^[^\s:/]+(?::\d{1,5})?$/;
const DOMAIN_DATE = /^[^\s=]+=\d{4}-\d\d-\d\d$/;

/** CloudFront's certificates are there, wherever the stage is (facts 1.1). */
const CLOUDFRONT_REGION = 'us-east-1';

const HTTPS_PORT = 443;

const distinct = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

const asDomain = (name: string, domain: string): string => {
  if (DOMAIN.test(domain)) return domain.toLowerCase();
  throw new SettingError(`${name} holds "${domain}"; it may hold domains such as example.co.jp, in ASCII`);
};

/** A threshold a day: nearer ones tell more, and people are told of each once. */
const thresholds = (settings: Settings): readonly number[] => {
  const name = 'USHER_EXPIRY_THRESHOLDS_DAYS';
  const days = listOf(settings, name, DAYS, 'whole numbers of days from 0 to 999').map(Number);
  return distinct(days.length === 0 ? DEFAULT_THRESHOLDS_DAYS : days).toSorted((one, other) => other - one);
};

const endpoint = (written: string): { readonly host: string; readonly port: number } => {
  const [host = '', port] = written.split(':');
  const name = 'USHER_EXPIRY_ENDPOINTS';
  const number = port === undefined ? HTTPS_PORT : Number(port);
  if (number >= 1 && number <= 65_535) return { host: asDomain(name, host), port: number };
  throw new SettingError(`${name} holds "${written}"; a port is from 1 to 65535`);
};

/** A day on the calendar, at its first moment in UTC: the careful side, wherever the registry is. */
const day = (name: string, written: string): Date => {
  const date = new Date(`${written}T00:00:00Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(written)) return date;
  throw new SettingError(`${name} holds "${written}", which is no day of the calendar`);
};

const domainDate = (written: string): readonly [string, Date] => {
  const name = 'USHER_DOMAIN_DATES';
  const [domain = '', date = ''] = written.split('=');
  return [asDomain(name, domain), day(name, date)];
};

/**
 * What the owners of an installation decide about certificates and domains, from the function's environment.
 * @throws {SettingError} when a setting is malformed
 */
export const expirySettingsFrom = (settings: Settings): ExpirySettings => {
  const regions = listOf(settings, 'USHER_EXPIRY_REGIONS', REGION, 'Regions such as ap-northeast-1');
  return {
    regions: distinct(regions.length === 0 ? [text(settings, 'AWS_REGION'), CLOUDFRONT_REGION] : regions),
    thresholdsDays: thresholds(settings),
    trustedAccounts: trustedAccountsFrom(settings),
    endpoints: listOf(settings, 'USHER_EXPIRY_ENDPOINTS', ENDPOINT, 'hosts, or host:port').map(endpoint),
    domainDates: new Map(
      listOf(settings, 'USHER_DOMAIN_DATES', DOMAIN_DATE, 'domains with their dates: example.jp=2027-03-31').map(
        domainDate,
      ),
    ),
    ignoredDomains: distinct(
      list(settings, 'USHER_IGNORED_DOMAINS').map((domain) => asDomain('USHER_IGNORED_DOMAINS', domain)),
    ),
  };
};
