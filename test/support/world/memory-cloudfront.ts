import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { CloudFrontReader, CloudFrontWriter, DistributionDetails } from '../../../aws/cloudfront/port.ts';
import { meaningOf } from '../../../aws/error-meaning.ts';
import type { Tenant } from '../../../domain/invalidation/places.ts';
import { fitsInto, freeBeside, roomOf } from '../../../domain/invalidation/quota.ts';
import type { Place } from '../../../domain/invalidation/request.ts';
import type { Clock } from './clock.ts';

export interface MadeInvalidation {
  readonly invalidationId: string;
  readonly place: Place;
  readonly reference: string;
  readonly paths: readonly string[];
  readonly createdAt: Date;
}

/** CloudFront as far as invalidations go. */
export interface MemoryCloudFront extends CloudFrontReader, CloudFrontWriter {
  readonly distributions: Map<string, DistributionDetails>;
  readonly tenants: Map<string, Tenant>;
  readonly made: readonly MadeInvalidation[];
  /** Seconds until an invalidation is `Completed`. */
  completesAfterSeconds: number;
  /** Seconds until a read finds an invalidation. */
  hiddenForSeconds: number;
  /** A path that CloudFront calls wrong. */
  strangePath: string | undefined;
}

const refusal = (code: string): AwsCallError =>
  new AwsCallError({
    service: 'CloudFront',
    action: 'CreateInvalidation',
    code,
    meaning: meaningOf(code),
    awsMessage: `${code} in the test`,
  });

export const aMemoryCloudFront = (clock: Clock): MemoryCloudFront => {
  const distributions = new Map<string, DistributionDetails>();
  const tenants = new Map<string, Tenant>();
  const made: MadeInvalidation[] = [];
  const statusOf = ({ createdAt }: MadeInvalidation): string =>
    clock.now().getTime() - createdAt.getTime() >= cloudFront.completesAfterSeconds * 1000 ? 'Completed' : 'InProgress';
  const answer = (invalidation: MadeInvalidation) => ({
    invalidationId: invalidation.invalidationId,
    status: statusOf(invalidation),
    createdAt: invalidation.createdAt,
  });
  const cloudFront: MemoryCloudFront = {
    distributions,
    tenants,
    made,
    completesAfterSeconds: 20,
    hiddenForSeconds: 0,
    strangePath: undefined,
    readDistributions: async () => [...distributions.values()].map(({ takesTags, ...summary }) => summary),
    readDistribution: async (distributionId) => distributions.get(distributionId),
    readTenantByDomain: async (domain) => [...tenants.values()].find(({ domains }) => domains.includes(domain)),
    readInvalidation: async (_, invalidationId) => {
      const found = made.find((each) => each.invalidationId === invalidationId);
      const isHidden =
        found !== undefined && clock.now().getTime() - found.createdAt.getTime() < cloudFront.hiddenForSeconds * 1000;
      return found && !isHidden ? answer(found) : undefined;
    },
    createInvalidation: async (place, reference, paths) => {
      if (!distributions.has(place.distributionId)) throw refusal('NoSuchDistribution');
      const before = made.find((each) => each.reference === reference);
      if (before !== undefined) {
        if (JSON.stringify(before.paths) === JSON.stringify(paths)) return answer(before);
        throw refusal('InvalidationBatchAlreadyExists');
      }
      if (cloudFront.strangePath !== undefined && paths.includes(cloudFront.strangePath))
        throw refusal('InvalidArgument');
      const inProgress = made.filter(
        (each) => each.place.distributionId === place.distributionId && statusOf(each) === 'InProgress',
      );
      if (!fitsInto(roomOf(paths), freeBeside(inProgress))) throw refusal('TooManyInvalidationsInProgress');
      const invalidation: MadeInvalidation = {
        invalidationId: `I${made.length + 1}`,
        place,
        reference,
        paths: [...paths],
        createdAt: clock.now(),
      };
      made.push(invalidation);
      return answer(invalidation);
    },
  };
  return cloudFront;
};
