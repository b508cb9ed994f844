import type { Hold } from '../../domain/holding.ts';
import { batchesOf } from '../batches.ts';
import type { Holds } from './holds-port.ts';
import { holdKey, timeToLive } from './keys.ts';
import type { Item, ItemWrite, Table } from './table.ts';
import { MAXIMUM_WRITES, transactWhereAllowed } from './table.ts';

/** As long as the ledger keeps its entries. */
const KEPT_DAYS = 400;

interface StoredHold extends Item {
  readonly key: string;
  readonly since: string;
  /** Milliseconds since 1970. */
  readonly noticedAt: number;
  readonly saidAt?: number;
  readonly withDoer?: boolean;
}

const toHold = (item: Item): Hold => {
  const { key, since, noticedAt, saidAt, withDoer } = item as StoredHold;
  return {
    key,
    since,
    noticedAt: new Date(noticedAt),
    said: saidAt === undefined ? undefined : { at: new Date(saidAt), withDoer: withDoer === true },
  };
};

const toItem = ({ key, since, noticedAt, said }: Hold): Item => ({
  ...holdKey(key),
  key,
  since,
  noticedAt: noticedAt.getTime(),
  ...(said === undefined ? {} : { saidAt: said.at.getTime(), withDoer: said.withDoer }),
  ttl: timeToLive(said?.at ?? noticedAt, KEPT_DAYS),
});

/** Holds in the table, each under the key of what is held. */
export const tableHolds = (table: Table): Holds => {
  const find = async (keys: readonly string[]): Promise<ReadonlyMap<string, Hold>> =>
    new Map((await table.getMany(keys.map(holdKey))).map(toHold).map((hold) => [hold.key, hold]));
  return {
    async notice(things, now) {
      if (things.length === 0) return [];
      const known = await find(things.map(({ key }) => key));
      const news = things.filter(({ key, since }) => known.get(key)?.since !== since);
      if (news.length === 0) return [...known.values()];
      await transactWhereAllowed(
        table,
        news.map(({ key, since }): readonly ItemWrite[] => [
          {
            kind: 'put',
            item: toItem({ key, since, noticedAt: now, said: undefined }),
            condition: {
              expression: 'attribute_not_exists(pk) OR #since <> :since',
              names: { '#since': 'since' },
              values: { ':since': since },
            },
          },
        ]),
      );
      return [...(await find(things.map(({ key }) => key))).values()];
    },
    held: async (keys) => (keys.length === 0 ? new Set() : new Set((await find(keys)).keys())),
    async said(holds, said) {
      for (const batch of batchesOf(holds, MAXIMUM_WRITES))
        await table.transact(batch.map((hold): ItemWrite => ({ kind: 'put', item: toItem({ ...hold, said }) })));
    },
    async end(keys) {
      const known = [...(await find(keys)).keys()];
      for (const batch of batchesOf(known, MAXIMUM_WRITES))
        await table.transact(batch.map((key): ItemWrite => ({ kind: 'delete', key: holdKey(key) })));
    },
  };
};
