import { expect, test } from '@jest/globals';
import { anOrderWorld, CACHED_PAGE } from './orders.ts';

const PAGE = 'doctor https://www.example.com/blog/?page=2';

test('Given a page that is cached, when somebody asks who may clear it, then a button clears just that page', async () => {
  const world = anOrderWorld();
  await world.deliver(world.type(PAGE));
  const [answer] = world.answers();
  if (answer?.kind !== 'url-examined' || answer.clearPlanId === undefined) throw new Error('no button');
  expect(answer).toEqual({ ...CACHED_PAGE.answer, clearPlanId: answer.clearPlanId });
  await world.deliver(world.press({ verb: 'approve', planId: answer.clearPlanId }));
  expect(world.answers().at(-1)).toMatchObject({
    kind: 'pressed',
    outcome: { kind: 'invalidating', place: { name: 'www.example.com', id: 'E1WWW2222222' }, pathCount: 1 },
  });
});

test('Given somebody who may not clear it, then they are told the same without a button, and press nobody else’s', async () => {
  const world = anOrderWorld({}, { writers: '' });
  await world.deliver(world.type(PAGE, { userId: 'U0009' }));
  expect(world.answers()).toEqual([CACHED_PAGE.answer]);
  expect(world.writes()).toEqual([]);
});

test('Given nothing to look into, then the person is asked which', async () => {
  const world = anOrderWorld();
  await world.deliver(world.type('doctor'));
  expect(world.answers()).toEqual([{ kind: 'say-which', verb: 'doctor' }]);
});
