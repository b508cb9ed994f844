import { ruleShape } from '../../domain/closing/classify.ts';
import type { ClosingWatch } from '../../domain/closing/watch.ts';
import type { Closings } from './closings-port.ts';
import {
  CLOSINGS_PARTITION,
  closingKey,
  closingLookKey,
  endedClosingKey,
  putBackKey,
  removedShapeKey,
  stoppedGroupKey,
  timeToLive,
} from './keys.ts';
import type { Item, ItemWrite, Table } from './table.ts';

/** So long an ended watch is known of: longer than an order is tried, and for whoever reads up on it. */
const ENDED_DAYS = 40;
const LOOK_DAYS = 40;

interface StoredWatch extends Item {
  /** In JSON: it is written whole, and its fields may be absent. */
  readonly watch: string;
}

interface RemovedShape extends Item {
  /** Of the rule that was removed; what came back has another. */
  readonly ruleId: string;
}

interface StoredLook extends Item {
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const watchIn = (item: Item): ClosingWatch => JSON.parse((item as StoredWatch).watch) as ClosingWatch;

const keeping = (watch: ClosingWatch): Item => ({ ...closingKey(watch.rule.ruleId), watch: JSON.stringify(watch) });

/** Only a watch that stands as it was read is written upon. */
const asRead = (item: Item) => ({
  expression: '#watch = :watch',
  names: { '#watch': 'watch' },
  values: { ':watch': (item as StoredWatch).watch },
});

/** Closings in the table. */
export const tableClosings = (table: Table): Closings => {
  const read = (ruleId: string) => table.get(closingKey(ruleId));

  /** Writes what `change` makes of a watch under way, again when somebody else wrote meanwhile. */
  const rewrite = async (
    ruleId: string,
    change: (
      watch: ClosingWatch,
    ) => { readonly watch: ClosingWatch; readonly besides: readonly ItemWrite[] } | undefined,
  ): Promise<ClosingWatch | undefined> => {
    for (;;) {
      const item = await read(ruleId);
      if (item === undefined) return undefined;
      const changed = change(watchIn(item));
      if (changed === undefined) return watchIn(item);
      const refused = await table.transact([
        { kind: 'put', item: keeping(changed.watch), condition: asRead(item) },
        ...changed.besides,
      ]);
      if (refused.length === 0) return changed.watch;
    }
  };

  return {
    async begin(watch) {
      const { rule } = watch;
      await table.transact([
        { kind: 'put', item: keeping(watch) },
        { kind: 'put', item: { ...removedShapeKey(ruleShape(rule)), ruleId: rule.ruleId } },
      ]);
    },
    async find(ruleId) {
      const underWay = await read(ruleId);
      if (underWay !== undefined) return { kind: 'under-way', watch: watchIn(underWay) };
      const ended = await table.get(endedClosingKey(ruleId));
      return ended === undefined ? undefined : { kind: 'ended', watch: watchIn(ended) };
    },
    async list() {
      return (await table.query(CLOSINGS_PARTITION, '')).map(watchIn);
    },
    async looked(ruleId, at) {
      await rewrite(ruleId, (watch) => ({ watch: { ...watch, lookedAt: at.toISOString() }, besides: [] }));
    },
    async decideToPutBack(watch, putBack, groups) {
      const decided = await rewrite(watch.rule.ruleId, (now) =>
        now.putBack === undefined
          ? {
              watch: { ...now, putBack },
              besides: [
                { kind: 'put', item: { ...putBackKey(ruleShape(watch.rule)), at: putBack.at } },
                ...groups.map(
                  (targetGroup): ItemWrite => ({
                    kind: 'put',
                    item: {
                      ...stoppedGroupKey(targetGroup.id),
                      since: Date.parse(putBack.at),
                      targetGroup: { id: targetGroup.id, name: targetGroup.name },
                      securityGroup: watch.securityGroup,
                    },
                  }),
                ),
              ],
            }
          : undefined,
      );
      return decided ?? watch;
    },
    async end(ruleId, at) {
      const item = await read(ruleId);
      if (item === undefined) return;
      await table.transact([
        {
          kind: 'put',
          item: {
            ...endedClosingKey(ruleId),
            watch: (item as StoredWatch).watch,
            ttl: timeToLive(at, ENDED_DAYS),
          },
        },
        { kind: 'delete', key: closingKey(ruleId) },
      ]);
    },
    async wasPutBack(shapes) {
      const keys = new Map(shapes.map((shape) => [putBackKey(shape).pk, shape]));
      const found = await table.getMany([...new Set(shapes)].map(putBackKey));
      return new Set(found.flatMap(({ pk }) => keys.get(pk) ?? []));
    },
    async cameBack(rules) {
      const byKey = new Map(rules.map((rule) => [removedShapeKey(ruleShape(rule)).pk, rule.ruleId]));
      const found = await table.getMany([...new Set(rules.map(ruleShape))].map(removedShapeKey));
      return new Set(
        found.flatMap((item) => {
          const ruleId = byKey.get(item.pk);
          return ruleId === undefined || ruleId === (item as RemovedShape).ruleId ? [] : [ruleId];
        }),
      );
    },
    async lastLook(groupId) {
      const found = (await table.get(closingLookKey(groupId))) as StoredLook | undefined;
      return found && { fingerprint: found.fingerprint, at: new Date(found.at) };
    },
    async noteLook(groupId, fingerprint, at) {
      await table.put({
        ...closingLookKey(groupId),
        fingerprint,
        at: at.getTime(),
        ttl: timeToLive(at, LOOK_DAYS),
      });
    },
  };
};
