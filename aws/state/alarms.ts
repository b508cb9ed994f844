import type { AlarmRecord } from '../../domain/alarms/record.ts';
import type { AlarmLedger } from './alarms-port.ts';
import { ALARMS_PARTITION, alarmKey } from './keys.ts';
import type { Item, Table } from './table.ts';

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
  async keep(record) {
    await table.put({ ...alarmKey(record.targetGroup.id), ...record });
  },
  async forget(targetGroupArn) {
    await table.transact([{ kind: 'delete', key: alarmKey(targetGroupArn) }]);
  },
});
