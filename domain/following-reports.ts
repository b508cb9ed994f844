import type { Finding } from './finding.ts';
import type { Decided, Decision } from './following.ts';
import { healthFinding } from './following.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Verdict } from './network/model.ts';
import type { GroupHealth, ImageDifference, Report, ReportedChange, WithoutHealthy } from './report.ts';
import { reportOf } from './report-frame.ts';
import type { Stage } from './stage.ts';
import type { HealthCheck } from './target-group.ts';
import { isUntold } from './telling.ts';

type InService = Decided & { readonly decision: Extract<Decision, { kind: 'in-service' }> };
type NotInService = Decided & { readonly decision: Extract<Decision, { kind: 'not-in-service' }> };

export const isInService = (decided: Decided): decided is InService => decided.decision.kind === 'in-service';
export const isNotInService = (decided: Decided): decided is NotInService => decided.decision.kind === 'not-in-service';

/** Of those not in service, who answers the health check and gets no traffic. */
export const isUnreached = ({ decision }: NotInService): boolean => decision.state === 'healthy';

/** Ledger entries of these targets, each once, in time order. */
export const entriesOf = (decided: readonly Decided[]): readonly LedgerEntry[] =>
  [
    ...new Map(decided.flatMap(({ followed }) => followed.entries).map((entry) => [entry.entryId, entry])).values(),
  ].sort((a, b) => (a.entryId < b.entryId ? -1 : 1));

/** What was changed, for the line that says so: rules one by one, registrations counted by port. */
export const reportedChanges = (entries: readonly LedgerEntry[]): readonly ReportedChange[] => {
  const rules = entries.flatMap(({ change, matter, ruleId }): readonly ReportedChange[] =>
    change.kind === 'authorize-rule' && matter.securityGroup !== undefined && matter.peer !== undefined
      ? [
          {
            kind: 'rule-added',
            securityGroup: matter.securityGroup,
            direction: change.direction,
            protocol: change.protocol,
            port: change.port,
            peer: matter.peer,
            ruleId,
          },
        ]
      : [],
  );
  const ports = entries.flatMap(({ change }) => (change.kind === 'register-target' ? [change.target.port] : []));
  const registered = [...Map.groupBy(ports, (port) => port)].map(
    ([port, same]): ReportedChange => ({ kind: 'target-registered', port, count: same.length }),
  );
  return [...rules, ...registered];
};

interface About {
  readonly stage: Stage;
  readonly health: GroupHealth;
  readonly now: Date;
  /** Who launched them, and how their AMI differs, where that is known. */
  readonly launchedBy?: string | undefined;
  readonly imageDiffers?: ImageDifference | undefined;
}

const frame = (decided: readonly Decided[], ending: string) => {
  const entries = entriesOf(decided);
  const matter = entries[0]?.matter;
  return {
    entries,
    targetGroup: matter?.targetGroup ?? { id: '-', name: '-' },
    about: {
      destination: matter?.destination ?? 'default',
      matter: matter?.targetGroup.id ?? '-',
      identity: `${ending}|${decided.map(({ followed }) => followed.key).join(' ')}|${entries.map(({ entryId }) => entryId).join(' ')}`,
    },
  };
};

const untold = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => entries.filter(isUntold);

/**
 * "In service": one report for all targets of a group that one look found healthy.
 * @param doubts what leaves open whether their traffic gets to them
 */
export const inServiceReport = (
  decided: readonly InService[],
  { stage, health, now, launchedBy, imageDiffers }: About,
  doubts: readonly Finding[] = [],
): Report => {
  const { entries, targetGroup, about } = frame(decided, 'in-service');
  return reportOf(
    stage,
    { ...about, severity: 'information' },
    {
      kind: 'targets-in-service',
      targetGroup,
      targets: decided.map(({ followed, decision }) => ({
        ...followed.target,
        healthyAfterSeconds: decision.afterSeconds,
      })),
      health,
      changes: reportedChanges(untold(entries)),
      findings: distinctFindings([
        ...doubts,
        ...entries.flatMap(({ matter }) => matter.findings.filter(({ severity }) => severity === 'information')),
      ]),
      recovered: decided.some(({ followed }) => followed.saidNotInService),
      ...(imageDiffers === undefined ? {} : { imageDiffers }),
      ...(launchedBy === undefined ? {} : { launchedBy }),
    },
    now,
  );
};

const distinctFindings = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values(),
];

/** Why we did not open the path ourselves: known when the target was registered, and not to be seen by looking again. */
const WHY_NOT_OPENED: ReadonlySet<Finding['reason']> = new Set(['RuleNotWritten', 'SecurityGroupFull']);

/** What is known of the path to them, and what they are asked there. */
interface Path {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** `undefined` when it could not be read. */
  readonly healthCheck: HealthCheck | undefined;
  readonly withoutHealthy?: WithoutHealthy | undefined;
}

/** A blocked path explains the health check; a path that passes or can't be judged comes after what the balancer says. */
const ranked = (decided: readonly NotInService[], path: Path): readonly Finding[] => {
  const health = decided
    .filter((each) => !isUnreached(each))
    .map(({ followed, decision }) => healthFinding(decision, followed.target.port, path.healthCheck));
  const known = decided.flatMap(({ followed }) =>
    followed.entries.flatMap(({ matter }) => matter.findings.filter(({ reason }) => WHY_NOT_OPENED.has(reason))),
  );
  return distinctFindings(
    path.verdict === 'blocked' ? [...path.findings, ...known, ...health] : [...health, ...path.findings],
  );
};

/** "Not in service": one report for all targets of a group that one look gave up waiting for, with the cause. */
export const notInServiceReport = (
  decided: readonly NotInService[],
  path: Path,
  looksAgainEverySeconds: number,
  { stage, health, now, launchedBy }: About,
): Report => {
  const isLast = decided.every(({ decision }) => decision.last);
  const state = decided.every(isUnreached) ? 'unreached' : 'not-in-service';
  const { entries, targetGroup, about } = frame(decided, isLast ? 'given-up' : state);
  return reportOf(
    stage,
    { ...about, severity: 'warning' },
    {
      kind: 'targets-not-in-service',
      targetGroup,
      targets: decided.map(({ followed, decision }) => ({
        ...followed.target,
        state: decision.state,
        reason: decision.reason,
        description: decision.description,
        sinceSeconds: decision.sinceSeconds,
      })),
      health,
      ...(path.withoutHealthy === undefined ? {} : { withoutHealthy: path.withoutHealthy }),
      network: path.verdict,
      findings: ranked(decided, path),
      changes: reportedChanges(untold(entries)),
      looksAgainEverySeconds: isLast ? undefined : looksAgainEverySeconds,
      ...(launchedBy === undefined ? {} : { launchedBy }),
    },
    now,
  );
};

/**
 * Who was taken out of a group, with what is left of it.
 * @param removals all of one group; at least one
 */
export const takenOutReport = (removals: readonly LedgerEntry[], { stage, health, now }: About): Report => {
  const matter = removals[0]?.matter;
  const targetGroup = matter?.targetGroup ?? { id: '-', name: '-' };
  return reportOf(
    stage,
    {
      destination: matter?.destination ?? 'default',
      matter: targetGroup.id,
      severity: health.healthy === 0 ? 'warning' : 'information',
      identity: removals.map(({ entryId }) => entryId).join('|'),
    },
    {
      kind: 'targets-taken-out',
      targetGroup,
      targets: removals.flatMap(({ change, matter: { targets } }) =>
        targets.map(({ key, ...target }) => ({
          ...target,
          because: change.kind === 'deregister-target' ? (change.because ?? 'NotDesired') : 'NotDesired',
        })),
      ),
      health,
    },
    now,
  );
};
