import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DescribeInstanceRefreshesCommand } from '@aws-sdk/client-auto-scaling';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { autoScalingClient } from './client.ts';
import type { InstanceRefreshReader } from './port.ts';

const CALL: AwsCall = { service: 'Auto Scaling', action: 'DescribeInstanceRefreshes' };

/** Statuses of a refresh that is over. @see Auto Scaling API reference, `InstanceRefresh.Status` */
const OVER: ReadonlySet<string | undefined> = new Set([
  'Successful',
  'Failed',
  'Cancelled',
  'RollbackFailed',
  'RollbackSuccessful',
]);

/** Reads whether a group is being refreshed: AWS lists the newest refresh first, and one group has one at a time. */
export const instanceRefreshReader = (client: AutoScalingClient = autoScalingClient()): InstanceRefreshReader => ({
  async isRefreshing(AutoScalingGroupName) {
    const { InstanceRefreshes = [] } = await callAws(CALL, () =>
      client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName, MaxRecords: 1 })),
    );
    return InstanceRefreshes.some(({ Status }) => !OVER.has(Status));
  },
});
