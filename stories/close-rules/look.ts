import type { RuleOutcome } from '../../aws/ec2/port.ts';
import { EntryExistsError } from '../../aws/state/port.ts';
import type { AuthorizeRule } from '../../domain/change.ts';
import { ruleShape } from '../../domain/closing/classify.ts';
import type { ClosingWatch } from '../../domain/closing/watch.ts';
import { isOver, verdictOf } from '../../domain/closing/watch.ts';
import type { LedgerEntry, Settlement } from '../../domain/ledger.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { touchedGroup } from '../diagnose/deploys.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { newEntry } from '../seat-instances/apply.ts';
import type { ClosingPorts } from './ports.ts';
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

const restoring = ({ rule, vpcId, groups }: ClosingWatch): AuthorizeRule => ({
  kind: 'authorize-rule',
  groupId: rule.groupId,
  vpcId,
  direction: 'ingress',
  protocol: rule.protocol === 'udp' || rule.protocol === '17' ? 'udp' : 'tcp',
  port: rule.fromPort ?? 0,
  peer: rule.peer,
  targetGroupArn: groups[0]?.targetGroup.id ?? rule.groupId,
  targetKeys: [],
  reason: 'HiddenDependency',
  restores: rule.ruleId,
});

/** The entry of the put-back: the same one, however often the run that makes it is begun. */
const restoringEntry = (
  ports: ClosingPorts,
  watch: ClosingWatch,
  { entryId, at }: NonNullable<ClosingWatch['putBack']>,
): LedgerEntry => {
  const [first] = watch.groups;
  const matter = {
    targetGroup: first?.targetGroup ?? watch.securityGroup,
    securityGroup: watch.securityGroup,
    targets: [],
    findings: [],
    destination: watch.destination,
  };
  return { ...newEntry(ports, { change: restoring(watch), matter }), entryId, intendedAt: at };
};

/** How far the put-back has come: a run that died may have made it, and said so or not. */
const standingOf = async (ports: ClosingPorts, entry: LedgerEntry): Promise<'new' | 'begun' | 'made'> => {
  try {
    await ports.ledger.intend([entry]);
    return 'new';
  } catch (error) {
    if (!(error instanceof EntryExistsError)) throw error;
    const open = await ports.ledger.listOpen(entry.targetGroupArn);
    return open.some(({ entryId, status }) => entryId === entry.entryId && status === 'intended') ? 'begun' : 'made';
  }
};

const readRules = async (ports: ClosingPorts, groupId: string): Promise<readonly SecurityGroupRule[]> =>
  (await ports.ec2.readSecurityGroupRules([groupId])).get(groupId) ?? [];

const settlementOf = (outcome: RuleOutcome): Settlement => {
  switch (outcome.kind) {
    case 'applied':
      return { status: 'applied', ruleId: outcome.ruleId };
    case 'already-there':
      return { status: 'already-there' };
    case 'refused':
      return { status: 'failed', code: outcome.code, message: outcome.message };
  }
};

/** Puts the rule back, once: with its own description and tags, in the ledger before and after. */
const putBack = async (
  ports: ClosingPorts,
  { rule, ...watch }: ClosingWatch,
  decided: NonNullable<ClosingWatch['putBack']>,
): Promise<ClosingLook> => {
  const entry = restoringEntry(ports, { rule, ...watch }, decided);
  const standing = await standingOf(ports, entry);
  if (standing !== 'made') {
    const there = standing === 'begun' ? await readRules(ports, rule.groupId) : [];
    const back = there.find((each) => ruleShape(each) === ruleShape(rule));
    const outcome: RuleOutcome =
      back === undefined ? await ports.ec2.restoreRule(rule) : { kind: 'applied', ruleId: back.ruleId };
    await ports.ledger.settle(entry, settlementOf(outcome), ports.now());
    ports.log({ event: 'rule-put-back', ruleId: rule.ruleId, outcome: outcome.kind });
  }
  await ports.closings.end(rule.ruleId, ports.now());
  return 'put-back';
};

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
      return putBack(ports, now, now.putBack ?? decided);
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

const lookUnderLease = async (ports: ClosingPorts, ruleId: string): Promise<ClosingLook> => {
  const found = await ports.closings.find(ruleId);
  if (found?.kind !== 'under-way') return 'stale';
  const { watch } = found;
  if ((await ports.pauses.find()) !== undefined) {
    await goOn(ports, watch);
    return 'paused';
  }
  if (watch.putBack !== undefined) return putBack(ports, watch, watch.putBack);
  const rules = await readRules(ports, watch.rule.groupId);
  const there = rules.find((rule) => rule.ruleId === ruleId || ruleShape(rule) === ruleShape(watch.rule));
  if (there === undefined) return lookAtHealth(ports, watch);
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
