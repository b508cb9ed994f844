import type { LoadBalancer, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => {
  elb.reset();
});

const reader = loadBalancingReader(new ElasticLoadBalancingV2Client({ region: 'ap-northeast-1' }));

const groupArn = (name: string) =>
  `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const ALB_ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0123456789abcdef';

/** @see ELBv2 API reference, `DescribeTargetGroups`, example response (names ours) */
const groupNamed = (name: string): TargetGroup => ({
  TargetGroupArn: groupArn(name),
  TargetGroupName: name,
  Protocol: 'HTTP',
  Port: 80,
  VpcId: 'vpc-1',
  TargetType: 'instance',
  IpAddressType: 'ipv4',
  HealthCheckProtocol: 'HTTP',
  HealthCheckPort: 'traffic-port',
  HealthCheckPath: '/health',
  HealthCheckEnabled: true,
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
  Matcher: { HttpCode: '200' },
  LoadBalancerArns: [ALB_ARN],
});

const tagsFor = (...names: string[]) =>
  new Map(names.map((name) => [groupArn(name), { 'usher:selector': `Role=${name}` }]));

describe('target groups', () => {
  test('Given a group of each kind of check, when they are read, then they carry the tags given', async () => {
    elb.on(DescribeTargetGroupsCommand).resolves({
      TargetGroups: [
        groupNamed('web'),
        {
          ...groupNamed('admin'),
          HealthCheckPort: '9090',
          TargetType: 'ip',
          IpAddressType: 'ipv6',
          LoadBalancerArns: [],
        },
      ],
    });
    const groups = await reader.readTargetGroups(tagsFor('web', 'admin'));
    expect(groups).toEqual([
      {
        arn: groupArn('web'),
        name: 'web',
        targetType: 'instance',
        protocol: 'HTTP',
        port: 80,
        vpcId: 'vpc-1',
        ipAddressType: 'ipv4',
        healthCheck: {
          protocol: 'HTTP',
          port: 'traffic-port',
          path: '/health',
          intervalSeconds: 30,
          timeoutSeconds: 5,
          healthyThreshold: 5,
          unhealthyThreshold: 2,
          matcher: '200',
        },
        loadBalancerArns: [ALB_ARN],
        tags: { 'usher:selector': 'Role=web' },
      },
      expect.objectContaining({
        name: 'admin',
        targetType: 'ip',
        ipAddressType: 'ipv6',
        healthCheck: expect.objectContaining({ port: 9090 }),
        loadBalancerArns: [],
        tags: { 'usher:selector': 'Role=admin' },
      }),
    ]);
    expect(elb.calls()).toHaveLength(1);
  });

  test('Given a lambda group, which has neither protocol nor port, when it is read, then it is of type lambda', async () => {
    const { Protocol, Port, VpcId, HealthCheckProtocol, HealthCheckPort, IpAddressType, ...rest } = groupNamed('fn');
    elb.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [{ ...rest, TargetType: 'lambda' }] });
    const [group] = await reader.readTargetGroups(tagsFor('fn'));
    expect(group).toMatchObject({
      targetType: 'lambda',
      protocol: undefined,
      port: undefined,
      vpcId: undefined,
      ipAddressType: 'ipv4',
    });
  });

  test('Given two of five groups are gone, which fails the whole call, when they are read, then the other three are there', async () => {
    const existing = new Set(['a', 'c', 'd'].map(groupArn));
    elb.on(DescribeTargetGroupsCommand).callsFake(({ TargetGroupArns }: { TargetGroupArns: string[] }) => {
      if (TargetGroupArns.some((arn) => !existing.has(arn)))
        throw awsRefusal('TargetGroupNotFound', 'One or more target groups not found');
      return { TargetGroups: TargetGroupArns.map((arn) => groupNamed(arn.split('/')[1] ?? '')) };
    });
    const groups = await reader.readTargetGroups(tagsFor('a', 'b', 'c', 'd', 'e'));
    expect(groups.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
  });

  test('Given a throttle while halving, when groups are read, then it fails and answers no shorter list', async () => {
    elb
      .on(DescribeTargetGroupsCommand)
      .rejectsOnce(awsRefusal('TargetGroupNotFound', 'One or more target groups not found'))
      .resolvesOnce({ TargetGroups: [groupNamed('a')] })
      .rejects(awsRefusal('Throttling', 'Rate exceeded'));
    await expect(reader.readTargetGroups(tagsFor('a', 'b'))).rejects.toMatchObject({ meaning: 'throttled' });
  });

  test('Given 45 groups, when they are read, then it takes 3 calls of at most 20', async () => {
    elb.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [] });
    await reader.readTargetGroups(tagsFor(...Array.from({ length: 45 }, (_, index) => `g${index}`)));
    const sizes = elb
      .commandCalls(DescribeTargetGroupsCommand)
      .map((call) => call.args[0].input.TargetGroupArns?.length);
    expect(sizes).toEqual([20, 20, 5]);
  });

  test('Given a marker, when groups are read, then the next page is too', async () => {
    elb
      .on(DescribeTargetGroupsCommand)
      .resolvesOnce({ TargetGroups: [groupNamed('a')], NextMarker: 'm2' })
      .resolves({ TargetGroups: [groupNamed('b')] });
    expect((await reader.readTargetGroups(tagsFor('a', 'b'))).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('Given nothing to read, then AWS is not asked', async () => {
    expect([await reader.readTargetGroups(new Map()), await reader.readLoadBalancers([])]).toEqual([[], []]);
    expect(elb.calls()).toHaveLength(0);
  });

  test.each([
    ['no list', {}, 'TargetGroups'],
    ['no name', { TargetGroups: [{ ...groupNamed('a'), TargetGroupName: undefined }] }, 'TargetGroupName'],
    ['a new type', { TargetGroups: [{ ...groupNamed('a'), TargetType: 'container' as never }] }, '"container"'],
    ['no health port', { TargetGroups: [{ ...groupNamed('a'), HealthCheckPort: undefined }] }, 'HealthCheckPort'],
    ['an odd health port', { TargetGroups: [{ ...groupNamed('a'), HealthCheckPort: 'http' }] }, '"http"'],
    [
      'no interval',
      { TargetGroups: [{ ...groupNamed('a'), HealthCheckIntervalSeconds: undefined }] },
      'HealthCheckIntervalSeconds',
    ],
  ])('Given an answer with %s, then it fails and names it', async (_what, answer, named) => {
    elb.on(DescribeTargetGroupsCommand).resolves(answer);
    await expect(reader.readTargetGroups(tagsFor('a'))).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      awsMessage: expect.stringContaining(named),
    });
  });
});

describe('target health', () => {
  const INITIAL = {
    Target: { Id: 'i-1', Port: 80 },
    HealthCheckPort: '80',
    TargetHealth: {
      State: 'initial',
      Reason: 'Elb.RegistrationInProgress',
      Description: 'Target registration is in progress',
    },
  } as const;

  test('Given targets in several states, when the group is read, then each carries state, reason and description', async () => {
    elb.on(DescribeTargetHealthCommand, { TargetGroupArn: groupArn('web') }).resolves({
      TargetHealthDescriptions: [
        INITIAL,
        { Target: { Id: '10.9.0.7', Port: 8080, AvailabilityZone: 'all' }, TargetHealth: { State: 'healthy' } },
        { Target: { Id: 'i-3', Port: 80 }, TargetHealth: { State: 'unhealthy.draining' } },
      ],
    });
    expect(await reader.readTargetHealth(groupArn('web'))).toEqual([
      {
        target: { id: 'i-1', port: 80 },
        state: 'initial',
        reason: 'Elb.RegistrationInProgress',
        description: 'Target registration is in progress',
      },
      {
        target: { id: '10.9.0.7', port: 8080, availabilityZone: 'all' },
        state: 'healthy',
        reason: undefined,
        description: undefined,
      },
      { target: { id: 'i-3', port: 80 }, state: 'unhealthy.draining', reason: undefined, description: undefined },
    ]);
  });

  test('Given a group without targets, then it has none; given a group that is gone, then it is undefined', async () => {
    elb
      .on(DescribeTargetHealthCommand)
      .resolvesOnce({ TargetHealthDescriptions: [] })
      .rejects(awsRefusal('TargetGroupNotFound', 'not found'));
    expect(await reader.readTargetHealth(groupArn('web'))).toEqual([]);
    expect(await reader.readTargetHealth(groupArn('web'))).toBeUndefined();
  });

  test.each(['HealthUnavailable', 'Throttling', 'AccessDenied'])(
    'Given %s, then it throws and the group is not taken for gone',
    async (code) => {
      elb.on(DescribeTargetHealthCommand).rejects(awsRefusal(code, 'words of AWS'));
      await expect(reader.readTargetHealth(groupArn('web'))).rejects.toMatchObject({ name: 'AwsCallError', code });
    },
  );

  test.each([
    ['no list', {}, 'TargetHealthDescriptions'],
    ['no target', { TargetHealthDescriptions: [{ ...INITIAL, Target: undefined }] }, 'Target'],
    ['no port', { TargetHealthDescriptions: [{ ...INITIAL, Target: { Id: 'i-1' } }] }, 'Target.Port'],
    ['no health', { TargetHealthDescriptions: [{ ...INITIAL, TargetHealth: undefined }] }, 'TargetHealth.State'],
  ])('Given an answer with %s, then it fails and names it', async (_what, answer, named) => {
    elb.on(DescribeTargetHealthCommand).resolves(answer);
    await expect(reader.readTargetHealth(groupArn('web'))).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      awsMessage: expect.stringContaining(named),
    });
  });
});

describe('balancers', () => {
  const ALB: LoadBalancer = {
    LoadBalancerArn: ALB_ARN,
    LoadBalancerName: 'web-alb',
    Type: 'application',
    DNSName: 'web-alb-1234567890.ap-northeast-1.elb.amazonaws.com',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-alb'],
    AvailabilityZones: [
      { ZoneName: 'ap-northeast-1a', SubnetId: 'subnet-1a', LoadBalancerAddresses: [] },
      { ZoneName: 'ap-northeast-1c', SubnetId: 'subnet-1c', LoadBalancerAddresses: [] },
    ],
    IpAddressType: 'dualstack',
  };

  test('Given an application and a gateway balancer, when they are read, then each is as AWS said', async () => {
    const GWLB: LoadBalancer = {
      ...ALB,
      LoadBalancerArn: 'arn:gwy',
      LoadBalancerName: 'gw',
      Type: 'gateway',
      DNSName: undefined,
      Scheme: undefined,
      SecurityGroups: undefined,
      AvailabilityZones: [],
      IpAddressType: 'ipv4',
    };
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [ALB, GWLB] });
    expect(await reader.readLoadBalancers([ALB_ARN, 'arn:gwy'])).toEqual([
      {
        arn: ALB_ARN,
        name: 'web-alb',
        kind: 'application',
        dnsName: 'web-alb-1234567890.ap-northeast-1.elb.amazonaws.com',
        scheme: 'internet-facing',
        vpcId: 'vpc-1',
        securityGroupIds: ['sg-alb'],
        zones: [
          { availabilityZone: 'ap-northeast-1a', subnetId: 'subnet-1a' },
          { availabilityZone: 'ap-northeast-1c', subnetId: 'subnet-1c' },
        ],
        ipAddressType: 'dualstack',
      },
      {
        arn: 'arn:gwy',
        name: 'gw',
        kind: 'gateway',
        scheme: undefined,
        vpcId: 'vpc-1',
        securityGroupIds: [],
        zones: [],
        ipAddressType: 'ipv4',
      },
    ]);
  });

  test.each([
    ['on', true],
    ['off', undefined],
    [undefined, undefined],
  ] as const)(
    'Given a network balancer whose source NAT prefixes are %s, when it is read, then it says so',
    async (told, expected) => {
      const NLB: LoadBalancer = { ...ALB, Type: 'network', EnablePrefixForIpv6SourceNat: told };
      elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [NLB] });
      const [balancer] = await reader.readLoadBalancers([ALB_ARN]);
      expect(balancer?.hasSourceNatPrefixes).toBe(expected);
    },
  );

  test.each([
    ['off', true],
    ['on', undefined],
    [undefined, undefined],
  ] as const)(
    'Given a network balancer whose inbound rules on PrivateLink are %s, when it is read, then it says so',
    async (told, expected) => {
      const NLB: LoadBalancer = {
        ...ALB,
        Type: 'network',
        EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: told,
      };
      elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [NLB] });
      const [balancer] = await reader.readLoadBalancers([ALB_ARN]);
      expect(balancer?.admitsPrivateLink).toBe(expected);
    },
  );

  test('Given the only balancer asked for is gone, then there is none', async () => {
    elb
      .on(DescribeLoadBalancersCommand)
      .rejects(awsRefusal('LoadBalancerNotFound', 'One or more load balancers not found'));
    expect(await reader.readLoadBalancers([ALB_ARN])).toEqual([]);
  });

  test.each([
    ['no security groups', { SecurityGroups: undefined }, 'SecurityGroups'],
    ['a new kind', { Type: 'quantum' as never }, '"quantum"'],
    ['no zones', { AvailabilityZones: undefined }, 'AvailabilityZones'],
    ['a zone without subnet', { AvailabilityZones: [{ ZoneName: 'ap-northeast-1a' }] }, 'SubnetId'],
  ])('Given an application balancer with %s, then it fails and names it', async (_what, difference, named) => {
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ ...ALB, ...difference }] });
    await expect(reader.readLoadBalancers([ALB_ARN])).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      awsMessage: expect.stringContaining(named),
    });
  });
});

describe('clients’ addresses', () => {
  test.each([
    ['that preserves them', [{ Key: 'preserve_client_ip.enabled', Value: 'true' }], true],
    ['that doesn’t', [{ Key: 'preserve_client_ip.enabled', Value: 'false' }], false],
    ['behind an ALB, which has no such attribute', [{ Key: 'slow_start.duration_seconds', Value: '0' }], undefined],
  ])('Given a group %s, when it is asked for, then that is known', async (_which, Attributes, preserves) => {
    elb.on(DescribeTargetGroupAttributesCommand).resolves({ Attributes });
    expect(await reader.readPreservation(groupArn('web'))).toBe(preserves);
    expect(elb.calls()[0]?.args[0].input).toEqual({ TargetGroupArn: groupArn('web') });
  });

  test('Given a group that is gone, then nothing is known; given a refusal, then it is thrown', async () => {
    elb.on(DescribeTargetGroupAttributesCommand).rejects(awsRefusal('TargetGroupNotFound', 'gone'));
    expect(await reader.readPreservation(groupArn('web'))).toBeUndefined();
    elb.on(DescribeTargetGroupAttributesCommand).rejects(awsRefusal('AccessDenied', 'no'));
    await expect(reader.readPreservation(groupArn('web'))).rejects.toMatchObject({
      meaning: 'denied',
      action: 'DescribeTargetGroupAttributes',
    });
  });
});
