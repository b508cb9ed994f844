import {
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { classicLoadBalancingReader } from '../../../aws/classic-load-balancing/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';
import { aDescription } from './answers.ts';

const elb = mockClient(ElasticLoadBalancingClient);
beforeEach(() => {
  elb.reset();
});

const reader = classicLoadBalancingReader(new ElasticLoadBalancingClient({ region: 'ap-northeast-1' }));

const WEB = {
  name: 'web',
  dnsName: 'web-1234567890.ap-northeast-1.elb.amazonaws.com',
  scheme: 'internet-facing',
  vpcId: 'vpc-1',
  subnetIds: ['subnet-c', 'subnet-a'],
  availabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'],
  securityGroupIds: ['sg-elb'],
  listeners: [
    { protocol: 'HTTP', port: 80, instancePort: 8080, certificateArn: undefined },
    {
      protocol: 'HTTPS',
      port: 443,
      instancePort: 8080,
      certificateArn: 'arn:aws:acm:ap-northeast-1:123456789012:certificate/1234',
    },
    { protocol: 'TCP', port: 25, instancePort: 2525, certificateArn: undefined },
  ],
  healthCheck: {
    protocol: 'HTTP',
    port: 8080,
    path: '/health',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 10,
    unhealthyThreshold: 2,
  },
};

describe('balancers', () => {
  test('Given balancers on two pages, when all are read, then both are, 400 a page', async () => {
    elb
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce({ LoadBalancerDescriptions: [aDescription()], NextMarker: 'm2' })
      .resolves({ LoadBalancerDescriptions: [aDescription({ LoadBalancerName: 'mail' })] });
    expect(await reader.readBalancers()).toEqual([WEB, { ...WEB, name: 'mail' }]);
    expect(elb.calls().map((call) => call.args[0].input)).toEqual([
      { PageSize: 400, Marker: undefined },
      { PageSize: 400, Marker: 'm2' },
    ]);
  });

  test('Given one of three names is gone, which fails the whole call, when they are read, then the others are there', async () => {
    elb.on(DescribeLoadBalancersCommand).callsFake(({ LoadBalancerNames }: { LoadBalancerNames: string[] }) => {
      if (LoadBalancerNames.includes('gone'))
        throw awsRefusal('LoadBalancerNotFound', "There is no ACTIVE Load Balancer named 'gone'");
      return { LoadBalancerDescriptions: LoadBalancerNames.map((name) => aDescription({ LoadBalancerName: name })) };
    });
    const found = await reader.readBalancersNamed(['web', 'gone', 'mail']);
    expect(found.map(({ name }) => name)).toEqual(['web', 'mail']);
  });

  test('Given no names, then AWS is not asked: without names it would tell of all', async () => {
    expect(await reader.readBalancersNamed([])).toEqual([]);
    expect(elb.calls()).toHaveLength(0);
  });

  test.each([
    ['TCP:5000', { protocol: 'TCP', port: 5000, path: undefined }],
    ['SSL:5000', { protocol: 'SSL', port: 5000, path: undefined }],
    ['HTTPS:443/', { protocol: 'HTTPS', port: 443, path: '/' }],
    ['http:80/a:b?c=/d', { protocol: 'HTTP', port: 80, path: '/a:b?c=/d' }],
  ])('Given the check %s, when it is read, then protocol, port and path are told apart', async (Target, expected) => {
    const HealthCheck = { Target, Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 10 };
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancerDescriptions: [aDescription({ HealthCheck })] });
    expect((await reader.readBalancers())[0]?.healthCheck).toMatchObject(expected);
  });

  test.each([
    ['no list', {}, 'LoadBalancerDescriptions'],
    ['no name', { LoadBalancerDescriptions: [aDescription({ LoadBalancerName: undefined })] }, 'LoadBalancerName'],
    ['no groups', { LoadBalancerDescriptions: [aDescription({ SecurityGroups: undefined })] }, 'SecurityGroups'],
    ['no subnets', { LoadBalancerDescriptions: [aDescription({ Subnets: undefined })] }, 'Subnets'],
    ['no check', { LoadBalancerDescriptions: [aDescription({ HealthCheck: undefined })] }, 'HealthCheck'],
    [
      'an odd check',
      {
        LoadBalancerDescriptions: [
          aDescription({
            HealthCheck: { Target: 'UDP:53', Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 10 },
          }),
        ],
      },
      '"UDP:53"',
    ],
    ['an odd scheme', { LoadBalancerDescriptions: [aDescription({ Scheme: 'classic' })] }, '"classic"'],
  ])('Given an answer with %s, then it fails and names it', async (_what, answer, named) => {
    elb.on(DescribeLoadBalancersCommand).resolves(answer);
    await expect(reader.readBalancers()).rejects.toMatchObject({
      service: 'ELB',
      code: 'UnexpectedAnswer',
      awsMessage: expect.stringContaining(named),
    });
  });
});

test('Given 21 balancers of which one is gone, when tags are read, then it takes 20 names a call, and the others have theirs', async () => {
  elb.on(DescribeTagsCommand).callsFake(({ LoadBalancerNames }: { LoadBalancerNames: string[] }) => {
    if (LoadBalancerNames.includes('b20')) throw awsRefusal('LoadBalancerNotFound', 'not found');
    return {
      TagDescriptions: LoadBalancerNames.map((LoadBalancerName) => ({
        LoadBalancerName,
        Tags: LoadBalancerName === 'b0' ? [{ Key: 'usher:selector', Value: 'Role=web' }] : [],
      })),
    };
  });
  const tags = await reader.readTags(Array.from({ length: 21 }, (_, index) => `b${index}`));
  expect(tags.size).toBe(20);
  expect([tags.get('b0'), tags.get('b1')]).toEqual([{ 'usher:selector': 'Role=web' }, {}]);
});

describe('health', () => {
  /** @see Classic ELB API reference, `InstanceState.Description` */
  test.each([
    ['InService', 'N/A', 'N/A', 'healthy', undefined],
    ['OutOfService', 'ELB', 'Instance registration is still in progress.', 'initial', 'Elb.RegistrationInProgress'],
    [
      'OutOfService',
      'ELB',
      'Instance has not passed the configured HealthyThreshold number of health checks consecutively.',
      'initial',
      'Elb.InitialHealthChecking',
    ],
    [
      'OutOfService',
      'Instance',
      'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
      'unhealthy',
      'Target.FailedHealthChecks',
    ],
    [
      'OutOfService',
      'ELB',
      'Instance is in the EC2 Availability Zone for which LoadBalancer is not configured to route traffic to.',
      'unused',
      'Target.NotInUse',
    ],
    ['OutOfService', 'ELB', 'Disable Availability Zone is currently in progress.', 'unused', 'Target.NotInUse'],
    ['OutOfService', 'Instance', 'Instance is in pending state.', 'unused', 'Target.InvalidState'],
    ['OutOfService', 'Instance', 'Instance is in stopped state.', 'unused', 'Target.InvalidState'],
    ['OutOfService', 'Instance', 'Instance is in terminated state.', 'unused', 'Target.InvalidState'],
    [
      'OutOfService',
      'ELB',
      'Instance deregistration currently in progress.',
      'draining',
      'Target.DeregistrationInProgress',
    ],
    [
      'InService',
      'N/A',
      'Instance deregistration currently in progress.',
      'draining',
      'Target.DeregistrationInProgress',
    ],
    ['Unknown', 'ELB', 'A transient error occurred. Please try again later.', 'unavailable', 'Elb.InternalError'],
    ['Unknown', 'N/A', 'N/A', 'unavailable', 'Elb.InternalError'],
    ['OutOfService', 'Instance', 'Something new.', 'unhealthy', 'Instance'],
  ])('Given %s (%s) “%s”, then it is %s', async (State, ReasonCode, Description, state, reason) => {
    elb
      .on(DescribeInstanceHealthCommand, { LoadBalancerName: 'web' })
      .resolves({ InstanceStates: [{ InstanceId: 'i-1', State, ReasonCode, Description }] });
    expect(await reader.readInstanceHealth('web')).toEqual([
      {
        target: { id: 'i-1', port: undefined },
        state,
        reason,
        description: state === 'healthy' ? undefined : Description,
      },
    ]);
  });

  test('Given an instance listed as not registered, when health is read, then it is no member', async () => {
    elb.on(DescribeInstanceHealthCommand).resolves({
      InstanceStates: [
        {
          InstanceId: 'i-1',
          State: 'OutOfService',
          ReasonCode: 'Instance',
          Description: 'Instance is not currently registered with the LoadBalancer.',
        },
      ],
    });
    expect(await reader.readInstanceHealth('web')).toEqual([]);
  });

  test('Given a balancer that is gone, then its health is undefined; given a throttle, then it throws', async () => {
    elb
      .on(DescribeInstanceHealthCommand)
      .rejectsOnce(awsRefusal('LoadBalancerNotFound', 'not found'))
      .rejects(awsRefusal('Throttling', 'Rate exceeded'));
    expect(await reader.readInstanceHealth('web')).toBeUndefined();
    await expect(reader.readInstanceHealth('web')).rejects.toMatchObject({ meaning: 'throttled' });
  });

  test.each([
    ['no list', {}, 'InstanceStates'],
    ['no instance', { InstanceStates: [{ State: 'InService' }] }, 'InstanceId'],
    ['a new state', { InstanceStates: [{ InstanceId: 'i-1', State: 'Dreaming' }] }, '"Dreaming"'],
  ])('Given an answer with %s, then it fails and names it', async (_what, answer, named) => {
    elb.on(DescribeInstanceHealthCommand).resolves(answer);
    await expect(reader.readInstanceHealth('web')).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      awsMessage: expect.stringContaining(named),
    });
  });
});
