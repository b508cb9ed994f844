import type { DescribeNetworkInterfacesCommandInput } from '@aws-sdk/client-ec2';
import {
  CreateNetworkAclCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BehindProxy } from './behind-proxy.ts';
import { query, REGION, startBehindProxy, until } from './behind-proxy.ts';
import type { Site } from './world.ts';
import { freshName, IMAGE_ID, launch, launchRunning, makeSite, stateOf } from './world.ts';

let at: BehindProxy;
let site: Site;
beforeAll(async () => {
  at = await startBehindProxy();
  site = await makeSite(at.ec2, at.elb);
}, 120_000);
afterAll(() => at.stop());

const interfaces = async (input: DescribeNetworkInterfacesCommandInput) =>
  (await at.ec2.send(new DescribeNetworkInterfacesCommand(input))).NetworkInterfaces ?? [];
const statesOf = (id: string) =>
  at.events.filter(({ detail }) => detail['instance-id'] === id).map(({ detail }) => detail['state']);
const statesUntil = (id: string, count: number) =>
  until(
    async () => statesOf(id),
    (states) => states.length >= count,
  );

test('Given an ALB in two subnets, when interfaces are asked by its description, then it has one in each, always the same', async () => {
  const [, , name, id] = site.balancerArn.split('/');
  const input = { Filters: [{ Name: 'description', Values: [`ELB app/${name}/${id}`] }] };
  const found = await interfaces(input);
  expect(
    found.map((one) => [one.SubnetId, one.PrivateIpAddress, one.InterfaceType, one.RequesterManaged]).sort(),
  ).toEqual(
    [
      [site.subnetIds[0], '10.0.1.254', 'interface', true],
      [site.subnetIds[1], '10.0.2.254', 'interface', true],
    ].sort(),
  );
  expect(found.map(({ Groups }) => Groups?.map(({ GroupId }) => GroupId))).toEqual([
    [site.balancerGroupId],
    [site.balancerGroupId],
  ]);
  expect(await interfaces(input)).toEqual(found);
});

test('Given balancers and instances, when interfaces are filtered, then both are judged alike', async () => {
  const instanceId = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  const by = async (Name: string, ...Values: string[]) => (await interfaces({ Filters: [{ Name, Values }] })).length;
  expect(await by('attachment.instance-id', instanceId)).toBe(1);
  expect(await by('group-id', site.balancerGroupId)).toBe(2);
  expect(await by('group-id', site.balancerGroupId, site.webGroupId)).toBe(3);
  expect(await by('vpc-id', site.vpcId)).toBe(3);
  expect(await by('subnet-id', site.subnetIds[1])).toBe(1);
  expect(await by('addresses.private-ip-address', '10.0.1.254')).toBe(1);
  expect(await by('description', 'ELB app/*')).toBe(2);
  await expect(by('no-such-filter', 'x')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('Given more interfaces than a page holds, when they are paged through, then each comes once', async () => {
  for (let count = 0; count < 4; count += 1) await launch(at.ec2, site.subnetIds[0], site.webGroupId);
  const Filters = [{ Name: 'vpc-id', Values: [site.vpcId] }];
  const all = await interfaces({ Filters });
  const first = await at.ec2.send(new DescribeNetworkInterfacesCommand({ Filters, MaxResults: 5 }));
  const second = await at.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters, MaxResults: 5, NextToken: first.NextToken }),
  );
  const paged = [...(first.NetworkInterfaces ?? []), ...(second.NetworkInterfaces ?? [])];
  expect(first.NetworkInterfaces).toHaveLength(5);
  expect(second.NextToken).toBeUndefined();
  expect(paged.map((one) => one.NetworkInterfaceId)).toEqual(all.map((one) => one.NetworkInterfaceId));
});

test('Given NLB and GWLB, when they are created, then ARNs and interfaces are named as AWS names them', async () => {
  const kinds = [
    ['network', 'net', 'network_load_balancer'],
    ['gateway', 'gwy', 'gateway_load_balancer'],
  ] as const;
  for (const [Type, part, interfaceType] of kinds) {
    const { LoadBalancers: [made] = [] } = await at.elb.send(
      new CreateLoadBalancerCommand({ Name: freshName(part), Type, Subnets: [site.subnetIds[0]] }),
    );
    const arn = made?.LoadBalancerArn ?? '';
    expect(arn).toContain(`:loadbalancer/${part}/`);
    const found = await at.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    expect(found.LoadBalancers?.map(({ LoadBalancerArn }) => LoadBalancerArn)).toEqual([arn]);
    const [, , name, id] = arn.split('/');
    expect(
      await interfaces({ Filters: [{ Name: 'description', Values: [`ELB ${part}/${name}/${id}`] }] }),
    ).toMatchObject([{ InterfaceType: interfaceType, SubnetId: site.subnetIds[0], Groups: [] }]);
  }
});

test('Given an instance, when it is launched, stopped, started and terminated, then every state is shown and told', async () => {
  const id = await launch(at.ec2, site.subnetIds[0], site.webGroupId);
  expect(await stateOf(at.ec2, id)).toBe('pending');
  expect(await statesUntil(id, 2)).toEqual(['pending', 'running']);
  expect(await stateOf(at.ec2, id)).toBe('running');
  await at.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  expect(await stateOf(at.ec2, id)).toBe('stopping');
  await expect(at.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }))).rejects.toMatchObject({
    name: 'IncorrectInstanceState',
  });
  await statesUntil(id, 4);
  await at.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await statesUntil(id, 6);
  await at.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  await at.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  const told = ['pending', 'running', 'stopping', 'stopped', 'pending', 'running', 'shutting-down', 'terminated'];
  expect(await statesUntil(id, 8)).toEqual(told);
  const event = at.events.find(({ detail }) => detail['instance-id'] === id);
  expect(event).toEqual({
    version: '0',
    id: expect.any(String),
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: '123456789012',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    region: REGION,
    resources: [`arn:aws:ec2:${REGION}:123456789012:instance/${id}`],
    detail: { 'instance-id': id, state: 'pending' },
  });
});

test('Given a pending instance, when instances are filtered by state, then the shown state decides', async () => {
  const id = await launch(at.ec2, site.subnetIds[0], site.webGroupId);
  const inState = async (state: string) => {
    const Filters = [
      { Name: 'instance-id', Values: [id] },
      { Name: 'instance-state-name', Values: [state] },
    ];
    return (await at.ec2.send(new DescribeInstancesCommand({ Filters }))).Reservations?.length ?? 0;
  };
  expect([await inState('running'), await inState('pending')]).toEqual([0, 1]);
  await statesUntil(id, 2);
  expect([await inState('running'), await inState('pending')]).toEqual([1, 0]);
});

test('Given ids of which one is unknown, when instances are described, then by id all fails and by filter it is absent', async () => {
  const ids = [await launch(at.ec2, site.subnetIds[0], site.webGroupId), 'i-0123456789abcdef0'];
  await expect(at.ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }))).rejects.toMatchObject({
    name: 'InvalidInstanceID.NotFound',
  });
  const malformed = new DescribeInstancesCommand({ InstanceIds: ['web-1'] });
  await expect(at.ec2.send(malformed)).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
  const filtered = await at.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: ids }] }));
  expect(filtered.Reservations?.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId))).toEqual(
    [ids[0]],
  );
});

test('Given tags that change, stay and go, when they are written, then only changes are told, with all tags and a growing version', async () => {
  const id = await launch(at.ec2, site.subnetIds[0], site.webGroupId, { Name: 'web-1' });
  const tag = (Key: string, Value: string) =>
    at.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));
  await tag('Role', 'web');
  await tag('Role', 'web');
  await at.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'Name' }] }));
  await at.elb.send(
    new AddTagsCommand({ ResourceArns: [site.targetGroupArn], Tags: [{ Key: 'usher:selector', Value: 'Role=web' }] }),
  );
  await at.proxy.eventsSettled();
  const told = at.events
    .filter((event) => event['detail-type'] === 'Tag Change on Resource')
    .map(({ resources, detail }) => ({ resources, ...detail }));
  const resources = [`arn:aws:ec2:${REGION}:123456789012:instance/${id}`];
  expect(told).toEqual([
    {
      resources,
      'changed-tag-keys': ['Role'],
      service: 'ec2',
      'resource-type': 'instance',
      version: 1,
      tags: { Name: 'web-1', Role: 'web' },
    },
    {
      resources,
      'changed-tag-keys': ['Name'],
      service: 'ec2',
      'resource-type': 'instance',
      version: 2,
      tags: { Role: 'web' },
    },
    {
      resources: [site.targetGroupArn],
      'changed-tag-keys': ['usher:selector'],
      service: 'elasticloadbalancing',
      'resource-type': 'targetgroup',
      version: 1,
      tags: { 'usher:selector': 'Role=web' },
    },
  ]);
});

test('Given an Auto Scaling group, when it grows and shrinks, then its instances have states and activities', async () => {
  const scaling = (parameters: Record<string, string>) =>
    query(at.proxy.url, 'autoscaling', '2011-01-01', { AutoScalingGroupName: 'fleet', ...parameters });
  await scaling({
    Action: 'CreateLaunchConfiguration',
    LaunchConfigurationName: 'web',
    ImageId: IMAGE_ID,
    InstanceType: 't3.micro',
  });
  const sizes = { MinSize: '0', MaxSize: '2', VPCZoneIdentifier: site.subnetIds[0] };
  const made = await scaling({
    Action: 'CreateAutoScalingGroup',
    LaunchConfigurationName: 'web',
    DesiredCapacity: '1',
    ...sizes,
  });
  expect(made.status).toBe(200);
  const activities = () => at.events.filter((event) => event['detail-type'].endsWith('Successful'));
  await until(
    async () => activities().length,
    (count) => count === 1,
  );
  await scaling({ Action: 'SetDesiredCapacity', DesiredCapacity: '0' });
  await until(
    async () => activities().length,
    (count) => count === 2,
  );
  expect(activities().map((event) => event['detail-type'])).toEqual([
    'EC2 Instance Launch Successful',
    'EC2 Instance Terminate Successful',
  ]);
  const [launched] = activities();
  const id = String(launched?.detail['EC2InstanceId']);
  expect(launched?.detail).toMatchObject({
    StatusCode: 'InProgress',
    AutoScalingGroupName: 'fleet',
    Destination: 'AutoScalingGroup',
  });
  expect(statesOf(id)).toEqual(['pending', 'running', 'shutting-down', 'terminated']);
});

test('Given a new network ACL, when it is described, then it ends in a deny for each direction', async () => {
  const { NetworkAcl } = await at.ec2.send(new CreateNetworkAclCommand({ VpcId: site.vpcId }));
  expect(NetworkAcl?.Entries?.map(({ RuleNumber, RuleAction, Egress }) => [RuleNumber, RuleAction, Egress])).toEqual([
    [32767, 'deny', true],
    [32767, 'deny', false],
  ]);
});
