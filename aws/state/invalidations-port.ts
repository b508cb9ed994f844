import type { InvalidationBatch, InvalidationRequest, WaitingRequest } from '../../domain/invalidation/request.ts';

/** What a distribution has in line and under way. */
export interface InvalidationLine {
  /** Oldest first. */
  readonly waiting: readonly WaitingRequest[];
  /** Frozen or in progress, oldest first. */
  readonly batches: readonly InvalidationBatch[];
  /** The wake-up that was sent last. */
  readonly wake: LineWake | undefined;
}

/** A message that comes to look at a line again; one at a time is enough. */
export interface LineWake {
  readonly dueAt: Date;
  /** How often in a row the line could not be emptied. */
  readonly attempt: number;
}

/**
 * Requests for invalidations and the batches they are sent in (design section 6). A request waits until it is frozen into
 * a batch; from then on its batch says how far it has come. Reads are consistent.
 */
export interface Invalidations {
  /**
   * Puts a request in its distribution's line; `known` when one with its id was put there before and waits, is under way or
   * was completed. One that failed is put there anew.
   */
  add(request: InvalidationRequest): Promise<'added' | 'known'>;
  /** A request that waits for the deployment waits for it no longer; `false` when it does not wait so. */
  hasten(request: InvalidationRequest): Promise<boolean>;
  /** How the last attempt at a request ended, if it did. */
  readEnding(requestId: string): Promise<RequestEnding | undefined>;
  readLine(distributionId: string): Promise<InvalidationLine>;
  /** Its asker knows that it waits. */
  noteTold(request: InvalidationRequest): Promise<void>;
  /** Those who asked know that CloudFront doesn't take the batch yet. */
  noteBatchTold(batch: InvalidationBatch): Promise<void>;
  /** A wake-up of this line was sent. */
  noteWake(distributionId: string, wake: LineWake): Promise<void>;
  /** Takes a request out of line that will not be sent, and ends it as failed; `false` when it no longer waits. */
  giveUp(request: InvalidationRequest): Promise<boolean>;
  /** Writes a batch and takes its requests out of line, all or nothing; `false` when one of them no longer waits. */
  freeze(batch: InvalidationBatch): Promise<boolean>;
  /** Puts two batches in place of a frozen one that CloudFront refused; `false` when it is frozen no more. */
  split(batch: InvalidationBatch, parts: readonly InvalidationBatch[]): Promise<boolean>;
  /** CloudFront has taken a frozen batch; its paths count for the month of `createdAt`. Said twice it counts once. */
  begun(batch: InvalidationBatch, invalidationId: string, createdAt: Date): Promise<void>;
  /** Sets the next look at a batch in progress, once its message is sent; an earlier look than the one set is ignored. */
  lookNext(batch: InvalidationBatch, look: number, nextLookAt: Date): Promise<void>;
  /** Ends an open batch and its requests, all or nothing; `false` when it had ended. */
  end(batch: InvalidationBatch, ending: BatchEnding): Promise<boolean>;
  readBatch(batchId: string): Promise<InvalidationBatch | undefined>;
  /** Those that exist, in the order asked for. */
  readRequests(requestIds: readonly string[]): Promise<readonly InvalidationRequest[]>;
  /** Paths sent in the calendar month (UTC) of a moment. */
  pathsSentIn(month: Date): Promise<number>;
}

export type BatchEnding =
  | { readonly status: 'completed'; readonly durationSeconds: number }
  | { readonly status: 'failed'; readonly failure: { readonly code: string; readonly message: string } };

/** How a request ended, as far as a new one with its id has to know. */
export type RequestEnding =
  | { readonly status: 'Completed'; readonly invalidationId: string; readonly durationSeconds: number }
  | { readonly status: 'Failed' };

/** How a batch's ending is that of its requests. */
export const requestEnding = ({ invalidationId }: InvalidationBatch, ending: BatchEnding): RequestEnding =>
  ending.status === 'failed'
    ? { status: 'Failed' }
    : { status: 'Completed', invalidationId: invalidationId ?? '', durationSeconds: ending.durationSeconds };

/** `2026-11` */
export const monthOf = (moment: Date): string => moment.toISOString().slice(0, 7);
