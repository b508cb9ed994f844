import { AutoScalingClient, DescribeInstanceRefreshesCommand } from '@aws-sdk/client-auto-scaling';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { instanceRefreshReader, runningRefreshReader } from '../../../aws/auto-scaling/refresh-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const autoScaling = mockClient(AutoScalingClient);
beforeEach(() => {
  autoScaling.reset();
});

const reader = instanceRefreshReader(new AutoScalingClient({ region: 'ap-northeast-1' }));

test.each(['Pending', 'InProgress', 'Cancelling', 'RollbackInProgress', 'Baking'] as const)(
  'Given a newest refresh that is %s, then the group is being refreshed',
  async (Status) => {
    autoScaling
      .on(DescribeInstanceRefreshesCommand, { AutoScalingGroupName: 'web-asg', MaxRecords: 1 })
      .resolves({ InstanceRefreshes: [{ InstanceRefreshId: 'r-1', AutoScalingGroupName: 'web-asg', Status }] });
    expect(await reader.isRefreshing('web-asg')).toBe(true);
  },
);

test.each(['Successful', 'Failed', 'Cancelled', 'RollbackFailed', 'RollbackSuccessful'] as const)(
  'Given a newest refresh that is %s, then it is over',
  async (Status) => {
    autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [{ Status }] });
    expect(await reader.isRefreshing('web-asg')).toBe(false);
  },
);

test('Given a group that was never refreshed, then it is not', async () => {
  autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [] });
  expect(await reader.isRefreshing('web-asg')).toBe(false);
});

test('Given a status that AWS adds one day, then the refresh counts as going on: nothing is called a surprise on a guess', async () => {
  autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [{ Status: 'Musing' as 'Baking' }] });
  expect(await reader.isRefreshing('web-asg')).toBe(true);
});

test('Given a refusal, then it is the caller’s to decide', async () => {
  autoScaling.on(DescribeInstanceRefreshesCommand).rejects(awsRefusal('AccessDenied', 'no'));
  await expect(reader.isRefreshing('web-asg')).rejects.toMatchObject({
    meaning: 'denied',
    action: 'DescribeInstanceRefreshes',
  });
});

const NOW = new Date('2026-11-22T03:03:00.000Z');
const running = runningRefreshReader(() => NOW, new AutoScalingClient({ region: 'ap-northeast-1' }));

test('Given a refresh that goes on, then it is told since when; one that has not begun counts from now, and one that is over is none', async () => {
  const StartTime = new Date('2026-11-22T03:00:00.000Z');
  autoScaling
    .on(DescribeInstanceRefreshesCommand)
    .resolves({ InstanceRefreshes: [{ Status: 'InProgress', StartTime }] });
  expect(await running.readRunningRefresh('web-asg')).toEqual(StartTime);
  autoScaling.on(DescribeInstanceRefreshesCommand).resolves({ InstanceRefreshes: [{ Status: 'Pending' }] });
  expect(await running.readRunningRefresh('web-asg')).toEqual(NOW);
  autoScaling
    .on(DescribeInstanceRefreshesCommand)
    .resolves({ InstanceRefreshes: [{ Status: 'Successful', StartTime }] });
  expect(await running.readRunningRefresh('web-asg')).toBeUndefined();
});
