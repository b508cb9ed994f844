import { describe, expect, test } from '@jest/globals';
import type { Registration } from '../../../domain/expiry/registration.ts';
import type { Handshake, ServedCertificate } from '../../../domain/expiry/served.ts';
import { anExpiryWorld, refusedBy } from '../../support/world/expiry-world.ts';
import { arnOf, endsIn, imported, START, stuck } from './samples.ts';

const DAY_SECONDS = 86_400;

const LEAF: ServedCertificate = {
  subject: 'shop.example.com',
  issuer: 'Amazon RSA 2048 M02',
  names: ['shop.example.com'],
  notBefore: START,
  notAfter: endsIn(100),
  serial: '0A1B2C',
  fingerprint256: 'AA',
};

const serving = (
  leaf: Partial<ServedCertificate> = {},
  change: Partial<Handshake & { kind: 'served' }> = {},
): Handshake => ({
  kind: 'served',
  chain: [{ ...LEAF, ...leaf }],
  namesHost: true,
  trust: 'trusted',
  ...change,
});

const DISTRIBUTION = {
  kind: 'cloudfront',
  name: 'shop.example.com',
  id: 'E1ABC',
  region: 'us-east-1',
  port: 443,
} as const;

const EDGE = arnOf('edge', 'us-east-1');

const aWorldWithADistribution = () => {
  const world = anExpiryWorld();
  world.put(
    imported('edge', 100, {
      arn: EDGE,
      region: 'us-east-1',
      commonName: 'shop.example.com',
      serial: '0a:1b:2c',
      importedAt: new Date(START.getTime() - 30 * DAY_SECONDS * 1000),
    }),
  );
  world.distributions.push({ ...DISTRIBUTION, certificateArn: EDGE, aliases: ['shop.example.com', '*.example.com'] });
  world.served.set('www.example.com:443', serving());
  return world;
};

const LISTENER = {
  kind: 'alb',
  name: 'web-alb',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0a1b2c3d4e5f6789',
  region: 'ap-northeast-1',
  port: 443,
  dnsName: 'web-alb-1.ap-northeast-1.elb.amazonaws.com',
  isInternal: false,
} as const;

describe('what is served', () => {
  test('Given what is attached is served, when it is surveyed, then nothing is said, and nothing is read in detail', async () => {
    const world = aWorldWithADistribution();
    world.served.set('shop.example.com:443', serving());
    await world.survey();
    expect(world.shown()).toEqual([]);
    expect(world.countCalls('acm.readCertificate')).toBe(0);
  });

  test('Given a handshake that shows another chain once, when it is right the second time, then nothing is said', async () => {
    const world = aWorldWithADistribution();
    world.served.set('shop.example.com:443', serving({}, { trust: 'incomplete-chain' }));
    await world.survey(600);
    world.served.set('shop.example.com:443', serving());
    await world.settle(1_800);
    expect(world.shown()).toEqual([]);
  });

  test('Given an expired certificate that nobody attached, when it is surveyed for days, then it is told once, and its end', async () => {
    const world = aWorldWithADistribution();
    world.served.set('shop.example.com:443', serving({ notAfter: endsIn(-2), serial: '77' }));
    for (let day = 0; day < 3; day += 1) await world.survey(DAY_SECONDS);
    expect(world.said('served-certificate-wrong')).toMatchObject([
      { host: 'shop.example.com', port: 443, finding: 'expired', attached: { name: 'shop.example.com', id: EDGE } },
    ]);
    expect(world.shown()[0]).toMatchObject({ severity: 'critical' });
    world.served.set('shop.example.com:443', serving());
    await world.survey(DAY_SECONDS);
    expect(world.said('served-certificate-right')).toMatchObject([{ host: 'shop.example.com', port: 443 }]);
  });

  test('Given a balancer behind CloudFront that answers nobody else, when it is surveyed, then that is as it should be', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 100));
    world.listeners.push({ ...LISTENER, certificateArns: [arnOf('shop')] });
    await world.survey();
    expect(world.countCalls('tls.shakeHands')).toBe(1);
    expect(world.shown()).toEqual([]);
  });

  test.each<[string, Handshake | undefined]>([
    ['no such name', undefined],
    ['another server', serving({ serial: '77', notAfter: endsIn(90) })],
    ['a server of other names', serving({ serial: '77' }, { namesHost: false })],
  ])(
    'Given a wildcard alias, when the likely name below it leads to %s, then nobody hears of a name that nobody gave',
    async (_, handshake) => {
      const world = aWorldWithADistribution();
      world.served.set('shop.example.com:443', serving());
      world.served.delete('www.example.com:443');
      if (handshake !== undefined) world.served.set('www.example.com:443', handshake);
      await world.survey();
      expect(world.countCalls('tls.shakeHands')).toBe(2);
      expect(world.shown()).toEqual([]);
    },
  );

  test('Given a wildcard alias and the likely name below it on the stage’s own list, then it is looked at as the list has it', async () => {
    const world = anExpiryWorld({ settings: { endpoints: [{ host: 'www.example.com', port: 443 }] } });
    world.distributions.push({ ...DISTRIBUTION, certificateArn: undefined, aliases: ['*.example.com'] });
    await world.survey();
    expect(world.said('served-certificate-wrong')).toMatchObject([
      { host: 'www.example.com', finding: 'could-not-connect' },
    ]);
  });

  test('Given a listener of two certificates, when the second’s name is served something else, then that one is named, where its tag says', async () => {
    const world = anExpiryWorld({ stage: { destinations: ['default', 'shops'] } });
    world.put(imported('first', 100), imported('second', 100, { tags: { 'usher:channel': 'shops' } }));
    world.listeners.push({ ...LISTENER, certificateArns: [arnOf('first'), arnOf('second')] });
    world.served.set('first.example.com:443', serving({ notAfter: endsIn(100), serial: '' }));
    world.served.set('second.example.com:443', serving({ serial: '77', notAfter: endsIn(90) }));
    await world.survey();
    expect(world.shown().map(({ destination }) => destination)).toEqual(['shops']);
    expect(world.said('served-certificate-wrong')).toMatchObject([
      { host: 'second.example.com', attached: { name: 'second.example.com', id: arnOf('second') } },
    ]);
  });

  test('Given a renewal on its way to the edges that can’t be looked at, when the old certificate is still served, then it is not taken for a stranger’s', async () => {
    const world = aWorldWithADistribution();
    world.served.set('shop.example.com:443', serving({ notAfter: endsIn(30), serial: '77' }));
    world.unreadDetails.set(EDGE, refusedBy('ACM', 'DescribeCertificate', 'denied'));
    await world.survey();
    expect(world.shown()).toEqual([]);
    world.served.set('shop.example.com:443', serving({ notAfter: endsIn(30), serial: '77' }, { trust: 'untrusted' }));
    await world.survey();
    expect(world.said('served-certificate-wrong').map(({ finding }) => finding)).toEqual(['untrusted']);
  });

  test('Given a listener that is internal, when it is surveyed, then nobody knocks', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 100));
    world.listeners.push({ ...LISTENER, isInternal: true, certificateArns: [arnOf('shop')] });
    await world.survey();
    expect(world.countCalls('tls.shakeHands')).toBe(0);
  });

  test('Given an announced endpoint, when its distribution is gone, then it is forgotten; when it can’t be read, it is not', async () => {
    const world = aWorldWithADistribution();
    world.served.set('shop.example.com:443', serving({}, { namesHost: false }));
    await world.survey();
    expect([...world.memory.announcements.keys()]).toEqual(['endpoint|shop.example.com:443']);
    world.onCall((_, name) =>
      name === 'serving.readDistributionUses' ? refusedBy('CloudFront', 'ListDistributions', 'denied') : 'proceed',
    );
    await world.survey();
    expect([...world.memory.announcements.keys()]).toEqual(['endpoint|shop.example.com:443']);
    world.onCall();
    world.distributions.length = 0;
    await world.survey();
    expect(world.memory.announcements.size).toBe(0);
  });

  test('Given 250 endpoints, when they are surveyed, then each is asked once, part by part', async () => {
    const endpoints = Array.from({ length: 250 }, (_, number) => ({ host: `h${number}.example.com`, port: 443 }));
    const world = anExpiryWorld({ settings: { endpoints } });
    for (const { host } of endpoints) world.served.set(`${host}:443`, serving());
    world.onCall((_, name) => {
      if (name === 'tls.shakeHands') world.clock.advance(1);
      return 'proceed';
    });
    await world.survey();
    expect(world.countCalls('tls.shakeHands')).toBe(250);
    expect(world.queue.sent.filter(({ body }) => body.includes('"after"')).length).toBeGreaterThan(2);
  });
});

const registered = (days: number, change: Partial<Registration & { kind: 'registered' }> = {}): Registration => ({
  kind: 'registered',
  source: 'rdap',
  expiresAt: endsIn(days),
  registrar: 'Registrar',
  renewsItself: undefined,
  statuses: [],
  ...change,
});

describe('domains', () => {
  test('Given a domain of Route 53’s that renews itself, when it is near, then nothing is said; switched off, it is', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 100));
    world.registered.push({ domain: 'example.com', expiresAt: endsIn(10), renewsItself: true });
    await world.survey();
    expect(world.shown()).toEqual([]);
    expect(world.countCalls('registries.readRegistration')).toBe(0);
    world.registered[0] = { domain: 'example.com', expiresAt: endsIn(10), renewsItself: false };
    await world.survey();
    expect(world.said('domain-needs-action')).toMatchObject([
      {
        domain: 'example.com',
        finding: 'auto-renew-off',
        source: 'route53',
        thresholdDays: 14,
        names: ['shop.example.com'],
      },
    ]);
  });

  test('Given a certificate for two domains, when they are surveyed, then both are looked at', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300, { names: ['shop.example.com', '*.example.net', 'Example Corp Device CA'] }));
    world.registrations.set('example.net', registered(10));
    await world.survey();
    expect(world.said('domain-needs-action')).toMatchObject([{ domain: 'example.net', names: ['example.net'] }]);
    expect(world.countCalls('registries.readRegistration')).toBe(2);
  });

  test('Given a domain that only certificates name which are over, when somebody else may have it by now, then nobody is called', async () => {
    const world = anExpiryWorld();
    const unused = { isInUse: false, inUseBy: [] } as const;
    world.put(
      imported('old', -400, { ...unused, status: 'EXPIRED', names: ['shop.given-up.example'] }),
      imported('typo', 300, { ...unused, status: 'VALIDATION_TIMED_OUT', names: ['shop.exmaple.example'] }),
      imported('served', -1, { status: 'EXPIRED', names: ['shop.example.com'] }),
    );
    await world.survey();
    expect(world.calls.filter(({ name }) => name === 'registries.readRegistration').map(({ args }) => args[0])).toEqual(
      ['example.com'],
    );
  });

  test('Given a domain far from its end, when it is surveyed for a fortnight, then its registry is asked once a week', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    for (let day = 0; day < 14; day += 1) await world.survey(DAY_SECONDS);
    expect(world.countCalls('registries.readRegistration')).toBe(2);
  });

  test('Given a .jp domain, when somebody confirms its renewal, then it is quiet until its date must have moved', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300, { commonName: 'www.example.co.jp', names: ['www.example.co.jp'] }));
    world.registrations.set('example.co.jp', registered(20, { source: 'whois' }));
    await world.survey();
    const [report] = world.shown();
    expect(report?.body).toMatchObject({ finding: 'confirm-renewal', domain: 'example.co.jp' });
    expect(report?.buttons?.map(({ verb }) => verb)).toEqual(['confirm', 'check', 'snooze']);
    const plan = world.state.storedPlans.get(report?.buttons?.[0]?.planId ?? '');
    if (plan?.content.kind !== 'confirm') throw new Error('nothing to confirm');
    expect(new Date(plan.content.until).getTime()).toBeGreaterThan(endsIn(20).getTime());
    await world.state.quietMatters.silence(plan.content.matter, new Date(plan.content.until), 'U0001');
    for (let day = 0; day < 21; day += 1) await world.survey(DAY_SECONDS);
    expect(world.shown()).toHaveLength(1);
    world.registrations.set('example.co.jp', registered(385, { source: 'whois' }));
    await world.survey(DAY_SECONDS);
    expect(world.said('domain-settled')).toMatchObject([
      { domain: 'example.co.jp', expiresAt: endsIn(385).toISOString() },
    ]);
  });

  test('Given a registry that says "not registered" once, when it is asked again, then nobody is called for nothing', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    world.registrations.set('example.com', { kind: 'not-registered', source: 'rdap' });
    await world.survey(905);
    expect(world.shown()).toEqual([]);
    world.registrations.delete('example.com');
    await world.settle(1_800);
    expect(world.shown()).toEqual([]);
  });

  test('Given a domain whose end was told, when its registry says "not registered" once, then nobody is called for that either', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    world.registrations.set('example.com', registered(40));
    await world.survey(DAY_SECONDS);
    world.registrations.set('example.com', { kind: 'not-registered', source: 'rdap' });
    await world.survey(905);
    world.registrations.set('example.com', registered(40));
    await world.settle(DAY_SECONDS);
    expect(world.said('domain-needs-action').map(({ finding }) => finding)).toEqual(['expiring']);
    world.registrations.set('example.com', { kind: 'not-registered', source: 'rdap' });
    await world.survey(DAY_SECONDS);
    expect(world.said('domain-needs-action').map(({ finding }) => finding)).toEqual(['expiring', 'not-registered']);
  });

  test('Given a domain that could not be checked, when it can, then nobody hears of a renewal that was none', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    world.registrations.set('example.com', { kind: 'could-not-check', why: 'timed out' });
    await world.survey(DAY_SECONDS);
    world.registrations.delete('example.com');
    await world.survey(DAY_SECONDS);
    expect(world.bodies().map(({ kind }) => kind)).toEqual(['domain-needs-action']);
    expect(world.memory.announcements.size).toBe(0);
  });

  test('Given auto-renew that was off, when it is turned on, then the domain is in order, and not told as renewed', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 100));
    world.registered.push({ domain: 'example.com', expiresAt: endsIn(10), renewsItself: false });
    await world.survey(DAY_SECONDS);
    world.registered[0] = { domain: 'example.com', expiresAt: endsIn(10), renewsItself: true };
    await world.survey(DAY_SECONDS);
    expect(world.said('domain-settled')).toEqual([
      { kind: 'domain-settled', domain: 'example.com', expiresAt: undefined },
    ]);
  });

  test('Given a registry that does not answer, when it was asked three times, then that is told once', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    world.registrations.set('example.com', { kind: 'could-not-check', why: 'timed out' });
    for (let day = 0; day < 3; day += 1) await world.survey(DAY_SECONDS);
    expect(world.said('domain-needs-action')).toMatchObject([{ finding: 'could-not-check', detail: 'timed out' }]);
  });

  test('Given a registry that does not answer at first, when it does a quarter of an hour later, then nothing is said', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    world.registrations.set('example.com', { kind: 'could-not-check', why: 'timed out' });
    await world.survey(905);
    expect(world.countCalls('registries.readRegistration')).toBe(1);
    world.registrations.delete('example.com');
    await world.settle(1_800);
    expect(world.countCalls('registries.readRegistration')).toBe(2);
    expect(world.shown()).toEqual([]);
  });

  test('Given a registry that no longer answers, when it once gave a date, then that date counts', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300));
    world.registrations.set('example.com', registered(50));
    await world.survey(DAY_SECONDS);
    world.registrations.set('example.com', { kind: 'could-not-check', why: 'timed out' });
    for (let day = 0; day < 7; day += 1) await world.survey(DAY_SECONDS);
    expect(world.said('domain-needs-action')).toMatchObject([{ finding: 'expiring', thresholdDays: 45 }]);
  });

  test('Given a domain that no source knows, when people keep its date by hand, then that counts; ignored, nothing is said', async () => {
    const nowhere = { kind: 'cannot-know', why: 'NoSource' } as const;
    const byHand = anExpiryWorld({ settings: { domainDates: new Map([['example.com', endsIn(10)]]) } });
    const ignored = anExpiryWorld({ settings: { ignoredDomains: ['example.com'] } });
    for (const world of [byHand, ignored]) {
      world.put(imported('shop', 300));
      world.registrations.set('example.com', nowhere);
      await world.survey();
    }
    expect(byHand.said('domain-needs-action')).toMatchObject([{ finding: 'expiring', source: 'configured' }]);
    expect(ignored.shown()).toEqual([]);
  });
});

describe('validation records, months ahead', () => {
  const far = (id: string) => stuck(id, 150, { renewal: undefined });

  test('Given the records of certificates in use, when four weeks pass, then each is asked for once, and a missing one told once a month', async () => {
    const world = anExpiryWorld();
    for (let number = 0; number < 40; number += 1) world.put(far(`site${number}`));
    for (let day = 0; day < 28; day += 1) await world.survey(DAY_SECONDS);
    expect(world.countCalls('acm.readCertificate')).toBe(40);
    const said = world.said('validation-records-missing');
    expect(world.shown().map(({ at }) => at.slice(0, 'YYYY-MM'.length))).toEqual(['2026-11', '2026-12']);
    expect(said[0]?.records).toMatchObject([{ verdict: 'missing', relativeName: '_3f1c9a7e.www' }]);
    expect(said[0]?.neededBy).toBe(new Date(endsIn(90).getTime()).toISOString());
  });

  test('Given records that are there, when four weeks pass, then nothing is said, and when they were seen is known', async () => {
    const world = anExpiryWorld();
    world.put(far('site'));
    world.records.set('_3f1c9a7e.www.example.co.jp', '_8d2e4b61.acm-validations.aws');
    for (let day = 0; day < 28; day += 1) await world.survey(DAY_SECONDS);
    expect(world.shown()).toEqual([]);
    expect(world.memory.seenRecords.size).toBe(1);
  });
});
