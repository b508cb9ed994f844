import type { EventParser, Ignored } from './arrived-event.ts';
import type { CertificateSighted } from './certificate-event/parse.ts';
import { certificateEvents } from './certificate-event/parse.ts';
import type { CertificateRequested } from './certificate-request/parse.ts';
import { certificateRequest } from './certificate-request/parse.ts';
import type { CertificatesInHealthEvent } from './health-event/parse.ts';
import { healthEvent } from './health-event/parse.ts';
import { eventReader } from './parse-event.ts';

/** An event that names certificates to look at. */
export type ExpiryEvent = CertificateSighted | CertificateRequested | CertificatesInHealthEvent;

const parsers: readonly EventParser<ExpiryEvent>[] = [...certificateEvents, certificateRequest, healthEvent];

/**
 * What an event of ACM or AWS Health says, or why it is none of ours; read like every other event (`parseEvent`).
 * @throws {MalformedEventError} when it is no event, or lacks what acting on it needs
 */
export const parseExpiryEvent: (raw: unknown) => ExpiryEvent | Ignored = eventReader(parsers);
