import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { aClassicBalancer, anAlb } from '../../support/world/builders.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const reader = ec2Reader(new EC2Client({ region: 'ap-northeast-1' }));

const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer';
const ALB = anAlb({ arn: `${ARN}/app/web-alb/50dc6c495c0c9188` });
const NLB = anAlb({ arn: `${ARN}/net/mail/73e2d6bc24d8a067`, name: 'mail', kind: 'network', securityGroupIds: [] });
const GWLB = anAlb({ arn: `${ARN}/gwy/wall/6a3b2c1d0e9f8a7b`, name: 'wall', kind: 'gateway', securityGroupIds: [] });
const CLASSIC = aClassicBalancer({ arn: `${ARN}/old-web` });

/** @see EC2 API reference, `NetworkInterface` (names ours) */
const interfaceOf = (Description: string, address: string): NetworkInterface => ({
  NetworkInterfaceId: `eni-${address}`,
  VpcId: 'vpc-1',
  SubnetId: 'subnet-a',
  RequesterManaged: true,
  Description,
  PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
});

const read = (address: string) => ({
  networkInterfaceId: `eni-${address}`,
  subnetId: 'subnet-a',
  privateIpv4Addresses: [address],
  ipv6Addresses: [],
});

test('Given a balancer of each kind, when their interfaces are read, then one call asks by what each says of itself, and each has its own', async () => {
  ec2
    .on(DescribeNetworkInterfacesCommand)
    .resolvesOnce({
      NetworkInterfaces: [
        interfaceOf('ELB app/web-alb/50dc6c495c0c9188', '10.0.1.8'),
        interfaceOf('ELB net/mail/73e2d6bc24d8a067', '10.0.1.9'),
      ],
      NextToken: 'page-2',
    })
    .resolves({
      NetworkInterfaces: [
        interfaceOf('ELB gateway/wall/6a3b2c1d0e9f8a7b', '10.0.1.10'),
        interfaceOf('ELB gwy/wall/6a3b2c1d0e9f8a7b', '10.0.1.11'),
        {
          ...interfaceOf('ELB net/mail/73e2d6bc24d8a067', '10.0.1.12'),
          PrivateIpAddresses: [
            { Primary: false, PrivateIpAddress: '10.0.1.13' },
            { Primary: true, PrivateIpAddress: '10.0.1.12' },
          ],
          Ipv6Addresses: [{ Ipv6Address: '2001:db8::12' }],
        },
      ],
    });
  expect(await reader.readBalancerInterfaces([ALB, NLB, GWLB, CLASSIC])).toEqual(
    new Map([
      [ALB.arn, [read('10.0.1.8')]],
      [
        NLB.arn,
        [
          read('10.0.1.9'),
          {
            ...read('10.0.1.12'),
            privateIpv4Addresses: ['10.0.1.12', '10.0.1.13'],
            ipv6Addresses: ['2001:db8::12'],
          },
        ],
      ],
      [GWLB.arn, [read('10.0.1.10'), read('10.0.1.11')]],
      [CLASSIC.arn, []],
    ]),
  );
  const Filters = [
    {
      Name: 'description',
      Values: [
        'ELB app/web-alb/50dc6c495c0c9188',
        'ELB net/mail/73e2d6bc24d8a067',
        'ELB gwy/wall/6a3b2c1d0e9f8a7b',
        'ELB gateway/wall/6a3b2c1d0e9f8a7b',
        'ELB old-web',
      ],
    },
  ];
  expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
    { Filters, MaxResults: 1_000, NextToken: undefined },
    { Filters, MaxResults: 1_000, NextToken: 'page-2' },
  ]);
});

test('Given an interface that somebody made and described as a balancer’s, when interfaces are read, then it is none of the balancer’s', async () => {
  const made = { ...interfaceOf('ELB net/mail/73e2d6bc24d8a067', '10.0.1.66'), RequesterManaged: false };
  ec2.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [made, interfaceOf('ELB net/mail/73e2d6bc24d8a067', '10.0.1.9')],
  });
  expect(await reader.readBalancerInterfaces([NLB])).toEqual(new Map([[NLB.arn, [read('10.0.1.9')]]]));
});

test('Given no balancers, when interfaces are read, then AWS is not asked', async () => {
  expect(await reader.readBalancerInterfaces([])).toEqual(new Map());
  expect(ec2.calls()).toEqual([]);
});

test('Given the second page is denied, when interfaces are read, then it fails and answers no shorter list', async () => {
  ec2
    .on(DescribeNetworkInterfacesCommand)
    .resolvesOnce({
      NetworkInterfaces: [interfaceOf('ELB net/mail/73e2d6bc24d8a067', '10.0.1.9')],
      NextToken: 'page-2',
    })
    .rejects(awsRefusal('UnauthorizedOperation', 'You are not authorized to perform this operation.'));
  await expect(reader.readBalancerInterfaces([NLB])).rejects.toMatchObject({
    action: 'DescribeNetworkInterfaces',
    meaning: 'denied',
  });
});

test('Given an interface without a subnet, when interfaces are read, then it fails and names it', async () => {
  ec2.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [{ ...interfaceOf('ELB net/mail/73e2d6bc24d8a067', '10.0.1.9'), SubnetId: undefined }],
  });
  await expect(reader.readBalancerInterfaces([NLB])).rejects.toMatchObject({
    awsMessage: expect.stringContaining('SubnetId'),
  });
});
