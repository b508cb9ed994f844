import type { Registration } from '../../domain/expiry/registration.ts';
import { toAsciiName } from '../names.ts';
import { isCalendarDay, isPlausibleEnd } from '../registration-dates.ts';

/**
 * `[Domain Name]                EXAMPLE.JP`, and for organisations (`co.jp` and the like) with a letter before it:
 * `a. [Domain Name]                EXAMPLE.CO.JP`.
 */
const FIELD = /^\s*(?:[a-z]\.\s*)?\[([^\]]+)\]\s*(.*?)\s*$/;

/** Labels in both languages: without `/e`, or where it is not heeded, they come in Japanese. */
const DOMAIN_NAME = ['Domain Name', 'ドメイン名'];
const PUNYCODE = ['Punycode'];
const EXPIRES_ON = ['Expires on', '有効期限'];
const STATE = ['Status', 'State', '状態'];
const LOCK = ['Lock Status', 'ロック状態'];

const MAXIMUM_STATUSES = 20;
const LONGEST_TEXT = 100;

/** Lines have some fifty characters; over plain TCP anybody may write longer ones, for the patterns here to choke on. */
const LONGEST_LINE = 500;

const linesIn = (text: string): readonly string[] => text.split(/\r?\n/).map((line) => line.slice(0, LONGEST_LINE));

type Fields = readonly (readonly [label: string, value: string])[];

const fieldsIn = (lines: readonly string[]): Fields =>
  lines.flatMap((line) => {
    const [, label, value] = FIELD.exec(line) ?? [];
    return label === undefined || value === undefined || value === '' ? [] : [[label.trim(), value] as const];
  });

const valuesOf = (fields: Fields, labels: readonly string[]): readonly string[] =>
  fields.flatMap(([label, value]) => (labels.includes(label) ? [value] : []));

/** The last second of a day in Japan, which JPRS means by a date. `undefined` for days that no calendar has. */
const endOfDay = (written: string): Date | undefined => {
  const [, year, month, day] = /^(\d{4})\/(\d\d)\/(\d\d)$/.exec(written) ?? [];
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  const date = new Date(`${year}-${month}-${day}T23:59:59+09:00`);
  return isPlausibleEnd(date) ? date : undefined;
};

/** General names: `[Expires on] 2027/03/31`. Organisations: `[State] Connected (2027/03/31)`. */
const writtenEnds = (fields: Fields): readonly string[] => [
  ...valuesOf(fields, EXPIRES_ON),
  ...valuesOf(fields, STATE).flatMap((state) => /\(([^)]*)\)\s*$/.exec(state)?.[1] ?? []),
];

const statusesIn = (fields: Fields): readonly string[] =>
  [...valuesOf(fields, STATE).map((state) => state.replace(/\s*\([^)]*\)\s*$/, '')), ...valuesOf(fields, LOCK)]
    .filter((status) => status !== '')
    .slice(0, MAXIMUM_STATUSES)
    .map((status) => status.slice(0, LONGEST_TEXT));

/**
 * What JPRS's WHOIS says of a `.jp` domain. Read defensively: its form is known from samples (facts, addenda).
 * @see JPRS, "JPドメイン名のライフサイクル" (states Active, To be suspended, Suspended; Connected, To be deleted, Deleted)
 */
export const toRegistration = (domain: string, text: string): Registration => {
  const lines = linesIn(text);
  const fields = fieldsIn(lines);
  const named = [...valuesOf(fields, DOMAIN_NAME), ...valuesOf(fields, PUNYCODE)].map(toAsciiName);
  // Only where no domain is named: a line of somebody's address may say anything.
  if (named.length === 0 && lines.some((line) => line.trimStart().startsWith('No match!!')))
    return { kind: 'not-registered', source: 'whois' };
  if (named.length === 0) return { kind: 'could-not-check', why: 'UnreadableAnswer' };
  if (!named.includes(domain)) return { kind: 'could-not-check', why: 'AnotherDomain' };
  const written = writtenEnds(fields);
  if (written.length === 0) return { kind: 'cannot-know', why: 'SourceGivesNoDate' };
  const dates = written.flatMap((date) => endOfDay(date) ?? []);
  if (dates.length < written.length) return { kind: 'could-not-check', why: 'UnreadableDate' };
  return {
    kind: 'registered',
    source: 'whois',
    expiresAt: new Date(Math.min(...dates.map((date) => date.getTime()))),
    registrar: undefined,
    renewsItself: undefined,
    statuses: statusesIn(fields),
  };
};
