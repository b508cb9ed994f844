import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { GuardedBalancer } from './doors.ts';
import { groupEvidence, inFamiliesOf } from './doors.ts';
import { pathFinding } from './findings.ts';
import type { SecurityGroupRule } from './model.ts';
import { icmpLine } from './remedies.ts';

/** A message about packet sizes: type and code as a rule's ports (facts 3.2). */
const MESSAGES = [
  { protocol: 'icmp', number: '1', type: 3, code: 4, text: 'ICMP type 3 code 4', family: 'ipv4' },
  { protocol: 'icmpv6', number: '58', type: 2, code: undefined, text: 'ICMPv6 type 2', family: 'ipv6' },
] as const;

type Message = (typeof MESSAGES)[number];

const isAny = (value: number | undefined): boolean => value === undefined || value === -1;

const admitsMessage = (rule: SecurityGroupRule, { protocol, number, type, code }: Message): boolean => {
  const named = rule.protocol.trim().toLowerCase();
  if (named === '-1' || named === 'all') return true;
  if (named !== protocol && named !== number) return false;
  if (isAny(rule.fromPort)) return true;
  return rule.fromPort === type && (isAny(rule.toPort) || code === undefined || rule.toPort === code);
};

/** A rule for every protocol of the other family admits nothing of this one. */
const isOfFamily = ({ peer }: SecurityGroupRule, { family }: Message): boolean =>
  family === 'ipv4' ? peer.kind !== 'cidr-ipv6' : peer.kind !== 'cidr-ipv4';

/** Whether word about packet sizes gets in, in each family that the balancer speaks. */
export const judgeMessages = (asked: GuardedBalancer): readonly Finding[] => {
  const { loadBalancer, rules } = asked;
  const [groupId = ''] = loadBalancer.securityGroupIds.toSorted(compareText);
  const cidr = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;
  return MESSAGES.filter(({ family }) => inFamiliesOf(loadBalancer, [cidr[family]]).length > 0)
    .filter((message) => !rules.some((rule) => isOfFamily(rule, message) && admitsMessage(rule, message)))
    .map((message) =>
      pathFinding(
        'PathMtuBlocked',
        { ...groupEvidence(asked), message: message.text },
        icmpLine(groupId, message, cidr[message.family], loadBalancer.arn),
      ),
    );
};
