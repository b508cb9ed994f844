import type { AutoScalingClient, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { batchesOf } from '../batches.ts';
import { readPages } from '../pages.ts';
import type { AutoScalingReader } from './port.ts';

/** Names a call takes without raising its page size. @see Auto Scaling API reference, `DescribeAutoScalingGroups` */
const NAMES_PER_CALL = 50;

const CALL: AwsCall = { service: 'Auto Scaling', action: 'DescribeAutoScalingGroups' };

/** Groups are attached as target groups or, by the newer API, as traffic sources of type `elbv2`. */
const targetGroupsOf = ({ TargetGroupARNs, TrafficSources }: AutoScalingGroup): readonly string[] => [
  ...new Set([
    ...(TargetGroupARNs ?? []),
    ...(TrafficSources ?? []).flatMap(({ Identifier }) => (Identifier?.includes(':targetgroup/') ? [Identifier] : [])),
  ]),
];

/** Reads what Auto Scaling groups are attached to; an unknown name is merely absent from AWS's answer. */
export const autoScalingReader = (client: AutoScalingClient): AutoScalingReader => ({
  async readAttachedTargetGroups(autoScalingGroupNames) {
    const attached = new Map<string, readonly string[]>();
    for (const names of batchesOf(autoScalingGroupNames, NAMES_PER_CALL)) {
      const pages = await readPages(
        CALL,
        (NextToken) =>
          client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names], NextToken })),
        ({ NextToken }) => NextToken,
      );
      for (const group of pages.flatMap(({ AutoScalingGroups }) => given(CALL, 'AutoScalingGroups', AutoScalingGroups)))
        attached.set(given(CALL, 'AutoScalingGroupName', group.AutoScalingGroupName), targetGroupsOf(group));
    }
    return attached;
  },
});
