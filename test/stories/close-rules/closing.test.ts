import { describe, expect, test } from '@jest/globals';
import type { SecurityGroupRule } from '../../../domain/network/model.ts';
import {
  anAlb,
  anInstance,
  aSecurityGroup,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import { failure } from '../journey.ts';
import { ALB_80, aClosableSite, instances, WEB, WORLD_80 } from './closing.ts';

const DAY = 86_400;

const world = (parts: Partial<SecurityGroupRule>): SecurityGroupRule => ({ ...WORLD_80, ...parts });

describe('Unattended, under apply-all', () => {
  test('the whole world on exactly the port goes, of both families, with the whole rule in the ledger, and is told', async () => {
    const v6 = world({ ruleId: 'sgr-v6', peer: { kind: 'cidr-ipv6', cidr: '::/0' } });
    const site = aClosableSite([WORLD_80, v6, ALB_80]);
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-alb']);
    const changes = [...site.world.state.entries.values()].map(({ change, status }) => ({ change, status }));
    expect(changes[0]).toMatchObject({
      status: 'applied',
      change: {
        kind: 'revoke-rule',
        ownership: 'foreign',
        breadth: 'world-exactly-this-port',
        reason: 'BroaderThanNeeded',
        targetGroupArn: WEB,
        rule: { description: 'opened for the launch party', tags: { Owner: 'marketing' } },
      },
    });
    expect(site.bodies().map(({ kind }) => kind)).toEqual(['rules-closed', 'rules-closed']);
    expect(site.proposals()).toEqual([]);
  });

  test('the sweep sees it by itself', async () => {
    const site = aClosableSite();
    await site.accept();
    await site.later();
    expect(site.ingressIds()).toEqual(['sgr-alb']);
  });

  test('a sweep that may only look closes nothing', async () => {
    const site = aClosableSite();
    await site.sweep();
    expect(site.ingressIds()).toContain('sgr-world');
  });

  test.each([
    ['a block', world({ peer: { kind: 'cidr-ipv4', cidr: '203.0.113.0/24' } }), 'NotWorldOpen'],
    ['one host', world({ peer: { kind: 'cidr-ipv4', cidr: '203.0.113.9/32' } }), 'NotWorldOpen'],
    ['another group', world({ peer: { kind: 'security-group', groupId: 'sg-other' } }), 'NotWorldOpen'],
    ['a wider range', world({ fromPort: 80, toPort: 443 }), 'CoversOtherPorts'],
    ['all ports', world({ fromPort: 0, toPort: 65_535 }), 'CoversOtherPorts'],
    ['all traffic', world({ protocol: '-1', fromPort: undefined, toPort: undefined }), 'CoversOtherPorts'],
    [
      'all traffic of the balancer',
      world({
        protocol: '-1',
        fromPort: undefined,
        toPort: undefined,
        peer: { kind: 'security-group', groupId: 'sg-alb' },
      }),
      'CoversOtherPorts',
    ],
  ] as const)('%s is only proposed', async (_, rule, because) => {
    const site = aClosableSite([rule, ALB_80]);
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-world', 'sgr-alb']);
    expect(site.proposals()[0]?.body).toMatchObject({ rules: [{ ruleId: 'sgr-world', because }] });
  });

  test('nothing goes, nor is it proposed, that the balancer comes in by', async () => {
    const site = aClosableSite([WORLD_80]);
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-world']);
    expect(site.proposals()).toEqual([]);
  });

  test('of two that each let the balancer in, one stays', async () => {
    const site = aClosableSite([
      WORLD_80,
      world({ ruleId: 'sgr-vpc', peer: { kind: 'cidr-ipv4', cidr: '10.0.0.0/16' } }),
    ]);
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-vpc']);
    expect(site.proposals()).toEqual([]);
  });

  test.each([
    ['somebody tagged to be kept', { 'usher:keep': 'true' }],
    ['is to be ignored', { 'usher:ignore': 'true' }],
    ['is ours', { 'usher:owner': 'prod' }],
  ])('a rule that %s stays, and is not proposed', async (_, tags) => {
    const site = aClosableSite([world({ tags }), ALB_80]);
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()).toEqual([]);
  });

  test('a target of an untagged group on another port of another balancer keeps what it needs', async () => {
    const site = aClosableSite();
    const other = anAlb({ name: 'other-alb', securityGroupIds: ['sg-other'] });
    const group = aTargetGroup({ name: 'other', tags: {}, loadBalancerArns: [loadBalancerArn('other-alb')] });
    site.world.balancing.loadBalancers.set(other.arn, other);
    site.world.balancing.targetGroups.set(group.arn, group);
    site.world.balancing.registered.set(group.arn, [
      { target: { id: 'i-00000002', port: 80 }, at: new Date(0), drainingUntil: undefined },
    ]);
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()).toEqual([]);
  });

  test('a group that a balancer wears itself is left alone: its clients may come by the rule', async () => {
    const site = aClosableSite([WORLD_80, ALB_80], 'apply-all', {
      loadBalancers: [anAlb({ securityGroupIds: ['sg-alb', 'sg-web'] })],
    });
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()).toEqual([]);
  });

  test('an interface that is no target’s makes it a proposal', async () => {
    const site = aClosableSite();
    site.world.putInstances(anInstance({ instanceId: 'i-000000aa', tags: { Name: 'bastion' } }));
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()[0]?.body).toMatchObject({ rules: [{ because: 'OtherWearers' }] });
  });

  test('one group of add-only among those behind the rule makes it a proposal', async () => {
    const site = aClosableSite([WORLD_80, ALB_80], 'apply-all', {
      targetGroups: [aTargetGroup(), aTargetGroup({ name: 'careful', tags: { 'usher:policy': 'add-only' } })],
    });
    site.world.balancing.registered.set(targetGroupArn('careful'), [
      { target: { id: 'i-00000001', port: 80 }, at: new Date(0), drainingUntil: undefined },
    ]);
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()[0]?.body).toMatchObject({ rules: [{ because: 'NotOurs' }] });
  });

  test('what code keeps is proposed as lines only', async () => {
    const tags = { 'aws:cloudformation:stack-name': 'web' };
    const site = aClosableSite([WORLD_80, ALB_80], 'apply-all', {
      securityGroups: [aSecurityGroup({ groupId: 'sg-alb' }), aSecurityGroup({ groupId: 'sg-web', tags })],
    });
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()[0]).toMatchObject({
      body: { rules: [{ because: 'ManagedByCode' }] },
      buttons: [{ verb: 'keep' }, { verb: 'show' }],
    });
  });

  test('while everything is paused nothing is closed', async () => {
    const site = aClosableSite();
    await site.world.ports.pauses.begin({ since: site.world.clock.now(), byUserId: 'U0001' });
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
  });

  test('no more than the hour has room for', async () => {
    const v6 = world({ ruleId: 'sgr-v6', peer: { kind: 'cidr-ipv6', cidr: '::/0' } });
    const site = aClosableSite([WORLD_80, v6, ALB_80], 'apply-all', {
      stage: { defaultPolicy: 'apply-all', maximumPolicy: 'apply-all', removalsPerHour: 1 },
    });
    await site.close();
    expect(site.ingress()).toHaveLength(2);
    site.world.clock.advance(3700);
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-alb']);
  });

  test.each([
    ['balancingFleet.readEveryLoadBalancer', failure('transient')],
    ['balancingFleet.readEveryTargetGroup', failure('throttled')],
    ['loadBalancing.readTargetHealth', failure('transient')],
    ['ec2.readWearers', failure('denied')],
    ['ec2.readNetworkAcls', failure('denied')],
  ])('nothing is concluded when %s fails', async (failing, error) => {
    const site = aClosableSite();
    site.world.onCall((_, name) => (name === failing ? error : 'proceed'));
    await site.close();
    site.world.onCall();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()).toEqual([]);
  });

  test('a member whom EC2 does not show forbids it', async () => {
    const site = aClosableSite();
    site.world.balancing.registered.set(WEB, [
      ...(site.world.balancing.registered.get(WEB) ?? []),
      { target: { id: 'i-0dead000', port: 80 }, at: new Date(0), drainingUntil: undefined },
    ]);
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
  });

  test('a stopped instance is asked about as if it ran', async () => {
    const site = aClosableSite();
    const [first] = instances();
    if (first) site.world.putInstances({ ...first, state: 'stopped' });
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-alb']);
  });
});

describe('A proposal', () => {
  const proposed = (rules: readonly SecurityGroupRule[] = [WORLD_80, ALB_80]) => aClosableSite(rules, 'add-only');

  test('names the rule, the targets and the balancer, with the buttons of a week', async () => {
    const site = proposed();
    await site.close();
    const [report] = site.proposals();
    expect(report?.body).toEqual({
      kind: 'closing-proposed',
      watchMinutes: 3,
      until: '2026-11-29T05:00:00.000Z',
      rules: [
        {
          ruleId: 'sgr-world',
          securityGroup: { id: 'sg-web', name: 'sg-web' },
          protocol: 'tcp',
          ports: '80',
          peer: '0.0.0.0/0',
          extent: 'this-port',
          source: 'world',
          because: 'NotOurs',
          asked: [80],
          names: ['web-1', 'web-2', 'web-3'],
          count: 3,
          balancers: ['web-alb'],
          healthy: 3,
          total: 3,
          lines: [
            'aws ec2 revoke-security-group-ingress --group-id sg-web --security-group-rule-ids sgr-world --region ap-northeast-1',
          ],
        },
      ],
    });
    expect(report?.buttons?.map(({ verb }) => verb)).toEqual(['approve', 'keep', 'show']);
    expect(site.ingressIds()).toEqual(['sgr-world', 'sgr-alb']);
  });

  test('says how many can be reached past the balancer, where an address was seen', async () => {
    const site = proposed();
    const [first] = instances();
    if (first === undefined) throw new Error('no instance');
    site.world.putInstances({
      ...first,
      networkInterfaces: first.networkInterfaces.map((each) => ({ ...each, hasPublicAddress: true as const })),
    });
    await site.close();
    expect(site.proposals()[0]?.body.rules[0]).toMatchObject({ publicCount: 1, count: 3 });
  });

  test('of several rules is one message', async () => {
    const site = proposed([
      WORLD_80,
      world({ ruleId: 'sgr-office', peer: { kind: 'cidr-ipv4', cidr: '203.0.113.0/24' } }),
      world({ ruleId: 'sgr-range', fromPort: 80, toPort: 90 }),
      ALB_80,
    ]);
    await site.close();
    expect(site.proposals()).toHaveLength(1);
    expect(site.proposals()[0]?.body.rules.map(({ ruleId }) => ruleId)).toEqual([
      'sgr-range',
      'sgr-world',
      'sgr-office',
    ]);
  });

  test('is said once while its facts stand, and anew when they change', async () => {
    const site = proposed();
    await site.close();
    for (let day = 0; day < 5; day += 1) {
      site.world.clock.advance(DAY + 1);
      await site.close();
    }
    expect(site.proposals()).toHaveLength(1);
    site.world.network.rules.set('sg-web', [
      ...site.world.rulesOf('sg-web'),
      world({ ruleId: 'sgr-v6', peer: { kind: 'cidr-ipv6', cidr: '::/0' } }),
    ]);
    await site.close(['sgr-world', 'sgr-v6']);
    expect(site.proposals()).toHaveLength(2);
  });

  test('costs no look while nothing changes, for a day', async () => {
    const site = proposed();
    await site.close();
    site.world.forgetCalls();
    site.world.clock.advance(DAY - 60);
    await site.close();
    expect(site.world.calls.filter(({ kind }) => kind === 'read')).toEqual([]);
  });

  test('of a split has the lines that do it, what stays first', async () => {
    const site = proposed([world({ fromPort: 80, toPort: 90 }), ALB_80]);
    await site.close();
    expect(site.proposals()[0]?.body.rules[0]?.lines).toEqual([
      `aws ec2 authorize-security-group-ingress --group-id sg-web --ip-permissions 'IpProtocol=tcp,FromPort=81,ToPort=90,IpRanges=[{CidrIp=0.0.0.0/0,Description="opened for the launch party"}]' --region ap-northeast-1`,
      'aws ec2 revoke-security-group-ingress --group-id sg-web --security-group-rule-ids sgr-world --region ap-northeast-1',
    ]);
  });
});
