import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../../aws/queues/port.ts';
import type { Ignored } from '../../events/arrived-event.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { readExpiryMessage } from '../../events/expiry-message.ts';
import { MalformedEventError, parseJson } from '../../events/malformed-event-error.ts';
import type { ExpiryEvent } from '../../events/parse-expiry-event.ts';
import { parseExpiryEvent } from '../../events/parse-expiry-event.ts';
import type { ExpiryPorts } from '../../stories/watch-expiry/ports.ts';
import { watchExpiry } from '../../stories/watch-expiry/story.ts';

export interface ExpiryMessagePorts extends ExpiryPorts {
  readonly deadLetters: DeadLetters;
}

/** As much of a record as is looked at. */
type QueuedMessage = Pick<SQSRecord, 'messageId' | 'body'>;

type Message = ExpiryMessage | ExpiryEvent | Ignored;

/** A run begins nothing more after 25 s (stories/watch-expiry/patience.ts), and the function has 120 s in all. */
const RUNS_BEGIN_WITHIN_MILLISECONDS = 10_000;

/** Our own notes carry their version under this name, which no event has at its top. */
const isOurOwn = (message: unknown): boolean => typeof message === 'object' && message !== null && 'usher' in message;

const readMessage = (body: string): Message => {
  const message = parseJson(body);
  return isOurOwn(message) ? readExpiryMessage(message) : parseExpiryEvent(message);
};

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const messageOf = async (
  ports: ExpiryMessagePorts,
  { body, messageId }: QueuedMessage,
): Promise<Message | undefined> => {
  try {
    return readMessage(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

const takeMessage = async (ports: ExpiryMessagePorts, record: QueuedMessage): Promise<void> => {
  const message = await messageOf(ports, record);
  if (message === undefined) return;
  if (message.kind === 'ignored') {
    ports.log({ event: 'ignored', because: message.reason, detail: message.detail });
    return;
  }
  const outcome = await watchExpiry(ports)(message);
  ports.log({ event: 'watched', kind: message.kind, messageId: record.messageId, ...outcome });
};

/**
 * Takes messages one after the other, as the watch runs alone. The same said twice in a batch is done once; what a run would
 * be cut short in is handed on as it is; what fails comes back alone.
 */
export const takeMessages =
  (ports: ExpiryMessagePorts) =>
  async ({ Records }: { readonly Records: readonly QueuedMessage[] }): Promise<SQSBatchResponse> => {
    const endsAt = ports.now().getTime() + RUNS_BEGIN_WITHIN_MILLISECONDS;
    const failed: string[] = [];
    const taken = new Set<string>();
    for (const [index, record] of Records.entries()) {
      const { messageId, body } = record;
      if (taken.has(body)) continue;
      try {
        // Also after one that failed: what fails late must not take the time of the others.
        if (index > 0 && ports.now().getTime() >= endsAt) await ports.expiryQueue.sendLater(body, 0);
        else await takeMessage(ports, record);
        taken.add(body);
      } catch (error) {
        ports.log({ event: 'failed', messageId, because: String(error) });
        failed.push(messageId);
      }
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
