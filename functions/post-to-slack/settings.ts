import type { Report } from '../../domain/report.ts';
import type { Mention } from '../../slack/phrase.ts';
import type { RenderOptions } from '../../slack/render.ts';

/** Whatever of the environment this function needs, checked. */
export interface PostSettings {
  readonly render: Omit<RenderOptions, 'accountLabel'>;
  /** What people call the account; without it its number is shown. */
  readonly accountLabel: string | undefined;
  /** Names of the stage's destinations; the first hears whatever names none of them. */
  readonly destinations: readonly [string, ...string[]];
  /** `/usher/<stage>`; below it lie the webhook URLs. */
  readonly secretPrefix: string;
  readonly table: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** A setting is missing or says what it can't; the message names it and what it may hold. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

type Environment = Readonly<Record<string, string | undefined>>;

const required = (environment: Environment, name: string): string => {
  const value = environment[name]?.trim();
  if (!value) throw new SettingError(`${name} is not set; the deployment sets it from serverless.yml`);
  return value;
};

const items = (text: string | undefined): readonly string[] =>
  (text ?? '').split(/[\s,]+/).filter((item) => item !== '');

const languageFrom = (environment: Environment): 'en' | 'ja' => {
  const value = environment['USHER_LANGUAGE']?.trim() || 'en';
  if (value === 'en' || value === 'ja') return value;
  throw new SettingError(`USHER_LANGUAGE is "${value}"; it may be en or ja`);
};

const timeZoneFrom = (environment: Environment): string => {
  const value = environment['USHER_TIME_ZONE']?.trim() || 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value;
  } catch (cause) {
    throw new SettingError(`USHER_TIME_ZONE is "${value}"; it must be an IANA name such as Asia/Tokyo`, { cause });
  }
};

/** `U…` and `W…` are people, `S…` user groups; Slack's own notation for them is taken as well. */
const mentionFrom = (text: string): Mention => {
  const bare = text.replace(/^<(?:!subteam\^|[@!])?([^|>]*)(?:\|[^>]*)?>$/, '$1').replace(/^@/, '');
  if (bare === 'here' || bare === 'channel') return { kind: bare };
  if (/^[UW][A-Z0-9]{6,}$/.test(bare)) return { kind: 'user', id: bare };
  if (/^S[A-Z0-9]{6,}$/.test(bare)) return { kind: 'user-group', id: bare };
  throw new SettingError(
    `USHER_MENTIONS holds "${text}"; it may hold ids of people (U…, W…) and user groups (S…), here and channel`,
  );
};

const DESTINATION = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

const destinationsFrom = (environment: Environment): readonly [string, ...string[]] => {
  const [first = 'default', ...others] = items(environment['USHER_DESTINATIONS']);
  const wrong = [first, ...others].find((name) => !DESTINATION.test(name));
  if (wrong !== undefined) {
    throw new SettingError(`USHER_DESTINATIONS holds "${wrong}"; a name has letters, digits, and . _ - inside`);
  }
  return [first, ...others];
};

/**
 * The settings of post-to-slack from its environment.
 * @throws {SettingError} when one is missing or malformed
 */
export const postSettingsFrom = (environment: Environment): PostSettings => ({
  render: {
    language: languageFrom(environment),
    timeZone: timeZoneFrom(environment),
    mentions: items(environment['USHER_MENTIONS']).map(mentionFrom),
  },
  accountLabel: environment['USHER_ACCOUNT_LABEL']?.trim() || undefined,
  destinations: destinationsFrom(environment),
  secretPrefix: required(environment, 'USHER_SECRET_PREFIX').replace(/\/+$/, ''),
  table: required(environment, 'USHER_TABLE'),
  queueUrl: required(environment, 'USHER_REPORT_QUEUE_URL'),
  deadLetterQueueUrl: required(environment, 'USHER_REPORT_DEAD_LETTER_QUEUE_URL'),
});

/** How one report is to be rendered: an account without a name goes by its number. */
export const renderOptions = ({ render, accountLabel }: PostSettings, { account }: Report): RenderOptions => ({
  ...render,
  accountLabel: accountLabel ?? account,
});
