import type { SQSBatchResponse } from 'aws-lambda';
import type { Ignored } from '../../events/arrived-event.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { readExpiryMessage } from '../../events/expiry-message.ts';
import { parseJson } from '../../events/malformed-event-error.ts';
import { isOurOwn } from '../../events/our-own.ts';
import type { ExpiryEvent } from '../../events/parse-expiry-event.ts';
import { parseExpiryEvent } from '../../events/parse-expiry-event.ts';
import type { ExpiryPorts } from '../../stories/watch-expiry/ports.ts';
import { watchExpiry } from '../../stories/watch-expiry/story.ts';
import type { Batch, BatchPorts, QueuedMessage } from '../take-batch.ts';
import { comeAgain, failedAmong, understood } from '../take-batch.ts';

export type ExpiryMessagePorts = ExpiryPorts & BatchPorts;

type Message = ExpiryMessage | ExpiryEvent | Ignored;

/** A run begins nothing more after 25 s (stories/watch-expiry/patience.ts), and the function has 120 s in all. */
const RUNS_BEGIN_WITHIN_MILLISECONDS = 10_000;

const readMessage = (body: string): Message => {
  const message = parseJson(body);
  return isOurOwn(message) ? readExpiryMessage(message) : parseExpiryEvent(message);
};

const takeMessage = async (ports: ExpiryMessagePorts, record: QueuedMessage): Promise<void> => {
  const message = await understood(ports, record, readMessage);
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
  async ({ Records }: Batch): Promise<SQSBatchResponse> => {
    const endsAt = ports.now().getTime() + RUNS_BEGIN_WITHIN_MILLISECONDS;
    const failed: string[] = [];
    const taken = new Set<string>();
    for (const [index, record] of Records.entries()) {
      const { messageId, body } = record;
      if (taken.has(body)) continue;
      const failing = await failedAmong(ports, [messageId], async () => {
        // Also after one that failed: what fails late must not take the time of the others.
        if (index > 0 && ports.now().getTime() >= endsAt) await ports.expiryQueue.sendLater(body, 0);
        else await takeMessage(ports, record);
        taken.add(body);
      });
      failed.push(...failing);
    }
    return comeAgain(failed);
  };
