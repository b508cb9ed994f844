import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../../aws/queues/port.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import type { WatchTick } from '../../events/watch-tick.ts';
import { parseWatchTick } from '../../events/watch-tick.ts';
import type { FollowingPorts } from '../../stories/follow-targets/ports.ts';
import { followTargets } from '../../stories/follow-targets/story.ts';

export interface LookPorts extends FollowingPorts {
  readonly deadLetters: DeadLetters;
}

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const tickOf = async (ports: LookPorts, { body, messageId }: SQSRecord): Promise<WatchTick | undefined> => {
  try {
    return parseWatchTick(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

const lookOnce = async (ports: LookPorts, record: SQSRecord): Promise<void> => {
  const tick = await tickOf(ports, record);
  if (tick === undefined) return;
  const outcome = await followTargets(ports)(tick);
  ports.log({ event: 'looked', targetGroupArn: tick.targetGroupArn, tick: tick.tick, ...outcome });
};

/** Each message is one look at one group; a look that fails comes back alone. */
export const takeLooks =
  (ports: LookPorts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const results = await Promise.allSettled(Records.map((record) => lookOnce(ports, record)));
    return {
      batchItemFailures: Records.flatMap(({ messageId }, index) => {
        const result = results[index];
        if (result?.status !== 'rejected') return [];
        ports.log({ event: 'failed', messageId, because: String(result.reason) });
        return [{ itemIdentifier: messageId }];
      }),
    };
  };
