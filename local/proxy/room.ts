import type { Origin, Upstream } from './upstream.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, textOf } from './xml.ts';

/** What may be tightened or hastened; every time in milliseconds. */
export interface Settings {
  /** One health check of any target group, instead of its own interval. */
  readonly healthIntervalMilliseconds: number;
  /** How long a new target is `initial` before its first check. */
  readonly registrationMilliseconds: number;
  /** `draining` after a deregistration; `null`: the group's own delay, hastened as its interval is. */
  readonly drainMilliseconds: number | null;
  /** `pending` → `running` and the like. */
  readonly transitionMilliseconds: number;
  /** Rules of one security group, per direction and address family (facts 3.1: 60). More than 60 the emulator refuses. */
  readonly rulesPerSecurityGroup: number;
  /** Targets of one group (facts 2.1: 1,000). */
  readonly targetsPerGroup: number;
  /** How long an invalidation is `InProgress`. */
  readonly invalidationMilliseconds: number;
  /** How long a distribution is `InProgress` after it was created or changed. */
  readonly deployMilliseconds: number;
  /** Paths without wildcard in progress, of one distribution (facts 6.3: 3,000), and paths with one (15). */
  readonly pathsInProgress: number;
  readonly wildcardsInProgress: number;
  /** Blocks in which the clients of every NLB are that preserves their addresses; none: anybody may be one. */
  readonly clients: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  healthIntervalMilliseconds: 200,
  registrationMilliseconds: 100,
  drainMilliseconds: null,
  transitionMilliseconds: 300,
  rulesPerSecurityGroup: 60,
  targetsPerGroup: 1000,
  invalidationMilliseconds: 2_000,
  deployMilliseconds: 2_000,
  pathsInProgress: 3_000,
  wildcardsInProgress: 15,
  clients: [],
};

/** What every part of the proxy works with. */
export interface Room {
  readonly upstream: Upstream;
  readonly now: () => Date;
  readonly settings: () => Settings;
  /** When anything that reachability depends on was last changed through the proxy. */
  readonly changedAt: () => Date;
  readonly touch: () => void;
  /** Has a listener or rule been changed or deleted? The emulator's groups don't hear of it. */
  readonly listenersMoved: () => boolean;
}

/** A list of the emulator's, page after page. `path` leads from the answer to the list. */
export const askAll = async (
  { upstream }: Pick<Room, 'upstream'>,
  origin: Origin,
  service: 'ec2' | 'elbv2' | 'elb',
  action: string,
  path: readonly string[],
  parameters: readonly (readonly [string, string])[] = [],
): Promise<readonly XmlElement[]> => {
  const found: XmlElement[] = [];
  let marker = '';
  do {
    const page: readonly (readonly [string, string])[] =
      marker === '' ? [] : [[service === 'ec2' ? 'NextToken' : 'Marker', marker]];
    const answer = await upstream.ask(origin, service, action, [...parameters, ...page]);
    found.push(...itemsOf(answer, ...path));
    marker = service === 'ec2' ? textOf(answer, 'nextToken') : textOf(answer, `${action}Result`, 'NextMarker');
  } while (marker !== '');
  return found;
};

/** `Filter.1.Name=vpc-id&Filter.1.Value.1=…` */
export const filterParameters = (
  ...filters: readonly (readonly [name: string, ...values: readonly string[]])[]
): readonly (readonly [string, string])[] =>
  filters.flatMap(([name, ...wanted], index) => [
    [`Filter.${index + 1}.Name`, name] as const,
    ...wanted.map((value, at) => [`Filter.${index + 1}.Value.${at + 1}`, value] as const),
  ]);

/** The account in which the emulator answers callers whose key it doesn't know. */
export const ACCOUNT = '123456789012';
