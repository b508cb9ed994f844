import { expect, test } from '@jest/globals';
import type { Ledger } from '../../../aws/state/port.ts';
import type { Sweeps } from '../../../aws/state/sweeps-port.ts';
import { cautionOf } from '../../../domain/sweep/caution.ts';
import { beginRun, NEVER_SWEPT } from '../../../domain/sweep/progress.ts';
import { anEntry } from './state-contract.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');

const begun = () =>
  beginRun(
    NEVER_SWEPT,
    {
      runId: 'run-1',
      grounds: { version: '1.0.0', policy: 'p' },
      accepts: undefined,
      askedBy: { userId: 'U012AB3CD' },
      isPaused: false,
      slices: 2,
    },
    NOON,
  );

/** What every keeper of sweeps does; fresh ones, over one ledger, for each test. */
export const sweepsContract = (make: () => Promise<{ readonly sweeps: Sweeps; readonly ledger: Ledger }>): void => {
  test('Given no sweep was ever made, then the first must be careful', async () => {
    const { sweeps } = await make();
    const { state } = await sweeps.read();
    expect(state).toEqual(NEVER_SWEPT);
    expect(cautionOf(state.record.accepted, { version: '1', policy: 'p' }, state.record.completedAt, NOON)).toBe(
      'Install',
    );
  });

  test('Given two who read the same state, when both write, then the first one stands', async () => {
    const { sweeps } = await make();
    const { version } = await sweeps.read();
    expect(await sweeps.write(begun(), version)).toBe(true);
    expect(await sweeps.write(NEVER_SWEPT, version)).toBe(false);
    const after = await sweeps.read();
    expect(after.state.run).toMatchObject({ runId: 'run-1', askedBy: { userId: 'U012AB3CD' }, slices: 2, next: 0 });
    expect(await sweeps.write(NEVER_SWEPT, after.version)).toBe(true);
    expect((await sweeps.read()).state.run).toBeUndefined();
  });

  test('Given more slices than fit into one transaction, when they are stored, then each is found by its run and number', async () => {
    const { sweeps } = await make();
    const slices = Array.from({ length: 120 }, (_, index) => ({
      targetGroupArns: [`arn-${index}`],
      instanceIds: [`i-${String(index).padStart(8, '0')}`],
    }));
    await sweeps.storeSlices('run-1', slices, NOON);
    expect(await sweeps.findSlice('run-1', 0)).toEqual(slices[0]);
    expect(await sweeps.findSlice('run-1', 119)).toEqual(slices[119]);
    expect(await sweeps.findSlice('run-1', 120)).toBeUndefined();
    expect(await sweeps.findSlice('run-2', 0)).toBeUndefined();
  });

  test('Given a registration in a group, then it counts from its moment on, while it stands or is under way, in that group only', async () => {
    const { sweeps, ledger } = await make();
    const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);
    const entry = anEntry(0);
    await ledger.intend([entry]);
    const { targetGroupArn } = entry;
    expect(await sweeps.wasRegisteredSince(targetGroupArn, at(-59))).toBe(true);
    await ledger.settle(entry, { status: 'applied' }, at(1));
    expect(await sweeps.wasRegisteredSince(targetGroupArn, at(-59))).toBe(true);
    expect(await sweeps.wasRegisteredSince(targetGroupArn, at(0))).toBe(true);
    expect(await sweeps.wasRegisteredSince(targetGroupArn, at(1))).toBe(false);
    expect(await sweeps.wasRegisteredSince(`${targetGroupArn}-other`, at(-59))).toBe(false);
  });

  test('Given registrations that came to nothing, then they don’t count', async () => {
    const { sweeps, ledger } = await make();
    for (const [number, settlement] of [
      { status: 'failed', code: 'InvalidTarget', message: '-' } as const,
      { status: 'abandoned' } as const,
    ].entries()) {
      const entry = anEntry(number);
      await ledger.intend([entry]);
      await ledger.settle(entry, settlement, NOON);
    }
    expect(await sweeps.wasRegisteredSince(anEntry(0).targetGroupArn, new Date(NOON.getTime() - 60_000))).toBe(false);
  });
};
