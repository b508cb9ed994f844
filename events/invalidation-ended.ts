import type { InvalidationRequest } from '../domain/invalidation/request.ts';

/** How a request ended, for whoever listens on the `usher` bus. */
export type InvalidationEnding =
  | { readonly status: 'Completed'; readonly invalidationId: string; readonly durationSeconds: number }
  | { readonly status: 'Failed'; readonly code: string; readonly message: string };

/** One entry for PutEvents, in our own words. */
export interface InvalidationEndedEntry {
  readonly source: 'usher';
  readonly detailType: 'Invalidation Completed' | 'Invalidation Failed';
  /** JSON. */
  readonly detail: string;
  readonly at: Date;
}

/** What is known of a request that ended; one that failed early may have no place yet. */
export type EndedRequest = Pick<InvalidationRequest, 'requestId' | 'asker' | 'paths'> & {
  readonly place: InvalidationRequest['place'] | undefined;
};

/** Below the 1 MB of an entry; a request's paths are at most 300 kB, but what was refused may be anything. */
const MOST_PATHS_TOLD = 3_000;

const whoAsked = (asker: InvalidationRequest['asker']) =>
  asker.kind === 'event'
    ? { idempotencyKey: asker.idempotencyKey, requestedBy: asker.source }
    : { orderId: asker.orderId };

/** The ending as an event; its `idempotencyKey` is the one it was asked with. */
export const invalidationEnded = (
  { requestId, asker, paths, place }: EndedRequest,
  ending: InvalidationEnding,
  at: Date,
): InvalidationEndedEntry => ({
  source: 'usher',
  detailType: ending.status === 'Completed' ? 'Invalidation Completed' : 'Invalidation Failed',
  detail: JSON.stringify({
    usher: 1,
    ...whoAsked(asker),
    requestId,
    distributionId: place?.distributionId,
    distributionTenantId: place?.tenantId,
    paths: paths.slice(0, MOST_PATHS_TOLD),
    pathCount: paths.length,
    ...ending,
  }),
  at,
});
