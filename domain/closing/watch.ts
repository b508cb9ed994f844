import type { Named } from '../named.ts';
import type { SecurityGroupRule } from '../network/model.ts';
import type { TargetHealth } from '../target.ts';
import { targetKey } from '../target.ts';
import type { HealthCheck } from '../target-group.ts';

/** A group whose targets were reached through a security group when a rule of it was removed. */
export interface WatchedGroup {
  readonly targetGroup: Named;
  /** Who was in it then, by key. */
  readonly members: readonly string[];
  /** Who of them was healthy. */
  readonly healthy: readonly string[];
}

/** A rule that was removed, with everything needed to put it back, and who is watched. Written before the removal. */
export interface ClosingWatch {
  /** The whole rule as it was. */
  readonly rule: SecurityGroupRule;
  readonly vpcId: string;
  readonly securityGroup: Named;
  readonly groups: readonly WatchedGroup[];
  readonly destination: string;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  /** The first look at or after this moment is the last. */
  readonly until: string;
  /** When it was looked at last; absent before the first look. */
  readonly lookedAt?: string;
  /** Who said yes to it, a Slack user id; absent when policy did. */
  readonly byUserId?: string;
  /** It is to be put back: the entry in the ledger by which it is, once. */
  readonly putBack?: { readonly entryId: string; readonly at: string; readonly fell: readonly string[] };
}

/** Besides the time a check takes to call a target unhealthy (design section 1, idea 5). */
const MARGIN_SECONDS = 120;

/** How long health is watched after a removal: as long as the slowest of these checks takes to fail, and two minutes. */
export const watchSeconds = (checks: readonly HealthCheck[]): number =>
  Math.max(0, ...checks.map(({ unhealthyThreshold, intervalSeconds }) => unhealthyThreshold * intervalSeconds)) +
  MARGIN_SECONDS;

/** Seconds between two looks of a watch. */
export const LOOK_SECONDS = 20;

/** Not heard of for so long, a watch has lost its message. */
const LOST_MILLISECONDS = 3 * 60 * 1000;

/** Whether nobody looks at a watch any more, so that a sweep takes it up. */
export const isLost = ({ startedAt, lookedAt }: ClosingWatch, now: Date): boolean =>
  now.getTime() - Date.parse(lookedAt ?? startedAt) >= LOST_MILLISECONDS;

export const isOver = ({ until }: ClosingWatch, now: Date): boolean => now.getTime() >= Date.parse(until);

/** What a closed path looks like to a balancer; a Classic one says the second of everything. @see facts 2.3, 2.7 */
const CLOSED: ReadonlySet<string | undefined> = new Set(['Target.Timeout', 'Target.FailedHealthChecks']);

const isFallen = ({ state, reason }: TargetHealth): boolean =>
  (state === 'unhealthy' || state === 'unhealthy.draining') && CLOSED.has(reason);

/** What one look says. */
export type WatchVerdict =
  | { readonly kind: 'stands' }
  /** Who was healthy and is reached no more, by key. */
  | { readonly kind: 'fell'; readonly fell: readonly string[]; readonly groups: readonly Named[] }
  /** They fell while targets came or a deployment ran, so that the removal need not be why. */
  | { readonly kind: 'unclear'; readonly fell: readonly string[]; readonly groups: readonly Named[] };

/**
 * What the health of the watched groups says of the removal.
 * @param health by group; a group that is gone, or could not be asked, says nothing
 * @param deployed groups in which somebody deployed since the removal
 */
export const verdictOf = (
  { groups }: Pick<ClosingWatch, 'groups'>,
  health: ReadonlyMap<string, readonly TargetHealth[]>,
  deployed: ReadonlySet<string>,
): WatchVerdict => {
  const seen = groups.map((group) => {
    const now = health.get(group.targetGroup.id) ?? [];
    const fell = now.filter(isFallen).map(({ target }) => targetKey(target));
    const known = new Set(group.members);
    const came = now.some(({ target }) => !known.has(targetKey(target)));
    return {
      targetGroup: group.targetGroup,
      fell: fell.filter((key) => group.healthy.includes(key)),
      isClear: !came && !deployed.has(group.targetGroup.id),
    };
  });
  const fallen = seen.filter(({ fell }) => fell.length > 0);
  const told = (some: typeof fallen) => ({
    fell: some.flatMap(({ fell }) => fell),
    groups: some.map(({ targetGroup }) => targetGroup),
  });
  const clear = fallen.filter(({ isClear }) => isClear);
  if (clear.length > 0) return { kind: 'fell', ...told(clear) };
  return fallen.length > 0 ? { kind: 'unclear', ...told(fallen) } : { kind: 'stands' };
};
