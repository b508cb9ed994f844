import { describe, expect, test } from '@jest/globals';
import type { Policy } from '../../../domain/stage.ts';
import { aRule, aSecurityGroup } from '../../support/world/builders.ts';
import { ALB_80, instances, WEB, WORLD_80 } from '../close-rules/closing.ts';
import { aFleet, keysOf } from './fleets.ts';

const aClosableFleet = (policy: Policy) => {
  const fleet = aFleet({
    stage: { defaultPolicy: policy, maximumPolicy: 'apply-all' },
    securityGroups: ['sg-alb', 'sg-web'].map((groupId) => aSecurityGroup({ groupId })),
    instances: instances(),
    rules: [...['sg-alb', 'sg-web'].map((groupId) => aRule({ groupId })), WORLD_80, ALB_80],
  });
  fleet.world.balancing.registered.set(
    WEB,
    instances().map(({ instanceId }) => ({
      target: { id: instanceId, port: 80 },
      at: new Date('2026-11-20T05:00:00.000Z'),
      drainingUntil: undefined,
    })),
  );
  return fleet;
};

const isOpen = ({ world }: ReturnType<typeof aClosableFleet>): boolean =>
  world.rulesOf('sg-web').some(({ ruleId }) => ruleId === 'sgr-world');

describe('A rule that lets the world to targets, in the terminal', () => {
  test('is planned to go under apply-all, which changes nothing; applied, it goes and is watched', async () => {
    const fleet = aClosableFleet('apply-all');
    const plan = await fleet.plan();
    expect(keysOf(plan)).toEqual(['revoke-rule rule|sg-web|sgr-world']);
    expect([isOpen(fleet), fleet.writes]).toEqual([true, []]);
    const { applied } = await fleet.apply(plan);
    expect(applied).toMatchObject({ kind: 'applied', done: 1, notMade: [] });
    expect(isOpen(fleet)).toBe(false);
    expect((await fleet.state.closings.list()).map(({ rule }) => rule)).toEqual([WORLD_80]);
    expect(keysOf(await fleet.plan())).toEqual([]);
  });

  test('is not closed by applying a plan that did not hold it', async () => {
    const fleet = aClosableFleet('apply-all');
    const plan = await fleet.plan();
    await fleet.apply({ ...plan, changes: [] });
    expect(isOpen(fleet)).toBe(true);
  });

  test('is named as left to a person under add-only, and is no drift', async () => {
    const fleet = aClosableFleet('add-only');
    const plan = await fleet.plan();
    expect(plan.changes).toEqual([]);
    expect(plan.leftAsItIs).toEqual([
      {
        what: 'revoke-rule',
        targetGroup: { id: '', name: '' },
        of: { id: 'sg-web', name: 'sg-web' },
        because: 'NotOurs',
        findings: [],
      },
    ]);
  });
});
