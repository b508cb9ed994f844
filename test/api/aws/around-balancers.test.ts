import {
  AssociateRouteTableCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcEndpointServiceConfigurationCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand as CreateClassicBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import type { CreateLoadBalancerCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateLoadBalancerCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ec2Reader } from '../../../aws/ec2/port.ts';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { classicArnOf } from '../../../domain/classic-load-balancer.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import { surroundingsContract } from '../../support/contracts/surroundings-contract.ts';
import { anAlb } from '../../support/world/builders.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { clientSettings, REGION, startBehindProxy } from '../proxy/behind-proxy.ts';
import type { Site } from '../proxy/world.ts';
import { freshName, makeSite, makeTargetGroup, makeVpc } from '../proxy/world.ts';

let at: BehindProxy;
let site: Site;
let reader: Ec2Reader;
beforeAll(async () => {
  at = await startBehindProxy();
  site = await makeSite(at.ec2, at.elb);
  reader = ec2Reader(at.ec2);
}, 120_000);
afterEach(() => at.proxy.faults.clear());
afterAll(() => at.stop());

const balancerOf = async (kind: 'network' | 'gateway', input: Partial<CreateLoadBalancerCommandInput> = {}) => {
  const { LoadBalancers } = await at.elb.send(
    new CreateLoadBalancerCommand({ Name: freshName(kind), Type: kind, Subnets: [...site.subnetIds], ...input }),
  );
  const [balancer] = await loadBalancingReader(at.elb).readLoadBalancers([LoadBalancers?.[0]?.LoadBalancerArn ?? '']);
  if (balancer === undefined) throw new Error('the emulator made no balancer');
  return balancer;
};

describe('What surrounds a balancer behind the proxy', () => {
  surroundingsContract(async () => {
    const [loadBalancer] = await loadBalancingReader(at.elb).readLoadBalancers([site.balancerArn]);
    if (loadBalancer === undefined) throw new Error('the emulator has no balancer');
    return { ec2: reader, loadBalancer, vpcId: site.vpcId, cidr: '10.0.0.0/16' };
  });
});

test('Given a balancer of every kind, when their interfaces are read, then each has one in each of its subnets, by one call', async () => {
  const name = freshName('old');
  await new ElasticLoadBalancingClient(clientSettings(at.proxy.url)).send(
    new CreateClassicBalancerCommand({
      LoadBalancerName: name,
      Subnets: [site.subnetIds[0]],
      SecurityGroups: [site.balancerGroupId],
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
    }),
  );
  const classic = anAlb({
    arn: classicArnOf(name, { region: REGION, account: '123456789012' }),
    name,
    kind: 'classic',
  });
  const [alb] = await loadBalancingReader(at.elb).readLoadBalancers([site.balancerArn]);
  const balancers: readonly LoadBalancer[] = [
    ...(alb === undefined ? [] : [alb]),
    await balancerOf('network'),
    await balancerOf('gateway', { Subnets: [site.subnetIds[1]] }),
    classic,
  ];
  at.proxy.resetCalls();
  const interfaces = await reader.readBalancerInterfaces(balancers);
  expect(at.proxy.counts()).toEqual({ 'ec2:DescribeNetworkInterfaces': 1 });
  expect(
    balancers.map(({ arn }) =>
      interfaces
        .get(arn)
        ?.map(({ subnetId }) => subnetId)
        .sort(),
    ),
  ).toEqual([[...site.subnetIds].sort(), [...site.subnetIds].sort(), [site.subnetIds[1]], [site.subnetIds[0]]]);
  for (const { privateIpv4Addresses } of [...interfaces.values()].flat())
    expect(privateIpv4Addresses).toEqual([expect.stringMatching(/^10\.0\.[12]\.\d+$/)]);
});

test('Given an interface that somebody described as the balancer’s, when its interfaces are read, then it is not among them', async () => {
  const nlb = await balancerOf('network', { Subnets: [site.subnetIds[0]] });
  const Description = `ELB ${nlb.arn.replace(/^.*:loadbalancer\//, '')}`;
  const forged = await at.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: site.subnetIds[0], Description }));
  const found = (await reader.readBalancerInterfaces([nlb])).get(nlb.arn) ?? [];
  expect(found).toHaveLength(1);
  expect(found.map(({ networkInterfaceId }) => networkInterfaceId)).not.toContain(
    forged.NetworkInterface?.NetworkInterfaceId,
  );
});

test('Given a subnet with a table of its own and one without, when tables are read, then each has its routes, told by what they lead to', async () => {
  const own = await makeSite(at.ec2, at.elb);
  const [withOwn, withMain] = own.subnetIds;
  const { RouteTable } = await at.ec2.send(new CreateRouteTableCommand({ VpcId: own.vpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  await at.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: withOwn }));
  const appliance = await at.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: withMain }));
  const NetworkInterfaceId = appliance.NetworkInterface?.NetworkInterfaceId;
  await at.ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '10.0.2.0/24', NetworkInterfaceId }));
  const s3 = await at.ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: own.vpcId,
      ServiceName: `com.amazonaws.${REGION}.s3`,
      VpcEndpointType: 'Gateway',
      RouteTableIds: [RouteTableId ?? ''],
    }),
  );
  at.proxy.resetCalls();
  const tables = await reader.readRouteTables(own.subnetIds.map((subnetId) => ({ subnetId, vpcId: own.vpcId })));
  expect(at.proxy.counts()).toEqual({ 'ec2:DescribeRouteTables': 1 });
  const local = { destination: '10.0.0.0/16', to: 'local', via: 'local', isBlackhole: false };
  expect(tables.get(withMain)?.routes).toEqual([local]);
  expect(tables.get(withOwn)).toEqual({
    routeTableId: RouteTableId,
    routes: expect.arrayContaining([
      local,
      { destination: '10.0.2.0/24', to: 'middlebox', via: NetworkInterfaceId, isBlackhole: false },
    ]),
  });
  // The S3 list is AWS's; a prefix list's route to an endpoint is no middlebox's.
  expect(tables.get(withOwn)?.routes).toContainEqual({
    destination: expect.stringMatching(/^pl-/),
    to: 'elsewhere',
    via: s3.VpcEndpoint?.VpcEndpointId,
    isBlackhole: false,
  });
});

test('Given a route through a Gateway Load Balancer endpoint, when tables are read, then the endpoint is a middlebox', async () => {
  const own = await makeSite(at.ec2, at.elb);
  const [subnetId] = own.subnetIds;
  const wall = await balancerOf('gateway');
  const made = await at.ec2.send(
    new CreateVpcEndpointServiceConfigurationCommand({ GatewayLoadBalancerArns: [wall.arn] }),
  );
  const endpoint = await at.ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: own.vpcId,
      ServiceName: made.ServiceConfiguration?.ServiceName,
      VpcEndpointType: 'GatewayLoadBalancer',
      SubnetIds: [own.subnetIds[1]],
    }),
  );
  const VpcEndpointId = endpoint.VpcEndpoint?.VpcEndpointId;
  const { RouteTable } = await at.ec2.send(new CreateRouteTableCommand({ VpcId: own.vpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  await at.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: subnetId }));
  await at.ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', VpcEndpointId }));
  const tables = await reader.readRouteTables([{ subnetId, vpcId: own.vpcId }]);
  expect(tables.get(subnetId)?.routes).toContainEqual({
    destination: '0.0.0.0/0',
    to: 'middlebox',
    via: VpcEndpointId,
    isBlackhole: false,
  });
});

test('Given endpoint services of an NLB and a GWLB, when they are read, then these balancers stand behind one, and others do not', async () => {
  const [behind, bare, wall] = [await balancerOf('network'), await balancerOf('network'), await balancerOf('gateway')];
  expect((await reader.readEndpointServiceBalancers()).has(behind.arn)).toBe(false);
  await at.ec2.send(new CreateVpcEndpointServiceConfigurationCommand({ NetworkLoadBalancerArns: [behind.arn] }));
  await at.ec2.send(new CreateVpcEndpointServiceConfigurationCommand({ GatewayLoadBalancerArns: [wall.arn] }));
  const balancers = await reader.readEndpointServiceBalancers();
  expect([behind, bare, wall].map(({ arn }) => balancers.has(arn))).toEqual([true, false, true]);
});

test('Given VPCs of one and of both families, when they are read, then their blocks are, and one that is gone is absent', async () => {
  const made = await at.ec2.send(new CreateVpcCommand({ CidrBlock: '10.8.0.0/16', AmazonProvidedIpv6CidrBlock: true }));
  const dual = made.Vpc?.VpcId ?? '';
  const plain = await makeVpc(at.ec2, '10.5.0.0/16');
  const vpcs = await reader.readVpcs([dual, plain, 'vpc-0123456789abcdef0']);
  expect([...vpcs.keys()].sort()).toEqual([dual, plain].sort());
  expect(vpcs.get(plain)).toEqual({ vpcId: plain, ipv4Cidrs: ['10.5.0.0/16'], ipv6Cidrs: [] });
  expect(vpcs.get(dual)).toEqual({
    vpcId: dual,
    ipv4Cidrs: ['10.8.0.0/16'],
    ipv6Cidrs: [expect.stringMatching(/^[0-9a-f:]+\/56$/)],
  });
});

test('Given groups of Network and Application Load Balancers, when it is read whether they preserve addresses, then it is as set, and of others unknown', async () => {
  const elb = loadBalancingReader(at.elb);
  const VpcId = site.vpcId;
  const byDefault = await makeTargetGroup(at.elb, { Protocol: 'TCP', Port: 25, VpcId });
  const off = await makeTargetGroup(at.elb, { Protocol: 'TCP', Port: 26, VpcId });
  await at.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: off,
      Attributes: [{ Key: 'preserve_client_ip.enabled', Value: 'false' }],
    }),
  );
  const gone = off.replace(/[0-9a-f]{16}$/, '0123456789abcdef');
  const asked = [byDefault, off, site.targetGroupArn, gone];
  expect(await Promise.all(asked.map((arn) => elb.readPreservation(arn)))).toEqual([true, false, undefined, undefined]);
});

test('Given AWS refuses a read, when it is made, then it fails by AWS’s word, and is no empty answer', async () => {
  const nlb = await balancerOf('network');
  const subnet = { subnetId: site.subnetIds[0], vpcId: site.vpcId };
  const reads: readonly (readonly [action: string, read: () => Promise<unknown>])[] = [
    ['DescribeNetworkInterfaces', () => reader.readBalancerInterfaces([nlb])],
    ['DescribeRouteTables', () => reader.readRouteTables([subnet])],
    ['DescribeVpcEndpointServiceConfigurations', () => reader.readEndpointServiceBalancers()],
    ['DescribeVpcs', () => reader.readVpcs([site.vpcId])],
  ];
  for (const [action, read] of reads) {
    at.proxy.faults.failNext({ service: 'ec2', action }, { kind: 'error', code: 'UnauthorizedOperation', status: 403 });
    await expect(read()).rejects.toMatchObject({ action, meaning: 'denied' });
  }
});
