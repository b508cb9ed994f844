import type { AlarmsDue } from '../../../events/alarms-due.ts';
import { parseSweepQueueMessage } from '../../../events/sweep-queue.ts';
import type { AlarmPorts } from '../../../stories/offer-alarms/ports.ts';
import type { AlarmsLooked } from '../../../stories/offer-alarms/story.ts';
import { lookAfterAlarms } from '../../../stories/offer-alarms/story.ts';
import { Killed } from '../../support/world/calls.ts';
import { aMemoryCloudWatch, aMemoryOfAlarms } from '../../support/world/memory-alarms.ts';
import { aMemoryQueue } from '../../support/world/memory-queues.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { balancingFleetOf } from '../sweep/sweeping.ts';

const HOUR_SECONDS = 3_600;

/** A world whose alarms are looked after, each note by a process of its own. */
export const anAlarmWorld = (parts: WorldParts = {}) => {
  const world = aWorld(parts);
  const cloudWatch = aMemoryCloudWatch();
  const alarms = aMemoryOfAlarms();
  const sweepQueue = aMemoryQueue(world.clock);
  const balancingFleet = balancingFleetOf(world);
  const ports = (): AlarmPorts => ({
    ...world.ports,
    balancingFleet: world.record('balancingFleet', balancingFleet, () => 'read'),
    cloudWatch: world.record('cloudWatch', cloudWatch, (method) => (method.startsWith('read') ? 'read' : 'write')),
    alarms: world.record('alarms', alarms, () => 'state'),
    sweepQueue: world.record('sweepQueue', sweepQueue, () => 'send'),
  });
  const take = async (note: AlarmsDue = { kind: 'alarms-due' }): Promise<AlarmsLooked> => {
    world.restart();
    return lookAfterAlarms(ports())(note);
  };
  return {
    world,
    cloudWatch,
    alarms,
    sweepQueue,
    take,
    /** Takes a note until it is taken without being killed, as the queue would bring it again. */
    async takeUntilTaken(note?: AlarmsDue): Promise<void> {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        try {
          await take(note);
          return;
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          world.onCall();
          // Its lease has lapsed by the time the message is back.
          world.clock.advance(360);
        }
      }
      throw new Error('killed three times');
    },
    /** Takes what was put off, until nothing waits. */
    async untilQuiet(): Promise<void> {
      for (;;) {
        for (const body of sweepQueue.due()) {
          const note = parseSweepQueueMessage(body);
          if (note.kind !== 'alarms-due') throw new Error(`nobody sends ${note.kind}`);
          await take(note);
        }
        const wait = sweepQueue.secondsUntilDue();
        if (wait === undefined) return;
        world.clock.advance(wait);
      }
    },
    async later(): Promise<void> {
      world.clock.advance(HOUR_SECONDS);
      await take();
    },
    /** The groups of the last offer, as its button would have them made. */
    wanted(): AlarmsDue {
      const plan = [...world.state.storedPlans.values()]
        .map(({ content }) => content)
        .findLast(({ kind }) => kind === 'alarms');
      if (plan?.kind !== 'alarms') throw new Error('nothing was offered');
      return { kind: 'alarms-due', wanted: { orderId: 'order', targetGroups: plan.targetGroups } };
    },
    names: (): readonly string[] => [...cloudWatch.alarms.keys()].sort(),
    /** What people read: a report of a key that was delivered is not delivered again. */
    said: () =>
      [...new Map(world.reports.handedIn.toReversed().map((report) => [report.key, report])).values()]
        .toReversed()
        .map(({ body }) => body),
  };
};
