import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DescribeInstanceRefreshesCommand } from '@aws-sdk/client-auto-scaling';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { autoScalingClient } from './client.ts';
import type { InstanceRefreshReader, RunningRefreshReader } from './port.ts';

const CALL: AwsCall = { service: 'Auto Scaling', action: 'DescribeInstanceRefreshes' };

/** Statuses of a refresh that is over. @see Auto Scaling API reference, `InstanceRefresh.Status` */
const OVER: ReadonlySet<string | undefined> = new Set([
  'Successful',
  'Failed',
  'Cancelled',
  'RollbackFailed',
  'RollbackSuccessful',
]);

/** AWS lists the newest refresh first, and one group has one at a time. */
const newestRefresh = async (client: AutoScalingClient, AutoScalingGroupName: string) => {
  const { InstanceRefreshes = [] } = await callAws(CALL, () =>
    client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName, MaxRecords: 1 })),
  );
  return InstanceRefreshes.find(({ Status }) => !OVER.has(Status));
};

/** Reads whether a group is being refreshed. */
export const instanceRefreshReader = (client: AutoScalingClient = autoScalingClient()): InstanceRefreshReader => ({
  isRefreshing: async (name) => (await newestRefresh(client, name)) !== undefined,
});

/** Reads since when a group is being refreshed; one that AWS has not begun yet counts from now. */
export const runningRefreshReader = (
  now: () => Date,
  client: AutoScalingClient = autoScalingClient(),
): RunningRefreshReader => ({
  async readRunningRefresh(name) {
    const running = await newestRefresh(client, name);
    return running && (running.StartTime ?? now());
  },
});
