import * as z from 'zod/mini';
import { isInstanceId } from '../domain/instance.ts';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Why an instance is looked at once more. */
export type LookAgainReason = 'NotYetVisible' | 'NotYetTagged' | 'NotYetReady' | 'NotReady' | 'LeaseBusy';

/** Usher's note to itself: a new message with a delay, so that nothing ever waits inside a function. */
export interface LookAgain {
  readonly kind: 'look-again';
  readonly instanceIds: readonly string[];
  /** 1 for the first look after the event's own. */
  readonly attempt: number;
  /** ISO 8601, UTC: when the instances were first sighted. */
  readonly firstSeenAt: string;
  readonly reason: LookAgainReason;
  /** Changes of these instances' tags that brought us here, for a seat that is held until then. */
  readonly tagChanges?: readonly TagChangeNote[];
}

/** Tags that were changed, and when: ISO 8601, UTC. */
export interface TagChangeNote {
  readonly at: string;
  readonly keys: readonly string[];
}

const instanceId = z
  .string('expected an instance id')
  .check(z.refine(isInstanceId, 'expected an instance id (i- and 8 or 17 hexadecimal digits)'));

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('look-again', 'expected look-again'),
  instanceIds: z.array(instanceId, 'expected a list of instance ids').check(z.minLength(1, 'expected an instance id')),
  attempt: z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more')),
  firstSeenAt: z.iso.datetime('expected an ISO 8601 instant in UTC'),
  reason: z.enum(['NotYetVisible', 'NotYetTagged', 'NotYetReady', 'NotReady', 'LeaseBusy'], 'expected a reason'),
  tagChanges: z.exactOptional(
    z.array(
      objectOf({
        at: z.iso.datetime('expected an ISO 8601 instant in UTC'),
        keys: z.array(z.string('expected a tag key'), 'expected a list of tag keys'),
      }),
      'expected a list of tag changes',
    ),
  ),
});

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readLookAgain = (message: unknown): LookAgain => {
  const { usher, ...lookAgain } = parseWith(schema, message);
  return lookAgain;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeLookAgain = (lookAgain: LookAgain): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...lookAgain }));
