import { peerText } from '../change.ts';
import type { Finding } from '../finding.ts';
import type { Door, GuardedBalancer } from './doors.ts';
import { groupEvidence } from './doors.ts';
import { pathFinding } from './findings.ts';
import { valueRead } from './hop.ts';
import type { FlowProtocol, SecurityGroupRule } from './model.ts';
import type { PortRange } from './ports.ts';
import { portsFor, portsText } from './ports.ts';

const without = (ranges: readonly PortRange[], port: number): readonly PortRange[] =>
  ranges.flatMap(({ first, last }) =>
    port < first || last < port
      ? [{ first, last }]
      : [
          { first, last: port - 1 },
          { first: port + 1, last },
        ].filter((range) => range.first <= range.last),
  );

/** Ports that a rule opens and no listener serves. */
const unservedBy = (rule: SecurityGroupRule, protocol: FlowProtocol, doors: readonly Door[]): readonly PortRange[] => {
  const opened = portsFor(rule, protocol);
  const served = doors.filter((door) => door.protocol === protocol).map(({ port }) => port);
  return opened === undefined ? [] : served.reduce<readonly PortRange[]>(without, [opened]);
};

/** What the balancer's own groups open to each other is nobody's from outside. */
const isAmongItself = ({ peer }: SecurityGroupRule, { loadBalancer }: GuardedBalancer): boolean =>
  peer.kind === 'security-group' && loadBalancer.securityGroupIds.includes(peer.groupId);

const PROTOCOLS: readonly FlowProtocol[] = ['tcp', 'udp'];

/** A rule for every protocol is told once, by TCP. */
const judgeRule = (rule: SecurityGroupRule, doors: readonly Door[], asked: GuardedBalancer): readonly Finding[] =>
  PROTOCOLS.filter((protocol) => protocol === 'tcp' || portsFor(rule, 'tcp') === undefined).flatMap((protocol) => {
    const unserved = unservedBy(rule, protocol, doors);
    if (unserved.length === 0) return [];
    const ports = unserved.map(portsText).join(', ');
    const evidence = {
      ...groupEvidence(asked),
      securityGroup: rule.groupId,
      rule: rule.ruleId,
      peer: peerText(rule.peer),
    };
    const name = valueRead(asked.network.securityGroups.get(rule.groupId))?.name;
    return [pathFinding('PortUnserved', { ...evidence, securityGroupName: name, protocol, port: ports })];
  });

/** What a balancer's groups open that no listener serves. */
export const judgeUnserved = (doors: readonly Door[], asked: GuardedBalancer): readonly Finding[] =>
  // Without any listener everything would be open for nothing, and what is wrong is another thing.
  doors.length === 0
    ? []
    : asked.rules.filter((rule) => !isAmongItself(rule, asked)).flatMap((rule) => judgeRule(rule, doors, asked));
