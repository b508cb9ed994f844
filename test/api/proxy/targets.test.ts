import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  RevokeSecurityGroupIngressCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BehindProxy } from './behind-proxy.ts';
import { query, startBehindProxy, until } from './behind-proxy.ts';
import type { Site } from './world.ts';
import {
  admit,
  freshName,
  healthOf,
  launch,
  launchRunning,
  makeSite,
  makeSubnet,
  makeTargetGroup,
  makeVpc,
  tcp,
} from './world.ts';

let at: BehindProxy;
let site: Site;
beforeAll(async () => {
  at = await startBehindProxy();
  site = await makeSite(at.ec2, at.elb);
}, 120_000);
afterAll(() => at.stop());

const register = (TargetGroupArn: string, ...Targets: TargetDescription[]) =>
  at.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
const deregister = (TargetGroupArn: string, ...Targets: TargetDescription[]) =>
  at.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
const addressOf = async (id: string): Promise<string | undefined> => {
  const answer = await at.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return answer.Reservations?.[0]?.Instances?.[0]?.PrivateIpAddress;
};
const fromBalancer = (port = 80) => tcp(port, { UserIdGroupPairs: [{ GroupId: site.balancerGroupId }] });
const healthUntil = (arn: string, ...wanted: readonly string[]) =>
  until(
    () => healthOf(at.elb, arn),
    (health) => wanted.join() === health.join(),
  );

test('Given an instance still pending beside a running one, when both are registered, then neither is', async () => {
  const arn = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: site.vpcId });
  const running = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  const { transitionMilliseconds } = at.proxy.settings;
  at.proxy.changeSettings({ transitionMilliseconds: 5_000 }); // longer than the call takes on a busy machine
  const pending = await launch(at.ec2, site.subnetIds[0], site.webGroupId);
  at.proxy.changeSettings({ transitionMilliseconds });
  await expect(register(arn, { Id: running }, { Id: pending })).rejects.toMatchObject({
    name: 'InvalidTargetException',
    message: `The following targets are not in a running state and cannot be registered: '${pending}'`,
  });
  expect(await healthOf(at.elb, arn)).toEqual([]);
});

test('Given instances of another VPC or of nowhere, when they are registered, then the call is refused', async () => {
  const vpcId = await makeVpc(at.ec2, '10.5.0.0/16');
  const foreign = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: vpcId });
  await makeSubnet(at.ec2, vpcId, '10.5.1.0/24');
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await expect(register(foreign, { Id: id })).rejects.toMatchObject({ name: 'InvalidTargetException' });
  await expect(register(foreign, { Id: 'i-0123456789abcdef0' })).rejects.toMatchObject({
    name: 'InvalidTargetException',
  });
  await expect(register(foreign, { Id: '10.5.1.9' })).rejects.toMatchObject({ name: 'ValidationError' });
  expect(await healthOf(at.elb, foreign)).toEqual([]);
});

test('Given an instance on two ports, when one is deregistered without its port, then only the group’s own port goes', async () => {
  const arn = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: site.vpcId });
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await register(arn, { Id: id }, { Id: id, Port: 8080 });
  const unused = (port: number) => `${id} ${port} unused Target.NotInUse`;
  expect(await healthOf(at.elb, arn)).toEqual([unused(80), unused(8080)]);
  await deregister(arn, { Id: id, Port: 9999 });
  expect(await healthOf(at.elb, arn)).toEqual([unused(80), unused(8080)]);
  await deregister(arn, { Id: id });
  expect(await healthOf(at.elb, arn)).toEqual([unused(8080)]);
  await deregister(arn, { Id: id });
  expect(await healthOf(at.elb, arn)).toEqual([unused(8080)]);
  await deregister(arn, { Id: id, Port: 8080 });
  expect(await healthOf(at.elb, arn)).toEqual([]);
});

test('Given a full group, when one more is registered, then it is too many', async () => {
  const arn = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: site.vpcId });
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  at.proxy.changeSettings({ targetsPerGroup: 1 });
  await register(arn, { Id: id });
  await expect(register(arn, { Id: id, Port: 81 })).rejects.toMatchObject({ name: 'TooManyTargetsException' });
  at.proxy.changeSettings({ targetsPerGroup: 1000 });
});

test('Given a registered instance, when its path opens, its application fails and its rule goes, then health follows each', async () => {
  const arn = site.targetGroupArn;
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await register(arn, { Id: id });
  expect(await healthUntil(arn, `${id} 80 unhealthy Target.Timeout`)).toEqual([`${id} 80 unhealthy Target.Timeout`]);
  await admit(at.ec2, site.webGroupId, fromBalancer());
  expect(await healthUntil(arn, `${id} 80 healthy`)).toEqual([`${id} 80 healthy`]);
  at.proxy.instances.set(id, 'wrong-code');
  expect(await healthUntil(arn, `${id} 80 unhealthy Target.ResponseCodeMismatch`)).toEqual([
    `${id} 80 unhealthy Target.ResponseCodeMismatch`,
  ]);
  at.proxy.instances.set(id, { 80: 'refuses' });
  expect(await healthUntil(arn, `${id} 80 unhealthy Target.FailedHealthChecks`)).toEqual([
    `${id} 80 unhealthy Target.FailedHealthChecks`,
  ]);
  at.proxy.instances.set(id, 'answers');
  expect(await healthUntil(arn, `${id} 80 healthy`)).toEqual([`${id} 80 healthy`]);
  await at.ec2.send(
    new RevokeSecurityGroupIngressCommand({ GroupId: site.webGroupId, IpPermissions: [fromBalancer()] }),
  );
  expect(await healthUntil(arn, `${id} 80 unhealthy Target.Timeout`)).toEqual([`${id} 80 unhealthy Target.Timeout`]);
  await at.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  expect(await healthUntil(arn, `${id} 80 unused Target.InvalidState`)).toEqual([
    `${id} 80 unused Target.InvalidState`,
  ]);
  await deregister(arn, { Id: id });
  expect(await healthUntil(arn)).toEqual([]);
});

test('Given a healthy target, when it is deregistered, then it drains before it is gone', async () => {
  const arn = site.targetGroupArn;
  const id = await launchRunning(at.ec2, site.subnetIds[1], site.webGroupId);
  await admit(at.ec2, site.webGroupId, fromBalancer());
  await register(arn, { Id: id });
  expect(await healthUntil(arn, `${id} 80 healthy`)).toEqual([`${id} 80 healthy`]);
  await deregister(arn, { Id: id });
  expect(await healthOf(at.elb, arn)).toEqual([`${id} 80 draining Target.DeregistrationInProgress`]);
  expect(await healthUntil(arn)).toEqual([]);
  const named = await at.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn, Targets: [{ Id: id }] }));
  expect(named.TargetHealthDescriptions?.[0]?.TargetHealth?.Reason).toBe('Target.NotRegistered');
});

test('Given a health port of its own, when only the traffic port is open, then health fails while traffic would pass', async () => {
  const arn = site.targetGroupArn;
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await at.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthCheckPort: '9000' }));
  await register(arn, { Id: id });
  expect(await healthUntil(arn, `${id} 80 unhealthy Target.Timeout`)).toEqual([`${id} 80 unhealthy Target.Timeout`]);
  expect(await at.proxy.reachability(arn)).toMatchObject([
    { id, port: 80, traffic: { kind: 'passes' }, health: { kind: 'blocked', hop: 'target-ingress' } },
  ]);
  await admit(at.ec2, site.webGroupId, fromBalancer(9000));
  expect(await healthUntil(arn, `${id} 80 healthy`)).toEqual([`${id} 80 healthy`]);
  await deregister(arn, { Id: id });
  await at.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthCheckPort: 'traffic-port' }));
  expect(await healthUntil(arn)).toEqual([]);
});

test('Given an ACL that denies replies, when targets are judged over HTTP control, then the hop is named', async () => {
  const filter = { Name: 'association.subnet-id', Values: [site.subnetIds[1]] };
  const { NetworkAcls: [acl] = [] } = await at.ec2.send(new DescribeNetworkAclsCommand({ Filters: [filter] }));
  const entry = { NetworkAclId: acl?.NetworkAclId ?? '', RuleNumber: 50, Egress: true };
  const id = await launchRunning(at.ec2, site.subnetIds[1], site.webGroupId);
  const denied = {
    ...entry,
    Protocol: '6',
    RuleAction: 'deny',
    CidrBlock: '0.0.0.0/0',
    PortRange: { From: 3000, To: 3100 },
  } as const;
  await at.ec2.send(new CreateNetworkAclEntryCommand(denied));
  const question = new URLSearchParams({ targetGroupArn: site.targetGroupArn, id });
  const answer = await fetch(`${at.proxy.url}/_usher/reachability?${question}`);
  expect(await answer.json()).toMatchObject([{ id, port: 80, traffic: { kind: 'blocked', hop: 'target-acl-out' } }]);
  await at.ec2.send(new DeleteNetworkAclEntryCommand(entry));
  await expect(at.ec2.send(new DeleteNetworkAclEntryCommand(entry))).rejects.toMatchObject({
    name: 'InvalidNetworkAclEntry.NotFound',
  });
});

test('Given an ip group, when an address of the VPC is registered, then the interface that owns it is judged', async () => {
  const arn = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: site.vpcId, TargetType: 'ip' });
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await expect(register(arn, { Id: id })).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(register(arn, { Id: '8.8.8.8' })).rejects.toMatchObject({ name: 'ValidationError' });
  const { Listeners: [listener] = [] } = await at.elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: site.balancerArn }),
  );
  const Conditions = [{ Field: 'path-pattern', Values: ['/ip/*'] }];
  const Actions = [{ Type: 'forward' as const, TargetGroupArn: arn }];
  await at.elb.send(new CreateRuleCommand({ ListenerArn: listener?.ListenerArn, Priority: 1, Conditions, Actions }));
  const address = (await addressOf(id)) ?? '';
  await register(arn, { Id: address });
  expect(await healthUntil(arn, `${address} 80 healthy`)).toEqual([`${address} 80 healthy`]);
  at.proxy.instances.set(id, 'refuses');
  const refused = `${address} 80 unhealthy Target.FailedHealthChecks`;
  expect(await healthUntil(arn, refused)).toEqual([refused]);
});

test('Given an NLB without groups, when its addresses are let in, then health follows, and only one reason is ever given', async () => {
  const created = await at.elb.send(
    new CreateLoadBalancerCommand({ Name: freshName('net'), Type: 'network', Subnets: [...site.subnetIds] }),
  );
  const LoadBalancerArn = created.LoadBalancers?.[0]?.LoadBalancerArn;
  const arn = await makeTargetGroup(at.elb, { Protocol: 'TCP', Port: 5000, VpcId: site.vpcId });
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: arn }];
  await at.elb.send(new CreateListenerCommand({ LoadBalancerArn, Protocol: 'TCP', Port: 5000, DefaultActions }));
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await register(arn, { Id: id });
  const failing = `${id} 5000 unhealthy Target.FailedHealthChecks`;
  expect(await healthUntil(arn, failing)).toEqual([failing]);
  const [, , name, balancerId] = LoadBalancerArn?.split('/') ?? [];
  const Filters = [{ Name: 'description', Values: [`ELB net/${name}/${balancerId}`] }];
  const { NetworkInterfaces = [] } = await at.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
  expect(NetworkInterfaces).toHaveLength(2);
  const IpRanges = NetworkInterfaces.map(({ PrivateIpAddress }) => ({ CidrIp: `${PrivateIpAddress}/32` }));
  await admit(at.ec2, site.webGroupId, tcp(5000, { IpRanges }));
  expect(await healthUntil(arn, `${id} 5000 healthy`)).toEqual([`${id} 5000 healthy`]);
  expect(await at.proxy.reachability(arn)).toMatchObject([
    { traffic: { kind: 'unknown' }, health: { kind: 'passes' } },
  ]);
});

test('Given a listener that turns to another group, when groups are described, then each names the balancers it has now', async () => {
  const own = await makeSite(at.ec2, at.elb);
  const other = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: own.vpcId });
  const id = await launchRunning(at.ec2, own.subnetIds[0], own.webGroupId);
  await admit(at.ec2, own.webGroupId, tcp(80, { UserIdGroupPairs: [{ GroupId: own.balancerGroupId }] }));
  for (const arn of [own.targetGroupArn, other]) await register(arn, { Id: id });
  expect(await healthUntil(own.targetGroupArn, `${id} 80 healthy`)).toEqual([`${id} 80 healthy`]);
  const { Listeners: [listener] = [] } = await at.elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: own.balancerArn }),
  );
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: other }] as const;
  await at.elb.send(
    new ModifyListenerCommand({ ListenerArn: listener?.ListenerArn, DefaultActions: [...DefaultActions] }),
  );
  const described = await at.elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [own.targetGroupArn, other] }),
  );
  const balancers = described.TargetGroups?.map(({ TargetGroupArn, LoadBalancerArns }) => [
    TargetGroupArn,
    LoadBalancerArns,
  ]);
  expect(balancers?.sort()).toEqual(
    [
      [own.targetGroupArn, []],
      [other, [own.balancerArn]],
    ].sort(),
  );
  expect(await healthUntil(other, `${id} 80 healthy`)).toEqual([`${id} 80 healthy`]);
  expect(await healthOf(at.elb, own.targetGroupArn)).toEqual([`${id} 80 unused Target.NotInUse`]);
});

test('Given a Classic balancer, when instances are registered, then it lists them, refuses strangers and follows the path', async () => {
  const name = freshName('classic');
  const classic = (parameters: Record<string, string>) =>
    query(at.proxy.url, 'elasticloadbalancing', '2012-06-01', { LoadBalancerName: name, ...parameters });
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await classic({
    Action: 'CreateLoadBalancer',
    'Listeners.member.1.Protocol': 'HTTP',
    'Listeners.member.1.LoadBalancerPort': '80',
    'Listeners.member.1.InstancePort': '7000',
    'Subnets.member.1': site.subnetIds[0],
    'SecurityGroups.member.1': site.balancerGroupId,
  });
  await classic({
    Action: 'ConfigureHealthCheck',
    'HealthCheck.Target': 'HTTP:7000/',
    'HealthCheck.Interval': '30',
    'HealthCheck.Timeout': '5',
    'HealthCheck.UnhealthyThreshold': '2',
    'HealthCheck.HealthyThreshold': '2',
  });
  const stranger = await classic({
    Action: 'RegisterInstancesWithLoadBalancer',
    'Instances.member.1.InstanceId': 'i-0123456789abcdef0',
  });
  expect(stranger.text).toContain('<Code>InvalidInstance</Code>');
  const registered = await classic({
    Action: 'RegisterInstancesWithLoadBalancer',
    'Instances.member.1.InstanceId': id,
  });
  expect(registered.text).toContain(`<InstanceId>${id}</InstanceId>`);
  const health = () => classic({ Action: 'DescribeInstanceHealth' });
  const out = await until(health, ({ text }) => text.includes('UnhealthyThreshold'));
  expect(out.text).toContain('<State>OutOfService</State><ReasonCode>Instance</ReasonCode>');
  await admit(at.ec2, site.webGroupId, fromBalancer(7000));
  const inService = await until(health, ({ text }) => text.includes('InService'));
  expect(inService.text).toContain('<State>InService</State>');
});
