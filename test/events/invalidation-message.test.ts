import { expect, test } from '@jest/globals';
import { invalidationEnded } from '../../events/invalidation-ended.ts';
import { readInvalidationMessage, serializeInvalidationMessage } from '../../events/invalidation-message.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';

test.each([
  { kind: 'invalidation-wake', distributionId: 'E1WWW2222222' },
  { kind: 'invalidation-follow', batchId: '5a0f0a60-7b5c-4b5e-9d3e-0c1d2e3f4a5b', look: 1 },
] as const)('Given %j, when it is sent and read again, then it says what it said', (message) => {
  const body: unknown = JSON.parse(serializeInvalidationMessage(message));
  expect(body).toEqual({ usher: 1, ...message });
  expect(readInvalidationMessage(body)).toEqual(message);
});

test.each([
  { usher: 2, kind: 'invalidation-wake', distributionId: 'E1' },
  { usher: 1, kind: 'else' },
  { usher: 1, kind: 'invalidation-wake' },
  { usher: 1, kind: 'invalidation-wake', distributionId: 'E1#x' },
  { usher: 1, kind: 'invalidation-follow', batchId: 'b', look: 0 },
  { usher: 1, kind: 'invalidation-follow', batchId: '', look: 1 },
  'text',
  null,
])('Given %j, then it is malformed', (message) => {
  expect(() => readInvalidationMessage(message)).toThrow(MalformedEventError);
});

test('Given 5,000 refused paths, then the event of their failure stays below what an entry may be', () => {
  const paths = Array.from({ length: 5_000 }, (_, index) => `/${index}`);
  const { detail, detailType } = invalidationEnded(
    { requestId: 'r', asker: { kind: 'event', idempotencyKey: 'k', source: 'deploy' }, paths, place: undefined },
    { status: 'Failed', code: 'TooManyPaths', message: 'too many' },
    new Date(0),
  );
  expect(detailType).toBe('Invalidation Failed');
  expect(JSON.parse(detail)).toMatchObject({ usher: 1, idempotencyKey: 'k', requestedBy: 'deploy', pathCount: 5_000 });
  expect(JSON.parse(detail).paths).toHaveLength(3_000);
});
