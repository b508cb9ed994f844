import { describe, expect, test } from '@jest/globals';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import type { QueuedMessage } from '../../functions/take-batch.ts';
import { comeAgain, failedAmong, takeInTurn, takeSideBySide } from '../../functions/take-batch.ts';

const records = (...bodies: readonly string[]): readonly QueuedMessage[] =>
  bodies.map((body, index) => ({ messageId: `m${index}`, body }));

/** A queue's function for numbers: text is malformed, and 13 always fails. */
const aFunction = ({ isDeadLetterQueueDown = false } = {}) => {
  const log: object[] = [];
  const dead: (readonly [string, string])[] = [];
  const steps: string[] = [];
  const ports = {
    log: (line: object) => void log.push(line),
    deadLetters: {
      send: async (body: string, reason: string) => {
        if (isDeadLetterQueueDown) throw new Error('no queue');
        dead.push([body, reason]);
      },
    },
  };
  const taking = {
    parse: (body: string): number => {
      const number = Number(body);
      if (Number.isNaN(number)) throw new MalformedEventError('event', 'expected a number', body);
      return number;
    },
    act: async (number: number, messageId: string) => {
      steps.push(`${messageId} begins`);
      await Promise.resolve();
      if (number === 13) throw new Error('unlucky');
      steps.push(`${messageId} ends`);
    },
  };
  return { log, dead, steps, ports, taking };
};

describe.each([
  ['side by side', takeSideBySide],
  ['one after the other', takeInTurn],
])('a batch taken %s', (_, take) => {
  test('Given a message that fails, then it comes again alone, and the log says why', async () => {
    const { log, ports, taking } = aFunction();
    expect(await take(ports, taking)({ Records: records('1', '13', '3') })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(log).toEqual([{ event: 'failed', messageId: 'm1', because: 'Error: unlucky' }]);
  });

  test('Given one that can’t be understood, then it is set aside with its reason, and nothing is done about it', async () => {
    const { log, dead, steps, ports, taking } = aFunction();
    expect(await take(ports, taking)({ Records: records('x', '2') })).toEqual({ batchItemFailures: [] });
    expect(dead).toEqual([['x', 'event: expected a number']]);
    expect(log).toEqual([{ event: 'malformed', messageId: 'm0', because: 'event: expected a number' }]);
    expect(steps).toEqual(['m1 begins', 'm1 ends']);
  });

  test('Given one that can’t even be set aside, then it comes again, and the others are done', async () => {
    const { steps, ports, taking } = aFunction({ isDeadLetterQueueDown: true });
    expect(await take(ports, taking)({ Records: records('x', '2') })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    expect(steps).toEqual(['m1 begins', 'm1 ends']);
  });
});

test('Given two messages, then in turn the first ends before the second begins, and side by side it doesn’t', async () => {
  const inTurn = aFunction();
  await takeInTurn(inTurn.ports, inTurn.taking)({ Records: records('1', '2') });
  expect(inTurn.steps).toEqual(['m0 begins', 'm0 ends', 'm1 begins', 'm1 ends']);
  const sideBySide = aFunction();
  await takeSideBySide(sideBySide.ports, sideBySide.taking)({ Records: records('1', '2') });
  expect(sideBySide.steps).toEqual(['m0 begins', 'm1 begins', 'm0 ends', 'm1 ends']);
});

test('Given messages acted on together, when that fails, then all of them come again, each with its line', async () => {
  const { log, ports } = aFunction();
  const act = async () => {
    throw new Error('unlucky');
  };
  expect(await failedAmong(ports, ['a', 'b'], act)).toEqual(['a', 'b']);
  expect(log).toMatchObject([{ messageId: 'a' }, { messageId: 'b' }]);
});

test('What stays in the queue is named to Lambda, nothing else', () => {
  expect(comeAgain(['a', 'b'])).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] });
  expect(comeAgain([])).toEqual({ batchItemFailures: [] });
});
