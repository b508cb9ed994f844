import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { readExpiryMessage, SURVEY_MESSAGE, serializeExpiryMessage } from '../../events/expiry-message.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b';

const MESSAGES: readonly ExpiryMessage[] = [
  { kind: 'expiry-survey' },
  { kind: 'expiry-certificates' },
  {
    kind: 'expiry-certificates',
    regions: ['us-east-1'],
    after: `www.example.com ${ARN}`,
    isListed: true,
    again: [ARN],
    refused: ['us-east-1'],
    attempt: 2,
  },
  { kind: 'expiry-records', after: ARN },
  { kind: 'expiry-endpoints', only: ['www.example.com:443'], attempt: 1 },
  { kind: 'expiry-domains', after: 'example.com' },
  { kind: 'expiry-look', subjects: [`certificate|${ARN}`], askedBy: 'order', attempt: 1 },
  { kind: 'expiry-elsewhere', arn: ARN, occasion: 'expired' },
  { kind: 'expiry-follow', tick: 0, dueAt: '2026-11-22T01:00:00.000Z' },
];

test.each(MESSAGES)('Given %j, when it is sent and read again, then it says what it said', (message) => {
  const body: unknown = JSON.parse(serializeExpiryMessage(message));
  expect(body).toEqual({ usher: 1, ...message });
  expect(readExpiryMessage(body)).toEqual(message);
});

test('Given what the schedule sends, when it is read, then a survey begins', () => {
  expect(readExpiryMessage(JSON.parse(SURVEY_MESSAGE))).toEqual({ kind: 'expiry-survey' });
});

test('Given 1,500 certificates to be carried on, when they are written down, then SQS takes the message', () => {
  const again = Array.from({ length: 1_500 }, () => ARN);
  const body = serializeExpiryMessage({ kind: 'expiry-certificates', isListed: true, again });
  // 256 KiB, the least that SQS has ever allowed a message.
  expect(Buffer.byteLength(body)).toBeLessThan(262_144);
});

test.each([
  { usher: 2, kind: 'expiry-survey' },
  { usher: 1, kind: 'expiry' },
  { usher: 1, kind: 'expiry-look', subjects: [] },
  { usher: 1, kind: 'expiry-look', subjects: [''] },
  { usher: 1, kind: 'expiry-follow', tick: -1, dueAt: '2026-11-22T01:00:00.000Z' },
  { usher: 1, kind: 'expiry-follow', tick: 0, dueAt: 'soon' },
  { usher: 1, kind: 'expiry-elsewhere', arn: ARN, occasion: 'else' },
  { usher: 1, kind: 'expiry-certificates', again: 'all' },
  'text',
  null,
])('Given %j, then it is malformed', (message) => {
  expect(() => readExpiryMessage(message)).toThrow(MalformedEventError);
});

test('whatever arrives is read or malformed, and nothing else', () => {
  fc.assert(
    fc.property(fc.anything(), (message) => {
      try {
        readExpiryMessage(message);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }),
  );
});
