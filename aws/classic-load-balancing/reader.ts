import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClassicLoadBalancer } from '../../domain/classic-load-balancer.ts';
import { given, toTags } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { isNotFound, readExistingInBatches } from '../existing.ts';
import { readPages } from '../pages.ts';
import { toClassicLoadBalancer, toInstanceHealth } from './answers.ts';
import type { ClassicLoadBalancingReader } from './port.ts';

/** Documented for DescribeTags, undocumented for DescribeLoadBalancers, so kept there too. */
const NAMES_PER_CALL = 20;

/** The largest page. @see Classic ELB API reference, `DescribeLoadBalancers` */
const BALANCERS_PER_PAGE = 400;

const elb = (action: string): AwsCall => ({ service: 'ELB', action });

/** All balancers, or those named; one name that is unknown fails the whole call. */
const readBalancers = async (
  client: ElasticLoadBalancingClient,
  LoadBalancerNames?: readonly string[],
): Promise<readonly ClassicLoadBalancer[]> => {
  const call = elb('DescribeLoadBalancers');
  const query = LoadBalancerNames
    ? { LoadBalancerNames: [...LoadBalancerNames] }
    : ({ PageSize: BALANCERS_PER_PAGE } as const);
  const pages = await readPages(
    call,
    (Marker) => client.send(new DescribeLoadBalancersCommand({ ...query, Marker })),
    ({ NextMarker }) => NextMarker,
  );
  return pages
    .flatMap(({ LoadBalancerDescriptions }) => given(call, 'LoadBalancerDescriptions', LoadBalancerDescriptions))
    .map((balancer) => toClassicLoadBalancer(call, balancer));
};

const readTags = (client: ElasticLoadBalancingClient): ClassicLoadBalancingReader['readTags'] => {
  const call = elb('DescribeTags');
  return async (wanted) => {
    const tagged = await readExistingInBatches(wanted, NAMES_PER_CALL, async (names) => {
      const answer = await callAws(call, () => client.send(new DescribeTagsCommand({ LoadBalancerNames: [...names] })));
      return given(call, 'TagDescriptions', answer.TagDescriptions);
    });
    return new Map(
      tagged.map(({ LoadBalancerName, Tags }) => [given(call, 'LoadBalancerName', LoadBalancerName), toTags(Tags)]),
    );
  };
};

/** Not paginated: one call answers for all instances of the balancer. */
const readInstanceHealth = (client: ElasticLoadBalancingClient): ClassicLoadBalancingReader['readInstanceHealth'] => {
  const call = elb('DescribeInstanceHealth');
  return async (LoadBalancerName) => {
    try {
      const answer = await callAws(call, () => client.send(new DescribeInstanceHealthCommand({ LoadBalancerName })));
      return given(call, 'InstanceStates', answer.InstanceStates).flatMap(
        (instance) => toInstanceHealth(call, instance) ?? [],
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
};

/** Reads Classic Load Balancers, their tags and their instances' health. */
export const classicLoadBalancingReader = (client: ElasticLoadBalancingClient): ClassicLoadBalancingReader => ({
  readBalancers: () => readBalancers(client),
  readBalancersNamed: (wanted) =>
    readExistingInBatches(wanted, NAMES_PER_CALL, (names) => readBalancers(client, names)),
  readTags: readTags(client),
  readInstanceHealth: readInstanceHealth(client),
});
