import type { EC2Client, IpPermission, TagSpecification } from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { AuthorizeRule } from '../../domain/change.ts';
import { peerText } from '../../domain/change.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import type { Tags } from '../../domain/tags.ts';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { Ec2Writer } from './port.ts';
import { ec2Reader } from './reader.ts';
import { ruleDescription } from './rule-description.ts';

const AUTHORIZE = { ingress: 'AuthorizeSecurityGroupIngress', egress: 'AuthorizeSecurityGroupEgress' } as const;
const REVOKE = { ingress: 'RevokeSecurityGroupIngress', egress: 'RevokeSecurityGroupEgress' } as const;

const peerOf = ({ peer }: AuthorizeRule, Description: string): Partial<IpPermission> => {
  switch (peer.kind) {
    case 'cidr-ipv4':
      return { IpRanges: [{ CidrIp: peer.cidr, Description }] };
    case 'cidr-ipv6':
      return { Ipv6Ranges: [{ CidrIpv6: peer.cidr, Description }] };
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: peer.prefixListId, Description }] };
    case 'security-group':
      return { UserIdGroupPairs: [{ GroupId: peer.groupId, Description }] };
  }
};

const tagsOnRule = (tags: Tags): TagSpecification => ({
  ResourceType: 'security-group-rule',
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

const authorize = (client: EC2Client, rule: AuthorizeRule, label: { description: string; tags: Tags }) => {
  const input = {
    GroupId: rule.groupId,
    IpPermissions: [
      {
        IpProtocol: rule.protocol,
        FromPort: rule.port,
        ToPort: rule.port,
        ...peerOf(rule, ruleDescription(label.description)),
      },
    ],
    TagSpecifications: [tagsOnRule(label.tags)],
  };
  return rule.direction === 'ingress'
    ? client.send(new AuthorizeSecurityGroupIngressCommand(input))
    : client.send(new AuthorizeSecurityGroupEgressCommand(input));
};

const isRuleWritten = (seen: SecurityGroupRule, asked: AuthorizeRule, tags: Tags): boolean =>
  seen.direction === asked.direction &&
  seen.protocol === asked.protocol &&
  seen.fromPort === asked.port &&
  seen.toPort === asked.port &&
  peerText(seen.peer) === peerText(asked.peer) &&
  Object.entries(tags).every(([key, value]) => seen.tags[key] === value);

/** The id of the rule that an earlier attempt of this very call wrote: same rule, with all our tags. */
const findRuleWritten = async (client: EC2Client, rule: AuthorizeRule, tags: Tags): Promise<string | undefined> => {
  const rules = await ec2Reader(client).readSecurityGroupRules([rule.groupId]);
  return rules.get(rule.groupId)?.find((seen) => isRuleWritten(seen, rule, tags))?.ruleId;
};

/**
 * One rule a call, because how a call of several ends when one is a duplicate is not documented (facts 3.3).
 * A duplicate after more than one attempt may be our own: the first attempt took effect and its answer was lost. Only
 * then the group's rules are read to tell the two apart, else the rule would be nobody's.
 */
const authorizeRule =
  (client: EC2Client): Ec2Writer['authorizeRule'] =>
  async (rule, label) => {
    const call: AwsCall = { service: 'EC2', action: AUTHORIZE[rule.direction] };
    try {
      const { SecurityGroupRules } = await callAws(call, () => authorize(client, rule, label));
      const ruleId = given(
        call,
        'SecurityGroupRules[0].SecurityGroupRuleId',
        SecurityGroupRules?.[0]?.SecurityGroupRuleId,
      );
      return { kind: 'applied', ruleId };
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.meaning !== 'already-there') throw error;
      const ruleId = error.attempts > 1 ? await findRuleWritten(client, rule, label.tags) : undefined;
      return ruleId === undefined ? { kind: 'already-there' } : { kind: 'applied', ruleId };
    }
  };

/** By id: by properties, a default VPC answers success for a rule that does not exist (facts 3.3). */
const revokeRule =
  (client: EC2Client): Ec2Writer['revokeRule'] =>
  async (GroupId, direction, ruleId) => {
    const input = { GroupId, SecurityGroupRuleIds: [ruleId] };
    try {
      const { UnknownIpPermissions } = await callAws({ service: 'EC2', action: REVOKE[direction] }, () =>
        direction === 'ingress'
          ? client.send(new RevokeSecurityGroupIngressCommand(input))
          : client.send(new RevokeSecurityGroupEgressCommand(input)),
      );
      return (UnknownIpPermissions ?? []).length === 0;
    } catch (error) {
      if (error instanceof AwsCallError && error.meaning === 'not-found') return false;
      throw error;
    }
  };

/** Writes security group rules, one a call. */
export const ec2Writer = (client: EC2Client): Ec2Writer => ({
  authorizeRule: authorizeRule(client),
  revokeRule: revokeRule(client),
});
