import { describe, expect, test } from '@jest/globals';
import { alarmNameFor } from '../../../domain/alarms/desired.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import { aClassicGroup, aTargetGroup, loadBalancerArn, targetGroupArn } from '../../support/world/builders.ts';
import { plainAlarm } from '../../support/world/memory-alarms.ts';
import { failure } from '../journey.ts';
import { anAlarmWorld } from './looking.ts';

const WEB = aTargetGroup();
const API = aTargetGroup({ name: 'api' });
const TAGGED = aTargetGroup({ tags: { 'usher:alarms': 'true' } });

const nameOf = (group: TargetGroup): string => alarmNameFor(group, { name: 'prod' });

const many = (count: number, tags: TargetGroup['tags']): readonly TargetGroup[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `group-${String(index).padStart(3, '0')}`;
    return aTargetGroup({ name, arn: targetGroupArn(name), tags });
  });

describe('Groups without an alarm', () => {
  test('Given two of them, when they are looked at for hours, then one message names both, with the price and one button', async () => {
    const house = anAlarmWorld({ targetGroups: [WEB, API, aTargetGroup({ name: 'other', tags: {} })] });
    expect(await house.take()).toBe('looked');
    await house.later();
    await house.later();
    expect(house.said()).toEqual([
      {
        kind: 'alarms-offered',
        targetGroups: [
          { id: API.arn, name: 'api' },
          { id: WEB.arn, name: 'web' },
        ],
        count: 2,
        deleted: 0,
        onlyReports: false,
        monthlyPrice: '0.10',
      },
    ]);
    expect(house.world.reports.published[0]?.buttons).toMatchObject([
      { verb: 'approve', object: { kind: 'alarms', count: 2 } },
    ]);
    expect(house.names()).toEqual([]);
  });

  test('Given its button is pressed, then both have an alarm with our tag, it is said once, and nothing is offered again', async () => {
    const house = anAlarmWorld({ targetGroups: [WEB, API] });
    await house.take();
    const wanted = house.wanted();
    await house.take(wanted);
    await house.take(wanted);
    await house.later();
    expect(house.names()).toEqual([nameOf(API), nameOf(WEB)].sort());
    expect(house.cloudWatch.tags.get(nameOf(WEB))).toEqual({ 'usher:owner': 'prod' });
    expect(house.cloudWatch.alarms.get(nameOf(WEB))?.definition).toEqual({
      namespace: 'AWS/ApplicationELB',
      metric: 'UnHealthyHostCount',
      dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: 'targetgroup/web/0123456789abcdef' },
      statistic: 'Minimum',
      periodSeconds: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      threshold: 0,
      comparison: 'GreaterThanThreshold',
      missingData: 'notBreaching',
    });
    expect(house.said().map(({ kind }) => kind)).toEqual(['alarms-offered', 'alarms-changed']);
    expect(house.said()[1]).toMatchObject({ createdCount: 2, notMadeCount: 0 });
  });

  test('Given somebody made one in the meantime, then the press makes only the other, and says so', async () => {
    const house = anAlarmWorld({ targetGroups: [WEB, API] });
    await house.take();
    const wanted = house.wanted();
    await house.take(wanted);
    const definition = house.cloudWatch.alarms.get(nameOf(API))?.definition;
    if (definition === undefined) throw new Error('nothing was made');
    const other = anAlarmWorld({ targetGroups: [WEB, API] });
    other.cloudWatch.alarms.set('theirs', plainAlarm('theirs', definition, true));
    await other.take(wanted);
    expect(other.names()).toEqual(['theirs', nameOf(WEB)]);
    expect(other.said()).toMatchObject([
      { kind: 'alarms-changed', createdCount: 1, notMade: [{ targetGroup: { name: 'api' }, because: 'HasOne' }] },
    ]);
    expect(other.world.reports.published[0]?.severity).toBe('warning');
  });

  test('Given groups with channels of their own, then each channel is offered its own', async () => {
    const elsewhere = aTargetGroup({
      name: 'api',
      tags: { 'usher:selector': 'Role=api', 'usher:channel': 'api-team' },
    });
    const house = anAlarmWorld({ stage: { destinations: ['default', 'api-team'] }, targetGroups: [WEB, elsewhere] });
    await house.take();
    expect(
      house.world.reports.published.map(({ destination, body }) => [
        destination,
        body.kind === 'alarms-offered' ? body.targetGroups.map(({ name }) => name) : [],
      ]),
    ).toEqual([
      ['api-team', ['api']],
      ['default', ['web']],
    ]);
  });

  test('Given more than an offer holds, then the rest is offered by the next look', async () => {
    const house = anAlarmWorld({ targetGroups: many(60, { 'usher:selector': 'Role=web' }) });
    await house.take();
    await house.later();
    await house.later();
    expect(house.said()).toMatchObject([{ count: 50 }, { count: 10 }]);
  });

  test('Given a group where we only report, then it is told of without a button', async () => {
    const quiet = aTargetGroup({ tags: { 'usher:alarms': 'true', 'usher:policy': 'report-only' } });
    const house = anAlarmWorld({ targetGroups: [quiet] });
    await house.take();
    expect(house.said()).toMatchObject([{ kind: 'alarms-offered', onlyReports: true }]);
    expect(house.world.reports.published[0]?.buttons).toBeUndefined();
    expect(house.world.writes()).toEqual([]);
  });
});

describe('Groups tagged for an alarm', () => {
  test('Given one of each generation, when they are looked at, then each is given one, and one message tells it', async () => {
    const classic = aClassicGroup({ tags: { 'usher:alarms': 'true' } });
    const house = anAlarmWorld({ targetGroups: [TAGGED, classic] });
    await house.take();
    await house.later();
    expect(house.names()).toEqual([nameOf(TAGGED), nameOf(classic)].sort());
    expect(house.said()).toMatchObject([{ kind: 'alarms-changed', createdCount: 2, removedCount: 0 }]);
  });

  test('Given a Gateway Load Balancer, then CloudWatch’s own spelling is asked for and used, and without data it waits', async () => {
    const gateway = aTargetGroup({
      tags: { 'usher:alarms': 'true' },
      loadBalancerArns: [loadBalancerArn('fw').replace('/app/', '/gwy/')],
    });
    const house = anAlarmWorld({ targetGroups: [gateway] });
    await house.take();
    expect([house.names(), house.said()]).toEqual([[], []]);
    house.cloudWatch.gateways.set('targetgroup/web/0123456789abcdef', 'gateway/fw/0123456789abcdef');
    await house.later();
    expect(house.cloudWatch.alarms.get(nameOf(gateway))?.definition?.dimensions).toEqual({
      LoadBalancer: 'gateway/fw/0123456789abcdef',
      TargetGroup: 'targetgroup/web/0123456789abcdef',
    });
  });

  test('Given more than one look makes, then the next goes on until all are made, each once', async () => {
    const house = anAlarmWorld({ targetGroups: many(60, { 'usher:alarms': 'true' }) });
    expect(await house.take()).toBe('more');
    await house.untilQuiet();
    expect(house.names()).toHaveLength(60);
    expect(house.world.writes()).toHaveLength(60);
  });

  test('Given AWS refuses, then it is said once a day, nothing is left behind, and it is tried again', async () => {
    const house = anAlarmWorld({ targetGroups: [TAGGED] });
    house.world.onCall((_, name) => (name === 'cloudWatch.putAlarm' ? failure('denied') : 'proceed'));
    await house.take();
    expect(await house.alarms.list()).toEqual([]);
    expect(house.said()).toMatchObject([{ kind: 'alarms-changed', notMade: [{ because: 'RefusedByAws' }] }]);
    const [first] = house.world.reports.handedIn;
    await house.later();
    expect(house.world.reports.handedIn.map(({ key }) => key)).toEqual([first?.key, first?.key]);
    house.world.onCall();
    await house.later();
    expect(house.names()).toEqual([nameOf(TAGGED)]);
  });

  test('Given AWS refuses each of more than one look makes, then no look follows by itself, and they are made once it lets them', async () => {
    const house = anAlarmWorld({ targetGroups: many(30, { 'usher:alarms': 'true' }) });
    house.world.onCall((_, name) => (name === 'cloudWatch.putAlarm' ? failure('denied') : 'proceed'));
    expect(await house.take()).toBe('looked');
    expect(house.sweepQueue.secondsUntilDue()).toBeUndefined();
    expect(house.said()).toMatchObject([{ kind: 'alarms-changed', createdCount: 0, notMadeCount: 30 }]);
    house.world.onCall();
    await house.later();
    await house.untilQuiet();
    expect(house.names()).toHaveLength(30);
  });

  test('Given the account can’t be read to its end, then nothing is made, offered or removed', async () => {
    for (const call of [
      'balancingFleet.readEveryTargetGroup',
      'balancingFleet.readTags',
      'cloudWatch.readEveryMetricAlarm',
    ]) {
      const house = anAlarmWorld({ targetGroups: [TAGGED, API] });
      house.world.onCall((_, name) => (name === call ? failure('denied') : 'proceed'));
      await expect(house.take()).rejects.toMatchObject({ meaning: 'denied' });
      expect([house.names(), house.said(), house.world.writes()]).toEqual([[], [], []]);
    }
  });
});

describe('An alarm of ours', () => {
  const withAlarm = async () => {
    const house = anAlarmWorld({ targetGroups: [TAGGED] });
    await house.take();
    house.world.forgetCalls();
    return house;
  };

  test('Given a person deletes it, then it is offered once, and made again by a press only', async () => {
    const house = await withAlarm();
    house.cloudWatch.alarms.clear();
    for (let time = 0; time < 3; time += 1) await house.later();
    expect([house.names(), house.world.writes()]).toEqual([[], []]);
    expect(house.said().slice(1)).toMatchObject([{ kind: 'alarms-offered', count: 1, deleted: 1 }]);
    await house.take(house.wanted());
    expect(house.names()).toEqual([nameOf(TAGGED)]);
  });

  test('Given it is deleted a second time, then that is offered anew', async () => {
    const house = await withAlarm();
    house.cloudWatch.alarms.clear();
    await house.later();
    await house.take(house.wanted());
    house.cloudWatch.alarms.clear();
    await house.later();
    expect(house.said().map(({ kind }) => kind)).toEqual([
      'alarms-changed',
      'alarms-offered',
      'alarms-changed',
      'alarms-offered',
    ]);
  });

  test('Given its group is gone, then it goes too, once that was seen twice, and is told of', async () => {
    const house = await withAlarm();
    house.world.balancing.targetGroups.clear();
    await house.later();
    expect(house.names()).toEqual([nameOf(TAGGED)]);
    await house.later();
    expect([house.names(), await house.alarms.list()]).toEqual([[], []]);
    expect(house.said().slice(1)).toMatchObject([{ kind: 'alarms-changed', createdCount: 0, removedCount: 1 }]);
    await house.later();
    expect(house.said()).toHaveLength(2);
  });

  test('Given its group went to another balancer, then it watches there, without a word', async () => {
    const house = await withAlarm();
    house.world.balancing.targetGroups.set(TAGGED.arn, { ...TAGGED, loadBalancerArns: [loadBalancerArn('new-alb')] });
    await house.later();
    await house.later();
    expect(house.cloudWatch.alarms.get(nameOf(TAGGED))?.definition?.dimensions['LoadBalancer']).toBe(
      'app/new-alb/0123456789abcdef',
    );
    expect([house.said().length, house.world.writes().length]).toEqual([1, 1]);
  });
});

test('Given everything is as it was, when it is looked at again, then nothing is written anywhere', async () => {
  const house = anAlarmWorld({ targetGroups: [aTargetGroup({ name: 'api', tags: { 'usher:alarms': 'true' } }), WEB] });
  await house.take();
  const before = await house.alarms.list();
  house.world.forgetCalls();
  await house.later();
  expect(house.world.writes()).toEqual([]);
  expect(house.world.calls.filter(({ name }) => name === 'alarms.write').map(({ args }) => args)).toEqual([[[], []]]);
  expect(await house.alarms.list()).toEqual(before);
});

describe('While everything is paused', () => {
  test('Given groups that want alarms, then nothing is written or said; and who presses is told', async () => {
    const house = anAlarmWorld({ targetGroups: [TAGGED] });
    await house.world.ports.pauses.begin({ since: house.world.clock.now(), byUserId: 'U0001' });
    expect(await house.take()).toBe('paused');
    expect([house.names(), house.said()]).toEqual([[], []]);
    const targetGroups = [{ id: TAGGED.arn, name: 'web' }];
    await house.take({ kind: 'alarms-due', wanted: { orderId: 'order', targetGroups } });
    expect(house.said()).toMatchObject([{ kind: 'alarms-changed', notMade: [{ because: 'Paused' }] }]);
    await house.world.ports.pauses.end();
    await house.take();
    expect(house.names()).toEqual([nameOf(TAGGED)]);
  });
});

test('Given a look is under way, then another comes again later', async () => {
  const house = anAlarmWorld({ targetGroups: [TAGGED] });
  await house.world.ports.leases.acquire(['alarms'], 'another', house.world.clock.now(), 20);
  expect(await house.take()).toBe('busy');
  await house.untilQuiet();
  expect(house.names()).toEqual([nameOf(TAGGED)]);
});

describe('Whoever dies at any call, and comes again', () => {
  const GONE = aTargetGroup({ name: 'gone', tags: { 'usher:alarms': 'true' } });

  /** One alarm to be made by tag, one by a press, one to be removed, one group to be offered. */
  const busy = async () => {
    const house = anAlarmWorld({ targetGroups: [GONE] });
    await house.take();
    house.world.balancing.targetGroups.clear();
    await house.later();
    house.world.clock.advance(3_600);
    for (const group of [TAGGED, API, aTargetGroup({ name: 'shop' })])
      house.world.balancing.targetGroups.set(group.arn, group);
    house.world.forgetCalls();
    const targetGroups = [{ id: API.arn, name: 'api' }];
    return { house, note: { kind: 'alarms-due', wanted: { orderId: 'order', targetGroups } } as const };
  };

  test('comes to the same alarms, told of', async () => {
    const { house: whole, note } = await busy();
    await whole.take(note);
    const calls = whole.world.calls.length;
    expect(calls).toBeGreaterThan(20);
    for (let k = 1; k <= calls; k += 1)
      for (const fate of ['fail-before', 'fail-after'] as const) {
        const { house } = await busy();
        house.world.onCall((nth) => (nth === k ? fate : 'proceed'));
        await house.takeUntilTaken(note);
        house.world.onCall();
        await house.untilQuiet();
        await house.later();
        expect([k, fate, house.names()]).toEqual([k, fate, [nameOf(API), nameOf(TAGGED)].sort()]);
        const told = house.said().flatMap((body) => (body.kind === 'alarms-changed' ? [body] : []));
        expect([k, fate, new Set(told.flatMap(({ created }) => created.map(({ name }) => name)))]).toEqual([
          k,
          fate,
          new Set(['gone', 'web', 'api']),
        ]);
        expect([k, fate, told.flatMap(({ removed }) => removed.map(({ name }) => name))]).toEqual([k, fate, ['gone']]);
        expect([k, fate, told.flatMap(({ notMade }) => notMade)]).toEqual([k, fate, []]);
        expect([k, fate, house.said().filter(({ kind }) => kind === 'alarms-offered')]).toMatchObject([
          k,
          fate,
          [{ count: 1 }],
        ]);
        expect((await house.alarms.list()).map(({ standing, isTold }) => [standing, isTold])).toEqual([
          ['made', true],
          ['offered', true],
          ['made', true],
        ]);
      }
  });
});
