import {
  AssociateRouteTableCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import type { CreateLoadBalancerCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DescribeTargetGroupAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  SetSecurityGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BehindProxy } from './behind-proxy.ts';
import { startBehindProxy, until } from './behind-proxy.ts';
import type { Site } from './world.ts';
import {
  admit,
  freshName,
  healthOf,
  launchRunning,
  makeGroup,
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

const balancer = async (input: Omit<CreateLoadBalancerCommandInput, 'Name'>): Promise<string> => {
  const { LoadBalancers } = await at.elb.send(new CreateLoadBalancerCommand({ Name: freshName('lb'), ...input }));
  return LoadBalancers?.[0]?.LoadBalancerArn ?? '';
};
const forward = (LoadBalancerArn: string, TargetGroupArn: string, protocol: { Protocol?: 'TCP'; Port?: number } = {}) =>
  at.elb.send(
    new CreateListenerCommand({ LoadBalancerArn, ...protocol, DefaultActions: [{ Type: 'forward', TargetGroupArn }] }),
  );
const nodesOf = async (part: string, arn: string) => {
  const [, , name, id] = arn.split('/');
  const Filters = [{ Name: 'description', Values: [`ELB ${part}/${name}/${id}`] }];
  return (await at.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces ?? [];
};
const register = (TargetGroupArn: string, Id: string) =>
  at.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
const healthUntil = async (arn: string, wanted: string): Promise<void> => {
  const health = await until(
    () => healthOf(at.elb, arn),
    (seen) => seen.join() === wanted,
  );
  expect(health).toEqual([wanted]);
};
const verdicts = async (arn: string): Promise<readonly string[]> => {
  const [{ traffic, health } = { traffic: undefined, health: undefined }] = await at.proxy.reachability(arn);
  return [traffic, health].map((verdict) => {
    if (verdict === undefined) return 'not judged';
    return verdict.kind === 'passes' ? 'passes' : `${verdict.kind} ${verdict.hop}`;
  });
};

test('Given a dual-stack balancer, when its interfaces are read, then those in subnets with an IPv6 block have an address of it', async () => {
  const made = await at.ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', AmazonProvidedIpv6CidrBlock: true }));
  const vpcId = made.Vpc?.VpcId ?? '';
  const { Subnet } = await at.ec2.send(
    new CreateSubnetCommand({
      VpcId: vpcId,
      CidrBlock: '10.9.1.0/24',
      AvailabilityZone: 'ap-northeast-1a',
      Ipv6CidrBlock: '2001:db8:9:1::/64',
    }),
  );
  const subnets = [Subnet?.SubnetId ?? '', await makeSubnet(at.ec2, vpcId, '10.9.2.0/24', 'ap-northeast-1c')];
  const dual = await balancer({ Type: 'network', Subnets: subnets, IpAddressType: 'dualstack' });
  const plain = await balancer({ Type: 'network', Subnets: subnets });
  const addresses = async (arn: string) =>
    (await nodesOf('net', arn))
      .map(({ PrivateIpAddress, Ipv6Addresses = [] }) => [
        PrivateIpAddress,
        ...Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address),
      ])
      .sort();
  expect(await addresses(dual)).toEqual([['10.9.1.254', '2001:db8:9:1:ffff:ffff:ffff:fffe'], ['10.9.2.254']]);
  expect(await addresses(plain)).toEqual([['10.9.1.253'], ['10.9.2.253']]);
});

describe('What AWS refuses', () => {
  test('Given subnets that make no balancer, when it is created, then it is refused and there is none', async () => {
    const twin = await makeSubnet(at.ec2, site.vpcId, '10.0.7.0/24');
    const elsewhere = await makeSubnet(at.ec2, await makeVpc(at.ec2, '10.7.0.0/16'), '10.7.1.0/24', 'ap-northeast-1c');
    const refused = (input: Omit<CreateLoadBalancerCommandInput, 'Name'>) => expect(balancer(input)).rejects;
    await refused({ Subnets: [site.subnetIds[0], twin] }).toThrow('multiple subnets in the same Availability Zone');
    await refused({ Subnets: [site.subnetIds[0]] }).toThrow('At least two subnets');
    await refused({ Type: 'network', Subnets: [site.subnetIds[0], elsewhere] }).toThrow('same VPC');
    await refused({
      Type: 'gateway',
      Subnets: [site.subnetIds[0]],
      SecurityGroups: [site.webGroupId],
    }).toThrow("type 'gateway'");
  });

  test('Given an NLB made without security groups, when it is to get one, then it is refused; one made with some may change them', async () => {
    const other = await makeGroup(at.ec2, site.vpcId);
    const bare = await balancer({ Type: 'network', Subnets: [...site.subnetIds] });
    const setGroup = (LoadBalancerArn: string) =>
      at.elb.send(new SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups: [other] }));
    await expect(setGroup(bare)).rejects.toMatchObject({ name: 'InvalidConfigurationRequestException' });
    const dressed = await balancer({
      Type: 'network',
      Subnets: [...site.subnetIds],
      SecurityGroups: [site.balancerGroupId],
    });
    await setGroup(dressed);
    expect((await nodesOf('net', dressed)).map(({ Groups }) => Groups?.map(({ GroupId }) => GroupId))).toEqual([
      [other],
      [other],
    ]);
  });

  test('Given groups that a balancer can’t forward to, when a listener is made, then it is refused', async () => {
    const nlb = await balancer({ Type: 'network', Subnets: [...site.subnetIds] });
    const http = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: site.vpcId });
    const far = await makeTargetGroup(at.elb, {
      Protocol: 'TCP',
      Port: 80,
      VpcId: await makeVpc(at.ec2, '10.6.0.0/16'),
    });
    await expect(forward(nlb, http, { Protocol: 'TCP', Port: 80 })).rejects.toThrow("type 'network'");
    await expect(forward(nlb, far, { Protocol: 'TCP', Port: 80 })).rejects.toThrow('different VPC');
    await expect(makeTargetGroup(at.elb, { Protocol: 'GENEVE', Port: 80, VpcId: site.vpcId })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

test('Given NLB groups, when their attributes are read, then they say whether clients’ addresses are kept, set or not', async () => {
  const kept = async (Protocol: 'TCP' | 'UDP' | 'HTTP', TargetType: 'instance' | 'ip', set?: 'true' | 'false') => {
    const arn = await makeTargetGroup(at.elb, { Protocol, Port: 80, VpcId: site.vpcId, TargetType });
    if (set !== undefined)
      await at.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: arn,
          Attributes: [{ Key: 'preserve_client_ip.enabled', Value: set }],
        }),
      );
    const { Attributes = [] } = await at.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
    return Attributes.filter(({ Key }) => Key === 'preserve_client_ip.enabled').map(({ Value }) => Value);
  };
  expect(await kept('TCP', 'instance')).toEqual(['true']);
  expect(await kept('TCP', 'ip')).toEqual(['false']);
  expect(await kept('TCP', 'instance', 'false')).toEqual(['false']);
  expect(await kept('UDP', 'ip')).toEqual(['true']);
  expect(await kept('HTTP', 'instance')).toEqual([]);
});

test('Given an NLB with a security group, when the target admits that group, then health and the traffic of any client pass', async () => {
  const nlb = await balancer({
    Type: 'network',
    Subnets: [...site.subnetIds],
    SecurityGroups: [site.balancerGroupId],
  });
  const arn = await makeTargetGroup(at.elb, { Protocol: 'TCP', Port: 6000, VpcId: site.vpcId });
  await forward(nlb, arn, { Protocol: 'TCP', Port: 6000 });
  const id = await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId);
  await register(arn, id);
  await healthUntil(arn, `${id} 6000 unhealthy Target.FailedHealthChecks`);
  const [{ PrivateIpAddress } = { PrivateIpAddress: '' }] = (await nodesOf('net', nlb)).filter(
    ({ SubnetId }) => SubnetId === site.subnetIds[0],
  );
  await admit(at.ec2, site.webGroupId, tcp(6000, { IpRanges: [{ CidrIp: `${PrivateIpAddress}/32` }] }));
  await healthUntil(arn, `${id} 6000 healthy`);
  expect(await verdicts(arn)).toEqual(['unknown target-ingress', 'passes']);
  at.proxy.changeSettings({ clients: ['203.0.113.0/24'] });
  expect(await verdicts(arn)).toEqual(['blocked target-ingress', 'passes']);
  at.proxy.changeSettings({ clients: [] });
  await admit(at.ec2, site.webGroupId, tcp(6000, { UserIdGroupPairs: [{ GroupId: site.balancerGroupId }] }));
  expect(await verdicts(arn)).toEqual(['passes', 'passes']);
});

test('Given a GWLB, when health is open to its nodes alone, then the appliance is healthy and GENEVE still blocked, in and out', async () => {
  const gwlb = await balancer({ Type: 'gateway', Subnets: [site.subnetIds[0]] });
  const arn = await makeTargetGroup(at.elb, { Protocol: 'GENEVE', Port: 6081, VpcId: site.vpcId });
  await forward(gwlb, arn);
  const appliances = await makeGroup(at.ec2, site.vpcId);
  const id = await launchRunning(at.ec2, site.subnetIds[0], appliances);
  await register(arn, id);
  await healthUntil(arn, `${id} 6081 unhealthy Target.FailedHealthChecks`);
  const [node] = await nodesOf('gwy', gwlb);
  const IpRanges = [{ CidrIp: `${node?.PrivateIpAddress}/32` }];
  await admit(at.ec2, appliances, tcp(80, { IpRanges }));
  await healthUntil(arn, `${id} 6081 healthy`);
  expect(await verdicts(arn)).toEqual(['blocked target-ingress', 'passes']);
  await admit(at.ec2, appliances, { IpProtocol: 'udp', FromPort: 6081, ToPort: 6081, IpRanges });
  expect(await verdicts(arn)).toEqual(['passes', 'passes']);
});

test('Given a route that leads the target’s packets through an appliance, when it admits the balancer’s group, then that lets nobody in', async () => {
  const own = await makeSite(at.ec2, at.elb);
  const subnetId = await makeSubnet(at.ec2, own.vpcId, '10.0.3.0/24');
  await admit(at.ec2, own.webGroupId, tcp(80, { UserIdGroupPairs: [{ GroupId: own.balancerGroupId }] }));
  const id = await launchRunning(at.ec2, subnetId, own.webGroupId);
  await register(own.targetGroupArn, id);
  await healthUntil(own.targetGroupArn, `${id} 80 healthy`);

  const appliance = await at.ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId: own.subnetIds[0], Groups: [own.webGroupId] }),
  );
  const { RouteTable } = await at.ec2.send(new CreateRouteTableCommand({ VpcId: own.vpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  await at.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: subnetId }));
  await at.ec2.send(
    new CreateRouteCommand({
      RouteTableId,
      DestinationCidrBlock: '10.0.2.0/24',
      NetworkInterfaceId: appliance.NetworkInterface?.NetworkInterfaceId,
    }),
  );

  await healthUntil(own.targetGroupArn, `${id} 80 unhealthy Target.Timeout`);
  const IpRanges = (await nodesOf('app', own.balancerArn)).map((node) => ({ CidrIp: `${node.PrivateIpAddress}/32` }));
  await admit(at.ec2, own.webGroupId, tcp(80, { IpRanges }));
  await healthUntil(own.targetGroupArn, `${id} 80 healthy`);
});
