import * as z from 'zod/mini';
import { objectOf } from './fields.ts';
import { parseJson, parseWith } from './malformed-event-error.ts';

/** Grounds that a person said yes to. */
interface Accepted {
  readonly version: string;
  readonly policy: string;
}

/** Time for a sweep: by the schedule, or because a person wants one. */
export interface SweepDue {
  readonly kind: 'sweep-due';
  /** How often it was tried before. */
  readonly attempt: number;
  /** Slack user id of who wants it. */
  readonly userId?: string;
  readonly accepts?: Accepted;
}

/** One step of a sweep under way; each sends the next. */
export interface SweepStep {
  readonly kind: 'sweep-step';
  readonly runId: string;
  readonly step: number;
  readonly attempt: number;
}

export type SweepMessage = SweepDue | SweepStep;

const usher = z.literal(1, 'expected version 1 of the message');
const count = z.int('expected a whole number').check(z.minimum(0, 'expected 0 or more'));
const text = z.string('expected text').check(z.minLength(1, 'expected text'));

const schema = z.discriminatedUnion(
  'kind',
  [
    objectOf({
      usher,
      kind: z.literal('sweep-due'),
      attempt: count,
      userId: z.exactOptional(text),
      accepts: z.exactOptional(objectOf({ version: text, policy: text })),
    }),
    objectOf({ usher, kind: z.literal('sweep-step'), runId: text, step: count, attempt: count }),
  ],
  'expected sweep-due or sweep-step',
);

/** @throws {MalformedEventError} */
export const parseSweepMessage = (body: string): SweepMessage => {
  const { usher: _, ...message } = parseWith(schema, parseJson(body));
  return message;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeSweepMessage = (message: SweepMessage): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...message }));
