import * as z from 'zod/mini';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { arrival, envelope, sightedInstance } from '../envelope.ts';
import { objectOf, optionalText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** AWS takes a spot instance back in two minutes: by stopping, hibernating or terminating it. */
export interface SpotInterruption extends ArrivedEvent {
  readonly kind: 'spot-interruption';
  readonly instanceId: string;
}

const schema = z.pipe(
  envelope(objectOf({ 'instance-id': optionalText })),
  z.transform(
    (event, complaints): SpotInterruption => ({
      kind: 'spot-interruption',
      ...arrival(event, complaints),
      instanceId: sightedInstance(event, event.detail['instance-id'], ['detail', 'instance-id'], complaints),
    }),
  ),
);

/**
 * Sent two minutes before, best effort. The ARN in its `resources` names a zone and no account, and is no ARN to us.
 * @see Amazon EC2 user guide, "Spot Instance interruption notices"
 * (AWSEC2/latest/UserGuide/spot-instance-termination-notices.html)
 */
export const spotInterruption: EventParser<SpotInterruption> = {
  source: 'aws.ec2',
  detailType: 'EC2 Spot Instance Interruption Warning',
  parse: (raw) => parseWith(schema, raw),
};
