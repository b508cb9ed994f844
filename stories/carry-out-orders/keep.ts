import { AwsCallError } from '../../aws/aws-call-error.ts';
import { compareText } from '../../domain/difference.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../domain/network/model.ts';
import type { Order } from '../../domain/order.ts';
import type { AddedRule } from '../../domain/stored-plan.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import type { NotKeptBecause, VerbAnswer } from '../../domain/verb-answer.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { REFUSALS } from '../seat-instances/apply.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import type { OrderPorts } from './ports.ts';

/** As many as an answer shows. */
const RULES_SHOWN = 10;

const named = ({ ruleId, groupId }: SecurityGroupRule, group: SecurityGroup | undefined): AddedRule => ({
  ruleId,
  securityGroup: { id: groupId, name: group?.name ?? groupId },
});

/** Why the tag must not be written; `undefined` when it may. */
const objection = async (
  ports: OrderPorts,
  rule: SecurityGroupRule,
  group: SecurityGroup | undefined,
): Promise<NotKeptBecause | undefined> => {
  const { stage } = ports;
  if ((await ports.pauses.find()) !== undefined) return 'Paused';
  if (stage.maximumPolicy === 'report-only') return 'ReportOnly';
  if (group === undefined) return 'SecurityGroupGone';
  if (stage.vpcIds !== 'all' && !stage.vpcIds.includes(group.vpcId)) return 'OutsideVpcs';
  return isTagTrue(group.tags, USHER_TAG.ignore) || isTagTrue(rule.tags, USHER_TAG.ignore) ? 'Ignored' : undefined;
};

const write = async (ports: OrderPorts, ruleId: string): Promise<'written' | 'gone' | AwsCallError> => {
  try {
    return (await ports.ec2.keepRule(ruleId)) ? 'written' : 'gone';
  } catch (error) {
    if (error instanceof AwsCallError && REFUSALS.has(error.meaning)) return error;
    throw error;
  }
};

/** Under the lease of its security group, so that no sweep removes the rule meanwhile. */
const keepUnderLease = async (ports: OrderPorts, { by: { userId } }: Order, said: string): Promise<VerbAnswer> => {
  const rule = await ports.fleet.readRule(said);
  if (rule === undefined) return { kind: 'no-such-rule', said };
  const group = (await ports.ec2.readSecurityGroups([rule.groupId])).get(rule.groupId);
  const kept = named(rule, group);
  if (isTagTrue(rule.tags, USHER_TAG.keep)) return { kind: 'kept', byUserId: userId, rule: kept, wasKept: true };
  const because = await objection(ports, rule, group);
  if (because !== undefined) return { kind: 'not-kept', rule: kept, because };
  const written = await write(ports, rule.ruleId);
  if (written === 'gone') return { kind: 'no-such-rule', said };
  if (written !== 'written')
    return { kind: 'not-kept', rule: kept, because: { kind: 'RefusedByAws', code: written.code } };
  ports.log({ event: 'rule-kept', ruleId: rule.ruleId, byUserId: userId });
  return { kind: 'kept', byUserId: userId, rule: kept, wasKept: false };
};

/**
 * Marks a rule as one that is never proposed for removal again. The tag is the record: it stands on the rule, where everybody
 * sees it, and whoever takes it away ends it.
 * @throws {GroupsBusyError} when somebody else plans against its security group; nothing was changed
 * @throws whatever a read or write of AWS failed with
 */
export const keepRule = async (ports: OrderPorts, order: Order, said: string): Promise<VerbAnswer> => {
  const rule = await ports.fleet.readRule(said);
  if (rule === undefined) return { kind: 'no-such-rule', said };
  const lease = await ports.leases.acquire([rule.groupId], `keep-${ports.newId()}`, ports.now(), LEASE_SECONDS);
  if (lease === undefined) throw new GroupsBusyError(`the security group ${rule.groupId} is leased to others`);
  try {
    return await keepUnderLease(ports, order, said);
  } finally {
    await ports.leases.release(lease);
  }
};

/** Lists the rules that are kept, ours and others'. */
export const listKept = async (ports: OrderPorts): Promise<VerbAnswer> => {
  const rules = [...(await ports.fleet.readRulesTagged(USHER_TAG.keep, 'true'))].sort((a, b) =>
    compareText(`${a.groupId}|${a.ruleId}`, `${b.groupId}|${b.ruleId}`),
  );
  const shown = rules.slice(0, RULES_SHOWN);
  const ids = [...new Set(shown.map(({ groupId }) => groupId))];
  const groups = ids.length === 0 ? new Map<string, SecurityGroup>() : await ports.ec2.readSecurityGroups(ids);
  return { kind: 'kept-rules', rules: shown.map((rule) => named(rule, groups.get(rule.groupId))), count: rules.length };
};
