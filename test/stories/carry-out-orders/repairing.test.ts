import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { Tags } from '../../../domain/tags.ts';
import { anInstance, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { TIMES_OUT } from '../../support/world/memory-balancing.ts';
import type { Diagnosing } from '../diagnose/diagnosing.ts';
import { diagnosing } from '../diagnose/diagnosing.ts';
import { ownRules } from '../journey.ts';
import type { OrderWorld } from './orders.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const [ONE, TWO] = [anInstance(), anInstance({ instanceId: 'i-00000002' })];

/** A group that nobody tagged, whose targets the balancer can't reach; the alarm was explained, and the rule is offered. */
const offered = async (tags: Tags = {}): Promise<OrderWorld & { readonly site: Diagnosing }> => {
  const world = anOrderWorld({ instances: [ONE, TWO], targetGroups: [aTargetGroup({ tags })] });
  const targets = [ONE, TWO].map(({ instanceId }) => ({ id: instanceId, port: 80 }));
  await world.world.ports.loadBalancing.registerTargets(WEB, targets);
  world.clock.advance(3_600);
  for (const { id } of targets) world.balancing.answers.set(id, TIMES_OUT);
  const site = diagnosing(world.world);
  await site.raise();
  return { ...world, site };
};

const seated = {
  kind: 'seated',
  targetGroup: { name: 'web', id: WEB },
  names: ['web-1', 'web-2'],
  count: 2,
  registered: 0,
  rulesAdded: 1,
  failed: 0,
  blocked: 0,
};

describe('Add the rule', () => {
  test('Given an offered rule, when it is approved, then exactly that is added as ours, and its targets are followed', async () => {
    const world = await offered();
    await world.deliver(world.press(world.button('approve')));
    expect(ownRules(world.world, 'sg-web')).toEqual([
      'ingress tcp/80-80 {"kind":"security-group","groupId":"sg-alb"} prod',
    ]);
    expect(world.outcomes()).toEqual([seated]);
    expect(world.replied[0]?.audience).toBe('channel');
    expect(world.watchQueue.sent).toHaveLength(1);
    expect([...world.state.entries.values()]).toMatchObject([
      { status: 'applied', change: { kind: 'authorize-rule', targetGroupArn: WEB } },
    ]);
  });

  test('Given a press, then ELB’s own word on the tags is asked, not the index that may not have heard of them', async () => {
    const world = await offered();
    world.forgetCalls();
    await world.deliver(world.press(world.button('approve')));
    const called = new Set(world.calls.map(({ name }) => name));
    expect(called).toContain('tags.readTags');
    expect(called).not.toContain('tagging.readTargetGroups');
  });

  test('Given tags that can’t be read, then nothing is added', async () => {
    const world = await offered();
    const denied = new AwsCallError({
      service: 'ELBv2',
      action: 'DescribeTags',
      code: 'AccessDenied',
      meaning: 'denied',
      awsMessage: 'no',
    });
    world.onCall((_, name) => (name === 'tags.readTags' ? denied : 'proceed'));
    await world.deliver(world.press(world.button('approve')));
    expect(ownRules(world.world, 'sg-web')).toEqual([]);
  });

  test('Given two who press at the same moment, then one rule is added', async () => {
    const world = await offered();
    const button = world.button('approve');
    await world.deliver(world.press(button), world.press(button));
    expect(ownRules(world.world, 'sg-web')).toHaveLength(1);
    expect(
      world
        .outcomes()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['seated', 'under-way']);
  });

  test('Given somebody who may not, when they press, then nothing is added', async () => {
    const world = await offered();
    await world.deliver(world.press(world.button('approve'), { userId: 'U0009' }));
    expect(ownRules(world.world, 'sg-web')).toEqual([]);
    expect(world.answers()).toMatchObject([{ kind: 'not-allowed' }]);
  });

  test('Given somebody who added it by hand meanwhile, then nothing is added, and it is said to be there', async () => {
    const world = await offered();
    await world.world.ports.ec2.authorizeRules(
      'sg-web',
      'ingress',
      [{ protocol: 'tcp', port: 80, peer: { kind: 'security-group', groupId: 'sg-alb' }, description: 'by hand' }],
      {},
    );
    await world.deliver(world.press(world.button('approve')));
    expect(ownRules(world.world, 'sg-web')).toEqual([]);
    expect(world.outcomes()).toMatchObject([{ kind: 'seated', rulesAdded: 0, failed: 0, blocked: 0 }]);
  });

  test.each([
    ['the group is report-only by now', { 'usher:policy': 'report-only' }, 'ReportOnly'],
    ['the group belongs to another stage by now', { 'usher:stage': 'staging' }, 'OtherStage'],
    ['the group is to be ignored by now', { 'usher:ignore': 'true' }, 'Ignored'],
  ] as const)('Given that %s, then nothing is added, and it is said why', async (_, tags, because) => {
    const world = await offered();
    world.balancing.targetGroups.set(WEB, aTargetGroup({ tags }));
    await world.deliver(world.press(world.button('approve')));
    expect(ownRules(world.world, 'sg-web')).toEqual([]);
    expect(world.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because }], offer: undefined }]);
  });

  test('Given a pause, then nothing is added', async () => {
    const world = await offered();
    await world.world.ports.pauses.begin({ since: world.clock.now(), byUserId: 'U0001' });
    await world.deliver(world.press(world.button('approve')));
    expect(ownRules(world.world, 'sg-web')).toEqual([]);
    expect(world.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because: 'Paused' }] }]);
  });

  test('Given a group that is gone by now, then nothing is added', async () => {
    const world = await offered();
    world.balancing.targetGroups.delete(WEB);
    await world.deliver(world.press(world.button('approve')));
    expect(world.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because: 'GroupGone' }] }]);
  });

  test('Given a group that asks, then a press is the yes', async () => {
    const world = await offered({ 'usher:policy': 'ask' });
    await world.deliver(world.press(world.button('approve')));
    expect(ownRules(world.world, 'sg-web')).toHaveLength(1);
  });

  test.each([
    ['report-only', { 'usher:policy': 'report-only' }],
    ['of another stage', { 'usher:stage': 'staging' }],
  ] as const)('Given a group that is %s, then nothing is offered', async (_, tags) => {
    const world = await offered(tags);
    expect(world.site.told()).toHaveLength(1);
    expect(world.site.told()[0]?.buttons?.map(({ verb }) => verb)).toEqual(['mute']);
  });

  test('Given a security group that code keeps and the stage only proposes for, then nothing is offered', async () => {
    const world = anOrderWorld({
      stage: { iacAdditions: 'propose' },
      instances: [ONE],
      targetGroups: [aTargetGroup({ tags: {} })],
      securityGroups: [
        aSecurityGroup({ groupId: 'sg-alb' }),
        aSecurityGroup({ groupId: 'sg-web', tags: { 'aws:cloudformation:stack-name': 'web' } }),
      ],
    });
    await world.world.ports.loadBalancing.registerTargets(WEB, [{ id: ONE.instanceId, port: 80 }]);
    world.clock.advance(3_600);
    world.balancing.answers.set(ONE.instanceId, TIMES_OUT);
    const site = diagnosing(world.world);
    await site.raise();
    expect(site.explained()[0]).toMatchObject({ network: 'blocked', fix: [] });
  });

  test('Given a press that dies at any of its calls, when it comes again, then one rule is there, and it is answered', async () => {
    const calls = await (async () => {
      const world = await offered();
      world.forgetCalls();
      await world.deliver(world.press(world.button('approve')));
      return world.calls.length;
    })();
    for (let last = 1; last <= calls; last += 1) {
      const world = await offered();
      world.onCall((k) => (k === last ? 'fail-after' : 'proceed'));
      await world.deliver(world.press(world.button('approve')));
      expect([last, ownRules(world.world, 'sg-web').length]).toEqual([last, 1]);
      expect([last, world.outcomes().length > 0]).toEqual([last, true]);
    }
  });
});
