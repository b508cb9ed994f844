import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { DeadLetters } from '../../aws/queues/port.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseQueuedEvent } from '../../events/parse-event.ts';
import type { LookingPorts, Sighting } from '../../stories/seat-instances/ports.ts';
import { GroupsStayedLeasedError, seatInstances } from '../../stories/seat-instances/story.ts';
import { settleLedger } from '../../stories/settle-ledger/story.ts';
import { askedBy } from './sightings.ts';

/** A run that starts with less left might be cut off with nothing written down. Most of it are reads that may be tried again. */
const ROOM_FOR_A_RUN_MILLISECONDS = 20_000;

export interface LaunchPorts extends LookingPorts {
  /** What is left of the invocation. */
  readonly remainingMilliseconds: () => number;
  readonly deadLetters: DeadLetters;
}

/** A message with the instances it asks to look at. */
interface Taken {
  readonly messageId: string;
  readonly sightings: readonly Sighting[];
}

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const take = async (ports: LaunchPorts, { body, messageId }: SQSRecord, now: Date): Promise<Taken> => {
  try {
    const asked = askedBy(parseQueuedEvent(body), ports.stage, now);
    if (asked.kind === 'look') return { messageId, sightings: asked.sightings };
    ports.log({ event: 'ignored', reason: asked.reason, messageId });
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
  }
  return { messageId, sightings: [] };
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

const inHalves = (messages: readonly Taken[]): readonly (readonly Taken[])[] => {
  const middle = Math.ceil(messages.length / 2);
  return [messages.slice(0, middle), messages.slice(middle)];
};

/**
 * Seats messages together. What fails for a reason of one of them is tried again in halves, so that one that always fails
 * costs few runs and holds no other back. Once AWS is crowded, or little time is left, the rest comes back later.
 */
const seatTogether = async (ports: LaunchPorts, messages: readonly Taken[]): Promise<readonly Failed[]> => {
  const failed: Failed[] = [];
  const waiting = [messages];
  for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
    if (ports.remainingMilliseconds() < ROOM_FOR_A_RUN_MILLISECONDS)
      return [...failed, ...allFailed([run, ...waiting].flat(), new Error('too little time is left for another run'))];
    try {
      const outcome = await seatInstances(ports)(run.flatMap(({ sightings }) => sightings));
      ports.log({ event: 'seated', messages: run.length, ...outcome });
    } catch (error) {
      if (isCrowding(error)) return [...failed, ...allFailed([run, ...waiting].flat(), error)];
      if (error instanceof GroupsStayedLeasedError) failed.push(...allFailed(namingGivenUp(run, error), error));
      else if (run.length === 1) failed.push(...allFailed(run, error));
      else waiting.unshift(...inHalves(run));
    }
  }
  return failed;
};

/**
 * Seats the instances of a batch of messages, in one run if all goes well.
 * @throws what settling failed with, or the first failure when no message of the batch got through
 */
export const takeLaunches =
  (ports: LaunchPorts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const now = ports.now();
    const taken: Taken[] = [];
    for (const record of Records) taken.push(await take(ports, record, now));
    const asking = taken.filter(({ sightings }) => sightings.length > 0);
    if (asking.length === 0) return { batchItemFailures: [] };
    await settleLedger(ports);
    const failed = await seatTogether(ports, asking);
    const [first] = failed;
    if (first !== undefined && failed.length === Records.length) throw first.error;
    for (const { messageId, error } of failed)
      ports.log({ event: 'failed', messageId, because: error instanceof Error ? error.message : String(error) });
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
