import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import type { RulePeer, SecurityGroupRule } from '../../../domain/network/model.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const { restoreRule } = ec2Writer(new EC2Client({ region: 'ap-northeast-1' }));

const RULE: SecurityGroupRule = {
  ruleId: 'sgr-old',
  groupId: 'sg-web',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
  description: 'opened for the launch party',
  tags: { Owner: 'marketing', 'aws:cloudformation:stack-name': 'web' },
};

test('Given a rule that was removed, when it is restored, then it is asked for as it was, without the tags that only AWS can write', async () => {
  ec2.on(AuthorizeSecurityGroupIngressCommand).resolves({ SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-new' }] });
  expect(await restoreRule(RULE)).toEqual({ kind: 'applied', ruleId: 'sgr-new' });
  expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
    {
      GroupId: 'sg-web',
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 80,
          ToPort: 80,
          IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'opened for the launch party' }],
        },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'Owner', Value: 'marketing' }] }],
    },
  ]);
});

test.each<[RulePeer, object]>([
  [{ kind: 'cidr-ipv6', cidr: '::/0' }, { Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
  [{ kind: 'prefix-list', prefixListId: 'pl-1' }, { PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
  [{ kind: 'security-group', groupId: 'sg-x' }, { UserIdGroupPairs: [{ GroupId: 'sg-x' }] }],
  [
    { kind: 'security-group', groupId: 'sg-x', ownerId: '210987654321' },
    { UserIdGroupPairs: [{ GroupId: 'sg-x', UserId: '210987654321' }] },
  ],
])(
  'Given a rule without description, tags and ports, when it is restored, then none is asked for: %j',
  async (peer, said) => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).resolves({ SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-new' }] });
    await restoreRule({
      ...RULE,
      protocol: '-1',
      fromPort: undefined,
      toPort: undefined,
      description: undefined,
      tags: {},
      peer,
    });
    expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
      { GroupId: 'sg-web', IpPermissions: [{ IpProtocol: '-1', ...said }] },
    ]);
  },
);

test('Given a rule outward, when it is restored, then outward', async () => {
  ec2.on(AuthorizeSecurityGroupEgressCommand).resolves({ SecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-new' }] });
  expect(await restoreRule({ ...RULE, direction: 'egress' })).toMatchObject({ kind: 'applied' });
});

test('Given somebody put it back before, when it is restored, then it is there', async () => {
  ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', 'already exists'));
  expect(await restoreRule(RULE)).toEqual({ kind: 'already-there' });
});

test('Given a refusal that another attempt would meet again, when it is restored, then it is refused in AWS’s own words', async () => {
  ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('RulesPerSecurityGroupLimitExceeded', 'full'));
  expect(await restoreRule(RULE)).toEqual({
    kind: 'refused',
    code: 'RulesPerSecurityGroupLimitExceeded',
    message: 'full',
  });
});

test('Given a crowded AWS, when it is restored, then the caller tries again', async () => {
  ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('RequestLimitExceeded', 'slow down'));
  await expect(restoreRule(RULE)).rejects.toMatchObject({ meaning: 'throttled' });
});
