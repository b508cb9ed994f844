import type { EventParser } from '../arrived-event.ts';
import { ignored } from '../arrived-event.ts';

const failure = (detailType: string): EventParser<never> => ({
  source: 'aws.autoscaling',
  detailType,
  parse: () => ignored('ScalingFailed', detailType),
});

/**
 * Auto Scaling's failures to launch or terminate: no instance came or went, so there is nothing to look at. Best effort.
 * @see Amazon EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference", unsuccessful scaling events
 * (autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html)
 */
export const launchUnsuccessful = failure('EC2 Instance Launch Unsuccessful');
export const terminateUnsuccessful = failure('EC2 Instance Terminate Unsuccessful');
