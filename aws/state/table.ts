import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { AwsCall, AwsErrorMeaning } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { batchesOf } from '../batches.ts';
import { callAws } from '../call-aws.ts';
import { readPages } from '../pages.ts';
import type { Key } from './keys.ts';

/** An item with its key; its other attributes are what the adapter that wrote it put there. */
export interface Item extends Key {
  readonly [attribute: string]: unknown;
}

/** A condition on the item as it stands, in DynamoDB's words; `names` and `values` stand for what they name. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** One write of a transaction. */
export type ItemWrite =
  | { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition }
  | { readonly kind: 'delete'; readonly key: Key; readonly condition?: Condition }
  | { readonly kind: 'update'; readonly key: Key; readonly set: Condition; readonly condition: Condition };

/** Most writes of one transaction. @see DynamoDB API reference, `TransactWriteItems` */
export const MAXIMUM_WRITES = 100;
/** Most keys of one batch. @see DynamoDB API reference, `BatchGetItem` */
const MAXIMUM_KEYS = 100;
const MAXIMUM_ATTEMPTS = 8;
const FIRST_PAUSE_MILLISECONDS = 25;
const LONGEST_PAUSE_MILLISECONDS = 800;

/** The one table (design section 6): consistent reads, and writes that all happen or none. */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** Those of the items that exist, in no order. */
  getMany(keys: readonly Key[]): Promise<readonly Item[]>;
  /** All items of a partition whose sort key begins so, in its order. */
  query(pk: string, sortKeyPrefix: string): Promise<readonly Item[]>;
  put(item: Item): Promise<void>;
  /**
   * Does all the writes, or none when a condition does not hold: then the places of the writes that were refused, else none.
   * A conflict with another transaction is tried again, with growing random pauses.
   * @throws {AwsCallError} for any other failure, and when the conflict does not end
   */
  transact(writes: readonly ItemWrite[]): Promise<readonly number[]>;
}

/** How long to wait before another attempt; full jitter, so that two that met do not meet again. */
const pauseMilliseconds = (attempt: number, random: () => number): number =>
  random() * Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** attempt);

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const conditionOf = (condition: Condition | undefined) =>
  condition === undefined
    ? {}
    : {
        ConditionExpression: condition.expression,
        ...(condition.names === undefined ? {} : { ExpressionAttributeNames: { ...condition.names } }),
        ...(condition.values === undefined ? {} : { ExpressionAttributeValues: { ...condition.values } }),
      };

const toTransactItem = (TableName: string, write: ItemWrite): TransactItem => {
  switch (write.kind) {
    case 'put':
      return { Put: { TableName, Item: { ...write.item }, ...conditionOf(write.condition) } };
    case 'delete':
      return { Delete: { TableName, Key: { ...write.key }, ...conditionOf(write.condition) } };
    case 'update':
      return {
        Update: {
          TableName,
          Key: { ...write.key },
          UpdateExpression: write.set.expression,
          ConditionExpression: write.condition.expression,
          ExpressionAttributeNames: { ...write.set.names, ...write.condition.names },
          ExpressionAttributeValues: { ...write.set.values, ...write.condition.values },
        },
      };
  }
};

/** Reasons for which another attempt may go through. */
const PASSING_REASONS: Readonly<Record<string, AwsErrorMeaning>> = {
  TransactionConflict: 'transient',
  ThrottlingError: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
};

/** Why DynamoDB cancelled a transaction: conditions that failed, something that passes, or neither of the two. */
const cancellationOf = (
  call: AwsCall,
  error: unknown,
): { readonly refused: readonly number[]; readonly passing: AwsCallError | undefined } => {
  const cause = error instanceof AwsCallError ? error.cause : error;
  if (!(cause instanceof TransactionCanceledException)) return { refused: [], passing: undefined };
  const reasons = cause.CancellationReasons ?? [];
  const refused = reasons.flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [index] : []));
  const passing = reasons.find(({ Code }) => Code !== undefined && Code in PASSING_REASONS);
  const meaning = PASSING_REASONS[passing?.Code ?? ''];
  return {
    refused,
    passing:
      passing?.Code === undefined || meaning === undefined
        ? undefined
        : new AwsCallError(
            { ...call, code: passing.Code, meaning, awsMessage: passing.Message ?? cause.message },
            { cause },
          ),
  };
};

const unprocessed = (call: AwsCall, count: number): AwsCallError =>
  new AwsCallError({
    ...call,
    code: 'UnprocessedKeys',
    meaning: 'throttled',
    awsMessage: `${count} keys were left unprocessed after ${MAXIMUM_ATTEMPTS} attempts`,
  });

/** What the SDK read as an item of ours: the table has no other writer, and no item without its key. */
const asItem = ({ pk, sk, ...attributes }: Readonly<Record<string, unknown>>): Item => ({
  ...attributes,
  pk: String(pk),
  sk: String(sk),
});

const call = (action: string): AwsCall => ({ service: 'DynamoDB', action });

/**
 * The table over DynamoDB.
 * @param pause waits that many milliseconds; tests give one that does not
 */
export const stateTable = (
  documents: DynamoDBDocumentClient,
  TableName: string,
  pause: (milliseconds: number) => Promise<unknown> = (milliseconds) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => number = Math.random,
): Table => {
  const again = (attempt: number) => pause(pauseMilliseconds(attempt, random));

  const getBatch = async (keys: readonly Key[]): Promise<readonly Item[]> => {
    const get = call('BatchGetItem');
    const items: Item[] = [];
    let wanted: readonly Record<string, unknown>[] = keys.map((key) => ({ ...key }));
    for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt += 1) {
      const RequestItems = { [TableName]: { Keys: [...wanted], ConsistentRead: true } };
      const answer = await callAws(get, () => documents.send(new BatchGetCommand({ RequestItems })));
      items.push(...(answer.Responses?.[TableName] ?? []).map(asItem));
      wanted = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
      if (wanted.length === 0) return items;
      await again(attempt);
    }
    throw unprocessed(get, wanted.length);
  };

  return {
    async get(key) {
      const answer = await callAws(call('GetItem'), () =>
        documents.send(new GetCommand({ TableName, Key: { ...key }, ConsistentRead: true })),
      );
      return answer.Item && asItem(answer.Item);
    },
    async getMany(keys) {
      const distinct = new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values();
      const batches: Item[] = [];
      for (const batch of batchesOf(distinct, MAXIMUM_KEYS)) batches.push(...(await getBatch(batch)));
      return batches;
    },
    async query(pk, sortKeyPrefix) {
      const KeyConditionExpression = sortKeyPrefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)';
      const ExpressionAttributeValues = { ':pk': pk, ...(sortKeyPrefix === '' ? {} : { ':prefix': sortKeyPrefix }) };
      const query = { TableName, ConsistentRead: true, KeyConditionExpression, ExpressionAttributeValues };
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      const pages = await readPages(
        call('Query'),
        () => documents.send(new QueryCommand({ ...query, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) })),
        ({ LastEvaluatedKey }) => {
          ExclusiveStartKey = LastEvaluatedKey;
          return LastEvaluatedKey === undefined ? undefined : JSON.stringify(LastEvaluatedKey);
        },
      );
      return pages.flatMap(({ Items }) => (Items ?? []).map(asItem));
    },
    async put(item) {
      await callAws(call('PutItem'), () => documents.send(new PutCommand({ TableName, Item: { ...item } })));
    },
    async transact(writes) {
      const transact = call('TransactWriteItems');
      const TransactItems = writes.map((write) => toTransactItem(TableName, write));
      for (let attempt = 1; ; attempt += 1) {
        try {
          await callAws(transact, () => documents.send(new TransactWriteCommand({ TransactItems })));
          return [];
        } catch (error) {
          const { refused, passing } = cancellationOf(transact, error);
          if (refused.length > 0) return refused;
          if (passing === undefined) throw error;
          if (attempt === MAXIMUM_ATTEMPTS) throw passing;
          await again(attempt);
        }
      }
    },
  };
};

/**
 * Does those of the writes whose conditions hold, a group at a time and each group whole. A group that is refused is left
 * out; the others are done all the same.
 */
export const transactWhereAllowed = async (table: Table, groups: readonly (readonly ItemWrite[])[]): Promise<void> => {
  const size = Math.max(1, ...groups.map((group) => group.length));
  for (const batch of batchesOf(groups, Math.floor(MAXIMUM_WRITES / size))) {
    let left = batch;
    while (left.length > 0) {
      const owners = left.flatMap((group) => group.map(() => group));
      const refused = new Set((await table.transact(left.flat())).map((place) => owners[place]));
      if (refused.size === 0) break;
      left = left.filter((group) => !refused.has(group));
    }
  }
};

const MAXIMUM_RETRIES_OF_A_CHANGE = 6;

/**
 * Reads, decides and writes what was decided, on condition that nothing changed in between; decides afresh when it did.
 * @throws {AwsCallError} `transient` when others keep coming first
 */
export const decideAndWrite = async <Result>(
  table: Table,
  decide: () => Promise<{ readonly writes: readonly ItemWrite[]; readonly result: Result }>,
): Promise<Result> => {
  for (let attempt = 1; attempt <= MAXIMUM_RETRIES_OF_A_CHANGE; attempt += 1) {
    const { writes, result } = await decide();
    if (writes.length === 0 || (await table.transact(writes)).length === 0) return result;
  }
  throw new AwsCallError({
    ...call('TransactWriteItems'),
    code: 'ChangedMeanwhile',
    meaning: 'transient',
    awsMessage: `others changed the item ${MAXIMUM_RETRIES_OF_A_CHANGE} times while it was being changed`,
  });
};

/** A versioned item: each write raises the version, so that a write can be bound to what was read. */
export interface Versioned extends Item {
  readonly version: number;
}

/** The condition that an item is still the one that was read. */
export const unchangedSince = (item: Versioned | undefined): Condition =>
  item === undefined
    ? { expression: 'attribute_not_exists(pk)' }
    : { expression: '#version = :version', names: { '#version': 'version' }, values: { ':version': item.version } };

/** The version to write after the one that was read. */
export const nextVersion = (item: Versioned | undefined): number => (item?.version ?? 0) + 1;
