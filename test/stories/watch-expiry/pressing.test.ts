import { describe, expect, test } from '@jest/globals';
import type { Button } from '../../../domain/report.ts';
import { certificatesTable } from '../../../stories/watch-expiry/table.ts';
import type { ExpiryWorld } from '../../support/world/expiry-world.ts';
import { anExpiryWorld, refusedBy } from '../../support/world/expiry-world.ts';
import { anOrderWorld, EXPIRY_TABLE } from '../carry-out-orders/orders.ts';
import { arnOf, endsIn, imported, RECORD, renewed, requested, START, stuck } from './samples.ts';

const RENEWED = { status: 'SUCCESS', reason: undefined, validations: [] } as const;

/** Lets somebody press a button of the watch's, and gives the watch what comes of it. */
const press = async (world: ExpiryWorld, button: Button, by = 'U0001') => {
  const orders = anOrderWorld({ clock: world.clock });
  const plan = world.state.storedPlans.get(button.planId);
  if (plan === undefined) throw new Error('no such plan');
  await orders.state.plans.store(plan);
  await orders.deliver(orders.press(button, { userId: by }));
  const bodies = orders.expiryQueue.due();
  await world.deliver(...bodies);
  return { outcomes: orders.outcomes(), answers: orders.answers(), bodies, orders };
};

const buttonOf = (world: ExpiryWorld, verb: Button['verb']): Button => {
  const found = world
    .shown()
    .flatMap(({ buttons = [] }) => buttons)
    .findLast((button) => button.verb === verb);
  if (found === undefined) throw new Error(`no button says ${verb}`);
  return found;
};

describe('Check now', () => {
  test('Given a stuck renewal, when somebody presses before and after entering the record, then each time it is told what DNS answers', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 14), stuck('virginia', 20, { region: 'us-east-1' }));
    await world.survey();
    expect((await press(world, buttonOf(world, 'check'))).outcomes).toEqual([{ kind: 'looking' }]);
    world.records.set(RECORD.name, RECORD.value);
    await press(world, buttonOf(world, 'check'));
    const said = world.said('certificates-need-action');
    expect(said.map(({ records, certificates }) => [records[0]?.verdict, certificates.length])).toEqual([
      ['missing', 2],
      ['missing', 2],
      ['right', 1],
      ['right', 1],
    ]);
    expect(new Set(world.shown().map(({ matter }) => matter)).size).toBe(1);
  });

  test('Given a matter that has ended, when somebody presses its old button, then they hear the ending once more', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 14));
    await world.survey();
    const button = buttonOf(world, 'check');
    world.put({
      ...renewed(stuck('tokyo', 14), world.clock.now()),
      renewal: { ...RENEWED, updatedAt: world.clock.now() },
    });
    await world.survey();
    await press(world, button);
    expect(world.said('certificate-settled').map(({ how }) => how)).toEqual(['renewed', 'renewed']);
  });

  test('Given an endpoint and a domain, when somebody presses, then they are looked at afresh', async () => {
    const world = anExpiryWorld({ settings: { endpoints: [{ host: 'www.example.org', port: 443 }] } });
    world.registrations.set('example.org', { kind: 'cannot-know', why: 'NoSource' });
    await world.survey();
    expect(
      world
        .shown()
        .map(({ body }) => body.kind)
        .sort(),
    ).toEqual(['domain-needs-action', 'served-certificate-wrong']);
    for (const report of world.shown()) {
      const button = report.buttons?.find(({ verb }) => verb === 'check');
      if (button !== undefined) await press(world, button);
    }
    expect(
      world
        .shown()
        .map(({ body }) => body.kind)
        .sort(),
    ).toEqual(['domain-needs-action', 'domain-needs-action', 'served-certificate-wrong', 'served-certificate-wrong']);
  });

  test('Given an endpoint, a domain and an import whose matters have ended, when somebody presses their old buttons, then they hear that all is well', async () => {
    const world = anExpiryWorld({ settings: { endpoints: [{ host: 'www.example.org', port: 443 }] } });
    world.put(imported('shop', 14));
    world.registrations.set('example.org', { kind: 'not-registered', source: 'rdap' });
    await world.survey();
    const buttons = world.shown().flatMap(({ buttons: all = [] }) => all.filter(({ verb }) => verb === 'check'));
    expect(buttons).toHaveLength(3);
    world.put(imported('shop', 300));
    world.registrations.delete('example.org');
    const leaf = { subject: 'x', issuer: 'y', names: [], notBefore: START, notAfter: endsIn(90), serial: '1' };
    const chain = [{ ...leaf, fingerprint256: 'AA' }];
    world.served.set('www.example.org:443', { kind: 'served', chain, namesHost: true, trust: 'trusted' });
    world.clock.advance(86_400);
    await world.survey(86_400);
    const endings = ['certificate-settled', 'domain-settled', 'served-certificate-right'];
    const ended = () => world.bodies().flatMap(({ kind }) => (endings.includes(kind) ? [kind] : []));
    expect(ended().sort()).toEqual(endings);
    for (const button of buttons) await press(world, button);
    expect(ended().slice(3).sort()).toEqual(endings);
  });

  test('Given somebody who may not read, when they press, then nothing is looked at', async () => {
    const world = anExpiryWorld();
    world.put(stuck('tokyo', 14));
    await world.survey();
    const orders = anOrderWorld({ clock: world.clock }, { readChannels: 'C0002' });
    const button = buttonOf(world, 'check');
    const plan = world.state.storedPlans.get(button.planId);
    if (plan === undefined) throw new Error('no such plan');
    await orders.state.plans.store(plan);
    await orders.deliver(orders.press(button));
    expect(orders.answers()).toMatchObject([{ kind: 'not-allowed', right: 'read' }]);
    expect(orders.expiryQueue.sent).toEqual([]);
  });

  test('Given one press that arrives twice, when it is carried out, then it is told once', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 14));
    await world.survey();
    const { bodies } = await press(world, buttonOf(world, 'check'));
    await world.deliver(...bodies);
    expect(world.shown()).toHaveLength(2);
  });
});

describe('Confirmed', () => {
  test('Given a .jp domain, when who may presses, then its matter is quiet until then; who may not is refused', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 300, { commonName: 'www.example.co.jp', names: ['www.example.co.jp'] }));
    world.registrations.set('example.co.jp', {
      kind: 'registered',
      source: 'whois',
      expiresAt: endsIn(20),
      registrar: undefined,
      renewsItself: undefined,
      statuses: [],
    });
    await world.survey();
    const button = buttonOf(world, 'confirm');
    expect((await press(world, button, 'U0009')).answers).toMatchObject([{ kind: 'not-allowed', right: 'confirm' }]);
    const { outcomes, orders } = await press(world, button);
    const plan = world.state.storedPlans.get(button.planId);
    if (plan?.content.kind !== 'confirm') throw new Error('nothing to confirm');
    const { matter, until } = plan.content;
    expect(outcomes).toEqual([{ kind: 'silenced', until }]);
    const quietAt = (at: number) => orders.state.quietMatters.isQuiet(matter, new Date(at));
    expect([await quietAt(Date.parse(until) - 1), await quietAt(Date.parse(until))]).toEqual([true, false]);
  });
});

describe('certificates', () => {
  test('Given who may read, when they type it, then they see the table, alone', async () => {
    const orders = anOrderWorld();
    await orders.deliver(orders.type('certificates'));
    expect(orders.answers()).toEqual([{ kind: 'certificates', table: EXPIRY_TABLE }]);
    expect(orders.replied.map(({ audience }) => audience)).toEqual(['person']);
  });

  test('Given certificates and domains near and far, when the table is read, then what ends first stands first, and nothing is written', async () => {
    const world = anExpiryWorld();
    world.put(
      stuck('tokyo', 14),
      imported('shop', 80),
      imported('far', 200),
      requested('new', { commonName: 'new.example.com' }),
    );
    world.registered.push({ domain: 'example.com', expiresAt: endsIn(50), renewsItself: true });
    world.listeners.push({
      kind: 'alb',
      name: 'web-alb',
      id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0a1b2c3d4e5f6789',
      region: 'ap-northeast-1',
      port: 443,
      dnsName: 'web-alb-1.ap-northeast-1.elb.amazonaws.com',
      isInternal: false,
      certificateArns: [arnOf('tokyo')],
    });
    const table = await certificatesTable(world.ports);
    expect(table.rows.map(({ name, daysLeft, standing, uses }) => [name, daysLeft, standing, uses])).toEqual([
      ['www.example.co.jp', 14, 'stuck', ['web-alb']],
      ['example.com', 50, 'renews-itself', []],
      ['shop.example.com', 80, 'wont-renew', []],
      ['new.example.com', undefined, 'pending-issuance', []],
    ]);
    expect({ ...table, rows: [] }).toEqual({ days: 90, rows: [], later: 2, unread: [] });
    expect(world.calls.filter(({ kind }) => kind === 'send' || kind === 'write')).toEqual([]);
    expect([...world.memory.announcements.keys()]).toEqual([]);
  });

  test('Given a Region and a source that can’t be read, when the table is read, then they are named', async () => {
    const world = anExpiryWorld();
    world.put(imported('shop', 20));
    world.unreadRegions.set('us-east-1', refusedBy('ACM', 'ListCertificates', 'denied'));
    world.onCall((_, name) =>
      name === 'route53Domains.readDomains' ? refusedBy('Route53Domains', 'ListDomains', 'denied') : 'proceed',
    );
    const { unread, rows } = await certificatesTable(world.ports);
    expect(unread).toEqual(['us-east-1', 'Route53Domains ListDomains: Made-denied']);
    expect(rows.map(({ name }) => name)).toEqual(['shop.example.com']);
  });

  test('Given a renewal that can’t be looked at, when the table is read, then it is not taken for one that goes by itself', async () => {
    const world = anExpiryWorld();
    world.put(stuck('shop', 20), imported('other', 21));
    for (const id of ['shop', 'other'])
      world.unreadDetails.set(arnOf(id), refusedBy('ACM', 'DescribeCertificate', 'denied'));
    const { rows } = await certificatesTable(world.ports);
    expect(rows.map(({ name, daysLeft, standing }) => [name, daysLeft, standing])).toEqual([
      ['www.example.co.jp', 20, 'could-not-check'],
      ['other.example.com', 21, 'wont-renew'],
    ]);
  });

  test('Given 2,000 certificates of which 300 are near, when the table is read, then the soonest are read in detail, and no more', async () => {
    const world = anExpiryWorld();
    for (let number = 0; number < 2_000; number += 1) world.put(imported(`site${number}`, number < 300 ? 20 : 200));
    const { rows, later } = await certificatesTable(world.ports);
    expect([rows.length, later, world.countCalls('acm.readCertificate')]).toEqual([300, 1_701, 60]);
  });
});
