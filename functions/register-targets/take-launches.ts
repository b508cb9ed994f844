import type { SQSBatchResponse } from 'aws-lambda';
import { AwsCallError } from '../../aws/aws-call-error.ts';
import { parseQueuedEvent } from '../../events/parse-event.ts';
import type { HookPorts } from '../../stories/keep-hooks/story.ts';
import { keepHooks } from '../../stories/keep-hooks/story.ts';
import type { LookingPorts } from '../../stories/seat-instances/ports.ts';
import { GroupsStayedLeasedError, seatInstances } from '../../stories/seat-instances/story.ts';
import { settleLedger } from '../../stories/settle-ledger/story.ts';
import type { UnseatingPorts } from '../../stories/unseat-instances/ports.ts';
import { DeparturesStayedBusyError, unseatInstances } from '../../stories/unseat-instances/story.ts';
import type { Batch, BatchPorts, QueuedMessage } from '../take-batch.ts';
import { comeAgain, understood } from '../take-batch.ts';
import type { Looks } from './sightings.ts';
import { askedBy } from './sightings.ts';

/** A run that starts with less left might be cut off with nothing written down. Most of it are reads that may be tried again. */
const ROOM_FOR_A_RUN_MILLISECONDS = 20_000;

export type LaunchPorts = LookingPorts &
  UnseatingPorts &
  HookPorts &
  BatchPorts & {
    /** What is left of the invocation. */
    readonly remainingMilliseconds: () => number;
  };

/** A message with what it asks to look at. */
interface Taken extends Looks {
  readonly messageId: string;
}

const NOTHING: Looks = { sightings: [], departures: [], hooked: [] };

const asksForSomething = ({ sightings, departures, hooked }: Looks): boolean =>
  sightings.length + departures.length + hooked.length > 0;

/** What one message asks to look at. */
const take = async (ports: LaunchPorts, record: QueuedMessage, now: Date): Promise<Taken> => {
  const { messageId } = record;
  const asked = await understood(ports, record, (body) => askedBy(parseQueuedEvent(body), ports.stage, now));
  if (asked?.kind === 'ignored') ports.log({ event: 'ignored', reason: asked.reason, messageId });
  return asked?.kind === 'look' ? { ...asked, messageId } : { ...NOTHING, messageId };
};

const isCrowding = (error: unknown): boolean =>
  error instanceof AwsCallError && (error.meaning === 'throttled' || error.meaning === 'transient');

/** A message that comes back, and the error it comes back for. */
interface Failed {
  readonly messageId: string;
  readonly error: unknown;
}

const allFailed = (messages: readonly Taken[], error: unknown): readonly Failed[] =>
  messages.map(({ messageId }) => ({ messageId, error }));

/** Messages whose looks are used up; those that name the same instances with fewer looks behind them need not come back. */
const namingGivenUp = (messages: readonly Taken[], { givenUp }: GroupsStayedLeasedError): readonly Taken[] => {
  const looks = new Map(givenUp.map(({ instanceId, attempt }) => [instanceId, attempt]));
  return messages.filter(({ sightings }) =>
    sightings.some(({ instanceId, attempt }) => attempt === looks.get(instanceId)),
  );
};

/** The same of those that may have to leave. */
const namingBusy = (messages: readonly Taken[], { givenUp }: DeparturesStayedBusyError): readonly Taken[] => {
  const busy = new Set(givenUp.map(({ instanceId }) => instanceId));
  return messages.filter(({ departures }) => departures.some(({ instanceId }) => busy.has(instanceId)));
};

const inHalves = (messages: readonly Taken[]): readonly (readonly Taken[])[] => {
  const middle = Math.ceil(messages.length / 2);
  return [messages.slice(0, middle), messages.slice(middle)];
};

/**
 * Seats whom a run of messages asks to seat, then takes out whom it asks to take out: whoever moves from one group to another
 * is in the new one first. Answers the messages whose groups stayed busy; everything else of the run is done.
 * @throws whatever a read or write of AWS failed with
 */
const lookAt = async (ports: LaunchPorts, run: readonly Taken[]): Promise<readonly Failed[]> => {
  const failed: Failed[] = [];
  const sightings = run.flatMap((message) => message.sightings);
  const departures = run.flatMap((message) => message.departures);
  const hooked = run.flatMap((message) => message.hooked);
  try {
    if (sightings.length > 0)
      ports.log({ event: 'seated', messages: run.length, ...(await seatInstances(ports)(sightings)) });
  } catch (error) {
    if (!(error instanceof GroupsStayedLeasedError)) throw error;
    failed.push(...allFailed(namingGivenUp(run, error), error));
  }
  try {
    if (departures.length > 0) {
      const outcome = await unseatInstances(ports)(departures);
      // Whoever matches nothing has had its one line.
      if (sightings.length === 0 || outcome.groups + outcome.busy > 0)
        ports.log({ event: 'unseated', messages: run.length, ...outcome });
    }
  } catch (error) {
    if (!(error instanceof DeparturesStayedBusyError)) throw error;
    failed.push(...allFailed(namingBusy(run, error), error));
  }
  if (hooked.length > 0) await keepHooks(ports)(hooked);
  return failed;
};

/**
 * Looks at messages together. What fails for a reason of one of them is tried again in halves, so that one that always fails
 * costs few runs and holds no other back. Once AWS is crowded, or little time is left, the rest comes back later.
 */
const lookTogether = async (ports: LaunchPorts, messages: readonly Taken[]): Promise<readonly Failed[]> => {
  const failed: Failed[] = [];
  const waiting = [messages];
  for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
    if (ports.remainingMilliseconds() < ROOM_FOR_A_RUN_MILLISECONDS)
      return [...failed, ...allFailed([run, ...waiting].flat(), new Error('too little time is left for another run'))];
    try {
      failed.push(...(await lookAt(ports, run)));
    } catch (error) {
      if (isCrowding(error)) return [...failed, ...allFailed([run, ...waiting].flat(), error)];
      if (run.length === 1) failed.push(...allFailed(run, error));
      else waiting.unshift(...inHalves(run));
    }
  }
  return failed;
};

/**
 * Seats, and takes out, the instances of a batch of messages, in one run if all goes well.
 * @throws what settling failed with, or the first failure when no message of the batch got through
 */
export const takeLaunches =
  (ports: LaunchPorts) =>
  async ({ Records }: Batch): Promise<SQSBatchResponse> => {
    const now = ports.now();
    const taken: Taken[] = [];
    for (const record of Records) taken.push(await take(ports, record, now));
    const asking = taken.filter(asksForSomething);
    if (asking.length === 0) return comeAgain([]);
    await settleLedger(ports);
    const failed = await lookTogether(ports, asking);
    const [first] = failed;
    if (first !== undefined && failed.length === Records.length) throw first.error;
    for (const { messageId, error } of failed)
      ports.log({ event: 'failed', messageId, because: error instanceof Error ? error.message : String(error) });
    return comeAgain(failed.map(({ messageId }) => messageId));
  };
