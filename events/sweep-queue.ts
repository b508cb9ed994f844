import * as z from 'zod/mini';
import type { AlarmsDue } from './alarms-due.ts';
import { readAlarmsDue } from './alarms-due.ts';
import type { ApiCalled } from './api-call/parse.ts';
import { ec2Call, loadBalancingCall } from './api-call/parse.ts';
import type { Ignored } from './arrived-event.ts';
import type { ClosingNote } from './closing-note.ts';
import { readClosingNote } from './closing-note.ts';
import type { LookAtTouched } from './look-at-touched.ts';
import { readLookAtTouched } from './look-at-touched.ts';
import { parseJson } from './malformed-event-error.ts';
import { eventReader } from './parse-event.ts';
import type { SweepMessage } from './sweep-message.ts';
import { parseSweepMessage } from './sweep-message.ts';

/**
 * What the queue of `sweep` may hold: its own steps, what CloudTrail tells, notes to look at what that touched, and notes to
 * look at alarms.
 */
export type SweepQueueMessage = SweepMessage | LookAtTouched | AlarmsDue | ClosingNote | ApiCalled | Ignored;

const readCall = eventReader<ApiCalled>([ec2Call, loadBalancingCall]);

/** Our own messages carry their version under this name, which no event of AWS has at its top. */
const own = z.object({ usher: z.unknown(), kind: z.optional(z.unknown()) });

/**
 * What a message of the queue of `sweep` says.
 * @throws {MalformedEventError} when it is none of ours and no event either
 */
export const parseSweepQueueMessage = (body: string): SweepQueueMessage => {
  const message = parseJson(body);
  const ours = own.safeParse(message);
  if (!ours.success) return readCall(message);
  switch (ours.data.kind) {
    case 'look-at-touched':
      return readLookAtTouched(message);
    case 'alarms-due':
      return readAlarmsDue(message);
    case 'close-rules':
    case 'look-at-closing':
      return readClosingNote(message);
    default:
      return parseSweepMessage(body);
  }
};
