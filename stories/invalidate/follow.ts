import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Invalidation } from '../../aws/cloudfront/port.ts';
import type { FailureCode, InvalidationBatch } from '../../domain/invalidation/request.ts';
import type { InvalidationMessage } from '../../events/invalidation-message.ts';
import { serializeInvalidationMessage } from '../../events/invalidation-message.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { pauseBeforeLook, sendLook } from './look.ts';
import type { InvalidationPorts } from './ports.ts';
import type { PersonalAnswer } from './tell.ts';
import { answerPersons, tellCompleted, tellFailed, tellStillRunning } from './tell.ts';

const STILL_RUNNING_AFTER_SECONDS = 2 * 3_600;
/** What was just made, a read may not find yet; nor may one read that happens to miss it end it. */
const GONE_AFTER_SECONDS = 120;
const GIVEN_UP_AFTER_SECONDS = 24 * 3_600;
/** Whoever is about to end the batch is done by then, or dead. */
const ENDING_SECONDS = LEASE_SECONDS + 10;

export interface FollowOutcome {
  readonly outcome: 'completed' | 'failed' | 'in-progress' | 'over';
}

type Ending =
  | { readonly kind: 'completed'; readonly durationSeconds: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** A look that could not be taken now: the next one is. */
const readPatiently = async (
  ports: InvalidationPorts,
  batch: InvalidationBatch,
  invalidationId: string,
): Promise<Invalidation | 'gone' | 'unread'> => {
  try {
    return (await ports.cloudFront.readInvalidation(batch.place, invalidationId)) ?? 'gone';
  } catch (error) {
    if (!(error instanceof AwsCallError) || !['throttled', 'transient'].includes(error.meaning)) throw error;
    ports.log({ event: 'invalidation-unread', batchId: batch.batchId, code: error.code });
    return 'unread';
  }
};

const NO_ENDING: FailureCode = 'NoEnding';

const endingOf = (found: Invalidation | 'gone' | 'unread', ageSeconds: number): Ending | undefined => {
  if (found === 'gone')
    return { kind: 'failed', code: 'NoSuchInvalidation', message: 'CloudFront knows the invalidation no more' };
  if (found !== 'unread' && found.status.toLowerCase() === 'completed')
    return { kind: 'completed', durationSeconds: ageSeconds };
  return ageSeconds < GIVEN_UP_AFTER_SECONDS
    ? undefined
    : { kind: 'failed', code: NO_ENDING, message: 'CloudFront has not finished within 24 hours; nobody looks on' };
};

const wakeLine = async (ports: InvalidationPorts, distributionId: string): Promise<void> => {
  const { waiting, batches } = await ports.invalidations.readLine(distributionId);
  if (waiting.length === 0 && batches.every(({ status }) => status !== 'frozen')) return;
  await ports.invalidationQueue.sendLater(
    serializeInvalidationMessage({ kind: 'invalidation-wake', distributionId }),
    0,
  );
};

const tellEnding = async (
  ports: InvalidationPorts,
  batch: InvalidationBatch,
  ending: Ending,
): Promise<readonly PersonalAnswer[]> => {
  const requests = await ports.invalidations.readRequests(batch.requestIds);
  if (ending.kind === 'failed') {
    const answers: PersonalAnswer[] = [];
    for (const request of requests) answers.push(...(await tellFailed(ports, request, ending)));
    return answers;
  }
  const sent = await ports.invalidations.pathsSentIn(new Date(batch.createdAt ?? ports.now()));
  return tellCompleted(ports, batch, requests, ending.durationSeconds, sent);
};

const endBatch = async (ports: InvalidationPorts, batch: InvalidationBatch, ending: Ending): Promise<void> => {
  if (ending.kind === 'completed') {
    const { durationSeconds } = ending;
    await ports.invalidations.end(batch, { status: 'completed', durationSeconds });
  } else {
    const { code, message } = ending;
    await ports.invalidations.end(batch, { status: 'failed', failure: { code, message } });
  }
  await wakeLine(ports, batch.place.distributionId);
};

/**
 * Tells the ending, then ends the batch: by one at a time, and not again when it has ended. Persons are answered last: that
 * is best effort, and nothing may wait for it.
 */
const endOnce = async (ports: InvalidationPorts, batch: InvalidationBatch, ending: Ending): Promise<boolean> => {
  const resources = [`invalidation#${batch.batchId}`];
  const lease = await ports.leases.acquire(resources, ports.newId(), ports.now(), LEASE_SECONDS);
  if (lease === undefined) {
    await sendLook(ports, batch, batch.look + 1, ENDING_SECONDS);
    return false;
  }
  try {
    if ((await ports.invalidations.readBatch(batch.batchId))?.status !== 'in-progress') return false;
    const answers = await tellEnding(ports, batch, ending);
    await endBatch(ports, batch, ending);
    await answerPersons(ports, answers);
    return true;
  } finally {
    await ports.leases.release(lease);
  }
};

type Look = Pick<
  Extract<InvalidationMessage, { readonly kind: 'invalidation-follow' }>,
  'batchId' | 'look' | 'wasGone'
>;

/**
 * Takes a look at an invalidation in progress: tells its ending, or sends the next look. A look with an old number is a
 * duplicate and does nothing.
 */
export const followInvalidation =
  (ports: InvalidationPorts) =>
  async ({ batchId, look, wasGone = false }: Look): Promise<FollowOutcome> => {
    const batch = await ports.invalidations.readBatch(batchId);
    if (batch?.status !== 'in-progress' || batch.invalidationId === undefined || look < batch.look)
      return { outcome: 'over' };
    const ageSeconds = Math.max(
      0,
      Math.round((ports.now().getTime() - new Date(batch.createdAt ?? batch.frozenAt).getTime()) / 1000),
    );
    const found = await readPatiently(ports, batch, batch.invalidationId);
    const isGone = found === 'gone';
    const isGoneForGood = isGone && wasGone && ageSeconds >= GONE_AFTER_SECONDS;
    const ending = endingOf(isGone && !isGoneForGood ? 'unread' : found, ageSeconds);
    if (ending !== undefined) {
      const isEnded = await endOnce(ports, { ...batch, look }, ending);
      return { outcome: isEnded ? ending.kind : 'over' };
    }
    if (ageSeconds >= STILL_RUNNING_AFTER_SECONDS)
      await tellStillRunning(ports, batch, await ports.invalidations.readRequests(batch.requestIds), ageSeconds);
    await sendLook(ports, batch, look + 1, pauseBeforeLook(ageSeconds), isGone);
    return { outcome: 'in-progress' };
  };
