import { expect, test } from '@jest/globals';
import { paced } from '../../aws/paced.ts';

/** A gate with a clock that moves only while it is paused. */
const aGate = (perSecond: number) => {
  const begun: number[] = [];
  let clock = 1_000;
  const waiting: { readonly until: number; readonly go: () => void }[] = [];
  const pace = paced(
    perSecond,
    () => clock,
    (milliseconds) => new Promise<void>((go) => waiting.push({ until: clock + milliseconds, go })),
  );
  return {
    begun,
    call: () => pace(async () => begun.push(clock - 1_000)),
    moveTo: async (moment: number) => {
      clock = 1_000 + moment;
      for (const { go } of waiting.filter(({ until }) => until <= clock)) go();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

test('Given many calls at once, when they pass the gate, then they begin evenly, at most so many a second', async () => {
  const gate = aGate(4);
  const calls = Array.from({ length: 6 }, () => gate.call());
  for (const moment of [0, 250, 500, 750, 1_000, 1_250]) await gate.moveTo(moment);
  await Promise.all(calls);
  expect(gate.begun).toEqual([0, 250, 500, 750, 1_000, 1_250]);
});

test('Given calls that come slowly, when they pass the gate, then none waits, and no rest is saved up for a burst', async () => {
  const gate = aGate(2);
  await gate.call();
  await gate.moveTo(10_000);
  const burst = [gate.call(), gate.call()];
  await gate.moveTo(10_500);
  await Promise.all(burst);
  expect(gate.begun).toEqual([0, 10_000, 10_500]);
});

test('Given a call that fails, when it passed the gate, then its error is the answer and the next may go', async () => {
  const pace = paced(1_000);
  await expect(pace(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(pace(async () => 'yes')).resolves.toBe('yes');
});
