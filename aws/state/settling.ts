import type { Change, DeregisterTarget, RegisterTarget } from '../../domain/change.ts';
import { changeKey, companionIdKey, isClosing, isOfCompanion, revocationKey } from '../../domain/change.ts';
import type { LedgerEntry, OwnedSeat, Ownership, Settlement } from '../../domain/ledger.ts';

/** What a settled change does to the record of what is ours. */
export type OwnershipEffect =
  /** `aliases`: further keys the same thing is found by, such as the one under which it will be revoked. */
  | { readonly kind: 'gained'; readonly ownership: Ownership; readonly aliases: readonly string[] }
  | { readonly kind: 'lost'; readonly key: string }
  | { readonly kind: 'none' };

/**
 * Whether nothing will be told about an entry by itself. What was abandoned changed nothing; a rule that was there already
 * or was refused is spoken of by the findings of the registration it was for; who had something undone, or a companion group
 * made, is answered.
 */
const settlesUntold = (change: Change, { status }: Settlement): boolean =>
  status === 'abandoned' ||
  isOfCompanion(change) ||
  (change.kind === 'authorize-rule' && !isClosing(change) && (status === 'already-there' || status === 'failed')) ||
  (change.kind === 'deregister-target' && change.reason === 'Undone');

/** The entry once its change has ended. */
export const settleEntry = (entry: LedgerEntry, settlement: Settlement, at: Date): LedgerEntry => ({
  ...entry,
  status: settlement.status,
  telling: settlesUntold(entry.change, settlement) ? 'closed' : entry.telling,
  settledAt: at.toISOString(),
  ruleId: settlement.status === 'applied' ? settlement.ruleId : undefined,
  failure: settlement.status === 'failed' ? { code: settlement.code, message: settlement.message } : undefined,
});

/** What the record of a target says of it once its instance is gone. */
const seatOf = (
  { target, instanceId, vpcId }: RegisterTarget | DeregisterTarget,
  { matter }: Pick<LedgerEntry, 'matter'>,
): OwnedSeat => ({
  targetGroup: matter.targetGroup,
  target,
  instanceId,
  vpcId,
  name: matter.targets[0]?.name ?? target.id,
  destination: matter.destination,
});

/** Why a target that we took out is to stay out: a person wanted it so, or its instance is about to go. */
const holdOf = ({ planId, because }: DeregisterTarget): Pick<Ownership, 'undoneBy' | 'leaving'> | undefined => {
  if (planId !== undefined) return { undoneBy: planId };
  return because === 'SpotInterruption' || because === 'Rebalance' ? { leaving: because } : undefined;
};

/** What a settled entry gives or takes of what is ours; only what was applied does either. */
export const ownershipEffect = (settled: LedgerEntry): OwnershipEffect => {
  if (settled.status !== 'applied' || settled.settledAt === undefined) return { kind: 'none' };
  const { change, entryId, ruleId, settledAt } = settled;
  const key = changeKey(change);
  switch (change.kind) {
    case 'register-target': {
      const seat = seatOf(change, settled);
      return { kind: 'gained', ownership: { key, entryId, ruleId, since: settledAt, seat }, aliases: [] };
    }
    case 'authorize-rule':
      // What is put back is somebody else's, as it was.
      if (isClosing(change)) return { kind: 'none' };
      return {
        kind: 'gained',
        ownership: { key, entryId, ruleId, since: settledAt },
        aliases: ruleId === undefined ? [] : [revocationKey(change.groupId, ruleId)],
      };
    case 'deregister-target': {
      const hold = holdOf(change);
      if (hold === undefined) return { kind: 'lost', key };
      // Held from this moment on, lest the next event put it back.
      const seat = seatOf(change, settled);
      const ownership = { key, entryId, ruleId: undefined, since: settledAt, ...hold, seat };
      return { kind: 'gained', ownership, aliases: [] };
    }
    case 'create-security-group':
      return {
        kind: 'gained',
        ownership: { key, entryId, ruleId, since: settledAt },
        aliases: ruleId === undefined ? [] : [companionIdKey(ruleId)],
      };
    case 'attach-security-group':
      return { kind: 'gained', ownership: { key, entryId, ruleId, since: settledAt }, aliases: [] };
    case 'delete-security-group':
      return { kind: 'lost', key: companionIdKey(change.groupId) };
    case 'revoke-rule':
    case 'detach-security-group':
      return { kind: 'lost', key };
  }
};

/** Whether something is still owed about an entry: its end, or the telling of it. */
export const isOpen = (entry: LedgerEntry): boolean => entry.status === 'intended' || entry.telling !== 'closed';
