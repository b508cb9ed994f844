import type { Invalidations, LineWake, RequestEnding } from '../../../aws/state/invalidations-port.ts';
import { monthOf, requestEnding } from '../../../aws/state/invalidations-port.ts';
import type { InvalidationBatch, InvalidationRequest } from '../../../domain/invalidation/request.ts';

/** Requests and batches in memory, for story tests. */
export interface MemoryInvalidations extends Invalidations {
  readonly requests: ReadonlyMap<string, InvalidationRequest>;
  /** Ids of what waits, and whether its asker knows. */
  readonly waiting: ReadonlyMap<string, boolean>;
  readonly batches: ReadonlyMap<string, InvalidationBatch>;
}

const isOpen = ({ status }: InvalidationBatch): boolean => status === 'frozen' || status === 'in-progress';

const byText =
  <Of>(textOf: (of: Of) => string) =>
  (a: Of, b: Of): number =>
    textOf(a) < textOf(b) ? -1 : Number(textOf(a) > textOf(b));

export const aMemoryInvalidations = (): MemoryInvalidations => {
  const requests = new Map<string, InvalidationRequest>();
  const waiting = new Map<string, boolean>();
  const batches = new Map<string, InvalidationBatch>();
  const endings = new Map<string, RequestEnding>();
  const wakes = new Map<string, LineWake>();
  const sent = new Map<string, number>();

  const change = (batchId: string, changes: Partial<InvalidationBatch>): void => {
    const batch = batches.get(batchId);
    if (batch !== undefined) batches.set(batchId, { ...batch, ...changes });
  };
  const statusOf = ({ batchId }: InvalidationBatch) => batches.get(batchId)?.status;

  return {
    requests,
    waiting,
    batches,
    add: async (request) => {
      if (requests.has(request.requestId) && endings.get(request.requestId)?.status !== 'Failed') return 'known';
      endings.delete(request.requestId);
      requests.set(request.requestId, structuredClone(request));
      waiting.set(request.requestId, false);
      return 'added';
    },
    hasten: async ({ requestId }) => {
      const request = requests.get(requestId);
      if (request?.when !== 'when-deployed' || !waiting.has(requestId)) return false;
      requests.set(requestId, { ...request, when: 'now' });
      waiting.set(requestId, false);
      return true;
    },
    readEnding: async (requestId) => endings.get(requestId),
    readLine: async (distributionId) => ({
      waiting: [...waiting]
        .flatMap(([requestId, isToldOfWaiting]) => {
          const request = requests.get(requestId);
          return request?.place.distributionId === distributionId ? [{ request, isToldOfWaiting }] : [];
        })
        .sort(byText(({ request }) => `${request.requestedAt} ${request.requestId}`)),
      batches: [...batches.values()]
        .filter((batch) => batch.place.distributionId === distributionId && isOpen(batch))
        .sort(byText(({ frozenAt, batchId }) => `${frozenAt} ${batchId}`)),
      wake: wakes.get(distributionId),
    }),
    noteTold: async ({ requestId }) => {
      if (waiting.has(requestId)) waiting.set(requestId, true);
    },
    noteBatchTold: async ({ batchId }) => change(batchId, { isToldOfWaiting: true }),
    noteWake: async (distributionId, wake) => {
      wakes.set(distributionId, wake);
    },
    giveUp: async ({ requestId }) => {
      if (!waiting.delete(requestId)) return false;
      endings.set(requestId, { status: 'Failed' });
      return true;
    },
    freeze: async (batch) => {
      if (batches.has(batch.batchId) || !batch.requestIds.every((requestId) => waiting.has(requestId))) return false;
      for (const requestId of batch.requestIds) waiting.delete(requestId);
      batches.set(batch.batchId, structuredClone(batch));
      return true;
    },
    split: async (batch, parts) => {
      if (statusOf(batch) !== 'frozen') return false;
      const failure = { code: 'Split', message: 'sent again in parts, because CloudFront refused it as a whole' };
      change(batch.batchId, { status: 'failed', failure });
      for (const part of parts) batches.set(part.batchId, structuredClone(part));
      return true;
    },
    begun: async (batch, invalidationId, createdAt) => {
      if (statusOf(batch) !== 'frozen') return;
      change(batch.batchId, { status: 'in-progress', invalidationId, createdAt: createdAt.toISOString() });
      const month = monthOf(createdAt);
      sent.set(month, (sent.get(month) ?? 0) + batch.paths.length);
    },
    lookNext: async ({ batchId }, look, nextLookAt) => {
      if ((batches.get(batchId)?.look ?? Number.POSITIVE_INFINITY) <= look)
        change(batchId, { look, nextLookAt: nextLookAt.toISOString() });
    },
    end: async (batch, ending) => {
      const stored = batches.get(batch.batchId);
      if (stored === undefined || !isOpen(stored)) return false;
      change(batch.batchId, { ...ending });
      for (const requestId of batch.requestIds) endings.set(requestId, requestEnding(batch, ending));
      return true;
    },
    readBatch: async (batchId) => structuredClone(batches.get(batchId)),
    readRequests: async (requestIds) => requestIds.flatMap((requestId) => requests.get(requestId) ?? []),
    pathsSentIn: async (month) => sent.get(monthOf(month)) ?? 0,
  };
};
