import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { isNotFound, readExistingInBatches } from '../existing.ts';
import { readPages } from '../pages.ts';
import { toLoadBalancer, toTargetGroup, toTargetHealth } from './answers.ts';
import { PRESERVES_CLIENT_ADDRESSES, readTargetGroupAttributes, truth } from './attributes.ts';
import type { LoadBalancingReader } from './port.ts';

/**
 * Documented for DescribeLoadBalancers and DescribeTags, undocumented for DescribeTargetGroups, so kept there too.
 * @see ELBv2 API reference, `DescribeLoadBalancers`
 */
const ARNS_PER_CALL = 20;

const elb = (action: string): AwsCall => ({ service: 'ELBv2', action });

/** No page size beside ARNs: the answer has at most as many entries as were asked for, and a marker is followed anyway. */
const readTargetGroups = (client: ElasticLoadBalancingV2Client): LoadBalancingReader['readTargetGroups'] => {
  const call = elb('DescribeTargetGroups');
  return (groups) =>
    readExistingInBatches(groups.keys(), ARNS_PER_CALL, async (arns) => {
      const pages = await readPages(
        call,
        (Marker) => client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns], Marker })),
        ({ NextMarker }) => NextMarker,
      );
      return pages
        .flatMap(({ TargetGroups }) => given(call, 'TargetGroups', TargetGroups))
        .map((group) => toTargetGroup(call, group, (arn) => groups.get(arn) ?? {}));
    });
};

/** Not paginated: one call answers for the whole group. @see ELBv2 API reference, `DescribeTargetHealth` */
const readTargetHealth = (client: ElasticLoadBalancingV2Client): LoadBalancingReader['readTargetHealth'] => {
  const call = elb('DescribeTargetHealth');
  return async (TargetGroupArn) => {
    try {
      const answer = await callAws(call, () => client.send(new DescribeTargetHealthCommand({ TargetGroupArn })));
      const descriptions = given(call, 'TargetHealthDescriptions', answer.TargetHealthDescriptions);
      return descriptions.map((description) => toTargetHealth(call, description));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
};

/** @see ELBv2 API reference, `DescribeTargetGroupAttributes` */
const readPreservation =
  (client: ElasticLoadBalancingV2Client): LoadBalancingReader['readPreservation'] =>
  async (targetGroupArn) => {
    try {
      return truth((await readTargetGroupAttributes(client, targetGroupArn)).get(PRESERVES_CLIENT_ADDRESSES));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

const readLoadBalancers = (client: ElasticLoadBalancingV2Client): LoadBalancingReader['readLoadBalancers'] => {
  const call = elb('DescribeLoadBalancers');
  return (balancerArns) =>
    readExistingInBatches(balancerArns, ARNS_PER_CALL, async (arns) => {
      const pages = await readPages(
        call,
        (Marker) => client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [...arns], Marker })),
        ({ NextMarker }) => NextMarker,
      );
      return pages
        .flatMap(({ LoadBalancers }) => given(call, 'LoadBalancers', LoadBalancers))
        .map((balancer) => toLoadBalancer(call, balancer));
    });
};

/** Reads target groups, their targets' health and their balancers from ELBv2. */
export const loadBalancingReader = (client: ElasticLoadBalancingV2Client): LoadBalancingReader => ({
  readTargetGroups: readTargetGroups(client),
  readTargetHealth: readTargetHealth(client),
  readPreservation: readPreservation(client),
  readLoadBalancers: readLoadBalancers(client),
});
