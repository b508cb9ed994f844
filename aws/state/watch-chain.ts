import type { Remembered, Watch } from './port.ts';

/** A chain of looks as the table holds it. */
export interface WatchChain extends Remembered {
  /** The look that comes next, or the one being taken. */
  readonly tick: number;
  readonly nextLookAt: Date;
  /** How often the chain was asked for. */
  readonly starts: number;
  /** Since when the look is being taken; `undefined` between looks. */
  readonly takenAt: Date | undefined;
  /** Whether any look of this chain was taken, so that its messages are known to flow. */
  readonly isUnderWay: boolean;
  /** An ended chain keeps its number, so that a late message of it is not taken for one of the next. */
  readonly hasEnded: boolean;
}

/** A chain whose next look is overdue by more than this is dead: longer than a queue takes to hand a failed message out again. */
export const WATCH_GRACE_MILLISECONDS = 15 * 60 * 1000;
/** A look that took longer died on the way: longer than the function's time-out, shorter than the queue's visibility. */
export const LOOK_LAPSES_MILLISECONDS = 2 * 60 * 1000;

/** Past the number that the last chain may have sent ahead before it ended or died. */
const NUMBERS_BETWEEN_CHAINS = 2;

const isAlive = (chain: WatchChain, now: Date): boolean =>
  !chain.hasEnded && now.getTime() - chain.nextLookAt.getTime() <= WATCH_GRACE_MILLISECONDS;

/**
 * The chain once somebody has asked for it, and the tick that must be sent: none while its messages are known to flow, and
 * flow soon enough. A look that is brought forward is sent once more under its number, and its first message is taken.
 */
export const askFor = (
  chain: WatchChain | undefined,
  now: Date,
  firstLookAfterSeconds: number,
): { readonly chain: WatchChain; readonly tickToSend: number | undefined } => {
  const firstLookAt = new Date(now.getTime() + firstLookAfterSeconds * 1000);
  if (chain !== undefined && isAlive(chain, now)) {
    const isSooner = chain.takenAt === undefined && firstLookAt < chain.nextLookAt;
    return {
      chain: { ...chain, starts: chain.starts + 1, nextLookAt: isSooner ? firstLookAt : chain.nextLookAt },
      tickToSend: isSooner || !chain.isUnderWay ? chain.tick : undefined,
    };
  }
  const tick = chain === undefined ? 0 : chain.tick + NUMBERS_BETWEEN_CHAINS;
  return {
    chain: {
      tick,
      nextLookAt: firstLookAt,
      lastReportAt: chain?.lastReportAt,
      healthySince: chain?.healthySince ?? new Map(),
      missing: chain?.missing ?? new Set(),
      starts: 1,
      takenAt: undefined,
      isUnderWay: false,
      hasEnded: false,
    },
    tickToSend: tick,
  };
};

/**
 * The same for whoever only wants no change forgotten: a chain that is alive comes to it in its own time. Only a look that
 * is being taken may not have seen it, so that one must not be the last.
 */
export const revive: typeof askFor = (chain, now, firstLookAfterSeconds) => {
  if (chain === undefined || !isAlive(chain, now)) return askFor(chain, now, firstLookAfterSeconds);
  return {
    chain: chain.takenAt === undefined ? chain : { ...chain, starts: chain.starts + 1 },
    tickToSend: chain.isUnderWay ? undefined : chain.tick,
  };
};

const isBeingTaken = ({ takenAt }: WatchChain, now: Date): boolean =>
  takenAt !== undefined && now.getTime() - takenAt.getTime() < LOOK_LAPSES_MILLISECONDS;

/**
 * The chain with that look taken; `undefined` when the message is a duplicate, or of another chain; `too-early` when it
 * has overtaken the write that announces it: the look before it, which sent it, has not got that far. Once that look has
 * lapsed, its own message comes again and sends this one again.
 */
export const takeLook = (
  chain: WatchChain | undefined,
  tick: number,
  now: Date,
): WatchChain | 'too-early' | undefined => {
  if (chain === undefined || chain.hasEnded) return undefined;
  if (isBeingTaken(chain, now)) return tick === chain.tick + 1 ? 'too-early' : undefined;
  return tick === chain.tick ? { ...chain, takenAt: now, isUnderWay: true } : undefined;
};

/** What a story holds of a look that it has taken. */
export const watchOf = (
  targetGroupArn: string,
  { tick, nextLookAt, lastReportAt, healthySince, missing, starts }: WatchChain,
): Watch => ({
  targetGroupArn,
  tick: tick + 1,
  nextLookAt,
  lastReportAt,
  healthySince,
  missing,
  starts,
});

const holds = (chain: WatchChain | undefined, watch: Watch): chain is WatchChain =>
  chain?.takenAt !== undefined && !chain.hasEnded && chain.tick === watch.tick - 1;

/** The chain with its next look set; `undefined` when the watch is not of its present look. */
export const goOn = (
  chain: WatchChain | undefined,
  watch: Watch,
  nextLookAt: Date,
  { lastReportAt, healthySince, missing }: Remembered,
): WatchChain | undefined =>
  holds(chain, watch)
    ? { ...chain, tick: watch.tick, nextLookAt, lastReportAt, healthySince, missing, takenAt: undefined }
    : undefined;

/**
 * The chain ended; `asked-for` when somebody asked for it since this look was taken, so that it must go on; `not-ours` when
 * the watch is not of its present look, so that others see to it.
 */
export const endChain = (
  chain: WatchChain | undefined,
  watch: Watch,
  { lastReportAt, healthySince, missing }: Remembered,
): WatchChain | 'asked-for' | 'not-ours' => {
  if (!holds(chain, watch)) return 'not-ours';
  return chain.starts === watch.starts
    ? { ...chain, lastReportAt, healthySince, missing, hasEnded: true, takenAt: undefined }
    : 'asked-for';
};
