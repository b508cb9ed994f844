import type { Remembered, Watch } from '../../aws/state/port.ts';
import { isClosing } from '../../domain/change.ts';
import type { Decided } from '../../domain/following.ts';
import {
  decideAll,
  decideOnUnreached,
  healthySinceOf,
  knownObstacles,
  missingOf,
  nextLookSeconds,
  onlyWaitsForTraffic,
  secondsUntilNextReport,
  undecidedUntilSettled,
  unreachedLookSeconds,
  unsettledTargets,
} from '../../domain/following.ts';
import {
  entriesOf,
  inServiceReport,
  isInService,
  isNotInService,
  isUnreached,
  notInServiceReport,
  takenOutReport,
} from '../../domain/following-reports.ts';
import { groupHealth, launchedBy } from '../../domain/group-health.ts';
import type { LedgerEntry, Telling } from '../../domain/ledger.ts';
import type { Button, Report } from '../../domain/report.ts';
import { newPlan, UNDO_LIFETIME_SECONDS } from '../../domain/stored-plan.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { undoOf } from '../../domain/undo.ts';
import { serializeWatchTick } from '../../events/watch-tick.ts';
import { readMembers } from '../group-members.ts';
import { muteButtons } from '../mute.ts';
import { FIRST_LOOK_AFTER_SECONDS } from '../start-watches.ts';
import { imageDifferenceOf } from './image-difference.ts';
import type { PathVerdict, Reaches } from './look-at-paths.ts';
import { lookAtPaths, lookAtTraffic } from './look-at-paths.ts';
import type { FollowingPorts } from './ports.ts';

const NAMES_ON_A_BUTTON = 2;

/** What a look ended in, for the log. */
export interface LookOutcome {
  readonly outcome: 'duplicate' | 'too-early' | 'nothing-to-follow' | 'group-gone' | 'looked';
  readonly followed: number;
  readonly told: number;
}

/** Which look of which chain. */
interface Tick {
  readonly targetGroupArn: string;
  readonly tick: number;
}

const isOwed = ({ status, telling, change }: LedgerEntry): boolean =>
  status === 'applied' && telling !== 'closed' && !isClosing(change);

const isRemoval = ({ change }: LedgerEntry): boolean => change.kind === 'deregister-target';

/** What is followed in a group, and of which targets nothing can be said yet. */
interface Open {
  readonly entries: readonly LedgerEntry[];
  /** What was taken out and nobody was told of. */
  readonly removals: readonly LedgerEntry[];
  readonly unsettled: ReadonlySet<string>;
}

const readOpen = async (ports: FollowingPorts, targetGroupArn: string): Promise<Open> => {
  const open = await ports.ledger.listOpen(targetGroupArn);
  const owed = open.filter(isOwed);
  return {
    entries: owed.filter((entry) => !isRemoval(entry)),
    removals: owed.filter(isRemoval),
    unsettled: unsettledTargets(open, ports.now()),
  };
};

/** Writes down that these targets were told of, each by itself: an entry may be about several. */
const recordTold = (ports: FollowingPorts, decided: readonly Decided[], telling: Telling): Promise<void> =>
  ports.ledger.tell(entriesOf(decided), telling, new Set(decided.map(({ followed }) => followed.key)));

/** A button to take back what we registered of these. */
const undoing = async (
  ports: FollowingPorts,
  decided: readonly Decided[],
  { body, destination }: Pick<Report, 'body' | 'destination'>,
): Promise<readonly Button[]> => {
  const content =
    'targetGroup' in body && body.targetGroup !== undefined ? undoOf(body.targetGroup, entriesOf(decided)) : undefined;
  if (content === undefined) return [];
  const plan = newPlan(ports.newId(), content, destination, ports.now(), UNDO_LIFETIME_SECONDS);
  await ports.plans.store(plan);
  const names = content.entries.slice(0, NAMES_ON_A_BUTTON).map(({ name }) => name);
  const object = { kind: 'targets', names, count: content.entries.length } as const;
  // Who is not well is taken out; who is well has its registration undone. Pressed, both are the same.
  const isWell = body.kind === 'targets-in-service';
  return [{ verb: 'undo', planId: plan.planId, object: isWell ? object : { ...object, leaving: true } }];
};

const withButtons = (report: Report, buttons: readonly Button[]): Report =>
  buttons.length === 0 ? report : { ...report, buttons };

const instanceIdsOf = (decided: readonly Decided[]): readonly string[] =>
  decided.flatMap(({ followed: { target } }) => target.instanceId ?? []);

const findingsOf = (decided: readonly Decided[], reaches: Reaches) =>
  decided.flatMap(({ followed: { key } }) => reaches.get(key)?.findings ?? []);

const tellInService = async (
  ports: FollowingPorts,
  decided: readonly Decided[],
  reaches: Reaches,
  members: readonly TargetHealth[],
) => {
  const healthy = decided.filter(isInService);
  if (healthy.length === 0) return 0;
  const told = instanceIdsOf(healthy);
  const instances = await readMembers(ports, members, told);
  const about = {
    stage: ports.stage,
    health: groupHealth(members, instances),
    now: ports.now(),
    launchedBy: launchedBy(told, instances),
    imageDiffers: await imageDifferenceOf(ports, told, members, instances),
  };
  const report = inServiceReport(healthy, about, findingsOf(healthy, reaches));
  await ports.reports.publish(withButtons(report, await undoing(ports, healthy, report)));
  await recordTold(ports, healthy, 'closed');
  return healthy.length;
};

/** Says of some who are not in service why, and remembers that it was said. */
const sayNotInService = async (
  ports: FollowingPorts,
  unwell: Parameters<typeof notInServiceReport>[0],
  path: PathVerdict,
  everySeconds: number,
  members: readonly TargetHealth[],
) => {
  const about = {
    stage: ports.stage,
    health: groupHealth(members, path.instances),
    now: ports.now(),
    launchedBy: launchedBy(instanceIdsOf(unwell), path.instances),
  };
  const report = notInServiceReport(unwell, path, everySeconds, about);
  const buttons = [...(await undoing(ports, unwell, report)), ...(await muteButtons(ports, report))];
  await ports.reports.publish(withButtons(report, buttons));
  await recordTold(
    ports,
    unwell.filter(({ decision }) => decision.last),
    'closed',
  );
  await recordTold(
    ports,
    unwell.filter(({ decision }) => !decision.last),
    'said-not-in-service',
  );
  return unwell.length;
};

/** Those who answer their health check and get no traffic; what closes the way to them was judged at this very look. */
const tellUnreached = async (
  ports: FollowingPorts,
  decided: readonly Decided[],
  reaches: Reaches,
  members: readonly TargetHealth[],
) => {
  const unreached = decided.filter(isNotInService).filter(isUnreached);
  if (unreached.length === 0) return 0;
  const path: PathVerdict = {
    verdict: 'blocked',
    findings: findingsOf(unreached, reaches),
    healthCheck: undefined,
    withoutHealthy: undefined,
    instances: await readMembers(ports, members, instanceIdsOf(unreached)),
  };
  return sayNotInService(ports, unreached, path, unreachedLookSeconds(ports.stage), members);
};

const tellNotInService = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  decided: readonly Decided[],
  members: readonly TargetHealth[],
) => {
  const unwell = decided.filter(isNotInService).filter((each) => !isUnreached(each));
  if (unwell.length === 0) return 0;
  const path = await lookAtPaths(
    ports,
    targetGroupArn,
    unwell.map(({ followed }) => followed),
    members,
  );
  return sayNotInService(ports, unwell, path, ports.stage.secondsBetweenReports, members);
};

/** Says who was taken out, with what is left. */
const tellTakenOut = async (
  ports: FollowingPorts,
  removals: readonly LedgerEntry[],
  members: readonly TargetHealth[],
): Promise<number> => {
  if (removals.length === 0) return 0;
  const health = groupHealth(members, await readMembers(ports, members));
  const about = { stage: ports.stage, health, now: ports.now() };
  await ports.reports.publish(takenOutReport(removals, about));
  await ports.ledger.tell(removals, 'closed');
  return removals.length;
};

const goOn = async (
  ports: FollowingPorts,
  watch: Watch,
  delaySeconds: number,
  remembered: Remembered,
): Promise<void> => {
  const { targetGroupArn } = watch;
  const body = serializeWatchTick({ kind: 'watch-tick', targetGroupArn, tick: watch.tick });
  await ports.watchQueue.sendLater(body, delaySeconds);
  await ports.watches.continue(watch, new Date(ports.now().getTime() + delaySeconds * 1000), remembered);
};

/** Ends the chain, unless a registration asked for it since this look was taken: then it goes on at once. */
const endOrGoOn = async (ports: FollowingPorts, watch: Watch, lastReportAt = watch.lastReportAt): Promise<void> => {
  const remembered = { lastReportAt, healthySince: new Map(), missing: new Set<string>() };
  if (!(await ports.watches.end(watch, remembered))) await goOn(ports, watch, FIRST_LOOK_AFTER_SECONDS, remembered);
};

/** What is asked of a look, with what it tells of the traffic of those who were healthy. */
interface Seen {
  readonly decided: readonly Decided[];
  readonly reaches: Reaches;
}

/**
 * Who is healthy and had something in the way is no news to be glad of before the traffic was looked at: a health check may
 * come by another port, and from other addresses. The network is read once for all of them, and for nobody else; not again
 * for who was told of, while looks come fast for others' sake.
 */
const withTraffic = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  decided: readonly Decided[],
  members: readonly TargetHealth[],
): Promise<Seen> => {
  const isDoubtful = (each: Decided) => isInService(each) && knownObstacles(each.followed).length > 0;
  const isHurried = decided.some(
    ({ followed, decision }) => decision.kind === 'undecided' && !followed.saidNotInService,
  );
  const isForLater = (each: Decided) => isDoubtful(each) && isHurried && each.followed.saidNotInService;
  const followed = decided.filter((each) => isDoubtful(each) && !isForLater(each)).map((each) => each.followed);
  const reaches: Reaches =
    followed.length === 0 ? new Map() : await lookAtTraffic(ports, targetGroupArn, followed, members);
  const decisionOf = (each: Decided): Decided['decision'] => {
    if (isForLater(each)) return { kind: 'undecided' };
    const isClosed = reaches.get(each.followed.key)?.kind === 'closed';
    return isClosed ? decideOnUnreached(each.followed, ports.now()) : each.decision;
  };
  return { decided: decided.map((each) => ({ ...each, decision: decisionOf(each) })), reaches };
};

/**
 * Tells what can be told now, one report at most: good news first, because it says how long it took; who was taken out last,
 * for nobody waits for that.
 */
const tell = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  open: { readonly decided: readonly Decided[]; readonly removals: readonly LedgerEntry[] },
  members: readonly TargetHealth[],
): Promise<number> => {
  const { decided, reaches } = await withTraffic(ports, targetGroupArn, open.decided, members);
  const inService = await tellInService(ports, decided, reaches, members);
  if (inService > 0) return inService;
  const unreached = await tellUnreached(ports, decided, reaches, members);
  if (unreached > 0) return unreached;
  const notInService = await tellNotInService(ports, targetGroupArn, decided, members);
  return notInService > 0 ? notInService : tellTakenOut(ports, open.removals, members);
};

/** One look: one read of the group's health, then whatever can be told now, then the next look or the end. */
const look = async (ports: FollowingPorts, watch: Watch): Promise<LookOutcome> => {
  const { targetGroupArn } = watch;
  const { entries, removals, unsettled } = await readOpen(ports, targetGroupArn);
  if (entries.length + removals.length === 0) {
    await endOrGoOn(ports, watch);
    return { outcome: 'nothing-to-follow', followed: 0, told: 0 };
  }
  const members = await ports.loadBalancing.readTargetHealth(targetGroupArn);
  if (members === undefined) {
    await ports.ledger.tell([...entries, ...removals], 'closed');
    await endOrGoOn(ports, watch);
    return { outcome: 'group-gone', followed: entries.length, told: 0 };
  }
  const seen = decideAll(entries, members, ports.now(), ports.stage, watch);
  const decided = undecidedUntilSettled(seen, unsettled);
  const wait = secondsUntilNextReport(watch.lastReportAt, ports.now(), ports.stage);
  const told = wait > 0 ? 0 : await tell(ports, targetGroupArn, { decided, removals }, members);
  const lastReportAt = told > 0 ? ports.now() : watch.lastReportAt;
  const { entries: remaining, removals: untold } = await readOpen(ports, targetGroupArn);
  if (remaining.length + untold.length === 0) await endOrGoOn(ports, watch, lastReportAt);
  else {
    const next = decideAll(remaining, members, ports.now(), ports.stage, watch);
    const quietSeconds = told > 0 ? ports.stage.secondsBetweenReports : wait;
    const remembered = { lastReportAt, healthySince: healthySinceOf(next), missing: missingOf(next, members) };
    // What only waits to be settled is looked at slowly: its settling brings the next look forward.
    const seconds = onlyWaitsForTraffic(next)
      ? unreachedLookSeconds(ports.stage)
      : nextLookSeconds(next, quietSeconds, ports.stage);
    const untilNextReport = untold.length > 0 ? Math.max(1, quietSeconds) : seconds;
    await goOn(ports, watch, Math.min(seconds, untilNextReport), remembered);
  }
  return { outcome: 'looked', followed: decided.length, told };
};

/** A look that has overtaken the write that announces it: its message would be gone with it, so it is sent again. */
const comeAgain = async (ports: FollowingPorts, tick: Tick): Promise<LookOutcome> => {
  await ports.watchQueue.sendLater(serializeWatchTick({ kind: 'watch-tick', ...tick }), FIRST_LOOK_AFTER_SECONDS);
  return { outcome: 'too-early', followed: 0, told: 0 };
};

/**
 * One look of a target group's watch at the targets that Usher seated or opened the path for: those that are healthy, or
 * have been waited for long enough, are told of; the others are looked at again by a new message.
 * @throws whatever a read failed with; the queue brings the look again
 */
export const followTargets =
  (ports: FollowingPorts) =>
  async ({ targetGroupArn, tick }: Tick): Promise<LookOutcome> => {
    const watch = await ports.watches.take(targetGroupArn, tick, ports.now());
    if (watch === 'too-early') return comeAgain(ports, { targetGroupArn, tick });
    return watch === undefined ? { outcome: 'duplicate', followed: 0, told: 0 } : look(ports, watch);
  };
