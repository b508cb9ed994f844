import * as z from 'zod/mini';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Security groups in which a sweep saw rules that let more to targets than their balancer. */
export interface CloseRules {
  readonly kind: 'close-rules';
  readonly groups: readonly { readonly groupId: string; readonly ruleIds: readonly string[] }[];
}

/** One look at those whose path lost a rule. */
export interface LookAtClosing {
  readonly kind: 'look-at-closing';
  /** The rule that was removed. */
  readonly ruleId: string;
}

export type ClosingNote = CloseRules | LookAtClosing;

const usher = z.literal(1, 'expected version 1 of the message');
const id = z.string('expected an id').check(z.minLength(1, 'expected an id'));

const schema = z.discriminatedUnion(
  'kind',
  [
    objectOf({
      usher,
      kind: z.literal('close-rules'),
      groups: z.array(objectOf({ groupId: id, ruleIds: z.array(id) })),
    }),
    objectOf({ usher, kind: z.literal('look-at-closing'), ruleId: id }),
  ],
  'expected close-rules or look-at-closing',
);

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readClosingNote = (message: unknown): ClosingNote => {
  const { usher: _, ...note } = parseWith(schema, message);
  return note;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeClosingNote = (note: ClosingNote): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...note }));
