import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, refusal, sample } from '../samples.ts';

test('Given the sample, when it is read, then it says which instance may go, and since when', () => {
  expect(parseEvent(sample('rebalance-recommendation/recommendation.json'))).toStrictEqual({
    kind: 'rebalance-recommendation',
    eventId: '12345678-1234-1234-1234-123456789012',
    account: '123456789012',
    region: 'us-east-2',
    at: new Date('2026-11-22T05:00:00Z'),
    instanceId: 'i-1234567890abcdef0',
  });
});

test('Given a recommendation that names two instances, when it is read, then it is malformed', () => {
  const contradicting = changed('rebalance-recommendation/recommendation.json', {}, { 'instance-id': 'i-87654321' });
  expect(refusal(contradicting).message).toBe(
    'detail.instance-id: the event names both i-87654321 and i-1234567890abcdef0',
  );
});
