import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tableAlarms } from '../../../aws/state/alarms.ts';
import { tableBudgets } from '../../../aws/state/budgets.ts';
import { documentsOver } from '../../../aws/state/client.ts';
import { tableClosings } from '../../../aws/state/closings.ts';
import { tableDeliveredReports } from '../../../aws/state/delivered-reports.ts';
import { tableExpiryMemory } from '../../../aws/state/expiry-memory.ts';
import { tableHolds } from '../../../aws/state/holds.ts';
import { tableIncidents } from '../../../aws/state/incidents.ts';
import { tableInvalidations } from '../../../aws/state/invalidations.ts';
import { tableLeases } from '../../../aws/state/leases.ts';
import { tableLedger } from '../../../aws/state/ledger.ts';
import { tableOrders } from '../../../aws/state/orders.ts';
import { tablePauses } from '../../../aws/state/pauses.ts';
import { tableQuietMatters } from '../../../aws/state/quiet-matters.ts';
import { tableRecentChanges } from '../../../aws/state/recent-changes.ts';
import { tableShownChanges } from '../../../aws/state/shown-changes.ts';
import { tableStoredPlans } from '../../../aws/state/stored-plans.ts';
import { tableSweeps } from '../../../aws/state/sweeps.ts';
import { stateTable } from '../../../aws/state/table.ts';
import { tableThreads } from '../../../aws/state/threads.ts';
import { tableTouches } from '../../../aws/state/touches.ts';
import { tableWatches } from '../../../aws/state/watches.ts';
import { newPlan } from '../../../domain/stored-plan.ts';
import { NEVER_SWEPT } from '../../../domain/sweep/progress.ts';
import { startMinistack } from '../../../local/emulators/ministack.ts';
import { preparePython } from '../../../local/emulators/python.ts';
import type { Emulator } from '../../../local/emulators/server-process.ts';
import { alarmLedgerContract, anAlarmRecord } from '../../support/contracts/alarms-contract.ts';
import { closingsContract } from '../../support/contracts/closings-contract.ts';
import { anAnnouncement, expiryContract } from '../../support/contracts/expiry-contract.ts';
import { holdsContract } from '../../support/contracts/holds-contract.ts';
import { incidentsContract } from '../../support/contracts/incidents-contract.ts';
import { invalidationsContract } from '../../support/contracts/invalidations-contract.ts';
import { recentChangesContract } from '../../support/contracts/recent-changes-contract.ts';
import { anAuthorization, anEntry, stateContract } from '../../support/contracts/state-contract.ts';
import { sweepsContract } from '../../support/contracts/sweeps-contract.ts';
import { touchesContract } from '../../support/contracts/touches-contract.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const REGION = 'ap-northeast-1';

let ministack: Emulator | undefined;
let client: DynamoDBClient | undefined;
let folder: string | undefined;

beforeAll(async () => {
  const python = await preparePython({ root: ROOT });
  folder = await mkdtemp(join(ROOT, '.local', `run-${process.pid}-`));
  ministack = await startMinistack({ python, root: ROOT, folder, region: REGION, elsewhereUrl: 'http://127.0.0.1:9' });
  client = new DynamoDBClient({
    endpoint: ministack.url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}, 300_000);

afterAll(async () => {
  client?.destroy();
  await ministack?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** A table of its own, with the keys of `infra/state.yml`. */
const aTable = async () => {
  if (client === undefined) throw new Error('MiniStack is started before the tests');
  const TableName = `state-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  const documents = documentsOver(client);
  return { table: stateTable(documents, TableName), documents, TableName };
};

const stateOver = (table: ReturnType<typeof stateTable>) => ({
  ledger: tableLedger(table),
  leases: tableLeases(table),
  budgets: tableBudgets(table),
  watches: tableWatches(table),
  deliveredReports: tableDeliveredReports(table),
  threads: tableThreads(table),
  orders: tableOrders(table),
  plans: tableStoredPlans(table),
  quietMatters: tableQuietMatters(table),
  pauses: tablePauses(table),
  shownChanges: tableShownChanges(table),
});

invalidationsContract(async () => tableInvalidations((await aTable()).table));

sweepsContract(async () => {
  const { table } = await aTable();
  return { sweeps: tableSweeps(table), ledger: tableLedger(table) };
});
expiryContract(async () => tableExpiryMemory((await aTable()).table));

incidentsContract(async () => tableIncidents((await aTable()).table));

alarmLedgerContract(async () => tableAlarms((await aTable()).table));

closingsContract(async () => {
  const { table } = await aTable();
  return { closings: tableClosings(table), pauses: tablePauses(table) };
});

touchesContract(async () => tableTouches((await aTable()).table));
holdsContract(async () => tableHolds((await aTable()).table));
recentChangesContract(async () => tableRecentChanges((await aTable()).table));

stateContract(async () => stateOver((await aTable()).table), { propertyRuns: 15 });

test('Given all that the table ever holds, when it is looked at, then only what may be tidied up has a time to live, and no pointer is left behind', async () => {
  const { table, documents, TableName } = await aTable();
  const { ledger, leases, budgets, watches, deliveredReports, orders, plans, quietMatters, pauses, shownChanges } =
    stateOver(table);
  const noon = new Date('2026-11-22T12:00:00.000Z');
  const [open, closed] = [anEntry(1), anEntry(2, anAuthorization())];
  await ledger.intend([open, closed]);
  await ledger.settle(closed, { status: 'applied', ruleId: 'sgr-1' }, noon);
  await ledger.tell([closed], 'closed');
  await leases.acquire(['sg-web'], 'a', noon, 60);
  await budgets.take([{ scope: 'stage', limit: 1 }], 1, noon);
  await watches.start(open.targetGroupArn, noon, 10);
  await deliveredReports.add('ops', 'report-1', noon);
  await orders.begin('order-1', noon, 90);
  await orders.takeAnswer('order-1', noon);
  await plans.store(newPlan('plan-1', { kind: 'quiet', matter: 'web', seconds: 3600 }, 'ops', noon));
  await quietMatters.silence('web', new Date('2026-11-22T13:00:00.000Z'), 'U1');
  await pauses.begin({ since: noon, byUserId: 'U1' });
  await shownChanges.show('U1', ['plan-1'], noon);
  const expiry = tableExpiryMemory(table);
  await expiry.announce('www.example.com', anAnnouncement());
  await expiry.sawRecord('_1.www.example.com', noon);
  await expiry.keepRegistration('example.com', { kind: 'cannot-know', why: 'NoSource' }, noon);
  const sweeps = tableSweeps(table);
  await sweeps.write(NEVER_SWEPT, 0);
  await tableAlarms(table).write([anAlarmRecord('web')]);
  await sweeps.storeSlices('run-1', [{ targetGroupArns: [], instanceIds: [] }], noon);
  const { Items } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
  const lives = (Items ?? []).map(({ pk, sk, ttl }) => [`${pk} / ${sk}`, ttl ?? 'stays']);
  const arn = open.targetGroupArn;
  const epoch = noon.getTime() / 1000;
  expect(Object.fromEntries(lives)).toEqual({
    [`open / ${arn}|${open.entryId}`]: 'stays',
    [`ledger#${arn} / ${open.entryId}`]: 'stays',
    [`ledger#${arn} / ${closed.entryId}`]: epoch + 400 * 86_400,
    'own#rule|sg-web|ingress|tcp|80|sg-alb / own': 'stays',
    'own#rule|sg-web|sgr-1 / own': 'stays',
    'lease#sg-web / lease': epoch + 60 + 86_400,
    'budget#stage / budget': epoch + 2 * 86_400,
    [`watch#${arn} / watch`]: epoch + 10 + 30 * 86_400,
    'delivered#ops / report-1': epoch + 40 * 86_400,
    'order#order-1 / order': epoch + 40 * 86_400,
    'answers#order-1 / answers': epoch + 40 * 86_400,
    'plan#plan-1 / plan': epoch + 90 * 86_400,
    'pause / pause': 'stays',
    'sweep / state': 'stays',
    'alarms / arn:aws:elasticloadbalancing:x:1:targetgroup/web/1': 'stays',
    'sweep-slices#run-1 / 00000': epoch + 2 * 86_400,
    'quiet#web / quiet': epoch + 3600 + 86_400,
    'shown-changes#U1 / shown': epoch + 2 * 86_400,
    'expiry-announced / www.example.com': 'stays',
    'record-seen#_1.www.example.com / seen': epoch + 400 * 86_400,
    'registration#example.com / registration': epoch + 90 * 86_400,
  });
});
