import * as z from 'zod/mini';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Groups that a person wants alarms for. */
interface Wanted {
  readonly orderId: string;
  readonly targetGroups: readonly { readonly id: string; readonly name: string }[];
}

/** Usher's note to itself: time to look which groups have no alarm; or a person wants some made. */
export interface AlarmsDue {
  readonly kind: 'alarms-due';
  readonly wanted?: Wanted;
}

const text = z.string('expected text').check(z.minLength(1, 'expected text'));

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('alarms-due', 'expected alarms-due'),
  wanted: z.exactOptional(
    objectOf({ orderId: text, targetGroups: z.array(objectOf({ id: text, name: text }), 'expected groups') }),
  ),
});

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readAlarmsDue = (message: unknown): AlarmsDue => {
  const { usher, ...note } = parseWith(schema, message);
  return note;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeAlarmsDue = (note: AlarmsDue): string => JSON.stringify(parseWith(schema, { usher: 1, ...note }));
