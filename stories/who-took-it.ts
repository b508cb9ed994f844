import type { RecentChanges } from '../aws/state/recent-changes-port.ts';
import type { AuthorizeRule, RegisterTarget } from '../domain/change.ts';
import { classicNameOf } from '../domain/classic-load-balancer.ts';
import type { RecentChange, TakenAway, Touched } from '../domain/recent-change.ts';
import { removalAmong } from '../domain/recent-change.ts';

/** Something we once put there, by the change that would put it there again. */
export interface OnceOurs {
  readonly change: RegisterTarget | AuthorizeRule;
  /** ISO 8601: since when we had it. */
  readonly since: string;
  readonly ruleId: string | undefined;
}

const placeOf = (change: OnceOurs['change']): Touched => {
  if (change.kind === 'authorize-rule') return { kind: 'security-group', id: change.groupId };
  const name = classicNameOf(change.targetGroupArn);
  return name === undefined
    ? { kind: 'target-group', id: change.targetGroupArn }
    : { kind: 'classic-load-balancer', id: name };
};

const whatOf = ({ change, ruleId }: OnceOurs): TakenAway =>
  change.kind === 'authorize-rule' ? { kind: 'rule', ruleId } : { kind: 'target', instanceId: change.instanceId };

/** The change of others by which something of ours was taken away, as far as CloudTrail has told of it. */
export const whoTookIt = async (
  { recentChanges }: { readonly recentChanges: Pick<RecentChanges, 'list'> },
  once: OnceOurs,
): Promise<RecentChange | undefined> => {
  const since = new Date(once.since);
  // A second earlier: CloudTrail's clock has whole seconds.
  const changes = await recentChanges.list(placeOf(once.change), new Date(since.getTime() - 1_000));
  return removalAmong(changes, whatOf(once), since);
};
