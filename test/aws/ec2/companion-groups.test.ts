import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { companionGroups } from '../../../aws/ec2/companion-groups.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const groups = companionGroups(new EC2Client({ region: 'ap-northeast-1' }));
const GROUP = { name: 'usher-prod-web-alb', description: 'Usher.', vpcId: 'vpc-1', tags: { 'usher:owner': 'prod' } };

describe('making a group', () => {
  test('asks for its tags in the very call, and takes AWS’s own rules out of it, each by itself', async () => {
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: 'sg-1' });
    ec2.on(RevokeSecurityGroupEgressCommand).resolves({});
    expect(await groups.createGroup(GROUP)).toEqual({ kind: 'created', groupId: 'sg-1' });
    expect(ec2.commandCalls(CreateSecurityGroupCommand)[0]?.args[0].input).toEqual({
      GroupName: 'usher-prod-web-alb',
      Description: 'Usher.',
      VpcId: 'vpc-1',
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'usher:owner', Value: 'prod' }] }],
    });
    expect(ec2.commandCalls(RevokeSecurityGroupEgressCommand).map(({ args }) => args[0].input)).toEqual([
      { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
      { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] },
    ]);
  });

  test('Given a VPC without IPv6, where the second rule is not there, then the group is made all the same', async () => {
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: 'sg-1' });
    ec2
      .on(RevokeSecurityGroupEgressCommand)
      .resolvesOnce({})
      .rejectsOnce(awsRefusal('InvalidPermission.NotFound', 'not there'));
    expect(await groups.createGroup(GROUP)).toEqual({ kind: 'created', groupId: 'sg-1' });
  });

  test('Given the name is taken, then that is an answer; what is denied is an error', async () => {
    ec2
      .on(CreateSecurityGroupCommand)
      .rejectsOnce(awsRefusal('InvalidGroup.Duplicate', 'already exists'))
      .rejectsOnce(awsRefusal('UnauthorizedOperation', 'no'))
      .rejectsOnce(awsRefusal('SecurityGroupLimitExceeded', 'as many as may be'));
    expect(await groups.createGroup(GROUP)).toEqual({ kind: 'taken' });
    await expect(groups.createGroup(GROUP)).rejects.toMatchObject({ meaning: 'denied' });
    await expect(groups.createGroup(GROUP)).rejects.toMatchObject({ meaning: 'full' });
  });
});

test.each([
  ['DependencyViolation', 'in-use'],
  ['InvalidGroup.InUse', 'in-use'],
  ['InvalidGroup.NotFound', 'gone'],
] as const)('Given AWS answers a deletion with %s, then it is %s', async (code, outcome) => {
  ec2.on(DeleteSecurityGroupCommand).rejects(awsRefusal(code, 'no'));
  expect(await groups.deleteGroup('sg-1')).toBe(outcome);
});

test('who names a group is asked for each direction, and each is answered once', async () => {
  const group = { GroupId: 'sg-web', GroupName: 'web', VpcId: 'vpc-1', Tags: [] };
  ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [group] });
  expect(await groups.readNaming('sg-1')).toEqual([{ groupId: 'sg-web', name: 'web', vpcId: 'vpc-1', tags: {} }]);
  expect(ec2.commandCalls(DescribeSecurityGroupsCommand).map(({ args }) => args[0].input.Filters)).toEqual([
    [{ Name: 'ip-permission.group-id', Values: ['sg-1'] }],
    [{ Name: 'egress.ip-permission.group-id', Values: ['sg-1'] }],
  ]);
});

test('what an interface wears is the whole list', async () => {
  ec2.on(ModifyNetworkInterfaceAttributeCommand).resolves({});
  await groups.setInterfaceGroups('eni-1', ['sg-2', 'sg-1']);
  expect(ec2.commandCalls(ModifyNetworkInterfaceAttributeCommand)[0]?.args[0].input).toEqual({
    NetworkInterfaceId: 'eni-1',
    Groups: ['sg-2', 'sg-1'],
  });
});
