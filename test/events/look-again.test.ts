import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LookAgain } from '../../events/look-again.ts';
import { readLookAgain, serializeLookAgain } from '../../events/look-again.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';

const LOOK_AGAIN: LookAgain = {
  kind: 'look-again',
  instanceIds: ['i-12345678', 'i-1234567890abcdef0'],
  attempt: 1,
  firstSeenAt: '2026-11-22T05:02:00.000Z',
  reason: 'NotYetTagged',
};
const WIRE = {
  usher: 1,
  kind: 'look-again',
  instanceIds: ['i-12345678', 'i-1234567890abcdef0'],
  attempt: 1,
  firstSeenAt: '2026-11-22T05:02:00.000Z',
  reason: 'NotYetTagged',
};

test('Given a note to look again, when it is sent, then it carries its version', () => {
  expect(JSON.parse(serializeLookAgain(LOOK_AGAIN))).toStrictEqual(WIRE);
});

test('Given a note that was sent, when it is read, then it says what it said', () => {
  expect(readLookAgain(WIRE)).toStrictEqual(LOOK_AGAIN);
});

test('every note survives the queue', () => {
  const anyContent = fc.record({
    instanceIds: fc.array(fc.stringMatching(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/), { minLength: 1 }),
    attempt: fc.integer({ min: 1, max: 100 }),
    firstSeenAt: fc
      .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
      .map((instant) => instant.toISOString()),
    reason: fc.constantFrom('NotYetVisible', 'NotYetTagged', 'NotYetReady', 'LeaseBusy'),
  });
  const anyTagChanges = fc.array(
    fc.record({ at: fc.constant('2026-11-22T05:02:00.000Z'), keys: fc.array(fc.string()) }, { noNullPrototype: true }),
  );
  const anyNote = fc.tuple(anyContent, fc.option(anyTagChanges, { nil: undefined })).map(
    ([content, tagChanges]): LookAgain => ({
      kind: 'look-again',
      ...content,
      ...(tagChanges === undefined ? {} : { tagChanges }),
    }),
  );
  fc.assert(
    fc.property(anyNote, (note) => expect(readLookAgain(JSON.parse(serializeLookAgain(note)))).toStrictEqual(note)),
  );
});

test.each([
  [{ usher: 2 }, 'usher: expected version 1 of the message'],
  [{ kind: 'watch-tick' }, 'kind: expected look-again'],
  [{ instanceIds: [] }, 'instanceIds: expected an instance id'],
  [{ instanceIds: 'i-12345678' }, 'instanceIds: expected a list of instance ids'],
  [
    { instanceIds: ['i-12345678', 'web-1'] },
    'instanceIds.1: expected an instance id (i- and 8 or 17 hexadecimal digits)',
  ],
  [{ attempt: 0 }, 'attempt: expected 1 or more'],
  [{ attempt: 1.5 }, 'attempt: expected a whole number'],
  [{ attempt: '1' }, 'attempt: expected a whole number'],
  [{ firstSeenAt: 'yesterday' }, 'firstSeenAt: expected an ISO 8601 instant in UTC'],
  [{ reason: 'Bored' }, 'reason: expected a reason'],
])('Given a note with %j, when it is read, then it is malformed and says where', (wrong, message) => {
  const read = () => readLookAgain({ ...WIRE, ...wrong });
  expect(read).toThrow(MalformedEventError);
  expect(read).toThrow(message);
});

test('Given a note that names no instance, when it is to be sent, then it is refused before it is on its way', () => {
  expect(() => serializeLookAgain({ ...LOOK_AGAIN, instanceIds: [] })).toThrow(MalformedEventError);
});
