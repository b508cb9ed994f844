import * as z from 'zod/mini';
import { isCertificateArn, isRegion, parseArn } from '../arn.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { ignored } from '../arrived-event.ts';
import { envelope } from '../envelope.ts';
import { objectOf, optionalAccount, optionalText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** AWS Health says something of certificates: renewed, or to be acted on. */
export interface CertificatesInHealthEvent extends ArrivedEvent {
  readonly kind: 'certificates-in-health-event';
  /** Whose certificates they are, and where: not always where the event arrived. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Each once; empty when the event names none, and then any of the Region may be meant. */
  readonly certificateArns: readonly string[];
  /** The same for backup copies and further pages of one event. */
  readonly communicationId: string | undefined;
}

const entity = z.optional(z.unknown());

/** Entities come as objects with a value that may be an ARN; samples show numbers and flags as text, and lists left out. */
const entityValue = objectOf({ entityValue: optionalText });

const valuesOf = (entities: unknown): readonly string[] =>
  (Array.isArray(entities) ? entities : [entities]).flatMap((one) => {
    const result = entityValue.safeParse(one);
    return result.success && result.data.entityValue !== undefined ? [result.data.entityValue] : [];
  });

const detail = objectOf({
  service: optionalText,
  eventTypeCode: optionalText,
  // `global` for services that are everywhere.
  eventRegion: optionalText,
  affectedAccount: optionalAccount,
  communicationId: optionalText,
  affectedEntities: entity,
});

const schema = z.pipe(
  envelope(detail),
  z.transform((event) => {
    const { service, eventTypeCode, eventRegion, affectedAccount, communicationId, affectedEntities } = event.detail;
    if (service?.toUpperCase() !== 'ACM')
      return ignored('HealthServiceNotOurs', `${service ?? 'no service'}: ${eventTypeCode ?? 'no type'}`);
    const named = [...event.resources.map(({ text }) => text), ...valuesOf(affectedEntities)];
    const certificateArns = [...new Set(named.filter(isCertificateArn))];
    const saidRegion = eventRegion?.toLowerCase() ?? '';
    const [first] = certificateArns.flatMap((arn) => parseArn(arn) ?? []);
    return {
      kind: 'certificates-in-health-event',
      eventId: event.id,
      // The envelope names who was told and where, which for copies and organisations is somebody and somewhere else.
      account: affectedAccount ?? first?.account ?? event.account,
      region: isRegion(saidRegion) ? saidRegion : (first?.region ?? event.region),
      at: event.time,
      certificateArns,
      communicationId,
    } as const;
  }),
);

/**
 * Sent for certificates that AWS would renew, when it did or can't; best effort, in every Region, with copies in a second
 * one (facts 1.1).
 * @see AWS Health user guide, "Reference: AWS Health events Amazon EventBridge schema"
 * (health/latest/ug/aws-health-events-eventbridge-schema.html), and ACM user guide, "AWS health events"
 */
export const healthEvent: EventParser<CertificatesInHealthEvent> = {
  source: 'aws.health',
  detailType: 'AWS Health Event',
  parse: (raw) => parseWith(schema, raw),
};
