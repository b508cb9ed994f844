import { expect, test } from '@jest/globals';
import middy from '@middy/core';
import { logOutcome, noteOutcome } from '../../../aws/lambda/log-outcome.ts';

const harness = (work: (event: unknown, context: object) => Promise<unknown>) => {
  const lines: string[] = [];
  let time = 0;
  const clock = () => {
    time += 40;
    return time;
  };
  const handler = middy()
    .use(logOutcome({ print: (line) => lines.push(line), clock }))
    .handler(work);
  const invoke = (event: unknown) =>
    handler(event, { awsRequestId: 'request-1', functionName: 'usher-prod-post-to-slack' } as Parameters<
      typeof handler
    >[1]);
  return { invoke, logged: () => lines.map((line): unknown => JSON.parse(line)) };
};

test('Given a story that ends well, then one line has its outcome, its time, its counts and what the story noted', async () => {
  const { invoke, logged } = harness(async (_, context) => {
    noteOutcome(context, { posted: 2 });
    noteOutcome(context, { skipped: 1 });
    return { batchItemFailures: [{ itemIdentifier: 'a' }] };
  });
  expect(await invoke({ Records: [1, 2, 3] })).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
  const line = {
    level: 'info',
    function: 'usher-prod-post-to-slack',
    requestId: 'request-1',
    outcome: 'done',
    durationMilliseconds: 40,
    records: 3,
    batchItemFailures: 1,
    posted: 2,
    skipped: 1,
  };
  expect(logged()).toEqual([{ ...line, coldStart: true }]);
  await invoke({ Records: [1, 2, 3] });
  expect(logged()).toEqual([
    { ...line, coldStart: true },
    { ...line, coldStart: false },
  ]);
});

test('Given an error, then it is logged without the webhook in it, and leaves the handler so that Lambda retries', async () => {
  const { invoke, logged } = harness(async () => {
    throw new TypeError('Failed to parse URL from https://hooks.slack.com/services/T0/B0/SECRET now');
  });
  await expect(invoke({})).rejects.toThrow(TypeError);
  expect(logged()).toEqual([
    expect.objectContaining({
      level: 'error',
      outcome: 'failed',
      error: { name: 'TypeError', message: 'Failed to parse URL from https://hooks.slack.com/services/… now' },
    }),
  ]);
});
