import type { DefaultCacheBehavior, DistributionConfig } from '@aws-sdk/client-cloudfront';
import { CloudFrontClient, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { frontReader } from '../../../aws/cloudfront/front-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const cloudFront = mockClient(CloudFrontClient);
beforeEach(() => {
  cloudFront.reset();
});
const reader = frontReader(new CloudFrontClient({ region: 'us-east-1' }));

const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';

/** As much of a description as is read. @see CloudFront API reference, GetDistribution */
const described = (behaviour: Partial<DefaultCacheBehavior>, config: Partial<DistributionConfig> = {}) => ({
  Distribution: {
    Id: 'E1ABCDEF234567',
    DomainName: 'd111111abcdef8.cloudfront.net',
    Status: 'Deployed',
    DistributionConfig: {
      Enabled: true,
      DefaultCacheBehavior: { TargetOriginId: 'alb', ViewerProtocolPolicy: 'redirect-to-https', ...behaviour },
      ...config,
    },
  },
});

const forwardsHost = async (behaviour: Partial<DefaultCacheBehavior>) => {
  cloudFront.on(GetDistributionCommand).resolves(described(behaviour) as never);
  return (await reader.readFront('E1ABCDEF234567'))?.behaviours[0]?.forwardsHost;
};

test('Given behaviours and origins, then they are read in their order, the default one last', async () => {
  cloudFront.on(GetDistributionCommand, { Id: 'E1ABCDEF234567' }).resolves(
    described({ CachePolicyId: CACHING_DISABLED, OriginRequestPolicyId: ALL_VIEWER }, {
      Aliases: { Quantity: 1, Items: ['www.example.com'] },
      CacheBehaviors: {
        Quantity: 1,
        Items: [
          {
            PathPattern: '/files/*',
            TargetOriginId: 's3',
            ViewerProtocolPolicy: 'https-only',
            CachePolicyId: CACHING_OPTIMIZED,
          },
        ],
      },
      Origins: {
        Quantity: 2,
        Items: [
          {
            Id: 'alb',
            DomainName: 'Origin.example.com',
            CustomOriginConfig: { HTTPPort: 8080, HTTPSPort: 8443, OriginProtocolPolicy: 'https-only' },
          },
          { Id: 's3', DomainName: 'files.s3.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' } },
        ],
      },
    } as never) as never,
  );
  expect(await reader.readFront('E1ABCDEF234567')).toEqual({
    distributionId: 'E1ABCDEF234567',
    domainName: 'd111111abcdef8.cloudfront.net',
    aliases: ['www.example.com'],
    isEnabled: true,
    isDeployed: true,
    behaviours: [
      { pathPattern: '/files/*', visitorProtocol: 'https-only', caches: true, forwardsHost: false, originId: 's3' },
      { pathPattern: '*', visitorProtocol: 'redirect-to-https', caches: false, forwardsHost: true, originId: 'alb' },
    ],
    origins: [
      {
        id: 'alb',
        domainName: 'origin.example.com',
        kind: 'custom',
        protocol: 'https-only',
        httpPort: 8080,
        httpsPort: 8443,
      },
      {
        id: 's3',
        domainName: 'files.s3.amazonaws.com',
        kind: 's3',
        protocol: 'match-viewer',
        httpPort: 80,
        httpsPort: 443,
      },
    ],
  });
});

test('Given policies of the account’s own, then whether the host is forwarded is not known; old settings say it themselves', async () => {
  expect(await forwardsHost({ CachePolicyId: CACHING_OPTIMIZED })).toBe(false);
  expect(await forwardsHost({ CachePolicyId: 'own', OriginRequestPolicyId: ALL_VIEWER })).toBe(true);
  expect(await forwardsHost({ CachePolicyId: CACHING_OPTIMIZED, OriginRequestPolicyId: 'own' })).toBeUndefined();
  const listed = (Items: string[]) => ({
    ForwardedValues: { QueryString: true, Cookies: { Forward: 'all' as const }, Headers: { Quantity: 1, Items } },
  });
  expect(await forwardsHost(listed(['host']))).toBe(true);
  expect(await forwardsHost(listed(['*']))).toBe(true);
  expect(await forwardsHost(listed(['Accept']))).toBe(false);
});

test('Given no such distribution, then there is none; given a refusal, then it is thrown', async () => {
  cloudFront.on(GetDistributionCommand).rejects(awsRefusal('NoSuchDistribution', 'gone'));
  expect(await reader.readFront('E1')).toBeUndefined();
  cloudFront.on(GetDistributionCommand).rejects(awsRefusal('AccessDenied', 'no'));
  await expect(reader.readFront('E1')).rejects.toMatchObject({ code: 'AccessDenied' });
});
