import { expect, test } from '@jest/globals';
import { parseExpiryEvent } from '../../../events/parse-expiry-event.ts';
import type { JsonObject } from '../samples.ts';
import { changed, refusalOf, sample } from '../samples.ts';

const REQUESTED = 'certificate-request/requested.json';

test('Given the record of a request, when it is read, then it names the certificate to be', () => {
  expect(parseExpiryEvent(sample(REQUESTED))).toStrictEqual({
    kind: 'certificate-requested',
    eventId: '3b1f8a52-6c0d-4f7e-9a35-1f2e3d4c5b6a',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2026-11-22T01:00:07Z'),
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b',
  });
});

test.each<readonly [string, JsonObject, string]>([
  ['was refused', { errorCode: 'LimitExceededException', responseElements: null }, 'CallFailed'],
  ['is another call', { eventName: 'DeleteCertificate' }, 'CallNotOurs'],
])('Given the record of a call that %s, when it is read, then it is ignored', (_, detail, reason) => {
  expect(parseExpiryEvent(changed(REQUESTED, {}, detail))).toMatchObject({ kind: 'ignored', reason });
});

test.each<readonly [string, JsonObject]>([
  ['no answer', { responseElements: null }],
  ['an answer of another form', { responseElements: ['x'] }],
  ['an ARN of something else', { responseElements: { certificateArn: 'arn:aws:s3:::bucket' } }],
])('Given a record with %s, when it is read, then the error names the field', (_, detail) => {
  expect(refusalOf(parseExpiryEvent, changed(REQUESTED, {}, detail)).path).toBe(
    'detail.responseElements.certificateArn',
  );
});
