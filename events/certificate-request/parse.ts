import * as z from 'zod/mini';
import { isCertificateArn } from '../arn.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { ignored } from '../arrived-event.ts';
import { arrival, envelope } from '../envelope.ts';
import { complain, objectOf, optionalText, requiredText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** Somebody requested a certificate: its validation is to be helped along from the first minute. */
export interface CertificateRequested extends ArrivedEvent {
  readonly kind: 'certificate-requested';
  readonly certificateArn: string;
}

const answer = z.catch(z.optional(z.nullable(objectOf({ certificateArn: optionalText }))), undefined);

const schema = z.pipe(
  envelope(
    objectOf({
      eventName: requiredText('expected the name of the call'),
      errorCode: optionalText,
      responseElements: answer,
    }),
  ),
  z.transform((event, complaints) => {
    const { eventName, errorCode, responseElements } = event.detail;
    if (eventName !== 'RequestCertificate') return ignored('CallNotOurs', `ACM ${eventName}`);
    if (errorCode !== undefined) return ignored('CallFailed', `ACM ${eventName}: ${errorCode}`);
    const certificateArn = responseElements?.certificateArn;
    if (certificateArn === undefined || !isCertificateArn(certificateArn))
      return complain(complaints, 'expected the ARN of a certificate', [
        'detail',
        'responseElements',
        'certificateArn',
      ]);
    return { kind: 'certificate-requested', ...arrival(event, complaints), certificateArn } as const;
  }),
);

/**
 * ACM has no event of its own for a request. Comes only where a trail of the account records management events; best effort:
 * the daily survey finds requests all the same.
 * @see ACM user guide, "Logging ACM API calls" (acm/latest/userguide/cloudtrail.html), which shows the record of the call
 */
export const certificateRequest: EventParser<CertificateRequested> = {
  source: 'aws.acm',
  detailType: 'AWS API Call via CloudTrail',
  parse: (raw) => parseWith(schema, raw),
};
