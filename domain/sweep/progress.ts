import { cautionOf, sameGrounds } from './caution.ts';
import type { SweepCaution, SweepGrounds } from './grounds.ts';
import type { NearLimit } from './limits.ts';
import type { LeftAlone, SweepTally } from './report.ts';
import { mergeTallies, NOTHING_SWEPT } from './tally.ts';

/** A rule of ours that a whole sweep found nobody to rely on. */
export interface Unneeded {
  readonly groupId: string;
  /** When it was first found so, and by which sweep: ISO 8601. */
  readonly since: string;
  readonly runId: string;
}

/** Who wants a sweep besides the schedule. */
export interface SweepAsker {
  /** Slack user id. */
  readonly userId: string;
}

/** A sweep under way. Its steps are its slices, and one more for the rules and the ending. */
export interface SweepRun {
  readonly runId: string;
  /** ISO 8601, like every moment here. */
  readonly startedAt: string;
  readonly progressAt: string;
  readonly mode: 'apply' | 'look';
  readonly caution: SweepCaution | 'Paused' | undefined;
  readonly slices: number;
  /** Number of the step that comes next. */
  readonly next: number;
  /** Slices given up one after the other. */
  readonly failuresInRow: number;
  /** Whether everything was looked at that was to be: else nothing is concluded from what was not seen. */
  readonly isWhole: boolean;
  readonly askedBy: SweepAsker | undefined;
  readonly tally: SweepTally;
  /** Ids of rules of ours that somebody's flow goes through. */
  readonly reliedOn: readonly string[];
  /** Ids of rules of ours for clients whom no tag names any more; absent from what older versions wrote. */
  readonly outgrown?: readonly string[];
  /** Rules seen that let more to targets than their balancer; absent from what older versions wrote. */
  readonly broader?: readonly SeenBroader[];
}

/** A rule that lets more to targets than their balancer, by its id. */
export interface SeenBroader {
  readonly groupId: string;
  readonly ruleId: string;
}

/** What sweeps leave to the next. */
export interface SweepRecord {
  /** Grounds under which sweeps were let change things. */
  readonly accepted: SweepGrounds | undefined;
  /** Why sweeps only look until a person says yes, or there is nothing to be done. */
  readonly caution: SweepCaution | undefined;
  /** The heartbeat: when a sweep last looked at everything. */
  readonly completedAt: string | undefined;
  /** When the weekly status was last told. */
  readonly statusAt: string | undefined;
  /** When alarms were last to be looked after; absent from what older versions wrote. */
  readonly alarmsAt?: string;
  readonly unneeded: Readonly<Record<string, Unneeded>>;
  /** What the last sweep saw that looked at everything; absent from what older versions wrote. */
  readonly seen?: SeenLast;
}

/** What a sweep saw and left as it is, for whoever asks how things stand. */
export interface SeenLast {
  readonly instances: number;
  readonly targetGroups: number;
  readonly leftAlone: readonly LeftAlone[];
  readonly limits: readonly NearLimit[];
}

export interface SweepState {
  readonly record: SweepRecord;
  readonly run: SweepRun | undefined;
}

export const NEVER_SWEPT: SweepState = {
  record: { accepted: undefined, caution: undefined, completedAt: undefined, statusAt: undefined, unneeded: {} },
  run: undefined,
};

/** A step takes a minute at most, and waits two to be tried again: after this long its message was lost, or comes back. */
const STALLED_MILLISECONDS = 5 * 60 * 1000;
/** Still nothing, though a step was sent again a while ago: its runs die before they can say what fails. */
const STUCK_MILLISECONDS = 20 * 60 * 1000;
/** A sweep that got nowhere for so long is over. */
const DEAD_MILLISECONDS = 40 * 60 * 1000;
/** So many slices given up in a row: AWS is crowded or denies us, and the rest would fare no better. */
const FAILURES_IN_ROW = 3;

/** How a run stands when a further sweep is due. */
export const standingOf = ({ run }: SweepState, now: Date): 'none' | 'moving' | 'stalled' | 'stuck' | 'dead' => {
  if (run === undefined) return 'none';
  const silence = now.getTime() - Date.parse(run.progressAt);
  if (silence >= DEAD_MILLISECONDS) return 'dead';
  if (silence >= STUCK_MILLISECONDS) return 'stuck';
  return silence >= STALLED_MILLISECONDS ? 'stalled' : 'moving';
};

/** What begins a run. */
export interface Beginning {
  readonly runId: string;
  readonly grounds: SweepGrounds;
  /** Grounds that a person said yes to. */
  readonly accepts: SweepGrounds | undefined;
  readonly askedBy: SweepAsker | undefined;
  readonly isPaused: boolean;
  readonly slices: number;
}

/** The record once a person said yes to these grounds: sweeps may act under them. */
const acceptedUnder = (record: SweepRecord, grounds: SweepGrounds): SweepRecord => ({
  ...record,
  accepted: grounds,
  caution: undefined,
});

/**
 * The state with a run that begins. A caution stays until a person says yes to what stands now, or until a sweep that only
 * looks finds nothing to do.
 */
export const beginRun = (
  { record }: SweepState,
  { runId, grounds, accepts, askedBy, isPaused, slices }: Beginning,
  now: Date,
): SweepState => {
  const isAccepted = sameGrounds(accepts, grounds);
  const caution = isAccepted
    ? undefined
    : (record.caution ?? cautionOf(record.accepted, grounds, record.completedAt, now));
  const at = now.toISOString();
  return {
    record: isAccepted ? acceptedUnder(record, grounds) : { ...record, caution },
    run: {
      runId,
      startedAt: at,
      progressAt: at,
      mode: caution === undefined && !isPaused ? 'apply' : 'look',
      caution: caution ?? (isPaused ? 'Paused' : undefined),
      slices,
      next: 0,
      failuresInRow: 0,
      isWhole: true,
      askedBy,
      tally: NOTHING_SWEPT,
      reliedOn: [],
    },
  };
};

/** What one slice came to. */
export interface SliceOutcome {
  readonly tally: SweepTally;
  readonly isWhole: boolean;
  readonly reliedOn: readonly string[];
  /** Rules of ours for clients whom no tag names any more; absent = none. */
  readonly outgrown?: readonly string[];
  /** Rules that let more to targets than their balancer; absent = none. */
  readonly broader?: readonly SeenBroader[];
}

/** The run after its next slice; past them all once too many were given up. */
/** The state is one item: of a fleet with more of these, the others have their turn when the first are settled. */
const BROADER_KEPT = 200;

export const afterSlice = (
  run: SweepRun,
  { tally, isWhole, reliedOn, outgrown = [], broader = [] }: SliceOutcome,
  now: Date,
): SweepRun => {
  const failuresInRow = tally.notLookedAt === undefined ? 0 : run.failuresInRow + 1;
  return {
    ...run,
    progressAt: now.toISOString(),
    next: failuresInRow >= FAILURES_IN_ROW ? run.slices : run.next + 1,
    failuresInRow,
    isWhole: run.isWhole && isWhole && tally.notLookedAt === undefined,
    tally: mergeTallies(run.tally, tally),
    reliedOn: [...new Set([...run.reliedOn, ...reliedOn])],
    outgrown: [...new Set([...(run.outgrown ?? []), ...outgrown])],
    broader: [
      ...new Map([...(run.broader ?? []), ...broader].map((each) => [each.ruleId, each] as const)).values(),
    ].slice(0, BROADER_KEPT),
  };
};

/** What the end of a run leaves behind. */
export interface Ending {
  readonly grounds: SweepGrounds;
  /** Changes that a sweep that only looked would have made. */
  readonly proposed: number;
  readonly unneeded: SweepRecord['unneeded'];
  readonly toldStatus: boolean;
  /** Whether alarms are to be looked after now. */
  readonly looksAfterAlarms: boolean;
  readonly seen: SeenLast;
}

export const endRun = (
  { record, run }: SweepState,
  { grounds, proposed, unneeded, toldStatus, looksAfterAlarms, seen }: Ending,
  now: Date,
): SweepState => {
  const isWhole = run?.isWhole === true;
  const nothingToAsk = isWhole && run.mode === 'look' && run.caution !== 'Paused' && proposed === 0;
  const next: SweepRecord = {
    ...record,
    unneeded,
    completedAt: isWhole ? now.toISOString() : record.completedAt,
    statusAt: toldStatus ? now.toISOString() : record.statusAt,
    ...(looksAfterAlarms ? { alarmsAt: now.toISOString() } : {}),
    ...(isWhole ? { seen } : {}),
  };
  return { record: nothingToAsk ? acceptedUnder(next, grounds) : next, run: undefined };
};

/** Reading every alarm of an account takes a call for each hundred: once an hour is soon enough for a bill by the month. */
const BETWEEN_ALARMS_MILLISECONDS = 60 * 60 * 1000;

/**
 * Whether alarms are to be looked after at the end of a run: not while sweeps only look, once an hour, and whenever a person
 * wants a sweep.
 */
export const areAlarmsDue = ({ alarmsAt }: SweepRecord, { mode, askedBy }: SweepRun, now: Date): boolean =>
  mode === 'apply' &&
  (askedBy !== undefined ||
    alarmsAt === undefined ||
    now.getTime() - Date.parse(alarmsAt) >= BETWEEN_ALARMS_MILLISECONDS);

/** Between the two sweeps that find a rule unneeded (design section 6). */
const BETWEEN_SWEEPS_MILLISECONDS = 15 * 60 * 1000;

/**
 * What is known of unneeded rules once a whole sweep found these: what was found before keeps its moment, what was not found
 * again is forgotten.
 */
export const stillUnneeded = (
  before: SweepRecord['unneeded'],
  found: readonly { readonly ruleId: string; readonly groupId: string }[],
  runId: string,
  now: Date,
): SweepRecord['unneeded'] =>
  Object.fromEntries(
    found.map(({ ruleId, groupId }) => [
      ruleId,
      Object.hasOwn(before, ruleId) && before[ruleId] !== undefined
        ? before[ruleId]
        : { groupId, since: now.toISOString(), runId },
    ]),
  );

/** Whether another sweep than this, long enough ago, found the rule unneeded as well. */
export const isTwiceUnneeded = (unneeded: Unneeded | undefined, runId: string, now: Date): boolean =>
  unneeded !== undefined &&
  unneeded.runId !== runId &&
  now.getTime() - Date.parse(unneeded.since) >= BETWEEN_SWEEPS_MILLISECONDS;
