import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import type { AuthorizeRule } from '../../../domain/change.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const writer = ec2Writer(new EC2Client({ region: 'ap-northeast-1' }));

const RULE: AuthorizeRule = {
  kind: 'authorize-rule',
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  protocol: 'tcp',
  port: 8080,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  targetGroupArn: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef',
  targetKeys: ['i-0a1b2c3d4e5f67890:8080'],
  reason: 'PathBlocked',
};
const LABEL = { description: 'Usher: web-alb to web', tags: { 'usher:owner': 'prod', 'usher:entry': 'e-1' } };
const DUPLICATE = 'the specified rule "peer: sg-alb, TCP, from port: 8080, to port: 8080, ALLOW" already exists';

describe('adding a rule', () => {
  test('Given room in the group, when a rule is authorized, then exactly one rule is asked for, described and tagged', async () => {
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .resolves({ Return: true, SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-1' }] });
    expect(await writer.authorizeRule(RULE, LABEL)).toEqual({ kind: 'applied', ruleId: 'sgr-1' });
    expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
      {
        GroupId: 'sg-web',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 8080,
            ToPort: 8080,
            UserIdGroupPairs: [{ GroupId: 'sg-alb', Description: 'Usher: web-alb to web' }],
          },
        ],
        TagSpecifications: [
          {
            ResourceType: 'security-group-rule',
            Tags: [
              { Key: 'usher:owner', Value: 'prod' },
              { Key: 'usher:entry', Value: 'e-1' },
            ],
          },
        ],
      },
    ]);
  });

  test.each([
    [{ kind: 'cidr-ipv4', cidr: '10.0.1.7/32' }, { IpRanges: [{ CidrIp: '10.0.1.7/32', Description: 'd' }] }],
    [
      { kind: 'cidr-ipv6', cidr: '2001:db8::7/128' },
      { Ipv6Ranges: [{ CidrIpv6: '2001:db8::7/128', Description: 'd' }] },
    ],
    [{ kind: 'prefix-list', prefixListId: 'pl-1' }, { PrefixListIds: [{ PrefixListId: 'pl-1', Description: 'd' }] }],
  ] as const)('Given the peer %j, when egress is authorized, then it goes out as %j', async (peer, permission) => {
    ec2.on(AuthorizeSecurityGroupEgressCommand).resolves({ SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-2' }] });
    await writer.authorizeRule({ ...RULE, direction: 'egress', protocol: 'udp', peer }, { description: 'd', tags: {} });
    expect(ec2.commandCalls(AuthorizeSecurityGroupEgressCommand)[0]?.args[0].input.IpPermissions).toEqual([
      { IpProtocol: 'udp', FromPort: 8080, ToPort: 8080, ...permission },
    ]);
  });

  test('Given somebody has the rule, when it is authorized, then it is already there, at the cost of one call', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE));
    expect(await writer.authorizeRule(RULE, LABEL)).toEqual({ kind: 'already-there' });
    expect(ec2.calls()).toHaveLength(1);
  });

  const WRITTEN = {
    SecurityGroupRuleId: 'sgr-9',
    GroupId: 'sg-web',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 8080,
    ToPort: 8080,
    ReferencedGroupInfo: { GroupId: 'sg-alb' },
    Tags: [
      { Key: 'usher:owner', Value: 'prod' },
      { Key: 'usher:entry', Value: 'e-1' },
    ],
  };

  test('Given the first attempt took effect and its answer was lost, when the second meets a duplicate, then the rule is ours', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE, 2));
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [WRITTEN] });
    expect(await writer.authorizeRule(RULE, LABEL)).toEqual({ kind: 'applied', ruleId: 'sgr-9' });
  });

  test.each([
    ['without our tags', { Tags: [] }],
    [
      'with the tags of another entry',
      {
        Tags: [
          { Key: 'usher:owner', Value: 'prod' },
          { Key: 'usher:entry', Value: 'e-0' },
        ],
      },
    ],
    ['on another port', { ToPort: 8090 }],
    ['in the other direction', { IsEgress: true }],
    ['of another source', { ReferencedGroupInfo: { GroupId: 'sg-other' } }],
  ])('Given a duplicate after two attempts is a rule %s, then it is somebody else’s', async (_what, difference) => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE, 2));
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [{ ...WRITTEN, ...difference }] });
    expect(await writer.authorizeRule(RULE, LABEL)).toEqual({ kind: 'already-there' });
  });

  test.each([
    ['RulesPerSecurityGroupLimitExceeded', 'full'],
    ['InvalidGroup.NotFound', 'not-found'],
    ['UnauthorizedOperation', 'denied'],
    ['InvalidPermission.Malformed', 'invalid'],
    ['RequestLimitExceeded', 'throttled'],
  ])('Given AWS refuses with %s, then it throws, meaning %s, in AWS’s own words', async (code, meaning) => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal(code, 'words of AWS'));
    await expect(writer.authorizeRule(RULE, LABEL)).rejects.toMatchObject({
      action: 'AuthorizeSecurityGroupIngress',
      code,
      meaning,
      awsMessage: 'words of AWS',
    });
  });

  test.each([[{}], [{ SecurityGroupRules: [] }], [{ SecurityGroupRules: [{}] }]])(
    'Given the answer %j names no rule, then it throws, because a rule without an id could never be ours',
    async (answer) => {
      ec2.on(AuthorizeSecurityGroupIngressCommand).resolves(answer);
      await expect(writer.authorizeRule(RULE, LABEL)).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
    },
  );
});

describe('removing a rule', () => {
  test('Given an ingress rule, when it is revoked, then it goes by its id', async () => {
    ec2
      .on(RevokeSecurityGroupIngressCommand)
      .resolves({ Return: true, RevokedSecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-1' }] });
    expect(await writer.revokeRule('sg-web', 'ingress', 'sgr-1')).toBe(true);
    expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
      { GroupId: 'sg-web', SecurityGroupRuleIds: ['sgr-1'] },
    ]);
  });

  test('Given an egress rule, when it is revoked, then the egress call is used', async () => {
    ec2.on(RevokeSecurityGroupEgressCommand).resolves({ Return: true });
    expect(await writer.revokeRule('sg-alb', 'egress', 'sgr-2')).toBe(true);
    expect(ec2.commandCalls(RevokeSecurityGroupIngressCommand)).toHaveLength(0);
  });

  test.each(['InvalidSecurityGroupRuleId.NotFound', 'InvalidPermission.NotFound', 'InvalidGroup.NotFound'])(
    'Given AWS answers %s, then the rule was already gone',
    async (code) => {
      ec2.on(RevokeSecurityGroupIngressCommand).rejects(awsRefusal(code, 'does not exist'));
      expect(await writer.revokeRule('sg-web', 'ingress', 'sgr-1')).toBe(false);
    },
  );

  test('Given success that lists unknown permissions, as in a default VPC, then the rule was already gone', async () => {
    ec2.on(RevokeSecurityGroupIngressCommand).resolves({ Return: true, UnknownIpPermissions: [{ IpProtocol: 'tcp' }] });
    expect(await writer.revokeRule('sg-web', 'ingress', 'sgr-1')).toBe(false);
  });

  test('Given AWS denies it, then it throws and nobody takes the rule for gone', async () => {
    ec2.on(RevokeSecurityGroupIngressCommand).rejects(awsRefusal('UnauthorizedOperation', 'not authorized'));
    await expect(writer.revokeRule('sg-web', 'ingress', 'sgr-1')).rejects.toMatchObject({ meaning: 'denied' });
  });
});
