import { describe, expect, test } from '@jest/globals';
import { sample } from '../../events/samples.ts';
import { anExpiryWorld, refusedBy } from '../../support/world/expiry-world.ts';
import { acmEvent, arnOf, endsIn, imported, RECORD, renewed, requested, START, stuck } from './samples.ts';

const DAY_SECONDS = 86_400;

describe('who is told, and when', () => {
  test('Given an imported certificate, when it is surveyed every day, then each threshold is told once', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 47));
    for (let day = 0; day <= 50; day += 1) await world.survey(DAY_SECONDS);
    expect(
      world.said('certificates-need-action').map(({ thresholdDays, standing }) => [thresholdDays, standing.kind]),
    ).toEqual([
      [45, 'wont-renew'],
      [30, 'wont-renew'],
      [14, 'wont-renew'],
      [7, 'wont-renew'],
      [3, 'wont-renew'],
      [1, 'wont-renew'],
      [0, 'wont-renew'],
      [undefined, 'expired'],
    ]);
    expect(world.shown()).toHaveLength(8);
  });

  test('Given two certificates that wait for one record in two Regions, when they are surveyed, then one message names both', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 14), stuck('virginia', 20, { region: 'us-east-1' }));
    await world.survey();
    const [said, another] = world.said('certificates-need-action');
    expect(another).toBeUndefined();
    expect(said?.certificates.map(({ arn }) => arn)).toEqual([arnOf('tokyo'), arnOf('virginia', 'us-east-1')]);
    expect(said?.records).toMatchObject([{ ...RECORD, relativeName: '_3f1c9a7e.www', verdict: 'missing' }]);
    expect(said).toMatchObject({ daysLeft: 14, thresholdDays: 14, looksAgainEverySeconds: 3_600 });
    expect(world.shown()[0]?.buttons?.map(({ verb }) => verb)).toEqual(['check', 'snooze']);
  });

  test('Given an event for one of two that wait for one record, when the survey follows, then one message names both', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 14), stuck('virginia', 20, { region: 'us-east-1' }));
    await world.deliver(acmEvent('ACM Certificate Renewal Action Required', arnOf('virginia', 'us-east-1')));
    await world.survey();
    expect(world.shown()).toHaveLength(1);
    expect(world.said('certificates-need-action')[0]?.certificates).toHaveLength(2);
  });

  test('Given a certificate that renews by itself, when it is surveyed, then nothing is said', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 40), stuck('later', 100, { renewal: undefined }));
    await world.survey();
    expect(world.shown()).toEqual([]);
  });

  test('Given a record that stands in DNS already, when its certificate is surveyed, then nobody is bothered', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 20));
    world.records.set(RECORD.name, RECORD.value);
    await world.survey();
    expect(world.shown()).toEqual([]);
  });

  test('Given a snoozed matter, when the snooze is over, then it is said again, and once', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 25));
    await world.survey();
    const [report] = world.shown();
    const button = report?.buttons?.find(({ verb }) => verb === 'snooze');
    const plan = button && world.state.storedPlans.get(button.planId);
    if (plan?.content.kind !== 'quiet') throw new Error('nothing to snooze');
    expect(plan.content.seconds).toBe(3 * DAY_SECONDS);
    const until = new Date(world.clock.now().getTime() + 3 * DAY_SECONDS * 1000);
    await world.state.quietMatters.silence(plan.content.matter, until, 'U0001');
    for (let day = 0; day < 3; day += 1) await world.survey(DAY_SECONDS - 3_600);
    expect(world.shown()).toHaveLength(1);
    for (let day = 0; day < 3; day += 1) await world.survey(DAY_SECONDS);
    expect(world.said('certificates-need-action').map(({ thresholdDays }) => thresholdDays)).toEqual([30, 30]);
  });
});

describe('a request that a trail tells of', () => {
  const REQUESTED = JSON.stringify(sample('certificate-request/requested.json'));
  const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b';

  test('Given the event of a request, when it arrives, then its record is told at once', async () => {
    const world = anExpiryWorld();
    world.put(requested('new', { arn: ARN, region: 'us-east-1' }));
    await world.deliver(REQUESTED);
    expect(world.said('certificates-need-action')).toMatchObject([
      { certificates: [{ arn: ARN }], standing: { kind: 'pending-issuance' }, records: [{ name: RECORD.name }] },
    ]);
  });

  test('Given a request whose record AWS does not know yet, when it does a minute later, then it is told then', async () => {
    const world = anExpiryWorld();
    world.put(requested('new', { arn: ARN, region: 'us-east-1', validations: [] }));
    await world.deliver(REQUESTED);
    expect(world.shown()).toEqual([]);
    world.put(requested('new', { arn: ARN, region: 'us-east-1' }));
    await world.settle(90);
    expect(world.said('certificates-need-action')).toMatchObject([{ records: [{ name: RECORD.name }] }]);
  });

  test('Given a request whose record AWS never names, when it was looked for three times, then the survey is waited for', async () => {
    const world = anExpiryWorld();
    world.put(requested('new', { arn: ARN, region: 'us-east-1', validations: [] }));
    await world.deliver(REQUESTED);
    await world.settle(3_600);
    expect([world.countCalls('acm.readCertificate'), world.shown().length]).toEqual([3, 0]);
  });
});

describe('endings', () => {
  test('Given a request whose record appears, when AWS issues it, then it is told with the minutes between', async () => {
    const world = anExpiryWorld();
    world.put(requested('new'));
    await world.survey();
    expect(world.said('certificates-need-action')[0]).toMatchObject({
      standing: { kind: 'pending-issuance', because: 'DnsRecord' },
      looksAgainEverySeconds: 300,
    });
    world.records.set(RECORD.name, RECORD.value);
    await world.settle(400);
    const issuedAt = new Date(world.clock.now().getTime());
    world.put(requested('new', { status: 'ISSUED', notAfter: endsIn(198), issuedAt, isInUse: true }));
    await world.deliver(acmEvent('ACM Certificate Available', arnOf('new')));
    const [settled] = world.said('certificate-settled');
    expect(settled).toMatchObject({ how: 'issued', certificate: { arn: arnOf('new') } });
    expect(settled?.secondsAfterRecord).toBeGreaterThan(0);
    expect(settled?.secondsAfterRecord).toBeLessThanOrEqual(400);
    expect(world.memory.announcements.size).toBe(0);
  });

  test('Given a stuck renewal, when AWS renews it and no event comes, then the hourly look tells the ending', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 14));
    await world.survey();
    world.put(renewed(stuck('tokyo', 14), world.clock.now()));
    await world.settle(3_700);
    expect(world.said('certificate-settled')).toMatchObject([{ how: 'renewed' }]);
    expect(world.shown()[1]).toMatchObject({ matter: world.shown()[0]?.matter });
    await world.settle(2 * DAY_SECONDS);
    expect(world.queue.secondsUntilDue()).toBeUndefined();
  });

  test('Given an announced certificate, when it is re-imported or deleted, then the survey tells how it ended', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 14), imported('blog', 14));
    await world.survey();
    world.put(imported('shop', 300));
    world.certificates.delete(arnOf('blog'));
    await world.survey();
    expect(world.said('certificate-settled').map(({ certificate, how }) => [certificate.name, how])).toEqual([
      ['blog.example.com', 'deleted'],
      ['shop.example.com', 're-imported'],
    ]);
    await world.survey();
    expect(world.shown()).toHaveLength(4);
  });
});

test('Given an announced certificate that another replaces, when it nears its end unused, then nobody is asked to import it again', async () => {
  const world = anExpiryWorld();
  const commonName = 'shop.example.com';
  world.put(imported('old', 30, { commonName }));
  await world.survey(86_400);
  world.put(imported('old', 30, { commonName, isInUse: false, inUseBy: [] }), imported('new', 300, { commonName }));
  for (let day = 0; day < 60; day += 1) await world.survey(86_400);
  expect(world.said('certificate-settled').map(({ how }) => how)).toEqual(['replaced']);
  expect(world.said('certificates-need-action').map(({ standing }) => standing)).toEqual([
    { kind: 'wont-renew', because: 'Imported' },
    { kind: 'expired', isInUse: false },
  ]);
  world.put(imported('old', 3, { commonName, notAfter: new Date(world.clock.now().getTime() + 3 * 86_400_000) }));
  await world.survey(86_400);
  expect(world.said('certificate-settled').map(({ how }) => how)).toEqual(['replaced', 're-imported']);
});

describe('what could not be read', () => {
  test('Given a Region that is denied, when it is surveyed, then that is told once and its matters stay open', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 14), imported('edge', 14, { arn: arnOf('edge', 'us-east-1'), region: 'us-east-1' }));
    await world.survey();
    expect(world.shown()).toHaveLength(2);
    world.unreadRegions.set('us-east-1', refusedBy('ACM', 'ListCertificates', 'denied'));
    await world.survey();
    await world.survey();
    expect(world.said('certificate-settled')).toEqual([]);
    expect(
      world.said('certificates-need-action').filter(({ standing }) => standing.kind === 'could-not-check'),
    ).toMatchObject([
      {
        certificates: [{ region: 'us-east-1', name: 'us-east-1' }],
        standing: { why: 'ACM ListCertificates: Made-denied' },
      },
    ]);
    world.unreadRegions.clear();
    await world.survey();
    expect([...world.memory.announcements.keys()].filter((subject) => subject.startsWith('region|'))).toEqual([]);
  });

  test('Given a Region that is throttled for half an hour, when it is surveyed, then it is tried again and nobody hears of that', async () => {
    const world = anExpiryWorld();
    world.put(imported('edge', 14, { arn: arnOf('edge', 'us-east-1'), region: 'us-east-1' }));
    world.unreadRegions.set('us-east-1', refusedBy('ACM', 'ListCertificates', 'throttled'));
    await world.survey(600);
    world.unreadRegions.clear();
    await world.settle(3_600);
    expect(world.said('certificates-need-action')).toMatchObject([{ thresholdDays: 14 }]);
  });

  test('Given details that are denied, when they are surveyed, then one message names the Region’s certificates', async () => {
    const world = anExpiryWorld();
    for (const id of ['a', 'b']) {
      world.put(imported(id, 14));
      world.unreadDetails.set(arnOf(id), refusedBy('ACM', 'DescribeCertificate', 'denied'));
    }
    await world.survey();
    await world.survey();
    expect(world.said('certificates-need-action')).toMatchObject([
      { certificates: [{ arn: arnOf('a') }, { arn: arnOf('b') }], standing: { kind: 'could-not-check' } },
    ]);
  });
});

describe('accounts', () => {
  const foreign = `arn:aws:acm:us-east-1:210987654321:certificate/theirs`;

  test('Given an event of an account that nobody named, when it arrives, then nothing is read and nothing said', async () => {
    const world = anExpiryWorld();
    await world.deliver(acmEvent('ACM Certificate Expired', foreign));
    expect([world.calls.length, world.shown().length]).toEqual([0, 0]);
  });

  test('Given an event of a trusted account, when it arrives twice, then it is passed on once, and read nowhere', async () => {
    const world = anExpiryWorld({ settings: { trustedAccounts: ['210987654321'] } });
    const event = acmEvent('ACM Certificate Renewal Action Required', foreign);
    await world.deliver(event, event);
    await world.survey();
    expect(world.said('certificates-need-action')).toMatchObject([
      { certificates: [{ arn: foreign }], standing: { why: 'ACM renewal-action-required: account 210987654321' } },
    ]);
    expect(world.calls.some(({ name, args }) => name === 'acm.readCertificate' && args[0] === foreign)).toBe(false);
  });

  test('Given events of a trusted account day by day, when the end that came near has come, then that is passed on too, each once', async () => {
    const world = anExpiryWorld({ settings: { trustedAccounts: ['210987654321'] } });
    const days = ['Approaching Expiration', 'Approaching Expiration', 'Renewal Action Required', 'Expired', 'Expired'];
    for (const what of days) {
      await world.deliver(acmEvent(`ACM Certificate ${what}`, foreign));
      await world.survey(86_400);
    }
    expect(world.said('certificates-need-action').map(({ standing }) => standing)).toEqual([
      { kind: 'could-not-check', why: 'ACM approaching-expiration: account 210987654321' },
      { kind: 'could-not-check', why: 'ACM renewal-action-required: account 210987654321' },
      { kind: 'could-not-check', why: 'ACM expired: account 210987654321' },
    ]);
  });
});

test('Given 2,000 certificates, when they are surveyed, then each near one is read once, and every list once', async () => {
  const world = anExpiryWorld();
  const near = 100;
  for (let number = 0; number < 2_000; number += 1) world.put(imported(`site${number}`, number < near ? 20 : 200));
  await world.deliver('{"usher":1,"kind":"expiry-certificates"}');
  expect({
    lists: world.countCalls('acm.readCertificates'),
    details: world.countCalls('acm.readCertificate'),
    told: world.shown().length,
  }).toEqual({ lists: 2, details: near, told: near });
});

test('Given 2,000 stuck certificates for one record, when they are surveyed, then one message tells it, part by part', async () => {
  const world = anExpiryWorld();
  for (let number = 0; number < 2_000; number += 1) world.put(stuck(`site${String(number).padStart(4, '0')}`, 20));
  await world.survey();
  expect(world.shown().length).toBeLessThanOrEqual(20);
  expect(world.memory.announcements.size).toBe(2_000);
  expect(START).toEqual(new Date('2026-11-22T01:00:00.000Z'));
});

test('Given 45 certificates in one matter, when an event speaks of one, then one look is enough', async () => {
  const world = anExpiryWorld();
  for (let number = 0; number < 45; number += 1) world.put(stuck(`site${String(number).padStart(4, '0')}`, 20));
  await world.survey();
  world.forgetCalls();
  await world.deliver(acmEvent('ACM Certificate Renewal Action Required', arnOf('site0001')));
  await world.settle(60);
  expect(world.countCalls('acm.readCertificate')).toBe(40);
});

test('Given a distribution with 10,000 tenants, when its certificate nears its end, then it is one use, and the report fits a message', async () => {
  const world = anExpiryWorld();
  const arn = arnOf('edge', 'us-east-1');
  const inUseBy = ['arn:aws:cloudfront::123456789012:distribution/E1ABC'];
  const use = { kind: 'cloudfront', id: 'E1ABC', region: 'us-east-1', port: 443, certificateArn: arn } as const;
  world.put(imported('edge', 14, { arn, region: 'us-east-1', inUseBy }));
  world.distributions.push({ ...use, name: 'd1.cloudfront.net', aliases: [] });
  for (let number = 0; number < 10_000; number += 1)
    world.distributions.push({ ...use, name: `customer-${number}.example.com`, aliases: [] });
  await world.deliver('{"usher":1,"kind":"expiry-certificates"}');
  expect(world.said('certificates-need-action')[0]?.certificates[0]?.uses).toEqual([
    { kind: 'cloudfront', id: 'E1ABC', region: 'us-east-1', port: 443, name: 'd1.cloudfront.net' },
  ]);
});

test('Given an ACM that lists and then is silent, when 100 certificates are near, then each run ends in time, and all are told in the end', async () => {
  const world = anExpiryWorld();
  for (let number = 0; number < 100; number += 1) world.put(imported(`site${number}`, 20));
  // Three attempts of 7 s for each of eight at once.
  const silent = refusedBy('ACM', 'DescribeCertificate', 'transient');
  world.onCall((_, name) => {
    if (name !== 'acm.readCertificate') return 'proceed';
    world.clock.advance(21 / 8);
    return silent;
  });
  const began = world.clock.now().getTime();
  await world.deliver('{"usher":1,"kind":"expiry-certificates"}');
  expect(world.clock.now().getTime() - began).toBeLessThan(60_000);
  world.onCall();
  await world.settle(3_600);
  expect(world.said('certificates-need-action')).toHaveLength(100);
});

test('Given a run whose time is over, when much is left to be told, then further runs tell it, each once', async () => {
  const world = anExpiryWorld();
  for (let number = 0; number < 60; number += 1) world.put(imported(`site${number}`, 20));
  world.onCall((_, name) => {
    if (name === 'reports.publish') world.clock.advance(1);
    return 'proceed';
  });
  await world.deliver('{"usher":1,"kind":"expiry-certificates"}');
  expect(world.shown().length).toBeLessThan(60);
  await world.settle(900);
  expect(world.said('certificates-need-action').map(({ certificates }) => certificates.length)).toEqual(
    Array.from({ length: 60 }, () => 1),
  );
});

test('Given somebody else’s run, when a message comes meanwhile, then it waits on and loses nothing', async () => {
  const world = anExpiryWorld();
  world.put(imported('shop', 14));
  const lease = await world.state.leases.acquire(['expiry-watch'], 'another', world.clock.now(), 90);
  expect(lease).toBeDefined();
  await world.deliver(acmEvent('ACM Certificate Approaching Expiration', arnOf('shop')));
  expect(world.countCalls('acm.readCertificate')).toBe(0);
  await world.settle(300);
  expect(world.said('certificates-need-action')).toHaveLength(1);
});

test('Given a certificate whose tag names a destination, when it is told and ends, then both are heard there', async () => {
  const world = anExpiryWorld({ stage: { destinations: ['default', 'shops'] } });
  const tags = { 'usher:channel': 'shops' };
  world.put(imported('shop', 14, { tags }));
  await world.survey();
  world.put(imported('shop', 300));
  await world.survey();
  expect(world.shown().map(({ destination, body }) => [destination, body.kind])).toEqual([
    ['shops', 'certificates-need-action'],
    ['shops', 'certificate-settled'],
  ]);
});
