import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import {
  GetDistributionCommand,
  GetDistributionTenantByDomainCommand,
  GetInvalidationCommand,
  GetInvalidationForDistributionTenantCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { readPages } from '../pages.ts';
import { toDistribution, toInvalidation, toTenant } from './answers.ts';
import type { CloudFrontReader } from './port.ts';

const cloudFront = (action: string): AwsCall => ({ service: 'CloudFront', action });

/** "Not there" is a value; every other failure is thrown. */
const ifThere = async <Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'not-found') return undefined;
    throw error;
  }
};

const readDistributions = async (client: CloudFrontClient) => {
  const call = cloudFront('ListDistributions');
  const pages = await readPages(
    call,
    (Marker) => client.send(new ListDistributionsCommand({ ...(Marker === undefined ? {} : { Marker }) })),
    ({ DistributionList }) => (DistributionList?.IsTruncated ? DistributionList.NextMarker : undefined),
  );
  // `Items` is absent when there are none (facts 6.5); `Quantity` is never.
  return pages.flatMap(({ DistributionList }) => {
    const { Items, Quantity } = given(call, 'DistributionList', DistributionList);
    return Quantity === 0 ? [] : given(call, 'Items', Items).map((item) => toDistribution(call, item, item));
  });
};

const readDistribution = (client: CloudFrontClient, Id: string) => {
  const call = cloudFront('GetDistribution');
  return ifThere(async () => {
    const answer = await callAws(call, () => client.send(new GetDistributionCommand({ Id })));
    const distribution = given(call, 'Distribution', answer.Distribution);
    const config = given(call, 'DistributionConfig', distribution.DistributionConfig);
    return {
      ...toDistribution(call, distribution, config),
      takesTags: (config.CacheTagConfig?.HeaderName ?? '') !== '',
    };
  });
};

const readTenantByDomain = (client: CloudFrontClient, Domain: string) => {
  const call = cloudFront('GetDistributionTenantByDomain');
  return ifThere(async () => {
    const answer = await callAws(call, () => client.send(new GetDistributionTenantByDomainCommand({ Domain })));
    return toTenant(call, given(call, 'DistributionTenant', answer.DistributionTenant));
  });
};

/** CloudFront as it is read. */
export const cloudFrontReader = (client: CloudFrontClient): CloudFrontReader => ({
  readDistributions: () => readDistributions(client),
  readDistribution: (distributionId) => readDistribution(client, distributionId),
  readTenantByDomain: (domain) => readTenantByDomain(client, domain),
  readInvalidation({ distributionId, tenantId }, Id) {
    return ifThere(async () => {
      if (tenantId === undefined) {
        const call = cloudFront('GetInvalidation');
        const command = new GetInvalidationCommand({ DistributionId: distributionId, Id });
        return toInvalidation(call, (await callAws(call, () => client.send(command))).Invalidation);
      }
      const call = cloudFront('GetInvalidationForDistributionTenant');
      const command = new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: tenantId, Id });
      return toInvalidation(call, (await callAws(call, () => client.send(command))).Invalidation);
    });
  },
});
