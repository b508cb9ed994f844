import { destinationFor } from '../../domain/destination.ts';
import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import { daysAfter } from '../../domain/expiry/days-left.ts';
import { needsDetail, RENEWAL_BEGINS_DAYS, validationRecords } from '../../domain/expiry/evaluate.ts';
import type { ReportedRecord } from '../../domain/expiry/report.ts';
import { recordsMissingReport, reportedCertificate } from '../../domain/expiry/reports.ts';
import { shortDigest } from '../../domain/report-frame.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { withSnooze } from '../snooze.ts';
import { alone } from './alone.ts';
import { readLists } from './lists.ts';
import type { ExpiryPorts } from './ports.ts';
import { isSaid } from './quiet.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { usesOf } from './uses.ts';

type Checking = Extract<ExpiryMessage, { readonly kind: 'expiry-records' }>;

/** What a check of validation records came to. */
export interface RecordsOutcome {
  readonly outcome: 'busy' | 'goes-on' | 'done';
  readonly looked?: number;
  readonly missing?: number;
}

/** Every certificate is checked once in so many days, a part of them each day. */
const DAYS_IN_A_ROUND = 28;

const CERTIFICATES_IN_ONE_RUN = 40;
const CERTIFICATES_IN_ONE_STEP = 10;

const MILLISECONDS_PER_DAY = 86_400_000;

const isOfTheDay = ({ arn }: CertificateSummary, now: Date): boolean =>
  Number.parseInt(shortDigest(arn).slice(0, 8), 16) % DAYS_IN_A_ROUND ===
  Math.floor(now.getTime() / MILLISECONDS_PER_DAY) % DAYS_IN_A_ROUND;

/** In use, of AWS's own, and so far from its end that nothing else looks at its records. */
const isToBeChecked = (summary: CertificateSummary, farthestDays: number, now: Date): boolean =>
  summary.type === 'AMAZON_ISSUED' &&
  summary.status === 'ISSUED' &&
  summary.isInUse === true &&
  !needsDetail(summary, farthestDays, now) &&
  isOfTheDay(summary, now);

/** Found not to be there; where nobody answered, nothing is known. */
const isMissing = ({ verdict }: ReportedRecord): boolean => verdict !== 'right' && verdict !== 'could-not-ask';

interface Lacking {
  readonly certificate: Certificate;
  readonly records: readonly ReportedRecord[];
}

const check = async (run: Run, certificates: readonly Certificate[]): Promise<readonly Lacking[]> => {
  const checked: Lacking[] = [];
  for (const certificate of certificates) {
    if (isTagTrue(certificate.tags, USHER_TAG.ignore)) continue;
    const records = (await run.records.look(validationRecords(certificate))).filter(isMissing);
    if (records.length > 0) checked.push({ certificate, records });
  }
  return checked;
};

const neededBy = (lacking: readonly Lacking[]): Date | undefined => {
  const ends = lacking.flatMap(({ certificate }) => certificate.notAfter?.getTime() ?? []);
  return ends.length === 0 ? undefined : daysAfter(new Date(Math.min(...ends)), -RENEWAL_BEGINS_DAYS);
};

/** One message for each destination: the same hands enter all of them. */
const tell = async (run: Run, lacking: readonly Lacking[]): Promise<void> => {
  const { ports } = run;
  const byDestination = Map.groupBy(lacking, ({ certificate }) => destinationFor(certificate.tags, ports.stage));
  for (const [destination, some] of byDestination) {
    const certificates = await Promise.all(
      some.map(async ({ certificate }) => reportedCertificate(certificate, await usesOf(run.serving, certificate))),
    );
    const records = [
      ...new Map(
        some.flatMap((one) => one.records).map((record) => [`${record.name} ${record.value}`.toLowerCase(), record]),
      ).values(),
    ];
    const report = recordsMissingReport(
      ports.stage,
      destination,
      { certificates, records, neededBy: neededBy(some) },
      ports.now(),
    );
    if (await isSaid(run, report, [])) await ports.reports.publish(await withSnooze(ports, report));
  }
};

const checkPart = async (ports: ExpiryPorts, { after = '' }: Checking): Promise<RecordsOutcome> => {
  const run = await beginRun(ports);
  const { summaries } = await readLists(ports, ports.settings.regions);
  const farthest = Math.max(...ports.settings.thresholdsDays);
  const todo = summaries
    .filter((summary) => isToBeChecked(summary, farthest, ports.now()) && summary.arn > after)
    .sort((one, other) => (one.arn < other.arn ? -1 : 1));
  const lacking: Lacking[] = [];
  let next = 0;
  while (next < Math.min(todo.length, CERTIFICATES_IN_ONE_RUN) && (next === 0 || !run.patience.isOver())) {
    const step = todo.slice(next, next + CERTIFICATES_IN_ONE_STEP);
    const { certificates, unbegun } = await readDetails(
      run,
      step.map(({ arn }) => arn),
    );
    lacking.push(...(await check(run, certificates)));
    next += step.length - unbegun.length;
  }
  await tell(run, lacking);
  const figures = { looked: next, missing: lacking.length };
  const last = todo[next - 1];
  if (next >= todo.length || last === undefined) return { outcome: 'done', ...figures };
  await ports.expiryQueue.sendLater(serializeExpiryMessage({ kind: 'expiry-records', after: last.arn }), 0);
  return { outcome: 'goes-on', ...figures };
};

/**
 * Whether the validation records of certificates in use are still in DNS, months before a renewal needs them. What can't be
 * read today is checked in the next round.
 */
export const checkValidationRecords =
  (ports: ExpiryPorts) =>
  (message: Checking): Promise<RecordsOutcome> =>
    alone(ports, message, () => checkPart(ports, message));
