import { expect, test } from '@jest/globals';
import type { ClosingNote } from '../../events/closing-note.ts';
import { serializeClosingNote } from '../../events/closing-note.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseSweepQueueMessage } from '../../events/sweep-queue.ts';

const NOTES: readonly ClosingNote[] = [
  { kind: 'close-rules', groups: [{ groupId: 'sg-web', ruleIds: ['sgr-1', 'sgr-2'] }] },
  { kind: 'close-rules', groups: [] },
  { kind: 'look-at-closing', ruleId: 'sgr-1' },
];

test.each(NOTES)('A note about closing comes through the sweep’s queue as it was sent: %j', (note) => {
  expect(parseSweepQueueMessage(serializeClosingNote(note))).toEqual(note);
});

test.each([
  { usher: 1, kind: 'look-at-closing' },
  { usher: 1, kind: 'look-at-closing', ruleId: '' },
  { usher: 1, kind: 'close-rules', groups: [{ groupId: 'sg-web' }] },
  { usher: 2, kind: 'close-rules', groups: [] },
])('What is no such note is refused: %j', (message) => {
  expect(() => parseSweepQueueMessage(JSON.stringify(message))).toThrow(MalformedEventError);
});
