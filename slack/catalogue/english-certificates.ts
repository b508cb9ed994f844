import type { CertificateUse } from '../../domain/expiry/certificate.ts';
import type { CertificatesNeedAction, ReportedCertificate, ReportedRecord } from '../../domain/expiry/report.ts';
import type { StuckBecause, WontRenewBecause } from '../../domain/expiry/standing.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import {
  and,
  inDays,
  NAMES_SHOWN,
  NO_LINE,
  NOTHING_TO_DO,
  next,
  plural,
  since,
  told,
} from './english-expiry-phrases.ts';
import type { ExpiryCatalogue, ExpirySurroundings } from './expiry.ts';
import {
  firstNames,
  goesOnByItself,
  importCommand,
  isOpen,
  isWholeRegion,
  isWhollyUnused,
  recordsMatter,
  stuckOn,
} from './expiry.ts';

const USES_SHOWN = 3;

const MAILBOXES_SHOWN = 5;

const WHOLE_NAME = 64;

const KIND: Readonly<Record<CertificateUse['kind'], string>> = {
  cloudfront: 'CloudFront',
  alb: 'ALB',
  nlb: 'NLB',
  classic: 'Classic Load Balancer',
  'api-gateway': 'API Gateway',
  other: 'AWS',
};

/** `CloudFront E1ABC (us-east-1)`, `ALB web-alb :443 (Tokyo)`. */
const use = (
  { kind, name, id, region, port }: CertificateUse,
  certificate: string,
  around: ExpirySurroundings,
): Phrase => {
  if (kind !== 'cloudfront')
    return say`${words(KIND[kind])} ${outside(name)}${words(port === undefined ? '' : ` :${port}`)} (${outside(around.place(region))})`;
  return say`${words(KIND[kind])} ${name === certificate || name === id ? [] : say`${outside(name)} `}${code(id)} (${outside(region)})`;
};

const usesOf = (certificates: readonly ReportedCertificate[], around: ExpirySurroundings): Phrase => {
  const all = certificates.flatMap(({ name, uses }) => uses.map((each) => use(each, name, around)));
  return and(all.slice(0, USES_SHOWN), all.length - USES_SHOWN);
};

/** `www.example.co.jp`, `www.example.co.jp and 2 more` where the certificates are of different names. */
const subject = (certificates: readonly ReportedCertificate[], limit: number): Phrase => {
  const [first = '', ...others] = firstNames(certificates);
  return say`${outside(first, limit)}${words(others.length > 0 ? ` and ${others.length} more` : '')}`;
};

const otherNames = ({ otherNames: count }: ReportedCertificate): Phrase =>
  count === 0 ? [] : [words(` It also covers ${plural(count, 'one more name', 'more names')}.`)];

const effectOf = ({ certificates, standing, records }: CertificatesNeedAction, around: ExpirySurroundings): Phrase => {
  const [first] = certificates;
  if (first === undefined) return [];
  const where = usesOf(certificates, around);
  if (standing.kind === 'could-not-check')
    return say`Visitors: not known. That it could not be read says nothing about it.`;
  if (certificates.length > 1) {
    const matter = recordsMatter(standing)
      ? `wait for the same ${records.length === 1 ? 'record' : 'records'}`
      : 'are in the same state';
    return say`${certificates.length} certificates ${words(matter)}: ${
      isWhollyUnused(certificates)
        ? and(
            certificates
              .slice(0, NAMES_SHOWN)
              .map(({ name, region }) => say`${outside(name)} (${outside(around.place(region))})`),
            certificates.length - NAMES_SHOWN,
          )
        : where
    }.`;
  }
  const used = isWhollyUnused(certificates) ? [] : say` Used by ${where}.`;
  switch (standing.kind) {
    case 'pending-issuance':
    case 'failed':
      return say`Visitors: nothing changes for them.${used}${otherNames(first)}`;
    case 'expired':
      if (standing.isInUse) return say`Visitors: affected. Browsers show a warning instead of the site.${used}`;
      break;
    case 'revoked':
      if (standing.isInUse) return say`Visitors: likely affected. Browsers that ask about revocation refuse it.${used}`;
      break;
  }
  return isWhollyUnused(certificates)
    ? say`Visitors: not affected. No service of AWS’s is seen to use it.${otherNames(first)}`
    : say`Used by ${where}.${otherNames(first)}`;
};

const STUCK: Readonly<Record<Exclude<StuckBecause, 'DnsRecord'>, string>> = {
  Email: 'AWS’s mail waits for an answer',
  Caa: 'a CAA record forbids it',
  NoContacts: 'AWS finds no mailbox to write to',
  DomainNotAllowed: 'AWS doesn’t allow the name',
  InvalidDomain: 'a name in it is no public one',
  Denied: 'the validation was denied',
  MoreVerification: 'AWS wants to know more',
  PrivateAuthority: 'the private CA doesn’t issue it',
  AwsReason: 'AWS can’t go on',
};

const recordShort = (records: readonly ReportedRecord[]): string => {
  const open = records.filter(isOpen);
  const [first] = open.length > 0 ? open : records;
  switch (first?.verdict) {
    case undefined:
      return 'its DNS record is not known yet';
    case 'right':
      return 'AWS hasn’t looked yet';
    case 'missing':
      return open.length === 1 ? 'a DNS record is missing' : `${open.length} DNS records are missing or wrong`;
    case 'wrong-value':
      return open.length === 1 ? 'a DNS record has a wrong value' : `${open.length} DNS records are missing or wrong`;
    case 'zone-not-asked':
      return 'its DNS zone isn’t asked';
    case 'could-not-ask':
      return 'DNS could not be asked';
  }
};

const WONT_RENEW: Readonly<Record<WontRenewBecause, string>> = {
  Imported: 'imported, so AWS doesn’t renew it',
  Unused: 'unused, so not renewed',
  NotEligible: 'AWS can’t renew it',
  Acme: 'its ACME client hasn’t renewed it',
};

const shortOf = ({ standing, records }: CertificatesNeedAction): string => {
  switch (standing.kind) {
    case 'stuck':
    case 'pending-issuance':
      return standing.because === 'DnsRecord' ? recordShort(records) : STUCK[standing.because];
    case 'wont-renew':
      return WONT_RENEW[standing.because];
    case 'failed':
      return standing.because === 'TimedOut' ? 'nobody validated it within 72 hours' : 'AWS refused it';
    case 'expired':
      return standing.isInUse ? 'its certificate has ended' : 'nothing uses it';
    case 'revoked':
      return standing.isInUse ? 'its certificate was revoked' : 'nothing uses it';
    case 'could-not-check':
      return 'the end is not known';
  }
};

/** What could not be checked: a whole Region, several certificates of one, or one certificate. */
const unread = (certificates: readonly ReportedCertificate[], around: ExpirySurroundings, limit: number): Phrase => {
  const [first] = certificates;
  const region = outside(around.place(first?.region ?? ''), limit);
  if (certificates.length > 1) return say`${region}: ${certificates.length} certificates could not be checked`;
  return isWholeRegion(certificates)
    ? say`${region}: certificates could not be checked`
    : say`${outside(first?.name ?? '', limit)}: the certificate could not be checked`;
};

const headlineOf = (body: CertificatesNeedAction, around: ExpirySurroundings, limit: number) => {
  const { certificates, standing, daysLeft } = body;
  const [first] = certificates;
  const name = subject(certificates, limit);
  const rest = say` – ${words(shortOf(body))}`;
  switch (standing.kind) {
    case 'stuck':
    case 'wont-renew': {
      const what = isWhollyUnused(certificates) ? 'the certificate ends' : 'HTTPS stops';
      return { strong: say`${name}: ${words(what)}${inDays(daysLeft, first?.notAfter, around)}`, rest };
    }
    case 'expired':
      return standing.isInUse
        ? { strong: say`${name}: HTTPS has failed${since(first?.notAfter, around)}`, rest }
        : {
            strong: say`${name}: certificate ended${first?.notAfter === undefined ? [] : say` ${words(around.times.day(first.notAfter))}`}`,
            rest,
          };
    case 'revoked':
      return { strong: say`${name}: ${words(standing.isInUse ? 'HTTPS may fail' : 'certificate revoked')}`, rest };
    case 'pending-issuance':
      return { strong: say`${name}: certificate not issued yet`, rest };
    case 'failed':
      return { strong: say`${name}: no certificate was issued`, rest };
    case 'could-not-check':
      return { strong: unread(certificates, around, limit), rest };
  }
};

const zoneOf = (records: readonly ReportedRecord[]): Phrase => {
  const zones = [...new Set(records.map(({ zone }) => zone))];
  const [zone] = zones;
  return zones.length === 1 && zone !== undefined ? say` (zone ${outside(zone)})` : [];
};

const recordStep = (records: readonly ReportedRecord[]): Phrase => {
  const open = records.filter(isOpen);
  const [first] = open;
  if (records.length === 0)
    return say`${strong(say`Next:`)} nothing yet. AWS names the record within a minute; it is told here.`;
  if (first === undefined)
    return say`${strong(say`Next:`)} leave the record where it is; AWS looks again by itself, which can take hours.`;
  const what = open.length === 1 ? 'this CNAME' : `these ${open.length} CNAMEs`;
  const hosted = open.every(({ hostedZoneId }) => hostedZoneId === first.hostedZoneId) ? first.hostedZoneId : undefined;
  if (open.every(({ verdict }) => verdict === 'could-not-ask'))
    return say`${next(say`look whether ${words(open.length === 1 ? 'this CNAME is' : `these ${open.length} CNAMEs are`)} in DNS`)}${zoneOf(open)}`;
  if (first.verdict === 'zone-not-asked')
    return first.askedServer === undefined
      ? say`${next(say`delegate the domain to that zone’s name servers`)} at your registrar${zoneOf(open)}`
      : say`${next(say`add ${words(what)} where the domain is delegated to`)}${zoneOf(open)}`;
  const verb = open.every(({ verdict }) => verdict === 'wrong-value') ? 'correct' : 'add';
  if (hosted !== undefined)
    return say`${next(say`${words(verb)} ${words(what)} in Route 53`)} (hosted zone ${code(hosted)})`;
  return say`${next(say`${words(verb)} ${words(what)} at your DNS provider`)}${zoneOf(open)}`;
};

const BY_DNS = say` By DNS nobody has to: request it again with DNS validation when there is time.`;

const mailboxes = (emails: readonly string[]): Phrase =>
  emails.length === 0
    ? []
    : say` to ${and(
        emails.slice(0, MAILBOXES_SHOWN).map((each) => [code(each)]),
        emails.length - MAILBOXES_SHOWN,
      )}`;

const stuckStep = (because: StuckBecause, { records, emails, certificates }: CertificatesNeedAction): Phrase => {
  const name = certificates[0]?.name ?? '';
  switch (because) {
    case 'DnsRecord':
      return recordStep(records);
    case 'Email':
      return say`${next(say`follow the link in AWS’s mail`)}${mailboxes(emails)}.${BY_DNS}`;
    case 'Caa':
      return say`${next(say`allow Amazon in the CAA record of ${outside(name)}, or of the domain above it:`)} ${command('0 issue "amazon.com"')} (for a wildcard also ${command('0 issuewild "amazon.com"')}).`;
    case 'NoContacts':
      return say`${next(say`give the domain a mailbox such as`)} ${code(`admin@${name.replace(/^\*\./, '')}`)}, with an MX record.${BY_DNS}`;
    case 'DomainNotAllowed':
      return say`${next(say`ask AWS Support why it doesn’t allow the name`)}; it may be listed as unsafe (VirusTotal shows that).`;
    case 'InvalidDomain':
      return say`${next(say`request a certificate for public names only`)}; names without a public top-level domain need a private CA.`;
    case 'Denied':
      return say`${next(say`find out who denied it, then request it again with DNS validation`)}.`;
    case 'MoreVerification':
      return say`${next(say`answer AWS Support`)}; AWS wants to know more before it issues this name.`;
    case 'PrivateAuthority':
      return say`${next(say`look at the private CA in AWS Private CA`)}: is it active, shared with this account, within its limits?`;
    case 'AwsReason':
      return say`${next(say`open it in ACM and look at its status`)}.`;
  }
};

const renewalStep = (because: WontRenewBecause, certificate: ReportedCertificate): Phrase => {
  switch (because) {
    case 'Imported':
      return say`${next(say`import the new certificate over the same ARN; what uses it stays attached:`)}${importCommand(certificate)}`;
    case 'Unused':
      return say`${next(say`delete it, or attach it where it is wanted`)}; AWS renews only what is in use.`;
    case 'NotEligible':
      return say`${next(say`request a new one with DNS validation, and attach it in its place before then`)}.`;
    case 'Acme':
      return say`${next(say`look why the ACME client that asked for it doesn’t renew it`)}; AWS doesn’t.`;
  }
};

const stepOf = (body: CertificatesNeedAction): Phrase => {
  const { standing, certificates } = body;
  const [first] = certificates;
  if (first === undefined) return [];
  switch (standing.kind) {
    case 'stuck':
    case 'pending-issuance':
      return stuckStep(standing.because, body);
    case 'failed': {
      const because = stuckOn(standing.awsReason);
      if (standing.because === 'TimedOut')
        return say`${next(say`request it again with DNS validation, and enter its CNAME within 72 hours`)}.`;
      return because === undefined
        ? say`${next(say`remove the cause, then request it again with DNS validation`)}.`
        : say`${stuckStep(because, body)} Then request it again: a failed request can’t be taken up.`;
    }
    case 'wont-renew':
      return renewalStep(standing.because, first);
    case 'expired':
      return standing.isInUse
        ? say`${next(say`attach a valid certificate there now`)}; an imported one can be imported anew over the same ARN.`
        : say`${next(say`delete it`)}; it does nothing any more.`;
    case 'revoked':
      return standing.isInUse
        ? say`${next(say`attach another certificate there now`)}, and find out why this one was revoked.`
        : say`${next(say`delete it`)}; it can’t be used any more.`;
    case 'could-not-check':
      return say`${next(say`if the reason is a missing permission, give Usher’s role that read`)}.`;
  }
};

const RECORDS_TOLD = 3;

const answerOf = (record: ReportedRecord, around: ExpirySurroundings): Phrase => {
  const { verdict, foundValues, hostedZoneId, lastSeenAt } = record;
  const before = lastSeenAt === undefined ? [] : say` It was there on ${words(around.times.dayOfYear(lastSeenAt))}.`;
  switch (verdict) {
    case 'right':
      return say`the record is there.`;
    case 'missing':
      return say`no such record.${before}`;
    case 'wrong-value':
      return foundValues.length === 0
        ? say`another value.${before}`
        : say`${and(
            foundValues.slice(0, 2).map((value) => [code(value)]),
            foundValues.length - 2,
          )} instead.${before}`;
    case 'zone-not-asked':
      return say`${words(record.askedServer === undefined ? 'no answer' : 'no such record')}. It stands in ${hostedZoneId === undefined ? [words('a Route 53 zone')] : say`the Route 53 zone ${code(hostedZoneId)}`} of this account, but the domain is delegated elsewhere.`;
    case 'could-not-ask':
      return say`no answer, so whether the record is there is not known.${before}`;
  }
};

/** Whom the answers are of: one server by its name, several together. */
const askedServers = (records: readonly ReportedRecord[]): Phrase => {
  const [server, ...others] = new Set(records.map(({ askedServer }) => askedServer));
  if (others.length > 0) return say`the name servers`;
  return server === undefined ? say`DNS` : [outside(server, WHOLE_NAME)];
};

const asked = (records: readonly ReportedRecord[], around: ExpirySurroundings): Phrase => {
  const told = records.filter(isOpen);
  const all = told.length > 0 ? told : records;
  const [first] = all;
  if (first === undefined) return [];
  const server = askedServers(all);
  const at = words(around.times.clock(around.at));
  if (all.length === 1) return say`Asked ${server} at ${at}: ${answerOf(first, around)}`;
  const same = all.every(
    ({ verdict, lastSeenAt, foundValues }) =>
      verdict === first.verdict && lastSeenAt === first.lastSeenAt && foundValues.length === 0,
  );
  if (same) return say`Asked ${server} at ${at}, for each: ${answerOf(first, around)}`;
  return say`Asked ${server} at ${at}. ${joined(
    all.slice(0, RECORDS_TOLD).map((record) => say`${code(record.relativeName)}: ${answerOf(record, around)}`),
    ' ',
  )}${words(all.length > RECORDS_TOLD ? ` … and ${all.length - RECORDS_TOLD} more.` : '')}`;
};

const evidenceOf = (body: CertificatesNeedAction, around: ExpirySurroundings): Phrase => {
  const { standing, records } = body;
  switch (standing.kind) {
    case 'stuck':
      return standing.because === 'DnsRecord' || standing.awsReason === undefined
        ? asked(records, around)
        : say`AWS’s reason: ${code(standing.awsReason)}.`;
    case 'pending-issuance':
      return asked(records, around);
    case 'failed':
      return standing.awsReason === undefined ? [] : say`AWS’s reason: ${code(standing.awsReason)}.`;
    case 'could-not-check':
      return say`Cause: ${told(standing.why)}`;
    default:
      return [];
  }
};

const every = (seconds: number | undefined): string => {
  if (seconds === undefined) return 'I look every day';
  if (seconds < 5_400)
    return seconds < 2_700 ? `I look every ${Math.max(1, Math.round(seconds / 60))} minutes` : 'I check every hour';
  const hours = Math.round(seconds / 3_600);
  return hours >= 24 ? 'I look every day' : `I look every ${hours} hours`;
};

/** What follows once somebody has done the step, where AWS then goes on by itself. */
const afterwards = ({ standing, records }: CertificatesNeedAction): Phrase => {
  if (standing.kind !== 'stuck' && standing.kind !== 'pending-issuance') return [];
  if (!goesOnByItself(standing.because) || (standing.because === 'DnsRecord' && records.length === 0)) return [];
  const then = standing.because === 'DnsRecord' && !records.some(isOpen) ? 'Nothing more to do' : 'Then nothing more';
  if (standing.kind === 'stuck') return say`${words(then)}: AWS renews by itself. `;
  return standing.because === 'DnsRecord'
    ? say`${words(then)}: AWS issues it by itself, and needs the record for every renewal. `
    : say`${words(then)}: AWS issues it by itself. `;
};

const closingOf = (body: CertificatesNeedAction): Phrase => {
  const { standing, looksAgainEverySeconds } = body;
  return (standing.kind === 'expired' || standing.kind === 'revoked') && !standing.isInUse
    ? say`Nothing was changed. This is said once.`
    : say`${afterwards(body)}${words(every(looksAgainEverySeconds))} and tell you here. Nothing was changed.`;
};

const afterRecord = (seconds: number | undefined): Phrase => {
  if (seconds === undefined) return [];
  const minutes = Math.round(seconds / 60);
  return [
    words(
      minutes < 1 ? ' Less than a minute after the record appeared.' : ` ${minutes} min after the record appeared.`,
    ),
  ];
};

/** What Usher says in English about certificates in ACM. */
export const ENGLISH_CERTIFICATES: Pick<ExpiryCatalogue, 'needAction' | 'settled' | 'recordsMissing'> = {
  needAction: {
    headline: headlineOf,
    effect: effectOf,
    next: stepOf,
    evidence: evidenceOf,
    closing: closingOf,
  },
  settled: {
    headline: ({ certificate, how, secondsAfterRecord }, { times }, limit) => {
      const name = outside(certificate.name, limit);
      const end = certificate.notAfter === undefined ? [] : say` New end: ${words(times.date(certificate.notAfter))}.`;
      switch (how) {
        case 'renewed':
          return { strong: say`${name}: renewed in ACM.`, rest: say`${end}${NOTHING_TO_DO}` };
        case 're-imported':
          return { strong: say`${name}: a new certificate was imported.`, rest: say`${end}${NOTHING_TO_DO}` };
        case 'issued':
          return {
            strong: say`${name}: certificate issued.`,
            rest: say`${afterRecord(secondsAfterRecord)}${certificate.uses.length === 0 ? [] : NOTHING_TO_DO}`,
          };
        case 'replaced':
          return { strong: say`${name}: another certificate took its place.`, rest: NOTHING_TO_DO };
        case 'deleted':
          return { strong: say`${name}: the certificate was deleted.`, rest: NOTHING_TO_DO };
        case 'no-longer-used':
          return { strong: say`${name}: nothing uses the certificate any more.`, rest: NOTHING_TO_DO };
      }
    },
    effect: () => NO_LINE,
    next: ({ how, certificate }) =>
      how === 'issued' && certificate.uses.length === 0
        ? say`${next(say`attach it where it is to be served`)}; unused certificates are not renewed.`
        : NO_LINE,
    evidence: () => NO_LINE,
    closing: () => NO_LINE,
  },
  recordsMissing: {
    headline: ({ certificates, records }, _, limit) => ({
      strong: say`${subject(certificates, limit)}: ${words(plural(records.length, 'a DNS record is missing', 'DNS records are missing'))}`,
      rest: say` – the next renewal needs ${words(records.length === 1 ? 'it' : 'them')}`,
    }),
    effect: ({ certificates, neededBy }, around) =>
      say`Visitors: not affected now. ${words(neededBy === undefined ? 'The next renewal would stop' : `AWS renews from ${around.times.date(neededBy)} on, and would stop`)} at: ${isWhollyUnused(certificates) ? subject(certificates, WHOLE_NAME) : usesOf(certificates, around)}.`,
    next: ({ records }) => recordStep(records),
    evidence: ({ records }, around) => asked(records, around),
    closing: () => say`I look once a month. Nothing was changed.`,
  },
};
