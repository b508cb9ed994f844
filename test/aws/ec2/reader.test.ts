import type { Instance } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const reader = ec2Reader(new EC2Client({ region: 'ap-northeast-1' }));

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `i-${String(index).padStart(8, '0')}`);

/** @see EC2 API reference, `DescribeInstances`, example response (names ours) */
const RUNNING: Instance = {
  InstanceId: 'i-0a1b2c3d4e5f67890',
  ImageId: 'ami-0abcdef1234567890',
  InstanceType: 'm7g.large',
  SourceDestCheck: false,
  State: { Code: 16, Name: 'running' },
  LaunchTime: new Date('2026-11-22T05:02:00Z'),
  Placement: { AvailabilityZone: 'ap-northeast-1a', Tenancy: 'default' },
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1a',
  Tags: [
    { Key: 'Name', Value: 'web-3' },
    { Key: 'Role', Value: 'web' },
    { Key: 'Empty', Value: '' },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1a',
      Attachment: { AttachmentId: 'eni-attach-1', DeviceIndex: 0, NetworkCardIndex: 0, Status: 'attached' },
      Groups: [{ GroupId: 'sg-web', GroupName: 'web' }],
      PrivateIpAddresses: [
        { Primary: false, PrivateIpAddress: '10.0.1.11' },
        { Primary: true, PrivateIpAddress: '10.0.1.10' },
      ],
      Ipv6Addresses: [
        { Ipv6Address: '2001:db8::2', IsPrimaryIpv6: false },
        { Ipv6Address: '2001:db8::1', IsPrimaryIpv6: true },
      ],
    },
  ],
};

/** A terminated instance has lost its network. */
const TERMINATED: Instance = {
  InstanceId: 'i-0dead0dead0dead00',
  State: { Code: 48, Name: 'terminated' },
  LaunchTime: new Date('2026-11-22T04:00:00Z'),
};

describe('instances', () => {
  test('Given a running and a terminated instance, when they are read, then each is as AWS said, primary addresses first', async () => {
    ec2.on(DescribeInstancesCommand).resolves({
      Reservations: [{ Instances: [RUNNING] }, { Instances: [TERMINATED] }],
    });
    expect(await reader.readInstances(['i-0a1b2c3d4e5f67890', 'i-0dead0dead0dead00'])).toEqual([
      {
        instanceId: 'i-0a1b2c3d4e5f67890',
        state: 'running',
        launchedAt: new Date('2026-11-22T05:02:00Z'),
        imageId: 'ami-0abcdef1234567890',
        instanceType: 'm7g.large',
        sourceDestinationCheck: false,
        vpcId: 'vpc-1',
        subnetId: 'subnet-1a',
        availabilityZone: 'ap-northeast-1a',
        tags: { Name: 'web-3', Role: 'web', Empty: '' },
        networkInterfaces: [
          {
            networkInterfaceId: 'eni-1',
            deviceIndex: 0,
            networkCardIndex: 0,
            vpcId: 'vpc-1',
            subnetId: 'subnet-1a',
            securityGroupIds: ['sg-web'],
            privateIpv4Addresses: ['10.0.1.10', '10.0.1.11'],
            ipv6Addresses: ['2001:db8::1', '2001:db8::2'],
          },
        ],
      },
      {
        instanceId: 'i-0dead0dead0dead00',
        state: 'terminated',
        launchedAt: new Date('2026-11-22T04:00:00Z'),
        imageId: undefined,
        vpcId: undefined,
        subnetId: undefined,
        availabilityZone: undefined,
        tags: {},
        networkInterfaces: [],
      },
    ]);
  });

  test('Given 401 ids of which one comes twice, when they are read, then it takes 2 calls of at most 200 ids by filter', async () => {
    ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    const ids = numbered(400);
    await reader.readInstances([...ids, 'i-00000000']);
    const inputs = ec2.commandCalls(DescribeInstancesCommand).map((call) => call.args[0].input);
    expect(inputs).toEqual([
      { Filters: [{ Name: 'instance-id', Values: ids.slice(0, 200) }], MaxResults: 1_000, NextToken: undefined },
      { Filters: [{ Name: 'instance-id', Values: ids.slice(200) }], MaxResults: 1_000, NextToken: undefined },
    ]);
  });

  test('Given no ids, when they are read, then AWS is not asked, because an empty filter would mean everything', async () => {
    expect(await reader.readInstances([])).toEqual([]);
    expect(await reader.readSecurityGroupRules([])).toEqual(new Map());
    expect(await reader.readInterfacesByAddress('vpc-1', [])).toEqual([]);
    expect(ec2.calls()).toHaveLength(0);
  });

  test('Given three pages, one of them empty, when instances are read, then all pages are followed', async () => {
    ec2
      .on(DescribeInstancesCommand)
      .resolvesOnce({ Reservations: [{ Instances: [RUNNING] }], NextToken: 'page-2' })
      .resolvesOnce({ Reservations: [], NextToken: 'page-3' })
      .resolves({ Reservations: [{ Instances: [TERMINATED] }] });
    const instances = await reader.readInstances(['i-0a1b2c3d4e5f67890']);
    expect(instances.map(({ instanceId }) => instanceId)).toEqual(['i-0a1b2c3d4e5f67890', 'i-0dead0dead0dead00']);
    expect(ec2.calls().map((call) => call.args[0].input)).toMatchObject([
      {},
      { NextToken: 'page-2' },
      { NextToken: 'page-3' },
    ]);
  });

  test('Given the second page is throttled, when instances are read, then it fails and answers no shorter list', async () => {
    ec2
      .on(DescribeInstancesCommand)
      .resolvesOnce({ Reservations: [{ Instances: [TERMINATED] }], NextToken: 'page-2' })
      .rejects(awsRefusal('RequestLimitExceeded', 'Request limit exceeded.', 3));
    await expect(reader.readInstances(['i-1'])).rejects.toMatchObject({
      name: 'AwsCallError',
      service: 'EC2',
      action: 'DescribeInstances',
      code: 'RequestLimitExceeded',
      meaning: 'throttled',
      attempts: 3,
    });
  });

  test('Given a page token that comes back, when instances are read, then it fails instead of going round for ever', async () => {
    ec2.on(DescribeInstancesCommand).resolves({ Reservations: [], NextToken: 'again' });
    await expect(reader.readInstances(['i-1'])).rejects.toMatchObject({ awsMessage: 'the same page token came twice' });
    expect(ec2.calls()).toHaveLength(2);
  });

  test('Given pages without end, when instances are read, then it fails after 200', async () => {
    let page = 0;
    ec2.on(DescribeInstancesCommand).callsFake(() => ({ Reservations: [], NextToken: `page-${++page}` }));
    await expect(reader.readInstances(['i-1'])).rejects.toMatchObject({
      awsMessage: 'the answer has more than 200 pages',
    });
    expect(ec2.calls()).toHaveLength(200);
  });

  test.each([
    ['no reservations', {}, 'Reservations'],
    ['a reservation without instances', { Reservations: [{}] }, 'Instances of a reservation'],
    ['no id', { Reservations: [{ Instances: [{ ...TERMINATED, InstanceId: undefined }] }] }, 'InstanceId'],
    ['no launch time', { Reservations: [{ Instances: [{ ...TERMINATED, LaunchTime: undefined }] }] }, 'LaunchTime'],
    ['no state', { Reservations: [{ Instances: [{ ...TERMINATED, State: {} }] }] }, 'State.Name'],
    [
      'a new state',
      { Reservations: [{ Instances: [{ ...TERMINATED, State: { Name: 'hibernating' as never } }] }] },
      '"hibernating"',
    ],
    [
      'an interface without VPC',
      { Reservations: [{ Instances: [{ ...TERMINATED, NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] }] }] },
      'VpcId',
    ],
  ])('Given an answer with %s, when instances are read, then it fails and names it', async (_what, answer, named) => {
    ec2.on(DescribeInstancesCommand).resolves(answer);
    await expect(reader.readInstances(['i-1'])).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      meaning: 'other',
      awsMessage: expect.stringContaining(named),
    });
  });
});

describe('security groups', () => {
  const RULE = {
    SecurityGroupRuleId: 'sgr-1',
    GroupId: 'sg-web',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
  };

  test('Given a rule for a group of another account, when it is read, then that account is known, to put it back by', async () => {
    const ours = { UserId: '123456789012', GroupId: 'sg-alb' };
    const theirs = { UserId: '210987654321', GroupId: 'sg-far', VpcPeeringConnectionId: 'pcx-1' };
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({
      SecurityGroupRules: [ours, theirs].map((ReferencedGroupInfo) => ({
        ...RULE,
        GroupOwnerId: '123456789012',
        ReferencedGroupInfo,
      })),
    });
    const rules = (await reader.readSecurityGroupRules(['sg-web'])).get('sg-web');
    expect(rules?.map(({ peer }) => peer)).toEqual([
      { kind: 'security-group', groupId: 'sg-alb' },
      { kind: 'security-group', groupId: 'sg-far', ownerId: '210987654321' },
    ]);
  });

  test('Given a rule of each kind, when rules are read, then each group asked for has its own, or none', async () => {
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({
      SecurityGroupRules: [
        {
          ...RULE,
          ReferencedGroupInfo: { GroupId: 'sg-alb', UserId: '123456789012' },
          Description: 'from the ALB',
          Tags: [{ Key: 'usher:owner', Value: 'prod' }],
        },
        { ...RULE, SecurityGroupRuleId: 'sgr-2', CidrIpv4: '10.0.0.0/16', IpProtocol: '6' },
        {
          ...RULE,
          SecurityGroupRuleId: 'sgr-3',
          CidrIpv6: '::/0',
          IsEgress: true,
          IpProtocol: '-1',
          FromPort: -1,
          ToPort: -1,
        },
        {
          ...RULE,
          SecurityGroupRuleId: 'sgr-4',
          GroupId: 'sg-db',
          PrefixListId: 'pl-1',
          IpProtocol: '50',
          FromPort: undefined,
          ToPort: undefined,
        },
      ],
    });
    const rules = await reader.readSecurityGroupRules(['sg-web', 'sg-db', 'sg-none']);
    const rest = { description: undefined, tags: {} };
    expect(rules).toEqual(
      new Map([
        [
          'sg-web',
          [
            {
              ruleId: 'sgr-1',
              groupId: 'sg-web',
              direction: 'ingress',
              protocol: 'tcp',
              fromPort: 80,
              toPort: 80,
              peer: { kind: 'security-group', groupId: 'sg-alb' },
              description: 'from the ALB',
              tags: { 'usher:owner': 'prod' },
            },
            {
              ruleId: 'sgr-2',
              groupId: 'sg-web',
              direction: 'ingress',
              protocol: 'tcp',
              fromPort: 80,
              toPort: 80,
              peer: { kind: 'cidr-ipv4', cidr: '10.0.0.0/16' },
              ...rest,
            },
            {
              ruleId: 'sgr-3',
              groupId: 'sg-web',
              direction: 'egress',
              protocol: '-1',
              fromPort: -1,
              toPort: -1,
              peer: { kind: 'cidr-ipv6', cidr: '::/0' },
              ...rest,
            },
          ],
        ],
        [
          'sg-db',
          [
            {
              ruleId: 'sgr-4',
              groupId: 'sg-db',
              direction: 'ingress',
              protocol: '50',
              fromPort: undefined,
              toPort: undefined,
              peer: { kind: 'prefix-list', prefixListId: 'pl-1' },
              ...rest,
            },
          ],
        ],
        ['sg-none', []],
      ]),
    );
    expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
      {
        Filters: [{ Name: 'group-id', Values: ['sg-web', 'sg-db', 'sg-none'] }],
        MaxResults: 1_000,
        NextToken: undefined,
      },
    ]);
  });

  test.each([
    ['no source', { ...RULE }, 'no source for the rule sgr-1'],
    ['no direction', { ...RULE, CidrIpv4: '10.0.0.0/8', IsEgress: undefined }, 'IsEgress'],
    ['no protocol', { ...RULE, CidrIpv4: '10.0.0.0/8', IpProtocol: undefined }, 'IpProtocol'],
  ])('Given a rule with %s, when rules are read, then it fails and names it', async (_what, rule, named) => {
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [rule] });
    await expect(reader.readSecurityGroupRules(['sg-web'])).rejects.toMatchObject({
      awsMessage: expect.stringContaining(named),
    });
  });

  test('Given a group that is gone, when groups are read by filter, then it is merely absent', async () => {
    ec2.on(DescribeSecurityGroupsCommand).resolves({
      SecurityGroups: [
        { GroupId: 'sg-web', GroupName: 'web', VpcId: 'vpc-1', Tags: [{ Key: 'usher:rules-here', Value: 'true' }] },
      ],
    });
    expect(await reader.readSecurityGroups(['sg-web', 'sg-gone'])).toEqual(
      new Map([['sg-web', { groupId: 'sg-web', name: 'web', vpcId: 'vpc-1', tags: { 'usher:rules-here': 'true' } }]]),
    );
  });
});

describe('network ACLs and subnets', () => {
  const ENTRY = {
    RuleNumber: 100,
    Egress: false,
    RuleAction: 'allow',
    Protocol: '6',
    CidrBlock: '10.0.0.0/16',
    PortRange: { From: 80, To: 80 },
  } as const;

  test('Given one ACL guarding three subnets, when two are asked for, then both have it and the third is left out', async () => {
    ec2.on(DescribeNetworkAclsCommand).resolves({
      NetworkAcls: [
        {
          NetworkAclId: 'acl-1',
          Associations: [{ SubnetId: 'subnet-1a' }, { SubnetId: 'subnet-1c' }, { SubnetId: 'subnet-1d' }],
          Entries: [
            ENTRY,
            { RuleNumber: 32767, Egress: true, RuleAction: 'deny', Protocol: '-1', Ipv6CidrBlock: '::/0' },
          ],
        },
      ],
    });
    const acl = {
      networkAclId: 'acl-1',
      entries: [
        {
          ruleNumber: 100,
          egress: false,
          action: 'allow',
          protocol: '6',
          cidr: '10.0.0.0/16',
          fromPort: 80,
          toPort: 80,
        },
        {
          ruleNumber: 32767,
          egress: true,
          action: 'deny',
          protocol: '-1',
          cidr: '::/0',
          fromPort: undefined,
          toPort: undefined,
        },
      ],
    };
    expect(await reader.readNetworkAcls(['subnet-1a', 'subnet-1c'])).toEqual(
      new Map([
        ['subnet-1a', acl],
        ['subnet-1c', acl],
      ]),
    );
    expect(ec2.calls()[0]?.args[0].input).toMatchObject({ Filters: [{ Name: 'association.subnet-id' }] });
  });

  test.each([
    ['no entries', { NetworkAclId: 'acl-1', Associations: [] }, 'Entries of a network ACL'],
    ['no associations', { NetworkAclId: 'acl-1', Entries: [] }, 'Associations of a network ACL'],
    [
      'an entry without action',
      { NetworkAclId: 'acl-1', Associations: [], Entries: [{ ...ENTRY, RuleAction: undefined }] },
      'RuleAction',
    ],
    [
      'an entry without addresses',
      { NetworkAclId: 'acl-1', Associations: [], Entries: [{ ...ENTRY, CidrBlock: undefined }] },
      'CidrBlock',
    ],
  ])('Given an ACL with %s, when ACLs are read, then it fails and names it', async (_what, acl, named) => {
    ec2.on(DescribeNetworkAclsCommand).resolves({ NetworkAcls: [acl] });
    await expect(reader.readNetworkAcls(['subnet-1a'])).rejects.toMatchObject({
      awsMessage: expect.stringContaining(named),
    });
  });

  test('Given a dual-stack subnet with an address range it is losing, when subnets are read, then that range is left out', async () => {
    ec2.on(DescribeSubnetsCommand).resolves({
      Subnets: [
        {
          SubnetId: 'subnet-1a',
          VpcId: 'vpc-1',
          AvailabilityZone: 'ap-northeast-1a',
          CidrBlock: '10.0.1.0/24',
          Ipv6CidrBlockAssociationSet: [
            { Ipv6CidrBlock: '2001:db8:0:1::/64', Ipv6CidrBlockState: { State: 'associated' } },
            { Ipv6CidrBlock: '2001:db8:0:9::/64', Ipv6CidrBlockState: { State: 'disassociated' } },
          ],
        },
      ],
    });
    expect(await reader.readSubnets(['subnet-1a'])).toEqual(
      new Map([
        [
          'subnet-1a',
          {
            subnetId: 'subnet-1a',
            vpcId: 'vpc-1',
            availabilityZone: 'ap-northeast-1a',
            ipv4Cidr: '10.0.1.0/24',
            ipv6Cidrs: ['2001:db8:0:1::/64'],
          },
        ],
      ]),
    );
  });
});

test('Given a VPC with a second block and one it is losing, when VPCs are read, then its blocks are all but that, once each', async () => {
  ec2.on(DescribeVpcsCommand).resolves({
    Vpcs: [
      {
        VpcId: 'vpc-1',
        CidrBlock: '10.0.0.0/16',
        CidrBlockAssociationSet: [
          { CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
          { CidrBlock: '10.1.0.0/16', CidrBlockState: { State: 'associated' } },
          { CidrBlock: '10.2.0.0/16', CidrBlockState: { State: 'disassociating' } },
        ],
        Ipv6CidrBlockAssociationSet: [
          { Ipv6CidrBlock: '2001:db8::/56', Ipv6CidrBlockState: { State: 'associated' } },
          { Ipv6CidrBlock: '2001:db8:1::/56', Ipv6CidrBlockState: { State: 'failed' } },
        ],
      },
      { VpcId: 'vpc-2', CidrBlock: '172.31.0.0/16' },
    ],
  });
  expect(await reader.readVpcs(['vpc-1', 'vpc-2', 'vpc-gone'])).toEqual(
    new Map([
      ['vpc-1', { vpcId: 'vpc-1', ipv4Cidrs: ['10.0.0.0/16', '10.1.0.0/16'], ipv6Cidrs: ['2001:db8::/56'] }],
      ['vpc-2', { vpcId: 'vpc-2', ipv4Cidrs: ['172.31.0.0/16'], ipv6Cidrs: [] }],
    ]),
  );
  expect(ec2.calls()[0]?.args[0].input).toMatchObject({
    Filters: [{ Name: 'vpc-id', Values: ['vpc-1', 'vpc-2', 'vpc-gone'] }],
  });
});

describe('interfaces', () => {
  const ENI = {
    NetworkInterfaceId: 'eni-1',
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1a',
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.0.1.10' }],
  };

  test('Given an interface that wears two of the groups, when wearers are read, then it is under both, once each', async () => {
    ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        {
          ...ENI,
          Description: 'web',
          Attachment: { InstanceId: 'i-1' },
          Groups: [{ GroupId: 'sg-a' }, { GroupId: 'sg-b' }, { GroupId: 'sg-z' }],
        },
      ],
    });
    const wearer = {
      networkInterfaceId: 'eni-1',
      instanceId: 'i-1',
      description: 'web',
      securityGroupIds: ['sg-a', 'sg-b', 'sg-z'],
      addresses: ['10.0.1.10'],
    };
    expect(await reader.readWearers(['sg-a', 'sg-b', 'sg-c'])).toEqual(
      new Map([
        ['sg-a', [wearer]],
        ['sg-b', [wearer]],
        ['sg-c', []],
      ]),
    );
  });

  test('Given addresses of both families, when their holders are read, then each family takes one call, within the VPC', async () => {
    ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        { ...ENI, Attachment: { InstanceId: 'i-1', DeviceIndex: 1 }, Groups: [{ GroupId: 'sg-web' }] },
      ],
    });
    expect(await reader.readInterfacesByAddress('vpc-1', ['10.0.1.10', '2001:db8::1'])).toEqual([
      {
        networkInterfaceId: 'eni-1',
        deviceIndex: 1,
        networkCardIndex: undefined,
        vpcId: 'vpc-1',
        subnetId: 'subnet-1a',
        securityGroupIds: ['sg-web'],
        privateIpv4Addresses: ['10.0.1.10'],
        ipv6Addresses: [],
        instanceId: 'i-1',
      },
    ]);
    expect(ec2.calls().map((call) => call.args[0].input)).toMatchObject([
      {
        Filters: [
          { Name: 'vpc-id', Values: ['vpc-1'] },
          { Name: 'addresses.private-ip-address', Values: ['10.0.1.10'] },
        ],
      },
      {
        Filters: [
          { Name: 'vpc-id', Values: ['vpc-1'] },
          { Name: 'ipv6-addresses.ipv6-address', Values: ['2001:db8::1'] },
        ],
      },
    ]);
  });
});

describe('prefix lists', () => {
  test.each([
    [
      'a list of a customer counts as its maximum entries',
      { OwnerId: '123456789012', PrefixListName: 'offices', MaxEntries: 20 },
      20,
    ],
    [
      'the CloudFront list as 55',
      { OwnerId: 'AWS', PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing' },
      55,
    ],
    [
      'the CloudFront IPv6 list as 55',
      { OwnerId: 'AWS', PrefixListName: 'com.amazonaws.global.ipv6.cloudfront.origin-facing' },
      55,
    ],
    ['the S3 list of the region as 1', { OwnerId: 'AWS', PrefixListName: 'com.amazonaws.ap-northeast-1.s3' }, 1],
    [
      'a list of AWS that we do not know as its entries',
      { OwnerId: 'AWS', PrefixListName: 'com.amazonaws.global.newthing' },
      2,
    ],
  ])('%s', async (_what, list, weight) => {
    ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [{ PrefixListId: 'pl-1', ...list }] });
    ec2
      .on(GetManagedPrefixListEntriesCommand)
      .resolvesOnce({ Entries: [{ Cidr: '192.0.2.0/24' }], NextToken: 'page-2' })
      .resolves({ Entries: [{ Cidr: '198.51.100.0/24' }] });
    expect(await reader.readPrefixLists(['pl-1', 'pl-gone'])).toEqual(
      new Map([['pl-1', { prefixListId: 'pl-1', cidrs: ['192.0.2.0/24', '198.51.100.0/24'], weight }]]),
    );
  });

  test('Given entries that cannot be read, when a list is read, then it fails and is not an empty list', async () => {
    ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [{ PrefixListId: 'pl-1', OwnerId: 'AWS' }] });
    ec2.on(GetManagedPrefixListEntriesCommand).rejects(awsRefusal('UnauthorizedOperation', 'You are not authorized.'));
    await expect(reader.readPrefixLists(['pl-1'])).rejects.toMatchObject({
      action: 'GetManagedPrefixListEntries',
      meaning: 'denied',
    });
  });
});

describe('Status checks', () => {
  /** @see EC2 API reference, `DescribeInstanceStatus`, example response */
  const status = (InstanceId: string, system = 'ok', instance = 'ok', disks?: string) => ({
    InstanceId,
    InstanceState: { Code: 16, Name: 'running' as const },
    SystemStatus: { Status: system as 'ok' },
    InstanceStatus: { Status: instance as 'ok' },
    ...(disks === undefined ? {} : { AttachedEbsStatus: { Status: disks as 'ok' } }),
  });

  test('Given instances, when their checks are read, then those pass whose system and instance both do, and whose disks are not impaired', async () => {
    ec2.on(DescribeInstanceStatusCommand).resolves({
      InstanceStatuses: [
        status('i-00000001'),
        status('i-00000002', 'impaired'),
        status('i-00000003', 'ok', 'initializing'),
        status('i-00000004', 'ok', 'ok', 'impaired'),
        status('i-00000005', 'ok', 'ok', 'ok'),
        status('i-00000006', 'ok', 'ok', 'initializing'),
      ],
    });
    expect([...(await reader.readPassingChecks(['i-00000001', 'i-00000007']))]).toEqual([
      'i-00000001',
      'i-00000005',
      'i-00000006',
    ]);
  });

  test('Given more than a call takes, then it is a hundred a call; given none, then no call', async () => {
    ec2.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [] });
    await reader.readPassingChecks(numbered(250));
    const sizes = ec2.commandCalls(DescribeInstanceStatusCommand).map(({ args }) => args[0].input.InstanceIds?.length);
    expect(sizes).toEqual([100, 100, 50]);
    await reader.readPassingChecks([]);
    expect(ec2.commandCalls(DescribeInstanceStatusCommand)).toHaveLength(3);
  });

  test('Given an id that EC2 doesn’t know, then the others are read all the same, and it passes none', async () => {
    const unknown = 'i-00000003';
    ec2.on(DescribeInstanceStatusCommand).callsFake(({ InstanceIds }: { readonly InstanceIds: readonly string[] }) => {
      if (InstanceIds.includes(unknown)) throw awsRefusal('InvalidInstanceID.NotFound', `'${unknown}' does not exist`);
      return { InstanceStatuses: InstanceIds.map((id) => status(id)) };
    });
    expect([...(await reader.readPassingChecks(numbered(6)))].sort()).toEqual(
      numbered(6).filter((id) => id !== unknown),
    );
  });

  test('Given a refusal, then it is thrown: unread is not unready', async () => {
    ec2.on(DescribeInstanceStatusCommand).rejects(awsRefusal('UnauthorizedOperation', 'You are not authorized.'));
    await expect(reader.readPassingChecks(['i-00000001'])).rejects.toMatchObject({ meaning: 'denied' });
  });
});
