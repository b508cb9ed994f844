import { timeToLive, watchKey } from './keys.ts';
import type { Watch, Watches } from './port.ts';
import type { ItemWrite, Table, Versioned } from './table.ts';
import { decideAndWrite, nextVersion, unchangedSince } from './table.ts';
import type { WatchChain } from './watch-chain.ts';
import { askFor, endChain, goOn, revive, takeLook, watchOf } from './watch-chain.ts';

/** An ended chain keeps its number longer than a queue keeps a message (14 days in a dead-letter queue). */
const ENDED_CHAIN_DAYS = 30;

/** A chain with its moments in epoch milliseconds. */
interface StoredChain extends Versioned {
  readonly tick: number;
  readonly nextLookAt: number;
  readonly lastReportAt?: number;
  readonly healthySince?: Readonly<Record<string, number>>;
  readonly missing?: readonly string[];
  readonly starts: number;
  readonly takenAt?: number;
  readonly isUnderWay: boolean;
  readonly hasEnded: boolean;
}

const momentOf = (value: number | undefined): Date | undefined => (value === undefined ? undefined : new Date(value));

const toChain = (stored: StoredChain): WatchChain => ({
  tick: stored.tick,
  nextLookAt: new Date(stored.nextLookAt),
  lastReportAt: momentOf(stored.lastReportAt),
  healthySince: new Map(Object.entries(stored.healthySince ?? {}).map(([key, moment]) => [key, new Date(moment)])),
  missing: new Set(stored.missing ?? []),
  starts: stored.starts,
  takenAt: momentOf(stored.takenAt),
  isUnderWay: stored.isUnderWay,
  hasEnded: stored.hasEnded,
});

const toWrite = (targetGroupArn: string, chain: WatchChain, before: StoredChain | undefined): ItemWrite => ({
  kind: 'put',
  item: {
    ...watchKey(targetGroupArn),
    tick: chain.tick,
    nextLookAt: chain.nextLookAt.getTime(),
    lastReportAt: chain.lastReportAt?.getTime(),
    healthySince: Object.fromEntries([...chain.healthySince].map(([key, moment]) => [key, moment.getTime()])),
    missing: [...chain.missing],
    starts: chain.starts,
    takenAt: chain.takenAt?.getTime(),
    isUnderWay: chain.isUnderWay,
    hasEnded: chain.hasEnded,
    version: nextVersion(before),
    ttl: timeToLive(chain.nextLookAt, ENDED_CHAIN_DAYS),
  },
  condition: unchangedSince(before),
});

/** Watches in the table: one item a target group, changed only as it was read. */
export const tableWatches = (table: Table): Watches => {
  /** Reads the chain, lets `decide` say what it becomes (`undefined`: stays), and writes that. */
  const change = <Result>(
    targetGroupArn: string,
    decide: (chain: WatchChain | undefined) => { readonly chain: WatchChain | undefined; readonly result: Result },
  ): Promise<Result> =>
    decideAndWrite(table, async () => {
      const stored = (await table.get(watchKey(targetGroupArn))) as StoredChain | undefined;
      const { chain, result } = decide(stored && toChain(stored));
      return { writes: chain === undefined ? [] : [toWrite(targetGroupArn, chain, stored)], result };
    });

  return {
    start: (targetGroupArn, now, firstLookAfterSeconds) =>
      change(targetGroupArn, (before) => {
        const { chain, tickToSend } = askFor(before, now, firstLookAfterSeconds);
        return { chain, result: tickToSend };
      }),
    revive: (targetGroupArn, now, firstLookAfterSeconds) =>
      change(targetGroupArn, (before) => {
        const { chain, tickToSend } = revive(before, now, firstLookAfterSeconds);
        return { chain: chain === before ? undefined : chain, result: tickToSend };
      }),
    take: (targetGroupArn, tick, now) =>
      change<Watch | 'too-early' | undefined>(targetGroupArn, (before) => {
        const chain = takeLook(before, tick, now);
        return typeof chain === 'object'
          ? { chain, result: watchOf(targetGroupArn, chain) }
          : { chain: undefined, result: chain };
      }),
    continue: (watch, nextLookAt, remembered) =>
      change(watch.targetGroupArn, (before) => ({
        chain: goOn(before, watch, nextLookAt, remembered),
        result: undefined,
      })),
    end: (watch, remembered) =>
      change(watch.targetGroupArn, (before) => {
        const ended = endChain(before, watch, remembered);
        return { chain: typeof ended === 'object' ? ended : undefined, result: ended !== 'asked-for' };
      }),
  };
};
