import * as z from 'zod/mini';
import { isInstanceId } from '../domain/instance.ts';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Usher's note to itself to look whether an instance that waits in a terminate hook is drained. */
export interface HookNote {
  readonly kind: 'look-at-hook';
  readonly autoScalingGroupName: string;
  readonly hookName: string;
  readonly instanceId: string;
  /** ISO 8601, UTC: when it was first looked at. */
  readonly since: string;
}

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('look-at-hook', 'expected look-at-hook'),
  autoScalingGroupName: z.string('expected the name of an Auto Scaling group'),
  hookName: z.string('expected the name of a lifecycle hook'),
  instanceId: z
    .string('expected an instance id')
    .check(z.refine(isInstanceId, 'expected an instance id (i- and 8 or 17 hexadecimal digits)')),
  since: z.iso.datetime('expected an ISO 8601 instant in UTC'),
});

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readHookNote = (message: unknown): HookNote => {
  const { usher, ...note } = parseWith(schema, message);
  return note;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeHookNote = (note: HookNote): string => JSON.stringify(parseWith(schema, { usher: 1, ...note }));
