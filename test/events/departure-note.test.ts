import { expect, test } from '@jest/globals';
import type { DepartureNote } from '../../events/departure-note.ts';
import { readDepartureNote, serializeDepartureNote } from '../../events/departure-note.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseQueuedEvent } from '../../events/parse-event.ts';

const NOTE: DepartureNote = {
  kind: 'look-at-departure',
  reason: 'NotSeen',
  departures: [
    {
      instanceId: 'i-00000001',
      attempt: 1,
      firstSeenAt: '2026-11-22T05:02:00.000Z',
      sign: { kind: 'SpotInterruption', at: '2026-11-22T05:01:00.000Z' },
      saidTerminated: true,
      absentSince: '2026-11-22T05:02:00.000Z',
    },
    { instanceId: 'i-1234567890abcdef0', attempt: 3, firstSeenAt: '2026-11-22T05:02:00.000Z' },
  ],
};

test('Given a note on departures, when it is sent and read back, then it says what it said', () => {
  expect(parseQueuedEvent(serializeDepartureNote(NOTE))).toStrictEqual(NOTE);
});

test.each([
  ['another version', { usher: 2 }],
  ['no departures', { departures: [] }],
  ['what is no instance', { departures: [{ ...NOTE.departures[0], instanceId: 'i-x' }] }],
  ['no attempt', { departures: [{ ...NOTE.departures[0], attempt: 0 }] }],
  [
    'a sign that there is none of',
    { departures: [{ ...NOTE.departures[0], sign: { kind: 'Weather', at: NOTE.departures[0]?.firstSeenAt } }] },
  ],
  ['a moment that is none', { departures: [{ ...NOTE.departures[0], absentSince: 'yesterday' }] }],
])('Given a note with %s, when it is read, then it is malformed', (_, change) => {
  expect(() => readDepartureNote({ usher: 1, ...NOTE, ...change })).toThrow(MalformedEventError);
});

test('Given a note that could not be read back, when it is to be sent, then that is an error', () => {
  expect(() => serializeDepartureNote({ ...NOTE, departures: [] })).toThrow(MalformedEventError);
});
