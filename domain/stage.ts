/** What a group or the stage lets Usher do, from least to most (design section 2). */
export type Policy = 'report-only' | 'ask' | 'add-only' | 'apply-all';

export const POLICIES: readonly Policy[] = ['report-only', 'ask', 'add-only', 'apply-all'];

/** The lower of two policies. */
export const lowerPolicy = (a: Policy, b: Policy): Policy => (POLICIES.indexOf(a) <= POLICIES.indexOf(b) ? a : b);

/** One installation of Usher and the limits its owners set. Tags can narrow these, never widen them. */
export interface Stage {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** VPCs it may act in; `all` when the owners named none. */
  readonly vpcIds: 'all' | readonly string[];
  readonly defaultPolicy: Policy;
  readonly maximumPolicy: Policy;
  readonly minimumHealthyTargets: number;
  /** Most already running instances one plan may newly add without approval. */
  readonly maximumAdditions: number;
  readonly removalsPerHour: number;
  /** How long a new target may fail its health checks before it is called not in service. */
  readonly patienceSeconds: number;
  /** At most one message per target group in this time (design idea 7); while only an ending is awaited, looks take as long. */
  readonly secondsBetweenReports: number;
  /** `Key` or `Key=value` tags that say a security group is kept by code. */
  readonly managedByTags: readonly string[];
  readonly iacAdditions: 'write' | 'propose';
  /** Names of the Slack destinations; the first hears whatever names none. */
  readonly destinations: readonly string[];
}

/** A setting is missing or says what it can't; the message names it and what it may hold. */
export class StageSettingError extends Error {
  override readonly name = 'StageSettingError';
}

type Settings = Readonly<Record<string, string | undefined>>;

const text = (settings: Settings, name: string, fallback?: string): string => {
  const value = settings[name]?.trim() || fallback;
  if (value === undefined)
    throw new StageSettingError(`${name} is not set; the deployment sets it from serverless.yml`);
  return value;
};

const list = (settings: Settings, name: string): readonly string[] =>
  (settings[name] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const oneOf = <T extends string>(settings: Settings, name: string, allowed: readonly T[], fallback: T): T => {
  const value = text(settings, name, fallback);
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new StageSettingError(`${name} is "${value}"; it may be ${allowed.join(', ')}`);
  return found;
};

const count = (settings: Settings, name: string, fallback: number): number => {
  const value = text(settings, name, String(fallback));
  if (!/^\d{1,6}$/.test(value)) throw new StageSettingError(`${name} is "${value}"; it must be a whole number from 0`);
  return Number(value);
};

/** SQS delays a message by 900 s at most, and a look is such a message. */
const LONGEST_LOOK_SECONDS = 900;

const lookSeconds = (settings: Settings, name: string, fallback: number): number => {
  const value = count(settings, name, fallback);
  if (value >= 1 && value <= LONGEST_LOOK_SECONDS) return value;
  throw new StageSettingError(`${name} is "${value}"; it may be 1 to ${LONGEST_LOOK_SECONDS}`);
};

/**
 * A setting that must be there.
 * @throws {StageSettingError} when it is missing or blank
 */
export const settingFrom = (settings: Settings, name: string): string => text(settings, name);

/**
 * The stage from the function's environment (`USHER_…`, set by serverless.yml).
 * @throws {StageSettingError} when a setting is missing or malformed
 */
export const stageFrom = (settings: Settings): Stage => {
  const vpcIds = list(settings, 'USHER_VPC_IDS');
  const destinations = list(settings, 'USHER_DESTINATIONS');
  return {
    name: text(settings, 'USHER_STAGE'),
    account: text(settings, 'USHER_ACCOUNT'),
    region: text(settings, 'AWS_REGION'),
    vpcIds: vpcIds.length === 0 ? 'all' : vpcIds,
    defaultPolicy: oneOf(settings, 'USHER_DEFAULT_POLICY', POLICIES, 'add-only'),
    maximumPolicy: oneOf(settings, 'USHER_MAXIMUM_POLICY', POLICIES, 'add-only'),
    minimumHealthyTargets: count(settings, 'USHER_MINIMUM_HEALTHY_TARGETS', 1),
    maximumAdditions: count(settings, 'USHER_MAXIMUM_ADDITIONS', 5),
    removalsPerHour: count(settings, 'USHER_REMOVALS_PER_HOUR', 10),
    patienceSeconds: lookSeconds(settings, 'USHER_PATIENCE_SECONDS', 120),
    secondsBetweenReports: lookSeconds(settings, 'USHER_SECONDS_BETWEEN_REPORTS', 60),
    managedByTags: list(settings, 'USHER_MANAGED_BY_TAGS'),
    iacAdditions: oneOf(settings, 'USHER_IAC_ADDITIONS', ['write', 'propose'], 'write'),
    destinations: destinations.length === 0 ? ['default'] : destinations,
  };
};
