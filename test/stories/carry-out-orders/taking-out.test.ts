import { describe, expect, test } from '@jest/globals';
import type { Tags } from '../../../domain/tags.ts';
import { unseatInstances } from '../../../stories/unseat-instances/story.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { aJourney, failure, stateChange } from '../journey.ts';
import { targetsOf } from '../seat-instances/seating.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const IDS = ['i-00000001', 'i-00000002', 'i-00000003', 'i-00000004'];
const LEFT = IDS.slice(1).map((id) => `${id}:80`);
const ALL = IDS.map((id) => `${id}:80`);

/** Four seated instances; the first loses its tag, and is not taken out for the given reason: what its buttons are asked about. */
const withheld = async (parts: { readonly policy?: string; readonly removalsPerHour?: number }) => {
  const order = anOrderWorld({
    instances: IDS.map((instanceId) => anInstance({ instanceId })),
    stage: { removalsPerHour: parts.removalsPerHour ?? 10 },
  });
  const { world } = order;
  const journey = aJourney(world);
  journey.put(...IDS.map((id) => stateChange(id)));
  await journey.untilQuiet();
  world.clock.advance(7_200);
  const tags: Tags = {
    'usher:selector': 'Role=web',
    ...(parts.policy === undefined ? {} : { 'usher:policy': parts.policy }),
  };
  world.balancing.targetGroups.set(WEB, aTargetGroup({ tags }));
  world.putInstances(anInstance({ tags: { Name: 'web-1' } }));
  await unseatInstances(world.ports)([{ instanceId: 'i-00000001', attempt: 0, firstSeenAt: world.clock.now() }]);
  expect(targetsOf(world, WEB)).toEqual(ALL);
  return order;
};

describe('A removal that waits for a yes', () => {
  test.each([
    ['a group that asks', { policy: 'ask' }],
    ['an hour whose removals are used up', { removalsPerHour: 0 }],
  ])('Given %s, when it is approved, then the target is out, and the channel hears it', async (_, parts) => {
    const order = await withheld(parts);
    const button = order.button('approve');
    expect(button.object).toEqual({ kind: 'targets', names: ['web-1'], count: 1, leaving: true });
    await order.deliver(order.press(button));
    expect(targetsOf(order.world, WEB)).toEqual(LEFT);
    expect(order.outcomes()).toEqual([
      { kind: 'taken-out', targetGroup: { name: 'web', id: WEB }, names: ['web-1'], count: 1 },
    ]);
    expect(order.replied.map(({ audience }) => audience)).toEqual(['channel']);
  });

  test('Given it is rejected, then it stays', async () => {
    const order = await withheld({ policy: 'ask' });
    await order.deliver(order.press(order.button('reject')));
    expect([targetsOf(order.world, WEB), order.outcomes()]).toEqual([ALL, [{ kind: 'rejected' }]]);
  });

  test.each([
    ['its tag is back', 'NotWanted', (order: Awaited<ReturnType<typeof withheld>>) => order.putInstances(anInstance())],
    [
      'the group is report-only by now',
      'ReportOnly',
      (order: Awaited<ReturnType<typeof withheld>>) =>
        order.balancing.targetGroups.set(
          WEB,
          aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:policy': 'report-only' } }),
        ),
    ],
    [
      'it is the last that is healthy',
      'BelowFloor',
      (order: Awaited<ReturnType<typeof withheld>>) => {
        for (const id of IDS.slice(1))
          order.balancing.answers.set(id, { state: 'unhealthy', reason: 'Target.Timeout', description: undefined });
      },
    ],
    [
      'the group is gone',
      'GroupGone',
      (order: Awaited<ReturnType<typeof withheld>>) => order.balancing.targetGroups.delete(WEB),
    ],
  ] as const)(
    'Given that %s, when it is approved, then nothing is done, and the answer says %s',
    async (_, because, change) => {
      const order = await withheld({ policy: 'ask' });
      change(order);
      await order.deliver(order.press(order.button('approve')));
      expect(order.outcomes()).toMatchObject([
        { kind: 'moved', moved: [{ name: 'web-1', because }], offer: undefined },
      ]);
      expect(order.world.writes().filter(({ name }) => name === 'loadBalancing.deregisterTargets')).toEqual([]);
    },
  );

  test('Given a paused stage, when it is approved, then it stays', async () => {
    const order = await withheld({ policy: 'ask' });
    await order.world.ports.pauses.begin({ since: order.world.clock.now(), byUserId: 'U1' });
    await order.deliver(order.press(order.button('approve')));
    expect([targetsOf(order.world, WEB), order.outcomes()]).toMatchObject([ALL, [{ moved: [{ because: 'Paused' }] }]]);
  });

  test('Given that AWS refuses it, then that is the answer', async () => {
    const order = await withheld({ policy: 'ask' });
    order.world.onCall((_, name) => (name === 'loadBalancing.deregisterTargets' ? failure('denied') : 'proceed'));
    await order.deliver(order.press(order.button('approve')));
    expect(order.outcomes()).toMatchObject([
      { kind: 'not-undone', because: { kind: 'RefusedByAws', code: 'Made-denied' } },
    ]);
  });
});
