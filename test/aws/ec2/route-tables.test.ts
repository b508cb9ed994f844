import type { Route, RouteTable } from '@aws-sdk/client-ec2';
import { DescribeRouteTablesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ec2Reader } from '../../../aws/ec2/reader.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const reader = ec2Reader(new EC2Client({ region: 'ap-northeast-1' }));

const LOCAL: Route = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' };

/** @see EC2 API reference, `DescribeRouteTables`, example response (names ours) */
const MAIN: RouteTable = {
  RouteTableId: 'rtb-main',
  VpcId: 'vpc-1',
  Associations: [{ Main: true, RouteTableId: 'rtb-main', AssociationState: { State: 'associated' } }],
  Routes: [LOCAL],
};
const OWN: RouteTable = {
  RouteTableId: 'rtb-own',
  VpcId: 'vpc-1',
  Associations: [{ Main: false, SubnetId: 'subnet-a', AssociationState: { State: 'associated' } }],
  Routes: [LOCAL, { DestinationCidrBlock: '10.0.2.0/24', GatewayId: 'vpce-1', State: 'active' }],
};

const local = { destination: '10.0.0.0/16', to: 'local', via: 'local', isBlackhole: false } as const;

test('Given a subnet with a table of its own and one without, when tables are read, then the other has the main one of its own VPC, by one call', async () => {
  ec2
    .on(DescribeRouteTablesCommand)
    .resolvesOnce({ RouteTables: [{ ...MAIN, RouteTableId: 'rtb-else', VpcId: 'vpc-2' }], NextToken: 'page-2' })
    .resolves({ RouteTables: [MAIN, OWN] });
  const routes = [local, { destination: '10.0.2.0/24', to: 'middlebox', via: 'vpce-1', isBlackhole: false }];
  expect(
    await reader.readRouteTables([
      { subnetId: 'subnet-a', vpcId: 'vpc-1' },
      { subnetId: 'subnet-c', vpcId: 'vpc-1' },
      { subnetId: 'subnet-z', vpcId: 'vpc-2' },
    ]),
  ).toEqual(
    new Map([
      ['subnet-a', { routeTableId: 'rtb-own', routes }],
      ['subnet-c', { routeTableId: 'rtb-main', routes: [local] }],
      ['subnet-z', { routeTableId: 'rtb-else', routes: [local] }],
    ]),
  );
  const Filters = [{ Name: 'vpc-id', Values: ['vpc-1', 'vpc-2'] }];
  expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
    { Filters, MaxResults: 100, NextToken: undefined },
    { Filters, MaxResults: 100, NextToken: 'page-2' },
  ]);
});

test('Given a subnet that is being taken from its table, and a table of an internet gateway, when tables are read, then the main one routes it', async () => {
  ec2.on(DescribeRouteTablesCommand).resolves({
    RouteTables: [
      { ...OWN, Associations: [{ SubnetId: 'subnet-a', AssociationState: { State: 'disassociating' } }] },
      { ...OWN, RouteTableId: 'rtb-edge', Associations: [{ Main: false, GatewayId: 'igw-1' }] },
      MAIN,
    ],
  });
  expect(await reader.readRouteTables([{ subnetId: 'subnet-a', vpcId: 'vpc-1' }])).toEqual(
    new Map([['subnet-a', { routeTableId: 'rtb-main', routes: [local] }]]),
  );
});

test('Given a VPC of which nothing is seen, when tables are read, then its subnets are absent, and no subnets ask for nothing', async () => {
  ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [] });
  expect(await reader.readRouteTables([])).toEqual(new Map());
  expect(ec2.calls()).toEqual([]);
  expect(await reader.readRouteTables([{ subnetId: 'subnet-a', vpcId: 'vpc-1' }])).toEqual(new Map());
});

test.each<readonly [what: string, route: Route, destination: string, to: string, via: string, isBlackhole?: boolean]>([
  ['the VPC itself', LOCAL, '10.0.0.0/16', 'local', 'local'],
  [
    'the VPC itself in IPv6',
    { DestinationIpv6CidrBlock: '2001:db8::/56', GatewayId: 'local' },
    '2001:db8::/56',
    'local',
    'local',
  ],
  [
    'an instance, by its interface',
    {
      DestinationCidrBlock: '0.0.0.0/0',
      InstanceId: 'i-1',
      InstanceOwnerId: '123456789012',
      NetworkInterfaceId: 'eni-1',
    },
    '0.0.0.0/0',
    'middlebox',
    'eni-1',
  ],
  [
    'an interface',
    { DestinationCidrBlock: '10.0.2.0/24', NetworkInterfaceId: 'eni-2' },
    '10.0.2.0/24',
    'middlebox',
    'eni-2',
  ],
  ['an instance', { DestinationCidrBlock: '10.0.2.0/24', InstanceId: 'i-1' }, '10.0.2.0/24', 'middlebox', 'i-1'],
  [
    'a Gateway Load Balancer endpoint that is gone',
    { DestinationCidrBlock: '10.0.2.0/24', GatewayId: 'vpce-1', State: 'blackhole' },
    '10.0.2.0/24',
    'middlebox',
    'vpce-1',
    true,
  ],
  [
    'the endpoint of S3',
    { DestinationPrefixListId: 'pl-61a54008', GatewayId: 'vpce-2' },
    'pl-61a54008',
    'elsewhere',
    'vpce-2',
  ],
  ['the internet', { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }, '0.0.0.0/0', 'elsewhere', 'igw-1'],
  ['a NAT gateway', { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }, '0.0.0.0/0', 'elsewhere', 'nat-1'],
  [
    'a transit gateway',
    { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: 'tgw-1' },
    '10.0.0.0/8',
    'elsewhere',
    'tgw-1',
  ],
  [
    'a peering that was deleted',
    { DestinationCidrBlock: '10.9.0.0/16', VpcPeeringConnectionId: 'pcx-1', State: 'blackhole' },
    '10.9.0.0/16',
    'elsewhere',
    'pcx-1',
    true,
  ],
  ['what we do not know', { DestinationCidrBlock: '10.9.0.0/16' }, '10.9.0.0/16', 'elsewhere', 'unknown'],
])(
  'Given a route to %s, when tables are read, then it leads there',
  async (_what, route, destination, to, via, isBlackhole = false) => {
    ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [{ ...MAIN, Routes: [route] }] });
    const tables = await reader.readRouteTables([{ subnetId: 'subnet-a', vpcId: 'vpc-1' }]);
    expect(tables.get('subnet-a')?.routes).toEqual([{ destination, to, via, isBlackhole }]);
  },
);

test.each<readonly [what: string, table: RouteTable, named: string]>([
  ['no associations', { ...MAIN, Associations: undefined }, 'Associations of a route table'],
  ['no routes', { ...MAIN, Routes: undefined }, 'Routes of a route table'],
  ['no id', { ...MAIN, RouteTableId: undefined }, 'RouteTableId'],
  ['a route to nowhere', { ...MAIN, Routes: [{ GatewayId: 'igw-1' }] }, 'destination of a route'],
])('Given a table with %s, when tables are read, then it fails and names it', async (_what, table, named) => {
  ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [table] });
  await expect(reader.readRouteTables([{ subnetId: 'subnet-a', vpcId: 'vpc-1' }])).rejects.toMatchObject({
    code: 'UnexpectedAnswer',
    awsMessage: expect.stringContaining(named),
  });
});
