import { ACMClient, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { certificateReader } from '../../../aws/acm/reader.ts';
import { servingReader } from '../../../aws/serving/reader.ts';
import type { EmulatedCertificates } from '../../support/emulated-certificates.ts';
import { emulatedCertificates } from '../../support/emulated-certificates.ts';
import type { BehindProxy } from './behind-proxy.ts';
import { clientSettings, REGION, startBehindProxy } from './behind-proxy.ts';

const ACCOUNT = '123456789012';
const DAY_MILLISECONDS = 86_400_000;
/** Whole seconds, as a certificate has them. */
const inDays = (days: number): Date => new Date(Math.floor(Date.now() / 1_000) * 1_000 + days * DAY_MILLISECONDS);

let at: BehindProxy;
let world: EmulatedCertificates;
const clients: { destroy(): void }[] = [];
const kept = <Client extends { destroy(): void }>(client: Client): Client => {
  clients.push(client);
  return client;
};

beforeAll(async () => {
  at = await startBehindProxy();
  world = emulatedCertificates(at.proxy.url);
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.destroy();
  world.close();
  await at.stop();
});

const acmIn = (region: string) => kept(new ACMClient({ ...clientSettings(at.proxy.url), region }));
const readerIn = (region: string) => certificateReader(acmIn(region));
const serving = () =>
  servingReader(
    {
      cloudFront: kept(new CloudFrontClient(clientSettings(at.proxy.url))),
      loadBalancing: (region) => kept(new ElasticLoadBalancingV2Client({ ...clientSettings(at.proxy.url), region })),
      classicLoadBalancing: (region) =>
        kept(new ElasticLoadBalancingClient({ ...clientSettings(at.proxy.url), region })),
    },
    ACCOUNT,
  );

test('Given certificates of every key, imported and requested, when they are listed, then all are there; unasked, AWS hides some', async () => {
  const end = inDays(20);
  const rsa = await world.importCertificate('rsa.example.com', { kind: 'RSA', notAfter: end });
  const ecdsa = await world.importCertificate('ecdsa.example.com', { kind: 'ECDSA', notAfter: end });
  const requested = await world.requestCertificate('new.example.com');
  const listed = await readerIn(REGION).readCertificates();
  expect(listed.map(({ arn }) => arn).sort()).toEqual([rsa, ecdsa, requested].sort());
  expect(listed.find(({ arn }) => arn === ecdsa)).toMatchObject({
    region: REGION,
    commonName: 'ecdsa.example.com',
    status: 'ISSUED',
    type: 'IMPORTED',
    notAfter: end,
    isInUse: false,
    keyPairOrigin: 'CUSTOMER_PROVIDED',
  });
  const { CertificateSummaryList } = await acmIn(REGION).send(new ListCertificatesCommand({}));
  expect(CertificateSummaryList?.map(({ CertificateArn }) => CertificateArn)).not.toContain(ecdsa);
  expect(await readerIn('us-east-1').readCertificates()).toEqual([]);
});

test('Given more certificates than a page holds, when they are listed, then page follows page', async () => {
  const client = acmIn(REGION);
  const first = await client.send(
    new ListCertificatesCommand({ MaxItems: 1, Includes: { keyTypes: ['EC_prime256v1', 'RSA_2048'] } }),
  );
  expect(first.CertificateSummaryList).toHaveLength(1);
  const second = await client.send(
    new ListCertificatesCommand({
      MaxItems: 1,
      NextToken: first.NextToken,
      Includes: { keyTypes: ['EC_prime256v1', 'RSA_2048'] },
    }),
  );
  expect(second.CertificateSummaryList).toHaveLength(1);
  expect(second.CertificateSummaryList).not.toEqual(first.CertificateSummaryList);
});

test('Given a certificate on an ALB, one chosen by name, one on a Classic balancer, then ACM and the listeners say so', async () => {
  const [first, second, old] = await Promise.all(
    ['a.example.com', 'b.example.com', 'old.example.com'].map((name) => world.importCertificate(name)),
  );
  if (first === undefined || second === undefined || old === undefined) throw new Error('three were imported');
  const balancer = await world.serveByBalancer('web-alb', [first, second]);
  await world.serveByClassicBalancer('old-web', old);
  const uses = await serving().readListenerUses(REGION);
  expect(uses).toMatchObject([
    { kind: 'alb', name: 'web-alb', id: balancer, port: 443, certificateArns: [first, second], isInternal: false },
    { kind: 'classic', name: 'old-web', port: 443, certificateArns: [old] },
  ]);
  const reader = readerIn(REGION);
  expect((await reader.readCertificate(first))?.inUseBy).toEqual([balancer]);
  expect((await reader.readCertificate(old))?.inUseBy).toEqual([
    `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/old-web`,
  ]);
  expect((await reader.readCertificates()).find(({ arn }) => arn === first)).toMatchObject({ isInUse: true });
});

test('Given a certificate on a distribution, then it is in use in us-east-1, with the alias', async () => {
  const certificate = await world.importCertificate('www.example.com', { region: 'us-east-1' });
  const distributionId = await world.serveByDistribution('www.example.com', certificate);
  expect(await serving().readDistributionUses()).toEqual([
    {
      kind: 'cloudfront',
      id: distributionId,
      name: 'www.example.com',
      region: 'us-east-1',
      port: 443,
      certificateArn: certificate,
      aliases: ['www.example.com'],
    },
  ]);
  expect((await readerIn('us-east-1').readCertificate(certificate))?.inUseBy).toEqual([
    `arn:aws:cloudfront::${ACCOUNT}:distribution/${distributionId}`,
  ]);
});

test('Given a renewal that waits for a record, when its turn is told to the proxy, then it reads as ACM tells it, and tags too', async () => {
  const reader = readerIn(REGION);
  const arn = await world.requestCertificate('stuck.example.co.jp');
  const end = inDays(14);
  at.proxy.turnCertificate(arn, {
    notAfter: end.toISOString(),
    status: 'ISSUED',
    renewal: { status: 'PENDING_VALIDATION', waitsFor: ['stuck.example.co.jp'] },
  });
  expect(await reader.readCertificate(arn)).toMatchObject({
    names: ['stuck.example.co.jp'],
    status: 'ISSUED',
    type: 'AMAZON_ISSUED',
    notAfter: end,
    isEligibleForRenewal: false,
    renewal: {
      status: 'PENDING_VALIDATION',
      validations: [
        {
          name: 'stuck.example.co.jp',
          method: 'DNS',
          status: 'PENDING_VALIDATION',
          record: { name: expect.stringMatching(/^_[0-9a-f]+\.stuck\.example\.co\.jp$/), type: 'CNAME' },
        },
      ],
    },
  });
  const response = await fetch(`${at.proxy.url}/_usher/certificates`, { method: 'PUT', body: JSON.stringify({ arn }) });
  expect(response.status).toBe(200);
  expect((await reader.readCertificate(arn))?.renewal).toBeUndefined();
  const tagged = await world.importCertificate('tagged.example.com', { tags: { 'usher:channel': 'web' } });
  expect((await reader.readCertificate(tagged))?.tags).toEqual({ 'usher:channel': 'web' });
});

test('Given a certificate that is gone, then it is undefined', async () => {
  const gone = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/11111111-1111-1111-1111-111111111111`;
  expect(await readerIn(REGION).readCertificate(gone)).toBeUndefined();
});

test.each([
  [{}, 'give the "arn" of a certificate'],
  [{ arn: 'a', turn: 3 }, 'a turn may have'],
  [{ arn: 'a', turn: { notAfter: 'soon' } }, 'ISO 8601'],
  [{ arn: 'a', turn: { renewal: {} } }, 'a renewal has a "status"'],
])('Given the turn %j, then the proxy says what is wrong with it', async (body, words) => {
  const response = await fetch(`${at.proxy.url}/_usher/certificates`, { method: 'PUT', body: JSON.stringify(body) });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(words.replaceAll('"', '\\"'));
});
