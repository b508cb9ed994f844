import type { DomainSummary, Route53DomainsClient } from '@aws-sdk/client-route-53-domains';
import { ListDomainsCommand } from '@aws-sdk/client-route-53-domains';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { readPages } from '../pages.ts';
import type { RegisteredDomain, RegisteredDomainReader } from './port.ts';

const CALL: AwsCall = { service: 'Route 53 Domains', action: 'ListDomains' };

/** The largest page (facts 5.3). */
const MaxItems = 100;

const toRegisteredDomain = ({ DomainName, AutoRenew, Expiry }: DomainSummary): RegisteredDomain => ({
  domain: given(CALL, 'DomainName', DomainName).toLowerCase().replace(/\.$/, ''),
  expiresAt: Expiry,
  // Not said is not renewed: a word too many is better than a domain lost.
  renewsItself: AutoRenew === true,
});

/** Domains registered by the account. */
export const registeredDomainReader = (client: Route53DomainsClient): RegisteredDomainReader => ({
  async readDomains() {
    const pages = await readPages(
      CALL,
      (Marker) => client.send(new ListDomainsCommand({ MaxItems, ...(Marker === undefined ? {} : { Marker }) })),
      ({ NextPageMarker }) => NextPageMarker,
    );
    return pages.flatMap(({ Domains }) => given(CALL, 'Domains', Domains)).map(toRegisteredDomain);
  },
});
