import { expect, test } from '@jest/globals';
import { serializeAlarmsDue } from '../../../events/alarms-due.ts';
import { serializeSweepMessage } from '../../../events/sweep-message.ts';
import { takeMessages } from '../../../functions/sweep/take-messages.ts';
import { eventOf, failure } from '../../stories/journey.ts';
import { aSweptWorld } from '../../stories/sweep/sweeping.ts';

const taking = () => {
  const swept = aSweptWorld();
  const deadLetters: { readonly body: string; readonly reason: string }[] = [];
  const alarmsFor: (string | undefined)[] = [];
  const take = (...bodies: readonly string[]) =>
    takeMessages({
      ...swept.ports(),
      lookAfterAlarms: async ({ wanted }) => {
        alarmsFor.push(wanted?.orderId);
        return 'looked';
      },
      deadLetters: {
        send: async (body, reason) => {
          deadLetters.push({ body, reason });
        },
      },
    })(eventOf(bodies));
  return { swept, deadLetters, alarmsFor, take };
};

const DUE = serializeSweepMessage({ kind: 'sweep-due', attempt: 0 });

test('Given the word of the schedule, when it is taken, then a sweep begins', async () => {
  const { swept, take } = taking();
  expect(await take(DUE)).toEqual({ batchItemFailures: [] });
  expect(swept.sweeps.state().run).toMatchObject({ next: 0, mode: 'look' });
});

test('Given a message that can’t be understood, then it is set aside alone, with its reason', async () => {
  const { swept, deadLetters, take } = taking();
  expect(await take('{"usher":1}', DUE)).toEqual({ batchItemFailures: [] });
  expect(deadLetters).toEqual([{ body: '{"usher":1}', reason: expect.stringContaining('kind') }]);
  expect(swept.sweeps.state().run).toBeDefined();
});

test('Given notes to look after alarms, then that is done and no sweep begins', async () => {
  const { swept, alarmsFor, take } = taking();
  const wanted = { orderId: 'order', targetGroups: [{ id: 'arn:web', name: 'web' }] };
  const notes = [serializeAlarmsDue({ kind: 'alarms-due' }), serializeAlarmsDue({ kind: 'alarms-due', wanted })];
  expect(await take(...notes)).toEqual({ batchItemFailures: [] });
  expect(alarmsFor).toEqual([undefined, 'order']);
  expect(swept.sweeps.state().run).toBeUndefined();
});

test('Given a table that does not answer, then the message comes back', async () => {
  const { swept, take } = taking();
  swept.world.onCall((_, name) => (name === 'sweeps.read' ? failure('transient') : 'proceed'));
  expect(await take(DUE)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
});
