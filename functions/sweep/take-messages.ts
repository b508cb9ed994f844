import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../../aws/queues/port.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import type { SweepQueueMessage } from '../../events/sweep-queue.ts';
import { parseSweepQueueMessage } from '../../events/sweep-queue.ts';
import { lookAtTouched } from '../../stories/note-changes/look-at-touched.ts';
import type { ChangePorts } from '../../stories/note-changes/ports.ts';
import { noteChange } from '../../stories/note-changes/story.ts';
import { sweep } from '../../stories/sweep/story.ts';

export interface SweepingPorts extends ChangePorts {
  readonly deadLetters: DeadLetters;
}

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const messageOf = async (
  ports: SweepingPorts,
  { body, messageId }: SQSRecord,
): Promise<SweepQueueMessage | undefined> => {
  try {
    return parseSweepQueueMessage(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

/** Does what a message asks for; answers what became of it, for the log. */
const act = async (ports: SweepingPorts, message: SweepQueueMessage): Promise<string> => {
  switch (message.kind) {
    case 'ignored':
      return message.reason;
    case 'api-called':
      return noteChange(ports)(message);
    case 'look-at-touched':
      return lookAtTouched(ports)(message);
    case 'sweep-due':
    case 'sweep-step':
      return sweep(ports)(message);
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
        const became = await act(ports, message);
        ports.log({ event: 'swept', messageId, kind: message.kind, became });
      } catch (error) {
        ports.log({ event: 'failed', messageId, because: error instanceof Error ? error.message : String(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
