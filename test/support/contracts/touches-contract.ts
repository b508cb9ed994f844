import { expect, test } from '@jest/globals';
import type { Touches } from '../../../aws/state/touches-port.ts';
import type { Touched } from '../../../domain/recent-change.ts';

const GROUP: Touched = { kind: 'security-group', id: 'sg-0a1b2c3d4e5f60718' };
const OTHER: Touched = { kind: 'target-group', id: 'arn:aws:elasticloadbalancing:x:1:targetgroup/web/1' };
const FIRST = new Date('2026-11-22T03:01:07.000Z');
const LATER = new Date('2026-11-22T03:01:09.250Z');

/** What every list of things to be looked at does; a fresh one for each test. */
export const touchesContract = (make: () => Promise<Touches>): void => {
  test('Given things that were changed, when one is changed again, then each is there once, from its last change on', async () => {
    const touches = await make();
    await touches.add([GROUP, OTHER], FIRST);
    await touches.add([GROUP], LATER);
    expect(await touches.list()).toStrictEqual([
      { touched: GROUP, at: LATER },
      { touched: OTHER, at: FIRST },
    ]);
  });

  test('Given things that were looked at, when one was changed since it was listed, then that one stays', async () => {
    const touches = await make();
    await touches.add([GROUP, OTHER], FIRST);
    const listed = await touches.list();
    await touches.add([GROUP], LATER);
    await touches.done(listed);
    await touches.done(listed);
    expect(await touches.list()).toStrictEqual([{ touched: GROUP, at: LATER }]);
  });

  test('Given more things than one transaction takes, when they are looked at, then none is left', async () => {
    const touches = await make();
    const many = Array.from({ length: 130 }, (_, index): Touched => ({ kind: 'instance', id: `i-${index}` }));
    await touches.add(many, FIRST);
    const listed = await touches.list();
    expect(listed).toHaveLength(130);
    await touches.done(listed);
    expect(await touches.list()).toEqual([]);
  });

  test('Given nothing, then no look is due; once one is set it is, until it is forgotten', async () => {
    const touches = await make();
    expect(await touches.findNextLook()).toBeUndefined();
    await touches.setNextLook(LATER);
    expect(await touches.findNextLook()).toStrictEqual(LATER);
    await touches.setNextLook(undefined);
    await touches.setNextLook(undefined);
    expect(await touches.findNextLook()).toBeUndefined();
  });
};
