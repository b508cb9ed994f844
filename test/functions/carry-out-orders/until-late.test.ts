import { expect, test } from '@jest/globals';
import { untilLate } from '../../../functions/carry-out-orders/until-late.ts';

const never = (): Promise<never> => new Promise(() => undefined);

test('Given a look that ends, then its value is told, and its failure is thrown', async () => {
  const inTime = untilLate(60_000);
  expect(await inTime(async () => 1)).toEqual({ kind: 'in-time', value: 1 });
  await expect(inTime(() => Promise.reject(new Error('denied')))).rejects.toThrow('denied');
});

test('Given looks that never end, then the first is late when time is up, and those after it are not even begun', async () => {
  const inTime = untilLate(20);
  expect(await inTime(never)).toEqual({ kind: 'late' });
  let begun = 0;
  const look = async () => {
    begun += 1;
  };
  expect(await inTime(look)).toEqual({ kind: 'late' });
  expect(begun).toBe(0);
});

test('Given a look that fails once it is late, then nobody hears of it', async () => {
  let fail: (error: Error) => void = () => undefined;
  const looked = new Promise<never>((_, reject) => {
    fail = reject;
  });
  expect(await untilLate(10)(() => looked)).toEqual({ kind: 'late' });
  fail(new Error('too late'));
  await expect(looked).rejects.toThrow('too late');
});
