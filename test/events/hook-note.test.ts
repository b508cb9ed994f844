import { expect, test } from '@jest/globals';
import type { HookNote } from '../../events/hook-note.ts';
import { readHookNote, serializeHookNote } from '../../events/hook-note.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseQueuedEvent } from '../../events/parse-event.ts';

const NOTE: HookNote = {
  kind: 'look-at-hook',
  autoScalingGroupName: 'web-asg',
  hookName: 'drain',
  instanceId: 'i-00000001',
  since: '2026-11-22T05:02:00.000Z',
};

test('Given a note on a hook, when it is sent and read back, then it says what it said', () => {
  expect(parseQueuedEvent(serializeHookNote(NOTE))).toStrictEqual(NOTE);
});

test.each([
  ['another version', { usher: 2 }],
  ['what is no instance', { instanceId: 'web-1' }],
  ['no hook', { hookName: undefined }],
  ['a moment that is none', { since: 'yesterday' }],
])('Given a note with %s, when it is read, then it is malformed', (_, change) => {
  expect(() => readHookNote({ usher: 1, ...NOTE, ...change })).toThrow(MalformedEventError);
});

test('Given a note without a kind that there is, when it is read, then it is malformed', () => {
  expect(() => parseQueuedEvent(JSON.stringify({ usher: 1, ...NOTE, kind: 'look-elsewhere' }))).toThrow(
    MalformedEventError,
  );
});
