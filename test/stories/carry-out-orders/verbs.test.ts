import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../domain/order.ts';
import type { DrainedGroup, ListedChange } from '../../../domain/verb-answer.ts';
import { anInstance, aRule, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aJourney, failure, stateChange } from '../journey.ts';
import { seat, targetsOf } from '../seat-instances/seating.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const ADMIN = targetGroupArn('admin');
const WEB_1 = anInstance();
const WEB_2 = anInstance({ instanceId: 'i-00000002' });
const WEB_3 = anInstance({ instanceId: 'i-00000003' });

type Settings = Parameters<typeof anOrderWorld>[1];

/** Three instances that Usher seated in two groups, in service. */
const seated = async (parts: WorldParts = {}, settings?: Settings) => {
  const world = anOrderWorld(
    {
      instances: [WEB_1, WEB_2, WEB_3],
      targetGroups: [aTargetGroup(), aTargetGroup({ name: 'admin', arn: ADMIN, port: 8080 })],
      ...parts,
    },
    settings,
  );
  const journey = aJourney(world.world);
  for (const { instanceId } of [WEB_1, WEB_2, WEB_3]) journey.put(stateChange(instanceId));
  await journey.untilQuiet();
  world.forgetCalls();
  return world;
};

type Ordered = Awaited<ReturnType<typeof seated>>;

/** One after the other, each once the last is carried out. */
const inTurn = async ({ deliver }: Pick<Ordered, 'deliver'>, orders: readonly Order[]): Promise<void> => {
  for (const order of orders) await deliver(order);
};

const ALL_BUT_3 = (port: number) => [`i-00000001:${port}`, `i-00000002:${port}`];
const EVERYBODY = (port: number) => [...ALL_BUT_3(port), `i-00000003:${port}`];

const writesOf = ({ world }: Pick<Ordered, 'world'>) => world.writes().map(({ name }) => name);

const drainedGroups = (world: Pick<Ordered, 'answers'>): readonly DrainedGroup[] =>
  world.answers().flatMap((answer) => (answer.kind === 'drained' ? answer.groups : []));

const outcomesByGroup = (world: Pick<Ordered, 'answers'>) =>
  drainedGroups(world).map(({ targetGroup, outcome }) => [
    targetGroup.name,
    'because' in outcome ? outcome.because : outcome.kind,
  ]);

describe('pause and resume', () => {
  test('Given somebody who may, when they pause, then it stands with who, since when and why, and the channel hears', async () => {
    const world = anOrderWorld();
    const at = world.clock.now();
    await world.deliver(world.type('pause moving to the new VPC'));
    expect(await world.state.pauses.find()).toEqual({ since: at, byUserId: 'U0001', reason: 'moving to the new VPC' });
    expect(world.answers()).toEqual([
      { kind: 'paused', byUserId: 'U0001', reason: 'moving to the new VPC', pausedBefore: undefined },
    ]);
    expect(world.replied.map(({ audience }) => audience)).toEqual(['channel']);
  });

  test('Given a pause, when another person pauses, then its beginning stays and the reason is theirs', async () => {
    const world = anOrderWorld({}, { writers: 'pause=U0001,U0002' });
    const at = world.clock.now();
    await world.deliver(world.type('pause'));
    world.clock.advance(600);
    await world.deliver(world.type('pause still moving', { userId: 'U0002' }));
    expect(await world.state.pauses.find()).toEqual({ since: at, byUserId: 'U0002', reason: 'still moving' });
    expect(world.answers().at(-1)).toMatchObject({ pausedBefore: at.toISOString() });
  });

  test('Given a pause, when it is resumed, then it is over and a sweep is ordered', async () => {
    const world = anOrderWorld();
    await inTurn(world, [world.type('pause'), world.type('resume')]);
    expect(await world.state.pauses.find()).toBeUndefined();
    expect(world.sweepQueue.sent.map(({ body }) => JSON.parse(body))).toEqual([
      { usher: 1, kind: 'sweep-due', attempt: 0, userId: 'U0001' },
    ]);
    expect(world.answers().at(-1)).toMatchObject({ kind: 'resumed', byUserId: 'U0001' });
  });

  test('Given no pause, when it is resumed, then that is said and nothing is ordered', async () => {
    const world = anOrderWorld();
    await world.deliver(world.type('resume'));
    expect([world.answers(), world.sweepQueue.sent]).toEqual([[{ kind: 'not-paused' }], []]);
  });

  test.each(['pause', 'resume', 'drain web-3', 'keep sgr-1', 'sweep'])(
    'Given somebody without the right, when they say %s, then nothing is looked up',
    async (text) => {
      const world = await seated({}, { writers: 'undo=U0001' });
      await world.deliver(world.type(text));
      expect(world.calls.map(({ name }) => name)).toEqual(['orders.begin', 'replies.reply', 'orders.finish']);
      expect(world.answers()).toMatchObject([{ kind: 'not-allowed', right: text.split(' ')[0], parameter: 'writers' }]);
    },
  );

  test.each(['status', 'keep', 'keep list', 'undo', 'undo list'])(
    'Given a channel where nobody may read, when somebody says %s, then nothing is looked up',
    async (text) => {
      const world = await seated({}, { readChannels: 'C0009' });
      await world.deliver(world.type(text));
      expect(world.calls.map(({ name }) => name)).toEqual(['orders.begin', 'replies.reply', 'orders.finish']);
      expect(world.answers()).toMatchObject([{ kind: 'not-allowed', right: 'read', parameter: 'readChannels' }]);
    },
  );
});

describe('drain', () => {
  test.each(['drain web-3', 'drain i-00000003'])(
    'Given an instance in two groups, when %s is said, then it leaves both and is held out of both',
    async (text) => {
      const world = await seated();
      await world.deliver(world.type(text));
      expect([targetsOf(world.world, WEB), targetsOf(world.world, ADMIN)]).toEqual([ALL_BUT_3(80), ALL_BUT_3(8080)]);
      expect(outcomesByGroup(world)).toEqual([
        ['admin', 'taken-out'],
        ['web', 'taken-out'],
      ]);
      expect(world.replied.map(({ audience }) => audience)).toEqual(['channel']);
      world.clock.advance(3_600);
      await seat(world.world, 'i-00000003');
      expect([targetsOf(world.world, WEB), targetsOf(world.world, ADMIN)]).toEqual([ALL_BUT_3(80), ALL_BUT_3(8080)]);
    },
  );

  test('Given a drained instance, when it is put back by the button of its hold, then it serves again', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    await world.deliver(world.type('drain web-3'));
    world.clock.advance(3_600);
    await seat(world.world, 'i-00000003');
    await world.deliver(world.press(world.button('put-it-back')));
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY(80));
  });

  test('Given the group would fall below its floor, when it is drained, then it stays there, with the numbers', async () => {
    const world = await seated({ stage: { minimumHealthyTargets: 3 } });
    await world.deliver(world.type('drain web-3'));
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY(80));
    expect(outcomesByGroup(world)).toEqual([
      ['admin', { kind: 'BelowFloor', healthy: 3, floor: 3 }],
      ['web', { kind: 'BelowFloor', healthy: 3, floor: 3 }],
    ]);
  });

  test('Given the budget of the hour has room for one, when it is drained, then one group is left, and the other says why not', async () => {
    const world = await seated({ stage: { removalsPerHour: 1 } });
    await world.deliver(world.type('drain web-3'));
    expect(outcomesByGroup(world)).toEqual([
      ['admin', 'taken-out'],
      ['web', { kind: 'TooManyRemovals', removalsPerHour: 1 }],
    ]);
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY(80));
  });

  test('Given a person registered it, when it is drained, then it stays and that is said', async () => {
    const world = anOrderWorld({ instances: [WEB_1] });
    await world.world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
    world.forgetCalls();
    await world.deliver(world.type('drain web-1'));
    expect([outcomesByGroup(world), writesOf(world)]).toEqual([[['web', 'NotOurs']], []]);
  });

  test('Given it was drained before, when it is drained again, then it was out already and nothing is written', async () => {
    const world = await seated();
    await world.deliver(world.type('drain web-3'));
    world.forgetCalls();
    await world.deliver(world.type('drain web-3'));
    expect(writesOf(world)).toEqual([]);
    expect(
      drainedGroups(world)
        .slice(2)
        .map(({ outcome }) => outcome.kind),
    ).toEqual(['out-already', 'out-already']);
  });

  test('Given it was drained and somebody put it back by hand, when it is drained again, then it stays and is not said to be out', async () => {
    const world = await seated();
    await world.deliver(world.type('drain web-3'));
    world.world.clock.advance(600);
    await world.world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000003', port: 80 }]);
    await world.deliver(world.type('drain web-3'));
    expect(drainedGroups(world).slice(2)).toMatchObject([
      { targetGroup: { name: 'admin' }, outcome: { kind: 'out-already' } },
      { targetGroup: { name: 'web' }, outcome: { kind: 'stays', because: 'NotOurs' } },
    ]);
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY(80));
  });

  test('Given a pause, when it is drained, then nothing is written and that is said', async () => {
    const world = await seated();
    await inTurn(world, [world.type('pause'), world.type('drain web-3')]);
    expect(writesOf(world)).toEqual([]);
    expect(outcomesByGroup(world)).toEqual([
      ['admin', 'Paused'],
      ['web', 'Paused'],
    ]);
  });

  test('Given a tag says to ignore it, when it is drained, then it is left alone', async () => {
    const world = await seated();
    world.putInstances({ ...WEB_3, tags: { ...WEB_3.tags, 'usher:ignore': 'true' } });
    await world.deliver(world.type('drain web-3'));
    expect([outcomesByGroup(world), writesOf(world)]).toEqual([
      [
        ['admin', 'Ignored'],
        ['web', 'Ignored'],
      ],
      [],
    ]);
  });

  test('Given several of that name, when it is drained, then their ids are asked for', async () => {
    const world = await seated();
    world.putInstances({ ...WEB_2, tags: { ...WEB_2.tags, Name: 'web-3' } });
    await world.deliver(world.type('drain web-3'));
    expect(world.answers()).toMatchObject([
      { kind: 'ambiguous-instance', candidates: [{ id: 'i-00000002' }, { id: 'i-00000003' }] },
    ]);
    expect(writesOf(world)).toEqual([]);
  });

  test('Given nobody of that name, no name, or nobody in a group, when it is drained, then each is said', async () => {
    const world = await seated();
    world.putInstances(anInstance({ instanceId: 'i-00000004', tags: { Name: 'db-1' } }));
    await inTurn(world, [world.type('drain web-9'), world.type('drain'), world.type('drain db-1')]);
    expect(world.answers().map(({ kind }) => kind)).toEqual(['no-such-instance', 'say-which', 'in-no-group']);
  });

  test('Given the process dies at any call, when the order comes again, then it ends out of both groups, once each', async () => {
    const calm = await seated();
    await calm.deliver(calm.type('drain web-3'));
    const calls = calm.calls.length;
    expect(calls).toBeGreaterThan(20);
    for (let fatal = 1; fatal <= calls; fatal += 1) {
      const world = await seated();
      world.onCall((k) => (k === fatal ? 'fail-after' : 'proceed'));
      await world.deliver(world.type('drain web-3'));
      expect([fatal, targetsOf(world.world, WEB), targetsOf(world.world, ADMIN)]).toEqual([
        fatal,
        ALL_BUT_3(80),
        ALL_BUT_3(8080),
      ]);
      const held = [...world.state.ownership.values()].filter(({ undoneBy }) => undoneBy !== undefined);
      expect([fatal, held.length]).toEqual([fatal, 2]);
    }
  });
});

const KEPT_RULE = aRule({
  ruleId: 'sgr-0123456789abcdef0',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
});

const ruled = (parts: WorldParts = {}, settings?: Settings) =>
  anOrderWorld({ rules: [aRule(), aRule({ groupId: 'sg-alb' }), KEPT_RULE], ...parts }, settings);

const tagsOfRule = (world: Pick<Ordered, 'rulesOf'>) =>
  world.rulesOf('sg-web').find(({ ruleId }) => ruleId === KEPT_RULE.ruleId)?.tags;

describe('keep', () => {
  test('Given a rule, when it is to be kept, then its tag says so, under the lease of its group', async () => {
    const world = ruled();
    await world.deliver(world.type(`keep ${KEPT_RULE.ruleId}`));
    expect(tagsOfRule(world)).toEqual({ 'usher:keep': 'true' });
    expect(world.answers()).toEqual([
      {
        kind: 'kept',
        byUserId: 'U0001',
        rule: { ruleId: KEPT_RULE.ruleId, securityGroup: { id: 'sg-web', name: 'sg-web' } },
        wasKept: false,
      },
    ]);
    expect(world.calls.map(({ name }) => name).filter((name) => /leases|keepRule/.test(name))).toEqual([
      'leases.acquire',
      'ec2.keepRule',
      'leases.release',
    ]);
  });

  test('Given a rule that is kept, when it is to be kept again, then nothing is written; and the list has it', async () => {
    const world = ruled();
    await world.deliver(world.type(`keep ${KEPT_RULE.ruleId}`));
    world.forgetCalls();
    await inTurn(world, [world.type(`keep ${KEPT_RULE.ruleId}`), world.type('keep')]);
    expect(writesOf(world)).toEqual([]);
    expect(world.answers().slice(1)).toMatchObject([
      { kind: 'kept', wasKept: true },
      { kind: 'kept-rules', count: 1, rules: [{ ruleId: KEPT_RULE.ruleId }] },
    ]);
  });

  test('Given no such rule, when it is to be kept, then that is said', async () => {
    const world = ruled();
    await world.deliver(world.type('keep sgr-0000000000000000f'));
    expect(world.answers()).toEqual([{ kind: 'no-such-rule', said: 'sgr-0000000000000000f' }]);
  });

  test.each([
    ['Ignored', { securityGroups: [aSecurityGroup({ tags: { 'usher:ignore': 'true' } })] }],
    ['ReportOnly', { stage: { maximumPolicy: 'report-only' } }],
    ['OutsideVpcs', { stage: { vpcIds: ['vpc-9'] } }],
  ] as const)('Given that %s forbids it, when it is to be kept, then nothing is written', async (because, parts) => {
    const world = ruled(parts);
    await world.deliver(world.type(`keep ${KEPT_RULE.ruleId}`));
    expect([world.answers(), writesOf(world)]).toMatchObject([[{ kind: 'not-kept', because }], []]);
  });

  test('Given a pause, when a rule is to be kept, then nothing is written', async () => {
    const world = ruled();
    await inTurn(world, [world.type('pause'), world.type(`keep ${KEPT_RULE.ruleId}`)]);
    expect([world.answers().at(-1), writesOf(world)]).toMatchObject([{ kind: 'not-kept', because: 'Paused' }, []]);
  });

  test('Given AWS refuses it, when a rule is to be kept, then its code is said', async () => {
    const world = ruled();
    world.onCall((_, name) => (name === 'ec2.keepRule' ? failure('denied') : 'proceed'));
    await world.deliver(world.type(`keep ${KEPT_RULE.ruleId}`));
    expect(world.answers()).toMatchObject([
      { kind: 'not-kept', because: { kind: 'RefusedByAws', code: 'Made-denied' } },
    ]);
  });
});

const changesIn = (world: Pick<Ordered, 'answers'>): readonly ListedChange[] => {
  const last = world.answers().findLast((answer) => answer.kind === 'changes');
  return last?.kind === 'changes' ? last.changes : [];
};

describe('undo', () => {
  test('Given changes of the last day, when they are listed, then the newest is first and each registration has its plan', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    await world.deliver(world.type('undo'));
    expect(
      changesIn(world).map(({ number, what, name, planId }) => [number, what, name, planId !== undefined]),
    ).toEqual([
      [1, 'registered', 'web-3', true],
      [2, 'registered', 'web-2', true],
      [3, 'registered', 'web-1', true],
      [4, 'rule-added', 'sg-web', false],
    ]);
    expect(world.replied.map(({ audience }) => audience)).toEqual(['person']);
  });

  test('Given a list, when a number of it is said, then that very change is undone as by its button', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    await world.deliver(world.type('undo'));
    await world.deliver(world.type('undo 2'));
    expect(targetsOf(world.world, WEB)).toEqual(['i-00000001:80', 'i-00000003:80']);
    expect(world.outcomes()).toMatchObject([{ kind: 'undone', names: ['web-2'] }]);
    await world.deliver(world.type('undo'));
    expect(changesIn(world).map(({ what, name, isUndone }) => [what, name, isUndone])).toEqual([
      ['taken-out', 'web-2', false],
      ['registered', 'web-3', false],
      ['registered', 'web-2', true],
      ['registered', 'web-1', false],
      ['rule-added', 'sg-web', false],
    ]);
  });

  test('Given a button of the list, when it is pressed, then that change is undone', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    await world.deliver(world.type('undo'));
    const planId = changesIn(world)[0]?.planId ?? '';
    await world.deliver(world.press({ verb: 'undo', planId }));
    expect(targetsOf(world.world, WEB)).toEqual(ALL_BUT_3(80));
  });

  test('Given no list, a rule, or a number that is none, when it is said, then nothing is undone', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    await world.deliver(world.type('undo 1'));
    await world.deliver(world.type('undo'));
    await inTurn(world, [world.type('undo 4'), world.type('undo web-3'), world.type('undo 99')]);
    expect(world.answers().map(({ kind }) => kind)).toEqual([
      'no-such-change',
      'changes',
      'no-such-change',
      'no-such-change',
      'no-such-change',
    ]);
    expect(writesOf(world)).toEqual([]);
  });

  test('Given a list that was shown after the number was typed, when the order arrives late, then it means no line of it', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    const late = world.type('undo 1');
    world.clock.advance(60);
    await world.deliver(world.type('undo'));
    await world.deliver(late);
    expect(world.answers().map(({ kind }) => kind)).toEqual(['changes', 'no-such-change']);
  });

  test('Given another person was shown a list, when somebody says a number, then it means nothing to them', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] });
    await inTurn(world, [world.type('undo'), world.type('undo 1', { userId: 'U0002' })]);
    expect(world.answers().at(-1)).toMatchObject({ kind: 'no-such-change' });
  });

  test('Given a list, when somebody without the right says a number, then it is refused', async () => {
    const world = await seated({ targetGroups: [aTargetGroup()] }, { writers: 'drain=U0001' });
    await world.deliver(world.type('undo'));
    await world.deliver(world.type('undo 1'));
    expect(world.answers().at(-1)).toMatchObject({ kind: 'not-allowed', right: 'undo' });
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY(80));
  });

  test('Given a day has passed, when changes are listed, then there are none', async () => {
    const world = await seated();
    world.clock.advance(86_401);
    await world.deliver(world.type('undo list'));
    expect(world.answers()).toEqual([{ kind: 'changes', changes: [], count: 0 }]);
  });
});

describe('sweep and status', () => {
  test('Given somebody who may, when they say sweep, then one is ordered in their name', async () => {
    const world = anOrderWorld();
    await world.deliver(world.type('sweep'));
    expect(world.sweepQueue.sent.map(({ body }) => JSON.parse(body))).toEqual([
      { usher: 1, kind: 'sweep-due', attempt: 0, userId: 'U0001' },
    ]);
    expect(world.answers()).toEqual([{ kind: 'sweep-ordered', byUserId: 'U0001' }]);
  });

  test('Given nothing was swept yet, when status is asked for, then policies are said and no sweep', async () => {
    const world = anOrderWorld();
    await world.deliver(world.type('status'));
    expect(world.answers()).toEqual([
      {
        kind: 'status',
        defaultPolicy: 'add-only',
        maximumPolicy: 'add-only',
        pause: undefined,
        sweepingSince: undefined,
        caution: undefined,
        lastSweep: undefined,
      },
    ]);
    expect(world.calls.filter(({ kind }) => kind === 'read' || kind === 'write')).toEqual([]);
  });

  test('Given a pause and a sweep that looked at everything, when status is asked for, then it says both', async () => {
    const world = anOrderWorld();
    const { state, version } = await world.sweeps.read();
    const seen = { instances: 3, targetGroups: 1, leftAlone: [], limits: [] };
    const completedAt = '2026-11-22T04:00:00.000Z';
    await world.sweeps.write({ ...state, record: { ...state.record, completedAt, seen } }, version);
    await inTurn(world, [world.type('pause audit'), world.type('status')]);
    expect(world.answers().at(-1)).toMatchObject({
      pause: { byUserId: 'U0001', reason: 'audit' },
      lastSweep: { completedAt, ...seen },
    });
  });
});

describe('Killed anywhere and started again', () => {
  const runs: readonly (readonly [string, (world: Ordered) => unknown])[] = [
    ['pause audit', (world) => [world.answers().at(-1)?.kind, world.sweepQueue.sent.length]],
    [`keep ${KEPT_RULE.ruleId}`, (world) => [tagsOfRule(world), world.answers().at(-1)?.kind]],
    ['undo 1', (world) => [targetsOf(world.world, WEB), world.answers().at(-1)?.kind]],
    ['sweep', (world) => world.answers().at(-1)?.kind],
    ['status', (world) => world.answers().at(-1)?.kind],
  ];

  const prepared = async () => {
    const world = await seated({
      targetGroups: [aTargetGroup()],
      rules: [aRule(), aRule({ groupId: 'sg-alb' }), { ...KEPT_RULE, fromPort: 443, toPort: 443 }],
    });
    await world.deliver(world.type('undo'));
    world.clock.advance(10);
    return world;
  };

  test.each(runs)('Given the process dies at any call of %s, then it comes to the same end', async (text, endOf) => {
    const calm = await prepared();
    calm.forgetCalls();
    await calm.deliver(calm.type(text));
    const calls = calm.calls.length;
    expect(calls).toBeGreaterThanOrEqual(4);
    for (let fatal = 1; fatal <= calls; fatal += 1)
      for (const fate of ['fail-before', 'fail-after'] as const) {
        const world = await prepared();
        world.onCall((k) => (k === fatal ? fate : 'proceed'));
        await world.deliver(world.type(text));
        expect([fatal, fate, endOf(world)]).toEqual([fatal, fate, endOf(calm)]);
      }
  });

  test('Given the process dies at any call of resume, then the pause is over and a sweep makes up for it', async () => {
    const calm = anOrderWorld();
    await inTurn(calm, [calm.type('pause'), calm.type('resume')]);
    for (let fatal = 1; fatal <= 8; fatal += 1)
      for (const fate of ['fail-before', 'fail-after'] as const) {
        const world = anOrderWorld();
        await world.deliver(world.type('pause'));
        world.onCall((k) => (k === fatal ? fate : 'proceed'));
        await world.deliver(world.type('resume'));
        expect([fatal, fate, await world.state.pauses.find()]).toEqual([fatal, fate, undefined]);
        expect([fatal, fate, world.sweepQueue.sent.length > 0]).toEqual([fatal, fate, true]);
      }
  });
});
