import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { targetChangeKey } from '../../../domain/change.ts';
import type { Instance, InstanceState } from '../../../domain/instance.ts';
import type { Ownership } from '../../../domain/ledger.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import type { Departures, InstanceSight, ObservedGroup } from '../../../domain/seating/departures.ts';
import { departuresFrom, isCounted } from '../../../domain/seating/departures.ts';
import type { TargetHealth, TargetState } from '../../../domain/target.ts';
import { targetKey } from '../../../domain/target.ts';
import { anInstance, aTargetGroup } from '../../support/world/builders.ts';

const GROUP = aTargetGroup();
const ONE = 'i-00000001';
const ALL = [ONE, 'i-00000002', 'i-00000003', 'i-00000004', 'i-00000005'];

const member = (id: string, state: TargetState = 'healthy'): TargetHealth => ({
  target: { id, port: 80 },
  state,
  reason: undefined,
  description: undefined,
});

const ownership = (id: string, instanceId = id): readonly [string, Ownership] => {
  const key = targetChangeKey(GROUP.arn, `${id}:80`);
  const seat = {
    targetGroup: { name: 'web', id: GROUP.arn },
    target: { id, port: 80 },
    instanceId,
    vpcId: 'vpc-1',
    name: 'web-1',
    destination: 'default',
  };
  return [key, { key, entryId: 'e', ruleId: undefined, since: '2026-11-22T05:00:00.000Z', seat }];
};

const seen = (instance: Partial<Instance> = {}, lifecycleState?: string): InstanceSight => ({
  kind: 'seen',
  instance: anInstance(instance),
  lifecycleState,
});

/** Five running instances, all ours, all where their tags say, unless told otherwise. */
const aGroup = (group: Partial<ObservedGroup> = {}): ObservedGroup => ({
  targetGroup: GROUP,
  members: ALL.map((id) => member(id)),
  owned: new Map(ALL.map((id) => ownership(id))),
  desired: new Set(ALL.map((id) => `${id}:80`)),
  undecided: new Set(),
  sights: new Map(ALL.map((instanceId) => [instanceId, seen({ instanceId })])),
  signs: new Map(),
  holders: read(new Map()),
  leftToOwner: new Set(),
  confirmed: new Set(),
  ...group,
});

/** The first instance seen so; the others run. */
const whose = (sight: InstanceSight, group: Partial<ObservedGroup> = {}): ObservedGroup =>
  aGroup({ ...group, sights: new Map([...aGroup().sights, [ONE, sight]]) });

const withoutOne = new Set(ALL.slice(1).map((id) => `${id}:80`));
const notOurs = { owned: new Map(ALL.slice(1).map((id) => ownership(id))) };

const brief = ({ removals, staying, findings, lookAgain, toConfirm }: Departures) => ({
  removals: removals.map(({ target, reason, because, ours }) => [targetKey(target), reason, because, ours]),
  staying: staying.map(({ member: { target }, because }) => [targetKey(target), because]),
  findings: findings.map(({ reason }) => reason),
  lookAgain,
  toConfirm,
});

const NOTHING = { removals: [], staying: [], findings: [], lookAgain: [], toConfirm: [] };
const first = `${ONE}:80`;

test('Given targets of running instances where their tags say, then nobody leaves', () => {
  expect(brief(departuresFrom(aGroup()))).toEqual(NOTHING);
});

describe('the instance’s own state', () => {
  const state = (name: InstanceState) => whose(seen({ instanceId: ONE, state: name }));

  test.each([
    ['stopping', 'InstanceGoing', 'Stopping'],
    ['stopped', 'InstanceGone', 'Stopped'],
    ['shutting-down', 'InstanceGoing', 'ShuttingDown'],
    ['terminated', 'InstanceGone', 'Terminated'],
  ] as const)('Given a target of ours whose instance is %s, then it leaves', (name, reason, because) => {
    expect(brief(departuresFrom(state(name)))).toEqual({ ...NOTHING, removals: [[first, reason, because, true]] });
  });

  test.each(['pending', 'running'] as const)('Given one that is %s, then it stays', (name) => {
    expect(brief(departuresFrom(state(name)))).toEqual(NOTHING);
  });

  test.each([
    ['stopped', 'Stopped'],
    ['terminated', 'Terminated'],
  ] as const)(
    'Given a target that somebody else registered by id, when its instance is %s, then it leaves',
    (name, because) => {
      expect(brief(departuresFrom({ ...state(name), ...notOurs }))).toEqual({
        ...NOTHING,
        removals: [[first, 'InstanceGone', because, false]],
      });
    },
  );

  test.each(['stopping', 'shutting-down'] as const)(
    'Given one of somebody else that is only %s, then it stays',
    (name) => {
      expect(brief(departuresFrom({ ...state(name), ...notOurs }))).toEqual(NOTHING);
    },
  );

  test('Given a target that is leaving already, then it is left alone', () => {
    const group = { ...state('stopped'), members: [member(ONE, 'draining'), ...ALL.slice(1).map((id) => member(id))] };
    expect(brief(departuresFrom(group))).toEqual(NOTHING);
  });

  test('Given one that a person had undone, or that we took out, and that somebody put back, then it is not ours, and stays', () => {
    const [key, owned] = ownership(ONE);
    for (const record of [
      { ...owned, undoneBy: 'plan-1' },
      { ...owned, leaving: 'Rebalance' as const },
    ]) {
      const group = aGroup({ owned: new Map([...aGroup().owned, [key, record]]), desired: withoutOne });
      expect(brief(departuresFrom(group))).toEqual({ ...NOTHING, staying: [[first, 'NotOurs']] });
    }
  });
});

describe('what AWS says of a running instance', () => {
  const launchedAt = new Date('2026-11-22T05:00:00.000Z');
  const signed = (kind: 'SpotInterruption' | 'Rebalance', at: Date) =>
    whose(seen({ instanceId: ONE, launchedAt }), { signs: new Map([[ONE, { kind, at }]]) });

  test.each(['SpotInterruption', 'Rebalance'] as const)(
    'Given a sign of %s, then ours leaves; of somebody else, it stays',
    (kind) => {
      const group = signed(kind, launchedAt);
      expect(brief(departuresFrom(group)).removals).toEqual([[first, 'InstanceGoing', kind, true]]);
      expect(brief(departuresFrom({ ...group, ...notOurs }))).toEqual(NOTHING);
    },
  );

  test('Given a sign of an earlier life of the instance, then it stays', () => {
    expect(brief(departuresFrom(signed('SpotInterruption', new Date('2026-11-22T04:59:59.000Z'))))).toEqual(NOTHING);
  });

  test.each([
    ['Terminating', 'ScaleIn'],
    ['Terminating:Wait', 'ScaleIn'],
    ['Terminating:Proceed', 'ScaleIn'],
    ['Warmed:Running', 'IntoWarmPool'],
    ['Warmed:Pending', 'IntoWarmPool'],
    ['Warmed:Terminating:Wait', 'IntoWarmPool'],
  ])('Given an instance that Auto Scaling has in %s, then ours leaves', (lifecycle, because) => {
    expect(brief(departuresFrom(whose(seen({ instanceId: ONE }, lifecycle)))).removals).toEqual([
      [first, 'InstanceGoing', because, true],
    ]);
  });

  test.each(['InService', 'Pending:Wait', 'Standby', 'Detaching', 'EnteringStandby'])(
    'Given one in %s, then it stays',
    (lifecycle) => {
      expect(brief(departuresFrom(whose(seen({ instanceId: ONE }, lifecycle))))).toEqual(NOTHING);
    },
  );

  test('Given an instance of an Auto Scaling group that fills this group itself, then it is left to it', () => {
    const group = whose(seen({ instanceId: ONE, state: 'stopped' }), { leftToOwner: new Set([ONE]) });
    expect(brief(departuresFrom(group))).toEqual({ ...NOTHING, staying: [[first, 'LeftToItsOwner']] });
  });

  test.each(['elbv2.k8s.aws/cluster', 'kubernetes.io/service-name', 'aws:ecs:clusterName'])(
    'Given a group that carries %s, then nothing of it is touched or said',
    (key) => {
      const targetGroup = aTargetGroup({ tags: { 'usher:selector': 'Role=web', [key]: 'x' } });
      expect(brief(departuresFrom({ ...whose(seen({ state: 'terminated' })), targetGroup }))).toEqual(NOTHING);
    },
  );
});

describe('what was not read, or not seen', () => {
  const absent = (wasAbsentBefore: boolean, saidTerminated = false): InstanceSight => ({
    kind: 'absent',
    wasAbsentBefore,
    saidTerminated,
  });

  test('Given an instance that could not be read, then it stays, whoever registered it', () => {
    expect(brief(departuresFrom(whose({ kind: 'unreadable' })))).toEqual({
      ...NOTHING,
      staying: [[first, 'Unreadable']],
    });
  });

  test('Given one of ours that is not seen, then it is looked for again, and leaves when it is not seen then either', () => {
    expect(brief(departuresFrom(whose(absent(false))))).toEqual({ ...NOTHING, lookAgain: [ONE] });
    expect(brief(departuresFrom(whose(absent(true)))).removals).toEqual([[first, 'InstanceGone', 'Absent', true]]);
  });

  test('Given one of somebody else that is not seen, then it stays, unless an event said it was terminated', () => {
    expect(brief(departuresFrom({ ...whose(absent(true)), ...notOurs })).staying).toEqual([[first, 'NotSeen']]);
    expect(brief(departuresFrom({ ...whose(absent(false, true)), ...notOurs })).lookAgain).toEqual([ONE]);
    expect(brief(departuresFrom({ ...whose(absent(true, true)), ...notOurs })).removals).toEqual([
      [first, 'InstanceGone', 'Terminated', false],
    ]);
  });

  const three = ALL.slice(0, 3);
  const many = (sight: (instanceId: string) => InstanceSight, group: Partial<ObservedGroup> = {}) =>
    aGroup({ sights: new Map([...aGroup().sights, ...three.map((id) => [id, sight(id)] as const)]), ...group });

  test('Given more than half of a group not seen by two looks, then it is not believed', () => {
    expect(brief(departuresFrom(many(() => absent(true))))).toEqual({
      ...NOTHING,
      staying: three.map((id) => [`${id}:80`, 'ManyGoneAtOnce']),
    });
  });

  test('Given more than half stopped, then their states are read once more, and whoever shows the same leaves', () => {
    const stopped = (instanceId: string) => seen({ instanceId, state: 'stopped' });
    expect(brief(departuresFrom(many(stopped)))).toEqual({ ...NOTHING, toConfirm: three });
    expect(brief(departuresFrom(many(stopped, { confirmed: new Set(three) }))).removals).toEqual(
      three.map((id) => [`${id}:80`, 'InstanceGone', 'Stopped', true]),
    );
  });

  test('Given half of a group stopped, then one read is enough', () => {
    const four = ALL.slice(0, 4);
    const group = many((instanceId) => seen({ instanceId, state: instanceId === ALL[2] ? 'running' : 'stopped' }), {
      members: four.map((id) => member(id)),
    });
    expect(brief(departuresFrom(group)).removals).toHaveLength(2);
  });
});

describe('addresses', () => {
  const ADDRESS = '10.0.1.1';
  const byAddress = (sight: InstanceSight, group: Partial<ObservedGroup> = {}) =>
    aGroup({
      targetGroup: aTargetGroup({ targetType: 'ip' }),
      members: [member(ADDRESS), ...ALL.slice(1).map((id) => member(id))],
      owned: new Map([ownership(ADDRESS, ONE)]),
      desired: new Set(ALL.slice(1).map((id) => `${id}:80`)),
      sights: new Map([...aGroup().sights, [ONE, sight]]),
      holders: read(new Map([[ADDRESS, []]])),
      ...group,
    });
  const gone = seen({ instanceId: ONE, state: 'terminated' });
  const leaves = [[`${ADDRESS}:80`, 'InstanceGone', 'Terminated', true]];

  test('Given an address registered for an instance that is terminated, when nobody holds it, or only that instance, then it leaves', () => {
    expect(brief(departuresFrom(byAddress(gone))).removals).toEqual(leaves);
    const own = byAddress(gone, { holders: read(new Map([[ADDRESS, [ONE]]])) });
    expect(brief(departuresFrom(own)).removals).toEqual(leaves);
  });

  test('Given that another interface holds it by now, then it stays', () => {
    for (const holders of [['i-00000009'], ['eni-of-a-balancer'], [ONE, 'i-00000009']]) {
      const held = byAddress(gone, { holders: read(new Map([[ADDRESS, holders]])) });
      expect(brief(departuresFrom(held))).toEqual({ ...NOTHING, staying: [[`${ADDRESS}:80`, 'AddressHeld']] });
    }
  });

  test('Given that nobody could read who holds it, then it stays', () => {
    const group = byAddress(gone, { holders: unreadable('denied') });
    expect(brief(departuresFrom(group)).staying).toEqual([[`${ADDRESS}:80`, 'Unreadable']]);
  });

  test('Given an address that we did not register, then it stays, whatever its instance is', () => {
    const group = byAddress(gone, { owned: new Map() });
    expect(brief(departuresFrom(group))).toEqual({ ...NOTHING, staying: [[`${ADDRESS}:80`, 'NotOurs']] });
  });

  test('Given one whose instance runs and belongs there no more, then it leaves', () => {
    expect(brief(departuresFrom(byAddress(seen({ instanceId: ONE }))))).toEqual({
      ...NOTHING,
      removals: [[`${ADDRESS}:80`, 'NotDesired', undefined, true]],
    });
  });
});

describe('tags', () => {
  test('Given one of ours whose tags no longer say so, then it leaves; of somebody else, it stays and is named', () => {
    expect(brief(departuresFrom(aGroup({ desired: withoutOne })))).toEqual({
      ...NOTHING,
      removals: [[first, 'NotDesired', undefined, true]],
    });
    expect(brief(departuresFrom(aGroup({ desired: withoutOne, ...notOurs })))).toEqual({
      ...NOTHING,
      staying: [[first, 'NotOurs']],
    });
  });

  test('Given one whose tags don’t say clearly whether it belongs, then it stays', () => {
    expect(brief(departuresFrom(aGroup({ desired: withoutOne, undecided: new Set([ONE]) })))).toEqual(NOTHING);
  });

  test('Given a selector that more than half of the group matches no more, then that is a finding, and nobody leaves', () => {
    const three = ALL.slice(0, 3).map((id) => `${id}:80`);
    expect(brief(departuresFrom(aGroup({ desired: new Set(ALL.slice(3).map((id) => `${id}:80`)) })))).toEqual({
      ...NOTHING,
      staying: three.map((key) => [key, 'SelectorDoubtful']),
      findings: ['SelectorLosesMost'],
    });
  });

  test.each([
    ['matches nobody who is there', { 'usher:selector': 'Role=wbe' }],
    ['can’t be read', { 'usher:selector': '=web' }],
    ['is no longer there', {}],
  ])('Given a selector that %s, then nobody leaves, and the group is named', (_, tags) => {
    const { removals, findings } = departuresFrom(aGroup({ desired: new Set(), targetGroup: aTargetGroup({ tags }) }));
    expect([removals, findings.map(({ reason }) => reason)]).toEqual([[], ['SelectorMatchesNothing']]);
  });

  test('Given a doubtful selector and an instance that is stopped, then the stopped one leaves all the same', () => {
    const group = whose(seen({ instanceId: ONE, state: 'stopped' }), { desired: new Set() });
    expect(brief(departuresFrom(group)).removals).toEqual([[first, 'InstanceGone', 'Stopped', true]]);
  });

  test('Given a port that tags no longer ask for, then the old target leaves and the new one stays', () => {
    const other = { ...member(ONE), target: { id: ONE, port: 8080 } };
    const group = aGroup({
      members: [...aGroup().members, other],
      desired: new Set([`${ONE}:8080`, ...withoutOne]),
    });
    expect(brief(departuresFrom(group))).toEqual({ ...NOTHING, removals: [[first, 'NotDesired', undefined, true]] });
  });
});

test('Given removals of both kinds, then those that go for certain come first, each by its key', () => {
  const group = aGroup({
    desired: new Set([ALL[1], ALL[3], ALL[4]].map((id) => `${id}:80`)),
    sights: new Map([...aGroup().sights, [ALL[3] ?? '', seen({ instanceId: 'i-00000004', state: 'stopping' })]]),
  });
  expect(departuresFrom(group).removals.map((removal) => [targetKey(removal.target), isCounted(removal)])).toEqual([
    ['i-00000004:80', false],
    ['i-00000001:80', true],
    ['i-00000003:80', true],
  ]);
});

const anyState = fc.constantFrom<InstanceState>(
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
);

const anySight = (instanceId: string): fc.Arbitrary<InstanceSight> =>
  fc.oneof(
    fc
      .tuple(anyState, fc.constantFrom(undefined, 'InService', 'Terminating:Wait', 'Warmed:Running'))
      .map(([state, lifecycle]) => seen({ instanceId, state }, lifecycle)),
    fc
      .tuple(fc.boolean(), fc.boolean())
      .map(([wasAbsentBefore, saidTerminated]) => ({ kind: 'absent', wasAbsentBefore, saidTerminated }) as const),
    fc.constant({ kind: 'unreadable' } as const),
  );

const anyGroup: fc.Arbitrary<ObservedGroup> = fc
  .record({
    sights: fc.tuple(...ALL.map(anySight)),
    owned: fc.subarray(ALL),
    desired: fc.subarray(ALL),
    signs: fc.subarray(ALL),
    confirmed: fc.subarray(ALL),
    members: fc.subarray(ALL, { minLength: 1 }),
    kind: fc.constantFrom<'SpotInterruption' | 'Rebalance'>('SpotInterruption', 'Rebalance'),
  })
  .map(({ sights, owned, desired, signs, confirmed, members, kind }) =>
    aGroup({
      members: members.map((id) => member(id)),
      sights: new Map(ALL.map((id, index) => [id, sights[index] ?? { kind: 'unreadable' }])),
      owned: new Map(owned.map((id) => ownership(id))),
      desired: new Set(desired.map((id) => `${id}:80`)),
      signs: new Map(signs.map((id) => [id, { kind, at: new Date('2026-11-22T05:00:00.000Z') }])),
      confirmed: new Set(confirmed),
    }),
  );

test('Given any group, then whoever leaves is ours, or an instance that EC2 or an event calls stopped or terminated; and what was not read leaves never', () => {
  fc.assert(
    fc.property(anyGroup, (group) => {
      for (const { target, ours, reason } of departuresFrom(group).removals) {
        const sight = group.sights.get(target.id);
        expect(sight?.kind).not.toBe('unreadable');
        expect(group.owned.has(targetChangeKey(GROUP.arn, targetKey(target)))).toBe(ours);
        if (ours) continue;
        expect(reason).toBe('InstanceGone');
        const isGone =
          sight?.kind === 'seen'
            ? ['stopped', 'terminated'].includes(sight.instance.state)
            : sight?.kind === 'absent' && sight.saidTerminated && sight.wasAbsentBefore;
        expect(isGone).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('Given any group, then everybody who leaves for tags alone is half of it at most, and what is planned is planned the same again', () => {
  fc.assert(
    fc.property(anyGroup, (group) => {
      const { removals } = departuresFrom(group);
      const forTags = removals.filter(({ reason }) => reason === 'NotDesired');
      expect(forTags.length * 2).toBeLessThanOrEqual(group.members.length);
      expect(departuresFrom({ ...group, members: [...group.members].reverse() }).removals).toEqual(removals);
    }),
    { numRuns: 2_000 },
  );
});

test('Given any group without those who leave, then nobody of the rest leaves for what was decided before', () => {
  fc.assert(
    fc.property(anyGroup, (group) => {
      const gone = new Set(departuresFrom(group).removals.map(({ target }) => targetKey(target)));
      const left = { ...group, members: group.members.filter(({ target }) => !gone.has(targetKey(target))) };
      const again = departuresFrom(left).removals.map(({ target }) => targetKey(target));
      expect(again.filter((key) => gone.has(key))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
