import { destinationFor } from '../destination.ts';
import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { Named, Report, ReportedTarget } from '../report.ts';
import { identityOf, reportOf } from '../report-frame.ts';
import type { Stage } from '../stage.ts';
import type { Tags } from '../tags.ts';
import { namedGroup, reportedTarget } from './matter.ts';
import type { TagFinding } from './placements.ts';
import type { Unseatable } from './seats.ts';

/** Someone who was to be registered and wasn't, or to be taken out and wasn't. */
export interface NotRegistered {
  readonly targetGroup: Named;
  readonly destination: string;
  readonly target: ReportedTarget;
  readonly findings: readonly Finding[];
  /** Distinguishes one occasion from another; equal occasions are told once. */
  readonly occasion: string;
}

/** One report per group for all of one kind. */
const reportsPerGroup = (
  kind: 'targets-not-registered' | 'targets-not-taken-out',
  items: readonly NotRegistered[],
  stage: Stage,
  now: Date,
): readonly Report[] =>
  [...Map.groupBy(items, ({ targetGroup }) => targetGroup.id).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const identity = group.map(
      ({ target, findings, occasion }) => `${target.instanceId ?? target.name}|${occasion}|${identityOf(findings)}`,
    );
    return [
      reportOf(
        stage,
        {
          destination: first.destination,
          matter: first.targetGroup.id,
          severity: 'warning',
          identity: identity.sort(compareText).join('||'),
        },
        {
          kind,
          targetGroup: first.targetGroup,
          targets: group.map(({ target, findings }) => ({ ...target, findings })),
        },
        now,
      ),
    ];
  });

/** One report per group for all that could not be registered in it. */
export const notRegisteredReports = (items: readonly NotRegistered[], stage: Stage, now: Date): readonly Report[] =>
  reportsPerGroup('targets-not-registered', items, stage, now);

/** One report per group for all that could not be taken out of it. */
export const notTakenOutReports = (items: readonly NotRegistered[], stage: Stage, now: Date): readonly Report[] =>
  reportsPerGroup('targets-not-taken-out', items, stage, now);

/** The day of a moment, in UTC: what was mended and broken again is said again, but the same thing not all day long. */
const dayOf = (moment: string): string => moment.slice(0, 10);

/** Placements that can't be carried out, as something to tell. An instance started anew is a new occasion, and so is a new day. */
export const unseatableItems = (unseatable: readonly Unseatable[], stage: Stage, now: Date): readonly NotRegistered[] =>
  unseatable.map(({ targetGroup, instance, port, findings }) => ({
    targetGroup: namedGroup(targetGroup),
    destination: destinationFor(targetGroup.tags, stage),
    target: reportedTarget(instance, port ?? targetGroup.port),
    findings,
    occasion: `${instance.launchedAt.toISOString()}|${dayOf(now.toISOString())}`,
  }));

/** Changes that AWS refused, as something to tell: once for each launch and day, however often they are tried. */
export const refusedItems = (entries: readonly LedgerEntry[]): readonly NotRegistered[] =>
  entries.flatMap(({ entryId, failure, matter, intendedAt }) =>
    matter.targets.map((target) => ({
      targetGroup: matter.targetGroup,
      destination: matter.destination,
      target,
      occasion: `${matter.occasion ?? entryId}|${dayOf(intendedAt)}`,
      findings: [refusal(failure)],
    })),
  );

const refusal = (failure: LedgerEntry['failure']): Finding => {
  const evidence = { code: failure?.code ?? '-', message: failure?.message ?? '-' };
  const isFull = failure?.code === 'TooManyTargets' || failure?.code === 'TooManyRegistrationsForTargetId';
  return { reason: isFull ? 'GroupFull' : 'RefusedByAws', severity: 'warning', evidence };
};

/** One report per resource whose tags can't mean what their writer meant; the same findings are told once a day. */
export const configurationReports = (
  findings: readonly TagFinding[],
  tagsOf: (subject: TagFinding['subject']) => Tags,
  stage: Stage,
  now: Date,
): readonly Report[] =>
  [...Map.groupBy(findings, ({ subject }) => subject.id).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const all = group.map(({ finding }) => finding);
    return [
      reportOf(
        stage,
        {
          destination: destinationFor(tagsOf(first.subject), stage),
          matter: first.subject.id,
          severity: 'warning',
          identity: `${identityOf(all)}|${dayOf(now.toISOString())}`,
        },
        { kind: 'configuration-findings', subject: first.subject, findings: all },
        now,
      ),
    ];
  });
