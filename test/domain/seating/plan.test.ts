import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planSeating } from '../../../domain/seating/plan.ts';
import type { DesiredSeat } from '../../../domain/seating/seats.ts';
import type { Target, TargetHealth, TargetState } from '../../../domain/target.ts';
import { targetKey } from '../../../domain/target.ts';
import type { TargetType } from '../../../domain/target-group.ts';
import { anInstance, aTargetGroup } from '../../support/world/builders.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const GROUP = aTargetGroup();

const seat = (
  number: number,
  {
    owner,
    minutesAgo = 1,
    targetType = 'instance',
  }: { owner?: DesiredSeat['owner']; minutesAgo?: number; targetType?: TargetType } = {},
): DesiredSeat => {
  const instance = anInstance({
    instanceId: `i-0000000${number}`,
    launchedAt: new Date(NOON.getTime() - minutesAgo * 60_000),
  });
  return {
    instance,
    owner,
    seat: {
      targetGroup: { ...GROUP, targetType },
      loadBalancer: undefined,
      target: { id: instance.instanceId, port: 80 },
      instance: undefined,
      networkInterface: undefined,
    },
  };
};

const health = (target: Target, state: TargetState = 'healthy'): TargetHealth => ({
  target,
  state,
  reason: undefined,
  description: undefined,
});

const observed = (...healths: readonly TargetHealth[]) => new Map([[GROUP.arn, healths]]);

test('Given a seat nobody has, when it is planned, then it is registered, and what is there is left', () => {
  const plan = planSeating([seat(1), seat(2)], observed(health({ id: 'i-00000001', port: 80 }, 'unhealthy')), NOON);
  expect(plan.registrations).toEqual([
    {
      kind: 'register-target',
      targetGroupArn: GROUP.arn,
      target: { id: 'i-00000002', port: 80 },
      instanceId: 'i-00000002',
      vpcId: 'vpc-1',
      reason: 'MissingFromGroup',
      freshLaunch: true,
    },
  ]);
  expect(plan.taken).toHaveLength(1);
});

test('Given the same instance on another port, or the same target in another group, when it is planned, then the seat is free', () => {
  const elsewhere = new Map([['arn:other', [health({ id: 'i-00000001', port: 80 })]]]);
  expect(planSeating([seat(1)], observed(health({ id: 'i-00000001', port: 81 })), NOON).registrations).toHaveLength(1);
  expect(planSeating([seat(1)], elsewhere, NOON).registrations).toHaveLength(1);
});

describe('a target that is leaving', () => {
  const draining = observed(health({ id: 'i-00000001', port: 80 }, 'draining'));

  test.each([
    ['long running', { minutesAgo: 61 }],
    ['started a moment ago', { minutesAgo: 1 }],
    ['started a moment ago, by address', { minutesAgo: 1, targetType: 'ip' as const }],
  ])('Given an instance %s, when it is planned, then its seat is taken until it is gone', (_, how) => {
    const plan = planSeating([seat(1, how)], draining, NOON);
    expect([plan.registrations.length, plan.taken.length]).toEqual([0, 1]);
    expect(planSeating([seat(1, how)], observed(), NOON).registrations).toHaveLength(1);
  });
});

test('Given seats that others fill, when they are planned, then they are left to them, registered or not', () => {
  const plan = planSeating([seat(1, { owner: 'auto-scaling' }), seat(2)], observed(), NOON);
  expect(plan.leftToOwner).toHaveLength(1);
  expect(plan.registrations.map(({ instanceId }) => instanceId)).toEqual(['i-00000002']);
});

test.each([
  [60, true],
  [61, false],
  [-1, true],
])('Given an instance launched %i minutes ago, then fresh is %s', (minutesAgo, freshLaunch) => {
  expect(planSeating([seat(1, { minutesAgo })], observed(), NOON).registrations[0]?.freshLaunch).toBe(freshLaunch);
});

test('Given any seats and members, when the plan is carried out, then every seat of ours is taken and nothing is left to plan', () => {
  const seats = fc.uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 9 }), isOwned: fc.boolean() }), {
    selector: ({ number }) => number,
  });
  const members = fc.uniqueArray(fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(seats, members, (wanted, present) => {
      const desired = wanted.map(({ number, isOwned }) => seat(number, isOwned ? { owner: 'ecs' } : {}));
      const before = present.map((number) => health({ id: `i-0000000${number}`, port: 80 }));
      const plan = planSeating(desired, observed(...before), NOON);
      const after = [...before, ...plan.registrations.map(({ target }) => health(target, 'initial'))];
      const keys = after.map(({ target }) => targetKey(target));
      expect(new Set(keys).size).toBe(keys.length);
      for (const { number, isOwned } of wanted) if (!isOwned) expect(keys).toContain(`i-0000000${number}:80`);
      expect(planSeating(desired, observed(...after), NOON).registrations).toEqual([]);
    }),
  );
});
