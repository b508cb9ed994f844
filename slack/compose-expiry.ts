import type { ExpiryReportBody, ReportedRecord } from '../domain/expiry/report.ts';
import type { Severity } from '../domain/finding.ts';
import type { ExpiryCatalogue, ExpirySurroundings, ExpiryWords } from './catalogue/expiry.ts';
import { isOpen } from './catalogue/expiry.ts';
import type { Headline } from './catalogue/invalidations.ts';
import type { Phrase } from './phrase.ts';
import { block } from './phrase.ts';

/** So many records fit into a message that is still read. */
const RECORDS_SHOWN = 5;
/** Longer than the name of any type of record. */
const RECORD_TYPE_LIMIT = 16;
/** Most domain names are shorter. */
const WHOLE_NAME = 64;
/** Days before an end from which on people may be called. */
const CALLED_FROM_DAYS = 3;

const withDot = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

/** A record as it is entered, and as it can be sent on to whoever keeps the DNS. */
const recordBlock = ({ relativeName, name, type, value }: ReportedRecord, { record }: ExpiryCatalogue): Phrase => [
  block([
    { before: record.host, value: relativeName },
    { before: record.type, value: type, limit: RECORD_TYPE_LIMIT },
    { before: record.value, value: withDot(value) },
    { before: record.fullName, value: name },
  ]),
];

const recordLines = (
  records: readonly ReportedRecord[],
  catalogue: ExpiryCatalogue,
  more: (count: number) => Phrase,
): readonly Phrase[] => {
  const open = records.filter(isOpen);
  const left = open.length - RECORDS_SHOWN;
  return [
    ...open.slice(0, RECORDS_SHOWN).map((record) => recordBlock(record, catalogue)),
    ...(left > 0 ? [more(left)] : []),
  ];
};

interface Spoken {
  readonly emoji: string;
  readonly headline: (nameLimit: number) => Headline;
  readonly lines: readonly Phrase[];
  readonly ids: readonly string[];
  readonly hurtsVisitors: boolean;
}

const OK = 'white_check_mark';

const emojiOf = (severity: Severity): string => {
  switch (severity) {
    case 'information':
      return 'information_source';
    case 'warning':
      return 'warning';
    case 'critical':
      return 'rotating_light';
  }
};

const isNear = (daysLeft: number | undefined): boolean => daysLeft !== undefined && daysLeft <= CALLED_FROM_DAYS;

/** Whether visitors are hurt now, or will be within three days. */
const hurts = (body: ExpiryReportBody): boolean => {
  switch (body.kind) {
    case 'certificates-need-action': {
      const { standing, certificates, daysLeft } = body;
      if (standing.kind === 'expired' || standing.kind === 'revoked') return standing.isInUse;
      return (
        (standing.kind === 'stuck' || standing.kind === 'wont-renew') &&
        certificates.some(({ uses }) => uses.length > 0) &&
        isNear(daysLeft)
      );
    }
    case 'served-certificate-wrong':
      return (
        ['expired', 'name-mismatch', 'incomplete-chain', 'untrusted'].includes(body.finding) ||
        (body.finding === 'expiring' && isNear(body.daysLeft))
      );
    case 'domain-needs-action':
      return (
        ['expired', 'on-hold', 'not-registered'].includes(body.finding) ||
        (body.finding !== 'cannot-know' && isNear(body.daysLeft))
      );
    default:
      return false;
  }
};

/**
 * Line 1 in so much room. A domain's name says which, so it is cut last: first the weekday goes, then the cause, which the
 * lines below say too. An ending has nothing to leave out.
 */
const fitted = <Body extends ExpiryReportBody>(
  words: ExpiryWords<Body>,
  body: Body,
  around: ExpirySurroundings,
  limit: number,
): Headline => {
  const { times } = around;
  if (body.kind === 'certificate-settled' || body.kind === 'served-certificate-right' || body.kind === 'domain-settled')
    return words.headline(body, around, limit >= 48 ? WHOLE_NAME : limit);
  if (limit >= 48) return words.headline(body, around, WHOLE_NAME);
  const briefly = { ...around, times: { ...times, day: times.date } };
  if (limit >= 32) return words.headline(body, briefly, WHOLE_NAME);
  const { strong } = words.headline(body, briefly, limit >= 24 ? WHOLE_NAME : limit * 2);
  return { strong, rest: [] };
};

/**
 * A report about certificates and domains in the words of one language: who is concerned, the next step with the records to
 * enter, how it is known, and what happens by itself.
 */
export const composeExpiry = (
  body: ExpiryReportBody,
  severity: Severity,
  catalogue: ExpiryCatalogue,
  around: ExpirySurroundings,
  more: (count: number) => Phrase,
): Spoken => {
  const spoken = <Body extends ExpiryReportBody>(
    emoji: string,
    of: Body,
    words: ExpiryWords<Body>,
    records: readonly ReportedRecord[] = [],
    ids: readonly string[] = [],
  ): Spoken => ({
    emoji,
    headline: (limit) => fitted(words, of, around, limit),
    lines: [
      words.effect(of, around),
      words.next(of, around),
      ...recordLines(records, catalogue, more),
      words.evidence(of, around),
      words.closing(of, around),
    ].filter((line) => line.length > 0),
    ids,
    hurtsVisitors: hurts(of),
  });
  switch (body.kind) {
    case 'certificates-need-action':
      return spoken(emojiOf(severity), body, catalogue.needAction, body.records);
    case 'certificate-settled':
      return spoken(OK, body, catalogue.settled);
    case 'validation-records-missing':
      return spoken(emojiOf(severity), body, catalogue.recordsMissing, body.records);
    case 'served-certificate-wrong':
      return spoken(emojiOf(severity), body, catalogue.servedWrong);
    case 'served-certificate-right':
      return spoken(OK, body, catalogue.servedRight);
    case 'domain-needs-action':
      return spoken(emojiOf(severity), body, catalogue.domain);
    case 'domain-settled':
      return spoken(OK, body, catalogue.domainSettled);
  }
};
