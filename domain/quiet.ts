import { compareText } from './difference.ts';
import { standingText } from './expiry/standing.ts';
import type { Report, TargetsNotRegistered, TargetsNotTakenOut } from './report.ts';
import { identityOf, shortDigest } from './report-frame.ts';

/** How long a matter is muted by a press. */
export const MUTE_SECONDS = 3_600;

/** How long a matter is snoozed by a press: a week. */
export const SNOOZE_SECONDS = 7 * 86_400;

/** How long an expiry is snoozed by a press: its end comes nearer all the while. */
export const EXPIRY_SNOOZE_SECONDS = 3 * 86_400;

/** Why some are not registered, or not taken out; a hold is one target's own, and no word about others'. */
const causesOf = ({ targets }: TargetsNotRegistered | TargetsNotTakenOut): readonly string[] =>
  targets.flatMap(({ name, instanceId, findings }) =>
    findings.map(({ reason, evidence }) => {
      const because = evidence['because'] ?? '';
      return `${reason}|${because}|${because === 'Held' ? (instanceId ?? name) : ''}`;
    }),
  );

/**
 * The matter under which a report may be left unsaid once somebody wants to hear nothing of it; `undefined` for what is said
 * all the same: what is critical, an ending, a question, the answer to an order. While a target is muted that is word that
 * it still is not well, with more to come. While something is snoozed that is the same mistake in the same tags, or the same
 * causes why instances are not registered in the same group, or not taken out; another mistake or cause is another matter.
 * An alarm is muted as bad as it was: its story may come again as often as it likes, and is told once it is worse.
 */
export const quietMatterOf = ({
  severity,
  matter,
  body,
  buttons = [],
}: Pick<Report, 'severity' | 'matter' | 'body' | 'buttons'>): string | undefined => {
  if (body.kind === 'alarm-explained') return `${matter}|${body.kind}|${severity}`;
  if (severity === 'critical' || buttons.some(({ verb }) => verb === 'approve')) return undefined;
  switch (body.kind) {
    case 'targets-not-in-service':
      return body.looksAgainEverySeconds === undefined ? undefined : matter;
    case 'configuration-findings':
      return `${matter}|${body.kind}|${shortDigest(identityOf(body.findings))}`;
    case 'targets-not-registered':
    case 'targets-not-taken-out':
      return `${matter}|${body.kind}|${shortDigest([...new Set(causesOf(body))].sort(compareText).join('||'))}`;
    // The cause is part of it: somebody who waits for a mail has not said anything about a CAA record.
    case 'certificates-need-action':
      return `${matter}|${body.kind}|${standingText(body.standing)}`;
    case 'served-certificate-wrong':
    case 'domain-needs-action':
      return `${matter}|${body.kind}|${body.finding}`;
    case 'validation-records-missing':
      return `${matter}|${body.kind}`;
    default:
      return undefined;
  }
};
