import type { Settings } from './settings.ts';
import { count, list, listOf, oneOf, text } from './settings.ts';

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
  /** Whether a tag `usher:client-cidrs` may let in more than a /8 or ::/16 of clients. */
  readonly wideClientCidrs: boolean;
  /** Names of the Slack destinations; the first hears whatever names none. */
  readonly destinations: readonly string[];
}

/** Names of the Slack destinations; the first hears whatever names none of them. */
export type Destinations = readonly [string, ...string[]];

const DESTINATION = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** @throws {SettingError} when one can't be a destination's name */
export const destinationsFrom = (settings: Settings): Destinations => {
  const mayHold = 'names of letters, digits, and . _ - inside';
  const [first = 'default', ...others] = listOf(settings, 'USHER_DESTINATIONS', DESTINATION, mayHold);
  return [first, ...others];
};

/** SQS delays a message by 900 s at most, and a look is such a message. */
const LOOK_SECONDS = { from: 1, to: 900 };

/**
 * The stage from the function's environment (`USHER_…`, set by serverless.yml).
 * @throws {SettingError} when a setting is missing or malformed
 */
export const stageFrom = (settings: Settings): Stage => {
  const vpcIds = list(settings, 'USHER_VPC_IDS');
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
    patienceSeconds: count(settings, 'USHER_PATIENCE_SECONDS', 120, LOOK_SECONDS),
    secondsBetweenReports: count(settings, 'USHER_SECONDS_BETWEEN_REPORTS', 60, LOOK_SECONDS),
    managedByTags: list(settings, 'USHER_MANAGED_BY_TAGS', /,/),
    iacAdditions: oneOf(settings, 'USHER_IAC_ADDITIONS', ['write', 'propose'], 'write'),
    wideClientCidrs: oneOf(settings, 'USHER_WIDE_CLIENT_CIDRS', ['no', 'yes'], 'no') === 'yes',
    destinations: destinationsFrom(settings),
  };
};
