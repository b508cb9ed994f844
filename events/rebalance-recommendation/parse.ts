import * as z from 'zod/mini';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { arrival, envelope, sightedInstance } from '../envelope.ts';
import { objectOf, optionalText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** A spot instance is at a higher risk of being taken back; it may go on for days all the same. */
export interface RebalanceRecommendation extends ArrivedEvent {
  readonly kind: 'rebalance-recommendation';
  readonly instanceId: string;
}

const schema = z.pipe(
  envelope(objectOf({ 'instance-id': optionalText })),
  z.transform(
    (event, complaints): RebalanceRecommendation => ({
      kind: 'rebalance-recommendation',
      ...arrival(event, complaints),
      instanceId: sightedInstance(event, event.detail['instance-id'], ['detail', 'instance-id'], complaints),
    }),
  ),
);

/**
 * Best effort; may come together with the interruption notice.
 * @see Amazon EC2 user guide, "EC2 instance rebalance recommendations"
 * (AWSEC2/latest/UserGuide/rebalance-recommendations.html)
 */
export const rebalanceRecommendation: EventParser<RebalanceRecommendation> = {
  source: 'aws.ec2',
  detailType: 'EC2 Instance Rebalance Recommendation',
  parse: (raw) => parseWith(schema, raw),
};
