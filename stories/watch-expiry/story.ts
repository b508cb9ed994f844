import type { ExpiryMessage } from '../../events/expiry-message.ts';
import type { ExpiryEvent } from '../../events/parse-expiry-event.ts';
import { surveyDomains } from './domains.ts';
import { tellOfElsewhere } from './elsewhere.ts';
import { surveyEndpoints } from './endpoints.ts';
import { followWaiting } from './follow.ts';
import { lookAtSubjects } from './look.ts';
import type { ExpiryPorts } from './ports.ts';
import { beginSurvey, surveyCertificates } from './survey.ts';
import { messagesOf } from './take-event.ts';
import { checkValidationRecords } from './validation-records.ts';

/** What a message came to, for the log. */
export interface WatchOutcome {
  readonly outcome: string;
  readonly looked?: number;
  readonly told?: number;
  readonly settled?: number;
  readonly missing?: number;
}

const carryOut = (ports: ExpiryPorts, message: ExpiryMessage): Promise<WatchOutcome> => {
  switch (message.kind) {
    case 'expiry-survey':
      return beginSurvey(ports)();
    case 'expiry-certificates':
      return surveyCertificates(ports)(message);
    case 'expiry-records':
      return checkValidationRecords(ports)(message);
    case 'expiry-endpoints':
      return surveyEndpoints(ports)(message);
    case 'expiry-domains':
      return surveyDomains(ports)(message);
    case 'expiry-look':
      return lookAtSubjects(ports)(message);
    case 'expiry-elsewhere':
      return tellOfElsewhere(ports)(message);
    case 'expiry-follow':
      return followWaiting(ports)(message);
  }
};

/** A record of all kinds, so that one that is added and not named here does not compile. */
const EVENTS: Readonly<Record<ExpiryEvent['kind'], true>> = {
  'certificate-sighted': true,
  'certificate-requested': true,
  'certificates-in-health-event': true,
};

const isEvent = (message: ExpiryMessage | ExpiryEvent): message is ExpiryEvent => Object.hasOwn(EVENTS, message.kind);

/**
 * The watch over certificates and domains: what one message of its queue asks for, be it an event, the day's survey or a note
 * of its own. A message may take most of a minute, runs alone, and says by further messages what is left; so they are given
 * to it one at a time. Killed anywhere and begun again, it comes to the same end, and nobody hears anything twice.
 * @throws whatever a read or write failed with that no later message can make good
 */
export const watchExpiry =
  (ports: ExpiryPorts) =>
  async (message: ExpiryMessage | ExpiryEvent): Promise<WatchOutcome> => {
    if (!isEvent(message)) return carryOut(ports, message);
    const messages = messagesOf(ports, message);
    if (messages.length === 0) return { outcome: 'account-not-trusted' };
    let outcome: WatchOutcome = { outcome: 'nothing' };
    for (const each of messages) outcome = await carryOut(ports, each);
    return outcome;
  };
