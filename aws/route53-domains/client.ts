import { Route53DomainsClient } from '@aws-sdk/client-route-53-domains';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The only Region that has it (facts 5.3). */
const ROUTE53_DOMAINS_REGION = 'us-east-1';

/** The process's one client of Route 53 Domains. */
export const route53DomainsClient = madeOnce(
  () => new Route53DomainsClient({ ...CLIENT_SETTINGS, region: ROUTE53_DOMAINS_REGION }),
);
