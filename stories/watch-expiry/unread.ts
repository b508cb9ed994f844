import type { AwsCallError } from '../../aws/aws-call-error.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { ReportedCertificate } from '../../domain/expiry/report.ts';
import { reportedCertificate, subjectOf } from '../../domain/expiry/reports.ts';
import type { Telling } from '../../domain/expiry/telling.ts';
import { announcedAfter, isNews } from '../../domain/expiry/telling.ts';
import { reportOf } from '../../domain/report-frame.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { isPassing, MAXIMUM_ATTEMPTS, SECONDS_BETWEEN_ATTEMPTS } from './patience.ts';
import type { DetailFailure } from './read-details.ts';
import type { Run } from './run.ts';
import { regionOfArn } from './subjects.ts';

/** What could not be read of a Region: its list of certificates, or some of them in detail. */
export type UnreadPart = 'list' | 'details';

const subjectFor = (region: string, part: UnreadPart): string => `region|${region}|${part}`;

/** Not "no certificates", and not "fine": somebody is told once that nothing is known. */
const TELLING: Telling = {
  standing: 'could-not-check',
  endsAt: undefined,
  daysLeft: undefined,
  thresholdDays: undefined,
  severity: 'warning',
};

/** Stands for the certificates that a list would have named. */
const allOf = (region: string): ReportedCertificate => ({
  arn: `acm:${region}`,
  region,
  name: region,
  otherNames: 0,
  notAfter: undefined,
  uses: [],
});

export const whyUnread = ({ service, action, code }: AwsCallError): string => `${service} ${action}: ${code}`;

/** Tells once that certificates of a Region can't be looked at; it is over when they can. */
export const tellUnread = async (
  run: Run,
  region: string,
  part: UnreadPart,
  { why, certificates = [] }: { readonly why: string; readonly certificates?: readonly ReportedCertificate[] },
): Promise<void> => {
  const { ports, announced } = run;
  const subject = subjectFor(region, part);
  const known = announced.get(subject);
  const now = ports.now();
  if (!isNews(known, TELLING, now)) return;
  const about = { matter: subject, destination: firstDestination(ports.stage) };
  await ports.reports.publish(
    reportOf(
      ports.stage,
      // Of every time that it begins, once: a day is long enough for a run that died to come again.
      { ...about, severity: TELLING.severity, identity: `${part} ${now.toISOString().slice(0, 'YYYY-MM-DD'.length)}` },
      {
        kind: 'certificates-need-action',
        certificates: certificates.length > 0 ? certificates : [allOf(region)],
        standing: { kind: 'could-not-check', why },
        daysLeft: undefined,
        records: [],
        emails: [],
        thresholdDays: undefined,
        looksAgainEverySeconds: undefined,
      },
      now,
    ),
  );
  await run.announce(subject, announcedAfter(known, TELLING, about, now));
  ports.log({ event: 'certificates-unread', region, part, why });
};

/** They can be read again. */
export const endUnread = (run: Run, region: string, part: UnreadPart): Promise<void> =>
  run.forget(subjectFor(region, part));

/** Details that failed in passing are asked for again later; of those that are refused somebody is told, once a Region. */
export const tellOfUnreadDetails = async (
  run: Run,
  unread: readonly DetailFailure[],
  { attempt, askedBy }: { readonly attempt: number; readonly askedBy?: string | undefined },
): Promise<void> => {
  const again = unread.filter(({ error }) => isPassing(error) && attempt + 1 < MAXIMUM_ATTEMPTS);
  if (again.length > 0) {
    const subjects = again.map(({ arn }) => subjectOf.certificate(arn));
    const asked = askedBy === undefined ? {} : { askedBy };
    const message = { kind: 'expiry-look', subjects, attempt: attempt + 1, ...asked } as const;
    await run.ports.expiryQueue.sendLater(serializeExpiryMessage(message), SECONDS_BETWEEN_ATTEMPTS);
  }
  const refused = Map.groupBy(
    unread.filter((failure) => !again.includes(failure)),
    ({ arn }) => regionOfArn(run.ports.stage)(arn),
  );
  for (const [region, failures] of refused) {
    const certificates = failures.map(({ arn }) =>
      reportedCertificate({ arn, region, commonName: undefined, names: [], notAfter: undefined }, []),
    );
    const [first] = failures;
    if (first !== undefined) await tellUnread(run, region, 'details', { why: whyUnread(first.error), certificates });
  }
};
