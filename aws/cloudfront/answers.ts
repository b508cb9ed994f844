import type {
  DistributionConfig,
  DistributionSummary,
  DistributionTenant,
  Invalidation as Given,
} from '@aws-sdk/client-cloudfront';
import type { Distribution, Tenant } from '../../domain/invalidation/places.ts';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import type { Invalidation } from './port.ts';

const modeOf = (mode: string | undefined): Distribution['connectionMode'] =>
  mode === 'tenant-only' ? 'tenant-only' : 'direct';

/** What a distribution's summary and its full description have in common. */
export const toDistribution = (
  call: AwsCall,
  { Id, DomainName, Status }: Pick<DistributionSummary, 'Id' | 'DomainName' | 'Status'>,
  { Aliases, ConnectionMode }: Pick<DistributionConfig, 'Aliases' | 'ConnectionMode'>,
): Distribution => ({
  distributionId: given(call, 'Id', Id),
  domainName: given(call, 'DomainName', DomainName),
  // `Items` is absent when there are none (facts 6.5).
  aliases: Aliases?.Items ?? [],
  status: given(call, 'Status', Status),
  connectionMode: modeOf(ConnectionMode),
});

export const toTenant = (call: AwsCall, tenant: DistributionTenant): Tenant => ({
  tenantId: given(call, 'Id', tenant.Id),
  distributionId: given(call, 'DistributionId', tenant.DistributionId),
  domains: (tenant.Domains ?? []).flatMap(({ Domain }) => (Domain === undefined ? [] : [Domain])),
  status: given(call, 'Status', tenant.Status),
});

export const toInvalidation = (call: AwsCall, invalidation: Given | undefined): Invalidation => {
  const { Id, Status, CreateTime } = given(call, 'Invalidation', invalidation);
  return {
    invalidationId: given(call, 'Id', Id),
    status: given(call, 'Status', Status),
    createdAt: given(call, 'CreateTime', CreateTime),
  };
};
