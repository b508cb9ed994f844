import type { AutoScalingClient, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { batchesOf } from '../batches.ts';
import { readPages } from '../pages.ts';
import type { AutoScalingReader, ScalingGroup } from './port.ts';

/** Names a call takes without raising its page size. @see Auto Scaling API reference, `DescribeAutoScalingGroups` */
const NAMES_PER_CALL = 50;

const CALL: AwsCall = { service: 'Auto Scaling', action: 'DescribeAutoScalingGroups' };

/** Identifiers of the traffic sources of one type. @see Auto Scaling API reference, `TrafficSourceIdentifier` */
const sourcesOf = ({ TrafficSources }: AutoScalingGroup, type: 'elb' | 'elbv2'): readonly string[] =>
  (TrafficSources ?? []).flatMap(({ Identifier, Type }) =>
    Identifier !== undefined && Type === type ? [Identifier] : [],
  );

/** Attached as target groups or, by the newer API, as traffic sources, whose type may be left out. */
const targetGroupsOf = (group: AutoScalingGroup): readonly string[] => [
  ...(group.TargetGroupARNs ?? []),
  ...(group.TrafficSources ?? []).flatMap(({ Identifier }) =>
    Identifier?.includes(':targetgroup/') ? [Identifier] : [],
  ),
];

/** Classic balancers are attached by name; they are in the group's own partition, Region and account. */
const classicBalancersOf = (group: AutoScalingGroup): readonly string[] => {
  const names = [...(group.LoadBalancerNames ?? []), ...sourcesOf(group, 'elb')];
  if (names.length === 0) return [];
  const [, partition, , region, account] = given(CALL, 'AutoScalingGroupARN', group.AutoScalingGroupARN).split(':');
  return names.map((name) => `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/${name}`);
};

const attachedTo = (group: AutoScalingGroup): readonly string[] => [
  ...new Set([...targetGroupsOf(group), ...classicBalancersOf(group)]),
];

const lifecycleStatesOf = ({ Instances }: AutoScalingGroup): ReadonlyMap<string, string> =>
  new Map(
    (Instances ?? []).map(({ InstanceId, LifecycleState }) => [
      given(CALL, 'Instances.InstanceId', InstanceId),
      given(CALL, 'Instances.LifecycleState', LifecycleState),
    ]),
  );

/** Reads what Auto Scaling groups are attached to and where their instances are; an unknown name is merely absent from AWS's answer. */
export const autoScalingReader = (client: AutoScalingClient): AutoScalingReader => ({
  async readGroups(autoScalingGroupNames) {
    const found = new Map<string, ScalingGroup>();
    for (const names of batchesOf(autoScalingGroupNames, NAMES_PER_CALL)) {
      const pages = await readPages(
        CALL,
        (NextToken) =>
          client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names], NextToken })),
        ({ NextToken }) => NextToken,
      );
      for (const group of pages.flatMap(({ AutoScalingGroups }) => given(CALL, 'AutoScalingGroups', AutoScalingGroups)))
        found.set(given(CALL, 'AutoScalingGroupName', group.AutoScalingGroupName), {
          attachedTo: attachedTo(group),
          lifecycleStates: lifecycleStatesOf(group),
        });
    }
    return found;
  },
});
