import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, refusal, sample } from '../samples.ts';

test('Given the sample, whose ARN names a zone and no account, when it is read, then the instance is that of its detail', () => {
  expect(parseEvent(sample('spot-interruption/warning.json'))).toStrictEqual({
    kind: 'spot-interruption',
    eventId: '12345678-1234-1234-1234-123456789012',
    account: '123456789012',
    region: 'us-east-2',
    at: new Date('2026-11-22T05:00:00Z'),
    instanceId: 'i-1234567890abcdef0',
  });
});

test('Given a warning without an instance id, or about something else, when it is read, then it is malformed', () => {
  const of = (id: string | undefined) => changed('spot-interruption/warning.json', {}, { 'instance-id': id });
  const expected = 'detail.instance-id: expected an instance id (i- and 8 or 17 hexadecimal digits)';
  expect(refusal(of(undefined)).message).toBe(expected);
  expect(refusal(of('sir-1234567890abcdef')).message).toBe(expected);
});
