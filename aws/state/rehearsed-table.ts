import type { Key } from './keys.ts';
import type { Condition, Item, ItemWrite, Table } from './table.ts';

/** What a rehearsal reads of the table; it has nothing else in hand. */
export type TableReader = Pick<Table, 'get' | 'getMany' | 'query'>;

/** A table that nobody has made yet. */
export const NO_TABLE: TableReader = {
  get: async () => undefined,
  getMany: async () => [],
  query: async () => [],
};

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

const isItem = (item: Item | undefined): item is Item => item !== undefined;

/** Assignments of a `SET`; removals and sums stand in no write that is rehearsed. */
const assignments = ({ expression, names = {}, values = {} }: Condition): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...expression.matchAll(/(#\w+) = (:\w+)/g)].map(([, name = '', value = '']) => [
      names[name] ?? name,
      values[value],
    ]),
  );

/** The key alone: DynamoDB refuses to look for anything more. */
const keyOf = (write: ItemWrite): Key => {
  const { pk, sk } = write.kind === 'put' ? write.item : write.key;
  return { pk, sk };
};

const isNew = ({ condition }: ItemWrite): boolean => condition?.expression === 'attribute_not_exists(pk)';

/**
 * The table as it would be after the writes of one rehearsal, which stay in memory: it is given no way to write. What
 * is to be new has to be; every other condition holds, for nobody else is in a rehearsal: somebody's lease keeps nobody from
 * planning.
 */
export const rehearsedTable = (table: TableReader): Table => {
  const written = new Map<string, Item | undefined>();
  const seen = (item: Item | undefined, key: Key): Item | undefined =>
    written.has(nameOf(key)) ? written.get(nameOf(key)) : item;
  const get: Table['get'] = async (key) => (written.has(nameOf(key)) ? written.get(nameOf(key)) : table.get(key));
  return {
    get,
    async getMany(keys) {
      const found = new Map((await table.getMany(keys)).map((item) => [nameOf(item), item]));
      const distinct = new Map(keys.map((key) => [nameOf(key), key]));
      return [...distinct.values()].map((key) => seen(found.get(nameOf(key)), key)).filter(isItem);
    },
    async query(pk, sortKeyPrefix) {
      const stored = (await table.query(pk, sortKeyPrefix)).filter((item) => !written.has(nameOf(item)));
      const own = [...written.values()].filter(isItem);
      return [...stored, ...own.filter((item) => item.pk === pk && item.sk.startsWith(sortKeyPrefix))].sort((a, b) =>
        a.sk < b.sk ? -1 : 1,
      );
    },
    async put(item) {
      written.set(nameOf(item), item);
    },
    async transact(writes) {
      const isRefused = await Promise.all(
        writes.map(async (write) => isNew(write) && (await get(keyOf(write))) !== undefined),
      );
      if (isRefused.includes(true)) return isRefused.flatMap((refused, place) => (refused ? [place] : []));
      for (const write of writes) {
        if (write.kind === 'put') written.set(nameOf(write.item), write.item);
        if (write.kind === 'delete') written.set(nameOf(write.key), undefined);
        if (write.kind === 'update')
          written.set(nameOf(write.key), { ...(await get(write.key)), ...assignments(write.set), ...write.key });
      }
      return [];
    },
  };
};
