import { expect, test } from '@jest/globals';
import { classicAsTargetGroups } from '../../../aws/classic-load-balancing/as-target-groups.ts';
import { classicFleetReader } from '../../../aws/classic-load-balancing/fleet-reader.ts';
import type { ClassicLoadBalancingReader } from '../../../aws/classic-load-balancing/port.ts';
import type { ClassicLoadBalancer } from '../../../domain/classic-load-balancer.ts';
import { aSubnet } from '../../support/world/builders.ts';

const arnOf = (name: string): string => `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/${name}`;
const ALB = `${arnOf('app')}/web-alb/0123456789abcdef`;

const listener = (port: number, instancePort: number) => ({
  protocol: 'TCP',
  port,
  instancePort,
  certificateArn: undefined,
});

const aBalancer = (different: Partial<ClassicLoadBalancer> = {}): ClassicLoadBalancer => ({
  name: 'web',
  dnsName: 'web.example',
  scheme: 'internal',
  vpcId: 'vpc-1',
  subnetIds: ['subnet-c', 'subnet-a'],
  availabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'],
  securityGroupIds: ['sg-elb'],
  listeners: [listener(443, 8080), listener(80, 8080), listener(25, 2525)],
  healthCheck: {
    protocol: 'HTTP',
    port: 9000,
    path: '/health',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 10,
    unhealthyThreshold: 2,
  },
  ...different,
});

const SUBNETS = new Map(
  [
    aSubnet({ subnetId: 'subnet-a', availabilityZone: 'ap-northeast-1a' }),
    aSubnet({ subnetId: 'subnet-c', availabilityZone: 'ap-northeast-1c' }),
  ].map((subnet) => [subnet.subnetId, subnet]),
);

const readerOf = (balancers: readonly ClassicLoadBalancer[], subnets = SUBNETS) => {
  const asked: string[] = [];
  const classic: ClassicLoadBalancingReader = {
    readBalancers: async () => balancers,
    readBalancersNamed: async (names) => {
      asked.push(...names);
      return balancers.filter(({ name }) => names.includes(name));
    },
    readTags: async (names) => {
      asked.push(...names);
      return new Map(names.map((name) => [name, { Name: name }]));
    },
    readInstanceHealth: async (name) => (balancers.some((one) => one.name === name) ? [] : undefined),
  };
  const ec2 = {
    readSubnets: async (ids: readonly string[]) => {
      asked.push(...ids);
      return new Map(ids.flatMap((id) => (subnets.has(id) ? [[id, aSubnet(subnets.get(id))] as const] : [])));
    },
  };
  const place = { region: 'ap-northeast-1', account: '123456789012' };
  return { reader: classicAsTargetGroups(classic, ec2), fleet: classicFleetReader(classic, ec2, place), asked };
};

test('Given a balancer with three listeners to two ports, when it is read as a group, then it is its own balancer and has these ports', async () => {
  const { reader } = readerOf([aBalancer()]);
  const tags = { 'usher:selector': 'Role=web' };
  expect(await reader.readTargetGroups(new Map([[arnOf('web'), tags]]))).toEqual([
    {
      arn: arnOf('web'),
      name: 'web',
      targetType: 'instance',
      protocol: undefined,
      port: undefined,
      instancePorts: [2525, 8080],
      vpcId: 'vpc-1',
      ipAddressType: 'ipv4',
      healthCheck: aBalancer().healthCheck,
      loadBalancerArns: [arnOf('web')],
      tags,
    },
  ]);
});

test('Given a balancer without listeners, when it is read as a group, then no balancer uses it', async () => {
  const { reader } = readerOf([aBalancer({ listeners: [] })]);
  const groups = await reader.readTargetGroups(new Map([[arnOf('web'), {}]]));
  expect(groups).toMatchObject([{ instancePorts: [], loadBalancerArns: [] }]);
});

test('Given ARNs of a balancer that is gone and of an ALB, when they are read, then neither is there and the ALB isn’t asked for', async () => {
  const { reader, asked } = readerOf([]);
  const groups = new Map([arnOf('gone'), ALB].map((arn) => [arn, {}]));
  expect(await reader.readTargetGroups(groups)).toEqual([]);
  expect(await reader.readTargetHealth(arnOf('gone'))).toBeUndefined();
  expect(await reader.readTargetHealth(ALB)).toBeUndefined();
  expect(asked).toEqual(['gone']);
});

test('Given subnets and zones in two lists of different order, when the balancer is read, then each zone has its own subnet', async () => {
  const { reader } = readerOf([aBalancer()]);
  expect(await reader.readLoadBalancers([arnOf('web')])).toEqual([
    {
      arn: arnOf('web'),
      name: 'web',
      dnsName: 'web.example',
      kind: 'classic',
      scheme: 'internal',
      vpcId: 'vpc-1',
      securityGroupIds: ['sg-elb'],
      zones: [
        { availabilityZone: 'ap-northeast-1c', subnetId: 'subnet-c' },
        { availabilityZone: 'ap-northeast-1a', subnetId: 'subnet-a' },
      ],
      ipAddressType: 'ipv4',
    },
  ]);
});

test('Given one subnet in one zone, when the balancer is read, then no subnet needs to be', async () => {
  const single = aBalancer({ subnetIds: ['subnet-a'], availabilityZones: ['ap-northeast-1a'] });
  const { reader, asked } = readerOf([single]);
  const [balancer] = await reader.readLoadBalancers([arnOf('web')]);
  expect(balancer?.zones).toEqual([{ availabilityZone: 'ap-northeast-1a', subnetId: 'subnet-a' }]);
  expect(asked).toEqual(['web']);
});

test('Given a subnet that can’t be seen, when the balancer is read, then it throws and leaves out no zone', async () => {
  const { reader } = readerOf([aBalancer()], new Map([...SUBNETS].slice(0, 1)));
  await expect(reader.readLoadBalancers([arnOf('web')])).rejects.toMatchObject({
    code: 'UnexpectedAnswer',
    awsMessage: expect.stringContaining('subnet-c'),
  });
});

test('Given two balancers, when all there is is read, then each is a group and a balancer by its own ARN, subnets are read once, and tags by name', async () => {
  const { fleet, asked } = readerOf([aBalancer(), aBalancer({ name: 'mail', listeners: [listener(25, 25)] })]);
  expect(await fleet.readEveryTargetGroup()).toMatchObject([
    { arn: arnOf('web'), instancePorts: [2525, 8080] },
    { arn: arnOf('mail'), instancePorts: [25], loadBalancerArns: [arnOf('mail')] },
  ]);
  expect(await fleet.readEveryLoadBalancer()).toMatchObject([
    { arn: arnOf('web'), kind: 'classic', zones: [{ subnetId: 'subnet-c' }, { subnetId: 'subnet-a' }] },
    { arn: arnOf('mail'), kind: 'classic' },
  ]);
  expect(asked).toEqual(['subnet-a', 'subnet-c']);
  expect(await fleet.readTags([arnOf('mail'), ALB])).toEqual(new Map([[arnOf('mail'), { Name: 'mail' }]]));
});
