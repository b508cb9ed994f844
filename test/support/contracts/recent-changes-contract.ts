import { expect, test } from '@jest/globals';
import type { RecentChanges } from '../../../aws/state/recent-changes-port.ts';
import type { RecentChange, Touched } from '../../../domain/recent-change.ts';

const GROUP: Touched = { kind: 'security-group', id: 'sg-0a1b2c3d4e5f60718' };
const OTHER: Touched = { kind: 'security-group', id: 'sg-0fedcba9876543210' };
const LONG_AGO = new Date('2026-11-21T00:00:00.000Z');

const aChange = (changes: Partial<RecentChange> = {}): RecentChange => ({
  eventId: 'first',
  at: new Date('2026-11-22T03:01:07.000Z'),
  service: 'ec2',
  action: 'RevokeSecurityGroupIngress',
  by: { name: 'suzuki', roleName: 'operators', account: '123456789012', via: 'console' },
  touched: [GROUP, OTHER],
  ...changes,
});

const note = async (changes: RecentChanges, change: RecentChange): Promise<boolean> => {
  await changes.keep(change);
  return changes.finish(change);
};

/** What every keeper of changes does; a fresh one for each test. */
export const recentChangesContract = (make: () => Promise<RecentChanges>): void => {
  test('Given a change that touched two groups, when either is asked for, then it is there as it was noted', async () => {
    const changes = await make();
    expect(await note(changes, aChange())).toBe(true);
    expect(await changes.list(GROUP, LONG_AGO)).toStrictEqual([aChange()]);
    expect(await changes.list(OTHER, LONG_AGO)).toStrictEqual([aChange()]);
    expect(await changes.list({ kind: 'instance', id: GROUP.id }, LONG_AGO)).toEqual([]);
  });

  test('Given a change of which neither role nor means are known, when it is read, then it is what was noted', async () => {
    const changes = await make();
    const unknown = aChange({ by: { name: 'unknown', roleName: undefined, account: undefined, via: undefined } });
    await note(changes, unknown);
    expect(await changes.list(GROUP, LONG_AGO)).toStrictEqual([unknown]);
  });

  test('Given a change that is told twice, when it is noted again, then it is no news, and there once', async () => {
    const changes = await make();
    await changes.keep(aChange());
    expect(await changes.knows('first')).toBe(false);
    await note(changes, aChange());
    expect(await changes.knows('first')).toBe(true);
    expect(await note(changes, aChange())).toBe(false);
    expect(await changes.list(GROUP, LONG_AGO)).toHaveLength(1);
  });

  test('Given changes told out of order, when they are read, then the oldest comes first, and none from before is among them', async () => {
    const changes = await make();
    const at = (moment: string, eventId: string) => aChange({ eventId, at: new Date(moment) });
    await note(changes, at('2026-11-22T05:00:00.000Z', 'late'));
    await note(changes, at('2026-11-22T03:00:00.000Z', 'early'));
    await note(changes, at('2026-11-22T04:00:00.000Z', 'between'));
    const found = await changes.list(GROUP, new Date('2026-11-22T04:00:00.000Z'));
    expect(found.map(({ eventId }) => eventId)).toEqual(['between', 'late']);
  });

  test('Given a change that touched nothing we know, when it is noted, then it is known all the same', async () => {
    const changes = await make();
    expect(await note(changes, aChange({ touched: [] }))).toBe(true);
    expect(await note(changes, aChange({ touched: [] }))).toBe(false);
  });
};
