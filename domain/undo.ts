import type { NotUndoneBecause } from './answer.ts';
import { changeKey } from './change.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Named } from './named.ts';
import { healthyFloor } from './removal-budget.ts';
import type { Stage } from './stage.ts';
import type { AddedRule, PlanContent, UndoableSeat } from './stored-plan.ts';
import type { TargetHealth } from './target.ts';
import { targetKey } from './target.ts';

type UndoContent = Extract<PlanContent, { readonly kind: 'undo' }>;

const undoableSeat = ({ entryId, status, change, matter }: LedgerEntry): readonly UndoableSeat[] => {
  if (change.kind !== 'register-target' || status !== 'applied') return [];
  const { instanceId, target } = change;
  return [{ entryId, changeKey: changeKey(change), instanceId, name: matter.targets[0]?.name ?? target.id, target }];
};

const addedRule = ({ status, ruleId, matter: { securityGroup } }: LedgerEntry): readonly AddedRule[] =>
  status === 'applied' && ruleId !== undefined && securityGroup !== undefined ? [{ ruleId, securityGroup }] : [];

/**
 * What could be undone of some changes in one group: our own registrations, each target's latest. `undefined` where we
 * registered nothing.
 */
export const undoOf = (targetGroup: Named, entries: readonly LedgerEntry[]): UndoContent | undefined => {
  const latest = new Map(entries.flatMap(undoableSeat).map((seat) => [seat.changeKey, seat]));
  if (latest.size === 0) return undefined;
  return { kind: 'undo', targetGroup, entries: [...latest.values()], rules: entries.flatMap(addedRule) };
};

/** How many removals the group's account may hold within the hour once some targets are taken out, or why they must stay. */
export type RemovalRoom =
  | { readonly kind: 'room'; readonly groupLimit: number }
  | Extract<NotUndoneBecause, { readonly kind: 'BelowFloor' }>;

/**
 * Whether a group can spare some of its targets. Taking out what is not healthy lowers no floor. The healthy of an hour ago
 * are not stored; those of now and those taken out since stand for them: with `healthy` now, `taken` before and `leaving`
 * now, at least half of `healthy + taken` are left exactly when `taken + leaving` is at most `healthy - leaving`, which is a
 * limit that the account can hold itself to.
 */
export const roomForRemoval = (
  members: readonly TargetHealth[],
  keys: ReadonlySet<string>,
  { minimumHealthyTargets, removalsPerHour }: Pick<Stage, 'minimumHealthyTargets' | 'removalsPerHour'>,
): RemovalRoom => {
  const healthy = members.filter(({ state }) => state === 'healthy');
  const leaving = healthy.filter(({ target }) => keys.has(targetKey(target))).length;
  if (leaving === 0) return { kind: 'room', groupLimit: removalsPerHour };
  const floor = healthyFloor(minimumHealthyTargets, healthy.length);
  if (healthy.length - leaving < floor) return { kind: 'BelowFloor', healthy: healthy.length, floor };
  const unwell = keys.size - leaving;
  return { kind: 'room', groupLimit: Math.min(removalsPerHour, healthy.length - leaving + unwell) };
};
