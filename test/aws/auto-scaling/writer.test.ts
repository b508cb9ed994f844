import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  RecordLifecycleActionHeartbeatCommand,
} from '@aws-sdk/client-auto-scaling';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { autoScalingWriter } from '../../../aws/auto-scaling/writer.ts';
import { awsRefusal } from '../aws-refusal.ts';

const autoScaling = mockClient(AutoScalingClient);
beforeEach(() => {
  autoScaling.reset();
});

const writer = autoScalingWriter(new AutoScalingClient({ region: 'ap-northeast-1' }));
const HOOKED = { autoScalingGroupName: 'web-asg', hookName: 'drain', instanceId: 'i-00000001' };
const NAMED = { AutoScalingGroupName: 'web-asg', LifecycleHookName: 'drain', InstanceId: 'i-00000001' };
const gone = awsRefusal('ValidationError', 'No active Lifecycle Action found with instance ID i-00000001');

test('Given an instance that waits, when it is kept or let go, then AWS is told so by its id', async () => {
  autoScaling.on(RecordLifecycleActionHeartbeatCommand).resolves({});
  autoScaling.on(CompleteLifecycleActionCommand).resolves({});
  expect([await writer.keepWaiting(HOOKED), await writer.letGo(HOOKED)]).toEqual([true, true]);
  expect(autoScaling.calls().map(({ args: [command] }) => command.input)).toEqual([
    NAMED,
    { ...NAMED, LifecycleActionResult: 'CONTINUE' },
  ]);
});

test('Given an instance that waits no more, then that is an answer; any other refusal is an error', async () => {
  autoScaling.on(RecordLifecycleActionHeartbeatCommand).rejectsOnce(gone);
  autoScaling
    .on(CompleteLifecycleActionCommand)
    .rejectsOnce(gone)
    .rejects(awsRefusal('ValidationError', 'No such hook'));
  expect([await writer.keepWaiting(HOOKED), await writer.letGo(HOOKED)]).toEqual([false, false]);
  await expect(writer.letGo(HOOKED)).rejects.toMatchObject({ action: 'CompleteLifecycleAction', meaning: 'invalid' });
});
