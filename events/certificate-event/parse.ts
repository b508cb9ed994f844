import * as z from 'zod/mini';
import { isCertificateArn } from '../arn.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { arrival, envelope } from '../envelope.ts';
import { complain } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** What ACM says has happened to a certificate. */
export type CertificateOccasion =
  | 'approaching-expiration'
  | 'expired'
  | 'renewal-action-required'
  | 'available'
  | 'revoked'
  | 'rotated';

/** A certificate to look at. What the event says of its days, uses and reasons is left alone: it is read afresh. */
export interface CertificateSighted extends ArrivedEvent {
  readonly kind: 'certificate-sighted';
  readonly certificateArn: string;
  readonly occasion: CertificateOccasion;
}

/** `detail` grew over the years and differs by type; nothing in it is needed, and nothing in it can spoil the event. */
const envelopeAlone = envelope(z.optional(z.unknown()));

const schema = z.pipe(
  envelopeAlone,
  z.transform((event, complaints) => {
    const [certificateArn, another] = new Set(event.resources.map(({ text }) => text).filter(isCertificateArn));
    if (certificateArn === undefined || another !== undefined)
      return complain(complaints, 'expected the ARN of one certificate', ['resources']);
    return { ...arrival(event, complaints), certificateArn };
  }),
);

const parserOf = (detailType: string, occasion: CertificateOccasion): EventParser<CertificateSighted> => ({
  source: 'aws.acm',
  detailType,
  parse: (raw) => ({ kind: 'certificate-sighted', ...parseWith(schema, raw), occasion }),
});

/**
 * Everything ACM publishes of certificates; best effort. Of imported ones only that their end comes near (facts 1.5).
 * @see ACM user guide, "Amazon EventBridge support for ACM" (acm/latest/userguide/supported-events.html); that there is
 * `ACM Certificate Rotated` says the EventBridge reference alone (eventbridge/latest/ref/events-ref-acm.html)
 */
export const certificateEvents: readonly EventParser<CertificateSighted>[] = [
  parserOf('ACM Certificate Approaching Expiration', 'approaching-expiration'),
  parserOf('ACM Certificate Expired', 'expired'),
  parserOf('ACM Certificate Renewal Action Required', 'renewal-action-required'),
  parserOf('ACM Certificate Available', 'available'),
  parserOf('ACM Certificate Revoked', 'revoked'),
  parserOf('ACM Certificate Rotated', 'rotated'),
];
