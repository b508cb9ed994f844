/** Who asked for an invalidation, and where its ending is told. */
export type Asker =
  | {
      readonly kind: 'slack';
      readonly orderId: string;
      /** Slack's own time of the order, from which on it takes answers; ISO 8601 in UTC. */
      readonly orderedAt: string;
      readonly userId: string;
      readonly channelId: string;
      readonly responseUrl: string | undefined;
    }
  /** A pipeline, by `Invalidation Requested` on the `usher` bus. */
  | { readonly kind: 'event'; readonly idempotencyKey: string; readonly source: string };

/** What is invalidated: a distribution, or one tenant of a multi-tenant one. */
export interface Place {
  readonly distributionId: string;
  readonly tenantId: string | undefined;
  /** What people call it: an alias, else the CloudFront domain. */
  readonly name: string;
}

/** Tells places apart; a tenant is another place than the distribution it is made from. */
export const placeKey = ({ distributionId, tenantId }: Place): string =>
  tenantId === undefined ? distributionId : `${distributionId}/${tenantId}`;

/** Paths and tags in CloudFront's form: `/path`, `/path*`, `#tag`; normalised, without duplicates, in order. */
export interface InvalidationRequest {
  /** Made from the order's id or the idempotency key, so that the same order is the same request. */
  readonly requestId: string;
  readonly place: Place;
  readonly paths: readonly string[];
  readonly asker: Asker;
  /** ISO 8601 in UTC. */
  readonly requestedAt: string;
  /** Name of the Slack destination that hears the ending. */
  readonly destination: string;
  /** `when-deployed`: not before the distribution's status is `Deployed`. */
  readonly when: 'now' | 'when-deployed';
}

/** A request in line, and how much its asker has been told of the waiting. */
export interface WaitingRequest {
  readonly request: InvalidationRequest;
  readonly isToldOfWaiting: boolean;
}

/** Why a request waits. */
export type QueuedBecause =
  | 'QuotaInUse' // our own invalidations in progress leave too little of 3,000 paths and 15 wildcards
  | 'TooManyInvalidationsInProgress' // CloudFront said so: others have some in progress too
  | 'Throttled'
  | 'NoAnswer' // CloudFront could not be reached, or failed
  | 'StillDeploying' // as asked for: when the distribution is deployed
  | 'Paused'; // a person stopped every write

/** Why a person is asked before an invalidation is made. */
export type ConfirmationReason = 'Everything' | 'Gathered' | 'StillDeploying';

/** Our own reasons for a failed invalidation, beside AWS's codes. */
export type FailureCode =
  | 'WaitedTooLong' // CloudFront took no more for hours
  | 'NoEnding' // in progress for a day
  | 'PathsRefused' // findings say which
  | 'DistributionNotListed'
  | 'DistributionUnknown'
  | 'TooManyPaths';

/** Requests sent to CloudFront as one invalidation. Written before the call; a retry sends exactly this. */
export interface InvalidationBatch {
  /** CloudFront's `CallerReference`. */
  readonly batchId: string;
  readonly place: Place;
  readonly paths: readonly string[];
  readonly requestIds: readonly string[];
  /** ISO 8601 in UTC. */
  readonly frozenAt: string;
  readonly status: 'frozen' | 'in-progress' | 'completed' | 'failed';
  readonly invalidationId: string | undefined;
  /** CloudFront's `CreateTime`, ISO 8601 in UTC. */
  readonly createdAt: string | undefined;
  /** Number of the next look at it; a message with a lower one is a duplicate. */
  readonly look: number;
  /** When that look is due; `undefined` until its message was sent. ISO 8601 in UTC. */
  readonly nextLookAt: string | undefined;
  /** Whether those who asked know that CloudFront doesn't take it yet. */
  readonly isToldOfWaiting: boolean;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
}
