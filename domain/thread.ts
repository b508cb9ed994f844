import type { ExpiryReportBody } from './expiry/report.ts';
import type { Severity } from './finding.ts';
import type { AskedBy, Report, ReportBody, ReportedTarget } from './report.ts';

/** A conversation about one matter at one destination, under the message that began it. */
export interface Thread {
  /** Where the first message is: the channel's id, and Slack's number of the message in it. */
  readonly channel: string;
  readonly ts: string;
  /** The first message as it was posted, in JSON, so that its ending can be written on top of it. */
  readonly head: string;
  /** The worst that was said so far. */
  readonly severity: Severity;
  /** What it still waits to hear the end of; empty once it has ended. */
  readonly open: readonly string[];
  /** After this moment it is another story. */
  readonly openUntil: Date;
}

/** Where a report goes when its destination can thread. */
export type Placement =
  /** A message of its own that begins nothing. */
  | { readonly kind: 'alone' }
  /** A message of its own, under which the matter goes on. */
  | { readonly kind: 'head'; readonly open: readonly string[] }
  | {
      readonly kind: 'reply';
      readonly thread: Thread;
      /** Also shown in the channel, because it is news to people who do not follow the thread. */
      readonly isShownInChannel: boolean;
      readonly open: readonly string[];
      /** The last word: the thread is closed, and its first message says so. */
      readonly isEnding: boolean;
    };

/**
 * What a report does to its matter: `alone` has nothing to do with threads; `tells` opens one or goes on with it, waiting
 * for the end of `subjects`; `ends` is their end; `adds` is a word more about it.
 */
type Role =
  | { readonly kind: 'alone' }
  | { readonly kind: 'tells'; readonly subjects: readonly string[]; readonly isNews: boolean }
  | { readonly kind: 'ends'; readonly subjects: readonly string[] }
  /** Adds to what was said, even after its end; by itself where nothing was said. */
  | { readonly kind: 'adds' };

/** A thread nobody has spoken in for a day is over, as when an instance was terminated before it got well. */
const QUIET_HOURS = 24;

/** An expiry is spoken of weeks before, and its ending belongs below the first word: longer than any two thresholds are apart. */
const QUIET_HOURS_OF_EXPIRIES = 100 * 24;

const EXPIRIES: ReadonlySet<ReportBody['kind']> = new Set<ExpiryReportBody['kind']>([
  'certificates-need-action',
  'certificate-settled',
  'served-certificate-wrong',
  'served-certificate-right',
  'domain-needs-action',
  'domain-settled',
]);

/** Most subjects that are kept: a whole fleet out of service is one story, not a longer list. */
const MOST_SUBJECTS = 200;

const SEVERITIES: readonly Severity[] = ['information', 'warning', 'critical'];

const isWorse = (one: Severity, other: Severity): boolean => SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other);

/** Without a port behind a Classic balancer, where it has none. */
const targetSubject = ({ instanceId, name, port }: ReportedTarget): string =>
  port === undefined ? (instanceId ?? name) : `${instanceId ?? name}:${port}`;

/** Invalidations of one distribution are one matter; who asked tells them apart. */
const askerSubject = (asker: AskedBy): string =>
  asker.kind === 'person' ? `person ${asker.userId}` : `pipeline ${asker.source} ${asker.idempotencyKey}`;

/** The table of docs/slack.md, "Threads". */
const roleOf = ({ body, matter }: Report): Role => {
  switch (body.kind) {
    case 'targets-not-in-service':
      return { kind: 'tells', subjects: body.targets.map(targetSubject), isNews: false };
    case 'targets-in-service':
      return { kind: 'ends', subjects: body.targets.map(targetSubject) };
    case 'held-by-others':
      return {
        kind: 'tells',
        subjects: [
          ...body.targets.map(targetSubject),
          ...body.rules.map(({ securityGroup, ruleId }) => `${securityGroup.id} ${ruleId ?? ''}`),
        ],
        isNews: !body.isFollowUp,
      };
    case 'invalidation-queued':
      return { kind: 'tells', subjects: [askerSubject(body.askedBy)], isNews: false };
    case 'invalidation-still-running':
      return { kind: 'tells', subjects: body.askedBy.map(askerSubject), isNews: true };
    case 'invalidation-completed':
      return { kind: 'ends', subjects: body.askedBy.map(askerSubject) };
    case 'invalidation-failed':
      return { kind: 'ends', subjects: [askerSubject(body.askedBy)] };
    case 'certificates-need-action':
      return { kind: 'tells', subjects: body.certificates.map(({ arn }) => arn), isNews: true };
    case 'certificate-settled':
      return { kind: 'ends', subjects: [body.certificate.arn] };
    case 'served-certificate-wrong':
      return { kind: 'tells', subjects: [`${body.host}:${body.port}`], isNews: true };
    case 'served-certificate-right':
      return { kind: 'ends', subjects: [`${body.host}:${body.port}`] };
    case 'domain-needs-action':
      // Said once and never settled: there is nothing to wait for.
      return body.finding === 'cannot-know'
        ? { kind: 'alone' }
        : { kind: 'tells', subjects: [body.domain], isNews: true };
    case 'domain-settled':
      return { kind: 'ends', subjects: [body.domain] };
    // One matter is one story, whichever of its alarms tell it.
    case 'alarm-explained':
      return { kind: 'tells', subjects: [matter], isNews: body.timesRaised > 1 };
    case 'alarm-recovered':
      return { kind: 'ends', subjects: [matter] };
    case 'rules-closed':
      return { kind: 'tells', subjects: body.rules.map(({ ruleId }) => ruleId), isNews: true };
    case 'closing-ended':
      return { kind: 'ends', subjects: [body.rule.ruleId] };
    case 'change-told':
      return { kind: 'adds' };
    case 'targets-not-registered':
    case 'targets-taken-out':
    case 'targets-not-taken-out':
    case 'sweep-ended':
    case 'weekly-status':
    case 'closing-proposed':
    case 'companion-proposed':
    case 'companion-detached':
    case 'companion-not-removed':
    case 'configuration-findings':
    case 'order-answered':
    // Months early, and looked at anew each month.
    case 'validation-records-missing':
    // Its buttons must not go with the end of another invalidation.
    case 'confirmation-wanted':
    case 'alarms-offered':
    case 'alarms-changed':
      return { kind: 'alone' };
  }
};

const isOpen = (thread: Thread | undefined, now: Date): thread is Thread =>
  thread !== undefined && thread.open.length > 0 && now.getTime() < thread.openUntil.getTime();

const together = (one: readonly string[], other: readonly string[]): readonly string[] =>
  [...new Set([...one, ...other])].slice(0, MOST_SUBJECTS);

/** A word more in the thread of its matter, ended or not, for those who follow it. */
const addition = (thread: Thread | undefined, now: Date): Placement =>
  thread === undefined || now.getTime() >= thread.openUntil.getTime()
    ? { kind: 'alone' }
    : { kind: 'reply', thread, isShownInChannel: false, open: thread.open, isEnding: false };

/** Where a report goes, given what its destination last heard of the matter. */
export const placeReport = (report: Report, thread: Thread | undefined, now: Date): Placement => {
  const role = roleOf(report);
  if (role.kind === 'alone') return role;
  if (role.kind === 'adds') return addition(thread, now);
  if (!isOpen(thread, now))
    return role.kind === 'tells' ? { kind: 'head', open: together(role.subjects, []) } : { kind: 'alone' };
  if (role.kind === 'tells') {
    const isNew = role.subjects.some((subject) => !thread.open.includes(subject));
    return {
      kind: 'reply',
      thread,
      isShownInChannel: role.isNews || isNew || isWorse(report.severity, thread.severity),
      open: together(thread.open, role.subjects),
      isEnding: false,
    };
  }
  const left = thread.open.filter((subject) => !role.subjects.includes(subject));
  // The end of something that this thread never spoke of is another story.
  if (left.length === thread.open.length) return { kind: 'alone' };
  return { kind: 'reply', thread, isShownInChannel: left.length === 0, open: left, isEnding: left.length === 0 };
};

const openUntil = ({ body }: Report, now: Date): Date =>
  new Date(now.getTime() + (EXPIRIES.has(body.kind) ? QUIET_HOURS_OF_EXPIRIES : QUIET_HOURS) * 3_600_000);

/** The thread that a first message begins. */
export const threadFrom = (
  report: Report,
  open: readonly string[],
  posted: { readonly channel: string; readonly ts: string; readonly head: string },
  now: Date,
): Thread => ({ ...posted, severity: report.severity, open, openUntil: openUntil(report, now) });

/** The thread after a reply. */
export const threadAfter = (report: Report, { thread, open }: Placement & { kind: 'reply' }, now: Date): Thread => ({
  ...thread,
  severity: isWorse(report.severity, thread.severity) ? report.severity : thread.severity,
  open,
  openUntil: openUntil(report, now),
});
