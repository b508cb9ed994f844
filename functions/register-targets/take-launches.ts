import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { DeadLetters } from '../../aws/queues/port.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseQueuedEvent } from '../../events/parse-event.ts';
import type { LookingPorts, Sighting } from '../../stories/seat-instances/ports.ts';
import { seatInstances } from '../../stories/seat-instances/story.ts';
import { settleLedger } from '../../stories/settle-ledger/story.ts';
import { askedBy } from './sightings.ts';

export interface LaunchPorts extends LookingPorts {
  readonly deadLetters: DeadLetters;
}

/** A message with the instances it asks to look at. */
interface Taken {
  readonly messageId: string;
  readonly sightings: readonly Sighting[];
}

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const take = async (ports: LaunchPorts, { body, messageId }: SQSRecord): Promise<Taken> => {
  try {
    const asked = askedBy(parseQueuedEvent(body), ports.stage, ports.now());
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

/** Seats each message by itself, so that one that fails does not hold the others back. */
const oneByOne = async (ports: LaunchPorts, taken: readonly Taken[]): Promise<readonly string[]> => {
  const failed: string[] = [];
  for (const { messageId, sightings } of taken) {
    try {
      await seatInstances(ports)(sightings);
    } catch (error) {
      ports.log({ event: 'failed', messageId, because: error instanceof Error ? error.message : String(error) });
      failed.push(messageId);
    }
  }
  return failed;
};

/**
 * Seats the instances of a batch of messages in one run. When that fails for a reason of one of them, each is tried by
 * itself; when AWS is crowded, all come back later.
 * @throws whatever settling or a crowded AWS failed with
 */
export const takeLaunches =
  (ports: LaunchPorts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const taken: Taken[] = [];
    for (const record of Records) taken.push(await take(ports, record));
    const asking = taken.filter(({ sightings }) => sightings.length > 0);
    if (asking.length === 0) return { batchItemFailures: [] };
    await settleLedger(ports);
    try {
      const outcome = await seatInstances(ports)(asking.flatMap(({ sightings }) => sightings));
      ports.log({ event: 'seated', messages: Records.length, ...outcome });
      return { batchItemFailures: [] };
    } catch (error) {
      if (asking.length === 1 || isCrowding(error)) throw error;
      const failed = await oneByOne(ports, asking);
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    }
  };
