import { expect, test } from '@jest/globals';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseSweepMessage, serializeSweepMessage } from '../../events/sweep-message.ts';

test.each([
  { kind: 'sweep-due', attempt: 0 },
  { kind: 'sweep-due', attempt: 1, userId: 'U012AB3CD', accepts: { version: '1.0.0', policy: '0b16a2820c9f7e90' } },
  { kind: 'sweep-step', runId: 'run-1', step: 3, attempt: 2 },
] as const)('Given %j, when it is sent and read back, then it is the same', (message) => {
  expect(parseSweepMessage(serializeSweepMessage(message))).toEqual(message);
});

test('The message of the schedule is one of them (infra/sweep.yml)', () => {
  expect(parseSweepMessage('{"usher":1,"kind":"sweep-due","attempt":0}')).toEqual({ kind: 'sweep-due', attempt: 0 });
});

test.each([
  '',
  '{}',
  '{"usher":2,"kind":"sweep-due","attempt":0}',
  '{"usher":1,"kind":"sweep-step","runId":"","step":0,"attempt":0}',
  '{"usher":1,"kind":"sweep-step","runId":"r","step":-1,"attempt":0}',
  '{"usher":1,"kind":"sweep-due","attempt":0,"accepts":{"version":"1"}}',
])('Given %j, then it is malformed', (body) => {
  expect(() => parseSweepMessage(body)).toThrow(MalformedEventError);
});
