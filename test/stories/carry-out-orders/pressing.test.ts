import { describe, expect, test } from '@jest/globals';
import { newPlan } from '../../../domain/stored-plan.ts';
import type { Tags } from '../../../domain/tags.ts';
import { anInstance, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { ownRules } from '../journey.ts';
import { seat, startAgain, targetsOf } from '../seat-instances/seating.ts';
import type { OrderWorld } from './orders.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const [ONE, TWO] = [anInstance(), anInstance({ instanceId: 'i-00000002', tags: { Role: 'web', Name: 'web-2' } })];

const asking = (tags: Tags = {}) => [
  aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:policy': 'ask', ...tags } }),
];

/** Two instances launched into a group that asks: the offer is out, nothing is done. */
const offered = async (settings?: Parameters<typeof anOrderWorld>[1]): Promise<OrderWorld> => {
  const world = anOrderWorld({ targetGroups: asking(), instances: [ONE, TWO] }, settings);
  await seat(world.world, ONE.instanceId, TWO.instanceId);
  expect(targetsOf(world.world, WEB)).toEqual([]);
  return world;
};

const statusOf = (world: OrderWorld, planId: string) => world.state.storedPlans.get(planId)?.status;

describe('Approve', () => {
  test('Given a group that asks, when instances are launched, then one report offers to register both, or to leave them out', async () => {
    const world = await offered();
    const object = { kind: 'targets', names: ['web-1', 'web-2'], count: 2 };
    expect(world.reports.published.map(({ buttons }) => buttons)).toEqual([
      [
        { verb: 'approve', planId: expect.any(String), object },
        { verb: 'reject', planId: expect.any(String), object },
      ],
    ]);
  });

  test('Given a group that is report-only, then there is nothing to approve, only to snooze', async () => {
    const world = anOrderWorld({ targetGroups: asking({ 'usher:policy': 'report-only' }), instances: [ONE] });
    await seat(world.world, ONE.instanceId);
    expect(world.reports.published.map(({ buttons }) => buttons?.map(({ verb }) => verb))).toEqual([['snooze']]);
    expect([...world.state.storedPlans.values()].map(({ content }) => content.kind)).toEqual(['quiet']);
  });

  test('Given an offer, when it is approved, then both are registered, the path is opened, and the channel hears who did it', async () => {
    const world = await offered();
    const button = world.button('approve');
    await world.deliver(world.press(button));
    expect(targetsOf(world.world, WEB)).toEqual(['i-00000001:80', 'i-00000002:80']);
    expect(ownRules(world.world, 'sg-web')).toHaveLength(1);
    expect(world.replied.map(({ audience, report }) => [audience, report.body])).toEqual([
      [
        'channel',
        {
          kind: 'order-answered',
          answer: {
            kind: 'pressed',
            verb: 'approve',
            byUserId: 'U0001',
            outcome: {
              kind: 'seated',
              targetGroup: { name: 'web', id: WEB },
              names: ['web-1', 'web-2'],
              count: 2,
              registered: 2,
              rulesAdded: 1,
              failed: 0,
              blocked: 0,
            },
          },
        },
      ],
    ]);
    expect(statusOf(world, button.planId)).toBe('done');
  });

  test('Given two who press Approve at once, when both orders run, then one acts and the other is told whose it is', async () => {
    const world = await offered({ writers: '*=U0001,U0002' });
    const button = world.button('approve');
    await world.deliver(world.press(button), world.press(button, { userId: 'U0002' }));
    expect(targetsOf(world.world, WEB)).toEqual(['i-00000001:80', 'i-00000002:80']);
    expect(world.calls.filter(({ name }) => name === 'loadBalancing.registerTargets')).toHaveLength(1);
    expect(
      world
        .outcomes()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['seated', 'under-way']);
  });

  test('Given an offer that was decided, when another presses, then they hear who decided, and nothing is done', async () => {
    const world = await offered({ writers: '*=U0001,U0002' });
    const button = world.button('approve');
    await world.deliver(world.press({ ...button, verb: 'reject' }));
    await world.deliver(world.press(button, { userId: 'U0002' }));
    expect(targetsOf(world.world, WEB)).toEqual([]);
    expect(world.outcomes()).toEqual([
      { kind: 'rejected' },
      { kind: 'decided-before', status: 'rejected', byUserId: 'U0001', at: expect.any(String) },
    ]);
    expect(world.replied.map(({ audience }) => audience)).toEqual(['channel', 'person']);
  });

  test('Given one order that arrives three times, when each is delivered, then it acts once and answers once', async () => {
    const world = await offered();
    const order = world.press(world.button('approve'));
    await world.deliver(order);
    world.forgetCalls();
    await world.deliver(order);
    await world.deliver(order);
    expect(world.calls.map(({ name }) => name)).toEqual(['orders.begin', 'orders.begin']);
    expect(world.outcomes()).toHaveLength(1);
  });
});

describe('The world moves', () => {
  test('Given an offer of two, when one was terminated since, then nothing is done, it is said why, and the other is offered anew', async () => {
    const world = await offered();
    world.putInstances({ ...ONE, state: 'terminated' });
    await world.deliver(world.press(world.button('approve')));
    expect(targetsOf(world.world, WEB)).toEqual([]);
    const [moved] = world.outcomes();
    expect(moved).toEqual({
      kind: 'moved',
      targetGroup: { name: 'web', id: WEB },
      moved: [{ name: 'web-1', because: 'InstanceGone' }],
      offer: { planId: expect.any(String), names: ['web-2'], count: 1 },
    });
    const offer = moved?.kind === 'moved' ? moved.offer : undefined;
    await world.deliver(world.press({ verb: 'approve', planId: offer?.planId ?? '' }));
    expect(targetsOf(world.world, WEB)).toEqual(['i-00000002:80']);
  });

  test.each([
    ['its tag is another', { tags: { Role: 'db', Name: 'web-1' } }, {}, 'NotWanted'],
    ['it is to be ignored', { tags: { Role: 'web', Name: 'web-1', 'usher:ignore': 'true' } }, {}, 'Ignored'],
    ['it stopped', { state: 'stopped' }, {}, 'InstanceGone'],
    ['the group is report-only', {}, { 'usher:policy': 'report-only' }, 'ReportOnly'],
    ['the group belongs to another stage', {}, { 'usher:stage': 'test' }, 'OtherStage'],
  ] as const)(
    'Given %s by now, when it is approved, then nothing is written and the reason is said',
    async (_, instance, tags, because) => {
      const world = anOrderWorld({ targetGroups: asking(), instances: [ONE] });
      await seat(world.world, ONE.instanceId);
      world.putInstances({ ...ONE, ...instance });
      for (const group of asking(tags)) world.balancing.targetGroups.set(group.arn, group);
      await world.deliver(world.press(world.button('approve')));
      expect([targetsOf(world.world, WEB), world.writes()]).toEqual([[], []]);
      expect(world.outcomes()).toMatchObject([
        { kind: 'moved', moved: [{ name: 'web-1', because }], offer: undefined },
      ]);
    },
  );

  test('Given somebody who registered it by hand meanwhile, when it is approved, then it is done, and nothing was changed', async () => {
    const world = anOrderWorld({ targetGroups: asking(), instances: [ONE] });
    await seat(world.world, ONE.instanceId);
    await world.world.ports.loadBalancing.registerTargets(WEB, [{ id: ONE.instanceId, port: 80 }]);
    await world.deliver(world.press(world.button('approve')));
    expect(world.outcomes()).toMatchObject([{ kind: 'seated', registered: 0 }]);
  });

  test('Given an offer whose week is over, when it is approved, then nothing is done', async () => {
    const world = await offered();
    world.clock.advance(7 * 86_400);
    await world.deliver(world.press(world.button('approve')));
    expect(targetsOf(world.world, WEB)).toEqual([]);
    expect(world.outcomes()).toEqual([{ kind: 'expired', at: '2026-11-29T05:00:00.000Z' }]);
  });
});

describe('Put it back', () => {
  test('Given a target that somebody took out, when the button is pressed, then it is back; until then it is held', async () => {
    const world = anOrderWorld({ instances: [ONE] });
    await seat(world.world, ONE.instanceId);
    world.balancing.registered.set(WEB, []);
    world.clock.advance(600);
    await seat(world.world, ONE.instanceId);
    expect(targetsOf(world.world, WEB)).toEqual([]);
    await world.deliver(world.press(world.button('put-it-back')));
    expect(targetsOf(world.world, WEB)).toEqual(['i-00000001:80']);
    expect(world.outcomes()).toMatchObject([{ kind: 'seated', registered: 1, rulesAdded: 0 }]);
  });
});

test('Given a group whose rules code keeps, when its target is approved, then the answer says that its path stays blocked', async () => {
  const world = anOrderWorld({
    targetGroups: asking(),
    instances: [ONE],
    stage: { iacAdditions: 'propose' },
    securityGroups: [
      aSecurityGroup({ groupId: 'sg-alb' }),
      aSecurityGroup({ groupId: 'sg-web', tags: { 'aws:cloudformation:stack-name': 'web' } }),
    ],
  });
  await seat(world.world, ONE.instanceId);
  await world.deliver(world.press(world.button('approve')));
  expect(world.outcomes()).toMatchObject([{ kind: 'seated', registered: 1, rulesAdded: 0, blocked: 1 }]);
});

describe('Who may', () => {
  test('Given nobody is named, when somebody presses, then nothing is read but the plan, and they hear who may', async () => {
    const world = await offered({ writers: '' });
    const button = world.button('approve');
    world.forgetCalls();
    await world.deliver(world.press(button));
    expect(world.calls.map(({ name }) => name)).toEqual([
      'orders.begin',
      'plans.find',
      'replies.reply',
      'orders.finish',
    ]);
    expect(world.answers()).toEqual([
      { kind: 'not-allowed', right: 'approve', parameter: 'writers', allowed: [], yours: 'U0001@C0001' },
    ]);
    expect(statusOf(world, button.planId)).toBe('pending');
  });

  test.each([
    ['a plan that is none', 'approve', 'nonsense'],
    ['a verb that the plan is not for', 'mute', undefined],
    ['a verb that has no story yet', 'undo', undefined],
  ] as const)(
    'Given %s, when it is pressed, then the button leads nowhere and the plan stands',
    async (_, verb, planId) => {
      const world = await offered();
      const button = world.button('approve');
      await world.deliver(world.press({ verb, planId: planId ?? button.planId }));
      expect(world.outcomes()).toEqual([{ kind: 'unknown' }]);
      expect(statusOf(world, button.planId)).toBe('pending');
    },
  );

  test('Given the right ids of another workspace, when they press, then nothing is done', async () => {
    const world = await offered();
    await world.deliver(world.press(world.button('approve'), { teamId: 'T0009' }));
    expect(targetsOf(world.world, WEB)).toEqual([]);
    expect(world.answers()).toMatchObject([{ kind: 'not-allowed', parameter: 'slackTeamId' }]);
  });
});

test('Given a matter that somebody mutes for an hour, when it is pressed twice, then it is quiet for that hour from the press on', async () => {
  const world = anOrderWorld();
  const plan = newPlan('plan-1', { kind: 'quiet', matter: WEB, seconds: 3600 }, 'default', world.clock.now());
  await world.state.plans.store(plan);
  const order = world.press({ verb: 'mute', planId: 'plan-1' });
  world.clock.advance(30);
  await world.deliver(order);
  expect(world.outcomes()).toEqual([{ kind: 'silenced', until: '2026-11-22T06:00:00.000Z' }]);
  const quiet = (seconds: number) =>
    world.state.quietMatters.isQuiet(WEB, new Date(Date.parse('2026-11-22T05:00:00.000Z') + seconds * 1000));
  expect([await quiet(3599), await quiet(3600)]).toEqual([true, false]);
});

describe('Killed', () => {
  const approving = async () => {
    const world = await offered();
    return { world, order: world.press(world.button('approve')) };
  };

  test('Given an approval whose run dies before or after any one call, when the order comes again, then it ends as if it had not', async () => {
    const counting = await approving();
    counting.world.forgetCalls();
    await counting.world.deliver(counting.order);
    const calls = counting.world.calls.length;
    expect(calls).toBeGreaterThan(20);
    for (let k = 1; k <= calls; k += 1)
      for (const fate of ['fail-before', 'fail-after'] as const) {
        const { world, order } = await approving();
        world.onCall((each) => (each === k ? fate : 'proceed'));
        await world.deliver(order);
        world.onCall();
        const where = `${fate} ${k}`;
        expect([where, targetsOf(world.world, WEB)]).toEqual([where, ['i-00000001:80', 'i-00000002:80']]);
        expect([where, ownRules(world.world, 'sg-web').length]).toEqual([where, 1]);
        const plan = order.asked.kind === 'button' ? statusOf(world, order.asked.planId) : undefined;
        expect([where, plan]).toEqual([where, 'done']);
        expect([where, world.state.orderProgress.get(order.orderId)?.status]).toEqual([where, 'done']);
        const outcomes = world.outcomes().map(({ kind }) => kind);
        expect([where, outcomes.length >= 1 && outcomes.every((kind) => kind === 'seated')]).toEqual([where, true]);
        expect(outcomes.length).toBeLessThanOrEqual(2);
      }
  });
});

test('Given a stopped and started instance, when it was offered before, then the old offer still seats it', async () => {
  const world = anOrderWorld({ targetGroups: asking(), instances: [ONE] });
  await seat(world.world, ONE.instanceId);
  world.clock.advance(600);
  startAgain(world.world, ONE);
  await world.deliver(world.press(world.button('approve')));
  expect(targetsOf(world.world, WEB)).toEqual(['i-00000001:80']);
});
