import { expect, test } from '@jest/globals';
import { serializeAlarmsDue } from '../../events/alarms-due.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseSweepQueueMessage } from '../../events/sweep-queue.ts';

const wanted = { orderId: 'order', targetGroups: [{ id: 'arn:web', name: 'web' }] };

test.each([{ kind: 'alarms-due' } as const, { kind: 'alarms-due', wanted } as const])(
  'Given a note to look after alarms, when it comes back from the sweep’s queue, then it is as it was (%j)',
  (note) => {
    expect(parseSweepQueueMessage(serializeAlarmsDue(note))).toEqual(note);
  },
);

test.each([
  { usher: 2, kind: 'alarms-due' },
  { usher: 1, kind: 'alarms-due', wanted: {} },
  { usher: 1, kind: 'alarms-due', wanted: { ...wanted, orderId: '' } },
  { usher: 1, kind: 'alarms-due', wanted: { ...wanted, targetGroups: [{ id: 'arn:web' }] } },
  { usher: 1, kind: 'alarms-due', wanted: { ...wanted, targetGroups: 'web' } },
])('Given %j, then it is refused', (note) => {
  expect(() => parseSweepQueueMessage(JSON.stringify(note))).toThrow(MalformedEventError);
});
