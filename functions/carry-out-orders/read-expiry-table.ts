import { acmClient } from '../../aws/acm/client.ts';
import { certificateReaders } from '../../aws/acm/readers.ts';
import { cloudFrontClient } from '../../aws/cloudfront/client.ts';
import { lambdaSurroundings } from '../../aws/lambda/surroundings.ts';
import { route53DomainsClient } from '../../aws/route53-domains/client.ts';
import { registeredDomainReader } from '../../aws/route53-domains/reader.ts';
import { regionalClassicLoadBalancingClient, regionalLoadBalancingClient } from '../../aws/serving/clients.ts';
import { servingReader } from '../../aws/serving/reader.ts';
import { tableExpiryMemory } from '../../aws/state/expiry-memory.ts';
import type { Table } from '../../aws/state/table.ts';
import type { ExpiryTable } from '../../domain/expiry/report.ts';
import type { ExpirySettings } from '../../domain/expiry/settings.ts';
import type { Stage } from '../../domain/stage.ts';
import { registrableDomain } from '../../internet/public-suffix.ts';
import { certificatesTable, REMEMBERED_REGISTRIES } from '../../stories/watch-expiry/table.ts';

/** What ends when, of certificates and domains. In a file of its own, which is loaded when somebody asks. */
export const readExpiryTable = (stage: Stage, settings: ExpirySettings, table: Table): Promise<ExpiryTable> =>
  certificatesTable({
    ...lambdaSurroundings,
    stage,
    settings,
    certificates: certificateReaders(acmClient),
    serving: servingReader(
      {
        cloudFront: cloudFrontClient(),
        loadBalancing: regionalLoadBalancingClient,
        classicLoadBalancing: regionalClassicLoadBalancingClient,
      },
      stage.account,
    ),
    registeredDomains: registeredDomainReader(route53DomainsClient()),
    registries: REMEMBERED_REGISTRIES,
    registrableDomain,
    memory: tableExpiryMemory(table),
  });
