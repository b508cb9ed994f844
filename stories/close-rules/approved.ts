import type { MovedBecause } from '../../domain/answer.ts';
import { ruleShape } from '../../domain/closing/classify.ts';
import { planClosings } from '../../domain/closing/plan.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { PlanContent } from '../../domain/stored-plan.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import { observe } from './observe.ts';
import type { RemovingPorts } from './ports.ts';
import type { Wish } from './remove.ts';
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
  const before = new Map<string, string>();
  for (const { ruleId } of rules) {
    const found = await ports.closings.find(ruleId);
    if (found?.watch.byUserId === userId) before.set(ruleId, found.watch.until);
  }
  return before;
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
    const groupIds = [...new Set(rules.map(({ securityGroup }) => securityGroup.id))].sort();
    const lease = await ports.leases.acquire(
      [CLOSINGS_LEASE, ...groupIds],
      `close-${ports.newId()}`,
      ports.now(),
      LEASE_SECONDS,
    );
    if (lease === undefined) throw new GroupsBusyError('security groups of the proposal are leased to others');
    try {
      const known = await removedBefore(ports, rules, wish);
      const moved: { name: string; because: MovedBecause }[] = [];
      const going = new Set<string>();
      const ready: (() => Promise<LedgerEntry | 'too-many-removals'>)[] = [];
      for (const groupId of groupIds) {
        const own = rules.filter(({ securityGroup }) => securityGroup.id === groupId);
        const observed = await observe(ports, groupId, new Set(own.map(({ ruleId }) => ruleId)), going);
        const there = new Map(observed?.grounds.rules.map((rule) => [rule.ruleId, ruleShape(rule)]));
        const asked = own.filter(({ ruleId }) => there.has(ruleId) || !known.has(ruleId));
        if (asked.length === 0) continue;
        if (observed === undefined) {
          moved.push(...asked.map((rule) => ({ name: nameOf(rule), because: 'NotWanted' as const })));
          continue;
        }
        // A rule that was changed since keeps its id, and is not the one that was said yes to.
        const asSeen = asked.filter(({ ruleId, shape }) => there.get(ruleId) === shape);
        const approved = new Set(asSeen.map(({ ruleId }) => ruleId));
        const { removals, proposals } = planClosings({ ...observed.grounds, approved });
        for (const rule of asked) {
          const closing = removals.find(({ change }) => change.ruleId === rule.ruleId);
          const because = proposals.find(({ change }) => change.ruleId === rule.ruleId)?.because;
          if (closing !== undefined) {
            going.add(rule.ruleId);
            ready.push(() => remove(ports, observed, closing, wish));
          } else
            moved.push({
              name: nameOf(rule),
              because:
                because === 'Paused' || because === 'ReportOnly' || because === 'ManagedByCode' ? because : 'NotWanted',
            });
        }
      }
      if (moved.length > 0) return { kind: 'moved', moved };
      for (const act of ready) {
        const done = await act();
        if (done === 'too-many-removals')
          return { kind: 'moved', moved: rules.map((rule) => ({ name: nameOf(rule), because: 'TooManyRemovals' })) };
        if (done.status === 'failed') return { kind: 'refused', code: done.failure?.code ?? '-' };
      }
      const untils: string[] = [];
      for (const { ruleId } of rules) {
        const found = await ports.closings.find(ruleId);
        untils.push(found?.watch.until ?? known.get(ruleId) ?? ports.now().toISOString());
      }
      return { kind: 'closed', count: rules.length, until: untils.sort().at(-1) ?? ports.now().toISOString() };
    } finally {
      await ports.leases.release(lease);
    }
  };
