import type { EventParser } from '../arrived-event.ts';
import type { ScaledInstance } from '../auto-scaling.ts';
import { scaledInstance, waitingInstance } from '../auto-scaling.ts';
import { parseWith } from '../malformed-event-error.ts';

/** Auto Scaling took an instance out of a group (`destination` says where to), or holds it in a terminate hook. */
export interface InstanceTerminatedByAutoScaling extends ScaledInstance {
  readonly kind: 'instance-terminated-by-auto-scaling';
}

const terminated = (instance: ScaledInstance): InstanceTerminatedByAutoScaling => ({
  kind: 'instance-terminated-by-auto-scaling',
  ...instance,
});

/**
 * Best effort.
 * @see Amazon EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference"
 * (autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html)
 */
export const terminateSuccessful: EventParser<InstanceTerminatedByAutoScaling> = {
  source: 'aws.autoscaling',
  detailType: 'EC2 Instance Terminate Successful',
  parse: (raw) => terminated(parseWith(scaledInstance, raw)),
};

/**
 * Sent only for groups with a terminate hook; best effort.
 * @see the same page, and "Warm pool example events and patterns"
 * (autoscaling/ec2/userguide/warm-pools-eventbridge-events.html)
 */
export const terminateLifecycleAction: EventParser<InstanceTerminatedByAutoScaling> = {
  source: 'aws.autoscaling',
  detailType: 'EC2 Instance-terminate Lifecycle Action',
  parse: (raw) => terminated(parseWith(waitingInstance, raw)),
};
