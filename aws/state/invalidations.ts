import { compareText } from '../../domain/difference.ts';
import type { InvalidationBatch, InvalidationRequest, WaitingRequest } from '../../domain/invalidation/request.ts';
import type { Invalidations, LineWake, RequestEnding } from './invalidations-port.ts';
import { monthOf, requestEnding } from './invalidations-port.ts';
import type { Key } from './keys.ts';
import {
  batchKey,
  invalidationLine,
  OPEN_BATCH_PREFIX,
  openBatchKey,
  pathsSentKey,
  requestKey,
  timeToLive,
  WAITING_PREFIX,
  waitingKey,
  wakeKey,
} from './keys.ts';
import type { Condition, Item, ItemWrite, Table } from './table.ts';

/** Requests and ended batches are kept for reading up on; the same order a month later is a new one. */
const KEPT_DAYS = 40;

const IS_NEW: Condition = { expression: 'attribute_not_exists(pk)' };
const EXISTS: Condition = { expression: 'attribute_exists(pk)' };
const IS_NEW_OR_FAILED: Condition = {
  expression: 'attribute_not_exists(pk) OR #ended.#status = :failed',
  names: { '#ended': 'ended', '#status': 'status' },
  values: { ':failed': 'Failed' },
};

const statusIs = (...statuses: readonly InvalidationBatch['status'][]): Condition => ({
  expression: `#status IN (${statuses.map((_, index) => `:is${index}`).join(', ')})`,
  names: { '#status': 'status' },
  values: Object.fromEntries(statuses.map((status, index) => [`:is${index}`, status])),
});

/** What is `undefined` is not in an item, so it is put back. */
const toPlace = ({ distributionId, tenantId, name }: InvalidationRequest['place']): InvalidationRequest['place'] => ({
  distributionId,
  tenantId,
  name,
});

const toAsker = (asker: InvalidationRequest['asker']): InvalidationRequest['asker'] => {
  if (asker.kind === 'event') return asker;
  const { kind, orderId, orderedAt, userId, channelId, responseUrl } = asker;
  return { kind, orderId, orderedAt, userId, channelId, responseUrl };
};

const toRequest = (item: Item): InvalidationRequest => {
  const { requestId, place, paths, asker, requestedAt, destination, when } = item as Item & InvalidationRequest;
  return { requestId, place: toPlace(place), paths, asker: toAsker(asker), requestedAt, destination, when };
};

const toBatch = (item: Item): InvalidationBatch => {
  const batch = item as Item & InvalidationBatch;
  const { batchId, paths, requestIds, frozenAt, status, invalidationId, createdAt } = batch;
  const { look, nextLookAt, isToldOfWaiting, failure } = batch;
  const sent = { batchId, place: toPlace(batch.place), paths, requestIds, frozenAt };
  return { ...sent, status, invalidationId, createdAt, look, nextLookAt, isToldOfWaiting, failure };
};

const toWake = (item: Item): LineWake => {
  const { dueAt, attempt } = item as Item & { readonly dueAt: string; readonly attempt: number };
  return { dueAt: new Date(dueAt), attempt };
};

const requestItem = (request: InvalidationRequest): Item => ({
  ...requestKey(request.requestId),
  ...request,
  ttl: timeToLive(new Date(request.requestedAt), KEPT_DAYS),
});

const endRequest = (requestId: string, ended: RequestEnding): ItemWrite => ({
  kind: 'update',
  key: requestKey(requestId),
  set: { expression: 'SET #ended = :ended', names: { '#ended': 'ended' }, values: { ':ended': ended } },
  condition: EXISTS,
});

/** A batch and the pointer by which its distribution's line finds it. */
const putBatch = (batch: InvalidationBatch): readonly ItemWrite[] => [
  {
    kind: 'put',
    item: { ...batchKey(batch.batchId), ...batch, ttl: timeToLive(new Date(batch.frozenAt), KEPT_DAYS) },
    condition: IS_NEW,
  },
  {
    kind: 'put',
    item: { ...openBatchKey(batch.place.distributionId, batch.batchId), batchId: batch.batchId },
  },
];

/** A change of a batch: attributes to set, on a condition. */
const changeBatch = (
  { batchId }: InvalidationBatch,
  set: Readonly<Record<string, unknown>>,
  condition: Condition,
): ItemWrite => ({
  kind: 'update',
  key: batchKey(batchId),
  set: {
    expression: `SET ${Object.keys(set)
      .map((name) => `#${name} = :${name}`)
      .join(', ')}`,
    names: Object.fromEntries(Object.keys(set).map((name) => [`#${name}`, name])),
    values: Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
  },
  condition,
});

const closeBatch = ({ batchId, place }: InvalidationBatch): ItemWrite => ({
  kind: 'delete',
  key: openBatchKey(place.distributionId, batchId),
});

const countPaths = ({ paths }: InvalidationBatch, month: Date): ItemWrite => ({
  kind: 'update',
  key: pathsSentKey(monthOf(month)),
  set: { expression: 'ADD #sent :paths', names: { '#sent': 'sent' }, values: { ':paths': paths.length } },
  condition: { expression: 'attribute_exists(pk) OR attribute_not_exists(pk)' },
});

const wasDone = (refused: readonly number[]): boolean => refused.length === 0;

const byMoment =
  <Of>(momentOf: (of: Of) => string, idOf: (of: Of) => string) =>
  (a: Of, b: Of): number =>
    compareText(momentOf(a), momentOf(b)) || compareText(idOf(a), idOf(b));

/**
 * Requests and batches in the table. What waits and what is under way has a pointer in its distribution's partition, written
 * and deleted in the transaction that moves it: a request is in line or in a batch, never in both and never in neither.
 */
export const tableInvalidations = (table: Table): Invalidations => {
  const readAll = async <Of>(keys: readonly Key[], of: (item: Item) => Of): Promise<readonly Of[]> =>
    keys.length === 0 ? [] : (await table.getMany(keys)).map(of);

  return {
    async add(request) {
      const refused = await table.transact([
        { kind: 'put', item: requestItem(request), condition: IS_NEW_OR_FAILED },
        { kind: 'put', item: { ...waitingKey(request), requestId: request.requestId, isToldOfWaiting: false } },
      ]);
      return wasDone(refused) ? 'added' : 'known';
    },
    async hasten({ requestId }) {
      const stored = await table.get(requestKey(requestId));
      if (stored === undefined) return false;
      const waitsForDeployment: ItemWrite = {
        kind: 'update',
        key: requestKey(requestId),
        set: { expression: 'SET #when = :now', names: { '#when': 'when' }, values: { ':now': 'now' } },
        condition: {
          expression: '#when = :deployed',
          names: { '#when': 'when' },
          values: { ':deployed': 'when-deployed' },
        },
      };
      // Whatever holds it up from now on is another reason, of which its asker has not heard.
      const isInLine: ItemWrite = {
        kind: 'update',
        key: waitingKey(toRequest(stored)),
        set: { expression: 'SET #told = :told', names: { '#told': 'isToldOfWaiting' }, values: { ':told': false } },
        condition: EXISTS,
      };
      return wasDone(await table.transact([waitsForDeployment, isInLine]));
    },
    async readEnding(requestId) {
      return (await table.get(requestKey(requestId)))?.['ended'] as RequestEnding | undefined;
    },
    async readLine(distributionId) {
      const pointers = await table.query(invalidationLine(distributionId), '');
      const inLine = pointers.filter(({ sk }) => sk.startsWith(WAITING_PREFIX));
      const told = new Set(
        inLine.filter(({ isToldOfWaiting }) => isToldOfWaiting === true).map(({ requestId }) => requestId),
      );
      const open = pointers.filter(({ sk }) => sk.startsWith(OPEN_BATCH_PREFIX));
      const requests = await readAll(
        inLine.map(({ requestId }) => requestKey(String(requestId))),
        toRequest,
      );
      const batches = await readAll(
        open.map(({ batchId }) => batchKey(String(batchId))),
        toBatch,
      );
      const waiting = requests.map(
        (request): WaitingRequest => ({ request, isToldOfWaiting: told.has(request.requestId) }),
      );
      return {
        waiting: waiting.sort(
          byMoment(
            ({ request }) => request.requestedAt,
            ({ request }) => request.requestId,
          ),
        ),
        batches: [...batches].sort(
          byMoment(
            ({ frozenAt }) => frozenAt,
            ({ batchId }) => batchId,
          ),
        ),
        wake: pointers.filter(({ sk }) => sk === wakeKey(distributionId).sk).map(toWake)[0],
      };
    },
    async noteTold(request) {
      const set = { expression: 'SET #told = :told', names: { '#told': 'isToldOfWaiting' }, values: { ':told': true } };
      await table.transact([{ kind: 'update', key: waitingKey(request), set, condition: EXISTS }]);
    },
    async noteBatchTold(batch) {
      await table.transact([changeBatch(batch, { isToldOfWaiting: true }, EXISTS)]);
    },
    async noteWake(distributionId, { dueAt, attempt }) {
      await table.put({
        ...wakeKey(distributionId),
        dueAt: dueAt.toISOString(),
        attempt,
        ttl: timeToLive(dueAt, KEPT_DAYS),
      });
    },
    async giveUp(request) {
      const refused = await table.transact([
        { kind: 'delete', key: waitingKey(request), condition: EXISTS },
        endRequest(request.requestId, { status: 'Failed' }),
      ]);
      return wasDone(refused);
    },
    async freeze(batch) {
      const requests = await readAll(batch.requestIds.map(requestKey), toRequest);
      if (requests.length < batch.requestIds.length) return false;
      const outOfLine = requests.map(
        (request): ItemWrite => ({ kind: 'delete', key: waitingKey(request), condition: EXISTS }),
      );
      return wasDone(await table.transact([...putBatch(batch), ...outOfLine]));
    },
    async split(batch, parts) {
      const failure = { code: 'Split', message: 'sent again in parts, because CloudFront refused it as a whole' };
      const refused = await table.transact([
        changeBatch(batch, { status: 'failed', failure }, statusIs('frozen')),
        closeBatch(batch),
        ...parts.flatMap(putBatch),
      ]);
      return wasDone(refused);
    },
    async begun(batch, invalidationId, createdAt) {
      const set = { status: 'in-progress', invalidationId, createdAt: createdAt.toISOString() };
      await table.transact([changeBatch(batch, set, statusIs('frozen')), countPaths(batch, createdAt)]);
    },
    async lookNext(batch, look, nextLookAt) {
      await table.transact([
        changeBatch(
          batch,
          { look, nextLookAt: nextLookAt.toISOString() },
          { expression: '#look <= :look', names: { '#look': 'look' } },
        ),
      ]);
    },
    async end(batch, ending) {
      const refused = await table.transact([
        changeBatch(batch, { ...ending }, statusIs('frozen', 'in-progress')),
        closeBatch(batch),
        ...batch.requestIds.map((requestId) => endRequest(requestId, requestEnding(batch, ending))),
      ]);
      return wasDone(refused);
    },
    async readBatch(batchId) {
      const item = await table.get(batchKey(batchId));
      return item && toBatch(item);
    },
    async readRequests(requestIds) {
      const found = new Map(
        (await readAll(requestIds.map(requestKey), toRequest)).map((request) => [request.requestId, request]),
      );
      return requestIds.flatMap((requestId) => found.get(requestId) ?? []);
    },
    async pathsSentIn(month) {
      const item = await table.get(pathsSentKey(monthOf(month)));
      return typeof item?.['sent'] === 'number' ? item['sent'] : 0;
    },
  };
};
