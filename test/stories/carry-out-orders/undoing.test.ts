import { describe, expect, test } from '@jest/globals';
import type { PressOutcome } from '../../../domain/answer.ts';
import type { Tags } from '../../../domain/tags.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { REFUSES } from '../../support/world/memory-balancing.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aJourney, failure, ownRules, shown, stateChange } from '../journey.ts';
import { seat, startAgain, targetsOf } from '../seat-instances/seating.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const [ONE, TWO, THREE] = [1, 2, 3].map((number) =>
  anInstance({ instanceId: `i-0000000${number}`, tags: { Role: 'web', Name: `web-${number}` } }),
) as [ReturnType<typeof anInstance>, ReturnType<typeof anInstance>, ReturnType<typeof anInstance>];

type Settings = Parameters<typeof anOrderWorld>[1];

/** Two instances that serve already, registered by hand; then one is launched, seated by Usher, and in service. */
const inService = async (parts: WorldParts = {}, settings?: Settings) => {
  const order = anOrderWorld({ instances: [ONE, TWO, THREE], ...parts }, settings);
  const { world } = order;
  await world.ports.loadBalancing.registerTargets(WEB, [
    { id: ONE.instanceId, port: 80 },
    { id: TWO.instanceId, port: 80 },
  ]);
  const journey = aJourney(world);
  journey.put(stateChange(THREE.instanceId));
  await journey.untilQuiet();
  expect(targetsOf(world, WEB)).toEqual(['i-00000001:80', 'i-00000002:80', 'i-00000003:80']);
  return { ...order, journey };
};

const TAKEN_OUT = ['i-00000001:80', 'i-00000002:80'];
const EVERYBODY = [...TAKEN_OUT, 'i-00000003:80'];

const movedBecause = (outcomes: readonly PressOutcome[]) =>
  outcomes.map((outcome) => (outcome.kind === 'moved' ? outcome.moved.map(({ because }) => because) : outcome.kind));

const deregistrations = ({ calls }: { readonly calls: readonly { readonly name: string }[] }) =>
  calls.filter(({ name }) => name === 'loadBalancing.deregisterTargets').length;

describe('The offer', () => {
  test('Given a target that Usher registered, when it is in service, then the report offers to undo that, for a day', async () => {
    const world = await inService();
    const [report] = shown(world.world);
    expect(report?.buttons).toEqual([
      { verb: 'undo', planId: expect.any(String), object: { kind: 'targets', names: ['web-3'], count: 1 } },
    ]);
    const plan = world.state.storedPlans.get(world.button('undo').planId);
    expect(Date.parse(plan?.expiresAt ?? '') - Date.parse(plan?.createdAt ?? '')).toBe(86_400_000);
  });

  test('Given a target that stays unhealthy, when that is said, then undoing is offered before muting', async () => {
    const order = anOrderWorld({ instances: [ONE] });
    order.balancing.answers.set(ONE.instanceId, REFUSES);
    const journey = aJourney(order.world);
    journey.put(stateChange(ONE.instanceId));
    await journey.pass(200);
    expect(shown(order.world).map(({ buttons }) => buttons?.map(({ verb }) => verb))).toEqual([['undo', 'mute']]);
    expect(shown(order.world)[0]?.buttons?.[0]?.object).toEqual({
      kind: 'targets',
      names: ['web-1'],
      count: 1,
      leaving: true,
    });
  });
});

describe('Undo', () => {
  test('Given a target in service, when its registration is undone, then it is out, its rule stays, and the channel hears both', async () => {
    const world = await inService();
    await world.deliver(world.press(world.button('undo')));
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
    expect(ownRules(world.world, 'sg-web')).toHaveLength(1);
    expect(world.outcomes()).toEqual([
      {
        kind: 'undone',
        targetGroup: { name: 'web', id: WEB },
        names: ['web-3'],
        count: 1,
        rules: [{ ruleId: 'sgr-made1', securityGroup: { name: 'sg-web', id: 'sg-web' } }],
      },
    ]);
    expect(world.replied.map(({ audience }) => audience)).toEqual(['channel']);
    expect([...world.state.entries.values()].at(-1)).toMatchObject({
      change: { kind: 'deregister-target', target: { id: 'i-00000003', port: 80 }, reason: 'Undone', ours: true },
      status: 'applied',
      telling: 'closed',
    });
  });

  test('Given an undo, when it is written down, then that is before AWS is asked, and its end after', async () => {
    const world = await inService();
    world.forgetCalls();
    await world.deliver(world.press(world.button('undo')));
    const names = world.calls.map(({ name }) => name);
    expect(
      names.filter((name) => /^(budgets|ledger\.(intend|settle)|loadBalancing\.deregister|leases)/.test(name)),
    ).toEqual([
      'leases.acquire',
      'budgets.take',
      'ledger.intend',
      'loadBalancing.deregisterTargets',
      'ledger.settle',
      'leases.release',
    ]);
  });

  test('Given two who press at once, then it is taken out once, and the other hears whose it is', async () => {
    const world = await inService({}, { writers: 'undo=U0001,U0002' });
    const button = world.button('undo');
    await world.deliver(world.press(button), world.press(button, { userId: 'U0002' }));
    expect([targetsOf(world.world, WEB), deregistrations(world)]).toEqual([TAKEN_OUT, 1]);
    expect(
      world
        .outcomes()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['under-way', 'undone']);
  });

  test('Given it was undone, when it is pressed again, then who did it is said', async () => {
    const world = await inService();
    await world.deliver(world.press(world.button('undo')));
    await world.deliver(world.press(world.button('undo')));
    expect(deregistrations(world)).toBe(1);
    expect(world.outcomes().map(({ kind }) => kind)).toEqual(['undone', 'decided-before']);
  });

  test('Given somebody without the right, when they press, then nothing is looked at', async () => {
    const world = await inService({}, { writers: 'approve=U0001' });
    world.forgetCalls();
    await world.deliver(world.press(world.button('undo')));
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY);
    expect(world.calls.map(({ name }) => name)).toEqual([
      'orders.begin',
      'plans.find',
      'replies.reply',
      'orders.finish',
    ]);
    expect(world.answers()).toMatchObject([{ kind: 'not-allowed', right: 'undo', parameter: 'writers' }]);
  });

  test('Given a day has passed, when it is pressed, then the offer has ended', async () => {
    const world = await inService();
    world.clock.advance(86_400);
    await world.deliver(world.press(world.button('undo')));
    expect([targetsOf(world.world, WEB), world.outcomes()]).toEqual([
      EVERYBODY,
      [{ kind: 'expired', at: expect.any(String) }],
    ]);
  });

  test('Given a target that was called not in service, when it is undone, then nothing more is said of it', async () => {
    const order = anOrderWorld({ instances: [ONE] });
    order.balancing.answers.set(ONE.instanceId, REFUSES);
    const journey = aJourney(order.world);
    journey.put(stateChange(ONE.instanceId));
    await journey.pass(200);
    await order.deliver(order.press(order.button('undo')));
    expect(order.outcomes()).toMatchObject([{ kind: 'undone' }]);
    await journey.untilQuiet();
    expect(shown(order.world)).toHaveLength(1);
    expect(await order.state.ledger.listOpen()).toEqual([]);
  });
});

describe('The world moves', () => {
  test.each([
    [
      'taken out by somebody',
      'NotInGroup',
      (world: Awaited<ReturnType<typeof inService>>) => {
        world.balancing.registered.set(WEB, []);
      },
    ],
    [
      'being taken out by somebody',
      'Leaving',
      (world: Awaited<ReturnType<typeof inService>>) =>
        world.world.ports.loadBalancing.deregisterTargets(WEB, [{ id: THREE.instanceId, port: 80 }]),
    ],
    [
      'gone with its group',
      'GroupGone',
      (world: Awaited<ReturnType<typeof inService>>) => {
        world.balancing.targetGroups.delete(WEB);
      },
    ],
    [
      'registered on another port by now',
      'NotInGroup',
      async (world: Awaited<ReturnType<typeof inService>>) => {
        world.balancing.registered.set(WEB, []);
        await world.world.ports.loadBalancing.registerTargets(WEB, [{ id: THREE.instanceId, port: 8080 }]);
      },
    ],
    [
      'registered anew by Usher',
      'RegisteredAnew',
      async (world: Awaited<ReturnType<typeof inService>>) => {
        world.balancing.registered.set(WEB, []);
        world.clock.advance(600);
        startAgain(world.world, THREE);
        await seat(world.world, THREE.instanceId);
      },
    ],
    [
      'to be ignored',
      'Ignored',
      (world: Awaited<ReturnType<typeof inService>>) =>
        world.putInstances({ ...THREE, tags: { ...THREE.tags, 'usher:ignore': 'true' } }),
    ],
  ] as const)(
    'Given a target %s, when it is undone, then nothing is written and the reason is said',
    async (_, because, move) => {
      const world = await inService();
      await move(world);
      const before = world.balancing.registered.get(WEB);
      const writes = deregistrations(world);
      await world.deliver(world.press(world.button('undo')));
      expect(movedBecause(world.outcomes())).toEqual([[because]]);
      expect([world.balancing.registered.get(WEB), deregistrations(world)]).toEqual([before, writes]);
    },
  );

  test.each([
    ['report-only by now', { 'usher:policy': 'report-only' }, 'ReportOnly'],
    ["another stage's by now", { 'usher:stage': 'test' }, 'OtherStage'],
  ] as const)('Given a group that is %s, then nothing is written', async (_, tags: Tags, because) => {
    const world = await inService();
    world.balancing.targetGroups.set(WEB, aTargetGroup({ tags: { 'usher:selector': 'Role=web', ...tags } }));
    await world.deliver(world.press(world.button('undo')));
    expect([movedBecause(world.outcomes()), targetsOf(world.world, WEB)]).toEqual([[[because]], EVERYBODY]);
  });

  test('Given an address that another interface holds by now, when its registration is undone, then it is left alone', async () => {
    const instances = [ONE, TWO, THREE].map((one, index) => anInstance({ ...one, address: `10.0.1.${index + 1}` }));
    const order = anOrderWorld({ instances, targetGroups: [aTargetGroup({ targetType: 'ip' })] });
    const journey = aJourney(order.world);
    journey.put(...instances.map(({ instanceId }) => stateChange(instanceId)));
    await journey.untilQuiet();
    order.world.network.instances.delete(THREE.instanceId);
    order.world.putInstances(anInstance({ instanceId: 'i-00000009', address: '10.0.1.3', tags: { Name: 'task' } }));
    await order.deliver(order.press(order.button('undo')));
    expect(movedBecause(order.outcomes())).toEqual([['AddressHeld']]);
    expect(targetsOf(order.world, WEB)).toEqual(['10.0.1.1:80', '10.0.1.2:80', '10.0.1.3:80']);
    await order.deliver(order.type('drain i-00000003'));
    expect(order.answers().at(-1)).toMatchObject({ groups: [{ outcome: { kind: 'stays', because: 'AddressHeld' } }] });
    expect(targetsOf(order.world, WEB)).toHaveLength(3);
  });

  test('Given a group that asks, then who presses has been asked, and it is undone', async () => {
    const world = await inService();
    const tags = { 'usher:selector': 'Role=web', 'usher:policy': 'ask' };
    world.balancing.targetGroups.set(WEB, aTargetGroup({ tags }));
    await world.deliver(world.press(world.button('undo')));
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
  });

  test('Given it was undone and then registered by hand, when an older offer to undo is pressed, then it is left alone', async () => {
    const world = await inService();
    const button = world.button('undo');
    const plan = world.state.storedPlans.get(button.planId);
    if (plan === undefined) throw new Error('no plan');
    await world.state.plans.store({ ...plan, planId: 'plan-2' });
    await world.deliver(world.press(button));
    world.clock.advance(400);
    await world.world.ports.loadBalancing.registerTargets(WEB, [{ id: THREE.instanceId, port: 80 }]);
    await world.deliver(world.press({ verb: 'undo', planId: 'plan-2' }));
    expect(movedBecause(world.outcomes())).toEqual(['undone', ['RegisteredAnew']]);
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY);
  });

  test('Given two registered together and one taken out since, when both are to be undone, then neither is, and the other is offered', async () => {
    const order = anOrderWorld({ instances: [ONE, TWO, THREE] });
    const journey = aJourney(order.world);
    for (const { instanceId } of [ONE, TWO, THREE]) journey.put(stateChange(instanceId));
    await journey.untilQuiet();
    const held = order.balancing.registered.get(WEB) ?? [];
    order.balancing.registered.set(
      WEB,
      held.filter(({ target }) => target.id !== ONE.instanceId),
    );
    await order.deliver(order.press(order.button('undo')));
    expect(order.outcomes()).toMatchObject([
      {
        kind: 'moved',
        moved: [{ name: 'web-1', because: 'NotInGroup' }],
        offer: { names: ['web-2', 'web-3'], count: 2 },
      },
    ]);
    expect(targetsOf(order.world, WEB)).toEqual(['i-00000002:80', 'i-00000003:80']);
  });
});

describe('Limits', () => {
  test('Given the only healthy target of a group, when its registration is to be undone, then it stays, and why is said', async () => {
    const order = anOrderWorld({ instances: [ONE] });
    const journey = aJourney(order.world);
    journey.put(stateChange(ONE.instanceId));
    await journey.untilQuiet();
    await order.deliver(order.press(order.button('undo')));
    expect(order.outcomes()).toEqual([
      {
        kind: 'not-undone',
        targetGroup: { name: 'web', id: WEB },
        because: { kind: 'BelowFloor', healthy: 1, floor: 1 },
      },
    ]);
    expect(targetsOf(order.world, WEB)).toEqual(['i-00000001:80']);
  });

  test('Given the stage took out as many as it may this hour, then it stays; an hour later it goes', async () => {
    const world = await inService({ stage: { removalsPerHour: 1 } });
    await world.state.budgets.take([{ scope: 'stage|prod', limit: 1 }], 1, world.clock.now());
    const button = world.button('undo');
    const plan = world.state.storedPlans.get(button.planId);
    if (plan === undefined) throw new Error('no plan');
    await world.state.plans.store({ ...plan, planId: 'plan-2' });
    await world.deliver(world.press(button));
    expect(world.outcomes()).toMatchObject([{ because: { kind: 'TooManyRemovals', removalsPerHour: 1 } }]);
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY);
    world.clock.advance(3_600);
    await world.deliver(world.press({ verb: 'undo', planId: 'plan-2' }));
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
  });

  test('Given AWS refuses, then its code is said, it is settled, and nobody is told of a registration', async () => {
    const world = await inService();
    world.onCall((_, name) => (name === 'loadBalancing.deregisterTargets' ? failure('denied') : 'proceed'));
    await world.deliver(world.press(world.button('undo')));
    world.onCall();
    expect(world.outcomes()).toMatchObject([{ because: { kind: 'RefusedByAws', code: 'Made-denied' } }]);
    expect([targetsOf(world.world, WEB), await world.state.ledger.listOpen()]).toEqual([EVERYBODY, []]);
  });

  test('Given somebody else plans against the group, when it is pressed, then it is tried again until the group is free', async () => {
    const world = await inService();
    await world.state.leases.acquire([WEB], 'sweep', world.clock.now(), 90);
    await world.deliver(world.press(world.button('undo')));
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
    expect(world.outcomes().map(({ kind }) => kind)).toEqual(['undone']);
  });
});

describe('Held', () => {
  test('Given it was undone, when ten more events of its instance come, then it stays out, and that is said once', async () => {
    const world = await inService();
    await world.deliver(world.press(world.button('undo')));
    for (let event = 0; event < 10; event += 1) {
      world.journey.put(stateChange(THREE.instanceId));
      await world.journey.untilQuiet();
      world.clock.advance(120);
    }
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
    expect(shown(world.world).map(({ body }) => body.kind)).toEqual(['targets-in-service', 'targets-not-registered']);
  });

  test('Given it was undone, when it is put back by its button, then it is in, and can be undone once more', async () => {
    const world = await inService();
    await world.deliver(world.press(world.button('undo')));
    world.clock.advance(400);
    await seat(world.world, THREE.instanceId);
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
    await world.deliver(world.press(world.button('put-it-back')));
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY);
    await world.journey.untilQuiet();
    world.clock.advance(3_600);
    await world.deliver(world.press(world.button('undo')));
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
  });

  test('Given it was undone, when its instance is stopped and started, then it is seated again', async () => {
    const world = await inService();
    await world.deliver(world.press(world.button('undo')));
    world.clock.advance(600);
    startAgain(world.world, THREE);
    await seat(world.world, THREE.instanceId);
    expect(targetsOf(world.world, WEB)).toEqual(EVERYBODY);
  });
});

describe('Killed', () => {
  test('Given an undo whose run dies before or after any one call, when the order comes again, then it ends as if it had not', async () => {
    const counting = await inService();
    counting.forgetCalls();
    await counting.deliver(counting.press(counting.button('undo')));
    const calls = counting.calls.length;
    expect(calls).toBeGreaterThan(15);
    for (let k = 1; k <= calls; k += 1)
      for (const fate of ['fail-before', 'fail-after'] as const) {
        const world = await inService();
        const order = world.press(world.button('undo'));
        world.onCall((each) => (each === k ? fate : 'proceed'));
        await world.deliver(order);
        world.onCall();
        const where = `${fate} ${k}`;
        expect([where, targetsOf(world.world, WEB)]).toEqual([where, TAKEN_OUT]);
        const outcomes = world.outcomes().map(({ kind }) => kind);
        expect([where, outcomes.length >= 1 && outcomes.every((kind) => kind === 'undone')]).toEqual([where, true]);
        expect([where, outcomes.length <= 2]).toEqual([where, true]);
        expect([where, world.state.storedPlans.get(world.button('undo').planId)?.status]).toEqual([where, 'done']);
        expect([where, await world.state.ledger.listOpen()]).toEqual([where, []]);
        world.clock.advance(400);
        await seat(world.world, THREE.instanceId);
        expect([where, targetsOf(world.world, WEB)]).toEqual([where, TAKEN_OUT]);
      }
  }, 60_000);

  test('Given an order that never comes again, when the run died with the target out, then the next run settles it, and it is held', async () => {
    const world = await inService();
    const order = world.press(world.button('undo'));
    world.onCall((_, name) => (name === 'ledger.settle' ? 'fail-before' : 'proceed'));
    await world.deliver(order);
    world.onCall();
    world.restart();
    world.clock.advance(400);
    await world.journey.pass(0);
    world.journey.put(stateChange(THREE.instanceId));
    await world.journey.untilQuiet();
    expect(targetsOf(world.world, WEB)).toEqual(TAKEN_OUT);
    expect(await world.state.ledger.listOpen()).toEqual([]);
  });
});
