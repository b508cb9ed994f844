import type { AwsCallError } from '../../aws/aws-call-error.ts';
import { destinationFor } from '../../domain/destination.ts';
import type { Announced } from '../../domain/expiry/announced.ts';
import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import { emailsWritten, evaluateCertificate, recordsToEnter } from '../../domain/expiry/evaluate.ts';
import type { CertificateGroup, NeedyCertificate } from '../../domain/expiry/grouping.ts';
import { groupCertificates } from '../../domain/expiry/grouping.ts';
import type { ReportedRecord } from '../../domain/expiry/report.ts';
import {
  certificateName,
  certificateSettledReport,
  certificatesReport,
  reportedCertificate,
  subjectOf,
} from '../../domain/expiry/reports.ts';
import type { CertificateStanding } from '../../domain/expiry/standing.ts';
import {
  announcedAfter,
  certificateEnding,
  certificateTelling,
  isNews,
  lastTold,
} from '../../domain/expiry/telling.ts';
import type { Report } from '../../domain/report.ts';
import { withButtons } from './buttons.ts';
import { keepFollowing, lookEverySeconds, waitsForSomebody } from './following.ts';
import { unasked } from './look-at-records.ts';
import { refusal, sideBySide } from './patience.ts';
import { isSaid } from './quiet.ts';
import type { Run } from './run.ts';
import { regionOfArn } from './subjects.ts';
import { usesOf } from './uses.ts';

/** Details that are asked for at once; ACM's reader keeps the pace. */
const CERTIFICATES_AT_ONCE = 8;

const USES_AT_ONCE = 8;

/** Certificates as a look shows them, and what became of telling. */
export interface CertificatesTold {
  readonly told: number;
  readonly settled: number;
  /** ARNs of whom news was left unsaid because time was over. */
  readonly left: readonly string[];
}

export const waitsForRecord = (standing: CertificateStanding): boolean =>
  (standing.kind === 'stuck' || standing.kind === 'pending-issuance') && standing.because === 'DnsRecord';

const isNeedy = (standing: CertificateStanding): standing is NeedyCertificate['standing'] =>
  standing.kind !== 'fine' && standing.kind !== 'renewing-by-itself';

const areRight = (certificate: Certificate, records: readonly ReportedRecord[]): boolean =>
  records.length > 0 &&
  records.length === recordsToEnter(certificate).length &&
  records.every(({ verdict }) => verdict === 'right');

/**
 * What a certificate needs of somebody.
 * @param records once it is known where they stand
 * @param isAsked somebody wants to hear of it also when all its records are in place
 */
const needOf = (
  { ports, announced }: Run,
  certificate: Certificate,
  { records, isAsked }: { readonly records?: readonly ReportedRecord[]; readonly isAsked: boolean },
): NeedyCertificate | undefined => {
  const now = ports.now();
  const standing = evaluateCertificate(certificate, now);
  if (!isNeedy(standing)) return undefined;
  const { thresholdsDays } = ports.settings;
  const areRecordsRight = records && waitsForRecord(standing) && !isAsked ? areRight(certificate, records) : undefined;
  const telling = certificateTelling(certificate, standing, { areRecordsRight, thresholdsDays, now });
  if (telling === undefined) return undefined;
  return {
    certificate,
    standing,
    telling,
    uses: [],
    records: waitsForRecord(standing) ? (records ?? recordsToEnter(certificate).map(unasked)) : [],
    emails: emailsWritten(certificate),
    destination: destinationFor(certificate.tags, ports.stage),
    announced: announced.get(subjectOf.certificate(certificate.arn)),
  };
};

/** A certificate that could not be read in detail. */
export interface DetailFailure {
  readonly arn: string;
  readonly error: AwsCallError;
}

/** Certificates in detail; those that are gone and those that could not be read stand apart. */
export const readDetails = async (
  { ports }: Run,
  arns: readonly string[],
): Promise<{
  readonly certificates: readonly Certificate[];
  readonly gone: readonly string[];
  readonly unread: readonly DetailFailure[];
}> => {
  const regionOf = regionOfArn(ports.stage);
  const looks = await sideBySide(arns, CERTIFICATES_AT_ONCE, async (arn) => {
    try {
      return { kind: 'read', arn, certificate: await ports.certificates(regionOf(arn)).readCertificate(arn) } as const;
    } catch (error) {
      return { kind: 'unread', arn, error: refusal(error) } as const;
    }
  });
  return {
    certificates: looks.flatMap((look) => (look.kind === 'read' ? (look.certificate ?? []) : [])),
    gone: looks.flatMap((look) => (look.kind === 'read' && look.certificate === undefined ? [look.arn] : [])),
    unread: looks.flatMap((look) => (look.kind === 'unread' ? [{ arn: look.arn, error: look.error }] : [])),
  };
};

/** Seconds from when its record was first seen to its issuance; of records that nobody saw before it, nothing. */
const secondsAfterRecord = (known: Announced, certificate: Certificate, how: string): number | undefined => {
  const { issuedAt } = certificate;
  if (how !== 'issued' || issuedAt === undefined || known.recordsSeenAt === undefined) return undefined;
  const seconds = Math.round((issuedAt.getTime() - Date.parse(known.recordsSeenAt)) / 1000);
  return seconds >= 0 ? seconds : undefined;
};

/** What is left to say of a certificate that is gone. */
const remains = (arn: string, region: string, name: string | undefined) => ({
  arn,
  region,
  commonName: name,
  names: [],
  notAfter: undefined,
});

/** Tells that a matter is over, and only then forgets it: whoever dies in between tells it again under the same key. */
const settle = async (
  run: Run,
  arn: string,
  certificate: Certificate | undefined,
  isReplaced: boolean,
): Promise<'settled' | 'open'> => {
  const { ports, announced } = run;
  const subject = subjectOf.certificate(arn);
  const known = announced.get(subject);
  if (known === undefined) return 'open';
  const standing: CertificateStanding =
    certificate === undefined ? { kind: 'fine' } : evaluateCertificate(certificate, ports.now());
  const ending = certificateEnding(known, certificate, { standing, isReplaced });
  if (ending.kind === 'open') return 'open';
  if (ending.kind === 'settled') {
    const { how } = ending;
    const uses = certificate === undefined ? [] : await usesOf(run.serving, certificate);
    const of = certificate ?? remains(arn, regionOfArn(ports.stage)(arn), known.name);
    await ports.reports.publish(
      certificateSettledReport(
        ports.stage,
        known,
        {
          certificate: reportedCertificate(of, uses),
          how,
          secondsAfterRecord: certificate && secondsAfterRecord(known, certificate, how),
        },
        ports.now(),
      ),
    );
    ports.log({ event: 'certificate-settled', arn, how });
  }
  await run.forget(subject);
  return ending.kind === 'settled' ? 'settled' : 'open';
};

/** Whether another certificate for the same first name has taken its place. */
const replacedAmong =
  (summaries: readonly CertificateSummary[]) =>
  ({ arn, commonName, notAfter }: Certificate): boolean =>
    commonName !== undefined &&
    summaries.some(
      (other) =>
        other.arn !== arn &&
        other.commonName === commonName &&
        other.isInUse === true &&
        (other.notAfter?.getTime() ?? 0) >= (notAfter?.getTime() ?? 0),
    );

/**
 * Whether a group is news: of what ends first, of a member nobody has heard of, or of one that now waits for something else.
 * That a member which ends later crosses a threshold of its own is no news while it stands in the message about the first.
 */
const isGroupNews = ({ members }: CertificateGroup, now: Date): boolean => {
  const [first] = members;
  return (
    isNews(first.announced, first.telling, now) ||
    members.some(
      ({ announced, telling }) =>
        announced === undefined || (lastTold(announced) !== telling.standing && isNews(announced, telling, now)),
    )
  );
};

/** Asks DNS and balancers what a message about these will say. Of records that are all in place, nothing is to be said. */
const lookCloser = async (
  run: Run,
  members: readonly NeedyCertificate[],
  isAsked: boolean,
): Promise<readonly NeedyCertificate[]> => {
  const closer = await sideBySide(members, USES_AT_ONCE, async ({ certificate, standing }) => {
    const records = waitsForRecord(standing) ? await run.records.look(recordsToEnter(certificate)) : [];
    await noteRecords(run, certificate, records);
    const need = needOf(run, certificate, { records, isAsked });
    return need && { ...need, uses: await usesOf(run.serving, certificate) };
  });
  return closer.flatMap((need) => need ?? []);
};

/** Writes down when all the records of an announced certificate were first seen in place; for "4 min after the record". */
export const noteRecords = async (
  run: Run,
  certificate: Certificate,
  records: readonly ReportedRecord[],
): Promise<void> => {
  const subject = subjectOf.certificate(certificate.arn);
  const known = run.announced.get(subject);
  if (known === undefined || !areRight(certificate, records)) return;
  if (known.recordsSeenAt === undefined)
    await run.announce(subject, { ...known, recordsSeenAt: run.ports.now().toISOString() });
};

const hasWaiting = ({ members }: CertificateGroup): boolean =>
  members.some(({ standing }) => waitsForSomebody(standing.kind));

const subjectsOf = ({ members }: CertificateGroup): readonly string[] =>
  members.map(({ certificate }) => subjectOf.certificate(certificate.arn));

const reportOfGroup = ({ ports }: Run, group: CertificateGroup, askedBy: string | undefined): Report => {
  const quietUntil = group.members.flatMap(({ announced }) => announced?.quietUntil ?? []).sort()[0];
  return certificatesReport(
    ports.stage,
    group,
    {
      // All of them, due or not: a run that died after it had remembered some must come to the same key.
      due: group.members,
      looksAgainEverySeconds: hasWaiting(group) ? lookEverySeconds(group.members, ports.now()) : undefined,
      again: askedBy ?? quietUntil ?? '',
    },
    ports.now(),
  );
};

/** Publishes, then remembers: whoever dies in between publishes again under the same key, which Slack gets once. */
const tellGroup = async (run: Run, group: CertificateGroup, askedBy: string | undefined): Promise<boolean> => {
  const { ports } = run;
  const now = ports.now();
  const report = reportOfGroup(run, group, askedBy);
  const subjects = subjectsOf(group);
  if (askedBy === undefined && !(await isSaid(run, report, subjects))) return false;
  if (hasWaiting(group)) await keepFollowing(run, group.members);
  await ports.reports.publish(await withButtons(run, report, subjects));
  const { matter, destination } = group;
  for (const { certificate, telling } of group.members) {
    const subject = subjectOf.certificate(certificate.arn);
    const after = announcedAfter(run.announced.get(subject), telling, { matter, destination }, now);
    await run.announce(subject, { ...after, name: certificateName(certificate) });
  }
  ports.log({
    event: 'certificates-told',
    matter,
    standing: group.members[0].telling.standing,
    certificates: group.members.length,
  });
  return true;
};

/** How a look is taken beyond what a survey does. */
export interface LookOptions {
  /** Whoever asked hears what is found, also when it is nothing new. */
  readonly askedBy?: string | undefined;
  /** What the lists of certificates said, where they were read. */
  readonly summaries?: readonly CertificateSummary[];
  /** Others that may wait for the same record; asked for only when there is news of one that waits. */
  readonly readSiblings?: () => Promise<readonly Certificate[]>;
}

/** What is to be told of these, and what was told before. */
const sortOut = (run: Run, certificates: readonly Certificate[], askedBy: string | undefined) => {
  const isAsked = askedBy !== undefined;
  const groups = groupCertificates(certificates.flatMap((certificate) => needOf(run, certificate, { isAsked }) ?? []));
  const isToBeTold = (group: CertificateGroup): boolean => isAsked || isGroupNews(group, run.ports.now());
  return { news: groups.filter(isToBeTold), known: groups.filter((group) => !isToBeTold(group)) };
};

/** Notes which of the known matters somebody has snoozed, so that they are said again when the snooze is over. */
const noteSnoozed = async (run: Run, known: readonly CertificateGroup[]): Promise<void> => {
  for (const group of known) {
    if (run.patience.isOver()) return;
    await isSaid(run, reportOfGroup(run, group, undefined), subjectsOf(group));
  }
};

/** How a certificate that needs nobody any more came to that, as far as it shows. */
const howMended = ({ type, renewal }: Certificate): 'issued' | 'renewed' | 're-imported' => {
  if (type === 'IMPORTED') return 're-imported';
  return renewal === undefined ? 'issued' : 'renewed';
};

/** Whoever asks about a matter that ended before hears its ending once more: a press is answered. */
const answerAsked = async (run: Run, certificates: readonly Certificate[], askedBy: string): Promise<void> => {
  const { ports } = run;
  const now = ports.now();
  for (const certificate of certificates) {
    const subject = subjectOf.certificate(certificate.arn);
    if (run.announced.has(subject) || evaluateCertificate(certificate, now).kind !== 'fine') continue;
    const ended: Announced = {
      thresholdDays: undefined,
      standing: '',
      endsAt: undefined,
      // What tells this ending from the one that was told before.
      announcedAt: askedBy,
      matter: subject,
      destination: destinationFor(certificate.tags, ports.stage),
      recordsSeenAt: undefined,
      quietUntil: undefined,
    };
    const shown = reportedCertificate(certificate, await usesOf(run.serving, certificate));
    const how = howMended(certificate);
    await ports.reports.publish(
      certificateSettledReport(ports.stage, ended, { certificate: shown, how, secondsAfterRecord: undefined }, now),
    );
  }
};

/** Ends what has ended, then tells what is news of these certificates, those that wait for one record in one message. */
export const takeStock = async (
  run: Run,
  { certificates, gone }: { readonly certificates: readonly Certificate[]; readonly gone: readonly string[] },
  { askedBy, summaries = [], readSiblings }: LookOptions = {},
): Promise<CertificatesTold> => {
  const isReplaced = replacedAmong(summaries);
  let settled = 0;
  for (const arn of gone) if ((await settle(run, arn, undefined, false)) === 'settled') settled += 1;
  const open: Certificate[] = [];
  for (const certificate of certificates)
    if ((await settle(run, certificate.arn, certificate, isReplaced(certificate))) === 'settled') settled += 1;
    else open.push(certificate);
  let { news, known } = sortOut(run, open, askedBy);
  if (
    readSiblings !== undefined &&
    news.some(({ members }) => members.some(({ standing }) => waitsForRecord(standing)))
  )
    ({ news, known } = sortOut(run, [...open, ...(await readSiblings())], askedBy));
  await noteSnoozed(run, known);
  if (askedBy !== undefined) await answerAsked(run, open, askedBy);
  let told = 0;
  const left: string[] = [];
  for (const [index, group] of news.entries()) {
    // One at the least, so that the work that is handed on grows less.
    if (index > 0 && run.patience.isOver()) {
      left.push(...group.members.map(({ certificate }) => certificate.arn));
      continue;
    }
    const closer = groupCertificates(await lookCloser(run, group.members, askedBy !== undefined));
    for (const each of closer)
      if ((askedBy !== undefined || isGroupNews(each, run.ports.now())) && (await tellGroup(run, each, askedBy)))
        told += 1;
  }
  return { told, settled, left };
};
