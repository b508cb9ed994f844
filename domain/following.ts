import type { Finding, FindingReason } from './finding.ts';
import type { LedgerEntry } from './ledger.ts';
import type { ReportedTarget } from './report.ts';
import type { Stage } from './stage.ts';
import type { TargetHealth, TargetState } from './target.ts';
import { targetKey } from './target.ts';
import type { HealthCheck } from './target-group.ts';
import { tellingOf } from './telling.ts';

/** How long a target may go without any decision (still registering, not yet put there by its owner). */
export const LONGEST_UNDECIDED_SECONDS = 15 * 60;
/** How long a target that was called not in service is followed for its ending. */
export const LONGEST_FOLLOWED_SECONDS = 60 * 60;
const LOOK_AGAIN_SECONDS = 10;
/** Reads of a group's health lag its registrations: a target of ours counts as gone only so long after, and not at one look. */
const REGISTERED_MAY_BE_UNSEEN_SECONDS = 60;

/** How patient a stage is, and how often it speaks of one group. */
export type Pace = Pick<Stage, 'patienceSeconds' | 'secondsBetweenReports'>;

/** A target being followed, with the changes that brought it about. */
export interface Followed {
  readonly key: string;
  readonly target: ReportedTarget;
  /** Its open ledger entries: its registration, and rules added for it. */
  readonly entries: readonly LedgerEntry[];
  readonly since: Date;
  /** Whether we registered it ourselves; else its owner does, in its own time. */
  readonly registeredByUs: boolean;
  readonly saidNotInService: boolean;
}

/** What one look says of a followed target. */
export type Decision =
  | { readonly kind: 'in-service'; readonly healthySince: Date; readonly afterSeconds: number }
  | {
      readonly kind: 'not-in-service';
      readonly state: TargetState | 'not-registered';
      readonly reason: string | undefined;
      readonly description: string | undefined;
      readonly sinceSeconds: number;
      /** Whether this was the last look at it. */
      readonly last: boolean;
    }
  | { readonly kind: 'undecided' };

const secondsSince = (moment: Date, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - moment.getTime()) / 1000));

/** The targets that open entries are about and that are not told of to the end, oldest first. */
export const followedTargets = (entries: readonly LedgerEntry[]): readonly Followed[] => {
  const keyed = entries.flatMap((entry) =>
    entry.matter.targets
      .filter(({ key }) => tellingOf(entry, key) !== 'closed')
      .map(({ key, ...target }) => ({ key, target, entry })),
  );
  return [...Map.groupBy(keyed, ({ key }) => key)].map(([key, items]) => {
    const own = items.map(({ entry }) => entry);
    const first = items[0];
    return {
      key,
      target: first?.target ?? { name: key, instanceId: undefined, port: undefined, availabilityZone: undefined },
      entries: own,
      since: new Date(Math.min(...own.map(({ intendedAt }) => Date.parse(intendedAt)))),
      registeredByUs: own.some(({ change }) => change.kind === 'register-target'),
      saidNotInService: own.some((entry) => tellingOf(entry, key) === 'said-not-in-service'),
    };
  });
};

/** Findings that say nothing of a health check: it comes from the balancer's own addresses, never from clients (facts 2.5). */
const ABOUT_CLIENTS: ReadonlySet<FindingReason> = new Set(['ClientCidrsMissing', 'ClientCidrsMalformed']);

/** What was known to stand in a target's way when it was changed, and may do so still. */
export const knownObstacles = ({ entries }: Followed): readonly Finding[] =>
  entries.flatMap(({ matter }) =>
    matter.findings.filter(({ reason, severity }) => severity !== 'information' && reason !== 'PathUnknown'),
  );

const isDecidedAtOnce = (state: TargetState): boolean => state === 'unused' || state === 'draining';

/** How long this state is waited out before it counts. */
const secondsToWait = (followed: Followed, state: TargetState | 'not-registered', pace: Pace): number => {
  if (followed.saidNotInService) return LONGEST_FOLLOWED_SECONDS;
  if (state === 'not-registered')
    return followed.registeredByUs ? REGISTERED_MAY_BE_UNSEEN_SECONDS : LONGEST_UNDECIDED_SECONDS;
  if (isDecidedAtOnce(state)) return 0;
  const hasObstacle = knownObstacles(followed).some(({ reason }) => !ABOUT_CLIENTS.has(reason));
  if (state === 'unhealthy' || state === 'unhealthy.draining') return hasObstacle ? 0 : pace.patienceSeconds;
  return LONGEST_UNDECIDED_SECONDS;
};

/** When a target that is healthy now was first seen so; an earlier look counts unless it was before what is told of now. */
const firstSeenHealthy = ({ since }: Followed, now: Date, seenBefore: Date | undefined): Date =>
  seenBefore === undefined || seenBefore < since ? now : seenBefore;

/** What the looks before this one saw, by the targets' keys. */
export interface SeenBefore {
  /** Since when targets were healthy. */
  readonly healthySince: ReadonlyMap<string, Date>;
  /** Targets that the last look did not find in the group. */
  readonly missing: ReadonlySet<string>;
}

const NOTHING_SEEN: SeenBefore = { healthySince: new Map(), missing: new Set() };

/**
 * What is to be said of one target, if anything can be yet. That a target we registered is gone must be seen twice in a row.
 * @param health `undefined` when the group does not hold it
 */
export const decideOn = (
  followed: Followed,
  health: TargetHealth | undefined,
  now: Date,
  pace: Pace,
  seenBefore: SeenBefore = NOTHING_SEEN,
): Decision => {
  const seconds = secondsSince(followed.since, now);
  if (health?.state === 'healthy') {
    const healthySince = firstSeenHealthy(followed, now, seenBefore.healthySince.get(followed.key));
    return { kind: 'in-service', healthySince, afterSeconds: secondsSince(followed.since, healthySince) };
  }
  const state = health?.state ?? 'not-registered';
  const isUnconfirmed = health === undefined && followed.registeredByUs && !seenBefore.missing.has(followed.key);
  if (isUnconfirmed || seconds < secondsToWait(followed, state, pace)) return { kind: 'undecided' };
  return {
    kind: 'not-in-service',
    state,
    reason: health?.reason ?? (health === undefined ? 'Target.NotRegistered' : undefined),
    description: health?.description,
    sinceSeconds: seconds,
    last: followed.saidNotInService || state === 'not-registered' || state === 'draining',
  };
};

/**
 * What is to be said of a target that answers its health check and gets no traffic all the same: that once, and its ending,
 * which is waited for as long as any other.
 */
export const decideOnUnreached = (followed: Followed, now: Date): Decision => {
  const sinceSeconds = secondsSince(followed.since, now);
  const last = followed.saidNotInService && sinceSeconds >= LONGEST_FOLLOWED_SECONDS;
  return followed.saidNotInService && !last
    ? { kind: 'undecided' }
    : { kind: 'not-in-service', state: 'healthy', reason: undefined, description: undefined, sinceSeconds, last };
};

/** A followed target with what this look says of it. */
export interface Decided {
  readonly followed: Followed;
  readonly decision: Decision;
}

export const decideAll = (
  entries: readonly LedgerEntry[],
  members: readonly TargetHealth[],
  now: Date,
  pace: Pace,
  seenBefore: SeenBefore = NOTHING_SEEN,
): readonly Decided[] =>
  followedTargets(entries).map((followed) => ({
    followed,
    decision: decideOn(
      followed,
      members.find(({ target }) => targetKey(target) === followed.key),
      now,
      pace,
      seenBefore,
    ),
  }));

/**
 * Targets whose registration has not been settled yet: its answer never came, or its run is still at work. Nothing is said
 * of them until it is, lest it be said again then; after a while it is no longer waited for.
 */
export const unsettledTargets = (open: readonly LedgerEntry[], now: Date): ReadonlySet<string> =>
  new Set(
    open
      .filter(({ status, change }) => status === 'intended' && change.kind === 'register-target')
      .filter(({ intendedAt }) => secondsSince(new Date(intendedAt), now) < LONGEST_UNDECIDED_SECONDS)
      .flatMap(({ matter }) => matter.targets.map(({ key }) => key)),
  );

/** What can be said of all that are settled; the others are undecided. */
export const undecidedUntilSettled = (
  decided: readonly Decided[],
  unsettled: ReadonlySet<string>,
): readonly Decided[] =>
  decided.map((each) => (unsettled.has(each.followed.key) ? { ...each, decision: { kind: 'undecided' } } : each));

/** Since when those that are healthy at this look have been, for the next. */
export const healthySinceOf = (decided: readonly Decided[]): ReadonlyMap<string, Date> =>
  new Map(
    decided.flatMap(({ followed, decision }) =>
      decision.kind === 'in-service' ? [[followed.key, decision.healthySince] as const] : [],
    ),
  );

/** Followed targets that this look did not find, for the next. */
export const missingOf = (decided: readonly Decided[], members: readonly TargetHealth[]): ReadonlySet<string> => {
  const present = new Set(members.map(({ target }) => targetKey(target)));
  return new Set(decided.map(({ followed }) => followed.key).filter((key) => !present.has(key)));
};

/** Seconds until a group may be spoken of again; 0 when it may be now. */
export const secondsUntilNextReport = (lastReportAt: Date | undefined, now: Date, pace: Pace): number =>
  lastReportAt === undefined ? 0 : Math.max(0, pace.secondsBetweenReports - secondsSince(lastReportAt, now));

/** Seconds to the next look: soon while something is undecided, also while nothing may be said; slowly for endings only. */
export const nextLookSeconds = (decided: readonly Decided[], untilNextReport: number, pace: Pace): number => {
  const isWaiting = decided.some(
    ({ followed, decision }) => decision.kind === 'undecided' && !followed.saidNotInService,
  );
  const isHeldBack = decided.some(({ decision }) => decision.kind !== 'undecided') && untilNextReport > 0;
  if (isHeldBack) return Math.max(1, isWaiting ? Math.min(LOOK_AGAIN_SECONDS, untilNextReport) : untilNextReport);
  return isWaiting ? LOOK_AGAIN_SECONDS : pace.secondsBetweenReports;
};

/** Reports that would fit between two looks at the paths of those that only wait to get their traffic: each reads the network. */
const REPORTS_BETWEEN_PATHS = 5;

/** As long as SQS delays a message: with a longer one nobody would look again. */
const LONGEST_DELAY_SECONDS = 900;

/** Seconds between looks at targets that answer their checks and get no traffic. */
export const unreachedLookSeconds = ({ secondsBetweenReports }: Pace): number =>
  Math.min(REPORTS_BETWEEN_PATHS * secondsBetweenReports, LONGEST_DELAY_SECONDS);

/** Whether all that is still followed are targets that were told of as healthy and without traffic. */
export const onlyWaitsForTraffic = (decided: readonly Decided[]): boolean =>
  decided.length > 0 &&
  decided.every(
    ({ followed, decision }) =>
      decision.kind === 'in-service' && followed.saidNotInService && knownObstacles(followed).length > 0,
  );

const HEALTH_REASONS: readonly FindingReason[] = [
  'Target.ResponseCodeMismatch',
  'Target.Timeout',
  'Target.FailedHealthChecks',
  'Target.NotInUse',
  'Target.NotRegistered',
  'Target.InvalidState',
  'Target.IpUnusable',
  'Target.HealthCheckDisabled',
  'Target.DeregistrationInProgress',
  'Elb.RegistrationInProgress',
  'Elb.InitialHealthChecking',
  'Elb.InternalError',
];

/** `HTTP:80/health`, as a Classic balancer has its check written. */
const checkText = ({ protocol, port, path = '' }: HealthCheck): string => `${protocol}:${port}${path}`;

/** The port a target is asked on, where there is one to name: its own, or that of its group's check. */
const portAsked = (port: number | undefined, check: HealthCheck | undefined): Finding['evidence'] => {
  if (port === undefined) return {};
  return { port: String(check === undefined || check.port === 'traffic-port' ? port : check.port) };
};

/** Where gRPC groups are asked unless told otherwise; curl gets no answer there that says anything. */
const GRPC_PATH = '/AWS.ALB/healthcheck';

/** Asks on the host what the balancer asks, with its patience. */
const askLine = (port: string, { protocol, path = '/', timeoutSeconds }: HealthCheck): string | undefined => {
  const isWeb = protocol === 'HTTP' || protocol === 'HTTPS';
  if (!isWeb || path.includes("'") || path === GRPC_PATH) return undefined;
  return `curl -${protocol === 'HTTPS' ? 'k' : ''}im ${timeoutSeconds} '${protocol.toLowerCase()}://localhost:${port}${path}'`;
};

/** Shows on the host why its check fails: whether anything listens where nothing answers, else what it answers. */
const hostLine = (
  reason: FindingReason | undefined,
  port: number | undefined,
  check: HealthCheck | undefined,
): string | undefined => {
  const asked = check === undefined || check.port === 'traffic-port' ? port : check.port;
  if (asked === undefined) return undefined;
  const listening = `sudo ss -ltnp 'sport = :${asked}'`;
  switch (reason) {
    // A Classic balancer's word for a wrong code and for silence as well.
    case 'Target.FailedHealthChecks':
      return port === undefined && check !== undefined ? (askLine(String(asked), check) ?? listening) : listening;
    case 'Target.ResponseCodeMismatch':
    case 'Target.Timeout':
      return check === undefined ? undefined : askLine(String(asked), check);
    default:
      return undefined;
  }
};

/**
 * What the balancer itself says of a target, as a finding. A Classic balancer never says why a check failed: the whole
 * check is named there, and AWS's sentence, which says no more, left out. @see facts 2.3, 2.7
 * @param port `undefined` behind a Classic balancer
 * @param check `undefined` when it could not be read
 */
export const healthFinding = (
  decision: Extract<Decision, { kind: 'not-in-service' }>,
  port: number | undefined,
  check: HealthCheck | undefined,
): Finding => {
  const code = decision.reason ?? '-';
  const reason = HEALTH_REASONS.find((known) => known === code);
  const line = hostLine(reason, port, check);
  const remedy = line === undefined ? {} : { remedy: line };
  if (port === undefined && check !== undefined && reason === 'Target.FailedHealthChecks')
    return { reason, severity: 'warning', evidence: { check: checkText(check) }, ...remedy };
  return {
    reason: reason ?? 'HealthReasonUnknown',
    severity: 'warning',
    evidence: {
      ...portAsked(port, check),
      ...(reason === undefined ? { code } : {}),
      ...(decision.description === undefined ? {} : { description: decision.description }),
    },
    ...remedy,
  };
};
