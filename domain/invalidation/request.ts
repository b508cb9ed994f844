/** Who asked for an invalidation, and where its ending is told. */
export type Asker =
  | {
      readonly kind: 'slack';
      readonly orderId: string;
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
}

/** How far a request has come. */
export type RequestStatus = 'waiting' | 'frozen' | 'completed' | 'failed';

/** Requests sent to CloudFront as one invalidation. Written before the call; a retry sends exactly this. */
export interface InvalidationBatch {
  /** CloudFront's `CallerReference`. */
  readonly batchId: string;
  readonly place: Place;
  readonly paths: readonly string[];
  readonly requestIds: readonly string[];
  readonly frozenAt: string;
  readonly status: 'frozen' | 'in-progress' | 'completed' | 'failed';
  readonly invalidationId: string | undefined;
  readonly createdAt: string | undefined;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
}
