import { compareText } from '../../domain/difference.ts';
import type { LedgerEntry, Ownership, Telling } from '../../domain/ledger.ts';
import { tellingsBefore, tellTargets } from '../../domain/telling.ts';
import { batchesOf } from '../batches.ts';
import { boundedEntry, entryBytes } from './bounded-entry.ts';
import type { Key } from './keys.ts';
import {
  entryKey,
  OPEN_PARTITION,
  openKey,
  openPrefix,
  ownershipKey,
  seatPointerKey,
  seatsOf,
  timeToLive,
} from './keys.ts';
import type { Ledger } from './port.ts';
import { EntryExistsError, EntryUnknownError } from './port.ts';
import { isOpen, ownershipEffect, settleEntry } from './settling.ts';
import type { Condition, Item, ItemWrite, Table } from './table.ts';
import { decideAndWrite, MAXIMUM_WRITES, transactWhereAllowed } from './table.ts';

/** How long a closed entry is kept for reading up on what happened: a year and a month. */
const CLOSED_ENTRY_DAYS = 400;
/** A transaction takes 4 MB in all. @see DynamoDB API reference, `TransactWriteItems` */
const MAXIMUM_BYTES_AT_ONCE = 3_000_000;
/** Queries at a time: there may be hundreds of groups. */
const GROUPS_AT_ONCE = 10;
const DAY_MILLISECONDS = 86_400_000;

/** The days, in UTC, that a span touches: entry ids begin with their moment. */
const daysBetween = (since: Date, now: Date): readonly string[] => {
  const day = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
  const count = Math.ceil((now.getTime() - since.getTime()) / DAY_MILLISECONDS) + 1;
  const days = Array.from({ length: count }, (_, index) => day(since.getTime() + index * DAY_MILLISECONDS));
  return [...new Set(days)].filter((each) => each <= day(now.getTime()));
};

/** An entry and its pointer. */
const WRITES_PER_ENTRY = 2;

const ttlOf = (entry: Pick<LedgerEntry, 'intendedAt'>): number =>
  timeToLive(new Date(entry.intendedAt), CLOSED_ENTRY_DAYS);

const toItem = (entry: LedgerEntry): Item => ({
  ...entryKey(entry.targetGroupArn, entry.entryId),
  ...entry,
  ...(isOpen(entry) ? {} : { ttl: ttlOf(entry) }),
});

/** What is `undefined` is not in the item, so it is put back. */
const toEntry = (item: Item): LedgerEntry => {
  const { entryId, targetGroupArn, change, status, telling, told, intendedAt, settledAt, ruleId, failure, matter } =
    item as Item & LedgerEntry;
  return {
    entryId,
    targetGroupArn,
    change,
    status,
    telling,
    ...(told === undefined ? {} : { told }),
    intendedAt,
    settledAt,
    ruleId,
    failure,
    matter,
  };
};

const toOwnership = (item: Item): Ownership => {
  const { key, entryId, ruleId, since, undoneBy, leaving, seat } = item as Item & Ownership;
  return {
    key,
    entryId,
    ruleId,
    since,
    ...(undoneBy === undefined ? {} : { undoneBy }),
    ...(leaving === undefined ? {} : { leaving }),
    ...(seat === undefined ? {} : { seat }),
  };
};

/** The pointer by which the instance of what we registered leads to it. */
const pointersTo = ({ key, seat }: Ownership): readonly Key[] =>
  seat === undefined ? [] : [seatPointerKey(seat.instanceId, key)];

const deletionOf = (key: Key): ItemWrite => ({ kind: 'delete', key });

/** Entries that fit into one transaction together, in order. */
const chunksThatFit = (entries: readonly LedgerEntry[]): readonly (readonly LedgerEntry[])[] => {
  const chunks: LedgerEntry[][] = [];
  let room = { entries: 0, bytes: 0 };
  for (const entry of entries) {
    const bytes = entryBytes(entry);
    if (room.entries < 1 || room.bytes < bytes) {
      chunks.push([]);
      room = { entries: MAXIMUM_WRITES / WRITES_PER_ENTRY, bytes: MAXIMUM_BYTES_AT_ONCE };
    }
    chunks.at(-1)?.push(entry);
    room = { entries: room.entries - 1, bytes: room.bytes - bytes };
  }
  return chunks;
};

const IS_NEW: Condition = { expression: 'attribute_not_exists(pk)' };
const IS_INTENDED: Condition = {
  expression: '#status = :intended',
  names: { '#status': 'status' },
  values: { ':intended': 'intended' },
};

const isOfEntry = (entryId: string): Condition => ({
  expression: 'attribute_not_exists(pk) OR #entryId = :entryId',
  names: { '#entryId': 'entryId' },
  values: { ':entryId': entryId },
});

const intention = (entry: LedgerEntry): readonly ItemWrite[] => [
  { kind: 'put', item: toItem(entry), condition: IS_NEW },
  { kind: 'put', item: { ...openKey(entry.targetGroupArn, entry.entryId), entryId: entry.entryId } },
];

/** What one telling writes: how far it has come, and at its end the pointer away. */
const tellingWrites = (entry: LedgerEntry, telling: LedgerEntry['telling']): readonly ItemWrite[] => {
  const before = tellingsBefore(telling).map((value, index) => [`:before${index}`, value] as const);
  const isLast = telling === 'closed';
  return [
    {
      kind: 'update',
      key: entryKey(entry.targetGroupArn, entry.entryId),
      set: {
        expression: `SET #telling = :telling${isLast ? ', #ttl = :ttl' : ''}`,
        names: { '#telling': 'telling', ...(isLast ? { '#ttl': 'ttl' } : {}) },
        values: { ':telling': telling, ...(isLast ? { ':ttl': ttlOf(entry) } : {}) },
      },
      condition: {
        expression: `attribute_exists(pk) AND #status <> :intended AND #telling IN (${before.map(([name]) => name).join(', ')})`,
        names: { '#status': 'status' },
        values: { ':intended': 'intended', ...Object.fromEntries(before) },
      },
    },
    ...(isLast ? [{ kind: 'delete', key: openKey(entry.targetGroupArn, entry.entryId) } as const] : []),
  ];
};

/** What telling of some of an entry's targets writes, bound to what was read. */
const partialTellingWrites = (before: LedgerEntry, after: LedgerEntry): readonly ItemWrite[] => {
  if (after === before) return [];
  const isLast = after.telling === 'closed';
  const names = { '#telling': 'telling', '#told': 'told' };
  return [
    {
      kind: 'update',
      key: entryKey(after.targetGroupArn, after.entryId),
      set: {
        expression: `SET #telling = :telling, #told = :told${isLast ? ', #ttl = :ttl' : ''}`,
        names: { ...names, ...(isLast ? { '#ttl': 'ttl' } : {}) },
        values: { ':telling': after.telling, ':told': after.told, ...(isLast ? { ':ttl': ttlOf(after) } : {}) },
      },
      condition: {
        expression: `#telling = :before AND ${before.told === undefined ? 'attribute_not_exists(#told)' : '#told = :toldBefore'}`,
        values: { ':before': before.telling, ...(before.told === undefined ? {} : { ':toldBefore': before.told }) },
      },
    },
    ...(isLast ? [{ kind: 'delete', key: openKey(after.targetGroupArn, after.entryId) } as const] : []),
  ];
};

/** Whether a telling of these targets is one of the whole entry. */
const isOfAll = ({ matter }: LedgerEntry, targetKeys: ReadonlySet<string> | undefined): boolean =>
  targetKeys === undefined || matter.targets.every(({ key }) => targetKeys.has(key));

/**
 * The ledger in the table. An open entry has a pointer in one partition, written and deleted in the transaction that opens
 * and closes it: finding what is owed is one Query, and an entry stands only once, so that no copy can disagree with it.
 */
export const tableLedger = (table: Table): Ledger => {
  /** Ownership that ends: the one found by the key, and by its other key too unless a later change owns that by now. */
  const forget = async (key: string): Promise<readonly ItemWrite[]> => {
    const found = await table.get(ownershipKey(key));
    if (found === undefined) return [];
    const { key: firstKey, entryId } = toOwnership(found);
    const first = firstKey === key ? undefined : await table.get(ownershipKey(firstKey));
    const isSame = first !== undefined && toOwnership(first).entryId === entryId;
    return [...[key, ...(isSame ? [firstKey] : [])].map(ownershipKey), ...pointersTo(toOwnership(found))].map(
      deletionOf,
    );
  };

  /** An address that was registered for another instance before is found by the new one only. */
  const gain = async (ownership: Ownership): Promise<readonly ItemWrite[]> => {
    const before = ownership.seat === undefined ? undefined : await table.get(ownershipKey(ownership.key));
    const pointers = pointersTo(ownership);
    const stale = before === undefined ? [] : pointersTo(toOwnership(before));
    return [
      ...pointers.map((pointer) => ({ kind: 'put', item: { ...pointer } }) as const),
      ...stale.filter(({ pk }) => !pointers.some((pointer) => pointer.pk === pk)).map(deletionOf),
    ];
  };

  const ownershipWrites = async (settled: LedgerEntry): Promise<readonly ItemWrite[]> => {
    const effect = ownershipEffect(settled);
    switch (effect.kind) {
      case 'gained':
        return [
          ...[effect.ownership.key, ...effect.aliases].map(
            (key) => ({ kind: 'put', item: { ...ownershipKey(key), ...effect.ownership } }) as const,
          ),
          ...(await gain(effect.ownership)),
        ];
      case 'lost':
        return forget(effect.key);
      case 'none':
        return [];
    }
  };

  const stored = async ({ targetGroupArn, entryId }: LedgerEntry): Promise<LedgerEntry> => {
    const item = await table.get(entryKey(targetGroupArn, entryId));
    if (item === undefined) throw new EntryUnknownError(`no entry ${entryId} for ${targetGroupArn} in the ledger`);
    return toEntry(item);
  };

  const tellSome = (entry: LedgerEntry, telling: Telling, targetKeys: ReadonlySet<string>): Promise<void> =>
    decideAndWrite(table, async () => {
      const item = await table.get(entryKey(entry.targetGroupArn, entry.entryId));
      const before = item && toEntry(item);
      return {
        writes:
          before === undefined || before.status === 'intended'
            ? []
            : partialTellingWrites(before, tellTargets(before, telling, targetKeys)),
        result: undefined,
      };
    });

  return {
    async intend(entries) {
      const fresh = entries.map((entry) => ({ ...boundedEntry(entry), status: 'intended', telling: 'open' }) as const);
      for (const chunk of chunksThatFit(fresh)) {
        const [place] = await table.transact(chunk.flatMap(intention));
        if (place === undefined) continue;
        const taken = chunk[Math.floor(place / WRITES_PER_ENTRY)];
        throw new EntryExistsError(`entry ${taken?.entryId} is in the ledger already`);
      }
    },

    async settle(entry, settlement, at) {
      const before = await stored(entry);
      if (before.status !== 'intended') return before;
      const settled = settleEntry(before, settlement, at);
      const refused = await table.transact([
        { kind: 'put', item: toItem(settled), condition: IS_INTENDED },
        ...(isOpen(settled)
          ? []
          : [{ kind: 'delete', key: openKey(settled.targetGroupArn, settled.entryId) } as const]),
        ...(await ownershipWrites(settled)),
      ]);
      return refused.length === 0 ? settled : stored(entry);
    },

    async listOpen(targetGroupArn) {
      const pointers = await table.query(
        OPEN_PARTITION,
        targetGroupArn === undefined ? '' : openPrefix(targetGroupArn),
      );
      const keys = pointers.map(({ sk }) => {
        const end = sk.lastIndexOf('|');
        return entryKey(sk.slice(0, end), sk.slice(end + 1));
      });
      const entries = (await table.getMany(keys)).map(toEntry);
      return entries.filter(isOpen).sort((a, b) => compareText(a.entryId, b.entryId));
    },

    async listRecent(targetGroupArns, since, now) {
      const days = daysBetween(since, now);
      const found: LedgerEntry[] = [];
      for (const some of batchesOf(targetGroupArns, GROUPS_AT_ONCE)) {
        const queries = some.flatMap((arn) => days.map((day) => table.query(entryKey(arn, '').pk, day)));
        for (const items of await Promise.all(queries)) found.push(...items.map(toEntry));
      }
      return found
        .filter(({ intendedAt }) => Date.parse(intendedAt) >= since.getTime())
        .sort((a, b) => compareText(a.entryId, b.entryId));
    },

    async tell(entries, telling, targetKeys) {
      if (tellingsBefore(telling).length === 0) return;
      const distinct = [...new Map(entries.map((entry) => [entry.entryId, entry])).values()];
      const whole = distinct.filter((entry) => isOfAll(entry, targetKeys));
      await transactWhereAllowed(
        table,
        whole.map((entry) => tellingWrites(entry, telling)),
      );
      if (targetKeys === undefined) return;
      for (const entry of distinct) if (!whole.includes(entry)) await tellSome(entry, telling, targetKeys);
    },

    async readOwnership(changeKeys) {
      const items = await table.getMany(changeKeys.map(ownershipKey));
      return new Map(items.map((item) => [item.pk.slice('own#'.length), toOwnership(item)]));
    },

    async readSeats(instanceIds) {
      const wanted = new Set(instanceIds);
      const pointers = await Promise.all([...wanted].map((instanceId) => table.query(seatsOf(instanceId), '')));
      const items = await table.getMany(pointers.flat().map(({ sk }) => ownershipKey(sk)));
      return items
        .map(toOwnership)
        .filter(({ seat }) => seat !== undefined && wanted.has(seat.instanceId))
        .sort((a, b) => compareText(a.key, b.key));
    },

    async forget(ownerships) {
      await transactWhereAllowed(
        table,
        ownerships.map((ownership) => [
          { kind: 'delete', key: ownershipKey(ownership.key), condition: isOfEntry(ownership.entryId) },
          ...pointersTo(ownership).map(deletionOf),
        ]),
      );
    },

    async saw(ownerships, at) {
      await transactWhereAllowed(
        table,
        ownerships.map(({ key, entryId }) => [
          {
            kind: 'update',
            key: ownershipKey(key),
            set: {
              expression: 'SET #since = :since',
              names: { '#since': 'since' },
              values: { ':since': at.toISOString() },
            },
            condition: {
              expression: '#entryId = :entryId',
              names: { '#entryId': 'entryId' },
              values: { ':entryId': entryId },
            },
          },
        ]),
      );
    },
  };
};
