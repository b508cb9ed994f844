import { ListDomainsCommand, Route53DomainsClient } from '@aws-sdk/client-route-53-domains';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { registeredDomainReader } from '../../../aws/route53-domains/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const domains = mockClient(Route53DomainsClient);
beforeEach(() => {
  domains.reset();
});

const reader = registeredDomainReader(new Route53DomainsClient({ region: 'us-east-1' }));

const EXPIRY = new Date('2027-03-01T00:00:00Z');

test('Given domains over two pages, then all are told, with what is known of their renewal', async () => {
  domains
    .on(ListDomainsCommand, { MaxItems: 100 })
    .resolves({
      Domains: [{ DomainName: 'Example.com', AutoRenew: true, TransferLock: true, Expiry: EXPIRY }],
      NextPageMarker: 'next',
    })
    .on(ListDomainsCommand, { MaxItems: 100, Marker: 'next' })
    .resolves({
      Domains: [{ DomainName: 'example.net', AutoRenew: false, Expiry: EXPIRY }, { DomainName: 'xn--r8jz45g.jp' }],
    });
  expect(await reader.readDomains()).toEqual([
    { domain: 'example.com', expiresAt: EXPIRY, renewsItself: true },
    { domain: 'example.net', expiresAt: EXPIRY, renewsItself: false },
    { domain: 'xn--r8jz45g.jp', expiresAt: undefined, renewsItself: false },
  ]);
});

test('Given an account without domains, then none', async () => {
  domains.on(ListDomainsCommand).resolves({ Domains: [] });
  expect(await reader.readDomains()).toEqual([]);
});

test('Given a page fails, comes without its list, or comes again and again, then no shorter list is made of it', async () => {
  domains
    .on(ListDomainsCommand)
    .rejectsOnce(awsRefusal('AccessDeniedException', 'no'))
    .resolvesOnce({})
    .resolves({ Domains: [], NextPageMarker: 'again' });
  await expect(reader.readDomains()).rejects.toMatchObject({ meaning: 'denied' });
  await expect(reader.readDomains()).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  await expect(reader.readDomains()).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
});
