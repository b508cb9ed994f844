import type { Change } from '../../domain/change.ts';
import type { EntryStatus } from '../../domain/ledger.ts';
import type { SweepState } from '../../domain/sweep/progress.ts';
import { NEVER_SWEPT } from '../../domain/sweep/progress.ts';
import type { SweepSlice } from '../../domain/sweep/slices.ts';
import { batchesOf } from '../batches.ts';
import type { Key } from './keys.ts';
import { entryKey, timeToLive } from './keys.ts';
import type { Sweeps } from './sweeps-port.ts';
import type { Item, Table } from './table.ts';
import { MAXIMUM_WRITES } from './table.ts';

/** A run is over within the hour. */
const SLICE_DAYS = 2;

const STATE: Key = { pk: 'sweep', sk: 'state' };

const sliceKey = (runId: string, number: number): Key => ({
  pk: `sweep-slices#${runId}`,
  sk: String(number).padStart(5, '0'),
});

interface StoredState extends Item {
  readonly version: number;
  /** In JSON: it is read and written whole, and its fields may be absent. */
  readonly state: string;
}

type StoredEntry = Item & { readonly change: Change; readonly status: EntryStatus };

/** Entry ids begin with their moment, so two hours' worth of them holds the last one. */
const hoursSince = (since: Date): readonly string[] => {
  const hour = (moment: number): string => new Date(moment).toISOString().slice(0, 13);
  return [...new Set([hour(since.getTime()), hour(since.getTime() + 3_600_000)])];
};

const isLiveRegistration = ({ change, status }: StoredEntry): boolean =>
  change.kind === 'register-target' && (status === 'applied' || status === 'intended');

/** Sweeps in the table. */
export const tableSweeps = (table: Table): Sweeps => ({
  async read() {
    const found = (await table.get(STATE)) as StoredState | undefined;
    return found === undefined
      ? { state: NEVER_SWEPT, version: 0 }
      : { state: JSON.parse(found.state) as SweepState, version: found.version };
  },
  async write(state, version) {
    const item = { ...STATE, version: version + 1, state: JSON.stringify(state) };
    const condition =
      version === 0
        ? { expression: 'attribute_not_exists(pk)' }
        : { expression: '#version = :version', names: { '#version': 'version' }, values: { ':version': version } };
    return (await table.transact([{ kind: 'put', item, condition }])).length === 0;
  },
  async storeSlices(runId, slices, now) {
    const items = slices.map((slice, number) => ({
      ...sliceKey(runId, number),
      slice,
      ttl: timeToLive(now, SLICE_DAYS),
    }));
    for (const batch of batchesOf(items, MAXIMUM_WRITES))
      await table.transact(batch.map((item) => ({ kind: 'put', item })));
  },
  async findSlice(runId, number) {
    const found = (await table.get(sliceKey(runId, number))) as (Item & { readonly slice: SweepSlice }) | undefined;
    return found?.slice;
  },
  async wasRegisteredSince(targetGroupArn, since) {
    for (const hour of hoursSince(since)) {
      const { pk } = entryKey(targetGroupArn, '');
      const entries = (await table.query(pk, hour)) as readonly StoredEntry[];
      if (entries.some((entry) => entry.sk >= since.toISOString() && isLiveRegistration(entry))) return true;
    }
    return false;
  },
});
