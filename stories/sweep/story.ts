import { AwsCallError } from '../../aws/aws-call-error.ts';
import { compareText } from '../../domain/difference.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { shortDigest } from '../../domain/report-frame.ts';
import { groundsOf } from '../../domain/sweep/caution.ts';
import type { SliceOutcome, SweepRecord, SweepRun, SweepState } from '../../domain/sweep/progress.ts';
import { afterSlice, areAlarmsDue, beginRun, endRun, standingOf } from '../../domain/sweep/progress.ts';
import type { NotLookedAt, SweepTally } from '../../domain/sweep/report.ts';
import type { SweepSlice } from '../../domain/sweep/slices.ts';
import { sliceUp } from '../../domain/sweep/slices.ts';
import { changesIn, mergeTallies, NOTHING_SWEPT } from '../../domain/sweep/tally.ts';
import { serializeAlarmsDue } from '../../events/alarms-due.ts';
import { serializeClosingNote } from '../../events/closing-note.ts';
import type { SweepDue, SweepMessage, SweepStep } from '../../events/sweep-message.ts';
import { serializeSweepMessage } from '../../events/sweep-message.ts';
import { reviveWatches } from '../close-rules/revive.ts';
import { proposeForBalancers } from '../companion-groups/propose.ts';
import { lookAfterCompanions } from '../companion-groups/remove.ts';
import { settleLedger } from '../settle-ledger/story.ts';
import { collectRules } from './collect-rules.ts';
import { enumerate } from './enumerate.ts';
import { lookAtSlice, SliceInterruptedError } from './look-at-slice.ts';
import type { SweepPorts, TellingPorts } from './ports.ts';
import { sayingOnce } from './say-once.ts';
import { isStatusDue, tellEnded, tellNotBegun, tellStatus } from './tell.ts';

/** What became of a message, for the log. */
export type Swept =
  | 'begun'
  | 'under-way'
  | 'looked'
  | 'tried-again'
  | 'given-up'
  | 'ended'
  /** Of a run that is over, or taken by another message before. */
  | 'stale';

/** Attempts at one step, the first included. */
const ATTEMPTS = 3;
const AGAIN_SECONDS = 60;

const sendStep = (ports: SweepPorts, { runId, next }: SweepRun): Promise<void> =>
  ports.sweepQueue.sendLater(serializeSweepMessage({ kind: 'sweep-step', runId, step: next, attempt: 0 }), 0);

const sendAgain = (ports: SweepPorts, message: SweepMessage): Promise<void> =>
  ports.sweepQueue.sendLater(
    serializeSweepMessage({ ...message, attempt: message.attempt + 1 }),
    AGAIN_SECONDS * (message.attempt + 1),
  );

/** A person's wish waits until the sweep under way is over. */
const afterTheOther = async (ports: SweepPorts, due: SweepDue): Promise<void> => {
  if (due.userId !== undefined)
    await ports.sweepQueue.sendLater(serializeSweepMessage({ ...due, attempt: 0 }), AGAIN_SECONDS * 2);
};

const failureOf = (error: unknown, targetGroups: number): NotLookedAt => {
  const cause = error instanceof SliceInterruptedError ? error.cause : error;
  return cause instanceof AwsCallError
    ? { targetGroups, call: `${cause.service} ${cause.action}`, code: cause.code }
    : { targetGroups, call: '-', code: cause instanceof Error ? cause.name : 'UnknownError' };
};

/** What had been done when a step failed. */
const doneBy = (error: unknown): SweepTally => (error instanceof SliceInterruptedError ? error.done : NOTHING_SWEPT);

const noteFailure = (ports: SweepPorts, what: string, error: unknown): void =>
  ports.log({ event: 'sweep-failed', what, because: error instanceof Error ? error.message : String(error) });

/** What was to be looked at by runs that never came back. */
const stalled = (targetGroups: number): SweepTally => ({
  ...NOTHING_SWEPT,
  notLookedAt: { targetGroups, call: '-', code: 'Stalled' },
});

/** Whether what nobody needs is a group, and no rule. */
const isGroupId = (id: string): boolean => id.startsWith('sg-');

/** Makes a run that got nowhere an end that is told. */
const bury = async (ports: SweepPorts, run: SweepRun): Promise<void> => {
  const lost = stalled(0);
  await tellEnded(
    ports,
    { ...run, isWhole: false, tally: mergeTallies(run.tally, lost) },
    groundsOf(ports.stage, ports.version),
  );
};

/** Reads the fleet, cuts it into slices, and sends the first step. */
const begin = async (ports: SweepPorts, due: SweepDue, state: SweepState, version: number): Promise<Swept> => {
  await settleLedger(ports);
  const { groups } = await enumerate(ports);
  const slices = sliceUp(groups);
  const runId = ports.newId();
  await ports.sweeps.storeSlices(runId, slices, ports.now());
  const begun = beginRun(
    state,
    {
      runId,
      grounds: groundsOf(ports.stage, ports.version),
      accepts: due.accepts,
      askedBy: due.userId === undefined ? undefined : { userId: due.userId },
      isPaused: (await ports.pauses.find()) !== undefined,
      slices: slices.length,
    },
    ports.now(),
  );
  if (!(await ports.sweeps.write(begun, version))) {
    // Another began in the meantime: what a person wants must not be lost to it.
    await afterTheOther(ports, due);
    return 'stale';
  }
  if (begun.run !== undefined) await sendStep(ports, begun.run);
  ports.log({ event: 'sweep-begun', runId, slices: slices.length, mode: begun.run?.mode, caution: begun.run?.caution });
  return 'begun';
};

/**
 * Has a run go on of which nothing was heard for a while: its next step is sent again; and when that was to no avail, a slice
 * whose runs die without a word is left out like one that fails, so that those behind it have their turn.
 */
const revive = async (ports: SweepPorts, state: SweepState, run: SweepRun, version: number): Promise<void> => {
  if (standingOf(state, ports.now()) !== 'stuck' || run.next >= run.slices) return sendStep(ports, run);
  const slice = await ports.sweeps.findSlice(run.runId, run.next);
  const tally = stalled(slice?.targetGroupArns.length ?? 0);
  const after = afterSlice(run, { tally, isWhole: false, reliedOn: [] }, ports.now());
  ports.log({ event: 'sweep-failed', what: `slice ${run.next}`, because: 'its runs never came back' });
  if (await ports.sweeps.write({ ...state, run: after }, version)) await sendStep(ports, after);
};

/**
 * Begins a sweep, unless one is under way: then that is revived if nothing was heard of it for a while. A person's wish waits
 * for its end.
 */
const whenDue = async (ports: SweepPorts, due: SweepDue): Promise<Swept> => {
  await reviveWatches(ports);
  const { state, version } = await ports.sweeps.read();
  const { run } = state;
  const standing = standingOf(state, ports.now());
  if (run !== undefined && standing !== 'dead') {
    if (standing !== 'moving') await revive(ports, state, run, version);
    await afterTheOther(ports, due);
    return 'under-way';
  }
  if (run !== undefined) await bury(ports, run);
  try {
    return await begin(ports, due, state, version);
  } catch (error) {
    noteFailure(ports, 'begin', error);
    if (due.attempt + 1 < ATTEMPTS) {
      await sendAgain(ports, due);
      return 'tried-again';
    }
    await tellNotBegun(ports, failureOf(error, 0));
    return 'given-up';
  }
};

type Looked =
  | { readonly kind: 'looked'; readonly outcome: SliceOutcome }
  | { readonly kind: 'failed'; readonly error: unknown; readonly done: SweepTally };

const lookOrFail = async (ports: SweepPorts, run: SweepRun, slice: SweepSlice | undefined): Promise<Looked> => {
  try {
    if (slice === undefined) throw new Error(`slice ${run.next} of ${run.runId} is gone`);
    return { kind: 'looked', outcome: await lookAtSlice(ports, slice, run.mode) };
  } catch (error) {
    noteFailure(ports, `slice ${run.next}`, error);
    return { kind: 'failed', error, done: doneBy(error) };
  }
};

/** Looks at the run's next slice; what fails is tried again, then left, and the sweep goes on without it. */
const takeSlice = async (
  ports: SweepPorts,
  message: SweepStep,
  { state, run, version }: { readonly state: SweepState; readonly run: SweepRun; readonly version: number },
): Promise<Swept> => {
  const goOn = async (after: SweepRun, swept: Swept): Promise<Swept> => {
    if (!(await ports.sweeps.write({ ...state, run: after }, version))) return 'stale';
    if (swept === 'tried-again') await sendAgain(ports, message);
    else await sendStep(ports, after);
    return swept;
  };
  const slice = await ports.sweeps.findSlice(run.runId, run.next);
  const looked = await lookOrFail(ports, run, slice);
  if (looked.kind === 'looked') return goOn(afterSlice(run, looked.outcome, ports.now()), 'looked');
  const withDone = { ...run, tally: mergeTallies(run.tally, looked.done) };
  if (message.attempt + 1 < ATTEMPTS)
    return goOn({ ...withDone, progressAt: ports.now().toISOString() }, 'tried-again');
  const notLookedAt = failureOf(looked.error, slice?.targetGroupArns.length ?? 0);
  const lost = { tally: { ...NOTHING_SWEPT, notLookedAt }, isWhole: false, reliedOn: [] };
  return goOn(afterSlice(withDone, lost, ports.now()), 'given-up');
};

/** Security groups that one run of closing is told of, in another order each time. */
const GROUPS_TO_CLOSE = 50;

/** Has those security groups looked at where slices saw rules that let more to targets than their balancer. */
const askToClose = async (ports: SweepPorts, { runId, broader = [] }: SweepRun): Promise<void> => {
  const turn = ({ groupId }: { readonly groupId: string }): string => shortDigest(`${runId}|${groupId}`);
  const groups = [...Map.groupBy(broader, ({ groupId }) => groupId)]
    .map(([groupId, rules]) => ({ groupId, ruleIds: rules.map(({ ruleId }) => ruleId) }))
    .sort((a, b) => compareText(turn(a), turn(b)))
    .slice(0, GROUPS_TO_CLOSE);
  if (groups.length > 0) await ports.sweepQueue.sendLater(serializeClosingNote({ kind: 'close-rules', groups }), 0);
};

/**
 * Companion groups at the end of a sweep that saw everything: those that nothing needs go, and where rules of ours name what
 * others wear, one is proposed. What fails here fails nothing else.
 */
const endCompanions = async (
  ports: TellingPorts,
  run: SweepRun,
  record: SweepRecord,
  own: readonly SecurityGroupRule[],
): Promise<SweepRecord['unneeded'] | undefined> => {
  const saying = sayingOnce(ports);
  try {
    const unneeded = await lookAfterCompanions(saying, run, record);
    if (run.mode === 'apply') await proposeForBalancers(saying, own);
    return unneeded;
  } catch (error) {
    noteFailure(ports, 'companions', error);
    return undefined;
  }
};

/** The last step: rules that nobody needs, the report, and what is left to the next sweep. */
const end = async (
  ports: TellingPorts,
  { state, run, version }: { readonly state: SweepState; readonly run: SweepRun; readonly version: number },
): Promise<Swept> => {
  const { record } = state;
  const now = ports.now();
  // What was not seen is not there for all we know: nothing is concluded from it, and nothing forgotten.
  const collected = run.isWhole
    ? await collectRules(ports, run, record).catch((error: unknown) => {
        noteFailure(ports, 'rules', error);
        return undefined;
      })
    : undefined;
  if (run.isWhole && run.mode === 'apply') await askToClose(ports, run);
  const companions = collected && (await endCompanions(ports, run, record, collected.own));
  const before = Object.entries(record.unneeded);
  const unneeded = {
    ...(collected?.unneeded ?? Object.fromEntries(before.filter(([id]) => !isGroupId(id)))),
    ...(companions ?? Object.fromEntries(before.filter(([id]) => isGroupId(id)))),
  };
  const tally = mergeTallies(run.tally, { ...NOTHING_SWEPT, leftAlone: collected?.leftAlone ?? [] });
  const grounds = groundsOf(ports.stage, ports.version);
  const told = await tellEnded(ports, { ...run, tally }, grounds);
  const isDue = isStatusDue(record.statusAt, now);
  if (isDue && record.statusAt !== undefined)
    await tellStatus(ports, told, Object.keys(unneeded).filter((id) => !isGroupId(id)).length);
  const looksAfterAlarms = areAlarmsDue(record, run, ports.now());
  if (looksAfterAlarms) await ports.sweepQueue.sendLater(serializeAlarmsDue({ kind: 'alarms-due' }), 0);
  const { instances, targetGroups, leftAlone, limits } = told;
  const seen = { instances, targetGroups, leftAlone, limits };
  const ended = endRun(
    state,
    { grounds, proposed: changesIn(told), unneeded, toldStatus: isDue, looksAfterAlarms, seen },
    ports.now(),
  );
  const isOurs = await ports.sweeps.write(ended, version);
  ports.log({ event: 'sweep-ended', runId: run.runId, isWhole: run.isWhole, changes: changesIn(told) });
  return isOurs ? 'ended' : 'stale';
};

const takeStep = async (ports: TellingPorts, message: SweepStep): Promise<Swept> => {
  const { state, version } = await ports.sweeps.read();
  const { run } = state;
  if (run === undefined || run.runId !== message.runId || message.step > run.next) return 'stale';
  if (message.step < run.next) {
    // It did its work and may have died before the next step was sent.
    if (standingOf(state, ports.now()) !== 'moving') await sendStep(ports, run);
    return 'stale';
  }
  const held = { state, run, version };
  return run.next < run.slices ? takeSlice(ports, message, held) : end(ports, held);
};

/**
 * Takes one message of the sweep's: time to begin, or the next step. Killed anywhere and taken again, it comes to the same
 * end; two at once do the same twice, under leases, and one of them is written down.
 * @throws what the table or the queues failed with; the message comes back
 */
export const sweep =
  (ports: TellingPorts) =>
  (message: SweepMessage): Promise<Swept> =>
    message.kind === 'sweep-due' ? whenDue(ports, message) : takeStep(ports, message);
