import { ACMClient } from '@aws-sdk/client-acm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { certificateReader } from '../../aws/acm/reader.ts';
import { SURVEY_MESSAGE, serializeExpiryMessage } from '../../events/expiry-message.ts';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { DeployedService } from '../support/deployed-service.ts';
import { callsOfUsher, shownBy, startDeployedService, until } from '../support/deployed-service.ts';
import type { EmulatedCertificates } from '../support/emulated-certificates.ts';
import { emulatedCertificates } from '../support/emulated-certificates.ts';
import { makeCertificate } from '../support/internet/certificates.ts';
import type { DnsServer } from '../support/internet/dns-server.ts';
import { a, authoritative, CODE, cname, ns, soa, startDnsServer } from '../support/internet/dns-server.ts';
import type { TcpServer } from '../support/internet/tls-server.ts';
import { startTlsServer } from '../support/internet/tls-server.ts';
import { assertCallsAllowed } from '../support/permissions.ts';
import { ACCOUNT, REGION, resolved } from '../support/template.ts';

jest.setTimeout(120_000); // what is waited for takes seconds, unless two cores are busy

const FUNCTION = 'alert-expiring-certificates';
const DAY_MILLISECONDS = 86_400_000;
/** So many whole days, and an hour, from now. */
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MILLISECONDS + 3_600_000);

let usher: DeployedService;
let world: EmulatedCertificates;
let dns: DnsServer;
let server: TcpServer;
/** Public DNS, as the stand-in tells it: validation records by their names. */
const records = new Map<string, string>();

let shop: string;
let tokyo: string;
let virginia: string;

/** The zones of the test: `example.co.jp` at a DNS provider, and whoever is above it. */
const startDns = (): Promise<DnsServer> =>
  startDnsServer(({ name, type }) => {
    const value = records.get(name.toLowerCase());
    if (type === 'CNAME' && value !== undefined) return authoritative([cname(name, value)]);
    if (type === 'CNAME') return authoritative([], [soa('example.co.jp')], CODE.nameError);
    if (type === 'NS' && name === 'jp') return authoritative([ns('jp', 'a.dns.jp')]);
    if (type === 'NS' && /^example\.(?:co\.jp|org)$/.test(name))
      return authoritative([ns(name, 'ns1.dns-provider.example')]);
    if (type === 'A') return authoritative([a(name, '192.0.2.53')]);
    return authoritative([], [soa('jp')]);
  });

beforeAll(async () => {
  usher = await startDeployedService();
  world = emulatedCertificates(usher.proxy.url);
  dns = await startDns();
  const served = await makeCertificate({ name: 'www.example.co.jp', notAfter: inDays(5) });
  server = await startTlsServer({ cert: served.certificate, key: served.privateKey });
  await usher.setEnvironment(FUNCTION, 'USHER_LOCAL_INTERNET', `dns=${dns.port} tls=${server.port}`);

  shop = await world.importCertificate('shop.example.com', { notAfter: inDays(13) });
  [tokyo, virginia] = await Promise.all([
    world.requestCertificate('www.example.co.jp'),
    world.requestCertificate('www.example.co.jp', 'us-east-1'),
  ]);
  for (const [arn, days] of [
    [tokyo, 20],
    [virginia, 12],
  ] as const)
    usher.proxy.turnCertificate(arn, {
      status: 'ISSUED',
      notAfter: inDays(days).toISOString(),
      renewal: { status: 'PENDING_VALIDATION', waitsFor: ['www.example.co.jp'] },
    });
  await world.serveByBalancer('web-alb', [shop, tokyo]);
  await world.serveByDistribution('www.example.co.jp', virginia);
}, 240_000); // the first run packages the service

afterAll(async () => {
  world?.close();
  await dns?.close();
  await server?.close();
  await usher?.stop();
});

const next = (...words: readonly string[]): Promise<ReceivedSlackMessage> =>
  usher.slack.nextMessage({
    matching: (message) => words.every((word) => shownBy(message).includes(word)),
    timeoutMilliseconds: 60_000,
  });

/** Runs of the watch that are over, by the kind of what woke them. */
const runsOf = async (kind: string): Promise<number> =>
  (await usher.logOf(FUNCTION)).filter(
    (line) => line['event'] === 'watched' && line['kind'] === kind && line['outcome'] !== 'busy',
  ).length;

const AGAIN_AFTER_MILLISECONDS = 30_000;

/**
 * Does something, and waits until a run more of a kind is over. A run that fails on a busy machine comes back after minutes
 * only; to do the same twice does no harm, so it is done again.
 */
const andWaitFor = async (kind: string, act: () => Promise<void>): Promise<void> => {
  const before = await runsOf(kind);
  let again = performance.now();
  await until(
    `a run of ${kind}`,
    async () => {
      if (performance.now() >= again) {
        again = performance.now() + AGAIN_AFTER_MILLISECONDS;
        await act();
      }
      return (await runsOf(kind)) > before ? true : undefined;
    },
    100_000,
  );
};

const survey = (): Promise<void> => andWaitFor('expiry-certificates', () => usher.wakeWatch(SURVEY_MESSAGE));

const acmEvent = (detailType: string, arn: string, commonName: string) => ({
  source: 'aws.acm',
  'detail-type': detailType,
  resources: [arn],
  detail: { DaysToExpiry: 12, CommonName: commonName },
});

const messagesAbout = (name: string): readonly string[] =>
  usher.slack.messages.map(shownBy).filter((text) => text.includes(name));

describe('the daily survey', () => {
  test('Given an imported certificate on a listener, near its end, when the day’s survey runs, then Slack says who must act', async () => {
    await survey();
    const text = shownBy(await next('shop.example.com'));
    expect(text).toContain('in 13 days');
    expect(text).toContain('web-alb :443');
    expect(text).toContain('import');
  });

  test('Given two renewals that wait for one record, on a distribution and a listener, then one message has the CNAME', async () => {
    const text = shownBy(await next('www.example.co.jp'));
    expect(text).toContain('in 12 days');
    expect(text).toContain('2 certificates wait for the same record');
    expect(text).toContain('CloudFront');
    expect(text).toContain('ALB web-alb :443');
    expect(text).toMatch(/Host: +_[0-9a-f]+\.www\n/);
    expect(text).toMatch(/Value: +_[0-9a-f]+\.[a-z]+\.acm-validations\.aws\.?\n/);
    expect(text).toMatch(/Full name: _[0-9a-f]+\.www\.example\.co\.jp\n/);
    expect(text).toContain('ns1.dns-provider.example');
  });

  test('Given it runs again on the same day, and ACM’s events besides, here and forwarded, then nothing is said twice', async () => {
    await survey();
    const once = (act: () => Promise<void>) => andWaitFor('certificate-sighted', act);
    await once(() => usher.send(acmEvent('ACM Certificate Approaching Expiration', shop, 'shop.example.com')));
    const waits = acmEvent('ACM Certificate Renewal Action Required', tokyo, 'www.example.co.jp');
    await once(() => usher.send(waits));
    await once(() => usher.sendForwarded(waits));
    // MiniStack writes its own Region into every event: what happened elsewhere is put in the queue as its rule would.
    const elsewhere = { ...waits, resources: [virginia], version: '0', id: 'elsewhere', region: 'us-east-1' };
    await once(() => usher.wakeWatch(JSON.stringify({ ...elsewhere, account: ACCOUNT, time: '2026-11-22T01:00:00Z' })));
    await usher.quiet(['ReportQueue']);
    expect(messagesAbout('shop.example.com')).toHaveLength(1);
    expect(messagesAbout('www.example.co.jp')).toHaveLength(1);
  });
});

test('Given the record appears and ACM renews, when it says that the certificates are available, then the matter is closed', async () => {
  const text = messagesAbout('www.example.co.jp')[0] ?? '';
  const [, name = ''] = /Full name: (\S+)/.exec(text) ?? [];
  const [, value = ''] = /Value: +(\S+)/.exec(text) ?? [];
  records.set(name, value);
  for (const arn of [tokyo, virginia])
    usher.proxy.turnCertificate(arn, {
      status: 'ISSUED',
      notAfter: inDays(198).toISOString(),
      renewal: { status: 'SUCCESS' },
    });
  const available = acmEvent('ACM Certificate Available', tokyo, 'www.example.co.jp');
  await andWaitFor('certificate-sighted', () => usher.send(available));
  const ending = shownBy(await next('www.example.co.jp', 'renewed in ACM'));
  expect(ending).toContain('New end: ');
  expect(ending).toContain('Nothing to do.');
});

test('Given a server whose certificate no browser trusts, when it is looked at once more, then Slack says what visitors get', async () => {
  const secondLook = { kind: 'expiry-endpoints', only: ['www.example.co.jp:443'], attempt: 1 } as const;
  await usher.wakeWatch(serializeExpiryMessage(secondLook));
  const text = shownBy(await next('www.example.co.jp', 'trust'));
  expect(text).toMatch(/browsers/i);
});

test('Given a request whose record stands in a Route 53 zone that nobody asks, then that is said, and that it was issued in the end', async () => {
  const arn = await world.requestCertificate('new.example.org');
  usher.proxy.turnCertificate(arn, { status: 'PENDING_VALIDATION' });
  const acm = new ACMClient({
    endpoint: usher.proxy.url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const record = (await certificateReader(acm).readCertificate(arn))?.validations[0]?.record;
  acm.destroy();
  if (record === undefined) throw new Error('ACM gives the record with the request');
  await world.hostZone('example.org', record);
  await survey();
  const text = shownBy(await next('new.example.org', 'not issued yet'));
  expect(text).toContain('DNS zone isn’t asked');
  expect(text).toContain(record.name);

  records.set(record.name, record.value);
  usher.proxy.turnCertificate(arn, { status: 'ISSUED', notAfter: inDays(198).toISOString() });
  const available = acmEvent('ACM Certificate Available', arn, 'new.example.org');
  await andWaitFor('certificate-sighted', () => usher.send(available));
  await next('new.example.org', 'certificate issued');
});

test.each(['expiry-domains', 'expiry-records'] as const)(
  'Given nobody answers for registries here, when %s are looked at, then the run comes to its end, and nobody is bothered yet',
  async (kind) => {
    const before = usher.slack.messages.length;
    await andWaitFor(kind, () => usher.wakeWatch(serializeExpiryMessage({ kind })));
    await usher.quiet(['ReportQueue']);
    expect(usher.slack.messages).toHaveLength(before);
  },
);

test('Then every call that was made is allowed to the function’s role', async () => {
  const calls = callsOfUsher(usher.proxy.calls).filter(({ application }) => application === `usher-${FUNCTION}`);
  const made = new Set(
    calls.map(({ service, action }) => `${service}:${action.replace(/hostedzone\/\w+/, 'hostedzone/ZONE')}`),
  );
  expect([...made].sort()).toEqual([
    'acm:DescribeCertificate',
    'acm:ListCertificates',
    'acm:ListTagsForCertificate',
    'cloudfront:ListDistributions',
    'elb:DescribeLoadBalancers',
    'elbv2:DescribeListenerCertificates',
    'elbv2:DescribeListeners',
    'elbv2:DescribeLoadBalancers',
    'route53:GET /2013-04-01/hostedzone/ZONE',
    'route53:GET /2013-04-01/hostedzone/ZONE/rrset',
    'route53:GET /2013-04-01/hostedzonesbyname',
    'route53domains:ListDomains',
  ]);
  await assertCallsAllowed(resolved(await usher.template()), FUNCTION, calls, {
    vpcIdOf: () => '',
    tagsOf: () => ({}),
  });
});

test('The deployment put a forwarder into the other Region that is surveyed', async () => {
  expect(await usher.rulesOf('us-east-1')).toEqual([
    'usher-local-forward-certificates',
    'usher-local-forward-distributions',
    'usher-local-forward-health',
  ]);
});

test('Nothing was given up', async () => {
  expect(await usher.deadLetters()).toBe(0);
});
