import * as z from 'zod/mini';
import type { AlarmChanged } from './alarm-state-change/parse.ts';
import { alarmStateChange } from './alarm-state-change/parse.ts';
import type { Ignored } from './arrived-event.ts';
import { objectOf } from './fields.ts';
import { parseJson, parseWith } from './malformed-event-error.ts';
import { eventReader } from './parse-event.ts';

/** Usher's notes to itself on the queue of alarms. Each may arrive twice. */
export type DiagnosisNote =
  /** Look whether CloudTrail has told by now who changed what. */
  | {
      readonly kind: 'diagnosis-changes';
      readonly subject: string;
      /** Which story of the subject's; ISO 8601 in UTC. */
      readonly openedAt: string;
      readonly attempt: number;
    }
  /** Look whether what came and went has been quiet for long enough to be called over. */
  | { readonly kind: 'diagnosis-settles'; readonly subject: string; readonly openedAt: string }
  /** Look whether the alarms of a story still stand: one that was deleted tells its end to nobody. */
  | {
      readonly kind: 'diagnosis-stands';
      readonly subject: string;
      readonly openedAt: string;
      /** Counts these looks, so that a repeated note is taken once. */
      readonly turn: number;
    };

const version = z.literal(1, 'expected version 1 of the message');
const subject = z
  .string('expected a balancer or a group')
  .check(z.minLength(1, 'expected a balancer or a group'), z.maxLength(2_048, 'expected a balancer or a group'));
const openedAt = z.iso.datetime('expected an ISO 8601 instant in UTC');

const schema = z.discriminatedUnion(
  'kind',
  [
    objectOf({
      usher: version,
      kind: z.literal('diagnosis-changes'),
      subject,
      openedAt,
      attempt: z.int('expected a whole number').check(z.minimum(0, 'expected 0 or more')),
    }),
    objectOf({ usher: version, kind: z.literal('diagnosis-settles'), subject, openedAt }),
    objectOf({
      usher: version,
      kind: z.literal('diagnosis-stands'),
      subject,
      openedAt,
      turn: z.int('expected a whole number').check(z.minimum(0, 'expected 0 or more')),
    }),
  ],
  'expected a note about an alarm',
);

/** Our own messages carry their version under this name, which no event of AWS has at its top. */
const own = z.object({ usher: z.unknown(), kind: z.unknown() });

const readAlarm = eventReader<AlarmChanged>([alarmStateChange]);

/**
 * What a message of the queue of alarms says.
 * @throws {MalformedEventError} when it is none of ours and no event either
 */
export const parseDiagnosisMessage = (body: string): DiagnosisNote | AlarmChanged | Ignored => {
  const message = parseJson(body);
  if (!own.safeParse(message).success) return readAlarm(message);
  const { usher, ...note } = parseWith(schema, message);
  return note;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeDiagnosisNote = (note: DiagnosisNote): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...note }));
