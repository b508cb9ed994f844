import { firstDestination } from '../../domain/destination.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Report } from '../../domain/report.ts';
import { reportOf, shortDigest } from '../../domain/report-frame.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import type { SweepGrounds } from '../../domain/sweep/grounds.ts';
import { nextEndsOf } from '../../domain/sweep/next-ends.ts';
import type { SweepRun } from '../../domain/sweep/progress.ts';
import type { NotLookedAt, SweepEnded, SweepTally, SweptRule, WeeklyStatus } from '../../domain/sweep/report.ts';
import { changesIn, NOTHING_SWEPT } from '../../domain/sweep/tally.ts';
import { USHER_TAG } from '../../domain/tags.ts';
import type { SweepPorts, TellingPorts } from './ports.ts';
import { sayingOnce } from './say-once.ts';

const dayOf = (moment: string): string => moment.slice(0, 10);

const WEEK_MILLISECONDS = 7 * 86_400_000;

const weekOf = (now: Date): number => Math.floor(now.getTime() / WEEK_MILLISECONDS);

/**
 * What makes two endings the same news: what was done is news each time, what could not be looked at once a day for each
 * cause, what would be done once a day while it is not let, and what is nearly full once a week.
 */
const newsOf = (run: SweepRun, body: SweepEnded, now: Date): string => {
  const changes = changesIn(body);
  return [
    run.askedBy === undefined ? '' : run.runId,
    run.mode === 'apply' && changes > 0 ? run.runId : '',
    run.mode === 'look' && changes > 0 ? `${run.caution}|${dayOf(now.toISOString())}` : '',
    body.notLookedAt === undefined ? '' : `${body.notLookedAt.code}|${dayOf(now.toISOString())}`,
    body.limits.length === 0 ? '' : `${body.limits.map(({ kind, of }) => `${kind}|${of.id}`).join()}|${weekOf(now)}`,
  ].join('||');
};

const isNews = (run: SweepRun, body: SweepEnded): boolean =>
  run.askedBy !== undefined || changesIn(body) > 0 || body.notLookedAt !== undefined || body.limits.length > 0;

const framed = (
  { stage, now }: Pick<SweepPorts, 'stage' | 'now'>,
  severity: Report['severity'],
  identity: string,
  body: SweepEnded | WeeklyStatus,
): Report =>
  reportOf(
    stage,
    { destination: firstDestination(stage), matter: `sweep|${stage.name}`, severity, identity },
    body,
    now(),
  );

/** A button by which a person lets sweeps act under these grounds, while there is something to do and nothing else stops them. */
const offering = async (
  ports: SweepPorts,
  run: SweepRun,
  body: SweepEnded,
  grounds: SweepGrounds,
  report: Report,
): Promise<Report> => {
  const count = changesIn(body);
  if (run.mode !== 'look' || run.caution === 'Paused' || count === 0) return report;
  const plan = newPlan(ports.newId(), { kind: 'sweep', grounds }, report.destination, ports.now());
  await ports.plans.store(plan);
  return { ...report, buttons: [{ verb: 'approve', planId: plan.planId, object: { kind: 'sweep', count } }] };
};

const rulesIn = (entries: readonly LedgerEntry[]): readonly SweptRule[] =>
  entries.flatMap(({ change, status, matter }) =>
    change.kind === 'revoke-rule' && change.reason === 'Unneeded' && status === 'applied'
      ? [{ ruleId: change.ruleId, securityGroup: matter.securityGroup ?? { id: change.groupId, name: change.groupId } }]
      : [],
  );

/**
 * Tells what a sweep came to, if that is news. Rules that were removed are told of from the ledger, those of a run that died
 * included, and their telling is closed once the report is handed on.
 */
export const tellEnded = async (ports: SweepPorts, run: SweepRun, grounds: SweepGrounds): Promise<SweepTally> => {
  const removals = (await ports.ledger.listOpen()).filter(
    ({ change, status }) => change.kind === 'revoke-rule' && change.reason === 'Unneeded' && status !== 'intended',
  );
  const tally: SweepTally = { ...run.tally, rulesRemoved: rulesIn(removals) };
  const body: SweepEnded = {
    kind: 'sweep-ended',
    mode: run.mode === 'apply' ? 'applied' : 'looked',
    caution: run.caution,
    ...tally,
  };
  if (isNews(run, body)) {
    const severity = body.notLookedAt === undefined && body.limits.length === 0 ? 'information' : 'warning';
    const once = sayingOnce(ports);
    const report = framed(ports, severity, newsOf(run, body, ports.now()), body);
    await once.reports.publish(await offering({ ...ports, ...once }, run, body, grounds, report));
  }
  if (removals.length > 0) await ports.ledger.tell(removals, 'closed');
  return tally;
};

/** Tells that a sweep could not even begin: once a day for each cause. */
export const tellNotBegun = async (ports: SweepPorts, notLookedAt: NotLookedAt): Promise<void> => {
  const body: SweepEnded = {
    kind: 'sweep-ended',
    mode: 'looked',
    caution: undefined,
    ...NOTHING_SWEPT,
    notLookedAt,
  };
  const identity = `not-begun|${notLookedAt.code}|${dayOf(ports.now().toISOString())}`;
  await sayingOnce(ports).reports.publish(framed(ports, 'warning', identity, body));
};

/** Whether the week is over since the status was last told. */
export const isStatusDue = (statusAt: string | undefined, now: Date): boolean =>
  statusAt === undefined || now.getTime() - Date.parse(statusAt) >= WEEK_MILLISECONDS;

/** What Elastic Load Balancing calls the groups it makes for Classic balancers without one. */
const DEFAULT_ELB = 'default_elb_*';

/** Tells, once a week, what stands and why. */
export const tellStatus = async (ports: TellingPorts, tally: SweepTally, unneededRules: number): Promise<void> => {
  const groups = await ports.fleet.readGroupsNamed(DEFAULT_ELB);
  const wearers = groups.length === 0 ? new Map() : await ports.ec2.readWearers(groups.map(({ groupId }) => groupId));
  const pause = await ports.pauses.find();
  const stopped = await ports.pauses.listStoppedGroups();
  const kept = await ports.fleet.readRulesTagged(USHER_TAG.keep, 'true');
  const body: WeeklyStatus = {
    kind: 'weekly-status',
    instances: tally.instances,
    targetGroups: tally.targetGroups,
    pausedSince: pause?.since.toISOString(),
    leftAlone: tally.leftAlone,
    unneededRules,
    ...(kept.length === 0 ? {} : { keptRules: kept.length }),
    ...(stopped.length === 0 ? {} : { stopped: stopped.map(({ targetGroup }) => targetGroup) }),
    unusedGroups: groups
      .filter(({ groupId }) => wearers.get(groupId)?.length === 0)
      .map(({ groupId, name }) => ({ id: groupId, name })),
    nextEnds: nextEndsOf(await ports.expiry.listAnnounced(), ports.now()),
    limits: tally.limits,
  };
  const identity = `status|${dayOf(ports.now().toISOString())}|${shortDigest(JSON.stringify(body))}`;
  await sayingOnce(ports).reports.publish(framed(ports, 'information', identity, body));
};
