import { describe, expect, test } from '@jest/globals';
import { anAlb, anInstance, aSecurityGroup } from '../../support/world/builders.ts';
import type { SharedSite } from './shared.ts';
import { aSharedSite, BESIDE, WEB, WEB_ALB } from './shared.ts';

/** Many sweeps, a quarter of an hour apart. */
const sweepOn = async (site: SharedSite, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) await site.later();
};

describe('a balancer whose group others wear', () => {
  test('Given a sweep, then a group of its own is proposed once, with the balancer and who shares', async () => {
    const site = await aSharedSite();
    await sweepOn(site, 3);
    const [report, ...others] = site.said('companion-proposed');
    expect(others).toEqual([]);
    expect(report?.buttons?.map(({ verb }) => verb)).toEqual(['approve', 'reject']);
    expect(report?.body).toEqual({
      kind: 'companion-proposed',
      side: 'balancer',
      because: 'BalancerGroupShared',
      groupName: BESIDE,
      loadBalancer: { id: WEB_ALB, name: 'web-alb' },
      targetGroup: { id: WEB, name: 'web' },
      securityGroup: { id: 'sg-alb', name: 'sg-alb' },
      interfaces: 1,
      targets: [],
    });
    expect(site.wornByAlb()).toEqual(['sg-alb']);
    expect(site.named(BESIDE)).toBeUndefined();
  });

  test('Given a yes, then the group is made without rules, tagged, worn besides, named by a rule, and in the ledger', async () => {
    const site = await aSharedSite();
    await site.later();
    const made = await site.press(site.offered());
    const id = site.idOf(BESIDE);
    expect(made).toEqual({
      kind: 'made',
      securityGroup: { id, name: BESIDE },
      wearers: 1,
      rulesAdded: 1,
      failed: 0,
    });
    expect(site.named(BESIDE)?.tags).toEqual({ 'usher:owner': 'prod', 'usher:companion-of': WEB_ALB });
    expect(site.world.rulesOf(id)).toEqual([]);
    expect(site.wornByAlb()).toEqual(['sg-alb', id]);
    expect(site.ourRules('sg-web')).toEqual(['ingress tcp/80 sg-alb', `ingress tcp/80 ${id}`]);
    expect(site.steps()).toEqual(['create-security-group applied', 'attach-security-group applied']);
  });

  test('Given it is made, then two sweeps later only the balancer is let in, nothing more is proposed, and the group stays', async () => {
    const site = await aSharedSite();
    await site.later();
    await site.press(site.offered());
    site.world.clock.advance(3600);
    await sweepOn(site, 6);
    expect(site.ourRules('sg-web')).toEqual([`ingress tcp/80 ${site.idOf(BESIDE)}`]);
    expect(site.wornByAlb()).toEqual(['sg-alb', site.idOf(BESIDE)]);
    expect(site.said('companion-proposed')).toHaveLength(1);
    expect(site.world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
  });

  test('Given it is made and pressed again, then nothing is done twice', async () => {
    const site = await aSharedSite();
    await site.later();
    const first = await site.press(site.offered());
    site.world.forgetCalls();
    const second = await site.press(site.offered());
    expect(second).toEqual({ ...first, rulesAdded: 0 });
    expect(site.world.writes().map(({ name }) => name)).toEqual([]);
  });

  test('Given the balancer goes, then rules and group go with the sweeps, off before deleted', async () => {
    const site = await aSharedSite();
    await site.later();
    await site.press(site.offered());
    const { world } = site;
    world.balancing.loadBalancers.delete(WEB_ALB);
    world.balancing.targetGroups.set(WEB, { ...required(world.balancing.targetGroups.get(WEB)), loadBalancerArns: [] });
    for (const [id, { description }] of [...world.network.otherInterfaces])
      if (description.includes('web-alb')) world.network.otherInterfaces.delete(id);
    // Nobody could prove by a balancer that is gone that a rule is needed no more; its owner takes the rule out.
    for (const { ruleId, tags } of world.rulesOf('sg-web'))
      if (tags['usher:owner'] !== undefined) await world.ports.ec2.revokeRule('sg-web', 'ingress', ruleId);
    world.clock.advance(3600);
    await sweepOn(site, 4);
    expect(site.named(BESIDE)).toBeUndefined();
    expect(site.steps().slice(2)).toEqual(['delete-security-group applied']);
    expect((await site.open()).filter((each) => each.includes('security-group'))).toEqual([]);
  });

  test('Given others wear its group no more and no rule names the companion, then it is taken off, then deleted', async () => {
    const site = await aSharedSite();
    await site.later();
    await site.press(site.offered());
    const { world } = site;
    world.putInstances(
      anInstance({ instanceId: 'i-000000aa', tags: { Name: 'bastion' }, securityGroupIds: ['sg-web'] }),
    );
    const twin = world
      .rulesOf('sg-web')
      .find(({ peer }) => peer.kind === 'security-group' && peer.groupId !== 'sg-alb');
    await world.ports.ec2.revokeRule('sg-web', 'ingress', twin?.ruleId ?? '');
    world.clock.advance(3600);
    await sweepOn(site, 5);
    expect(site.named(BESIDE)).toBeUndefined();
    expect(site.wornByAlb()).toEqual(['sg-alb']);
    expect(site.steps().slice(2)).toEqual(['detach-security-group applied', 'delete-security-group applied']);
  });

  test('Given a person takes it off, then that is said once, it stays off, and a press does not put it back', async () => {
    const site = await aSharedSite();
    await site.later();
    const offer = site.offered();
    await site.press(offer);
    await site.world.ports.balancerGroups.setSecurityGroups(WEB_ALB, ['sg-alb']);
    site.world.clock.advance(900);
    await sweepOn(site, 4);
    expect(site.wornByAlb()).toEqual(['sg-alb']);
    expect(site.said('companion-detached')).toHaveLength(1);
    expect(site.said('companion-proposed')).toHaveLength(1);
    expect(await site.press(offer)).toEqual({ kind: 'moved', moved: [{ name: 'web-alb', because: 'Held' }] });
  });
});

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not there');
  return value;
};

describe('where none is proposed, and a press changes nothing', () => {
  const KEPT = { 'aws:cloudformation:stack-name': 'net' };

  test.each([
    ['Kubernetes keeps the balancer', { 'elbv2.k8s.aws/cluster': 'prod' }, 'KeptByController'],
    ['CloudFormation keeps the balancer', KEPT, 'KeptByCode'],
    ['the balancer is to be ignored', { 'usher:ignore': 'true' }, 'Ignored'],
  ] as const)('Given %s', async (_, tags, because) => {
    const before = await aSharedSite();
    await before.later();
    const offer = before.offered();
    const site = await aSharedSite();
    site.world.balancing.balancerTags.set(WEB_ALB, tags);
    await site.later();
    expect(site.said('companion-proposed').length).toBeLessThanOrEqual(1);
    expect(await site.press(offer)).toEqual({ kind: 'moved', moved: [{ name: 'web-alb', because }] });
    expect([site.named(BESIDE), site.wornByAlb()]).toEqual([undefined, ['sg-alb']]);
  });

  test('Given a balancer of Kubernetes from the beginning, then nothing is proposed', async () => {
    const site = await aSharedSite({ loadBalancers: [anAlb()], instances: [anInstance()] });
    site.world.balancing.balancerTags.set(WEB_ALB, { 'kubernetes.io/cluster/prod': 'owned' });
    site.world.putInstances(anInstance({ instanceId: 'i-000000aa', tags: {}, securityGroupIds: ['sg-alb'] }));
    await sweepOn(site, 2);
    expect(site.said('companion-proposed')).toEqual([]);
  });

  test('Given a balancer that wears five groups, then nothing is proposed, and a press says why', async () => {
    const five = ['sg-alb', 'sg-2', 'sg-3', 'sg-4', 'sg-5'];
    const site = await aSharedSite();
    await site.later();
    const offer = site.offered();
    for (const groupId of five.slice(1)) site.world.network.securityGroups.set(groupId, aSecurityGroup({ groupId }));
    await site.world.ports.balancerGroups.setSecurityGroups(WEB_ALB, five);
    expect(await site.press(offer)).toEqual({ kind: 'moved', moved: [{ name: 'web-alb', because: 'TooManyGroups' }] });
    expect(site.wornByAlb()).toEqual(five);
  });

  test('Given a group of that name that is somebody else’s, then it is left alone', async () => {
    const site = await aSharedSite();
    await site.later();
    site.world.network.securityGroups.set('sg-theirs', aSecurityGroup({ groupId: 'sg-theirs', name: BESIDE }));
    expect(await site.press(site.offered())).toEqual({
      kind: 'moved',
      moved: [{ name: BESIDE, because: 'NameTaken' }],
    });
    expect(site.wornByAlb()).toEqual(['sg-alb']);
  });

  test('Given a pause, then a press waits', async () => {
    const site = await aSharedSite();
    await site.later();
    await site.world.ports.pauses.begin({ since: site.world.clock.now(), byUserId: 'U1' });
    expect(await site.press(site.offered())).toEqual({ kind: 'moved', moved: [{ name: BESIDE, because: 'Paused' }] });
    expect(site.named(BESIDE)).toBeUndefined();
  });

  test('Given its group is its own, then nothing is proposed', async () => {
    const site = await aSharedSite({ instances: [anInstance()] });
    await sweepOn(site, 2);
    expect(site.said('companion-proposed')).toEqual([]);
  });
});
