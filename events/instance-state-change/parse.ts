import * as z from 'zod/mini';
import type { InstanceState } from '../../domain/instance.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { ignored } from '../arrived-event.ts';
import { arrival, envelope, sightedInstance } from '../envelope.ts';
import { objectOf, optionalText, requiredText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** An instance was in this state at some time; it may be in another by now. */
export interface InstanceStateChanged extends ArrivedEvent {
  readonly kind: 'instance-state-changed';
  readonly instanceId: string;
  readonly state: InstanceState;
}

const states: readonly InstanceState[] = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'];

/** `Shutting Down` and `shutting_down` are `shutting-down`. */
const toState = (text: string): InstanceState | undefined => {
  const written = text.toLowerCase().replace(/[\s_]+/g, '-');
  return states.find((state) => state === written);
};

const schema = z.pipe(
  envelope(objectOf({ 'instance-id': optionalText, state: requiredText('expected an instance state') })),
  z.transform((event, complaints) => {
    const instanceId = sightedInstance(event, event.detail['instance-id'], ['detail', 'instance-id'], complaints);
    const state = toState(event.detail.state);
    if (state === undefined) return ignored('InstanceStateUnknown', event.detail.state);
    return { kind: 'instance-state-changed', ...arrival(event, complaints), instanceId, state } as const;
  }),
);

/**
 * Sent for every state of every instance; best effort.
 * @see Amazon EC2 user guide, "State change events for Amazon EC2 instances"
 * (AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html)
 */
export const instanceStateChange: EventParser<InstanceStateChanged> = {
  source: 'aws.ec2',
  detailType: 'EC2 Instance State-change Notification',
  parse: (raw) => parseWith(schema, raw),
};
