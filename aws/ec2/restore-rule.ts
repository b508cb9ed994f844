import type { EC2Client, IpPermission } from '@aws-sdk/client-ec2';
import { AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { Ec2Writer } from './port.ts';

const ACTION = { ingress: 'AuthorizeSecurityGroupIngress', egress: 'AuthorizeSecurityGroupEgress' } as const;

const peerOf = ({ peer, description }: SecurityGroupRule): Partial<IpPermission> => {
  const Description = description === undefined || description === '' ? {} : { Description: description };
  switch (peer.kind) {
    case 'cidr-ipv4':
      return { IpRanges: [{ CidrIp: peer.cidr, ...Description }] };
    case 'cidr-ipv6':
      return { Ipv6Ranges: [{ CidrIpv6: peer.cidr, ...Description }] };
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: peer.prefixListId, ...Description }] };
    case 'security-group':
      return {
        UserIdGroupPairs: [
          { GroupId: peer.groupId, ...(peer.ownerId === undefined ? {} : { UserId: peer.ownerId }), ...Description },
        ],
      };
  }
};

/** Keys that begin so are AWS's own, which nobody else may write. */
const RESERVED = 'aws:';

const inputOf = (rule: SecurityGroupRule) => {
  const tags = Object.entries(rule.tags).filter(([key]) => !key.startsWith(RESERVED));
  return {
    GroupId: rule.groupId,
    IpPermissions: [
      {
        IpProtocol: rule.protocol,
        ...(rule.fromPort === undefined ? {} : { FromPort: rule.fromPort }),
        ...(rule.toPort === undefined ? {} : { ToPort: rule.toPort }),
        ...peerOf(rule),
      },
    ],
    ...(tags.length === 0
      ? {}
      : {
          TagSpecifications: [
            {
              ResourceType: 'security-group-rule' as const,
              Tags: tags.map(([Key, Value]) => ({ Key, Value })),
            },
          ],
        }),
  };
};

/** Adds a rule as it once was: one call, because there is one rule to put back. */
export const restoreRule =
  (client: EC2Client): Ec2Writer['restoreRule'] =>
  async (rule) => {
    const input = inputOf(rule);
    try {
      const { SecurityGroupRules = [] } = await callAws({ service: 'EC2', action: ACTION[rule.direction] }, () =>
        rule.direction === 'ingress'
          ? client.send(new AuthorizeSecurityGroupIngressCommand(input))
          : client.send(new AuthorizeSecurityGroupEgressCommand(input)),
      );
      return { kind: 'applied', ruleId: SecurityGroupRules[0]?.SecurityGroupRuleId ?? '' };
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.meaning === 'throttled' || error.meaning === 'transient')
        throw error;
      if (error.meaning === 'already-there') return { kind: 'already-there' };
      return { kind: 'refused', code: error.code, message: error.awsMessage };
    }
  };
