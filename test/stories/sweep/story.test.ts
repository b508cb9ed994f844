import { describe, expect, test } from '@jest/globals';
import { anAlb, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { aSweptWorld, fleet } from './sweeping.ts';

const WEB = targetGroupArn('web');
const NOW = new Date('2026-11-22T04:50:00.000Z');

describe('A sweep that may act', () => {
  test('Given an instance whose event never came, when the fleet is swept, then it is registered behind an open path and counted', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.world.putInstances(...fleet(1, NOW));
    await swept.later();
    expect(swept.world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
    expect(swept.world.rulesOf('sg-web').filter(({ tags }) => tags['usher:owner'] === 'prod')).toHaveLength(1);
    expect(swept.endings().at(-1)).toMatchObject({
      mode: 'applied',
      registered: [{ targetGroup: { name: 'web' }, names: ['web-1'], count: 1 }],
      rulesAdded: 1,
      missedEvents: 1,
    });
  });

  test('Given a fleet in order, when it is swept ten times, then nothing is written and nothing said', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.world.putInstances(...fleet(3, NOW));
    await swept.later();
    await swept.journey.untilQuiet();
    const said = swept.world.reports.handedIn.length;
    swept.world.forgetCalls();
    for (let time = 0; time < 10; time += 1) await swept.later();
    expect(swept.world.writes()).toEqual([]);
    expect(swept.world.reports.handedIn.length).toBe(said);
    expect(swept.sweeps.state().record.completedAt).toBe(swept.world.clock.now().toISOString());
  });
});

test('Given a slice whose every run dies without a word, when the schedule comes round, then it is left out and said, and those behind it are looked at', async () => {
  const names = Array.from({ length: 31 }, (_, index) => `g${String(index).padStart(2, '0')}`);
  const swept = aSweptWorld({ targetGroups: names.map((name) => aTargetGroup({ name })) });
  await swept.accept();
  const due = JSON.stringify({ usher: 1, kind: 'sweep-due', attempt: 0 });
  const looked = new Set<number>();
  await swept.sweepQueue.sendLater(due, 0);
  for (let minutes = 0; minutes < 40; minutes += 1) {
    if (minutes > 0 && minutes % 15 === 0) await swept.sweepQueue.sendLater(due, 0);
    for (let bodies = swept.sweepQueue.due(); bodies.length > 0; bodies = swept.sweepQueue.due())
      for (const body of bodies) {
        const message = JSON.parse(body);
        if (message.kind === 'sweep-step' && message.step === 0) continue;
        if (message.kind === 'sweep-step') looked.add(message.step);
        await swept.takeBody(body);
      }
    swept.world.clock.advance(60);
  }
  expect([...looked]).toEqual([1, 2, 3]);
  expect(swept.endings().at(-1)).toMatchObject({ notLookedAt: { targetGroups: 15, code: 'Stalled' } });
});

describe('The first sweep', () => {
  test('Given a new installation, when it is swept, then it only looks, and offers what it would do once', async () => {
    const swept = aSweptWorld({ instances: fleet(2, NOW), targetGroups: [aTargetGroup()] });
    await swept.sweep();
    await swept.later();
    expect(swept.world.writes()).toEqual([]);
    expect(swept.endings()).toHaveLength(1);
    expect(swept.endings()[0]).toMatchObject({
      mode: 'looked',
      caution: 'Install',
      registered: [{ count: 2 }],
      rulesAdded: 1,
      buttons: [{ verb: 'approve', object: { kind: 'sweep', count: 3 } }],
    });
  });

  test('Given its offer, when a person says yes, then it is done, and sweeps act from then on', async () => {
    const swept = aSweptWorld({ instances: fleet(2, NOW), targetGroups: [aTargetGroup()] });
    await swept.accept();
    expect(swept.world.targetsIn(WEB)).toHaveLength(2);
    expect(swept.sweeps.state().record).toMatchObject({ caution: undefined, accepted: { version: '1.0.0' } });
  });

  test('Given an upgrade, when it is swept, then it only looks again, until it finds nothing to do', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.upgrade('1.1.0');
    swept.world.putInstances(...fleet(1, NOW));
    await swept.later();
    expect(swept.endings().at(-1)).toMatchObject({ mode: 'looked', caution: 'Upgrade' });
    expect(swept.world.writes()).toEqual([]);
    swept.world.network.instances.clear();
    await swept.later();
    expect(swept.sweeps.state().record).toMatchObject({ caution: undefined, accepted: { version: '1.1.0' } });
  });

  test('Given a day without a sweep that came to its end, then the next one only looks', async () => {
    const swept = aSweptWorld();
    await swept.accept();
    swept.world.putInstances(...fleet(1, NOW));
    await swept.later(25 * 3600);
    expect(swept.endings().at(-1)).toMatchObject({ mode: 'looked', caution: 'NoSweepForADay' });
    expect(swept.world.writes()).toEqual([]);
  });
});

describe('A yes that meets another sweep', () => {
  test.each([
    ['under way', 0],
    ['that begins at the same moment', 1],
  ])('Given one %s, then it waits for its end and is not lost', async (_, meetsAtWriting) => {
    const swept = aSweptWorld({ instances: fleet(2, NOW) });
    await swept.sweep();
    const offer = [...swept.world.state.storedPlans.values()].map(({ content }) => content)[0];
    if (offer?.kind !== 'sweep') throw new Error('nothing was offered');
    const yes = { kind: 'sweep-due', attempt: 0, userId: 'U012AB3CD', accepts: offer.grounds } as const;
    if (meetsAtWriting === 0) await swept.take({ kind: 'sweep-due', attempt: 0 });
    else {
      let hasBegun = false;
      swept.world.onCall((_k, name) => {
        if (name !== 'sweeps.write' || hasBegun) return 'proceed';
        hasBegun = true;
        const { state, version } = { state: swept.sweeps.state(), version: swept.sweeps.version() };
        void swept.sweeps.write(state, version);
        return 'proceed';
      });
    }
    await swept.take(yes);
    swept.world.onCall();
    await swept.untilQuiet();
    expect(swept.sweeps.state().record).toMatchObject({ caution: undefined, accepted: offer.grounds });
    expect(swept.world.targetsIn(WEB)).toHaveLength(2);
  });
});

test('Given a week of sweeps and a certificate that was spoken of, when the status is told, then it has the next date', async () => {
  const swept = aSweptWorld();
  await swept.accept();
  await swept.expiry.announce('domain|example.com', {
    thresholdDays: 30,
    standing: 'expiring',
    endsAt: '2026-12-20T00:00:00.000Z',
    announcedAt: '2026-11-22T05:00:00.000Z',
    matter: 'domain|example.com',
    destination: 'default',
    recordsSeenAt: undefined,
    quietUntil: undefined,
  });
  for (let day = 1; day <= 8; day += 1) await swept.later(86_000);
  const told = swept.world.reports.published.flatMap(({ body }) => (body.kind === 'weekly-status' ? [body] : []));
  expect(told.map(({ nextEnds }) => nextEnds)).toEqual([[{ name: 'example.com', endsAt: '2026-12-20T00:00:00.000Z' }]]);
});

test('Given sweeps that may act, when they end, then alarms are to be looked after once an hour, and not while sweeps only look', async () => {
  const swept = aSweptWorld();
  swept.world.putInstances(...fleet(1));
  await swept.sweep();
  expect(swept.alarmNotes).toEqual([]);
  await swept.accept();
  expect(swept.alarmNotes).toEqual([{ kind: 'alarms-due' }]);
  for (let time = 0; time < 3; time += 1) await swept.later();
  expect(swept.alarmNotes).toHaveLength(1);
  await swept.later();
  expect(swept.alarmNotes).toHaveLength(2);
  await swept.sweep({ kind: 'sweep-due', attempt: 0, userId: 'U012AB3CD' });
  expect(swept.alarmNotes).toHaveLength(3);
});

test('Given appliances that nearly fill one zone of a gateway’s group, when they are swept, then that zone is told of beside the balancer', async () => {
  const gateway = anAlb({ kind: 'gateway', name: 'inspect', scheme: undefined, securityGroupIds: [] });
  const group = aTargetGroup({ protocol: 'GENEVE', port: 6081, loadBalancerArns: [gateway.arn] });
  const instances = fleet(245, NOW).map((each, index) =>
    index < 241 ? each : { ...each, availabilityZone: 'ap-northeast-1c' },
  );
  const swept = aSweptWorld({ instances, targetGroups: [group], loadBalancers: [gateway] });
  const targets = instances.map(({ instanceId }) => ({ id: instanceId, port: 6081 }));
  await swept.world.ports.loadBalancing.registerTargets(group.arn, targets);
  await swept.sweep();
  expect(swept.endings()[0]?.limits).toMatchObject([
    { kind: 'targets-behind-balancer', of: { name: 'inspect' }, used: 245, limit: 300 },
    { kind: 'targets-in-zone', of: { name: 'web' }, used: 241, limit: 300 },
  ]);
});
