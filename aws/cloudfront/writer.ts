import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CreateInvalidationCommand, CreateInvalidationForDistributionTenantCommand } from '@aws-sdk/client-cloudfront';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { toInvalidation } from './answers.ts';
import type { CloudFrontWriter } from './port.ts';

const cloudFront = (action: string): AwsCall => ({ service: 'CloudFront', action });

/** CloudFront as it is written to: invalidations, and nothing else. */
export const cloudFrontWriter = (client: CloudFrontClient): CloudFrontWriter => ({
  async createInvalidation({ distributionId, tenantId }, CallerReference, paths) {
    const InvalidationBatch = { CallerReference, Paths: { Quantity: paths.length, Items: [...paths] } };
    if (tenantId === undefined) {
      const call = cloudFront('CreateInvalidation');
      const command = new CreateInvalidationCommand({ DistributionId: distributionId, InvalidationBatch });
      return toInvalidation(call, (await callAws(call, () => client.send(command))).Invalidation);
    }
    const call = cloudFront('CreateInvalidationForDistributionTenant');
    const command = new CreateInvalidationForDistributionTenantCommand({ Id: tenantId, InvalidationBatch });
    return toInvalidation(call, (await callAws(call, () => client.send(command))).Invalidation);
  },
});
