import { expect, test } from '@jest/globals';
import type { Holds } from '../../../aws/state/holds-port.ts';

const THING = { key: 'target|web|i-1:80', since: '2026-11-22T01:00:00.000Z' };
const OTHER = { key: 'rule|sg-web|ingress|tcp|80|sg-alb', since: '2026-11-22T01:00:01.000Z' };
const FIRST = new Date('2026-11-22T03:00:00.000Z');
const LATER = new Date('2026-11-22T03:15:00.000Z');

/** What every keeper of holds does; a fresh one for each test. */
export const holdsContract = (make: () => Promise<Holds>): void => {
  test('Given a thing that is gone, when it is noticed again, then it was noticed when it first was', async () => {
    const holds = await make();
    expect(await holds.notice([], FIRST)).toEqual([]);
    const first = { ...THING, noticedAt: FIRST, said: undefined };
    expect(await holds.notice([THING], FIRST)).toStrictEqual([first]);
    expect(await holds.notice([THING], LATER)).toStrictEqual([first]);
  });

  test('Given two that notice at once, then both hear the same', async () => {
    const holds = await make();
    const [one, two] = await Promise.all([holds.notice([THING], FIRST), holds.notice([THING], LATER)]);
    expect(one).toStrictEqual(two);
  });

  test('Given one that was told of, when they are noticed, then that one says so, and the other does not', async () => {
    const holds = await make();
    const [hold] = await holds.notice([THING], FIRST);
    if (hold === undefined) throw new Error('nothing was noticed');
    await holds.said([hold], { at: LATER, withDoer: false });
    const both = await holds.notice([THING, OTHER], LATER);
    expect(new Map(both.map((each) => [each.key, each]))).toStrictEqual(
      new Map([
        [THING.key, { ...THING, noticedAt: FIRST, said: { at: LATER, withDoer: false } }],
        [OTHER.key, { ...OTHER, noticedAt: LATER, said: undefined }],
      ]),
    );
  });

  test('Given one that we put back and that is gone again, when it is noticed, then it is another hold', async () => {
    const holds = await make();
    const [hold] = await holds.notice([THING], FIRST);
    if (hold === undefined) throw new Error('nothing was noticed');
    await holds.said([hold], { at: FIRST, withDoer: true });
    const again = { ...THING, since: '2026-11-22T03:10:00.000Z' };
    expect(await holds.notice([again], LATER)).toStrictEqual([{ ...again, noticedAt: LATER, said: undefined }]);
  });

  test('Given one that is there again, when it is ended and gone once more, then it is noticed anew', async () => {
    const holds = await make();
    await holds.notice([THING], FIRST);
    await holds.end([THING.key, 'target|web|i-2:80']);
    expect(await holds.notice([THING], LATER)).toStrictEqual([{ ...THING, noticedAt: LATER, said: undefined }]);
  });

  test('Given one that was noticed, when it is asked what is held, then that, until it is ended', async () => {
    const holds = await make();
    await holds.notice([THING], FIRST);
    expect(await holds.held([THING.key, OTHER.key])).toEqual(new Set([THING.key]));
    expect(await holds.held([])).toEqual(new Set());
    await holds.end([THING.key]);
    expect(await holds.held([THING.key])).toEqual(new Set());
  });
};
