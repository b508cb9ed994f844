import type { InvalidationBatch } from '../../domain/invalidation/request.ts';
import { serializeInvalidationMessage } from '../../events/invalidation-message.ts';
import type { InvalidationPorts } from './ports.ts';

/** CloudFront takes seconds at the least (facts 6.3). */
export const FIRST_LOOK_AFTER_SECONDS = 5;

/** The longest pause that the age of an invalidation allows: often while it is news, seldom when it drags on. */
const PAUSES: readonly (readonly [youngerThanSeconds: number, pauseSeconds: number])[] = [
  [60, 5],
  [300, 15],
  [1_800, 60],
  [7_200, 300],
];
const LONGEST_PAUSE_SECONDS = 900;

export const pauseBeforeLook = (ageSeconds: number): number =>
  PAUSES.find(([younger]) => ageSeconds < younger)?.[1] ?? LONGEST_PAUSE_SECONDS;

/** Sends the message of the next look, then notes it: whoever dies in between sends it again, and the number tells. */
export const sendLook = async (
  ports: Pick<InvalidationPorts, 'invalidationQueue' | 'invalidations' | 'now'>,
  batch: InvalidationBatch,
  look: number,
  seconds: number,
  wasGone = false,
): Promise<void> => {
  const message = serializeInvalidationMessage({
    kind: 'invalidation-follow',
    batchId: batch.batchId,
    look,
    ...(wasGone && { wasGone }),
  });
  await ports.invalidationQueue.sendLater(message, seconds);
  await ports.invalidations.lookNext(batch, look, new Date(ports.now().getTime() + seconds * 1000));
};
