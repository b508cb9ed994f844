import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { balancingFleetReader } from '../../../aws/elastic-load-balancing/fleet-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => {
  elb.reset();
});

const reader = balancingFleetReader(new ElasticLoadBalancingV2Client({ region: 'ap-northeast-1' }));

const arnOf = (name: string): string =>
  `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`;

/** @see ELBv2 API reference, `DescribeTargetGroups`, example response (names ours) */
const group = (name: string, more: Partial<TargetGroup> = {}): TargetGroup => ({
  TargetGroupArn: arnOf(name),
  TargetGroupName: name,
  Protocol: 'HTTP',
  Port: 80,
  VpcId: 'vpc-1',
  TargetType: 'instance',
  HealthCheckProtocol: 'HTTP',
  HealthCheckPort: 'traffic-port',
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
  LoadBalancerArns: [],
  ...more,
});

test('Given several pages of groups, one of them of a function, when all are read, then those that take targets are, 400 a page', async () => {
  elb
    .on(DescribeTargetGroupsCommand)
    .resolvesOnce({
      TargetGroups: [
        group('web'),
        { TargetGroupArn: arnOf('function'), TargetGroupName: 'function', TargetType: 'lambda' },
      ],
      NextMarker: 'more',
    })
    .resolvesOnce({ TargetGroups: [group('api')] });
  expect((await reader.readEveryTargetGroup()).map(({ name }) => name)).toEqual(['web', 'api']);
  expect(elb.commandCalls(DescribeTargetGroupsCommand).map(({ args }) => args[0].input)).toEqual([
    { PageSize: 400, Marker: undefined },
    { PageSize: 400, Marker: 'more' },
  ]);
});

test('Given more groups than a call takes, one of them gone, when their tags are read, then those of all others are', async () => {
  const arns = Array.from({ length: 25 }, (_, index) => arnOf(`g${index}`));
  elb.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { readonly ResourceArns: readonly string[] }) => {
    if (ResourceArns.length > 20) throw awsRefusal('ValidationError', 'refused');
    if (ResourceArns.includes(arnOf('g7'))) throw awsRefusal('TargetGroupNotFound', 'refused');
    return { TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] })) };
  });
  const tags = await reader.readTags(arns);
  expect([...tags.keys()].sort()).toEqual(arns.filter((arn) => arn !== arnOf('g7')).sort());
  expect(tags.get(arnOf('g0'))).toEqual({ a: 'b' });
});

test('Given tags that may not be read, then nobody is taken for untagged', async () => {
  elb.on(DescribeTagsCommand).rejects(awsRefusal('AccessDenied', 'not allowed'));
  await expect(reader.readTags([arnOf('web')])).rejects.toMatchObject({ meaning: 'denied' });
});

test('Given a second page of balancers that fails, then the read fails', async () => {
  elb
    .on(DescribeLoadBalancersCommand)
    .resolvesOnce({ LoadBalancers: [], NextMarker: 'more' })
    .rejectsOnce(awsRefusal('Throttling', 'refused'));
  await expect(reader.readEveryLoadBalancer()).rejects.toMatchObject({ meaning: 'throttled' });
});
