import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { tableBudgets } from '../../../aws/state/budgets.ts';
import { documentsOver } from '../../../aws/state/client.ts';
import { tableDeliveredReports } from '../../../aws/state/delivered-reports.ts';
import { tableLeases } from '../../../aws/state/leases.ts';
import { tableLedger } from '../../../aws/state/ledger.ts';
import { stateTable } from '../../../aws/state/table.ts';
import { tableThreads } from '../../../aws/state/threads.ts';
import { tableWatches } from '../../../aws/state/watches.ts';
import { anEntry } from '../../support/contracts/state-contract.ts';
import { targetGroupArn } from '../../support/world/builders.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const WEB = targetGroupArn('web');

const documents = documentsOver(
  new DynamoDBClient({ region: 'ap-northeast-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
);
const dynamo = mockClient(documents);
let pauses: number[] = [];

/** A table that pauses for nobody, and whose jitter is the longest. */
const table = stateTable(
  documents,
  'usher-state',
  async (milliseconds) => {
    pauses.push(milliseconds);
  },
  () => 1,
);

const cancelled = (...codes: readonly string[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code): CancellationReason => ({ Code, Message: Code })),
  });

const throttled = Object.assign(new Error('Rate exceeded'), {
  name: 'ThrottlingException',
  $metadata: { attempts: 3 },
});

const write = { kind: 'put', item: { pk: 'a', sk: 'a' } } as const;

beforeEach(() => {
  dynamo.reset();
  pauses = [];
});

describe('transactions', () => {
  test('Given a conflict, when it passes, then the writes are done, after ever longer pauses', async () => {
    const conflict = cancelled('None', 'TransactionConflict');
    dynamo.on(TransactWriteCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    await expect(table.transact([write])).resolves.toEqual([]);
    expect(pauses).toEqual([50, 100]);
  });

  test('Given a conflict that does not end, when the attempts are used up, then it is a transient error', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('TransactionConflict'));
    await expect(table.transact([write])).rejects.toMatchObject({
      name: 'AwsCallError',
      code: 'TransactionConflict',
      meaning: 'transient',
      action: 'TransactWriteItems',
    });
    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(8);
    expect(pauses).toEqual([50, 100, 200, 400, 800, 800, 800]);
  });

  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'Given %s as the reason, when it does not pass, then the error says throttled',
    async (reason) => {
      dynamo.on(TransactWriteCommand).rejects(cancelled(reason));
      await expect(table.transact([write])).rejects.toMatchObject({ meaning: 'throttled', code: reason });
    },
  );

  test('Given a condition that failed beside a conflict, when the transaction is cancelled, then the refusal is the answer', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed'));
    await expect(table.transact([write, write, write])).resolves.toEqual([2]);
    expect(pauses).toEqual([]);
  });

  test('Given a reason that is our own mistake, when the transaction is cancelled, then it is not tried again', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('ValidationError'));
    await expect(table.transact([write])).rejects.toMatchObject({ code: 'TransactionCanceledException' });
    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });

  test('Given a throttled call, when the client has given up, then the error says throttled and keeps its cause', async () => {
    dynamo.on(TransactWriteCommand).rejects(throttled);
    await expect(table.transact([write])).rejects.toMatchObject({
      service: 'DynamoDB',
      meaning: 'throttled',
      attempts: 3,
      cause: throttled,
    });
  });
});

describe('reads', () => {
  test('Given keys left unprocessed, when the batch is read, then they are asked for again', async () => {
    const key = { pk: 'b', sk: 'b' };
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { 'usher-state': [{ pk: 'a', sk: 'a' }] },
        UnprocessedKeys: { 'usher-state': { Keys: [key] } },
      })
      .resolves({ Responses: { 'usher-state': [key] } });
    await expect(table.getMany([{ pk: 'a', sk: 'a' }, key])).resolves.toEqual([{ pk: 'a', sk: 'a' }, key]);
    expect(dynamo.commandCalls(BatchGetCommand)[1]?.args[0].input).toEqual({
      RequestItems: { 'usher-state': { Keys: [key], ConsistentRead: true } },
    });
  });

  test('Given keys that stay unprocessed, when the attempts are used up, then it is an error, never a shorter list', async () => {
    dynamo.on(BatchGetCommand).resolves({
      Responses: { 'usher-state': [] },
      UnprocessedKeys: { 'usher-state': { Keys: [{ pk: 'a', sk: 'a' }] } },
    });
    await expect(table.getMany([{ pk: 'a', sk: 'a' }])).rejects.toMatchObject({
      code: 'UnprocessedKeys',
      meaning: 'throttled',
    });
  });

  test('Given more keys than one batch takes, and one of them twice, when they are read, then in batches, each key once', async () => {
    dynamo.on(BatchGetCommand).resolves({ Responses: { 'usher-state': [] } });
    const keys = Array.from({ length: 150 }, (_, index) => ({ pk: `k${index}`, sk: 'k' }));
    await table.getMany([...keys, { pk: 'k0', sk: 'k' }]);
    const sizes = dynamo
      .commandCalls(BatchGetCommand)
      .map(({ args: [{ input }] }) => input.RequestItems?.['usher-state']?.Keys?.length);
    expect(sizes).toEqual([100, 50]);
  });

  test('Given no keys, when they are read, then nobody is asked', async () => {
    await expect(table.getMany([])).resolves.toEqual([]);
    expect(dynamo.calls()).toHaveLength(0);
  });

  test('Given pages, when a partition is read, then all of them are, consistently', async () => {
    const last = { pk: 'open', sk: '1' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [last], LastEvaluatedKey: last })
      .resolves({ Items: [{ pk: 'open', sk: '2' }] });
    await expect(table.query('open', 'x')).resolves.toEqual([last, { pk: 'open', sk: '2' }]);
    const [first, second] = dynamo.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(first).toMatchObject({ ConsistentRead: true, ExpressionAttributeValues: { ':pk': 'open', ':prefix': 'x' } });
    expect(second?.ExclusiveStartKey).toEqual(last);
  });

  test('Given a table that does not answer, when anything is read, then it is an error of ours with AWS’s code', async () => {
    dynamo.onAnyCommand().rejects(throttled);
    const reads = [
      table.get({ pk: 'a', sk: 'a' }),
      table.getMany([{ pk: 'a', sk: 'a' }]),
      table.query('a', ''),
      table.put({ pk: 'a', sk: 'a' }),
    ];
    for (const outcome of await Promise.allSettled(reads))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'AwsCallError', meaning: 'throttled' } });
  });

  test('Given any single item, when it is read, then consistently', async () => {
    dynamo.on(GetCommand).resolves({});
    await expect(tableDeliveredReports(table).has('ops', 'key')).resolves.toBe(false);
    expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input).toEqual({
      TableName: 'usher-state',
      Key: { pk: 'delivered#ops', sk: 'key' },
      ConsistentRead: true,
    });
  });
});

describe('the adapters', () => {
  test('Given a later chunk that fails, when many entries are intended, then the error is thrown and the earlier chunk was written', async () => {
    dynamo.on(TransactWriteCommand).resolvesOnce({}).rejects(throttled);
    const many = Array.from({ length: 60 }, (_, index) => anEntry(index));
    await expect(tableLedger(table).intend(many)).rejects.toMatchObject({ meaning: 'throttled' });
    const sizes = dynamo.commandCalls(TransactWriteCommand).map(({ args: [{ input }] }) => input.TransactItems?.length);
    expect(sizes).toEqual([100, 20]);
  });

  test('Given entries too large to go together, when they are intended, then no transaction exceeds what DynamoDB takes', async () => {
    dynamo.on(TransactWriteCommand).resolves({});
    const targets = Array.from({ length: 1000 }, (_, index) => ({
      key: `i-${index}:80`,
      name: 'n'.repeat(150),
      instanceId: `i-${index}`,
      port: 80,
      availabilityZone: 'ap-northeast-1a',
    }));
    const large = Array.from({ length: 20 }, (_, index) => {
      const entry = anEntry(index);
      return { ...entry, matter: { ...entry.matter, targets } };
    });
    await tableLedger(table).intend(large);
    const calls = dynamo.commandCalls(TransactWriteCommand).map(({ args: [{ input }] }) => input.TransactItems ?? []);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.flat()).toHaveLength(40);
    for (const items of calls) expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThan(4_000_000);
  });

  test('Given an entry that another run settles in between, when it is settled, then the other’s word stands', async () => {
    const entry = anEntry(1);
    dynamo
      .on(GetCommand)
      .resolvesOnce({ Item: { pk: 'x', sk: 'x', ...entry } })
      .resolves({ Item: { pk: 'x', sk: 'x', ...entry, status: 'abandoned', telling: 'closed' } });
    dynamo.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed', 'None', 'None'));
    await expect(tableLedger(table).settle(entry, { status: 'applied' }, NOON)).resolves.toMatchObject({
      status: 'abandoned',
    });
    const [put] = dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems ?? [];
    expect(put?.Put?.ConditionExpression).toBe('#status = :intended');
    expect(put?.Put?.ExpressionAttributeValues).toEqual({ ':intended': 'intended' });
  });

  test('Given an account that others keep changing, when a budget is taken, then it is read afresh each time, and at last an error, not a refusal', async () => {
    dynamo.on(GetCommand).resolves({ Item: { pk: 'budget#web', sk: 'budget', removals: [], version: 7 } });
    dynamo.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed'));
    const take = tableBudgets(table).take([{ scope: 'web', limit: 1 }], 1, NOON);
    await expect(take).rejects.toMatchObject({ code: 'ChangedMeanwhile', meaning: 'transient' });
    expect(dynamo.commandCalls(GetCommand)).toHaveLength(6);
  });

  test('Given an account that changed once in between, when a budget is taken, then what is left by then decides', async () => {
    dynamo
      .on(GetCommand)
      .resolvesOnce({})
      .resolves({ Item: { pk: 'budget#web', sk: 'budget', removals: [NOON.getTime()], version: 1 } });
    dynamo.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed'));
    await expect(tableBudgets(table).take([{ scope: 'web', limit: 1 }], 1, NOON)).resolves.toBe(false);
  });

  test('Given a watch, when it is written, then on condition that it is the version that was read', async () => {
    dynamo.on(GetCommand).resolves({});
    dynamo.on(TransactWriteCommand).resolves({});
    await tableWatches(table).start(WEB, NOON, 10);
    const [item] = dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems ?? [];
    expect(item?.Put).toMatchObject({
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: { pk: `watch#${WEB}`, sk: 'watch', tick: 0, starts: 1, version: 1 },
    });
  });

  test('Given leases in two chunks, when the second fails otherwise, then the first is given up and that failure is thrown', async () => {
    dynamo.on(TransactWriteCommand).resolvesOnce({}).rejectsOnce(throttled).rejects(new Error('and then the network'));
    const many = Array.from({ length: 101 }, (_, index) => `sg-${index}`);
    await expect(tableLeases(table).acquire(many, 'a', NOON, 60)).rejects.toMatchObject({ meaning: 'throttled' });
    const last = dynamo.commandCalls(TransactWriteCommand).at(-1)?.args[0].input.TransactItems ?? [];
    expect(last).toHaveLength(100);
    expect(last.every((item) => item.Delete?.ConditionExpression === '#owner = :owner')).toBe(true);
  });

  test('Given a delivered report, when it is written, then with the moment and a time to live of 40 days', async () => {
    dynamo.on(PutCommand).resolves({});
    await tableDeliveredReports(table).add('ops', 'key', NOON);
    expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input.Item).toEqual({
      pk: 'delivered#ops',
      sk: 'key',
      deliveredAt: '2026-11-22T12:00:00.000Z',
      ttl: NOON.getTime() / 1000 + 40 * 86_400,
    });
  });

  test('Given a thread, when it is written, then it is read as it was, and kept for three days', async () => {
    const thread = {
      channel: 'C0123456789',
      ts: '1.000001',
      head: '{}',
      severity: 'warning',
      open: ['i-1:80'],
      openUntil: new Date('2026-11-23T12:00:00.500Z'),
    } as const;
    dynamo.on(PutCommand).resolves({});
    await tableThreads(table).put('ops', WEB, thread, NOON);
    const written = dynamo.commandCalls(PutCommand)[0]?.args[0].input.Item;
    expect(written).toMatchObject({ pk: `thread#ops|${WEB}`, sk: 'thread', ttl: NOON.getTime() / 1000 + 3 * 86_400 });
    dynamo.on(GetCommand).resolves({ Item: written ?? {} });
    await expect(tableThreads(table).get('ops', WEB)).resolves.toEqual(thread);
  });
});
