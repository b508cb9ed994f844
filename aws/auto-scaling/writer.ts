import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CompleteLifecycleActionCommand, RecordLifecycleActionHeartbeatCommand } from '@aws-sdk/client-auto-scaling';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { AutoScalingWriter, HookedInstance } from './port.ts';

/** AWS has no code of its own for it: `ValidationError`, "No active Lifecycle Action found with instance ID i-…". */
const waitsNoMore = (error: unknown): boolean =>
  error instanceof AwsCallError &&
  error.code === 'ValidationError' &&
  /no active lifecycle action/i.test(error.awsMessage);

const unlessGone = async (act: () => Promise<unknown>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (waitsNoMore(error)) return false;
    throw error;
  }
};

/** By the instance's id, because a token may be missing from the event. */
const named = ({ autoScalingGroupName, hookName, instanceId }: HookedInstance) => ({
  AutoScalingGroupName: autoScalingGroupName,
  LifecycleHookName: hookName,
  InstanceId: instanceId,
});

/** Keeps instances in a hook, and lets them go. */
export const autoScalingWriter = (client: AutoScalingClient): AutoScalingWriter => ({
  keepWaiting: (hooked) =>
    unlessGone(() =>
      callAws({ service: 'Auto Scaling', action: 'RecordLifecycleActionHeartbeat' }, () =>
        client.send(new RecordLifecycleActionHeartbeatCommand(named(hooked))),
      ),
    ),
  letGo: (hooked) =>
    unlessGone(() =>
      callAws({ service: 'Auto Scaling', action: 'CompleteLifecycleAction' }, () =>
        client.send(new CompleteLifecycleActionCommand({ ...named(hooked), LifecycleActionResult: 'CONTINUE' })),
      ),
    ),
});
