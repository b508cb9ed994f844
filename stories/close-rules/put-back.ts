import type { RuleOutcome } from '../../aws/ec2/port.ts';
import { EntryExistsError } from '../../aws/state/port.ts';
import type { AuthorizeRule } from '../../domain/change.ts';
import { ruleShape } from '../../domain/closing/classify.ts';
import type { ClosingWatch } from '../../domain/closing/watch.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { newEntry, settlementOfRule } from '../seat-instances/apply.ts';
import type { ClosingPorts } from './ports.ts';

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

export const readRules = async (ports: ClosingPorts, groupId: string): Promise<readonly SecurityGroupRule[]> =>
  (await ports.ec2.readSecurityGroupRules([groupId])).get(groupId) ?? [];

/** Puts the rule back, once: with its own description and tags, in the ledger before and after. */
export const putBack = async (
  ports: ClosingPorts,
  { rule, ...watch }: ClosingWatch,
  decided: NonNullable<ClosingWatch['putBack']>,
): Promise<void> => {
  const entry = restoringEntry(ports, { rule, ...watch }, decided);
  const standing = await standingOf(ports, entry);
  if (standing !== 'made') {
    const there = standing === 'begun' ? await readRules(ports, rule.groupId) : [];
    const back = there.find((each) => ruleShape(each) === ruleShape(rule));
    const outcome: RuleOutcome =
      back === undefined ? await ports.ec2.restoreRule(rule) : { kind: 'applied', ruleId: back.ruleId };
    await ports.ledger.settle(entry, settlementOfRule(outcome), ports.now());
    ports.log({ event: 'rule-put-back', ruleId: rule.ruleId, outcome: outcome.kind });
  }
  await ports.closings.end(rule.ruleId, ports.now());
};
