import { describe, expect, test } from '@jest/globals';
import { anInstance, aSecurityGroup } from '../../support/world/builders.ts';
import { seat } from '../seat-instances/seating.ts';
import { aDefaultSite, FOR_TARGETS, WEB, WEB_ALB } from './shared.ts';

describe('targets that wear the VPC’s default group', () => {
  test('Given a sweep, then a group for them is proposed once, with who would wear it', async () => {
    const site = await aDefaultSite();
    await site.later();
    const [report, ...others] = site.said('companion-proposed');
    expect(others).toEqual([]);
    expect(report?.body).toMatchObject({
      side: 'targets',
      because: 'DefaultGroup',
      groupName: FOR_TARGETS,
      loadBalancer: { id: WEB_ALB },
      targetGroup: { id: WEB },
      securityGroup: { id: 'sg-default', name: 'default' },
      targets: [{ name: 'web-1', instanceId: 'i-00000001' }],
    });
    expect(site.wornByTarget()).toEqual(['sg-default']);
  });

  test('Given a yes, then the group is worn besides, holds the rule, and the default group none', async () => {
    const site = await aDefaultSite();
    const made = await site.press(site.offered());
    const id = site.idOf(FOR_TARGETS);
    expect(made).toMatchObject({ kind: 'made', wearers: 1, rulesAdded: 1, failed: 0 });
    expect(site.wornByTarget()).toEqual(['sg-default', id]);
    expect(site.ourRules(id)).toEqual(['ingress tcp/80 sg-alb']);
    expect(site.ourRules('sg-default')).toEqual([]);
  });

  test('Given it is there, then the group and its rule stay over the sweeps', async () => {
    const site = await aDefaultSite();
    await site.press(site.offered());
    site.world.clock.advance(3600);
    for (let time = 0; time < 4; time += 1) await site.later();
    expect(site.ourRules(site.idOf(FOR_TARGETS))).toEqual(['ingress tcp/80 sg-alb']);
    expect(site.said('companion-proposed')).toHaveLength(1);
  });

  test('Given another is launched, then it is offered by itself, and joins the same group', async () => {
    const site = await aDefaultSite();
    await site.press(site.offered());
    const id = site.idOf(FOR_TARGETS);
    site.world.putInstances(
      anInstance({ instanceId: 'i-00000002', securityGroupIds: ['sg-default'], launchedAt: site.world.clock.now() }),
    );
    await seat(site.world, 'i-00000002');
    await site.later();
    expect(site.said('companion-proposed')).toHaveLength(2);
    expect(site.offered().targets.map(({ instanceId }) => instanceId)).toEqual(['i-00000002']);
    await site.press(site.offered());
    expect(site.wornByTarget('i-00000002')).toEqual(['sg-default', id]);
    expect(site.ourRules(id)).toEqual(['ingress tcp/80 sg-alb']);
  });

  test.each([
    ['Kubernetes keeps', { 'eks:cluster-name': 'prod' }],
    ['CloudFormation keeps', { 'aws:cloudformation:stack-name': 'web' }],
    ['is to be ignored', { 'usher:ignore': 'true' }],
  ])('Given a target that %s, then nothing is proposed', async (_, tags) => {
    const site = await aDefaultSite({
      instances: [anInstance({ securityGroupIds: ['sg-default'], tags: { Role: 'web', Name: 'web-1', ...tags } })],
    });
    expect(site.said('companion-proposed')).toEqual([]);
  });

  test('Given an interface that came to wear five groups, then a press says why, and leaves it', async () => {
    const site = await aDefaultSite();
    const five = ['sg-default', 'sg-2', 'sg-3', 'sg-4', 'sg-5'];
    for (const groupId of five.slice(1)) site.world.network.securityGroups.set(groupId, aSecurityGroup({ groupId }));
    site.world.putInstances(anInstance({ securityGroupIds: five }));
    expect(await site.press(site.offered())).toEqual({
      kind: 'moved',
      moved: [{ name: 'web-1', because: 'TooManyGroups' }],
    });
    expect([site.wornByTarget(), site.named(FOR_TARGETS)]).toEqual([five, undefined]);
  });

  test('Given the target is gone, then a press makes nothing', async () => {
    const site = await aDefaultSite();
    site.world.network.instances.delete('i-00000001');
    expect(await site.press(site.offered())).toEqual({
      kind: 'moved',
      moved: [{ name: 'web-1', because: 'InstanceGone' }],
    });
    expect(site.named(FOR_TARGETS)).toBeUndefined();
  });

  test('Given the targets and the balancer are gone, then the group goes once nobody wears it', async () => {
    const site = await aDefaultSite();
    await site.press(site.offered());
    const { world } = site;
    world.network.instances.delete('i-00000001');
    world.balancing.registered.set(WEB, []);
    world.balancing.loadBalancers.delete(WEB_ALB);
    for (const { ruleId } of world.rulesOf(site.idOf(FOR_TARGETS)))
      await world.ports.ec2.revokeRule(site.idOf(FOR_TARGETS), 'ingress', ruleId);
    world.clock.advance(3600);
    for (let time = 0; time < 4; time += 1) await site.later();
    expect(site.named(FOR_TARGETS)).toBeUndefined();
  });

  test('Given a launch template that names the group and no instance for a night, then the group is there in the morning', async () => {
    const site = await aDefaultSite();
    await site.press(site.offered());
    const { world } = site;
    const id = site.idOf(FOR_TARGETS);
    world.network.instances.delete('i-00000001');
    world.balancing.registered.set(WEB, []);
    for (let hour = 0; hour < 8; hour += 1) {
      await site.later();
      await site.later(3600);
    }
    expect(site.named(FOR_TARGETS)?.groupId).toBe(id);
    world.putInstances(
      anInstance({
        instanceId: 'i-00000002',
        securityGroupIds: ['sg-default', id],
        launchedAt: world.clock.now(),
      }),
    );
    await seat(world, 'i-00000002');
    expect(site.ourRules(id)).toEqual(['ingress tcp/80 sg-alb']);
  });

  test('Given somebody else put the group on as well, then it is theirs too, and stays', async () => {
    const site = await aDefaultSite();
    await site.press(site.offered());
    const { world } = site;
    const id = site.idOf(FOR_TARGETS);
    world.network.instances.delete('i-00000001');
    world.balancing.registered.set(WEB, []);
    world.putInstances(anInstance({ instanceId: 'i-000000bb', tags: {}, securityGroupIds: ['sg-default', id] }));
    for (const { ruleId } of world.rulesOf(id)) await world.ports.ec2.revokeRule(id, 'ingress', ruleId);
    world.clock.advance(3600);
    for (let time = 0; time < 4; time += 1) await site.later();
    expect(site.named(FOR_TARGETS)?.groupId).toBe(id);
    expect(site.wornByTarget('i-000000bb')).toEqual(['sg-default', id]);
  });
});
