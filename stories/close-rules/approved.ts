import type { MovedBecause } from '../../domain/answer.ts';
import { ruleShape } from '../../domain/closing/classify.ts';
import type { ProposedBecause } from '../../domain/closing/plan.ts';
import { planClosings } from '../../domain/closing/plan.ts';
import type { PlanContent } from '../../domain/stored-plan.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import { observe } from './observe.ts';
import type { RemovingPorts } from './ports.ts';
import type { Removal, Wish } from './remove.ts';
import { CLOSINGS_LEASE, remove } from './remove.ts';

type CloseContent = Extract<PlanContent, { readonly kind: 'close-rules' }>;
type Approved = CloseContent['rules'][number];

export type ApprovedClosing =
  | { readonly kind: 'closed'; readonly count: number; readonly until: string }
  | { readonly kind: 'moved'; readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[] }
  | { readonly kind: 'refused'; readonly code: string };

const nameOf = ({ ruleId, securityGroup }: Approved): string => `${securityGroup.name} ${ruleId}`;

/** Rules that a run of this very order has removed already, and died before it could say so. */
const removedBefore = async (ports: RemovingPorts, rules: readonly Approved[], { userId }: Wish) => {
  const before = new Set<string>();
  for (const { ruleId } of rules) {
    const found = await ports.closings.find(ruleId);
    if (found?.watch.byUserId === userId) before.add(ruleId);
  }
  return before;
};

/** What is gone is said, whatever stopped the rest: that is proposed again by itself. `undefined` where nothing is. */
const closedAmong = async (ports: RemovingPorts, gone: readonly string[]): Promise<ApprovedClosing | undefined> => {
  if (gone.length === 0) return undefined;
  const untils: string[] = [];
  for (const ruleId of gone) untils.push((await ports.closings.find(ruleId))?.watch.until ?? ports.now().toISOString());
  return { kind: 'closed', count: gone.length, until: untils.sort().at(-1) ?? ports.now().toISOString() };
};

/** How far each rule of a press has come, and could go. */
interface Judged {
  /** Removed by an earlier run of the press. */
  readonly gone: string[];
  readonly ready: { readonly ruleId: string; readonly act: () => Promise<Removal> }[];
  readonly moved: { readonly name: string; readonly because: MovedBecause }[];
}

/** Why a rule is not removed after all, among what an answer knows to say. */
const movedBecause = (because: ProposedBecause | undefined): MovedBecause =>
  because === 'Paused' || because === 'ReportOnly' || because === 'ManagedByCode' ? because : 'NotWanted';

/** Looks at one security group afresh, with what the press removes from those before it gone as well. */
const judgeGroup = async (
  ports: RemovingPorts,
  own: readonly Approved[],
  known: ReadonlySet<string>,
  wish: Wish,
  { gone, ready, moved }: Judged,
): Promise<void> => {
  const groupId = own[0]?.securityGroup.id ?? '';
  const going = new Set(ready.map(({ ruleId }) => ruleId));
  const observed = await observe(ports, groupId, new Set(own.map(({ ruleId }) => ruleId)), going);
  const shown = observed?.grounds.rules ?? (await ports.ec2.readSecurityGroupRules([groupId])).get(groupId) ?? [];
  const there = new Map(shown.map((rule) => [rule.ruleId, ruleShape(rule)]));
  const isGone = ({ ruleId }: Approved): boolean => known.has(ruleId) && !there.has(ruleId);
  gone.push(...own.filter(isGone).map(({ ruleId }) => ruleId));
  const asked = own.filter((rule) => !isGone(rule));
  // A rule that was changed since keeps its id, and is not the one that was said yes to.
  const approved = new Set(asked.flatMap(({ ruleId, shape }) => (there.get(ruleId) === shape ? [ruleId] : [])));
  const plan = observed && planClosings({ ...observed.grounds, approved });
  for (const rule of asked) {
    const closing = plan?.removals.find(({ change }) => change.ruleId === rule.ruleId);
    const because = plan?.proposals.find(({ change }) => change.ruleId === rule.ruleId)?.because;
    if (observed === undefined || closing === undefined)
      moved.push({ name: nameOf(rule), because: movedBecause(because) });
    else ready.push({ ruleId: rule.ruleId, act: () => remove(ports, observed, closing, wish) });
  }
};

/** Removes one after the other; answers what stopped it before the end. */
const removeAll = async (
  rules: readonly Approved[],
  { gone, ready, moved }: Judged,
): Promise<Exclude<ApprovedClosing, { kind: 'closed' }> | undefined> => {
  if (moved.length > 0) return { kind: 'moved', moved };
  for (const { ruleId, act } of ready) {
    const done = await act();
    if (done === 'too-many-removals')
      return { kind: 'moved', moved: rules.map((rule) => ({ name: nameOf(rule), because: 'TooManyRemovals' })) };
    if (done.status === 'failed') return { kind: 'refused', code: done.failure?.code ?? '-' };
    gone.push(ruleId);
  }
  return undefined;
};

/**
 * Removes the rules that a person approved: looks and plans afresh under the leases of their security groups, and acts only
 * when the fresh plan still holds every one of them. Any number of times, it ends in the same state.
 * @throws {GroupsBusyError} when somebody else has the lease of one of the security groups; nothing was changed
 * @throws whatever a read or write of AWS failed with
 */
export const closeApproved =
  (ports: RemovingPorts) =>
  async (content: CloseContent, wish: Wish): Promise<ApprovedClosing> => {
    const rules = content.rules.filter(({ isClosed }) => isClosed);
    const groups = Map.groupBy(rules, ({ securityGroup }) => securityGroup.id);
    const owner = `close-${ports.newId()}`;
    const lease = await ports.leases.acquire([CLOSINGS_LEASE, ...groups.keys()], owner, ports.now(), LEASE_SECONDS);
    if (lease === undefined) throw new GroupsBusyError('security groups of the proposal are leased to others');
    try {
      const known = await removedBefore(ports, rules, wish);
      const judged: Judged = { gone: [], ready: [], moved: [] };
      for (const own of groups.values()) await judgeGroup(ports, own, known, wish, judged);
      const stopped = await removeAll(rules, judged);
      return (await closedAmong(ports, judged.gone)) ?? stopped ?? { kind: 'moved', moved: [] };
    } finally {
      await ports.leases.release(lease);
    }
  };
