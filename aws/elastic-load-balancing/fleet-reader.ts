import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { given, toTags } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { readExistingInBatches } from '../existing.ts';
import { readPages } from '../pages.ts';
import { toLoadBalancer, toTargetGroup } from './answers.ts';
import type { BalancingFleetReader } from './fleet-port.ts';

/** The largest page. @see ELBv2 API reference, `DescribeTargetGroups` and `DescribeLoadBalancers` */
const PageSize = 400;

/** @see ELBv2 API reference, `DescribeTags` */
const ARNS_PER_CALL = 20;

const elb = (action: string): AwsCall => ({ service: 'ELBv2', action });

const readEveryTargetGroup = (client: ElasticLoadBalancingV2Client): BalancingFleetReader['readEveryTargetGroup'] => {
  const call = elb('DescribeTargetGroups');
  return async () => {
    const pages = await readPages(
      call,
      (Marker) => client.send(new DescribeTargetGroupsCommand({ PageSize, Marker })),
      ({ NextMarker }) => NextMarker,
    );
    return (
      pages
        .flatMap(({ TargetGroups }) => given(call, 'TargetGroups', TargetGroups))
        // A function has no health check that must be there, and takes no seat.
        .filter(({ TargetType }) => TargetType !== 'lambda')
        .map((group) => toTargetGroup(call, group, () => ({})))
    );
  };
};

const readTags = (client: ElasticLoadBalancingV2Client): BalancingFleetReader['readTags'] => {
  const call = elb('DescribeTags');
  return async (targetGroupArns) => {
    const described = await readExistingInBatches(targetGroupArns, ARNS_PER_CALL, async (arns) => {
      const answer = await callAws(call, () => client.send(new DescribeTagsCommand({ ResourceArns: [...arns] })));
      return given(call, 'TagDescriptions', answer.TagDescriptions);
    });
    return new Map(
      described.map(({ ResourceArn, Tags }) => [given(call, 'ResourceArn of tags', ResourceArn), toTags(Tags)]),
    );
  };
};

const readEveryLoadBalancer = (client: ElasticLoadBalancingV2Client): BalancingFleetReader['readEveryLoadBalancer'] => {
  const call = elb('DescribeLoadBalancers');
  return async () => {
    const pages = await readPages(
      call,
      (Marker) => client.send(new DescribeLoadBalancersCommand({ PageSize, Marker })),
      ({ NextMarker }) => NextMarker,
    );
    return pages
      .flatMap(({ LoadBalancers }) => given(call, 'LoadBalancers', LoadBalancers))
      .map((balancer) => toLoadBalancer(call, balancer));
  };
};

/** Reads all target groups, their tags and all Application, Network and Gateway balancers from ELBv2. */
export const balancingFleetReader = (client: ElasticLoadBalancingV2Client): BalancingFleetReader => ({
  readEveryTargetGroup: readEveryTargetGroup(client),
  readTags: readTags(client),
  readEveryLoadBalancer: readEveryLoadBalancer(client),
});
