import { describe, expect, test } from '@jest/globals';
import { proposeForBalancers } from '../../../stories/companion-groups/propose.ts';
import { anInstance, targetGroupArn } from '../../support/world/builders.ts';
import { memoryBalancingFleet } from '../../support/world/memory-fleet.ts';
import { seat } from '../seat-instances/seating.ts';
import type { OrderWorld } from './orders.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const BESIDE = 'usher-prod-web-alb';

/** A balancer that shares its group with another machine, a target seated by a rule that names it, and the proposal. */
const proposed = async (): Promise<OrderWorld> => {
  const order = anOrderWorld({
    instances: [anInstance(), anInstance({ instanceId: 'i-000000aa', tags: {}, securityGroupIds: ['sg-alb'] })],
  });
  const { world } = order;
  await seat(world, 'i-00000001');
  const own = world.rulesOf('sg-web').filter(({ tags }) => tags['usher:owner'] !== undefined);
  await proposeForBalancers({ ...world.ports, balancingFleet: memoryBalancingFleet(world.balancing) }, own);
  return order;
};

const groupOf = ({ world }: OrderWorld) =>
  [...world.network.securityGroups.values()].find(({ name }) => name === BESIDE)?.groupId;

const worn = ({ world }: OrderWorld) => [...world.balancing.loadBalancers.values()][0]?.securityGroupIds;

describe('Make the group', () => {
  test('Given a yes, then it is made, worn and named, and everybody in the channel is told', async () => {
    const order = await proposed();
    await order.deliver(order.press(order.button('approve')));
    expect(order.outcomes()).toEqual([
      {
        kind: 'companion-made',
        targetGroup: { name: 'web', id: WEB },
        loadBalancer: expect.objectContaining({ name: 'web-alb' }),
        securityGroup: { id: groupOf(order), name: BESIDE },
        side: 'balancer',
        wearers: 1,
        rulesAdded: 1,
        failed: 0,
      },
    ]);
    expect(order.replied[0]?.audience).toBe('channel');
    expect(worn(order)).toEqual(['sg-alb', groupOf(order)]);
  });

  test('Given two who press at the same moment, then one group is made', async () => {
    const order = await proposed();
    const button = order.button('approve');
    await order.deliver(order.press(button), order.press(button));
    expect([...order.world.network.securityGroups.values()].filter(({ name }) => name === BESIDE)).toHaveLength(1);
    expect(worn(order)).toHaveLength(2);
  });

  test('Given somebody leaves it as it is, then nothing is made, and the offer is gone', async () => {
    const order = await proposed();
    await order.deliver(order.press(order.button('reject')));
    expect(order.outcomes()).toEqual([{ kind: 'rejected' }]);
    expect([groupOf(order), worn(order)]).toEqual([undefined, ['sg-alb']]);
  });

  test('Given the balancer goes before the press, then nothing is made', async () => {
    const order = await proposed();
    order.world.balancing.loadBalancers.clear();
    await order.deliver(order.press(order.button('approve')));
    expect(order.outcomes()).toEqual([
      { kind: 'moved', targetGroup: { name: 'web', id: WEB }, moved: [{ name: 'web-alb', because: 'BalancerGone' }] },
    ]);
    expect(groupOf(order)).toBeUndefined();
  });

  test('Given a policy that only reports by then, then nothing is made', async () => {
    const order = await proposed();
    const group = order.world.balancing.targetGroups.get(WEB);
    if (group === undefined) throw new Error('no group');
    order.world.balancing.targetGroups.set(WEB, { ...group, tags: { ...group.tags, 'usher:policy': 'report-only' } });
    await order.deliver(order.press(order.button('approve')));
    expect(order.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because: 'ReportOnly' }] }]);
    expect(groupOf(order)).toBeUndefined();
  });
});
