import type { Distribution, Tenant } from '../../domain/invalidation/places.ts';
import type { Place } from '../../domain/invalidation/request.ts';

/** What one look at a distribution says beside what the list says. */
export interface DistributionDetails extends Distribution {
  /** Whether CacheTagConfig is on, so that tags can be invalidated (facts 6.4). */
  readonly takesTags: boolean;
}

/** An invalidation as CloudFront has it. */
export interface Invalidation {
  readonly invalidationId: string;
  /** `InProgress`, `Completed`, or what CloudFront has grown since: only `Completed` is an ending (facts 6.3). */
  readonly status: string;
  readonly createdAt: Date;
}

/** Reads of CloudFront. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface CloudFrontReader {
  readDistributions(): Promise<readonly Distribution[]>;
  /** `undefined` when there is none with this id. */
  readDistribution(distributionId: string): Promise<DistributionDetails | undefined>;
  /** The tenant that answers for a domain; `undefined` when none does. */
  readTenantByDomain(domain: string): Promise<Tenant | undefined>;
  /** `undefined` when CloudFront knows it no more. */
  readInvalidation(place: Place, invalidationId: string): Promise<Invalidation | undefined>;
}

export interface CloudFrontWriter {
  /**
   * Asks for an invalidation. With the same reference and the same paths, CloudFront answers with the one it made before.
   * @throws {AwsCallError} `full` (TooManyInvalidationsInProgress): to be tried again, not at once; `already-there`
   * (InvalidationBatchAlreadyExists): the reference was used with other paths
   */
  createInvalidation(place: Place, reference: string, paths: readonly string[]): Promise<Invalidation>;
}
