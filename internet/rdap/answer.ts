import type { Registration } from '../../domain/expiry/registration.ts';
import type { Json } from '../json.ts';
import { listIn, objectIn, textIn } from '../json.ts';
import { toAsciiName } from '../names.ts';
import { isCalendarDay, isPlausibleEnd } from '../registration-dates.ts';

/** Enough for every status there is; more is not to be kept or shown. */
const MAXIMUM_STATUSES = 20;
const LONGEST_TEXT = 100;

/** @see RFC 3339, section 5.6; some registries leave out the zone, which is then UTC, or the time */
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:?\d\d)?)?$/;

const toDate = (written: string): Date | undefined => {
  const [, year, month, day, time = '00:00', zone = 'Z'] = TIMESTAMP.exec(written.trim()) ?? [];
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  const date = new Date(`${year}-${month}-${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(date.getTime()) || !isPlausibleEnd(date) ? undefined : date;
};

/** The end the registry keeps; what the registrar keeps may differ, and is not what takes the domain out of DNS. */
const expirationsIn = (answer: Json): readonly string[] =>
  listIn(answer['events'])
    .map(objectIn)
    .filter(({ eventAction }) => textIn(eventAction)?.toLowerCase() === 'expiration')
    .flatMap(({ eventDate }) => textIn(eventDate) ?? []);

/** The name in a jCard: `["vcard", [["fn", {}, "text", "Example Registrar"], …]]`. @see RFC 7095 */
const cardName = (entity: Json): string | undefined =>
  listIn(listIn(entity['vcardArray'])[1])
    .map(listIn)
    .filter(([property]) => property === 'fn')
    .flatMap(([, , , value]) => textIn(value) ?? [])
    .find((name) => name.trim() !== '');

const registrarIn = (answer: Json): string | undefined => {
  const registrar = listIn(answer['entities'])
    .map(objectIn)
    .find(({ roles }) => listIn(roles).includes('registrar'));
  return registrar === undefined
    ? undefined
    : (cardName(registrar) ?? textIn(registrar['handle']))?.trim().slice(0, LONGEST_TEXT);
};

const statusesIn = (answer: Json): readonly string[] =>
  listIn(answer['status'])
    .flatMap((status) => textIn(status) ?? [])
    .slice(0, MAXIMUM_STATUSES)
    .map((status) => status.slice(0, LONGEST_TEXT));

/**
 * What an RDAP answer says of a domain.
 * @see RFC 9083, sections 4.5 (events), 5.1 (entities) and 5.3 (domains)
 */
export const toRegistration = (domain: string, value: unknown): Registration => {
  const answer = objectIn(value);
  if (answer['objectClassName'] !== 'domain') return { kind: 'could-not-check', why: 'UnreadableAnswer' };
  const name = textIn(answer['ldhName']) ?? textIn(answer['unicodeName']);
  if (name !== undefined && toAsciiName(name) !== domain) return { kind: 'could-not-check', why: 'AnotherDomain' };
  const written = expirationsIn(answer);
  if (written.length === 0) return { kind: 'cannot-know', why: 'SourceGivesNoDate' };
  const dates = written.flatMap((text) => toDate(text) ?? []);
  if (dates.length < written.length) return { kind: 'could-not-check', why: 'UnreadableDate' };
  return {
    kind: 'registered',
    source: 'rdap',
    // Of several, the first: a day too early is a word too many, a day too late is a domain lost.
    expiresAt: new Date(Math.min(...dates.map((date) => date.getTime()))),
    registrar: registrarIn(answer),
    renewsItself: undefined,
    statuses: statusesIn(answer),
  };
};
