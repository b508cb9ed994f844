import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RequestHeaders, SignatureClaim } from '../../../slack/requests/signature.ts';
import { claimedSignature, isSignedWith } from '../../../slack/requests/signature.ts';
import { bytes, PUBLISHED, signedHeaders } from './slack-requests.ts';

const headers = {
  'X-Slack-Request-Timestamp': PUBLISHED.timestamp,
  'X-Slack-Signature': PUBLISHED.signature,
};

const after = (seconds: number): Date => new Date(PUBLISHED.signedAt.getTime() + seconds * 1_000);

const claimed = (given: RequestHeaders, now: Date = PUBLISHED.signedAt): SignatureClaim => {
  const claim = claimedSignature(given, now);
  if (claim.kind !== 'claimed') throw new Error(`refused: ${claim.reason}`);
  return claim;
};

test('Given the request that Slack publishes, when it is verified with its secret, then it is signed, at its time', () => {
  const claim = claimed(headers);
  expect(claim.signedAt).toEqual(new Date('2018-07-12T18:36:58.000Z'));
  expect(isSignedWith(PUBLISHED.secret, claim, bytes(PUBLISHED.body))).toBe(true);
});

test.each([
  ['one letter of the body', PUBLISHED.secret, PUBLISHED.body.replace('roadrunner', 'roadrunneR')],
  ['a byte more', PUBLISHED.secret, `${PUBLISHED.body}&`],
  ['an empty body', PUBLISHED.secret, ''],
  ['another secret', '8f742231b10e8888abcd99yyyzzz85a6', PUBLISHED.body],
])('Given the published signature over %s, then it is not signed', (_, secret, body) => {
  expect(isSignedWith(secret, claimed(headers), bytes(body))).toBe(false);
});

test('Given the published signature at a time one second later, then it is not signed', () => {
  const claim = claimed({ ...headers, 'X-Slack-Request-Timestamp': '1531420619' });
  expect(isSignedWith(PUBLISHED.secret, claim, bytes(PUBLISHED.body))).toBe(false);
});

test('Given an empty secret that somebody guessed, then what it signs is not what the real one signs', () => {
  const claim = claimed(signedHeaders('', PUBLISHED.body, PUBLISHED.signedAt));
  expect(isSignedWith(PUBLISHED.secret, claim, bytes(PUBLISHED.body))).toBe(false);
});

test.each(['X-SLACK-', 'x-slack-', 'X-Slack-'])('Given headers that begin with %s, then they are found', (prefix) => {
  const given = {
    [`${prefix}request-timestamp`]: PUBLISHED.timestamp,
    [`${prefix}SIGNATURE`]: PUBLISHED.signature,
  };
  expect(isSignedWith(PUBLISHED.secret, claimed(given), bytes(PUBLISHED.body))).toBe(true);
});

test.each([
  [0, 'claimed'],
  [300, 'claimed'],
  [-300, 'claimed'],
  [301, 'Stale'],
  [-301, 'Future'],
  [86_400, 'Stale'],
])('Given a request signed %d s ago, then it is %s', (seconds, outcome) => {
  const claim = claimedSignature(headers, after(seconds));
  expect(claim.kind === 'refused' ? claim.reason : claim.kind).toBe(outcome);
});

describe('Headers that are not as Slack sends them are refused, each with its reason', () => {
  test.each<readonly [string, RequestHeaders, string]>([
    ['none', {}, 'HeaderMissing'],
    ['no signature', { ...headers, 'X-Slack-Signature': undefined }, 'HeaderMissing'],
    ['no time', { ...headers, 'X-Slack-Request-Timestamp': undefined }, 'HeaderMissing'],
    ['an empty list', { ...headers, 'X-Slack-Signature': [] }, 'HeaderMissing'],
    ['two spellings of one', { ...headers, 'x-slack-signature': PUBLISHED.signature }, 'HeaderRepeated'],
    ['two values', { ...headers, 'X-Slack-Request-Timestamp': [PUBLISHED.timestamp, '1'] }, 'HeaderRepeated'],
    [
      'two values joined',
      { ...headers, 'X-Slack-Signature': `${PUBLISHED.signature},${PUBLISHED.signature}` },
      'HeaderMalformed',
    ],
    [
      'another version',
      { ...headers, 'X-Slack-Signature': PUBLISHED.signature.replace('v0', 'v1') },
      'HeaderMalformed',
    ],
    ['no version', { ...headers, 'X-Slack-Signature': PUBLISHED.signature.slice(3) }, 'HeaderMalformed'],
    ['half a digest', { ...headers, 'X-Slack-Signature': PUBLISHED.signature.slice(0, 35) }, 'HeaderMalformed'],
    ['a digest too long', { ...headers, 'X-Slack-Signature': `${PUBLISHED.signature}00` }, 'HeaderMalformed'],
    ['capital digits', { ...headers, 'X-Slack-Signature': PUBLISHED.signature.toUpperCase() }, 'HeaderMalformed'],
    ['a space', { ...headers, 'X-Slack-Signature': ` ${PUBLISHED.signature}` }, 'HeaderMalformed'],
    ['a line more', { ...headers, 'X-Slack-Signature': `${PUBLISHED.signature}\n` }, 'HeaderMalformed'],
    ['a time in words', { ...headers, 'X-Slack-Request-Timestamp': 'now' }, 'HeaderMalformed'],
    ['a time with a fraction', { ...headers, 'X-Slack-Request-Timestamp': '1531420618.5' }, 'HeaderMalformed'],
    ['a time in powers', { ...headers, 'X-Slack-Request-Timestamp': '15e8' }, 'HeaderMalformed'],
    ['a negative time', { ...headers, 'X-Slack-Request-Timestamp': '-1531420618' }, 'HeaderMalformed'],
    ['a zero in front', { ...headers, 'X-Slack-Request-Timestamp': '01531420618' }, 'HeaderMalformed'],
    ['no digit', { ...headers, 'X-Slack-Request-Timestamp': '' }, 'HeaderMalformed'],
  ])('%s', (_, given, reason) => {
    expect(claimedSignature(given, PUBLISHED.signedAt)).toEqual({ kind: 'refused', reason });
  });
});

test('A body of any bytes is signed by its own secret, and by no other and for no other body', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (body, secret, other) => {
      const claim = claimed(signedHeaders(secret, body, PUBLISHED.signedAt));
      expect(isSignedWith(secret, claim, bytes(body))).toBe(true);
      expect(isSignedWith(other, claim, bytes(body))).toBe(other === secret);
      expect(isSignedWith(secret, claim, bytes(`${body}${other}`))).toBe(false);
    }),
  );
});
