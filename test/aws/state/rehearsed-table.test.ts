import { describe, expect, test } from '@jest/globals';
import { NO_TABLE, rehearsedTable } from '../../../aws/state/rehearsed-table.ts';
import type { Item } from '../../../aws/state/table.ts';

const stored: readonly Item[] = [
  { pk: 'ledger', sk: 'a', telling: 'open', ruleId: 'sgr-1' },
  { pk: 'ledger', sk: 'b', telling: 'open' },
  { pk: 'other', sk: 'a' },
];

/** A table that can only be read: whoever is given it has nothing to write with. It is as strict about keys as DynamoDB. */
const reader = {
  get: async ({ pk, sk, ...more }: { readonly pk: string; readonly sk: string }) => {
    expect(more).toEqual({});
    return stored.find((item) => item.pk === pk && item.sk === sk);
  },
  getMany: async (keys: readonly { readonly pk: string; readonly sk: string }[]) =>
    stored.filter((item) => keys.some(({ pk, sk }) => item.pk === pk && item.sk === sk)),
  query: async (pk: string, prefix: string) => stored.filter((item) => item.pk === pk && item.sk.startsWith(prefix)),
};

describe('The table of a rehearsal', () => {
  test('shows what is stored until something was written, and then that', async () => {
    const table = rehearsedTable(reader);
    expect(await table.get({ pk: 'ledger', sk: 'a' })).toEqual(stored[0]);
    await table.put({ pk: 'ledger', sk: 'a', telling: 'closed' });
    expect(await table.get({ pk: 'ledger', sk: 'a' })).toEqual({ pk: 'ledger', sk: 'a', telling: 'closed' });
    expect(await reader.get({ pk: 'ledger', sk: 'a' })).toEqual(stored[0]);
  });

  test('keeps what an update leaves as it is, and takes away what is deleted', async () => {
    const table = rehearsedTable(reader);
    const set = { expression: 'SET #t = :t', names: { '#t': 'telling' }, values: { ':t': 'closed' } };
    const refused = await table.transact([
      { kind: 'update', key: { pk: 'ledger', sk: 'a' }, set, condition: { expression: 'attribute_exists(pk)' } },
      { kind: 'delete', key: { pk: 'ledger', sk: 'b' } },
      { kind: 'put', item: { pk: 'ledger', sk: 'aa' } },
    ]);
    expect(refused).toEqual([]);
    expect(await table.query('ledger', '')).toEqual([
      { pk: 'ledger', sk: 'a', telling: 'closed', ruleId: 'sgr-1' },
      { pk: 'ledger', sk: 'aa' },
    ]);
    expect(
      await table.getMany([
        { pk: 'ledger', sk: 'b' },
        { pk: 'other', sk: 'a' },
      ]),
    ).toEqual([stored[2]]);
  });

  test('Given what is to be new is there already, then nothing of the transaction is done; somebody’s lease stands in nobody’s way', async () => {
    const table = rehearsedTable(reader);
    const condition = { expression: 'attribute_not_exists(pk)' };
    const writes = [
      { kind: 'put', item: { pk: 'new', sk: 'a', since: 1 }, condition },
      { kind: 'put', item: { pk: 'ledger', sk: 'a' }, condition },
    ] as const;
    expect(await table.transact(writes)).toEqual([1]);
    expect(await table.get({ pk: 'new', sk: 'a' })).toBeUndefined();
    const owners = { expression: 'attribute_not_exists(pk) OR #owner = :owner', names: { '#owner': 'owner' } };
    expect(await table.transact([{ kind: 'put', item: { pk: 'other', sk: 'a' }, condition: owners }])).toEqual([]);
  });

  test('Given no table at all, then it is empty, and takes writes like any other', async () => {
    const table = rehearsedTable(NO_TABLE);
    expect(await table.query('ledger', '')).toEqual([]);
    await table.put({ pk: 'ledger', sk: 'a' });
    expect(await table.getMany([{ pk: 'ledger', sk: 'a' }])).toEqual([{ pk: 'ledger', sk: 'a' }]);
  });
});
