import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../../aws/queues/port.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import type { SweepMessage } from '../../events/sweep-message.ts';
import { parseSweepMessage } from '../../events/sweep-message.ts';
import type { SweepPorts } from '../../stories/sweep/ports.ts';
import { sweep } from '../../stories/sweep/story.ts';

export interface SweepingPorts extends SweepPorts {
  readonly deadLetters: DeadLetters;
}

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const messageOf = async (ports: SweepingPorts, { body, messageId }: SQSRecord): Promise<SweepMessage | undefined> => {
  try {
    return parseSweepMessage(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

/** Takes the messages one after the other; one that fails comes back alone. */
export const takeMessages =
  (ports: SweepingPorts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of Records) {
      const { messageId } = record;
      try {
        const message = await messageOf(ports, record);
        if (message === undefined) continue;
        const swept = await sweep(ports)(message);
        ports.log({ event: 'swept', messageId, kind: message.kind, swept });
      } catch (error) {
        ports.log({ event: 'failed', messageId, because: error instanceof Error ? error.message : String(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
