import { ruleShape } from '../../domain/closing/classify.ts';
import type { ClosingWatch } from '../../domain/closing/watch.ts';
import { isOver, verdictOf } from '../../domain/closing/watch.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { touchedGroup } from '../diagnose/deploys.ts';
import { LEASE_SECONDS } from '../leases.ts';
import type { ClosingPorts } from './ports.ts';
import { putBack, readRules } from './put-back.ts';
import { lookLater } from './remove.ts';
import { tellClosings, tellEnded } from './tell.ts';

/** What a look at a removed rule came to, for the log. */
export type ClosingLook =
  /** No such watch, or it ended before. */
  | 'stale'
  | 'busy'
  /** A person stopped every write: it is looked at again once that is over. */
  | 'paused'
  /** The rule is there still: its removal died before it was made. */
  | 'not-removed'
  /** Somebody else has put it back. */
  | 'back-already'
  | 'watching'
  | 'stands'
  | 'unclear'
  | 'put-back';

const readHealth = async (
  ports: ClosingPorts,
  { groups }: ClosingWatch,
): Promise<ReadonlyMap<string, readonly TargetHealth[]>> => {
  const health = new Map<string, readonly TargetHealth[]>();
  for (const { targetGroup } of groups) {
    const members = await ports.loadBalancing.readTargetHealth(targetGroup.id);
    if (members !== undefined) health.set(targetGroup.id, members);
  }
  return health;
};

/** Groups whose members somebody changed since the removal, a deployment for instance. */
const readDeployed = async (ports: ClosingPorts, { groups, startedAt }: ClosingWatch): Promise<ReadonlySet<string>> => {
  const deployed = new Set<string>();
  for (const { targetGroup } of groups) {
    const changes = await ports.recentChanges.list(touchedGroup(targetGroup.id), new Date(startedAt));
    const entries = await ports.ledger.listRecent([targetGroup.id], new Date(startedAt), ports.now());
    const membership = entries.some(
      ({ change, status }) =>
        (change.kind === 'register-target' || change.kind === 'deregister-target') && status === 'applied',
    );
    if (changes.length > 0 || membership) deployed.add(targetGroup.id);
  }
  return deployed;
};

const goOn = async (ports: ClosingPorts, { rule }: ClosingWatch): Promise<ClosingLook> => {
  await ports.closings.looked(rule.ruleId, ports.now());
  await lookLater(ports, rule.ruleId);
  return 'watching';
};

const lookAtHealth = async (ports: ClosingPorts, watch: ClosingWatch): Promise<ClosingLook> => {
  const verdict = verdictOf(watch, await readHealth(ports, watch), await readDeployed(ports, watch));
  switch (verdict.kind) {
    case 'fell': {
      const at = ports.now().toISOString();
      const decided = { entryId: `${at}-${ports.newId()}`, at, fell: verdict.fell };
      const groups = watch.groups.map(({ targetGroup }) => targetGroup);
      const now = await ports.closings.decideToPutBack(watch, decided, groups);
      await putBack(ports, now, now.putBack ?? decided);
      return 'put-back';
    }
    case 'unclear':
      if (!isOver(watch, ports.now())) return goOn(ports, watch);
      await tellEnded(ports, watch, { how: 'unclear', groups: verdict.groups, fell: verdict.fell });
      break;
    case 'stands':
      if (!isOver(watch, ports.now())) return goOn(ports, watch);
      await tellEnded(ports, watch, { how: 'stands', groups: [], fell: [] });
      break;
  }
  await ports.closings.end(watch.rule.ruleId, ports.now());
  return verdict.kind;
};

/** Whether AWS took the rule away: a rule that did never comes back by its id. */
const wasRemoved = async (ports: ClosingPorts, { groups, rule, startedAt }: ClosingWatch): Promise<boolean> => {
  const arns = groups.map(({ targetGroup }) => targetGroup.id);
  const entries = await ports.ledger.listRecent(arns, new Date(startedAt), ports.now());
  return entries.some(
    ({ change, status }) => change.kind === 'revoke-rule' && change.ruleId === rule.ruleId && status === 'applied',
  );
};

const lookUnderLease = async (ports: ClosingPorts, ruleId: string): Promise<ClosingLook> => {
  const found = await ports.closings.find(ruleId);
  if (found?.kind !== 'under-way') return 'stale';
  const { watch } = found;
  if ((await ports.pauses.find()) !== undefined) {
    await goOn(ports, watch);
    return 'paused';
  }
  if (watch.putBack !== undefined) {
    await putBack(ports, watch, watch.putBack);
    return 'put-back';
  }
  const rules = await readRules(ports, watch.rule.groupId);
  const there = rules.find((rule) => rule.ruleId === ruleId || ruleShape(rule) === ruleShape(watch.rule));
  // Reads lag: what the ledger says was removed is gone, whatever EC2 still shows.
  if (there === undefined || (there.ruleId === ruleId && (await wasRemoved(ports, watch))))
    return lookAtHealth(ports, watch);
  await ports.closings.end(ruleId, ports.now());
  return there.ruleId === ruleId ? 'not-removed' : 'back-already';
};

/**
 * One look at those whose path lost a rule: while they are well it is looked at again, until checks have had the time to
 * fail. Whoever fell for it has the rule back, once. Any number of times, in any order, it comes to the same end.
 * @throws whatever a read or write of AWS failed with; the queue brings the look again
 */
export const lookAtClosing =
  (ports: ClosingPorts) =>
  async (ruleId: string): Promise<ClosingLook> => {
    const found = await ports.closings.find(ruleId);
    if (found?.kind !== 'under-way') {
      await tellClosings(ports);
      return 'stale';
    }
    const { groupId } = found.watch.rule;
    const lease = await ports.leases.acquire([groupId], `closing-${ports.newId()}`, ports.now(), LEASE_SECONDS);
    if (lease === undefined) {
      await lookLater(ports, ruleId);
      return 'busy';
    }
    try {
      return await lookUnderLease(ports, ruleId);
    } finally {
      await ports.leases.release(lease);
      await tellClosings(ports);
    }
  };
