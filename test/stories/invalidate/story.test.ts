import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { meaningOf } from '../../../aws/error-meaning.ts';
import type { ConfirmationWanted, Report } from '../../../domain/report.ts';
import type { Asking } from '../../../stories/invalidate/request.ts';
import { askForInvalidation, takeRequest } from '../../../stories/invalidate/request.ts';
import type { InvalidationWorld } from '../../support/world/invalidation-world.ts';
import { anInvalidationWorld, WWW } from '../../support/world/invalidation-world.ts';

const PERSON: Asking = {
  orderId: 'order1',
  where: 'www.example.com',
  paths: ['/blog/*'],
  asker: {
    kind: 'slack',
    orderId: 'order1',
    orderedAt: '2026-11-22T05:00:00.000Z',
    userId: 'U1',
    channelId: 'C1',
    responseUrl: 'https://hooks.slack.com/commands/1',
  },
  destination: 'default',
  when: 'ask',
  onMuch: 'ask',
  isAllowed: () => true,
};

const ask = (world: InvalidationWorld, changes: Partial<Asking> = {}) =>
  askForInvalidation(world.ports)({ ...PERSON, ...changes });

const byOrder = (orderId: string, changes: Partial<Asking> = {}): Partial<Asking> => ({
  orderId,
  asker: {
    kind: 'slack',
    orderId,
    orderedAt: '2026-11-22T05:00:00.000Z',
    userId: `U-${orderId}`,
    channelId: 'C1',
    responseUrl: `https://hooks.slack.com/${orderId}`,
  },
  ...changes,
});

const refusal = (code: string, action = 'CreateInvalidation'): AwsCallError =>
  new AwsCallError({ service: 'CloudFront', action, code, meaning: meaningOf(code), awsMessage: 'no' });

const creations = (world: InvalidationWorld) =>
  world.calls.filter(({ name }) => name === 'cloudFront.createInvalidation');

test('Given a person asks, when CloudFront is done, then the channel, the asker and the bus hear of it once', async () => {
  const world = anInvalidationWorld();
  const outcome = await ask(world);
  expect(outcome).toMatchObject({ kind: 'taken', wanted: [], price: { paths: 1, atMostMills: 5, atLeastMills: 0 } });
  await world.settle();
  expect(world.cloudFront.made.map(({ paths }) => paths)).toEqual([['/blog/*']]);
  expect(world.said('invalidation-completed')).toEqual([
    {
      kind: 'invalidation-completed',
      place: { name: 'www.example.com', id: WWW.distributionId },
      paths: ['/blog/*'],
      pathCount: 1,
      invalidationId: 'I1',
      durationSeconds: 20,
      askedBy: [{ kind: 'person', userId: 'U1' }],
      pathsThisMonth: 1,
    },
  ]);
  expect(world.answered.map(({ orderId, report }) => [orderId, report.body.kind])).toEqual([
    ['order1', 'invalidation-completed'],
  ]);
  expect(world.events).toEqual([
    {
      detailType: 'Invalidation Completed',
      detail: {
        usher: 1,
        orderId: 'order1',
        requestId: `order1|${WWW.distributionId}`,
        distributionId: WWW.distributionId,
        paths: ['/blog/*'],
        pathCount: 1,
        status: 'Completed',
        invalidationId: 'I1',
        durationSeconds: 20,
      },
    },
  ]);
  expect(world.queue.secondsUntilDue()).toBeUndefined();
});

test('Given fifty requests in a burst, then few calls invalidate every path once, and each asker is told', async () => {
  const world = anInvalidationWorld();
  for (let index = 0; index < 50; index += 1)
    await ask(world, byOrder(`order${index}`, { paths: [`/page-${index}.html`, '/shared.css'] }));
  await world.settle();
  expect(creations(world)).toHaveLength(1);
  const paths = world.cloudFront.made.flatMap((made) => made.paths);
  expect([...paths].sort()).toEqual(
    [...Array.from({ length: 50 }, (_, index) => `/page-${index}.html`), '/shared.css'].sort(),
  );
  expect(world.answered.map(({ orderId }) => orderId).sort()).toEqual(
    Array.from({ length: 50 }, (_, index) => `order${index}`).sort(),
  );
  const [said, ...more] = world.said('invalidation-completed');
  expect(more).toEqual([]);
  expect(said).toMatchObject({ pathCount: 51, pathsThisMonth: 51 });
  expect(world.events).toHaveLength(50);
});

test('Given the same order comes twice, then it is one invalidation', async () => {
  const world = anInvalidationWorld();
  await ask(world);
  await ask(world);
  await world.settle();
  await ask(world);
  await world.settle();
  expect(world.cloudFront.made).toHaveLength(1);
  expect(world.events).toHaveLength(1);
});

test('Given more wildcards than CloudFront takes at a time, then the rest waits for room, and is told its place in line', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.completesAfterSeconds = 90;
  for (let index = 0; index < 4; index += 1) {
    await ask(world, byOrder(`order${index}`, { paths: Array.from({ length: 5 }, (_, at) => `/${index}/${at}/*`) }));
    world.clock.advance(1);
  }
  await world.settle(60);
  expect(world.cloudFront.made.map(({ paths }) => paths.length)).toEqual([15]);
  const queued = world.answered.filter(({ report }) => report.body.kind === 'invalidation-queued');
  expect(queued.map(({ orderId, report }) => [orderId, report.body])).toMatchObject([
    ['order3', { position: 1, because: 'QuotaInUse' }],
  ]);
  await world.settle();
  expect(world.cloudFront.made.map(({ paths }) => paths.length)).toEqual([15, 5]);
  expect(world.events.map(({ detailType }) => detailType)).toEqual(Array(4).fill('Invalidation Completed'));
});

test('Given others use up the quota, then the very same batch is sent again, with growing pauses, and one notice each', async () => {
  const world = anInvalidationWorld();
  world.onCall((_, name) =>
    name === 'cloudFront.createInvalidation' && creations(world).length <= 4
      ? refusal('TooManyInvalidationsInProgress')
      : 'proceed',
  );
  await ask(world);
  await world.settle();
  const calls = creations(world);
  expect(calls).toHaveLength(5);
  expect(new Set(calls.map(({ args }) => JSON.stringify(args)))).toHaveProperty('size', 1);
  const pauses = world.queue.sent.filter(({ body }) => body.includes('wake')).map(({ delaySeconds }) => delaySeconds);
  expect(pauses).toEqual([0, 8, 15, 30, 60]);
  expect(world.answered.map(({ report }) => report.body.kind)).toEqual([
    'invalidation-queued',
    'invalidation-completed',
  ]);
});

test('Given CloudFront takes nothing for six hours, then each asker hears that it failed, and can try again', async () => {
  const world = anInvalidationWorld();
  world.onCall((_, name) => (name === 'cloudFront.createInvalidation' ? refusal('Throttling') : 'proceed'));
  await ask(world);
  world.clock.advance(1);
  await world.settle(5 * 60);
  await ask(world, byOrder('order2'));
  await world.settle();
  expect(world.said('invalidation-failed')).toMatchObject([{ code: 'WaitedTooLong' }, { code: 'WaitedTooLong' }]);
  expect(world.events.map(({ detailType }) => detailType)).toEqual(['Invalidation Failed', 'Invalidation Failed']);
  expect(world.queue.secondsUntilDue()).toBeUndefined();
  world.onCall();
  const [failed] = world.said('invalidation-failed');
  const planId = failed?.kind === 'invalidation-failed' ? failed.retryPlanId : undefined;
  const plan = planId === undefined ? undefined : await world.state.plans.find(planId);
  if (plan?.content.kind !== 'invalidate') throw new Error('the message offers to try again');
  await takeRequest(world.ports, plan.content.request);
  await world.settle();
  expect(world.cloudFront.made).toHaveLength(1);
});

test('Given a second try fails as well, then the third is named after its own plan alone', async () => {
  const world = anInvalidationWorld();
  world.onCall((_, name) => (name === 'cloudFront.createInvalidation' ? refusal('InvalidArgument') : 'proceed'));
  await ask(world);
  await world.settle();
  const lastTry = async () => {
    const failed = world.said('invalidation-failed').at(-1);
    const planId = failed?.kind === 'invalidation-failed' ? failed.retryPlanId : undefined;
    const plan = planId === undefined ? undefined : await world.state.plans.find(planId);
    if (plan?.content.kind !== 'invalidate') throw new Error('the message offers to try again');
    return { planId, request: plan.content.request };
  };
  const second = await lastTry();
  await takeRequest(world.ports, second.request);
  await world.settle();
  const third = await lastTry();
  expect(third.planId).not.toBe(second.planId);
  expect(third.request.requestId.split('~').slice(1)).toEqual([third.planId]);
});

test('Given one path of one request is wrong to CloudFront, then only that request fails', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.strangePath = '/strange.html';
  for (const [index, path] of ['/a.html', '/b.html', '/strange.html', '/c.html', '/d.html'].entries())
    await ask(world, byOrder(`order${index}`, { paths: [path] }));
  await world.settle();
  expect(world.cloudFront.made.flatMap(({ paths }) => paths).sort()).toEqual([
    '/a.html',
    '/b.html',
    '/c.html',
    '/d.html',
  ]);
  expect(world.said('invalidation-failed')).toMatchObject([
    { code: 'InvalidArgument', paths: ['/strange.html'], askedBy: { userId: 'U-order2' } },
  ]);
});

test('Given a line is full and many wake it, then one wake-up comes back, not one for each', async () => {
  const world = anInvalidationWorld();
  world.onCall((_, name) => (name === 'cloudFront.createInvalidation' ? refusal('Throttling') : 'proceed'));
  for (let index = 0; index < 12; index += 1) await ask(world, byOrder(`order${index}`));
  for (const body of world.queue.due()) await world.deliver([body]);
  const later = world.queue.sent.filter(({ body, delaySeconds }) => body.includes('wake') && delaySeconds > 0);
  expect(later).toHaveLength(1);
});

test('Given the message of an old look comes again, then no second chain of looks begins', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.completesAfterSeconds = 600;
  await ask(world);
  await world.settle(30);
  const looks = () => world.queue.sent.map(({ body }) => body).filter((body) => body.includes('follow'));
  const before = looks();
  await world.deliver(before.slice(0, 2));
  expect(looks()).toEqual(before);
});

test('Given it takes longer than two hours, then that is said once, and the ending all the same', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.completesAfterSeconds = 3 * 3_600;
  await ask(world);
  await world.settle();
  expect([...new Map(world.reports.handedIn.map(({ key, body }) => [key, body.kind])).values()]).toEqual([
    'invalidation-still-running',
    'invalidation-completed',
  ]);
  expect(world.said('invalidation-completed')).toHaveLength(1);
});

test('Given it never ends, then after a day that is said, and nobody looks on', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.completesAfterSeconds = Number.POSITIVE_INFINITY;
  await ask(world);
  await world.settle(48 * 3_600);
  expect(world.said('invalidation-failed')).toMatchObject([{ code: 'NoEnding' }]);
  expect(world.queue.secondsUntilDue()).toBeUndefined();
});

const choicesOf = (outcome: Awaited<ReturnType<typeof ask>>): ConfirmationWanted => {
  const wanted = outcome.kind === 'taken' ? outcome.wanted[0] : undefined;
  if (wanted === undefined) throw new Error('a confirmation is wanted');
  return wanted;
};

const approve = async (world: InvalidationWorld, wanted: ConfirmationWanted, label: string): Promise<void> => {
  const planId = wanted.choices.find((choice) => choice.label === label)?.planId ?? '';
  const plan = await world.state.plans.find(planId);
  if (plan?.content.kind !== 'invalidate') throw new Error('the choice has its plan');
  await takeRequest(world.ports, plan.content.request);
};

test('Given everything is asked for, then nothing is sent before the yes, and the price is said', async () => {
  const world = anInvalidationWorld();
  const wanted = choicesOf(await ask(world, { paths: ['/*'] }));
  expect(wanted).toMatchObject({ because: ['Everything'], paths: ['/*'], price: { atMostMills: 5 } });
  await world.settle();
  expect(world.cloudFront.made).toEqual([]);
  world.clock.advance(3 * 86_400);
  await approve(world, wanted, 'run');
  await world.settle();
  expect(world.cloudFront.made.map(({ paths }) => paths)).toEqual([['/*']]);
});

test('Given a distribution still deploys, then the person chooses, and the later choice waits for the deployment', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.distributions.set(WWW.distributionId, { ...WWW, status: 'InProgress' });
  const wanted = choicesOf(await ask(world));
  expect(wanted).toMatchObject({ because: ['StillDeploying'] });
  expect(wanted.choices.map(({ label }) => label)).toEqual(['when-deployed', 'now']);
  await approve(world, wanted, 'when-deployed');
  await world.settle(600);
  expect(world.cloudFront.made).toEqual([]);
  expect(world.answered.map(({ report }) => report.body)).toMatchObject([{ because: 'StillDeploying', position: 1 }]);
  world.cloudFront.distributions.set(WWW.distributionId, WWW);
  await world.settle();
  expect(world.cloudFront.made).toHaveLength(1);
  await approve(world, wanted, 'now');
  await world.settle();
  expect(world.cloudFront.made).toHaveLength(1);
});

test('Given one waits for the deployment, when it is to go now after all, then it goes, once', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.distributions.set(WWW.distributionId, { ...WWW, status: 'InProgress' });
  const wanted = choicesOf(await ask(world));
  await approve(world, wanted, 'when-deployed');
  await world.settle(600);
  await approve(world, wanted, 'now');
  await world.settle(120);
  expect(world.cloudFront.made).toHaveLength(1);
});

test('Given one waits for a deployment, then others pass it', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.distributions.set(WWW.distributionId, { ...WWW, status: 'InProgress' });
  await ask(world, byOrder('patient', { when: 'when-deployed', paths: ['/later.html'] }));
  await ask(world, byOrder('hurried', { when: 'now', paths: ['/now.html'] }));
  await world.settle(120);
  expect(world.cloudFront.made.map(({ paths }) => paths)).toEqual([['/now.html']]);
});

test('Given thousands of paths, then directories are shown to be confirmed, and what is sent is what was shown', async () => {
  const world = anInvalidationWorld();
  const paths = Array.from({ length: 4_000 }, (_, index) => `/img/${index % 40}/${index}.png`);
  const wanted = choicesOf(await ask(world, { paths }));
  expect(wanted.because).toEqual(['Gathered']);
  await approve(world, wanted, 'run');
  await world.settle();
  expect(world.cloudFront.made.map((made) => made.paths.length)).toEqual([wanted.pathCount]);
  const [made] = world.cloudFront.made;
  const prefixes = (made?.paths ?? []).map((path) => (path.endsWith('*') ? path.slice(0, -1) : path));
  expect(paths.every((path) => prefixes.some((prefix) => path.startsWith(prefix)))).toBe(true);
});

test.each([
  [
    'a name that nobody has',
    { where: 'ww.example.com' },
    { kind: 'not-placed', resolved: { kind: 'absent', suggestions: ['www.example.com'] } },
  ],
  ['a wrong path', { paths: ['/a', '/~me'] }, { kind: 'paths-refused', findings: [{ reason: 'Tilde', offer: '/*' }] }],
  ['a distribution that is not allowed', { isAllowed: () => false }, { kind: 'not-allowed' }],
])('Given %s, then nothing is sent and the reason is a value', async (_, changes, outcome) => {
  const world = anInvalidationWorld();
  expect(await ask(world, changes)).toMatchObject(outcome);
  expect(world.queue.sent).toEqual([]);
});

test('Given a group of the stage, then every place of it has its own request', async () => {
  const world = anInvalidationWorld();
  expect(await ask(world, { where: 'Site' })).toMatchObject({
    kind: 'taken',
    requests: [{ place: { distributionId: WWW.distributionId } }],
  });
});

test('Given a tenant’s domain, then the tenant is invalidated, not its template', async () => {
  const world = anInvalidationWorld();
  const template = { ...WWW, distributionId: 'E2TEMPLATE22', aliases: [], connectionMode: 'tenant-only' } as const;
  world.cloudFront.distributions.set(template.distributionId, template);
  world.cloudFront.tenants.set('dt_1', {
    tenantId: 'dt_1',
    distributionId: template.distributionId,
    domains: ['shop.example.org'],
    status: 'Deployed',
  });
  expect(await ask(world, { where: template.distributionId })).toMatchObject({
    kind: 'not-placed',
    resolved: { kind: 'tenant-only' },
  });
  await ask(world, { where: 'https://shop.example.org/', paths: ['https://shop.example.org/a.html'] });
  await world.settle();
  expect(world.cloudFront.made).toMatchObject([{ place: { tenantId: 'dt_1' }, paths: ['/a.html'] }]);
});

const EVENT = {
  'detail-type': 'Invalidation Requested',
  source: 'deploy.www',
  account: '123456789012',
  detail: { idempotencyKey: 'build-7', distribution: 'www.example.com', paths: ['/index.html', '/*'] },
};

test('Given a pipeline asks twice with one key, then it is one invalidation, and the bus says its ending with that key', async () => {
  const world = anInvalidationWorld();
  await world.deliver([JSON.stringify(EVENT), JSON.stringify(EVENT)]);
  await world.settle();
  expect(world.cloudFront.made.map(({ paths }) => paths)).toEqual([['/*']]);
  expect(world.events).toMatchObject([
    { detailType: 'Invalidation Completed', detail: { idempotencyKey: 'build-7', requestedBy: 'deploy.www' } },
  ]);
});

test.each([
  ['a distribution that the stage does not list', { distribution: 'E2OTHER33333' }, 'DistributionNotListed'],
  ['a distribution that is not there', { distribution: 'nowhere.example.com' }, 'DistributionUnknown'],
  ['a wrong path', { paths: ['/~x'] }, 'PathsRefused'],
  ['too many paths', { paths: Array.from({ length: 3_001 }, (_, at) => `/${at}.html`) }, 'TooManyPaths'],
])('Given a pipeline asks for %s, then it fails aloud, in the channel and on the bus', async (_, detail, code) => {
  const world = anInvalidationWorld();
  world.cloudFront.distributions.set('E2OTHER33333', { ...WWW, distributionId: 'E2OTHER33333', aliases: [] });
  await world.deliver([JSON.stringify({ ...EVENT, detail: { ...EVENT.detail, ...detail } })]);
  await world.settle();
  expect(world.cloudFront.made).toEqual([]);
  expect(world.said('invalidation-failed')).toMatchObject([{ code }]);
  expect(world.events).toMatchObject([
    { detailType: 'Invalidation Failed', detail: { idempotencyKey: 'build-7', code } },
  ]);
});

test('Given messages that can’t be understood or are another account’s, then one is set aside and the other left alone', async () => {
  const world = anInvalidationWorld();
  await world.deliver(['{"usher":1,"kind":"else"}', JSON.stringify({ ...EVENT, account: '999999999999' }), 'no json']);
  expect(world.deadLetters).toHaveLength(2);
  expect(world.queue.sent).toEqual([]);
  expect(world.reports.handedIn).toEqual([]);
});

test('Given a pipeline asks again for what is done, then nothing is sent, and the bus says the same ending again', async () => {
  const world = anInvalidationWorld();
  await world.deliver([JSON.stringify(EVENT)]);
  await world.settle();
  await world.deliver([JSON.stringify(EVENT)]);
  await world.settle();
  expect(world.cloudFront.made).toHaveLength(1);
  const [first, again, ...more] = world.events;
  expect(first?.detail).toMatchObject({ status: 'Completed', idempotencyKey: 'build-7', invalidationId: 'I1' });
  expect([again, more]).toEqual([first, []]);
  expect(world.said('invalidation-completed')).toHaveLength(1);
});

test('Given a pipeline’s request failed, when it asks again with the same key, then it is tried anew', async () => {
  const world = anInvalidationWorld();
  world.onCall((_, name) => (name === 'cloudFront.createInvalidation' ? refusal('AccessDenied') : 'proceed'));
  await world.deliver([JSON.stringify(EVENT)]);
  await world.settle();
  world.onCall();
  await world.deliver([JSON.stringify(EVENT)]);
  await world.settle();
  expect(world.cloudFront.made).toHaveLength(1);
  expect(world.events.map(({ detailType }) => detailType)).toEqual(['Invalidation Failed', 'Invalidation Completed']);
});

test('Given thousands of wrong paths of a pipeline, then the report stays small, and says how many', async () => {
  const world = anInvalidationWorld();
  const paths = Array.from({ length: 9_000 }, (_, index) => `/~${index}${'x'.repeat(90)}`);
  await world.deliver([JSON.stringify({ ...EVENT, detail: { ...EVENT.detail, paths } })]);
  const [report] = world.reports.handedIn;
  expect(JSON.stringify(report).length).toBeLessThan(20_000);
  expect(report?.body).toMatchObject({ code: 'PathsRefused', message: expect.stringContaining('9000') });
  expect(world.events).toMatchObject([{ detailType: 'Invalidation Failed', detail: { pathCount: 9_000 } }]);
});

test('Given a report that the queue never takes, then the bus says nothing before it', async () => {
  const world = anInvalidationWorld();
  let refused = 0;
  world.onCall((_, name) => {
    if (name !== 'reports.publish' || refused === 4) return 'proceed';
    refused += 1;
    return 'fail-before';
  });
  await world.deliver([JSON.stringify({ ...EVENT, detail: { ...EVENT.detail, paths: ['/~x'] } })]);
  expect(world.events).toHaveLength(1);
});

test('Given CloudFront finds a new invalidation only after a while, then it is followed all the same', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.hiddenForSeconds = 100;
  await ask(world);
  await world.settle();
  expect(world.said('invalidation-failed')).toEqual([]);
  expect(world.said('invalidation-completed')).toHaveLength(1);
});

test('Given CloudFront knows it no more for two minutes, then that is its ending', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.hiddenForSeconds = Number.POSITIVE_INFINITY;
  await ask(world);
  await world.settle(115);
  expect(world.said('invalidation-failed')).toEqual([]);
  await world.settle(60);
  expect(world.said('invalidation-failed')).toMatchObject([{ code: 'NoSuchInvalidation' }]);
});

test('Given one look misses it after hours, then the next decides', async () => {
  const world = anInvalidationWorld();
  world.cloudFront.completesAfterSeconds = 3_000;
  await ask(world);
  await world.settle(1_000);
  world.cloudFront.hiddenForSeconds = Number.POSITIVE_INFINITY;
  const [look] = world.queue.due();
  expect(look).toBeUndefined();
  world.clock.advance(world.queue.secondsUntilDue() ?? 0);
  await world.deliver(world.queue.due());
  world.cloudFront.hiddenForSeconds = 0;
  await world.settle();
  expect(world.said('invalidation-failed')).toEqual([]);
  expect(world.said('invalidation-completed')).toHaveLength(1);
});

test('Given Slack takes no answer any more, then the channel hears who has to wait', async () => {
  const world = anInvalidationWorld();
  world.refuseAnswers();
  world.onCall((_, name) => (name === 'cloudFront.createInvalidation' ? refusal('Throttling') : 'proceed'));
  await ask(world);
  await world.settle(5);
  expect(world.said('invalidation-queued')).toMatchObject([{ because: 'Throttled', position: 1 }]);
});

test('Given an ending, then it is written down before anybody is answered', async () => {
  const world = anInvalidationWorld();
  await ask(world);
  await world.settle();
  const names = world.calls.map(({ name }) => name);
  expect(names.indexOf('invalidations.end')).toBeLessThan(names.indexOf('answers.tell'));
  expect(names.indexOf('reports.publish')).toBeLessThan(names.indexOf('bus.put'));
});

const scenario = async (world: InvalidationWorld): Promise<void> => {
  const event = (key: string, paths: readonly string[]) =>
    JSON.stringify({ ...EVENT, detail: { ...EVENT.detail, idempotencyKey: key, paths } });
  await world.deliver([event('k1', ['/one.html', '/both.html']), event('k2', ['/two.html', '/both.html'])]);
  await world.settle();
};

const keysTold = ({ reports }: InvalidationWorld): readonly string[] => [
  ...new Set(reports.handedIn.map((report: Report) => report.key)),
];

const callsOf = async (): Promise<number> => {
  const world = anInvalidationWorld();
  await scenario(world);
  return world.calls.length;
};

test.each(['fail-before', 'fail-after'] as const)(
  'Given the process is killed at any call (%s), then nothing is lost, nothing is invalidated twice, and every key hears its ending',
  async (fate) => {
    const total = await callsOf();
    expect(total).toBeGreaterThan(30);
    for (let k = 1; k <= total; k += 1) {
      const world = anInvalidationWorld();
      world.onCall((at) => (at === k ? fate : 'proceed'));
      await scenario(world);
      const paths = world.cloudFront.made.flatMap((made) => made.paths);
      expect([k, [...new Set(paths)].sort()]).toEqual([k, ['/both.html', '/one.html', '/two.html']]);
      // In one batch or in two: only `/both.html` was asked for twice.
      expect([k, paths.filter((path) => path !== '/both.html').length]).toEqual([k, 2]);
      expect([k, [...world.invalidations.waiting.keys()]]).toEqual([k, []]);
      expect([k, [...world.invalidations.batches.values()].map(({ status }) => status)]).toEqual([
        k,
        world.cloudFront.made.map(() => 'completed'),
      ]);
      expect([k, [...new Set(world.events.map(({ detail }) => detail['idempotencyKey']))].sort()]).toEqual([
        k,
        ['k1', 'k2'],
      ]);
      expect([k, keysTold(world).filter((key) => key.startsWith('invalidation-failed'))]).toEqual([k, []]);
      expect([k, world.queue.secondsUntilDue()]).toEqual([k, undefined]);
    }
  },
);

test.each(['ThrottlingException', 'InternalError'])(
  'Given any one call fails with %s, then it is done all the same',
  async (code) => {
    const total = await callsOf();
    for (let k = 1; k <= total; k += 1) {
      const world = anInvalidationWorld();
      world.onCall((at, name) =>
        at === k
          ? new AwsCallError({
              service: name.startsWith('cloudFront') ? 'CloudFront' : 'DynamoDB',
              action: name,
              code,
              meaning: meaningOf(code),
              awsMessage: 'once',
            })
          : 'proceed',
      );
      await scenario(world);
      expect([k, world.events.filter(({ detailType }) => detailType === 'Invalidation Completed').length >= 2]).toEqual(
        [k, true],
      );
      expect([k, world.events.filter(({ detailType }) => detailType === 'Invalidation Failed')]).toEqual([k, []]);
    }
  },
);

describe('A pause', () => {
  test('Given the stage is paused, when an invalidation is asked for, then it waits, is told so once, and goes when it is let go', async () => {
    const world = anInvalidationWorld();
    await world.state.pauses.begin({ since: world.clock.now(), byUserId: 'U0001' });
    await ask(world);
    await world.settle(5 * 3_600);
    expect(creations(world)).toEqual([]);
    expect(world.answered.map(({ report }) => report.body)).toMatchObject([
      { kind: 'invalidation-queued', position: 1, because: 'Paused' },
    ]);
    await world.state.pauses.end();
    await world.settle();
    expect(creations(world)).toHaveLength(1);
    expect(world.events.map(({ detailType }) => detailType)).toEqual(['Invalidation Completed']);
  });

  test('Given the stage stays paused for six hours, then who asked hears that it failed, and can try again', async () => {
    const world = anInvalidationWorld();
    await world.state.pauses.begin({ since: world.clock.now(), byUserId: 'U0001' });
    await ask(world);
    await world.settle();
    expect(creations(world)).toEqual([]);
    expect(world.said('invalidation-failed')).toMatchObject([{ code: 'WaitedTooLong' }]);
    expect(world.queue.secondsUntilDue()).toBeUndefined();
  });

  test('Given the stage is paused and nothing waits, when the line is looked at, then it is not looked at again', async () => {
    const world = anInvalidationWorld();
    await ask(world);
    await world.settle();
    await world.state.pauses.begin({ since: world.clock.now(), byUserId: 'U0001' });
    const sent = world.queue.sent.length;
    await world.settle(3_600);
    expect(world.queue.sent).toHaveLength(sent);
  });
});
