import type { Order } from '../../domain/order.ts';
import type { VerbAnswer } from '../../domain/verb-answer.ts';
import { serializeSweepMessage } from '../../events/sweep-message.ts';
import type { OrderPorts } from './ports.ts';

/** Of what a person gave as the reason, as much as a message can repeat. */
const LONGEST_REASON = 200;

/** Stops every write of the stage from now on: each story that writes asks under its lease. */
export const pauseWrites = async (ports: OrderPorts, order: Order, words: readonly string[]): Promise<VerbAnswer> => {
  const { userId } = order.by;
  // From the order on, not from when the run came to it: the same order, come again, begins the same pause.
  const since = new Date(order.orderedAt);
  const before = await ports.pauses.find();
  const said = words.join(' ').slice(0, LONGEST_REASON).toWellFormed();
  const reason = said === '' ? undefined : said;
  const isSame = before?.since.getTime() === since.getTime() && before.byUserId === userId;
  const pausedBefore = isSame ? undefined : before?.since;
  await ports.pauses.begin({
    since: pausedBefore ?? since,
    byUserId: userId,
    ...(reason === undefined ? {} : { reason }),
  });
  ports.log({ event: 'paused', byUserId: userId });
  return { kind: 'paused', byUserId: userId, reason, pausedBefore: pausedBefore?.toISOString() };
};

/** Longer than ending a pause takes, so that the sweep ordered before finds none. */
const AFTER_THE_PAUSE_SECONDS = 5;

const sweepSoon = (ports: OrderPorts, { by: { userId } }: Order, seconds: number): Promise<void> =>
  ports.sweepQueue.sendLater(serializeSweepMessage({ kind: 'sweep-due', attempt: 0, userId }), seconds);

/** Lets writes go on in one group that had dropped to report-only, by its name or ARN. */
const resumeGroup = async (ports: OrderPorts, { by: { userId } }: Order, said: string): Promise<VerbAnswer> => {
  const stopped = (await ports.pauses.listStoppedGroups()).map(({ targetGroup }) => targetGroup);
  const targetGroup = stopped.find(({ id, name }) => id === said || name === said);
  if (targetGroup === undefined) return { kind: 'group-not-stopped', said, stopped };
  await ports.pauses.resumeGroup(targetGroup.id);
  ports.log({ event: 'group-resumed', targetGroupArn: targetGroup.id, byUserId: userId });
  return { kind: 'group-resumed', byUserId: userId, targetGroup };
};

/**
 * Lets writes go on, and has a sweep make up for what was missed. That is ordered first: whoever dies in between has begun
 * nothing, and once the pause is over nobody would order it any more.
 */
export const resumeWrites = async (ports: OrderPorts, order: Order, words: readonly string[]): Promise<VerbAnswer> => {
  if (words.length > 0) return resumeGroup(ports, order, words.join(' '));
  const pause = await ports.pauses.find();
  if (pause === undefined) return { kind: 'not-paused' };
  await sweepSoon(ports, order, AFTER_THE_PAUSE_SECONDS);
  await ports.pauses.end();
  ports.log({ event: 'resumed', byUserId: order.by.userId });
  return { kind: 'resumed', byUserId: order.by.userId, pausedSince: pause.since.toISOString() };
};

/** Has everything looked at now, within every policy, brake and hold, as the schedule would. */
export const orderSweep = async (ports: OrderPorts, order: Order): Promise<VerbAnswer> => {
  await sweepSoon(ports, order, 0);
  return { kind: 'sweep-ordered', byUserId: order.by.userId };
};
