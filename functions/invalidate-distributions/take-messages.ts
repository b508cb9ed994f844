import type { SQSBatchResponse } from 'aws-lambda';
import type { InvalidationMessage } from '../../events/invalidation-message.ts';
import { readInvalidationMessage } from '../../events/invalidation-message.ts';
import type { InvalidationRequested } from '../../events/invalidation-requested/parse.ts';
import { parseInvalidationRequested } from '../../events/invalidation-requested/parse.ts';
import { parseJson } from '../../events/malformed-event-error.ts';
import { isOurOwn } from '../../events/our-own.ts';
import { drainInvalidations } from '../../stories/invalidate/drain.ts';
import { followInvalidation } from '../../stories/invalidate/follow.ts';
import type { InvalidationPorts } from '../../stories/invalidate/ports.ts';
import type { PipelinePorts } from '../../stories/invalidate/take-event.ts';
import { takeInvalidationEvent } from '../../stories/invalidate/take-event.ts';
import type { Batch, BatchPorts } from '../take-batch.ts';
import { comeAgain, failedAmong, understood } from '../take-batch.ts';

export interface MessagePorts extends InvalidationPorts, PipelinePorts, BatchPorts {
  readonly invalidations: InvalidationPorts['invalidations'];
  readonly cloudFront: InvalidationPorts['cloudFront'];
}

type Message = InvalidationMessage | InvalidationRequested;

const readMessage = (body: string): Message => {
  const message = parseJson(body);
  return isOurOwn(message) ? readInvalidationMessage(message) : parseInvalidationRequested(message);
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

/** Takes what pipelines asked for, wake-ups and looks; what fails comes back alone. */
export const takeMessages =
  (ports: MessagePorts) =>
  async ({ Records }: Batch): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    const messages: (readonly [string, Message])[] = [];
    for (const record of Records) {
      const { messageId } = record;
      const failing = await failedAmong(ports, [messageId], async () => {
        const message = await understood(ports, record, readMessage);
        if (message !== undefined) messages.push([messageId, message]);
      });
      failed.push(...failing);
    }
    for (const tasks of tasksOf(ports, messages)) {
      const failing = await Promise.all(tasks.map(({ messageIds, run }) => failedAmong(ports, messageIds, run)));
      failed.push(...failing.flat());
    }
    return comeAgain(failed);
  };
