import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import { judgeDoor } from './clients-admitted.ts';
import type { GuardedBalancer, ListenerPort } from './doors.ts';
import { doorsOf } from './doors.ts';
import { pathFinding } from './findings.ts';
import { NOTHING_WANTED, valueRead, whyUnread } from './hop.ts';
import type { Network, Wants } from './model.ts';
import { judgeMessages } from './packet-sizes.ts';
import { judgeUnserved } from './unserved-ports.ts';

/** What may come to a balancer, as far as its own security groups go; only ever told, never written (design section 2). */
export interface ClientsJudged {
  readonly findings: readonly Finding[];
  /** What was not looked at and would tell more. */
  readonly wants: Wants;
}

const NOTHING_SAID: ClientsJudged = { findings: [], wants: NOTHING_WANTED };

/** What has to be read before the clients' leg is judged. */
export const clientNeeds = (
  loadBalancer: LoadBalancer,
): { readonly securityGroupIds: readonly string[]; readonly vpcIds: readonly string[] } => ({
  securityGroupIds: loadBalancer.securityGroupIds,
  vpcIds:
    loadBalancer.securityGroupIds.length > 0 && loadBalancer.scheme === 'internal' && loadBalancer.vpcId !== undefined
      ? [loadBalancer.vpcId]
      : [],
});

const unreadGroup = (groupId: string, { name }: LoadBalancer, network: Network): Finding =>
  pathFinding('PathUnknown', {
    because: 'SecurityGroupUnread',
    unread: groupId,
    why: whyUnread(network.rules.get(groupId)),
    loadBalancer: name,
  });

/**
 * Whether a balancer's groups admit its clients at each of its listeners, what they open that no listener serves, and whether
 * word about packet sizes gets in. Of what wears no group there is nothing to say. All of it is advice: who may come to a
 * balancer is for people to decide.
 */
export const judgeClients = (
  loadBalancer: LoadBalancer,
  listeners: readonly ListenerPort[],
  network: Network,
): ClientsJudged => {
  const groupIds = loadBalancer.securityGroupIds;
  if (groupIds.length === 0) return NOTHING_SAID;
  const unread = groupIds.find((groupId) => network.rules.get(groupId)?.kind !== 'read');
  if (unread !== undefined) return { ...NOTHING_SAID, findings: [unreadGroup(unread, loadBalancer, network)] };
  const rules = groupIds
    .flatMap((groupId) => valueRead(network.rules.get(groupId)) ?? [])
    .filter(({ direction }) => direction === 'ingress')
    .sort((a, b) => compareText(a.ruleId, b.ruleId));
  const asked: GuardedBalancer = {
    loadBalancer,
    network,
    rules,
    vpc: valueRead(network.vpcs.get(loadBalancer.vpcId ?? '')),
  };
  const doors = doorsOf(listeners);
  const findings = [
    ...doors.flatMap((door) => judgeDoor(door, asked)),
    ...judgeUnserved(doors, asked),
    ...judgeMessages(asked),
  ];
  const vpcIds = clientNeeds(loadBalancer).vpcIds.filter((vpcId) => !network.vpcs.has(vpcId));
  return { findings, wants: { ...NOTHING_WANTED, vpcIds } };
};
