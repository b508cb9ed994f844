import { seatsFor } from '../../domain/seating/seats.ts';
import type { Decided, LeasedSeats } from './decide.ts';
import { decide } from './decide.ts';
import { locate } from './locate.ts';
import { readGroupFacts } from './observe.ts';
import type { SeatingPorts } from './ports.ts';

/** What seating would do for some instances. */
export interface Planned {
  readonly leased: LeasedSeats;
  readonly decided: Decided;
}

/**
 * Plans seats as seating does, and changes nothing: no lease is taken, no addition counted, nobody told. `undefined` when
 * none of the instances has a seat anywhere.
 * @throws whatever a read of AWS failed with
 */
export const planInstances =
  (ports: SeatingPorts) =>
  async (instanceIds: readonly string[]): Promise<Planned | undefined> => {
    const firstSeenAt = ports.now();
    const located = await locate(
      ports,
      instanceIds.map((instanceId) => ({ instanceId, attempt: 0, firstSeenAt })),
    );
    if (located.placements.length === 0) return undefined;
    const { seats } = seatsFor(located.placements, await readGroupFacts(ports, located));
    if (seats.length === 0) return undefined;
    const leased = { seats, located };
    return { leased, decided: await decide({ ...ports, budgets: { count: async () => true } }, leased) };
  };
