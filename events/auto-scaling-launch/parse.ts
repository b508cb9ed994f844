import type { EventParser } from '../arrived-event.ts';
import type { ScaledInstance } from '../auto-scaling.ts';
import { scaledInstance, waitingInstance } from '../auto-scaling.ts';
import { parseWith } from '../malformed-event-error.ts';

/** Auto Scaling brought an instance into a group or its warm pool, or holds it in a launch hook. */
export interface InstanceLaunchedByAutoScaling extends ScaledInstance {
  readonly kind: 'instance-launched-by-auto-scaling';
}

const launched = (instance: ScaledInstance): InstanceLaunchedByAutoScaling => ({
  kind: 'instance-launched-by-auto-scaling',
  ...instance,
});

/**
 * Best effort.
 * @see Amazon EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference"
 * (autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html)
 */
export const launchSuccessful: EventParser<InstanceLaunchedByAutoScaling> = {
  source: 'aws.autoscaling',
  detailType: 'EC2 Instance Launch Successful',
  parse: (raw) => launched(parseWith(scaledInstance, raw)),
};

/**
 * Sent only for groups with a launch hook; best effort.
 * @see the same page, and "Warm pool example events and patterns"
 * (autoscaling/ec2/userguide/warm-pools-eventbridge-events.html)
 */
export const launchLifecycleAction: EventParser<InstanceLaunchedByAutoScaling> = {
  source: 'aws.autoscaling',
  detailType: 'EC2 Instance-launch Lifecycle Action',
  parse: (raw) => launched(parseWith(waitingInstance, raw)),
};
