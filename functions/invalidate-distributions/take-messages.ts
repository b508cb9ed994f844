import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../../aws/queues/port.ts';
import type { InvalidationMessage } from '../../events/invalidation-message.ts';
import { readInvalidationMessage } from '../../events/invalidation-message.ts';
import type { InvalidationRequested } from '../../events/invalidation-requested/parse.ts';
import { parseInvalidationRequested } from '../../events/invalidation-requested/parse.ts';
import { MalformedEventError, parseJson } from '../../events/malformed-event-error.ts';
import { drainInvalidations } from '../../stories/invalidate/drain.ts';
import { followInvalidation } from '../../stories/invalidate/follow.ts';
import type { InvalidationPorts } from '../../stories/invalidate/ports.ts';
import type { PipelinePorts } from '../../stories/invalidate/take-event.ts';
import { takeInvalidationEvent } from '../../stories/invalidate/take-event.ts';

export interface MessagePorts extends InvalidationPorts, PipelinePorts {
  readonly invalidations: InvalidationPorts['invalidations'];
  readonly cloudFront: InvalidationPorts['cloudFront'];
  readonly deadLetters: DeadLetters;
}

/** As much of a record as is looked at. */
type QueuedMessage = Pick<SQSRecord, 'messageId' | 'body'>;

type Message = InvalidationMessage | InvalidationRequested;

/** Our own messages carry their version under this name, which no event has at its top. */
const isOurOwn = (message: unknown): boolean => typeof message === 'object' && message !== null && 'usher' in message;

const readMessage = (body: string): Message => {
  const message = parseJson(body);
  return isOurOwn(message) ? readInvalidationMessage(message) : parseInvalidationRequested(message);
};

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const messageOf = async (ports: MessagePorts, { body, messageId }: QueuedMessage): Promise<Message | undefined> => {
  try {
    return readMessage(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

/** A record with what it says; several that wake one line are one. */
interface Task {
  readonly messageIds: readonly string[];
  readonly run: () => Promise<void>;
}

const runMessage = async (ports: MessagePorts, message: Message): Promise<void> => {
  switch (message.kind) {
    case 'invalidation-requested': {
      const { account } = ports.stage;
      if (message.account !== undefined && message.account !== account) {
        ports.log({ event: 'ignored', because: 'AccountNotOurs', account: message.account });
        return;
      }
      const { kind } = await takeInvalidationEvent(ports)(message);
      ports.log({ event: 'pipeline-asked', source: message.source, outcome: kind });
      return;
    }
    case 'invalidation-wake': {
      const outcome = await drainInvalidations(ports)(message.distributionId);
      ports.log({ event: 'drained', distributionId: message.distributionId, ...outcome });
      return;
    }
    case 'invalidation-follow': {
      const outcome = await followInvalidation(ports)(message);
      ports.log({ event: 'followed', batchId: message.batchId, look: message.look, ...outcome });
      return;
    }
  }
};

/** Requests first, so that one drain sends them together; wake-ups of the same line are one. */
const tasksOf = (
  ports: MessagePorts,
  messages: readonly (readonly [string, Message])[],
): readonly (readonly Task[])[] => {
  const task = (messageIds: readonly string[], message: Message): Task => ({
    messageIds,
    run: () => runMessage(ports, message),
  });
  const wakes = new Map<string, { readonly ids: string[]; readonly message: Message }>();
  const [first, second]: [Task[], Task[]] = [[], []];
  for (const [messageId, message] of messages) {
    if (message.kind !== 'invalidation-wake') {
      (message.kind === 'invalidation-requested' ? first : second).push(task([messageId], message));
      continue;
    }
    const wake = wakes.get(message.distributionId) ?? { ids: [], message };
    wake.ids.push(messageId);
    wakes.set(message.distributionId, wake);
  }
  return [first, [...second, ...[...wakes.values()].map(({ ids, message }) => task(ids, message))]];
};

/** Runs tasks side by side; answers the messages of those that failed. */
const failuresOf = async (ports: MessagePorts, tasks: readonly Task[]): Promise<readonly string[]> => {
  const results = await Promise.allSettled(tasks.map(({ run }) => run()));
  return tasks.flatMap(({ messageIds }, index) => {
    const result = results[index];
    if (result?.status !== 'rejected') return [];
    ports.log({ event: 'failed', messageIds, because: String(result.reason) });
    return messageIds;
  });
};

/** Takes what pipelines asked for, wake-ups and looks; what fails comes back alone. */
export const takeMessages =
  (ports: MessagePorts) =>
  async ({ Records }: { readonly Records: readonly QueuedMessage[] }): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    const messages: (readonly [string, Message])[] = [];
    for (const record of Records) {
      try {
        const message = await messageOf(ports, record);
        if (message !== undefined) messages.push([record.messageId, message]);
      } catch (error) {
        ports.log({ event: 'failed', messageIds: [record.messageId], because: String(error) });
        failed.push(record.messageId);
      }
    }
    for (const tasks of tasksOf(ports, messages)) failed.push(...(await failuresOf(ports, tasks)));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
