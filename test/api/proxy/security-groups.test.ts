import type { IpPermission } from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BehindProxy } from './behind-proxy.ts';
import { startBehindProxy } from './behind-proxy.ts';
import { admit, makeGroup, makeVpc, tcp } from './world.ts';

let at: BehindProxy;
let vpcId: string;
beforeAll(async () => {
  at = await startBehindProxy();
  vpcId = await makeVpc(at.ec2);
}, 120_000);
afterAll(() => at.stop());

const from = (...cidrs: readonly string[]): IpPermission => tcp(80, { IpRanges: cidrs.map((CidrIp) => ({ CidrIp })) });
const sourcesIn = async (groupId: string): Promise<readonly unknown[]> => {
  const filter = { Name: 'group-id', Values: [groupId] };
  const { SecurityGroupRules = [] } = await at.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [filter] }));
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)
    .map(({ CidrIpv4 }) => CidrIpv4)
    .sort();
};

test('Given a call with one duplicate among new rules, when it is made, then it is refused and adds nothing', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  await admit(at.ec2, groupId, from('10.1.0.0/16'));
  await expect(admit(at.ec2, groupId, from('10.2.0.0/16', '10.1.0.0/16'))).rejects.toMatchObject({
    name: 'InvalidPermission.Duplicate',
  });
  expect(await sourcesIn(groupId)).toEqual(['10.1.0.0/16']);
});

test('Given a range with host bits, when it is authorized, then it is stored canonically and its canonical form is a duplicate', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  await admit(at.ec2, groupId, from('100.68.0.18/18'));
  expect(await sourcesIn(groupId)).toEqual(['100.68.0.0/18']);
  await expect(admit(at.ec2, groupId, from('100.68.0.0/18'))).rejects.toMatchObject({
    name: 'InvalidPermission.Duplicate',
  });
});

test('Given one rule twice in a call, when it is made, then it is refused as a whole', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  await expect(admit(at.ec2, groupId, from('10.1.0.0/16', '10.1.0.0/16'))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
  expect(await sourcesIn(groupId)).toEqual([]);
});

test('Given permissions of every kind in one call, when they are authorized, then the answer names each rule with its tags', async () => {
  const [groupId, peerId] = [await makeGroup(at.ec2, vpcId), await makeGroup(at.ec2, vpcId)];
  await admit(at.ec2, groupId, from('10.3.0.0/16'));
  const { SecurityGroupRules = [] } = await at.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: groupId,
      IpPermissions: [
        tcp(81, { UserIdGroupPairs: [{ GroupId: peerId }] }),
        from('10.1.0.0/16', '10.2.0.0/16'),
        { IpProtocol: 'tcp', FromPort: 82, ToPort: 82, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/64' }] },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'k', Value: 'v' }] }],
    }),
  );
  const answered = SecurityGroupRules.map(
    ({ FromPort, CidrIpv4, CidrIpv6, ReferencedGroupInfo, SecurityGroupRuleId, Tags }) =>
      `${FromPort} ${CidrIpv4 ?? CidrIpv6 ?? ReferencedGroupInfo?.GroupId} ${SecurityGroupRuleId?.slice(0, 4)} ${Tags?.map(({ Key, Value }) => `${Key}=${Value}`)}`,
  );
  expect(answered.sort()).toEqual([
    '80 10.1.0.0/16 sgr- k=v',
    '80 10.2.0.0/16 sgr- k=v',
    `81 ${peerId} sgr- k=v`,
    '82 2001:db8::/64 sgr- k=v',
  ]);
});

test('Given a group of another VPC, when it is referenced, then it is as if it did not exist', async () => {
  const [groupId, foreign] = [
    await makeGroup(at.ec2, vpcId),
    await makeGroup(at.ec2, await makeVpc(at.ec2, '10.9.0.0/16')),
  ];
  const reference = (GroupId: string) => admit(at.ec2, groupId, tcp(80, { UserIdGroupPairs: [{ GroupId }] }));
  await expect(reference(foreign)).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
  await expect(reference('sg-0123456789abcdef0')).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
  await expect(reference(groupId)).resolves.toMatchObject({ Return: true });
});

test('Given a tag specification, when a rule is authorized, then the rule carries the tags', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  const answer = await at.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: groupId,
      IpPermissions: [from('10.1.0.0/16')],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'usher:owner', Value: 'prod' }] }],
    }),
  );
  expect(answer.SecurityGroupRules).toMatchObject([
    { GroupId: groupId, CidrIpv4: '10.1.0.0/16', Tags: [{ Key: 'usher:owner', Value: 'prod' }] },
  ]);
  expect(at.proxy.calls.at(-1)).toMatchObject({
    access: 'write',
    tagSpecifications: [{ tags: { 'usher:owner': 'prod' } }],
  });
});

test('Given DryRun, when a rule is authorized, then nothing is added', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  const dry = new AuthorizeSecurityGroupIngressCommand({
    GroupId: groupId,
    IpPermissions: [from('10.1.0.0/16')],
    DryRun: true,
  });
  await expect(at.ec2.send(dry)).rejects.toMatchObject({ name: 'DryRunOperation' });
  expect(await sourcesIn(groupId)).toEqual([]);
});

test('Given a tightened quota, when one rule more is asked for, then it is refused', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  at.proxy.changeSettings({ rulesPerSecurityGroup: 2 });
  await admit(at.ec2, groupId, from('10.1.0.0/16', '10.2.0.0/16'));
  await expect(admit(at.ec2, groupId, from('10.3.0.0/16'))).rejects.toMatchObject({
    name: 'RulesPerSecurityGroupLimitExceeded',
  });
  at.proxy.changeSettings({ rulesPerSecurityGroup: 60 });
});

test('Given rules, when they are revoked by id or properties, then the answer names them', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  const { SecurityGroupRules: [rule] = [] } = await admit(at.ec2, groupId, from('10.1.0.0/16'));
  await admit(at.ec2, groupId, from('10.2.0.0/16'));
  const byId = await at.ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: groupId,
      SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ''],
    }),
  );
  expect(byId.RevokedSecurityGroupRules).toMatchObject([
    { SecurityGroupRuleId: rule?.SecurityGroupRuleId, CidrIpv4: '10.1.0.0/16' },
  ]);
  const byProperties = await at.ec2.send(
    new RevokeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [from('10.2.0.0/16')] }),
  );
  expect(byProperties.RevokedSecurityGroupRules).toMatchObject([{ CidrIpv4: '10.2.0.0/16' }]);
  expect(await sourcesIn(groupId)).toEqual([]);
});

test('Given an absent rule among others, when they are revoked, then only a default VPC carries on', async () => {
  const isDefault = { Name: 'is-default', Values: ['true'] };
  const { Vpcs: [defaultVpc] = [] } = await at.ec2.send(new DescribeVpcsCommand({ Filters: [isDefault] }));
  const [inDefault, elsewhere] = [await makeGroup(at.ec2, defaultVpc?.VpcId ?? ''), await makeGroup(at.ec2, vpcId)];
  const revokeTwo = (GroupId: string) =>
    at.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [from('10.1.0.0/16', '99.0.0.0/8')] }));
  for (const groupId of [inDefault, elsewhere]) await admit(at.ec2, groupId, from('10.1.0.0/16'));
  await expect(revokeTwo(elsewhere)).rejects.toMatchObject({ name: 'InvalidPermission.NotFound' });
  expect(await sourcesIn(elsewhere)).toEqual(['10.1.0.0/16']);
  expect(await revokeTwo(inDefault)).toMatchObject({
    Return: true,
    UnknownIpPermissions: [{ IpRanges: [{ CidrIp: '99.0.0.0/8' }] }],
  });
  expect(await sourcesIn(inDefault)).toEqual([]);
});
