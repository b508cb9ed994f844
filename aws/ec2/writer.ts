import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateTagsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { USHER_TAG } from '../../domain/tags.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { authorizeRules } from './authorize-rules.ts';
import type { Ec2Writer } from './port.ts';
import { restoreRule } from './restore-rule.ts';

const REVOKE = { ingress: 'RevokeSecurityGroupIngress', egress: 'RevokeSecurityGroupEgress' } as const;

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

const keepRule =
  (client: EC2Client): Ec2Writer['keepRule'] =>
  async (ruleId) => {
    try {
      await callAws({ service: 'EC2', action: 'CreateTags' }, () =>
        client.send(new CreateTagsCommand({ Resources: [ruleId], Tags: [{ Key: USHER_TAG.keep, Value: 'true' }] })),
      );
      return true;
    } catch (error) {
      if (error instanceof AwsCallError && error.meaning === 'not-found') return false;
      throw error;
    }
  };

/** Writes security group rules. */
export const ec2Writer = (client: EC2Client): Ec2Writer => ({
  authorizeRules: authorizeRules(client),
  keepRule: keepRule(client),
  restoreRule: restoreRule(client),
  revokeRule: revokeRule(client),
});
