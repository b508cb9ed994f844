import { AwsCallError } from '../aws/aws-call-error.ts';
import type { LoadBalancingWriter } from '../aws/elastic-load-balancing/port.ts';
import type { Budgets, Ledger } from '../aws/state/port.ts';
import type { NotUndoneBecause } from '../domain/answer.ts';
import type { DeregisterTarget } from '../domain/change.ts';
import type { LedgerEntry, Settlement } from '../domain/ledger.ts';
import { isCounted } from '../domain/seating/departures.ts';
import type { Stage } from '../domain/stage.ts';
import type { TargetHealth } from '../domain/target.ts';
import { targetKey } from '../domain/target.ts';
import { roomForRemoval } from '../domain/undo.ts';
import type { Surroundings } from './log.ts';
import type { Intended } from './seat-instances/apply.ts';
import { newEntry, REFUSALS } from './seat-instances/apply.ts';

/** What taking targets out of a group writes through. */
export interface TakingOutPorts extends Surroundings {
  readonly stage: Stage;
  readonly ledger: Pick<Ledger, 'intend' | 'settle'>;
  readonly budgets: Pick<Budgets, 'take'>;
  readonly loadBalancing: Pick<LoadBalancingWriter, 'deregisterTargets'>;
}

/** What came of it, as the ledger has it; and AWS's refusal, when it refused. */
export interface TakenOut {
  readonly entries: readonly LedgerEntry[];
  readonly refusal: AwsCallError | undefined;
}

/**
 * Takes targets out of one group, whose lease is held, by id and port, each in the ledger before and after. A refusal is
 * answered; an answer that never came leaves the entries `intended`, for the next run to look what became of them.
 * @throws {AwsCallError} when AWS can't be reached or is crowded
 */
export const deregister = async (
  ports: TakingOutPorts,
  targetGroupArn: string,
  removals: readonly Intended<DeregisterTarget>[],
): Promise<TakenOut> => {
  if (removals.length === 0) return { entries: [], refusal: undefined };
  const intended = removals.map((removal) => newEntry(ports, removal));
  const settle = async (settlement: Settlement): Promise<readonly LedgerEntry[]> => {
    const settled: LedgerEntry[] = [];
    for (const entry of intended) settled.push(await ports.ledger.settle(entry, settlement, ports.now()));
    return settled;
  };
  await ports.ledger.intend(intended);
  try {
    await ports.loadBalancing.deregisterTargets(
      targetGroupArn,
      removals.map(({ change }) => change.target),
    );
  } catch (error) {
    if (!(error instanceof AwsCallError) || !REFUSALS.has(error.meaning)) throw error;
    const entries = await settle({ status: 'failed', code: error.code, message: error.awsMessage });
    return { entries, refusal: error };
  }
  return { entries: await settle({ status: 'applied' }), refusal: undefined };
};

/** No account holds a removal to this. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const groupScope = (targetGroupArn: string): string => `target-group|${targetGroupArn}`;

/** Why the accounts don't allow some removals. */
export type NoRoom = Extract<NotUndoneBecause, { readonly kind: 'BelowFloor' | 'TooManyRemovals' }>;

/**
 * Takes removals of targets that may still serve on the accounts of the group and of the stage, all or none, or says why they
 * must not be made.
 * @param members those of the group that it still has
 */
export const takeRoom = async (
  { stage, budgets, now }: Pick<TakingOutPorts, 'stage' | 'budgets' | 'now'>,
  targetGroupArn: string,
  keys: ReadonlySet<string>,
  members: readonly TargetHealth[],
): Promise<NoRoom | undefined> => {
  const room = roomForRemoval(members, keys, stage);
  if (room.kind === 'BelowFloor') return room;
  const scopes = [
    { scope: `stage|${stage.name}`, limit: stage.removalsPerHour },
    { scope: groupScope(targetGroupArn), limit: room.groupLimit },
  ];
  return (await budgets.take(scopes, keys.size, now()))
    ? undefined
    : { kind: 'TooManyRemovals', removalsPerHour: stage.removalsPerHour };
};

/**
 * Writes removals that a person said yes to on the accounts, whatever their number in the hour. The floor stands against a yes
 * as against everything: `false` when fewer healthy targets would be left than the group must keep.
 */
export const takeApprovedRoom = async (
  { stage, budgets, now }: Pick<TakingOutPorts, 'stage' | 'budgets' | 'now'>,
  targetGroupArn: string,
  keys: ReadonlySet<string>,
  members: readonly TargetHealth[],
): Promise<boolean> => {
  const room = roomForRemoval(members, keys, { ...stage, removalsPerHour: NO_LIMIT });
  if (room.kind === 'BelowFloor') return false;
  const scopes = [
    { scope: `stage|${stage.name}`, limit: NO_LIMIT },
    { scope: groupScope(targetGroupArn), limit: room.groupLimit },
  ];
  return budgets.take(scopes, keys.size, now());
};

/** A removal that the accounts don't allow now. */
export interface Refused {
  readonly change: DeregisterTarget;
  readonly because: NoRoom['kind'];
}

/** Removals that may be made by the accounts, and those that may not. */
export interface Budgeted {
  readonly allowed: readonly DeregisterTarget[];
  readonly refused: readonly Refused[];
}

/**
 * Asks the accounts for as many of one group's removals as they allow, in their order. What goes for certain is not held
 * back; the healthy among it are written on the group's account, so that what may stay is held to the half of what was
 * healthy before.
 */
export const withinBudgets = async (
  ports: Pick<TakingOutPorts, 'stage' | 'budgets' | 'now'>,
  targetGroupArn: string,
  removals: readonly DeregisterTarget[],
  members: readonly TargetHealth[],
): Promise<Budgeted> => {
  const certain = removals.filter((removal) => !isCounted(removal));
  const isHealthy = ({ target }: DeregisterTarget): boolean =>
    members.some((member) => member.state === 'healthy' && targetKey(member.target) === targetKey(target));
  const counted = removals.filter(isCounted);
  const lost = certain.filter(isHealthy).length;
  if (lost > 0) await ports.budgets.take([{ scope: groupScope(targetGroupArn), limit: NO_LIMIT }], lost, ports.now());
  const allowed: DeregisterTarget[] = [...certain];
  const refused: Refused[] = [];
  // Those that serve nobody go first: they lower no floor.
  for (const change of [...counted.filter((each) => !isHealthy(each)), ...counted.filter(isHealthy)]) {
    const gone = new Set(allowed.map(({ target }) => targetKey(target)));
    const left = members.filter(({ target }) => !gone.has(targetKey(target)));
    const refusal = await takeRoom(ports, targetGroupArn, new Set([targetKey(change.target)]), left);
    if (refusal === undefined) allowed.push(change);
    else refused.push({ change, because: refusal.kind });
  }
  return { allowed, refused };
};
