import {
  CloudFrontClient,
  CreateDistributionCommand,
  CreateInvalidationCommand,
  GetInvalidationCommand,
} from '@aws-sdk/client-cloudfront';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { cloudFrontReader } from '../../../aws/cloudfront/reader.ts';
import { cloudFrontWriter } from '../../../aws/cloudfront/writer.ts';
import type { Place } from '../../../domain/invalidation/request.ts';
import type { BehindProxy } from './behind-proxy.ts';
import { clientSettings, startBehindProxy, until } from './behind-proxy.ts';

let at: BehindProxy;
let client: CloudFrontClient;
let made = 0;

const PATIENT = { invalidationMilliseconds: 600_000, deployMilliseconds: 0 };

beforeAll(async () => {
  at = await startBehindProxy(PATIENT);
  client = new CloudFrontClient(clientSettings(at.proxy.url));
}, 120_000);
afterAll(async () => {
  client.destroy();
  await at.stop();
});
beforeEach(() => {
  at.proxy.changeSettings(PATIENT);
  at.proxy.faults.clear();
  at.proxy.resetCalls();
});

/** A distribution of its own, so that no test uses up another's quota. */
const makeDistribution = async (...aliases: readonly string[]): Promise<Place> => {
  made += 1;
  const { Distribution } = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: `test-${made}`,
        Comment: '',
        Enabled: true,
        Aliases: { Quantity: aliases.length, Items: [...aliases] },
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: 'alb',
              DomainName: 'alb.example.com',
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: 'alb',
          ViewerProtocolPolicy: 'redirect-to-https',
          ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
          MinTTL: 0,
        },
      },
    }),
  );
  return { distributionId: Distribution?.Id ?? '', tenantId: undefined, name: aliases[0] ?? '' };
};

const create = (place: Place, reference: string, paths: readonly string[]) =>
  cloudFrontWriter(client).createInvalidation(place, reference, paths);

const wildcards = (count: number) => Array.from({ length: count }, (_, index) => `/${index}/*`);

test('Given an invalidation is created, then it is in progress, and later completed, and the calls are known by name', async () => {
  const place = await makeDistribution();
  at.proxy.changeSettings({ invalidationMilliseconds: 100 });
  const invalidation = await create(place, 'one', ['/', '/blog/*', '#product:42']);
  expect(invalidation.status).toBe('InProgress');
  const read = () => cloudFrontReader(client).readInvalidation(place, invalidation.invalidationId);
  expect(await until(read, (found) => found?.status === 'Completed')).toMatchObject({
    invalidationId: invalidation.invalidationId,
    status: 'Completed',
  });
  const { Invalidation } = await client.send(
    new GetInvalidationCommand({ DistributionId: place.distributionId, Id: invalidation.invalidationId }),
  );
  expect(Invalidation?.InvalidationBatch?.Paths?.Items).toEqual(['/', '/blog/*', '#product:42']);
  expect(at.proxy.counts()).toMatchObject({ 'cloudfront:CreateInvalidation': 1, 'cloudfront:CreateDistribution': 1 });
  const call = at.proxy.calls.find(({ action }) => action === 'GetInvalidation');
  expect(call).toMatchObject({
    access: 'read',
    parameters: { DistributionId: place.distributionId, Id: invalidation.invalidationId },
  });
});

test('Given the same reference, then the same paths give the same invalidation, and other paths an error', async () => {
  const place = await makeDistribution();
  const first = await create(place, 'same', ['/a', '/b']);
  expect(await create(place, 'same', ['/a', '/b'])).toEqual(first);
  await expect(create(place, 'same', ['/c'])).rejects.toMatchObject({
    code: 'InvalidationBatchAlreadyExists',
    meaning: 'already-there',
  });
});

test('Given the answer is lost, when the same is asked again, then it is one invalidation', async () => {
  const place = await makeDistribution();
  at.proxy.faults.failNext({ action: 'CreateInvalidation' }, { kind: 'drop-after' });
  await expect(create(place, 'lost', wildcards(15))).rejects.toMatchObject({ meaning: 'transient' });
  expect((await create(place, 'lost', wildcards(15))).status).toBe('InProgress');
  await expect(create(place, 'more', ['/one-more/*'])).rejects.toMatchObject({
    code: 'TooManyInvalidationsInProgress',
  });
});

test('Given quotas in use, then wildcards and paths are counted apart, and room comes back when they complete', async () => {
  const place = await makeDistribution();
  await create(place, 'w', wildcards(15));
  await expect(create(place, 'w2', ['/x*'])).rejects.toMatchObject({ meaning: 'full' });
  const paths = Array.from({ length: 3_000 }, (_, index) => `/${index}.html`);
  expect((await create(place, 'p', paths)).status).toBe('InProgress');
  await expect(create(place, 'p2', ['/x.html'])).rejects.toMatchObject({ meaning: 'full' });
  at.proxy.changeSettings({ invalidationMilliseconds: 0 });
  expect((await create(place, 'p2', ['/x.html', '/x*'])).status).toBe('Completed');
});

test.each([
  ['no leading slash', ['a.html']],
  ['letters beyond ASCII', ['/あ']],
  ['4,001 characters', [`/${'a'.repeat(4_000)}`]],
  ['no path', []],
])('Given %s, then CloudFront calls it wrong', async (_, paths) => {
  const place = await makeDistribution();
  await expect(create(place, 'wrong', paths)).rejects.toMatchObject({ code: 'InvalidArgument', meaning: 'invalid' });
});

test('Given a quantity that is not the number of paths, then it is refused', async () => {
  const { distributionId } = await makeDistribution();
  const command = new CreateInvalidationCommand({
    DistributionId: distributionId,
    InvalidationBatch: { CallerReference: 'q', Paths: { Quantity: 2, Items: ['/a'] } },
  });
  await expect(client.send(command)).rejects.toMatchObject({ name: 'InconsistentQuantities' });
});

test('Given throttling, then it is known as that', async () => {
  const place = await makeDistribution();
  at.proxy.faults.failNext({ action: 'CreateInvalidation' }, { kind: 'error', code: 'Throttling' });
  await expect(create(place, 't', ['/a'])).rejects.toMatchObject({ code: 'Throttling', meaning: 'throttled' });
});

test('Given distributions, then they are listed with their aliases, and one that is gone is a value', async () => {
  const place = await makeDistribution('www.example.com', '*.example.org');
  const reader = cloudFrontReader(client);
  const listed = (await reader.readDistributions()).find(
    ({ distributionId }) => distributionId === place.distributionId,
  );
  expect(listed).toMatchObject({
    aliases: ['www.example.com', '*.example.org'],
    status: 'Deployed',
    connectionMode: 'direct',
  });
  expect(await reader.readDistribution(place.distributionId)).toEqual({ ...listed, takesTags: false });
  expect(await reader.readDistribution('E9NONE999999')).toBeUndefined();
  expect(await reader.readInvalidation(place, 'INONE')).toBeUndefined();
});

test('Given a distribution was just made, then it deploys for as long as the setting says', async () => {
  at.proxy.changeSettings({ deployMilliseconds: 600_000 });
  const { distributionId } = await makeDistribution();
  const reader = cloudFrontReader(client);
  expect(await reader.readDistribution(distributionId)).toMatchObject({ status: 'InProgress' });
  at.proxy.changeSettings({ deployMilliseconds: 0 });
  expect(await reader.readDistribution(distributionId)).toMatchObject({ status: 'Deployed' });
});
