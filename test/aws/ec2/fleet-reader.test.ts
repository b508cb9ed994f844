import {
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { fleetReader } from '../../../aws/ec2/fleet-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const reader = fleetReader(new EC2Client({ region: 'ap-northeast-1' }));

const reservation = (InstanceId: string) => ({
  Instances: [{ InstanceId, State: { Name: 'running' as const }, LaunchTime: new Date('2026-11-22T05:00:00Z') }],
});

test('Given several pages of instances, when all are read, then each page is handed on, without those that are gone', async () => {
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [reservation('i-00000001')], NextToken: 'more' })
    .resolvesOnce({ Reservations: [reservation('i-00000002'), reservation('i-00000003')] });
  const pages: string[][] = [];
  await reader.readEveryInstance((page) => pages.push(page.map(({ instanceId }) => instanceId)));
  expect(pages).toEqual([['i-00000001'], ['i-00000002', 'i-00000003']]);
  const [first, second] = ec2.commandCalls(DescribeInstancesCommand).map(({ args }) => args[0].input);
  expect(first).toEqual({
    Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }],
    MaxResults: 500,
  });
  expect(second?.NextToken).toBe('more');
});

test('Given a page that fails, or an answer without its list, then the read fails: half a fleet is none', async () => {
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [reservation('i-00000001')], NextToken: 'more' })
    .rejectsOnce(awsRefusal('RequestLimitExceeded', 'Request limit exceeded.'));
  await expect(reader.readEveryInstance(() => {})).rejects.toMatchObject({ meaning: 'throttled' });
  ec2.on(DescribeInstancesCommand).resolves({});
  await expect(reader.readEveryInstance(() => {})).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
});

test('Given rules with our tag, when they are read by it, then page after page is', async () => {
  const rule = (SecurityGroupRuleId: string) => ({
    SecurityGroupRuleId,
    GroupId: 'sg-web',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    ReferencedGroupInfo: { GroupId: 'sg-alb' },
    Tags: [{ Key: 'usher:owner', Value: 'prod' }],
  });
  ec2
    .on(DescribeSecurityGroupRulesCommand)
    .resolvesOnce({ SecurityGroupRules: [rule('sgr-1')], NextToken: 'more' })
    .resolvesOnce({ SecurityGroupRules: [rule('sgr-2')] });
  const rules = await reader.readRulesTagged('usher:owner', 'prod');
  expect(rules.map(({ ruleId, tags }) => [ruleId, tags])).toEqual([
    ['sgr-1', { 'usher:owner': 'prod' }],
    ['sgr-2', { 'usher:owner': 'prod' }],
  ]);
  expect(ec2.commandCalls(DescribeSecurityGroupRulesCommand)[0]?.args[0].input.Filters).toEqual([
    { Name: 'tag:usher:owner', Values: ['prod'] },
  ]);
});

test('Given a pattern, when groups of such names are read, then EC2 is asked for it as it is', async () => {
  ec2.on(DescribeSecurityGroupsCommand).resolves({
    SecurityGroups: [{ GroupId: 'sg-9', GroupName: 'default_elb_0a1b', VpcId: 'vpc-1' }],
  });
  expect(await reader.readGroupsNamed('default_elb_*')).toEqual([
    { groupId: 'sg-9', name: 'default_elb_0a1b', vpcId: 'vpc-1', tags: {} },
  ]);
  expect(ec2.commandCalls(DescribeSecurityGroupsCommand)[0]?.args[0].input.Filters).toEqual([
    { Name: 'group-name', Values: ['default_elb_*'] },
  ]);
});

test('Given a name, when instances of that name are read, then wildcards in it stand for themselves, and only the very name counts', async () => {
  const called = (InstanceId: string, Name: string) => {
    const [instance] = reservation(InstanceId).Instances;
    return { Instances: [{ ...instance, Tags: [{ Key: 'Name', Value: Name }] }] };
  };
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [called('i-00000001', 'web*1'), called('i-00000002', 'web-1')], NextToken: 'more' })
    .resolvesOnce({ Reservations: [called('i-00000003', 'web*1')] });
  const found = await reader.readInstancesNamed('web*1');
  expect(found.map(({ instanceId }) => instanceId)).toEqual(['i-00000001', 'i-00000003']);
  expect(ec2.commandCalls(DescribeInstancesCommand)[0]?.args[0].input.Filters).toEqual([
    { Name: 'tag:Name', Values: ['web\\*1'] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ]);
});

test('Given the id of a rule, when it is read, then it is asked for by the filter, and an unknown one is merely absent', async () => {
  const rule = {
    SecurityGroupRuleId: 'sgr-1',
    GroupId: 'sg-web',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    CidrIpv4: '0.0.0.0/0',
    Tags: [],
  };
  ec2
    .on(DescribeSecurityGroupRulesCommand)
    .resolvesOnce({ SecurityGroupRules: [rule] })
    .resolvesOnce({ SecurityGroupRules: [] });
  expect(await reader.readRule('sgr-1')).toMatchObject({ ruleId: 'sgr-1', groupId: 'sg-web' });
  expect(await reader.readRule('sgr-2')).toBeUndefined();
  expect(ec2.commandCalls(DescribeSecurityGroupRulesCommand)[0]?.args[0].input).toEqual({
    Filters: [{ Name: 'security-group-rule-id', Values: ['sgr-1'] }],
  });
});
