import * as z from 'zod/mini';
import { isInstanceId } from '../domain/instance.ts';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Usher's note to itself to look once more at instances that may have to leave their groups. */
export interface DepartureNote {
  readonly kind: 'look-at-departure';
  /** `NotSeen`: EC2 didn't show them, and only a second look tells. `LeaseBusy`: others planned against their groups. */
  readonly reason: 'NotSeen' | 'LeaseBusy';
  readonly departures: readonly NotedDeparture[];
}

/** One of them; moments in ISO 8601, UTC. */
export interface NotedDeparture {
  readonly instanceId: string;
  /** 1 for the first look after the event's own. */
  readonly attempt: number;
  readonly firstSeenAt: string;
  readonly sign?: { readonly kind: 'SpotInterruption' | 'Rebalance'; readonly at: string };
  readonly saidTerminated?: boolean;
  readonly absentSince?: string;
}

const instant = z.iso.datetime('expected an ISO 8601 instant in UTC');

const departure = objectOf({
  instanceId: z
    .string('expected an instance id')
    .check(z.refine(isInstanceId, 'expected an instance id (i- and 8 or 17 hexadecimal digits)')),
  attempt: z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more')),
  firstSeenAt: instant,
  sign: z.exactOptional(
    objectOf({ kind: z.enum(['SpotInterruption', 'Rebalance'], 'expected a sign of departure'), at: instant }),
  ),
  saidTerminated: z.exactOptional(z.boolean('expected true or false')),
  absentSince: z.exactOptional(instant),
});

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('look-at-departure', 'expected look-at-departure'),
  reason: z.enum(['NotSeen', 'LeaseBusy'], 'expected a reason'),
  departures: z.array(departure, 'expected a list of departures').check(z.minLength(1, 'expected a departure')),
});

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readDepartureNote = (message: unknown): DepartureNote => {
  const { usher, ...note } = parseWith(schema, message);
  return note;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeDepartureNote = (note: DepartureNote): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...note }));
