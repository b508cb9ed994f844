import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import type { CertificateGroup } from '../../domain/expiry/grouping.ts';
import { groupCertificates } from '../../domain/expiry/grouping.ts';
import { certificateName, certificatesReport, subjectOf } from '../../domain/expiry/reports.ts';
import { announcedAfter, isNews, lastTold } from '../../domain/expiry/telling.ts';
import type { Report } from '../../domain/report.ts';
import { withButtons } from './buttons.ts';
import { keepFollowing, lookEverySeconds, waitsForSomebody } from './following.ts';
import { lookCloser, needOf, waitsForRecord } from './needs.ts';
import { isSaid } from './quiet.ts';
import type { Run } from './run.ts';
import { answerAsked, settleAll } from './settle.ts';

/** Certificates as a look shows them, and what became of telling. */
export interface CertificatesTold {
  readonly told: number;
  readonly settled: number;
  /** ARNs of whom news was left unsaid because time was over. */
  readonly left: readonly string[];
}

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

/** What is news among these, with others that wait for the same record. */
const newsAmong = async (
  run: Run,
  open: readonly Certificate[],
  { askedBy, readSiblings }: LookOptions,
): Promise<readonly CertificateGroup[]> => {
  const alone = sortOut(run, open, askedBy);
  const hasRecords = alone.news.some(({ members }) => members.some(({ standing }) => waitsForRecord(standing)));
  const { news, known } =
    readSiblings === undefined || !hasRecords ? alone : sortOut(run, [...open, ...(await readSiblings())], askedBy);
  await noteSnoozed(run, known);
  return news;
};

/** Tells groups until time is over, one at the least, so that the work that is handed on grows less. */
const tellNews = async (
  run: Run,
  news: readonly CertificateGroup[],
  askedBy: string | undefined,
): Promise<{ readonly told: number; readonly left: readonly string[] }> => {
  let told = 0;
  for (const [index, group] of news.entries()) {
    if (index > 0 && run.patience.isOver())
      return {
        told,
        left: news.slice(index).flatMap(({ members }) => members.map(({ certificate }) => certificate.arn)),
      };
    // What a closer look shows may part them, or leave nothing to tell.
    for (const each of groupCertificates(await lookCloser(run, group.members, askedBy !== undefined)))
      if ((askedBy !== undefined || isGroupNews(each, run.ports.now())) && (await tellGroup(run, each, askedBy)))
        told += 1;
  }
  return { told, left: [] };
};

/** Ends what has ended, then tells what is news of these certificates, those that wait for one record in one message. */
export const takeStock = async (
  run: Run,
  seen: { readonly certificates: readonly Certificate[]; readonly gone: readonly string[] },
  options: LookOptions = {},
): Promise<CertificatesTold> => {
  const { askedBy, summaries = [] } = options;
  const { open, settled } = await settleAll(run, seen, summaries);
  if (askedBy !== undefined) await answerAsked(run, open, askedBy);
  const { told, left } = await tellNews(run, await newsAmong(run, open, options), askedBy);
  return { told, settled, left };
};
