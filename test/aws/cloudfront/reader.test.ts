import type { DistributionConfig, DistributionSummary } from '@aws-sdk/client-cloudfront';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  CreateInvalidationForDistributionTenantCommand,
  GetDistributionCommand,
  GetDistributionTenantByDomainCommand,
  GetInvalidationCommand,
  GetInvalidationForDistributionTenantCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudFrontReader } from '../../../aws/cloudfront/reader.ts';
import { cloudFrontWriter } from '../../../aws/cloudfront/writer.ts';
import { awsRefusal } from '../aws-refusal.ts';

const cloudFront = mockClient(CloudFrontClient);
beforeEach(() => {
  cloudFront.reset();
});

const client = new CloudFrontClient({ region: 'us-east-1' });
const reader = cloudFrontReader(client);
const writer = cloudFrontWriter(client);

const PLACE = { distributionId: 'E1WWW2222222', tenantId: undefined, name: 'www.example.com' };
const TENANT = { ...PLACE, tenantId: 'dt_1' };
const CREATED = new Date('2026-11-22T05:02:00Z');

/** As much of a summary as is read; the API sends thirty more keys. */
const summary = (Id: string, more: Partial<DistributionSummary> = {}) =>
  ({
    Id,
    DomainName: `${Id.toLowerCase()}.cloudfront.net`,
    Status: 'Deployed',
    Aliases: { Quantity: 0 },
    ...more,
  }) as DistributionSummary;

const config = (more: Partial<DistributionConfig> = {}) => ({ ...more }) as DistributionConfig;

const list = (Items: DistributionSummary[] | undefined, NextMarker?: string) => ({
  DistributionList: {
    Marker: '',
    MaxItems: 100,
    Quantity: Items?.length ?? 0,
    IsTruncated: NextMarker !== undefined,
    ...(Items === undefined ? {} : { Items }),
    ...(NextMarker === undefined ? {} : { NextMarker }),
  },
});

describe('distributions', () => {
  test('Given several pages, when they are listed, then all are there, with and without aliases', async () => {
    cloudFront
      .on(ListDistributionsCommand, {})
      .resolves(list([summary('E1AAAAAAAAAA', { Aliases: { Quantity: 1, Items: ['www.example.com'] } })], 'next'))
      .on(ListDistributionsCommand, { Marker: 'next' })
      .resolves(list([summary('E2BBBBBBBBBB', { Status: 'InProgress', ConnectionMode: 'tenant-only' })]));
    expect(await reader.readDistributions()).toEqual([
      {
        distributionId: 'E1AAAAAAAAAA',
        domainName: 'e1aaaaaaaaaa.cloudfront.net',
        aliases: ['www.example.com'],
        status: 'Deployed',
        connectionMode: 'direct',
      },
      {
        distributionId: 'E2BBBBBBBBBB',
        domainName: 'e2bbbbbbbbbb.cloudfront.net',
        aliases: [],
        status: 'InProgress',
        connectionMode: 'tenant-only',
      },
    ]);
  });

  test('Given none, with or without an empty list, then none; but a list that should be there and is not is an error', async () => {
    cloudFront.on(ListDistributionsCommand).resolvesOnce(list(undefined)).resolvesOnce(list([]));
    expect(await reader.readDistributions()).toEqual([]);
    expect(await reader.readDistributions()).toEqual([]);
    cloudFront
      .on(ListDistributionsCommand)
      .resolves({ DistributionList: { Marker: '', MaxItems: 100, Quantity: 3, IsTruncated: false } });
    await expect(reader.readDistributions()).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });

  test.each([
    ['on', { CacheTagConfig: { HeaderName: 'cache-tag' } }, true],
    ['off', {}, false],
  ])('Given CacheTagConfig is %s, then that is known', async (_, more, takesTags) => {
    cloudFront.on(GetDistributionCommand, { Id: 'E1AAAAAAAAAA' }).resolves({
      Distribution: {
        Id: 'E1AAAAAAAAAA',
        ARN: 'arn:aws:cloudfront::123456789012:distribution/E1AAAAAAAAAA',
        Status: 'InProgress',
        LastModifiedTime: CREATED,
        InProgressInvalidationBatches: 0,
        DomainName: 'd1.cloudfront.net',
        DistributionConfig: config(more),
      },
    });
    expect(await reader.readDistribution('E1AAAAAAAAAA')).toMatchObject({ status: 'InProgress', takesTags });
  });

  test('Given a tenant, then it is found by its domain; one that is not there is a value, and a refusal is not', async () => {
    cloudFront
      .on(GetDistributionTenantByDomainCommand, { Domain: 'shop.example.org' })
      .resolves({
        DistributionTenant: {
          Id: 'dt_1',
          DistributionId: 'E2BBBBBBBBBB',
          Domains: [{ Domain: 'shop.example.org', Status: 'active' }],
          Status: 'Deployed',
        },
      })
      .on(GetDistributionTenantByDomainCommand, { Domain: 'none.example.org' })
      .rejects(awsRefusal('EntityNotFound', 'no such tenant'))
      .on(GetDistributionTenantByDomainCommand, { Domain: 'denied.example.org' })
      .rejects(awsRefusal('AccessDenied', 'not allowed'));
    expect(await reader.readTenantByDomain('shop.example.org')).toEqual({
      tenantId: 'dt_1',
      distributionId: 'E2BBBBBBBBBB',
      domains: ['shop.example.org'],
      status: 'Deployed',
    });
    expect(await reader.readTenantByDomain('none.example.org')).toBeUndefined();
    await expect(reader.readTenantByDomain('denied.example.org')).rejects.toMatchObject({ meaning: 'denied' });
  });
});

const ANSWER = {
  Invalidation: {
    Id: 'I1',
    Status: 'InProgress',
    CreateTime: CREATED,
    InvalidationBatch: { CallerReference: 'b1', Paths: { Quantity: 1, Items: ['/a'] } },
  },
};
const MADE = { invalidationId: 'I1', status: 'InProgress', createdAt: CREATED };

describe('invalidations', () => {
  test('Given a distribution, then it is asked about by its id, with as many items as the quantity says', async () => {
    cloudFront.on(CreateInvalidationCommand).resolves(ANSWER).on(GetInvalidationCommand).resolves(ANSWER);
    expect(await writer.createInvalidation(PLACE, 'b1', ['/a', '#t'])).toEqual(MADE);
    expect(await reader.readInvalidation(PLACE, 'I1')).toEqual(MADE);
    expect(cloudFront.calls().map(({ args }) => args[0].input)).toEqual([
      {
        DistributionId: 'E1WWW2222222',
        InvalidationBatch: { CallerReference: 'b1', Paths: { Quantity: 2, Items: ['/a', '#t'] } },
      },
      { DistributionId: 'E1WWW2222222', Id: 'I1' },
    ]);
  });

  test('Given a tenant, then the tenant is asked about, never its distribution', async () => {
    cloudFront
      .on(CreateInvalidationForDistributionTenantCommand)
      .resolves(ANSWER)
      .on(GetInvalidationForDistributionTenantCommand)
      .resolves(ANSWER);
    expect(await writer.createInvalidation(TENANT, 'b1', ['/a'])).toEqual(MADE);
    expect(await reader.readInvalidation(TENANT, 'I1')).toEqual(MADE);
    expect(cloudFront.calls().map(({ args }) => args[0].input)).toEqual([
      { Id: 'dt_1', InvalidationBatch: { CallerReference: 'b1', Paths: { Quantity: 1, Items: ['/a'] } } },
      { DistributionTenantId: 'dt_1', Id: 'I1' },
    ]);
  });

  test.each([
    ['TooManyInvalidationsInProgress', 'full'],
    ['InvalidationBatchAlreadyExists', 'already-there'],
    ['Throttling', 'throttled'],
    ['NoSuchDistribution', 'not-found'],
    ['AccessDenied', 'denied'],
    ['InvalidArgument', 'invalid'],
    ['InconsistentQuantities', 'invalid'],
    ['BatchTooLarge', 'invalid'],
    ['MissingBody', 'invalid'],
    ['InternalError', 'transient'],
  ])('Given CloudFront answers %s, then it means what it means to us', async (code, meaning) => {
    cloudFront.on(CreateInvalidationCommand).rejects(awsRefusal(code, 'no'));
    await expect(writer.createInvalidation(PLACE, 'b1', ['/a'])).rejects.toMatchObject({ code, meaning });
  });

  test('Given an answer without its invalidation, then it is an error and not a guess', async () => {
    cloudFront.on(CreateInvalidationCommand).resolves({});
    await expect(writer.createInvalidation(PLACE, 'b1', ['/a'])).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });
});
