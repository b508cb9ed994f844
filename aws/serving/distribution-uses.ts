import type { CloudFrontClient, DistributionSummary, DistributionTenantSummary } from '@aws-sdk/client-cloudfront';
import { ListDistributionsCommand, ListDistributionTenantsCommand } from '@aws-sdk/client-cloudfront';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { readPages } from '../pages.ts';
import type { DistributionUse } from './port.ts';

const cloudFront = (action: string): AwsCall => ({ service: 'CloudFront', action });

/** What all of CloudFront has in common: its certificates are in us-east-1, and visitors come by port 443 (facts 5.1). */
const CLOUDFRONT = { kind: 'cloudfront', region: 'us-east-1', port: 443 } as const;

const toUse = (call: AwsCall, distribution: DistributionSummary): DistributionUse => {
  const { Id, DomainName, Aliases, Enabled, ViewerCertificate } = distribution;
  const domainName = given(call, 'DomainName', DomainName);
  // `Items` is absent when there are none (facts 6.5).
  const aliases = Aliases?.Items ?? [];
  return {
    ...CLOUDFRONT,
    id: given(call, 'Id', Id),
    name: aliases[0] ?? domainName,
    certificateArn: ViewerCertificate?.ACMCertificateArn || undefined,
    aliases: Enabled === false ? [] : aliases,
  };
};

/** A tenant without a certificate of its own answers with its distribution's. */
const toTenantUse = (
  call: AwsCall,
  { DistributionId, Name, Domains, Enabled, Customizations }: DistributionTenantSummary,
  certificateOf: (distributionId: string) => string | undefined,
): DistributionUse => {
  const id = given(call, 'DistributionId', DistributionId);
  const aliases = (Domains ?? []).flatMap(({ Domain }) => (Domain ? [Domain] : []));
  return {
    ...CLOUDFRONT,
    id,
    name: aliases[0] ?? given(call, 'Name', Name),
    certificateArn: Customizations?.Certificate?.Arn || certificateOf(id),
    aliases: Enabled === false ? [] : aliases,
  };
};

const readDistributions = async (client: CloudFrontClient, call: AwsCall): Promise<readonly DistributionSummary[]> => {
  const pages = await readPages(
    call,
    (Marker) => client.send(new ListDistributionsCommand({ ...(Marker === undefined ? {} : { Marker }) })),
    ({ DistributionList }) => (DistributionList?.IsTruncated ? DistributionList.NextMarker : undefined),
  );
  return pages.flatMap(({ DistributionList }) => {
    const { Items, Quantity } = given(call, 'DistributionList', DistributionList);
    return Quantity === 0 ? [] : given(call, 'Items', Items);
  });
};

const readTenants = async (client: CloudFrontClient, call: AwsCall): Promise<readonly DistributionTenantSummary[]> => {
  const pages = await readPages(
    call,
    (Marker) => client.send(new ListDistributionTenantsCommand({ ...(Marker === undefined ? {} : { Marker }) })),
    ({ NextMarker }) => NextMarker,
  );
  return pages.flatMap(({ DistributionTenantList }) => DistributionTenantList ?? []);
};

/** All that CloudFront serves, by list pages alone; tenants are asked for only where a distribution has some. */
export const readDistributionUses = async (client: CloudFrontClient): Promise<readonly DistributionUse[]> => {
  const [list, tenantList] = [cloudFront('ListDistributions'), cloudFront('ListDistributionTenants')];
  const distributions = await readDistributions(client, list);
  const uses = distributions.map((distribution) => toUse(list, distribution));
  if (!distributions.some(({ ConnectionMode }) => ConnectionMode === 'tenant-only')) return uses;
  const certificates = new Map(uses.map(({ id, certificateArn }) => [id, certificateArn]));
  const tenants = await readTenants(client, tenantList);
  return [...uses, ...tenants.map((tenant) => toTenantUse(tenantList, tenant, (id) => certificates.get(id)))];
};
