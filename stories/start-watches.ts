import type { WaitingQueue } from '../aws/queues/port.ts';
import type { Watches } from '../aws/state/port.ts';
import { isClosing } from '../domain/change.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { serializeWatchTick } from '../events/watch-tick.ts';
import type { Surroundings } from './log.ts';

/** Seconds from a registration to the first look: an ALB's first check takes a few. */
export const FIRST_LOOK_AFTER_SECONDS = 5;

export interface WatchStarting extends Pick<Surroundings, 'now' | 'log'> {
  readonly watches: Watches;
  readonly watchQueue: WaitingQueue;
}

/** What a sweep took away because nobody needed it has no target to follow; what was closed is watched by itself. */
const isOwedAnEnding = ({ change, status, telling }: LedgerEntry): boolean =>
  status === 'applied' && telling !== 'closed' && change.kind !== 'revoke-rule' && !isClosing(change);

/**
 * Sees to it that one watch is alive for every group with changes whose end is still to be told.
 * @param asking `start` for changes that are new to the watches; `revive` for those that a living one knows of
 */
export const startWatches = async (
  ports: WatchStarting,
  entries: readonly LedgerEntry[],
  asking: 'start' | 'revive' = 'start',
): Promise<void> => {
  const groups = new Set(entries.filter(isOwedAnEnding).map(({ targetGroupArn }) => targetGroupArn));
  for (const targetGroupArn of groups) {
    const tick = await ports.watches[asking](targetGroupArn, ports.now(), FIRST_LOOK_AFTER_SECONDS);
    if (tick === undefined) continue;
    await ports.watchQueue.sendLater(
      serializeWatchTick({ kind: 'watch-tick', targetGroupArn, tick }),
      FIRST_LOOK_AFTER_SECONDS,
    );
    ports.log({ event: 'watch-started', targetGroupArn, tick });
  }
};
