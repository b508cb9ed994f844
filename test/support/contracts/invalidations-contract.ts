import { expect, test } from '@jest/globals';
import type { Invalidations } from '../../../aws/state/invalidations-port.ts';
import type { InvalidationBatch, InvalidationRequest } from '../../../domain/invalidation/request.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');

export const aRequest = (requestId: string, changes: Partial<InvalidationRequest> = {}): InvalidationRequest => ({
  requestId,
  place: { distributionId: 'E1WWW2222222', tenantId: undefined, name: 'www.example.com' },
  paths: ['/', '/blog/*'],
  asker: {
    kind: 'slack',
    orderId: requestId,
    orderedAt: NOON.toISOString(),
    userId: 'U1',
    channelId: 'C1',
    responseUrl: undefined,
  },
  requestedAt: NOON.toISOString(),
  destination: 'default',
  when: 'now',
  ...changes,
});

export const aBatch = (batchId: string, requests: readonly InvalidationRequest[]): InvalidationBatch => ({
  batchId,
  place: aRequest('any').place,
  paths: [...new Set(requests.flatMap(({ paths }) => paths))],
  requestIds: requests.map(({ requestId }) => requestId),
  frozenAt: NOON.toISOString(),
  status: 'frozen',
  invalidationId: undefined,
  createdAt: undefined,
  look: 0,
  nextLookAt: undefined,
  isToldOfWaiting: false,
  failure: undefined,
});

/** What every keeper of requests and batches does; a fresh one for each test. */
export const invalidationsContract = (make: () => Promise<Invalidations>): void => {
  const distributionId = aRequest('any').place.distributionId;

  test('Given a request was put in line, when it comes again, then it is known and stands there once, as it was first', async () => {
    const at = await make();
    expect(await at.add(aRequest('one'))).toBe('added');
    expect(await at.add(aRequest('one', { paths: ['/other'] }))).toBe('known');
    expect(await at.readLine(distributionId)).toEqual({
      waiting: [{ request: aRequest('one'), isToldOfWaiting: false }],
      batches: [],
      wake: undefined,
    });
    expect((await at.readLine('E2OTHER33333')).waiting).toEqual([]);
  });

  test('Given tenants, events and answers, when requests are read, then they are what was written', async () => {
    const at = await make();
    const requests = [
      aRequest('tenant', { place: { distributionId, tenantId: 'dt_1', name: 'shop.example.com' } }),
      aRequest('event', { asker: { kind: 'event', idempotencyKey: 'k', source: 'deploy' }, when: 'when-deployed' }),
      aRequest('answered', {
        asker: {
          kind: 'slack',
          orderId: 'o',
          orderedAt: NOON.toISOString(),
          userId: 'U1',
          channelId: 'C1',
          responseUrl: 'https://hooks.slack.com/x',
        },
      }),
    ];
    for (const request of requests) await at.add(request);
    expect(await at.readRequests(['answered', 'none', 'tenant', 'event'])).toEqual([
      requests[2],
      requests[0],
      requests[1],
    ]);
  });

  test('Given several requests, when the line is read, then the oldest is first, and who was told is known', async () => {
    const at = await make();
    await at.add(aRequest('late', { requestedAt: '2026-11-22T12:00:02.000Z' }));
    await at.add(aRequest('early', { requestedAt: '2026-11-22T12:00:01.000Z' }));
    await at.noteTold(aRequest('late', { requestedAt: '2026-11-22T12:00:02.000Z' }));
    const { waiting } = await at.readLine(distributionId);
    expect(waiting.map(({ request, isToldOfWaiting }) => [request.requestId, isToldOfWaiting])).toEqual([
      ['early', false],
      ['late', true],
    ]);
  });

  test('Given a batch is frozen, then its requests are out of line, and no other batch can have them', async () => {
    const at = await make();
    const [one, two] = [aRequest('one'), aRequest('two')];
    await at.add(one);
    await at.add(two);
    expect(await at.freeze(aBatch('b1', [one]))).toBe(true);
    expect(await at.freeze(aBatch('b2', [two, one]))).toBe(false);
    const line = await at.readLine(distributionId);
    expect(line.waiting.map(({ request }) => request.requestId)).toEqual(['two']);
    expect(line.batches).toEqual([aBatch('b1', [one])]);
    expect(await at.readBatch('b2')).toBeUndefined();
    expect(await at.freeze(aBatch('b3', [aRequest('never-added')]))).toBe(false);
    expect(await at.giveUp(one)).toBe(false);
    expect(await at.giveUp(two)).toBe(true);
    expect(await at.giveUp(two)).toBe(false);
  });

  test('Given CloudFront has taken a batch, when that is said twice, then its paths count once, for their month', async () => {
    const at = await make();
    const one = aRequest('one');
    await at.add(one);
    await at.freeze(aBatch('b1', [one]));
    const [batch] = (await at.readLine(distributionId)).batches;
    if (batch === undefined) throw new Error('the batch is in line');
    await at.begun(batch, 'I1', NOON);
    await at.begun(batch, 'I2', NOON);
    expect(await at.readBatch('b1')).toMatchObject({
      status: 'in-progress',
      invalidationId: 'I1',
      createdAt: NOON.toISOString(),
    });
    expect(await at.pathsSentIn(NOON)).toBe(2);
    expect(await at.pathsSentIn(new Date('2026-12-01T00:00:00Z'))).toBe(0);
  });

  test('Given looks come out of order, then the highest number stays', async () => {
    const at = await make();
    const one = aRequest('one');
    await at.add(one);
    const batch = aBatch('b1', [one]);
    await at.freeze(batch);
    await at.lookNext(batch, 2, NOON);
    await at.lookNext(batch, 1, new Date(0));
    expect(await at.readBatch('b1')).toMatchObject({ look: 2, nextLookAt: NOON.toISOString() });
    await at.noteBatchTold(batch);
    expect(await at.readBatch('b1')).toMatchObject({ look: 2, isToldOfWaiting: true });
  });

  test('Given a batch ends, when it is ended again, then only the first counts, and the line is rid of it', async () => {
    const at = await make();
    const one = aRequest('one');
    await at.add(one);
    const batch = aBatch('b1', [one]);
    await at.freeze(batch);
    expect(await at.end(batch, { status: 'failed', failure: { code: 'AccessDenied', message: 'no' } })).toBe(true);
    expect(await at.end(batch, { status: 'completed', durationSeconds: 9 })).toBe(false);
    expect((await at.readLine(distributionId)).batches).toEqual([]);
    expect(await at.readBatch('b1')).toMatchObject({ status: 'failed', failure: { code: 'AccessDenied' } });
  });

  test('Given a request ended, then its ending is known; completed it is not put in line again, failed it is, anew', async () => {
    const at = await make();
    const requests = [aRequest('good'), aRequest('bad'), aRequest('overdue')];
    const [good, bad, overdue] = requests;
    if (good === undefined || bad === undefined || overdue === undefined) throw new Error('three requests');
    for (const request of requests) await at.add(request);
    await at.freeze(aBatch('b1', [good]));
    await at.begun(aBatch('b1', [good]), 'I1', NOON);
    expect(await at.readEnding('good')).toBeUndefined();
    const sent = await at.readBatch('b1');
    if (sent === undefined) throw new Error('the batch is there');
    await at.end(sent, { status: 'completed', durationSeconds: 9 });
    expect(await at.readEnding('good')).toEqual({ status: 'Completed', invalidationId: 'I1', durationSeconds: 9 });
    expect(await at.add(good)).toBe('known');
    await at.freeze(aBatch('b2', [bad]));
    await at.end(aBatch('b2', [bad]), { status: 'failed', failure: { code: 'AccessDenied', message: 'no' } });
    await at.giveUp(overdue);
    for (const request of [bad, overdue]) {
      expect(await at.readEnding(request.requestId)).toEqual({ status: 'Failed' });
      expect(await at.add(request)).toBe('added');
      expect(await at.readEnding(request.requestId)).toBeUndefined();
      expect(await at.add(request)).toBe('known');
    }
    const { waiting } = await at.readLine(distributionId);
    expect(waiting.map(({ request }) => request.requestId)).toEqual(['bad', 'overdue']);
  });

  test('Given one waits for the deployment, when it is hastened, then it does not, once; what waits for nothing is left alone', async () => {
    const at = await make();
    const patient = aRequest('patient', { when: 'when-deployed' });
    await at.add(patient);
    await at.noteTold(patient);
    await at.add(aRequest('ready'));
    const later = { ...patient, requestedAt: '2026-11-22T13:00:00.000Z' };
    expect(await at.hasten(later)).toBe(true);
    expect(await at.hasten(later)).toBe(false);
    expect(await at.hasten(aRequest('ready'))).toBe(false);
    expect(await at.hasten(aRequest('nobody'))).toBe(false);
    const { waiting } = await at.readLine(distributionId);
    expect(waiting.map(({ request, isToldOfWaiting }) => [request.requestId, request.when, isToldOfWaiting])).toEqual([
      ['patient', 'now', false],
      ['ready', 'now', false],
    ]);
    await at.freeze(aBatch('b1', [patient]));
    expect(await at.hasten(patient)).toBe(false);
  });

  test('Given a batch is split, then its parts stand in its place; and one that was sent is not split', async () => {
    const at = await make();
    const requests = [aRequest('one'), aRequest('two', { paths: ['/two'] })];
    for (const request of requests) await at.add(request);
    const batch = aBatch('b1', requests);
    await at.freeze(batch);
    const parts = requests.map((request, index) => aBatch(`p${index}`, [request]));
    expect(await at.split(batch, parts)).toBe(true);
    expect((await at.readLine(distributionId)).batches.map(({ batchId }) => batchId)).toEqual(['p0', 'p1']);
    expect(await at.split(batch, [])).toBe(false);
  });

  test('Given a wake-up was sent, when the line is read, then it is known when it comes', async () => {
    const at = await make();
    await at.noteWake(distributionId, { dueAt: NOON, attempt: 3 });
    expect((await at.readLine(distributionId)).wake).toEqual({ dueAt: NOON, attempt: 3 });
  });
};
