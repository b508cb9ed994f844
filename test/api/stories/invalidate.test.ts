import { CloudFrontClient, CreateDistributionCommand, ListInvalidationsCommand } from '@aws-sdk/client-cloudfront';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { cloudFrontReader } from '../../../aws/cloudfront/reader.ts';
import { cloudFrontWriter } from '../../../aws/cloudfront/writer.ts';
import { aClock } from '../../support/world/clock.ts';
import { anInvalidationWorld } from '../../support/world/invalidation-world.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { clientSettings, startBehindProxy } from '../proxy/behind-proxy.ts';

const SECONDS_UNTIL_COMPLETED = 40;

const clock = aClock(new Date());
let at: BehindProxy;
let client: CloudFrontClient;
let made = 0;

beforeAll(async () => {
  at = await startBehindProxy({
    now: clock.now,
    invalidationMilliseconds: SECONDS_UNTIL_COMPLETED * 1000,
    deployMilliseconds: 0,
  });
  client = new CloudFrontClient(clientSettings(at.proxy.url));
}, 120_000);
afterAll(async () => {
  client.destroy();
  await at.stop();
});
beforeEach(() => {
  at.proxy.faults.clear();
  at.proxy.resetCalls();
});

/** The story's world over the real client, with a distribution of its own behind it. */
const aWorldBehindProxy = async () => {
  made += 1;
  const { Distribution } = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: `story-${made}`,
        Comment: '',
        Enabled: true,
        Aliases: { Quantity: 1, Items: [`www${made}.example.com`] },
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
  const distributionId = Distribution?.Id ?? '';
  at.proxy.resetCalls();
  const world = anInvalidationWorld({
    clock,
    pipelines: [distributionId],
    cloudFront: { ...cloudFrontReader(client), ...cloudFrontWriter(client) },
  });
  const ask = (idempotencyKey: string, paths: readonly string[]): string =>
    JSON.stringify({
      source: 'deploy.www',
      'detail-type': 'Invalidation Requested',
      detail: { idempotencyKey, distribution: `https://www${made}.example.com/`, paths },
    });
  const kept = async () =>
    (await client.send(new ListInvalidationsCommand({ DistributionId: distributionId }))).InvalidationList?.Quantity;
  return { world, ask, kept };
};

const keysOf = (events: readonly { readonly detail: Readonly<Record<string, unknown>> }[]) =>
  events.map(({ detail }) => [detail['idempotencyKey'], detail['status']]);

test('Given pipelines ask in a burst, then one call does it, and each hears when it is done', async () => {
  const { world, ask, kept } = await aWorldBehindProxy();
  await world.deliver(Array.from({ length: 20 }, (_, index) => ask(`k${index}`, [`/${index}.html`, '/画像/'])));
  await world.settle();
  expect(await kept()).toBe(1);
  expect(at.proxy.counts()['cloudfront:CreateInvalidation']).toBe(1);
  expect(world.events).toHaveLength(20);
  expect(world.said('invalidation-completed')).toMatchObject([{ pathCount: 22, durationSeconds: expect.any(Number) }]);
});

test('Given the quota, throttling and a lost answer, then all is invalidated once, in turn', async () => {
  const { world, ask, kept } = await aWorldBehindProxy();
  at.proxy.faults.failNext({ action: 'CreateInvalidation' }, { kind: 'error', code: 'Throttling' });
  at.proxy.faults.failCall(2, { kind: 'drop-after' }, { action: 'CreateInvalidation' });
  const wildcards = (of: string) => Array.from({ length: 8 }, (_, index) => `/${of}/${index}/*`);
  await world.deliver([ask('a', wildcards('a')), ask('b', wildcards('b'))]);
  await world.settle();
  expect(await kept()).toBe(2);
  expect(keysOf(world.events)).toEqual([
    ['a', 'Completed'],
    ['b', 'Completed'],
  ]);
  expect(world.said('invalidation-queued')).toMatchObject([{ because: 'Throttled' }, { because: 'Throttled' }]);
  expect(world.said('invalidation-failed')).toEqual([]);
});

test('Given a distribution that is gone, then that is the ending', async () => {
  const { world } = await aWorldBehindProxy();
  const place = { distributionId: 'E9NONE999999', tenantId: undefined, name: 'gone' };
  await world.ports.invalidations.add({
    requestId: 'r',
    place,
    paths: ['/a'],
    asker: { kind: 'event', idempotencyKey: 'gone', source: 'deploy' },
    requestedAt: clock.now().toISOString(),
    destination: 'default',
    when: 'now',
  });
  await world.deliver([JSON.stringify({ usher: 1, kind: 'invalidation-wake', distributionId: 'E9NONE999999' })]);
  expect(keysOf(world.events)).toEqual([['gone', 'Failed']]);
  expect(world.said('invalidation-failed')).toMatchObject([{ code: 'NoSuchDistribution' }]);
});
