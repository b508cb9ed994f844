import { peerText } from '../change.ts';
import type { ProposedRule, RulePeer } from './model.ts';

/** ` --region …` from an ARN's fourth field, so that a line works whatever the reader's default is. */
export const regionOption = (arn: string): string => {
  const region = arn.split(':')[3];
  return region ? ` --region ${region}` : '';
};

const PEER_OPTION: Readonly<Record<RulePeer['kind'], (text: string) => string>> = {
  'security-group': (id) => `UserIdGroupPairs=[{GroupId=${id}}]`,
  'prefix-list': (id) => `PrefixListIds=[{PrefixListId=${id}}]`,
  'cidr-ipv4': (cidr) => `IpRanges=[{CidrIp=${cidr}}]`,
  'cidr-ipv6': (cidr) => `Ipv6Ranges=[{CidrIpv6=${cidr}}]`,
};

/** What a line adds to a group. */
type Addition = Pick<ProposedRule, 'groupId' | 'direction' | 'protocol' | 'port'>;

const authorizeLine = (rule: Addition, peer: RulePeer, arn: string): string => {
  const { groupId, direction, protocol, port } = rule;
  const permission = `IpProtocol=${protocol},FromPort=${port},ToPort=${port},${PEER_OPTION[peer.kind](peerText(peer))}`;
  return `aws ec2 authorize-security-group-${direction} --group-id ${groupId} --ip-permissions '${permission}'${regionOption(arn)}`;
};

const arnIn = ({ seats }: ProposedRule): string => seats[0]?.targetGroup.arn ?? '';

/** The line that adds one rule. @see AWS CLI reference, `authorize-security-group-ingress` */
export const authorizeCommand = (rule: ProposedRule): string => authorizeLine(rule, rule.peer, arnIn(rule));

/** The peer of a rule that names a block of addresses. */
export const cidrPeer = (cidr: string): RulePeer =>
  cidr.includes(':') ? { kind: 'cidr-ipv6', cidr } : { kind: 'cidr-ipv4', cidr };

/** The line that adds one rule for each block. */
export const authorizeLines = (rule: Addition, cidrs: readonly string[], arn: string): string =>
  cidrs.map((cidr) => authorizeLine(rule, cidrPeer(cidr), arn)).join(' && ');

/** The line that admits one ICMP message; of no code, all codes of its type. @see EC2 API reference, `IpPermission` */
export const icmpLine = (
  groupId: string,
  message: { readonly protocol: 'icmp' | 'icmpv6'; readonly type: number; readonly code: number | undefined },
  cidr: string,
  arn: string,
): string => {
  const peer = cidrPeer(cidr);
  const permission = `IpProtocol=${message.protocol},FromPort=${message.type},ToPort=${message.code ?? -1},${PEER_OPTION[peer.kind](cidr)}`;
  return `aws ec2 authorize-security-group-ingress --group-id ${groupId} --ip-permissions '${permission}'${regionOption(arn)}`;
};

/** The line that asks for room in full groups; the code is that of "Inbound or outbound rules per security group". */
export const raiseQuotaCommand = (rule: ProposedRule, desired: number): string =>
  `aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-0EA8095F --desired-value ${desired}${regionOption(arnIn(rule))}`;

/** The line that enables a zone: it overwrites, so it lists every subnet. */
export const setSubnetsCommand = (loadBalancerArn: string, subnetIds: readonly string[]): string =>
  `aws elbv2 set-subnets --load-balancer-arn ${loadBalancerArn} --subnets ${subnetIds.join(' ')}${regionOption(loadBalancerArn)}`;
