import { expect, test } from '@jest/globals';
import { lookAtTouched } from '../../../stories/note-changes/look-at-touched.ts';
import type { ChangePorts } from '../../../stories/note-changes/ports.ts';
import { noteChange } from '../../../stories/note-changes/story.ts';
import type { Conductor } from '../sweep/interleaving.ts';
import { everyOrder } from '../sweep/interleaving.ts';
import { aCall, aSite, OF_WEB, SECOND, WEB } from './changing.ts';

/** What the one writes and the other reads or writes; and the read by which the look sees who is there. */
const SHARED = new Set([
  'touches.add',
  'touches.list',
  'touches.done',
  'touches.findNextLook',
  'touches.setNextLook',
  'recentChanges.keep',
  'recentChanges.list',
]);

const gated = (conductor: Conductor, name: string, ports: ChangePorts): ChangePorts => ({
  ...ports,
  touches: conductor.gate(name, 'touches', ports.touches),
  recentChanges: conductor.gate(name, 'recentChanges', ports.recentChanges),
});

const OF_SECOND = [
  { kind: 'target-group', id: WEB },
  { kind: 'instance', id: SECOND },
] as const;

test('Given a change told of while an earlier one is looked at, then in every order of their calls both are said once, with who', async () => {
  const orders = await everyOrder(
    ['event', 'look'],
    (name) => SHARED.has(name),
    async (conductor) => {
      const site = await aSite();
      await site.takeOut();
      await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
      site.world.clock.advance(30);
      site.sweepQueue.due();
      await site.takeOut(SECOND);
      const second = aCall(site, 'DeregisterTargets', OF_SECOND);
      const ports = site.ports();
      return {
        processes: {
          event: () => noteChange(gated(conductor, 'event', ports))(second),
          look: () => lookAtTouched(gated(conductor, 'look', ports))({ kind: 'look-at-touched', attempt: 0 }),
        },
        check: async (order) => {
          await site.untilQuiet();
          const said = site.held().flatMap(({ targets, doer }) => targets.map(({ name }) => [name, doer?.name]));
          expect([order, said.sort(), await site.touches.list(), site.targets()]).toEqual([
            order,
            [
              ['web-1', 'suzuki'],
              ['web-2', 'suzuki'],
            ],
            [],
            [],
          ]);
        },
      };
    },
  );
  expect(orders).toBeGreaterThan(100);
});

test('Given two changes told of at once, then in every order of their calls at most two looks are sent, and nothing is left', async () => {
  const orders = await everyOrder(
    ['one', 'two'],
    (name) => SHARED.has(name),
    async (conductor) => {
      const site = await aSite();
      await site.takeOut();
      await site.takeOut(SECOND);
      const sent = site.sweepQueue.sent.length;
      const [one, two] = [aCall(site, 'DeregisterTargets', OF_WEB), aCall(site, 'DeregisterTargets', OF_SECOND)];
      const ports = site.ports();
      return {
        processes: {
          one: () => noteChange(gated(conductor, 'one', ports))(one),
          two: () => noteChange(gated(conductor, 'two', ports))(two),
        },
        check: async (order) => {
          await site.untilQuiet();
          const said = site.held().flatMap(({ targets }) => targets.map(({ name }) => name));
          expect([order, said.sort(), await site.touches.list()]).toEqual([order, ['web-1', 'web-2'], []]);
          expect(site.sweepQueue.sent.length - sent).toBeLessThanOrEqual(2);
        },
      };
    },
  );
  expect(orders).toBeGreaterThan(20);
});
