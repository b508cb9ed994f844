import { CreateLoadBalancerCommand, ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { classicLoadBalancingReader } from '../../../aws/classic-load-balancing/reader.ts';
import { classicSecurityGroups } from '../../../aws/classic-load-balancing/security-groups.ts';
import { companionGroups } from '../../../aws/ec2/companion-groups.ts';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { balancerSecurityGroups } from '../../../aws/elastic-load-balancing/security-groups.ts';
import { classicArnOf } from '../../../domain/classic-load-balancer.ts';
import { companionTags } from '../../../domain/companion/companion.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { clientSettings, REGION, startBehindProxy } from '../proxy/behind-proxy.ts';
import type { Site } from '../proxy/world.ts';
import { freshName, launchRunning, makeSite } from '../proxy/world.ts';

let at: BehindProxy;
let classic: ElasticLoadBalancingClient;
let site: Site;

beforeAll(async () => {
  at = await startBehindProxy();
  classic = new ElasticLoadBalancingClient(clientSettings(at.proxy.url));
  site = await makeSite(at.ec2, at.elb);
}, 120_000);
afterAll(async () => {
  classic.destroy();
  await at.stop();
});

const groups = () => companionGroups(at.ec2);

const make = async (name = freshName('usher-prod')) => {
  const tags = companionTags('prod', site.balancerArn);
  const made = await groups().createGroup({ name, description: 'Usher: made for a test.', vpcId: site.vpcId, tags });
  if (made.kind !== 'created') throw new Error('the name was taken');
  return { name, groupId: made.groupId, tags };
};

describe('a group of our own', () => {
  test('is made without rules, with its tags, and found by its name and by its tag', async () => {
    const { name, groupId, tags } = await make();
    const group = { groupId, name, vpcId: site.vpcId, tags };
    expect((await ec2Reader(at.ec2).readSecurityGroupRules([groupId])).get(groupId)).toEqual([]);
    expect(await groups().readNamed(site.vpcId, name)).toEqual(group);
    expect(await groups().readNamed('vpc-0123456789abcdef0', name)).toBeUndefined();
    expect(await groups().readTagged('usher:owner', 'prod')).toContainEqual(group);
    expect(await groups().readTagged('usher:owner', 'dev')).toEqual([]);
  });

  test('Given the VPC has one of that name, then none is made', async () => {
    const { name, tags } = await make();
    expect(await groups().createGroup({ name, description: 'Again.', vpcId: site.vpcId, tags })).toEqual({
      kind: 'taken',
    });
  });

  test('Given a rule names it, then who names it is known, and it is not deleted; without it is, and then it is gone', async () => {
    const { groupId } = await make();
    const rule = { protocol: 'tcp', port: 80, peer: { kind: 'security-group', groupId }, description: 'test' } as const;
    const [added] = await ec2Writer(at.ec2).authorizeRules(site.webGroupId, 'ingress', [rule], {
      'usher:owner': 'prod',
    });
    if (added?.kind !== 'applied') throw new Error('the rule was not added');
    expect((await groups().readNaming(groupId)).map((each) => each.groupId)).toEqual([site.webGroupId]);
    expect(await groups().deleteGroup(groupId)).toBe('in-use');
    await ec2Writer(at.ec2).revokeRule(site.webGroupId, 'ingress', added.ruleId);
    expect(await groups().readNaming(groupId)).toEqual([]);
    expect(await groups().deleteGroup(groupId)).toBe('deleted');
    expect(await groups().deleteGroup(groupId)).toBe('gone');
  });
});

describe('what is worn', () => {
  test('Given an instance, then the whole list is what was set, and the group is not deleted while it is worn', async () => {
    const { groupId } = await make();
    const instanceId = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
    const worn = async () => (await ec2Reader(at.ec2).readInstances([instanceId]))[0]?.networkInterfaces[0];
    const networkInterfaceId = (await worn())?.networkInterfaceId ?? '-';
    await groups().setInterfaceGroups(networkInterfaceId, [site.webGroupId, groupId]);
    expect((await worn())?.securityGroupIds.toSorted()).toEqual([site.webGroupId, groupId].sort());
    expect(await groups().deleteGroup(groupId)).toBe('in-use');
    await groups().setInterfaceGroups(networkInterfaceId, [site.webGroupId]);
    expect((await worn())?.securityGroupIds).toEqual([site.webGroupId]);
  });

  test('Given an Application Load Balancer, then the whole list is what was set', async () => {
    const { groupId } = await make();
    const worn = async () =>
      (await loadBalancingReader(at.elb).readLoadBalancers([site.balancerArn]))[0]?.securityGroupIds ?? [];
    const before = await worn();
    await balancerSecurityGroups(at.elb).setSecurityGroups(site.balancerArn, [...before, groupId]);
    expect(await worn()).toEqual([...before, groupId]);
    await balancerSecurityGroups(at.elb).setSecurityGroups(site.balancerArn, before);
    expect(await worn()).toEqual(before);
  });

  test('Given a Classic balancer, then the same', async () => {
    const { groupId } = await make();
    const name = freshName('classic');
    await classic.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        Subnets: [...site.subnetIds],
        SecurityGroups: [site.webGroupId],
        Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 80 }],
      }),
    );
    const arn = classicArnOf(name, { region: REGION, account: '123456789012' });
    await classicSecurityGroups(classic).setSecurityGroups(arn, [site.webGroupId, groupId]);
    const [balancer] = await classicLoadBalancingReader(classic).readBalancersNamed([name]);
    expect(balancer?.securityGroupIds).toEqual([site.webGroupId, groupId]);
  });

  test('Given five groups, then a sixth is refused', async () => {
    const six = [];
    for (let count = 0; count < 6; count += 1) six.push((await make()).groupId);
    const full = { code: 'SecurityGroupsPerInterfaceLimitExceeded', meaning: 'full' };
    await expect(balancerSecurityGroups(at.elb).setSecurityGroups(site.balancerArn, six)).rejects.toMatchObject(full);
    const instanceId = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
    const [instance] = await ec2Reader(at.ec2).readInstances([instanceId]);
    const id = instance?.networkInterfaces[0]?.networkInterfaceId ?? '-';
    await expect(groups().setInterfaceGroups(id, six)).rejects.toMatchObject(full);
  });

  test('Given the ARN of another kind, then Classic’s API is not asked', async () => {
    await expect(classicSecurityGroups(classic).setSecurityGroups(site.balancerArn, [])).rejects.toThrow(RangeError);
  });
});
