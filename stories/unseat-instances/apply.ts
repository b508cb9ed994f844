import type { DeregisterTarget } from '../../domain/change.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { targetKey } from '../../domain/target.ts';
import { tellRefused } from '../settle-ledger/story.ts';
import { startWatches } from '../start-watches.ts';
import { deregister, withinBudgets } from '../take-out.ts';
import type { DecidedGroup } from './decide.ts';
import { removalsIn } from './decide.ts';
import type { GroupPorts, GroupUnseating } from './ports.ts';
import { removalMatter } from './tell.ts';

const changesOf = (entries: readonly LedgerEntry[], status: LedgerEntry['status']) =>
  entries.flatMap((entry) =>
    entry.change.kind === 'deregister-target' && entry.status === status ? [entry.change] : [],
  );

/** Nothing more is owed about how those got on who are out now: that they are is told. */
const closeFollowing = async (
  ports: GroupPorts,
  targetGroupArn: string,
  removed: readonly DeregisterTarget[],
): Promise<void> => {
  if (removed.length === 0) return;
  const keys = new Set(removed.map(({ target }) => targetKey(target)));
  const open = await ports.ledger.listOpen(targetGroupArn);
  const followed = open.filter(
    ({ change, matter }) => change.kind !== 'deregister-target' && matter.targets.some(({ key }) => keys.has(key)),
  );
  if (followed.length > 0) await ports.ledger.tell(followed, 'closed', keys);
};

/** What AWS took and what it refused, in its own code. */
interface TakenOut extends Pick<GroupUnseating, 'removed' | 'failed'> {
  readonly refusal: string | undefined;
}

/** Takes some targets out, for which the accounts were asked, and starts the watch that tells of it. */
export const takeOut = async (
  ports: GroupPorts,
  { observed }: DecidedGroup,
  allowed: readonly DeregisterTarget[],
): Promise<TakenOut> => {
  const { arn } = observed.targetGroup;
  const intended = allowed.map((change) => ({ change, matter: removalMatter(observed, change, ports.stage) }));
  const { entries, refusal } = await deregister(ports, arn, intended);
  const removed = changesOf(entries, 'applied');
  await closeFollowing(ports, arn, removed);
  await startWatches(ports, entries);
  await tellRefused(ports, entries);
  return { removed, failed: changesOf(entries, 'failed'), refusal: refusal?.code };
};

/** Takes out what is permitted, as far as the budgets go. */
export const apply = async (ports: GroupPorts, decided: DecidedGroup): Promise<GroupUnseating> => {
  const { observed, departures, permission } = decided;
  const { targetGroup, members } = observed;
  const { allowed, refused } = await withinBudgets(ports, targetGroup.arn, removalsIn(permission), members);
  const { removed, failed } = await takeOut(ports, decided, allowed);
  return {
    targetGroup,
    permission: { permitted: allowed, withheld: [...permission.withheld, ...refused] },
    removed,
    failed,
    staying: departures.staying,
  };
};
