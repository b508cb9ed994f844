import { peerText } from '../change.ts';
import type { SecurityGroupRule } from '../network/model.ts';
import { portsText } from '../network/ports.ts';
import type { ClosedRule } from './report.ts';

/** Ports as text; empty for all. */
const portsOf = ({ fromPort, toPort }: SecurityGroupRule): string =>
  fromPort === undefined || fromPort === -1 ? '' : portsText({ first: fromPort, last: toPort ?? fromPort });

/** A rule as people know it. */
export const closedRule = (rule: SecurityGroupRule, securityGroup: ClosedRule['securityGroup']): ClosedRule => ({
  ruleId: rule.ruleId,
  securityGroup,
  protocol: rule.protocol,
  ports: portsOf(rule),
  peer: peerText(rule.peer),
});

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '')}"`;

const described = (description: string | undefined): string =>
  description === undefined || description === '' ? '' : `,Description=${quoted(description)}`;

const peerOption = ({ peer, description }: SecurityGroupRule): string => {
  const text = `${peerText(peer)}${described(description)}`;
  switch (peer.kind) {
    case 'security-group':
      return `UserIdGroupPairs=[{${peer.ownerId === undefined ? '' : `UserId=${peer.ownerId},`}GroupId=${text}}]`;
    case 'prefix-list':
      return `PrefixListIds=[{PrefixListId=${text}}]`;
    case 'cidr-ipv4':
      return `IpRanges=[{CidrIp=${text}}]`;
    case 'cidr-ipv6':
      return `Ipv6Ranges=[{CidrIpv6=${text}}]`;
  }
};

const portOptions = ({ protocol, fromPort, toPort }: SecurityGroupRule): string =>
  protocol === '-1' ? '' : `FromPort=${fromPort ?? -1},ToPort=${toPort ?? -1},`;

/** The line that adds a rule as it is, its tags apart. @see AWS CLI reference, `authorize-security-group-ingress` */
export const addingLine = (rule: SecurityGroupRule, region: string): string =>
  `aws ec2 authorize-security-group-ingress --group-id ${rule.groupId} --ip-permissions '${`IpProtocol=${rule.protocol},${portOptions(rule)}${peerOption(rule)}`.replaceAll("'", '')}' --region ${region}`;

/** The line that removes a rule by its id. */
export const removingLine = ({ groupId, ruleId }: SecurityGroupRule, region: string): string =>
  `aws ec2 revoke-security-group-ingress --group-id ${groupId} --security-group-rule-ids ${ruleId} --region ${region}`;

/** The lines that close or split a rule: what stays is added before the rule goes. */
export const closingLines = (
  rule: SecurityGroupRule,
  split: readonly SecurityGroupRule[],
  region: string,
): readonly string[] => [...split.map((part) => addingLine(part, region)), removingLine(rule, region)];
