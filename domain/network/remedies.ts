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

const regionOf = ({ seats }: ProposedRule): string => regionOption(seats[0]?.targetGroup.arn ?? '');

/** The line that adds one rule. @see AWS CLI reference, `authorize-security-group-ingress` */
export const authorizeCommand = (rule: ProposedRule): string => {
  const { protocol, port, peer } = rule;
  const permission = `IpProtocol=${protocol},FromPort=${port},ToPort=${port},${PEER_OPTION[peer.kind](peerText(peer))}`;
  return `aws ec2 authorize-security-group-${rule.direction} --group-id ${rule.groupId} --ip-permissions '${permission}'${regionOf(rule)}`;
};

/** The line that asks for room in full groups; the code is that of "Inbound or outbound rules per security group". */
export const raiseQuotaCommand = (rule: ProposedRule, desired: number): string =>
  `aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-0EA8095F --desired-value ${desired}${regionOf(rule)}`;

/** The line that enables a zone: it overwrites, so it lists every subnet. */
export const setSubnetsCommand = (loadBalancerArn: string, subnetIds: readonly string[]): string =>
  `aws elbv2 set-subnets --load-balancer-arn ${loadBalancerArn} --subnets ${subnetIds.join(' ')}${regionOption(loadBalancerArn)}`;
