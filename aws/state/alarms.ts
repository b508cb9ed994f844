import type { AlarmRecord } from '../../domain/alarms/record.ts';
import { batchesOf } from '../batches.ts';
import type { AlarmLedger } from './alarms-port.ts';
import { ALARMS_PARTITION, alarmKey } from './keys.ts';
import type { Item, ItemWrite, Table } from './table.ts';
import { MAXIMUM_WRITES } from './table.ts';

type StoredAlarm = Item & AlarmRecord;

/** The table keeps no `undefined`, and what it read has the key beside it. */
const toRecord = (item: Item): AlarmRecord => {
  const { pk, sk, ...record } = item as StoredAlarm;
  return record;
};

/** The ledger of alarms in the table: all in one partition, for it is read as a whole. */
export const tableAlarms = (table: Table): AlarmLedger => ({
  async list() {
    return (await table.query(ALARMS_PARTITION, '')).map(toRecord);
  },
  async write(keep, forget = []) {
    const writes: readonly ItemWrite[] = [
      ...keep.map((record) => ({ kind: 'put', item: { ...alarmKey(record.targetGroup.id), ...record } }) as const),
      ...forget.map((arn) => ({ kind: 'delete', key: alarmKey(arn) }) as const),
    ];
    for (const batch of batchesOf(writes, MAXIMUM_WRITES)) await table.transact(batch);
  },
});
