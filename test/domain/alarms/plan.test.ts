import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StandingAlarm } from '../../../domain/alarms/definition.ts';
import { alarmNameFor, desiredAlarm, hostSeriesOf } from '../../../domain/alarms/desired.ts';
import type { AlarmPlan, AlarmsSeen } from '../../../domain/alarms/plan.ts';
import { planAlarms } from '../../../domain/alarms/plan.ts';
import type { AlarmRecord } from '../../../domain/alarms/record.ts';
import { sameRecord } from '../../../domain/alarms/record.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import { aStage, aTargetGroup, loadBalancerArn, targetGroupArn } from '../../support/world/builders.ts';
import { plainAlarm } from '../../support/world/memory-alarms.ts';
import { aMetric } from '../diagnosis/alarms.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');
const LATER = new Date('2026-11-22T06:00:00.000Z');
const stage = aStage();
const web = aTargetGroup();
const tagged = aTargetGroup({ tags: { 'usher:alarms': 'true' } });

const seen = (parts: Partial<AlarmsSeen> = {}): AlarmsSeen => ({
  stage,
  groups: [web],
  alarms: [],
  gateways: new Map(),
  records: [],
  wanted: undefined,
  ...parts,
});

const plan = (parts: Partial<AlarmsSeen> = {}, now = NOW): AlarmPlan => planAlarms(seen(parts), now);

const wanting = (...groups: readonly TargetGroup[]): AlarmsSeen['wanted'] => ({
  orderId: 'order',
  targetGroups: groups.map(({ arn, name }) => ({ id: arn, name })),
});

const ours = (group: TargetGroup = web): StandingAlarm => {
  const series = hostSeriesOf(group, new Map());
  if (typeof series === 'string') throw new Error(series);
  return plainAlarm(alarmNameFor(group, stage), desiredAlarm(series));
};

const theirs: StandingAlarm = { ...ours(), name: 'web-down', definition: undefined };

const record = (parts: Partial<AlarmRecord> = {}): AlarmRecord => ({
  targetGroup: { id: web.arn, name: web.name },
  destination: 'default',
  alarmName: alarmNameFor(web, stage),
  standing: 'made',
  since: NOW.toISOString(),
  isTold: true,
  isTagged: false,
  ...parts,
});

const EMPTY: AlarmPlan = { create: [], remove: [], offer: [], keep: [], forget: [], notMade: [] };

const made = ({ create }: AlarmPlan): readonly string[] => create.map(({ group }) => group.name);
const offered = ({ offer }: AlarmPlan): readonly string[] => offer.map(({ record: each }) => each.targetGroup.name);

describe('A group without an alarm', () => {
  test('is offered one, once', () => {
    const first = plan();
    expect([made(first), offered(first)]).toEqual([[], ['web']]);
    expect(first.keep).toEqual([record({ standing: 'offered', isTold: false })]);
    const again = plan({ records: [record({ standing: 'offered' })] }, LATER);
    expect([made(again), offered(again)]).toEqual([[], []]);
  });

  test('is given one where its tag asks for it', () => {
    const { create, offer } = plan({ groups: [tagged] });
    expect(create).toEqual([
      {
        group: tagged,
        definition: ours().definition,
        record: record({ standing: 'intended', isTold: false, isTagged: true }),
      },
    ]);
    expect(offer).toEqual([]);
  });

  test('is given one that a person wants', () => {
    const { create, notMade } = plan({ wanted: wanting(web), records: [record({ standing: 'offered' })] });
    expect(create.map(({ record: each }) => each)).toEqual([
      record({ standing: 'intended', isTold: false, orderId: 'order' }),
    ]);
    expect(notMade).toEqual([]);
  });

  test('is only offered one where its policy wants to be asked, tag or no tag', () => {
    const asking = aTargetGroup({ tags: { 'usher:alarms': 'true', 'usher:policy': 'ask' } });
    expect(plan({ groups: [asking] })).toMatchObject({ create: [], offer: [{ mayMake: true, isHeld: false }] });
    expect(made(plan({ groups: [asking], wanted: wanting(asking) }))).toEqual(['web']);
  });

  test('is told of, and given none by anybody’s wish, where we only report', () => {
    const silent = aTargetGroup({ tags: { 'usher:alarms': 'true', 'usher:policy': 'report-only' } });
    expect(plan({ groups: [silent] })).toMatchObject({ create: [], offer: [{ mayMake: false }] });
    const asked = plan({ groups: [silent], wanted: wanting(silent) });
    expect([made(asked), asked.notMade]).toEqual([
      [],
      [{ targetGroup: { id: silent.arn, name: 'web' }, because: 'ReportOnly' }],
    ]);
    expect(plan({ groups: [tagged], stage: aStage({ maximumPolicy: 'report-only' }) }).create).toEqual([]);
  });

  test.each<[string, TargetGroup, string]>([
    ['of another stage', aTargetGroup({ tags: { 'usher:alarms': 'true', 'usher:stage': 'dev' } }), 'OtherStage'],
    ['to be ignored', aTargetGroup({ tags: { 'usher:alarms': 'true', 'usher:ignore': 'true' } }), 'Ignored'],
    ['outside our VPCs', aTargetGroup({ tags: { 'usher:alarms': 'true' }, vpcId: 'vpc-2' }), 'OutsideVpcs'],
    ['that no listener uses', aTargetGroup({ tags: { 'usher:alarms': 'true' }, loadBalancerArns: [] }), 'Unused'],
  ])('%s is left alone, and whoever asks is told', (_, group, because) => {
    const parts = { groups: [group], stage: aStage({ vpcIds: ['vpc-1'] }) };
    expect(plan(parts)).toEqual(EMPTY);
    expect(plan({ ...parts, wanted: wanting(group) })).toEqual({
      ...EMPTY,
      notMade: [{ targetGroup: { id: group.arn, name: 'web' }, because }],
    });
  });

  test('without a tag of ours is none of ours', () => {
    expect(plan({ groups: [aTargetGroup({ tags: { Name: 'web' } })] })).toEqual(EMPTY);
  });
});

describe('A group with an alarm of somebody else’s', () => {
  test('gets none, and is offered none, whatever its tag says', () => {
    expect(plan({ groups: [tagged], alarms: [theirs] })).toEqual(EMPTY);
    expect(plan({ alarms: [theirs], wanted: wanting(web) }).notMade).toEqual([
      { targetGroup: { id: web.arn, name: 'web' }, because: 'HasOne' },
    ]);
  });

  test('keeps ours too, if it had one before', () => {
    expect(plan({ alarms: [theirs, ours()], records: [record()] })).toEqual({ ...EMPTY, keep: [record()] });
  });

  test('is forgotten once ours is deleted: theirs took its place', () => {
    expect(plan({ alarms: [theirs], records: [record()] })).toEqual({ ...EMPTY, forget: [record()] });
  });
});

describe('An alarm of ours', () => {
  test('that a run died over is taken for made, and still to be told of', () => {
    const { keep, create } = plan(
      { alarms: [ours()], records: [record({ standing: 'intended', isTold: false })] },
      LATER,
    );
    expect([keep, create]).toEqual([[record({ isTold: false, since: LATER.toISOString() })], []]);
  });

  test('that a run died before is made after all, where its group still asks for it', () => {
    const before = record({ standing: 'intended', isTold: false, isTagged: true });
    expect(made(plan({ groups: [tagged], records: [before] }))).toEqual(['web']);
  });

  test('that somebody deleted is held: not made again, and said once', () => {
    const first = plan({ groups: [tagged], records: [record({ isTagged: true })] }, LATER);
    expect(first).toMatchObject({ create: [], offer: [{ isHeld: true, mayMake: true }] });
    const [held] = first.keep;
    expect(held).toEqual(record({ standing: 'held', isTagged: true, isTold: false, since: LATER.toISOString() }));
    const told = { ...record(), ...held, isTold: true };
    expect(plan({ groups: [tagged], records: [told] }, LATER)).toEqual({ ...EMPTY, keep: [told] });
  });

  test('that is held is made again at a press, and when its group is tagged anew', () => {
    const held = record({ standing: 'held', isTagged: true });
    expect(made(plan({ groups: [tagged], records: [held], wanted: wanting(tagged) }))).toEqual(['web']);
    const untagged = plan({ records: [held] }).keep[0];
    expect(untagged).toEqual(record({ standing: 'held', isTagged: false }));
    expect(made(plan({ groups: [tagged], records: [{ ...held, isTagged: false }] }))).toEqual(['web']);
  });

  test('that somebody put back is ours as before, and no news', () => {
    const { keep } = plan({ alarms: [ours()], records: [record({ standing: 'held' })] });
    expect(keep).toEqual([record()]);
  });

  test('that its group left behind, by going to another balancer, is made anew under its name', () => {
    const moved = aTargetGroup({ loadBalancerArns: [loadBalancerArn('new-alb')] });
    const { create } = plan({ groups: [moved], alarms: [ours()], records: [record()] }, LATER);
    expect(create).toEqual([
      {
        group: moved,
        definition: ours(moved).definition,
        record: record({ standing: 'intended', since: LATER.toISOString() }),
      },
    ]);
  });

  test.each<[string, Partial<StandingAlarm>]>([
    ['gave actions', { hasActions: true }],
    ['made into one of something else', { definition: undefined, series: [aMetric({ name: 'RequestCount' })] }],
  ])('that somebody %s is theirs to keep, also when its group has moved', (_, change) => {
    const moved = aTargetGroup({ loadBalancerArns: [loadBalancerArn('new-alb')] });
    const parts = { groups: [moved], alarms: [{ ...ours(), ...change }], records: [record()] };
    expect(plan(parts)).toEqual({ ...EMPTY, keep: [record()] });
  });

  test('that an order made is no second news to the same order', () => {
    const before = record({ orderId: 'order' });
    expect(plan({ alarms: [ours()], records: [before], wanted: wanting(web) }).notMade).toEqual([]);
    expect(plan({ alarms: [ours()], records: [record()], wanted: wanting(web) }).notMade).toHaveLength(1);
  });
});

describe('A group that is gone', () => {
  const gone = { groups: [], alarms: [ours()] };

  test.each([
    ['no listener sends to it at the moment', aTargetGroup({ loadBalancerArns: [] })],
    ['it is to be ignored', aTargetGroup({ tags: { 'usher:ignore': 'true' } })],
    ['its alarm stands', web],
  ])('is not counted as gone from a look before it was seen again, though %s', (_, group) => {
    const again = plan(
      { groups: [group], alarms: [ours()], records: [record({ goneSince: NOW.toISOString() })] },
      LATER,
    );
    expect(again.keep).toEqual([record()]);
    expect(plan({ groups: [], alarms: [ours()], records: again.keep }, LATER)).toMatchObject({
      remove: [],
      keep: [{ goneSince: LATER.toISOString() }],
    });
  });

  test('loses our alarm once two looks, a quarter of an hour apart, found it gone', () => {
    const first = plan({ ...gone, records: [record()] });
    const noticed = record({ goneSince: NOW.toISOString() });
    expect(first).toEqual({ ...EMPTY, keep: [noticed] });
    const soon = new Date(NOW.getTime() + 14 * 60_000);
    expect(plan({ ...gone, records: [noticed] }, soon).remove).toEqual([]);
    expect(plan({ ...gone, records: [noticed] }, LATER)).toEqual({ ...EMPTY, remove: [noticed] });
  });

  test('is as it was when it is seen again in between', () => {
    const noticed = record({ goneSince: NOW.toISOString() });
    expect(plan({ alarms: [ours()], records: [noticed] }, LATER)).toEqual({ ...EMPTY, keep: [record()] });
  });

  test('keeps it while the stage only reports', () => {
    const noticed = record({ goneSince: NOW.toISOString() });
    const quiet = aStage({ maximumPolicy: 'report-only' });
    expect(plan({ ...gone, records: [noticed], stage: quiet }, LATER).remove).toEqual([]);
  });

  test.each<[string, Partial<AlarmsSeen>]>([
    ['is gone as well', { groups: [], alarms: [], records: [record()] }],
    [
      'was made into one of something else by somebody',
      {
        ...gone,
        alarms: [{ ...ours(), series: [aMetric({ dimensions: { LoadBalancer: 'app/x/1' } })] }],
        records: [record()],
      },
    ],
    ['was only offered', { groups: [], alarms: [], records: [record({ standing: 'offered' })] }],
    ['was somebody’s to delete', { ...gone, records: [record({ standing: 'held' })] }],
  ])('is forgotten where its alarm %s', (_, parts) => {
    expect(plan(parts, LATER)).toEqual({ ...EMPTY, forget: parts.records });
  });

  test('whose alarm a run died over is still to be told of', () => {
    const removing = record({ standing: 'removing', goneSince: NOW.toISOString() });
    const after = plan({ groups: [], alarms: [], records: [removing] }, LATER);
    expect(after).toEqual({ ...EMPTY, keep: [{ ...removing, standing: 'removed' }] });
    expect(plan({ ...gone, records: [removing] }, LATER).remove).toEqual([removing]);
  });

  test('gets none that is asked for', () => {
    expect(plan({ groups: [], wanted: wanting(web) }).notMade).toEqual([
      { targetGroup: { id: web.arn, name: 'web' }, because: 'GroupGone' },
    ]);
  });
});

const anyGroup = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    tags: fc.constantFrom<Record<string, string>>(
      {},
      { 'usher:alarms': 'true' },
      { 'usher:selector': 'Role=web' },
      { 'usher:alarms': 'true', 'usher:policy': 'ask' },
      { 'usher:alarms': 'true', 'usher:policy': 'report-only' },
      { 'usher:alarms': 'true', 'usher:stage': 'dev' },
    ),
    used: fc.boolean(),
  })
  .map(({ name, tags, used }) =>
    aTargetGroup({ name, arn: targetGroupArn(name), tags, loadBalancerArns: used ? [loadBalancerArn('alb')] : [] }),
  );

test('Given any groups and wishes, when a plan is applied, then each group has one alarm at most, and nothing is left to make or offer', () => {
  const groupsOf = fc.uniqueArray(anyGroup, { selector: ({ name }) => name, maxLength: 4 });
  fc.assert(
    fc.property(groupsOf, fc.subarray(['a', 'b', 'c', 'd']), fc.boolean(), (groups, wished, haveTheirs) => {
      const alarms = haveTheirs
        ? groups
            .slice(0, 1)
            .flatMap((group) => (group.loadBalancerArns.length > 0 ? [{ ...ours(group), name: 'theirs' }] : []))
        : [];
      const wanted = wanting(...groups.filter(({ name }) => wished.includes(name)));
      const first = planAlarms(seen({ groups, alarms, wanted }), NOW);
      const after = [
        ...alarms,
        ...first.create.map(({ definition, record: each }) => plainAlarm(each.alarmName, definition)),
      ];
      const watched = after.map(({ series }) => series[0]?.dimensions['TargetGroup']);
      expect(new Set(watched).size).toBe(watched.length);
      const records = [
        ...first.keep.map((each) => ({ ...each, isTold: true })),
        ...first.create.map(({ record: each }) => ({ ...each, standing: 'made' as const, isTold: true })),
      ];
      const again = planAlarms(seen({ groups, alarms: after, records, wanted: undefined }), LATER);
      expect([made(again), offered(again), again.remove]).toEqual([[], [], []]);
    }),
  );
});

test('Given two records, then they are the same only if nothing differs, in whatever order their fields are', () => {
  const one = record({ orderId: 'order', goneSince: NOW.toISOString() });
  const { standing, targetGroup, ...others } = one;
  expect(sameRecord(one, { ...others, targetGroup: { name: targetGroup.name, id: targetGroup.id }, standing })).toBe(
    true,
  );
  const changes: readonly Partial<AlarmRecord>[] = [
    { targetGroup: { id: 'arn:other', name: 'web' } },
    { targetGroup: { id: web.arn, name: 'other' } },
    { destination: 'other' },
    { alarmName: 'other' },
    { standing: 'held' },
    { since: LATER.toISOString() },
    { isTold: false },
    { isTagged: true },
    { orderId: 'other' },
    { goneSince: LATER.toISOString() },
  ];
  expect(changes.filter((change) => sameRecord(one, { ...one, ...change }))).toEqual([]);
});
