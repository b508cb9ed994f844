import * as z from 'zod/mini';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Usher's note to itself: by now somebody has changed something, look at what that touched. What it was is in the table. */
export interface LookAtTouched {
  readonly kind: 'look-at-touched';
  /** How often it was tried before. */
  readonly attempt: number;
}

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('look-at-touched', 'expected look-at-touched'),
  attempt: z.int('expected a whole number').check(z.minimum(0, 'expected 0 or more')),
});

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readLookAtTouched = (message: unknown): LookAtTouched => {
  const { usher, ...note } = parseWith(schema, message);
  return note;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeLookAtTouched = (note: LookAtTouched): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...note }));
