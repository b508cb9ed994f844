import { expect, test } from '@jest/globals';
import { newPlan } from '../../../domain/stored-plan.ts';
import { parseSweepQueueMessage } from '../../../events/sweep-queue.ts';
import { targetGroupArn } from '../../support/world/builders.ts';
import { anOrderWorld } from './orders.ts';

const GROUPS = [
  { id: targetGroupArn('api'), name: 'api' },
  { id: targetGroupArn('web'), name: 'web' },
];
const BUTTON = { verb: 'approve', planId: 'plan-alarms' } as const;

const offering = async (settings: Parameters<typeof anOrderWorld>[1] = {}) => {
  const world = anOrderWorld({}, settings);
  const content = { kind: 'alarms', targetGroups: GROUPS } as const;
  await world.state.plans.store(newPlan(BUTTON.planId, content, 'default', world.clock.now()));
  return world;
};

const notes = (world: Awaited<ReturnType<typeof offering>>) =>
  world.sweepQueue.sent.map(({ body }) => parseSweepQueueMessage(body));

test('Given alarms are offered, when the button is pressed twice, then they are ordered once, by that order, and the channel is told', async () => {
  const world = await offering();
  const order = world.press(BUTTON);
  await world.deliver(order);
  await world.deliver(world.press(BUTTON));
  expect(notes(world)).toEqual([{ kind: 'alarms-due', wanted: { orderId: order.orderId, targetGroups: GROUPS } }]);
  expect(world.outcomes()).toMatchObject([{ kind: 'making-alarms', count: 2 }, { kind: 'decided-before' }]);
  expect(world.replied.map(({ audience }) => audience)).toEqual(['channel', 'person']);
  expect(world.writes()).toEqual([]);
});

test('Given somebody presses who may not write, then nothing is ordered', async () => {
  const world = await offering({ writers: '*=U0002' });
  await world.deliver(world.press(BUTTON));
  expect([notes(world), world.answers().map(({ kind }) => kind)]).toEqual([[], ['not-allowed']]);
});

test('Given a button that means nothing on this plan, then nothing is ordered', async () => {
  const world = await offering();
  for (const verb of ['reject', 'undo', 'put-it-back', 'retry'] as const)
    await world.deliver(world.press({ ...BUTTON, verb }));
  expect([notes(world), new Set(world.outcomes().map(({ kind }) => kind))]).toEqual([[], new Set(['unknown'])]);
});
