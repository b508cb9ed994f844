import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { InvalidationLine } from '../../aws/state/invalidations-port.ts';
import { dueRequests, nextBatch } from '../../domain/invalidation/freeze.ts';
import type {
  FailureCode,
  InvalidationBatch,
  InvalidationRequest,
  QueuedBecause,
  WaitingRequest,
} from '../../domain/invalidation/request.ts';
import { serializeInvalidationMessage } from '../../events/invalidation-message.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { FIRST_LOOK_AFTER_SECONDS, sendLook } from './look.ts';
import type { InvalidationPorts } from './ports.ts';
import type { Failure, PersonalAnswer } from './tell.ts';
import { answerPersons, tellFailed, tellQueued } from './tell.ts';

/** So long a request waits for CloudFront to take it, before it is given up and said so: six hours. */
export const LONGEST_WAIT_SECONDS = 6 * 3_600;
/** Whoever holds the line is done within seconds. */
const BUSY_SECONDS = 5;
const FIRST_WAIT_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 300;
/** A wake-up that has come must not be taken for one that is still to come. */
const CLOCKS_DIFFER_MILLISECONDS = 2_000;
/** A look that is overdue by more than a queue takes to hand a failed message out again was lost. */
const LOOK_LOST_SECONDS = 15 * 60;

/** What a run did with a line. */
export interface DrainOutcome {
  readonly outcome: 'busy' | 'drained' | 'waiting';
  readonly sent: number;
  readonly waiting: number;
  readonly because: QueuedBecause | undefined;
}

const leaseOf = (distributionId: string): string => `invalidations#${distributionId}`;

const secondsSince = (moment: string, now: Date): number => (now.getTime() - new Date(moment).getTime()) / 1000;

/** A growing pause, of which the second half is chance, so that several don't come back together. */
const pauseSeconds = (attempt: number, random: () => number): number => {
  const longest = Math.min(LONGEST_PAUSE_SECONDS, FIRST_WAIT_SECONDS * 2 ** Math.min(attempt, 10));
  return Math.ceil(longest / 2 + (random() * longest) / 2);
};

const wakeMessage = (distributionId: string): string =>
  serializeInvalidationMessage({ kind: 'invalidation-wake', distributionId });

/** Reasons of CloudFront's to try again later with the same batch. */
const WAITED_OUT: Partial<Readonly<Record<AwsCallError['meaning'], QueuedBecause>>> = {
  full: 'TooManyInvalidationsInProgress',
  throttled: 'Throttled',
  transient: 'NoAnswer',
};

/** One run over a line, under its lease; `open` is what is frozen or in progress, kept up to date as it sends. */
class Run {
  readonly ports: InvalidationPorts;
  waiting: readonly WaitingRequest[];
  open: readonly InvalidationBatch[];
  sent = 0;
  /** Why nothing more is sent for now: CloudFront takes no more, or a person stopped it. */
  because: QueuedBecause | undefined;

  constructor(ports: InvalidationPorts, { waiting, batches }: InvalidationLine) {
    this.ports = ports;
    this.waiting = waiting;
    this.open = batches;
  }

  /** The batch is open no more. */
  leave(batch: InvalidationBatch): void {
    this.open = this.open.filter(({ batchId }) => batchId !== batch.batchId);
  }

  /** CloudFront has taken the batch. */
  begin(batch: InvalidationBatch): void {
    this.sent += 1;
    this.leave(batch);
    this.open = [...this.open, { ...batch, status: 'in-progress' }];
  }
}

const failureOf = ({ code, awsMessage }: AwsCallError): Failure => ({ code, message: awsMessage });

/** Says of everybody in a batch that it failed, then ends it: whoever dies in between says it again, and it counts once. */
const failBatch = async (run: Run, batch: InvalidationBatch, failure: Failure): Promise<void> => {
  const { ports } = run;
  const answers: PersonalAnswer[] = [];
  for (const request of await ports.invalidations.readRequests(batch.requestIds))
    answers.push(...(await tellFailed(ports, request, failure)));
  await ports.invalidations.end(batch, {
    status: 'failed',
    failure: { code: failure.code, message: failure.message },
  });
  run.leave(batch);
  await answerPersons(ports, answers);
};

const newBatch = (
  ports: InvalidationPorts,
  requests: readonly InvalidationRequest[],
): InvalidationBatch | undefined => {
  const [first] = requests;
  if (first === undefined) return undefined;
  return {
    batchId: ports.newId(),
    place: first.place,
    paths: [...new Set(requests.flatMap(({ paths }) => paths))],
    requestIds: requests.map(({ requestId }) => requestId),
    frozenAt: ports.now().toISOString(),
    status: 'frozen',
    invalidationId: undefined,
    createdAt: undefined,
    look: 0,
    nextLookAt: undefined,
    isToldOfWaiting: false,
    failure: undefined,
  };
};

/** Sends each half of a batch that CloudFront called wrong, so that one strange path fails its own request only. */
const sendInHalves = async (run: Run, batch: InvalidationBatch): Promise<void> => {
  const requests = await run.ports.invalidations.readRequests(batch.requestIds);
  const middle = Math.ceil(requests.length / 2);
  const parts = [requests.slice(0, middle), requests.slice(middle)].flatMap((half) => newBatch(run.ports, half) ?? []);
  if (!(await run.ports.invalidations.split(batch, parts))) return;
  run.leave(batch);
  run.open = [...run.open, ...parts];
  for (const part of parts) if (run.because === undefined) await send(run, part);
};

const sendRefused = async (run: Run, batch: InvalidationBatch, refusal: AwsCallError): Promise<void> => {
  const because = WAITED_OUT[refusal.meaning];
  if (because !== undefined) {
    run.because = because;
    return;
  }
  if (refusal.meaning === 'invalid' && batch.requestIds.length > 1) return sendInHalves(run, batch);
  return failBatch(run, batch, failureOf(refusal));
};

/** Sends a frozen batch exactly as it was frozen, and sees to it that it is followed. */
const send = async (run: Run, batch: InvalidationBatch): Promise<void> => {
  const { ports } = run;
  try {
    const made = await ports.cloudFront.createInvalidation(batch.place, batch.batchId, batch.paths);
    await ports.invalidations.begun(batch, made.invalidationId, made.createdAt);
    run.begin(batch);
    ports.log({ event: 'invalidation-sent', batchId: batch.batchId, invalidationId: made.invalidationId });
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.service !== 'CloudFront') throw error;
    ports.log({ event: 'invalidation-refused', batchId: batch.batchId, code: error.code });
    return sendRefused(run, batch, error);
  }
  await sendLook(ports, batch, batch.look + 1, FIRST_LOOK_AFTER_SECONDS);
};

/** What an earlier run has frozen and not sent goes first, and what nobody follows any more is followed again. */
const takeUp = async (run: Run): Promise<void> => {
  const { ports } = run;
  for (const batch of run.open) {
    if (batch.status === 'in-progress') {
      const isFollowed =
        batch.nextLookAt !== undefined && secondsSince(batch.nextLookAt, ports.now()) < LOOK_LOST_SECONDS;
      if (!isFollowed) await sendLook(ports, batch, batch.look + 1, FIRST_LOOK_AFTER_SECONDS);
    } else if (secondsSince(batch.frozenAt, ports.now()) > LONGEST_WAIT_SECONDS) {
      await failBatch(run, batch, WAITED_TOO_LONG);
    } else if (run.because === undefined) await send(run, batch);
  }
};

const WAITED_TOO_LONG: Failure & { readonly code: FailureCode } = {
  code: 'WaitedTooLong',
  message: 'it could not be sent for six hours',
};

const giveUpOverdue = async (run: Run): Promise<void> => {
  const { ports } = run;
  const isOverdue = ({ request }: WaitingRequest): boolean =>
    secondsSince(request.requestedAt, ports.now()) > LONGEST_WAIT_SECONDS;
  const answers: PersonalAnswer[] = [];
  for (const { request } of run.waiting.filter(isOverdue)) {
    answers.push(...(await tellFailed(ports, request, WAITED_TOO_LONG)));
    await ports.invalidations.giveUp(request);
  }
  run.waiting = run.waiting.filter((each) => !isOverdue(each));
  await answerPersons(ports, answers);
};

/** Whether what waits for the deployment may go; not asked when nothing does. */
const readDeployed = async ({ ports, waiting }: Run, distributionId: string): Promise<boolean> => {
  if (!waiting.some(({ request }) => request.when === 'when-deployed')) return true;
  const distribution = await ports.cloudFront.readDistribution(distributionId);
  // A distribution that is gone gives the answer itself when the batch is sent.
  return distribution === undefined || distribution.status === 'Deployed';
};

/** Freezes and sends, batch by batch, for as long as there is room and CloudFront takes it. */
const sendWaiting = async (run: Run, isDeployed: boolean): Promise<void> => {
  while (run.because === undefined) {
    const next = nextBatch(dueRequests(run.waiting, isDeployed), run.open);
    const batch = next && newBatch(run.ports, next.requests);
    if (batch === undefined) return;
    const taken = new Set(batch.requestIds);
    run.waiting = run.waiting.filter(({ request }) => !taken.has(request.requestId));
    if (!(await run.ports.invalidations.freeze(batch))) return;
    run.open = [...run.open, batch];
    await send(run, batch);
  }
};

/** Tells everybody who has to wait and doesn't know it; side by side, for each may take Slack seconds. */
const tellWaiting = async (run: Run, isDeployed: boolean): Promise<void> => {
  const { ports, because } = run;
  const notices: (() => Promise<void>)[] = [];
  let position = 0;
  for (const batch of run.open.filter(({ status }) => status === 'frozen')) {
    if (because === undefined) break;
    const requests = await ports.invalidations.readRequests(batch.requestIds);
    const first = position + 1;
    position += requests.length;
    if (batch.isToldOfWaiting) continue;
    notices.push(async () => {
      await Promise.all(requests.map((request, index) => tellQueued(ports, request, first + index, because)));
      await ports.invalidations.noteBatchTold(batch);
    });
  }
  for (const { request, isToldOfWaiting } of run.waiting) {
    position += 1;
    if (isToldOfWaiting) continue;
    const waitsForDeployment = request.when === 'when-deployed' && !isDeployed;
    const why = waitsForDeployment ? 'StillDeploying' : (because ?? 'QuotaInUse');
    const at = position;
    notices.push(async () => {
      await tellQueued(ports, request, at, why);
      await ports.invalidations.noteTold(request);
    });
  }
  await Promise.all(notices.map((notice) => notice()));
};

/** One wake-up at a time for each line: a burst of messages must not become as many chains of them. */
const wakeAgain = async (run: Run, distributionId: string, { wake }: InvalidationLine): Promise<void> => {
  const { ports } = run;
  const now = ports.now();
  if (wake !== undefined && wake.dueAt.getTime() - now.getTime() > CLOCKS_DIFFER_MILLISECONDS) return;
  const attempt = run.sent > 0 || wake === undefined ? 0 : wake.attempt + 1;
  const seconds = pauseSeconds(attempt, ports.random);
  await ports.invalidationQueue.sendLater(wakeMessage(distributionId), seconds);
  await ports.invalidations.noteWake(distributionId, { dueAt: new Date(now.getTime() + seconds * 1000), attempt });
};

const drainUnderLease = async (ports: InvalidationPorts, distributionId: string): Promise<DrainOutcome> => {
  const line = await ports.invalidations.readLine(distributionId);
  const run = new Run(ports, line);
  const isOwed = line.waiting.length > 0 || line.batches.some(({ status }) => status === 'frozen');
  if (isOwed && (await ports.pauses.find()) !== undefined) run.because = 'Paused';
  // Also what a person holds up: who asked so long ago is told, and can ask again.
  await giveUpOverdue(run);
  const isDeployed = await readDeployed(run, distributionId);
  await takeUp(run);
  await sendWaiting(run, isDeployed);
  const { because, sent } = run;
  const waiting = run.waiting.length;
  const isDone = waiting === 0 && because === undefined;
  if (!isDone) {
    await tellWaiting(run, isDeployed);
    await wakeAgain(run, distributionId, line);
  }
  return { outcome: isDone ? 'drained' : 'waiting', sent, waiting, because };
};

/**
 * Sends what waits in a distribution's line, as few invalidations as can be, within its quota. Woken by a message; told
 * twice it does no harm.
 */
export const drainInvalidations =
  (ports: InvalidationPorts) =>
  async (distributionId: string): Promise<DrainOutcome> => {
    const lease = await ports.leases.acquire([leaseOf(distributionId)], ports.newId(), ports.now(), LEASE_SECONDS);
    if (lease === undefined) {
      // Whoever holds the line may have read it before what this message is about was put there.
      const seconds = BUSY_SECONDS + Math.floor(ports.random() * BUSY_SECONDS);
      await ports.invalidationQueue.sendLater(wakeMessage(distributionId), seconds);
      return { outcome: 'busy', sent: 0, waiting: 0, because: undefined };
    }
    try {
      return await drainUnderLease(ports, distributionId);
    } finally {
      await ports.leases.release(lease);
    }
  };
