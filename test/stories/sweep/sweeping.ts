import type { Report } from '../../../domain/report.ts';
import type { SweepEnded } from '../../../domain/sweep/report.ts';
import type { AlarmsDue } from '../../../events/alarms-due.ts';
import type { SweepMessage } from '../../../events/sweep-message.ts';
import { serializeSweepMessage } from '../../../events/sweep-message.ts';
import { parseSweepQueueMessage } from '../../../events/sweep-queue.ts';
import { lookAtClosing } from '../../../stories/close-rules/look.ts';
import { closeRules } from '../../../stories/close-rules/story.ts';
import { lookAtTouched } from '../../../stories/note-changes/look-at-touched.ts';
import type { ChangePorts } from '../../../stories/note-changes/ports.ts';
import type { SweepPorts, TellingPorts } from '../../../stories/sweep/ports.ts';
import type { Swept } from '../../../stories/sweep/story.ts';
import { sweep } from '../../../stories/sweep/story.ts';
import { anInstance } from '../../support/world/builders.ts';
import { aMemoryExpiry } from '../../support/world/memory-expiry.ts';
import { memoryBalancingFleet } from '../../support/world/memory-fleet.ts';
import type { MemoryQueue } from '../../support/world/memory-queues.ts';
import { aMemoryQueue } from '../../support/world/memory-queues.ts';
import type { MemorySweeps } from '../../support/world/memory-sweeps.ts';
import { aMemorySweeps } from '../../support/world/memory-sweeps.ts';
import { aMemoryOfTouches } from '../../support/world/memory-touches.ts';
import type { World, WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney } from '../journey.ts';

const PAGE = 100;

const fleetOf = (world: World): SweepPorts['fleet'] => ({
  readEveryInstance: async (take) => {
    const all = [...world.network.instances.values()].filter(
      ({ instanceId, state }) =>
        state !== 'terminated' &&
        state !== 'shutting-down' &&
        (world.network.visibleFrom.get(instanceId) ?? new Date(0)) <= world.clock.now(),
    );
    for (let from = 0; from < all.length; from += PAGE) take(all.slice(from, from + PAGE));
  },
  readRulesTagged: async (key, value) =>
    [...world.network.rules.values()].flat().filter(({ tags }) => tags[key] === value),
  readGroupsNamed: async (pattern) =>
    [...world.network.securityGroups.values()].filter(({ name }) => name.startsWith(pattern.replace('*', ''))),
});

/** Reads of every group and balancer of a world. */
export const balancingFleetOf = ({ balancing }: Pick<World, 'balancing'>) => memoryBalancingFleet(balancing);

/** A world with what sweeps remember and the queue they are woken from, where others have them too. */
interface SweptHouse {
  readonly world: World;
  readonly sweeps: MemorySweeps;
  readonly sweepQueue: MemoryQueue;
  /** Reads of all there is, where they are not those of the world in memory. */
  readonly fleets?: Pick<SweepPorts, 'fleet' | 'balancingFleet'>;
}

const aHouse = (parts: WorldParts): SweptHouse => {
  const world = aWorld(parts);
  return { world, sweeps: aMemorySweeps(world.state.entries), sweepQueue: aMemoryQueue(world.clock) };
};

/** Sweeps over a world, each message a process of its own. */
export const aSweptWorld = (parts: WorldParts = {}) => sweepsOver(aHouse(parts));

/** The same over a world in which other stories go on. */
export const sweepsOver = ({ world, sweeps, sweepQueue, fleets }: SweptHouse) => {
  let version = '1.0.0';
  const { fleet, balancingFleet } = fleets ?? {
    fleet: fleetOf(world),
    balancingFleet: memoryBalancingFleet(world.balancing),
  };
  const touches = aMemoryOfTouches();
  const expiry = aMemoryExpiry();
  const ports = (): ChangePorts & TellingPorts => ({
    ...world.ports,
    fleet: world.record('fleet', fleet, () => 'read'),
    balancingFleet: world.record('balancingFleet', balancingFleet, () => 'read'),
    sweeps: world.record('sweeps', sweeps, () => 'state'),
    said: world.ports.deliveredReports,
    expiry: world.record('expiry', expiry, () => 'state'),
    touches: world.record('touches', touches, () => 'state'),
    sweepQueue: world.record('sweepQueue', sweepQueue, () => 'send'),
    version,
  });
  const outcomes: Swept[] = [];
  const alarmNotes: AlarmsDue[] = [];
  const take = async (message: SweepMessage): Promise<void> => {
    world.restart();
    outcomes.push(await sweep(ports())(message));
  };
  const takeBody = async (body: string): Promise<void> => {
    const message = parseSweepQueueMessage(body);
    if (message.kind === 'sweep-due' || message.kind === 'sweep-step') return take(message);
    if (message.kind === 'alarms-due') {
      alarmNotes.push(message);
      return;
    }
    if (message.kind === 'close-rules' || message.kind === 'look-at-closing') {
      world.restart();
      if (message.kind === 'close-rules') await closeRules(ports())(message);
      else await lookAtClosing(ports())(message.ruleId);
      return;
    }
    if (message.kind !== 'look-at-touched') throw new Error(`nobody sends ${message.kind}`);
    world.restart();
    await lookAtTouched(ports())(message);
  };
  const untilQuiet = async (): Promise<void> => {
    for (;;) {
      for (const body of sweepQueue.due()) await takeBody(body);
      const wait = sweepQueue.secondsUntilDue();
      if (wait === undefined) return;
      world.clock.advance(wait);
    }
  };
  return {
    world,
    sweeps,
    sweepQueue,
    touches,
    expiry,
    takeBody,
    outcomes: outcomes as readonly Swept[],
    /** Notes to look after alarms, which other tests carry out. */
    alarmNotes: alarmNotes as readonly AlarmsDue[],
    ports,
    journey: aJourney(world),
    upgrade: (to: string) => {
      version = to;
    },
    take,
    untilQuiet,
    /** A sweep of the schedule's, until its last message. */
    async sweep(message: SweepMessage = { kind: 'sweep-due', attempt: 0 }): Promise<void> {
      await sweepQueue.sendLater(serializeSweepMessage(message), 0);
      await untilQuiet();
    },
    /** Sweeps that may act: as after a person's press on Apply. */
    async accept(): Promise<void> {
      await this.sweep();
      const { record } = sweeps.state();
      if (record.caution === undefined) return;
      const offer = [...world.state.storedPlans.values()]
        .map(({ content }) => content)
        .find(({ kind }) => kind === 'sweep');
      if (offer?.kind !== 'sweep') throw new Error('nothing was offered');
      await this.sweep({ kind: 'sweep-due', attempt: 0, userId: 'U012AB3CD', accepts: offer.grounds });
    },
    /** The next sweep of the schedule. */
    async later(seconds = 15 * 60): Promise<void> {
      world.clock.advance(seconds);
      await this.sweep();
    },
    endings: (): readonly (SweepEnded & Pick<Report, 'buttons'>)[] =>
      world.reports.handedIn.flatMap(({ body, buttons }) =>
        body.kind === 'sweep-ended' ? [{ ...body, ...(buttons === undefined ? {} : { buttons }) }] : [],
      ),
  };
};

export type SweptWorld = ReturnType<typeof aSweptWorld>;

/** So many instances of the small web site, launched a day ago unless told otherwise. */
export const fleet = (size: number, launchedAt = new Date('2026-11-21T05:00:00.000Z')) =>
  Array.from({ length: size }, (_, index) =>
    anInstance({
      instanceId: `i-${(index + 1).toString(16).padStart(8, '0')}`,
      launchedAt,
      address: `10.0.${1 + Math.floor(index / 250)}.${(index % 250) + 1}`,
    }),
  );
