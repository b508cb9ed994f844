import { beforeEach, describe, expect, test } from '@jest/globals';
import { newEntry } from '../../../stories/seat-instances/apply.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import { failure } from '../journey.ts';
import type { SweptWorld } from './sweeping.ts';
import { aSweptWorld } from './sweeping.ts';

const WEB = targetGroupArn('web');
const NOW = new Date('2026-11-22T04:50:00.000Z');

const ownIds = ({ world }: SweptWorld): readonly string[] =>
  world.rulesOf('sg-web').flatMap(({ ruleId, tags }) => (tags['usher:owner'] === 'prod' ? [ruleId] : []));

/** One instance is seated behind a rule of ours, and told of. */
const aSeatedSite = async (): Promise<SweptWorld> => {
  const swept = aSweptWorld({
    securityGroups: ['sg-alb', 'sg-web', 'sg-other'].map((groupId) => aSecurityGroup({ groupId })),
  });
  await swept.accept();
  swept.world.putInstances(anInstance({ instanceId: 'i-00000001', launchedAt: NOW }));
  await swept.later();
  await swept.journey.untilQuiet();
  expect(ownIds(swept)).toHaveLength(1);
  return swept;
};

const leave = ({ world }: SweptWorld): void => {
  world.network.instances.delete('i-00000001');
  world.balancing.registered.delete(WEB);
};

let swept: SweptWorld;
beforeEach(async () => {
  swept = await aSeatedSite();
});

describe('A rule of ours that nobody needs', () => {
  test('is removed by its id once two sweeps a quarter of an hour apart found it so, never within the hour of a registration, and told of', async () => {
    leave(swept);
    await swept.later();
    await swept.later();
    await swept.later();
    expect(ownIds(swept)).toHaveLength(1);
    await swept.later(3600);
    expect(ownIds(swept)).toEqual([]);
    const call = swept.world.writes().find(({ name }) => name === 'ec2.revokeRule');
    expect(call?.args).toEqual(['sg-web', 'ingress', 'sgr-made1']);
    expect(swept.endings().at(-1)).toMatchObject({
      mode: 'applied',
      rulesRemoved: [{ ruleId: 'sgr-made1', securityGroup: { id: 'sg-web' } }],
    });
    expect([...swept.world.state.entries.values()].map(({ telling }) => telling)).not.toContain('open');
  });

  test('is not removed by the first sweep that finds it so, however old it is', async () => {
    swept.world.clock.advance(5 * 3600);
    leave(swept);
    await swept.sweep();
    expect(ownIds(swept)).toHaveLength(1);
    await swept.later(60);
    expect(ownIds(swept)).toHaveLength(1);
    await swept.later();
    expect(ownIds(swept)).toEqual([]);
  });

  test('comes back by the same story once somebody needs it again: it was not taken away by a person', async () => {
    leave(swept);
    await swept.later(5400);
    await swept.later();
    expect(ownIds(swept)).toEqual([]);
    swept.world.putInstances(anInstance({ instanceId: 'i-00000002', launchedAt: swept.world.clock.now() }));
    await swept.later();
    expect(ownIds(swept)).toHaveLength(1);
  });
});

describe('A rule of ours stays', () => {
  const sweepForHours = async (): Promise<void> => {
    for (let time = 0; time < 4; time += 1) await swept.later(3600);
  };

  test.each([
    ['while its target is there', () => {}],
    [
      'while its instance is only stopped',
      () => {
        const instance = swept.world.network.instances.get('i-00000001');
        if (instance) swept.world.putInstances({ ...instance, state: 'stopped' });
      },
    ],
    [
      'when a target of a group that is not tagged goes through it',
      () => {
        const foreign = aTargetGroup({ name: 'foreign', tags: {} });
        swept.world.balancing.targetGroups.set(foreign.arn, foreign);
        swept.world.putInstances(anInstance({ instanceId: 'i-00000001', tags: {} }));
        swept.world.balancing.registered.delete(WEB);
        swept.world.balancing.registered.set(foreign.arn, [
          { target: { id: 'i-00000001', port: 80 }, at: NOW, drainingUntil: undefined },
        ]);
      },
    ],
    [
      'when a target of a group that no balancer uses at the moment may go through it',
      () => {
        const detached = aTargetGroup({ name: 'detached', tags: {}, loadBalancerArns: [] });
        swept.world.balancing.targetGroups.set(detached.arn, detached);
        swept.world.putInstances(anInstance({ instanceId: 'i-00000001', tags: {} }));
        swept.world.balancing.registered.delete(WEB);
        swept.world.balancing.registered.set(detached.arn, [
          { target: { id: 'i-00000001', port: 80 }, at: NOW, drainingUntil: undefined },
        ]);
      },
    ],
    [
      'when a target is registered whose instance EC2 does not show',
      () => {
        swept.world.network.instances.delete('i-00000001');
        swept.world.balancing.registered.set(WEB, [
          { target: { id: 'i-0dead000', port: 80 }, at: NOW, drainingUntil: undefined },
        ]);
      },
    ],
    [
      'when a broader rule of somebody’s lets its flows through as well',
      () => {
        swept.world.network.rules.set('sg-web', [
          ...swept.world.rulesOf('sg-web'),
          {
            ruleId: 'sgr-aaa',
            groupId: 'sg-web',
            direction: 'ingress',
            protocol: 'tcp',
            fromPort: 80,
            toPort: 80,
            peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
            description: undefined,
            tags: {},
          },
        ]);
      },
    ],
    [
      'when another balancer that wears the group it names sends to a target of the same port',
      () => {
        const other = anAlb({ name: 'other-alb' });
        const group = aTargetGroup({ name: 'other', tags: {}, loadBalancerArns: [loadBalancerArn('other-alb')] });
        swept.world.balancing.loadBalancers.set(other.arn, other);
        swept.world.balancing.targetGroups.set(group.arn, group);
        swept.world.balancing.registered.delete(WEB);
        swept.world.putInstances(anInstance({ instanceId: 'i-00000001', tags: {} }));
        swept.world.balancing.registered.set(group.arn, [
          { target: { id: 'i-00000001', port: 80 }, at: NOW, drainingUntil: undefined },
        ]);
      },
    ],
    [
      'when somebody tagged it to be kept',
      () => {
        leave(swept);
        swept.world.network.rules.set(
          'sg-web',
          swept.world
            .rulesOf('sg-web')
            .map((rule) =>
              rule.ruleId === 'sgr-made1' ? { ...rule, tags: { ...rule.tags, 'usher:keep': 'true' } } : rule,
            ),
        );
      },
    ],
    [
      'when its security group is to be ignored',
      () => {
        leave(swept);
        swept.world.network.securityGroups.set('sg-web', aSecurityGroup({ tags: { 'usher:ignore': 'true' } }));
      },
    ],
    [
      'when somebody changed what it lets through',
      () => {
        leave(swept);
        swept.world.network.rules.set(
          'sg-web',
          swept.world
            .rulesOf('sg-web')
            .map((rule) => (rule.ruleId === 'sgr-made1' ? { ...rule, fromPort: 8443, toPort: 8443 } : rule)),
        );
      },
    ],
  ] as const)('%s', async (_, change) => {
    change();
    await sweepForHours();
    expect(swept.world.rulesOf('sg-web').map(({ ruleId }) => ruleId)).toContain('sgr-made1');
    expect(swept.world.writes().map(({ name }) => name)).not.toContain('ec2.revokeRule');
  });

  test.each([
    'balancingFleet.readEveryLoadBalancer',
    'balancingFleet.readEveryTargetGroup',
    'ec2.readWearers',
    'loadBalancing.readTargetHealth',
    'fleet.readRulesTagged',
  ])('when %s fails', async (failing) => {
    leave(swept);
    await swept.later(3600);
    swept.world.onCall((_, name) => (name === failing ? failure('transient') : 'proceed'));
    await sweepForHours();
    swept.world.onCall();
    expect(ownIds(swept)).toHaveLength(1);
  });

  test('when its group is leased to others, until they are done', async () => {
    leave(swept);
    await swept.later(3600);
    const { leases } = swept.world.ports;
    const lease = await leases.acquire(['sg-web'], 'somebody', swept.world.clock.now(), 24 * 3600);
    await sweepForHours();
    expect(ownIds(swept)).toHaveLength(1);
    if (lease) await swept.world.ports.leases.release(lease);
    await swept.later();
    expect(ownIds(swept)).toEqual([]);
  });
});

test('Given an hour in which two may be removed, when four are unneeded, then two wait for the next hour, and that is said', async () => {
  const groups = ['sg-0', 'sg-1', 'sg-2', 'sg-3'];
  const site = aSweptWorld({
    stage: { removalsPerHour: 2 },
    securityGroups: ['sg-alb', ...groups].map((groupId) => aSecurityGroup({ groupId })),
  });
  const { world } = site;
  const own = () => groups.flatMap((id) => world.rulesOf(id).filter(({ tags }) => tags['usher:owner'] === 'prod'));
  await site.accept();
  world.putInstances(
    ...groups.map((groupId, index) =>
      anInstance({ instanceId: `i-0000000${index}`, launchedAt: NOW, securityGroupIds: [groupId] }),
    ),
  );
  await site.later();
  await site.journey.untilQuiet();
  expect(own()).toHaveLength(4);
  world.network.instances.clear();
  world.balancing.registered.clear();
  await site.later(3600);
  await site.later();
  expect(own()).toHaveLength(2);
  expect(site.endings().at(-1)).toMatchObject({
    leftAlone: [{ because: 'TooManyRemovals', count: 2 }],
    rulesRemoved: [{}, {}],
  });
  await site.later();
  expect(own()).toHaveLength(2);
  await site.later(3600);
  expect(own()).toEqual([]);
});

describe('A rule of ours that names an address', () => {
  /** Beside the one that names the balancer's group; nobody has the address. */
  const addOne = async ({ world }: SweptWorld): Promise<void> => {
    const targetGroup = { id: WEB, name: 'web' };
    const change = {
      kind: 'authorize-rule',
      groupId: 'sg-web',
      vpcId: 'vpc-1',
      direction: 'ingress',
      protocol: 'tcp',
      port: 80,
      peer: { kind: 'cidr-ipv4', cidr: '10.0.9.9/32' },
      targetGroupArn: WEB,
      targetKeys: [],
      reason: 'PathBlocked',
    } as const;
    const entry = newEntry(world.ports, {
      change,
      matter: { targetGroup, targets: [], findings: [], destination: 'default' },
    });
    await world.ports.ledger.intend([entry]);
    await world.ports.ledger.settle(entry, { status: 'applied', ruleId: 'sgr-of-an-address' }, world.clock.now());
    const { groupId, direction, protocol, peer } = change;
    const rule = { ruleId: 'sgr-of-an-address', groupId, direction, protocol, fromPort: 80, toPort: 80, peer } as const;
    const tagged = { ...rule, description: undefined, tags: { 'usher:owner': 'prod' } };
    world.network.rules.set('sg-web', [...world.rulesOf('sg-web'), tagged]);
  };

  test('goes like the others once nobody of the VPC needs it', async () => {
    await addOne(swept);
    leave(swept);
    await swept.later(3600);
    await swept.later();
    expect(ownIds(swept)).toEqual([]);
  });

  test('stays where the VPC has more groups than can be asked, and keeps no other', async () => {
    await addOne(swept);
    for (let number = 0; number < 121; number += 1) {
      const group = aTargetGroup({ name: `other-${number}`, tags: {}, loadBalancerArns: [] });
      swept.world.balancing.targetGroups.set(group.arn, group);
    }
    leave(swept);
    await swept.later(3600);
    await swept.later();
    expect(ownIds(swept)).toEqual(['sgr-of-an-address']);
  });

  test('stays while it is one of several addresses that a balancer sends from, though it is not enough alone', async () => {
    const nlb = anAlb({
      arn: loadBalancerArn('mail').replace('/app/', '/net/'),
      name: 'mail',
      kind: 'network',
      securityGroupIds: [],
    });
    const mail = aTargetGroup({ name: 'mail', protocol: 'TCP', port: 25, loadBalancerArns: [nlb.arn] });
    const site = aSweptWorld({
      instances: [],
      loadBalancers: [nlb],
      targetGroups: [mail],
      securityGroups: [aSecurityGroup()],
      rules: [aRule()],
    });
    site.world.balancing.preservation.set(mail.arn, false);
    await site.accept();
    site.world.putInstances(anInstance({ launchedAt: NOW }));
    await site.later();
    await site.journey.untilQuiet();
    const made = ownIds(site);
    expect(made).toHaveLength(2);
    for (let time = 0; time < 4; time += 1) await site.later(3600);
    expect(ownIds(site)).toEqual(made);
    site.world.network.instances.clear();
    site.world.balancing.registered.clear();
    await site.later(3600);
    await site.later();
    expect(ownIds(site)).toEqual([]);
  });
});

describe('A rule of ours for clients whom a tag named', () => {
  const nlb = anAlb({
    arn: loadBalancerArn('mail').replace('/app/', '/net/'),
    name: 'mail',
    kind: 'network',
    securityGroupIds: [],
  });
  const mail = (clients: string | undefined) =>
    aTargetGroup({
      name: 'mail',
      protocol: 'TCP',
      port: 25,
      loadBalancerArns: [nlb.arn],
      tags: { 'usher:selector': 'Role=web', ...(clients === undefined ? {} : { 'usher:client-cidrs': clients }) },
    });

  /** One instance behind a balancer that shows its clients, who are named as 10.0.0.0/8. */
  const aSite = async (): Promise<SweptWorld> => {
    const site = aSweptWorld({
      instances: [],
      loadBalancers: [nlb],
      targetGroups: [mail('10.0.0.0/8')],
      securityGroups: [aSecurityGroup()],
      rules: [aRule()],
    });
    site.world.balancing.preservation.set(mail(undefined).arn, true);
    await site.accept();
    site.world.putInstances(anInstance({ launchedAt: NOW }));
    await site.later();
    await site.journey.untilQuiet();
    expect(blocksIn(site)).toEqual(['10.0.0.0/8', '10.0.1.201/32', '10.0.2.201/32']);
    return site;
  };
  const blocksIn = ({ world }: SweptWorld): readonly string[] =>
    world
      .rulesOf('sg-web')
      .flatMap(({ peer, tags }) => (tags['usher:owner'] === 'prod' && 'cidr' in peer ? [peer.cidr] : []))
      .sort();
  const tag = ({ world }: SweptWorld, clients: string | undefined): void => {
    world.balancing.targetGroups.set(mail(clients).arn, mail(clients));
  };

  test('gives way to the narrower one that the tag asks for, which is written first', async () => {
    const site = await aSite();
    tag(site, '10.1.0.0/16');
    await site.later();
    expect(blocksIn(site)).toEqual(['10.0.0.0/8', '10.0.1.201/32', '10.0.2.201/32', '10.1.0.0/16']);
    for (let time = 0; time < 3; time += 1) await site.later(3600);
    expect(blocksIn(site)).toEqual(['10.0.1.201/32', '10.0.2.201/32', '10.1.0.0/16']);
    expect(site.world.writes().filter(({ name }) => name === 'ec2.revokeRule')).toHaveLength(1);
    for (let time = 0; time < 3; time += 1) await site.later(3600);
    expect(blocksIn(site)).toEqual(['10.0.1.201/32', '10.0.2.201/32', '10.1.0.0/16']);
  });

  test('gives way too where its checks ask another port, so that nothing told before whether an endpoint service leads there', async () => {
    const site = await aSite();
    const narrowed = mail('10.1.0.0/16');
    const group = { ...narrowed, healthCheck: { ...narrowed.healthCheck, port: 8025 } };
    site.world.balancing.targetGroups.set(group.arn, group);
    for (let time = 0; time < 5; time += 1) await site.later(3600);
    expect(
      site.world.rulesOf('sg-web').flatMap(({ peer, fromPort }) => ('cidr' in peer ? [[peer.cidr, fromPort]] : [])),
    ).toEqual(
      expect.arrayContaining([
        ['10.1.0.0/16', 25],
        ['10.0.1.201/32', 8025],
        ['10.0.2.201/32', 8025],
      ]),
    );
    expect(blocksIn(site)).not.toContain('10.0.0.0/8');
  });

  test('stays under a policy that writes no narrower one, which the status says', async () => {
    const site = await aSite();
    const narrowed = mail('10.1.0.0/16');
    const tags = { ...narrowed.tags, 'usher:policy': 'report-only' };
    site.world.balancing.targetGroups.set(narrowed.arn, { ...narrowed, tags });
    for (let time = 0; time < 4; time += 1) await site.later(3600);
    expect(blocksIn(site)).toEqual(['10.0.0.0/8', '10.0.1.201/32', '10.0.2.201/32']);
    expect(site.sweeps.state().record.seen?.leftAlone).toContainEqual({
      because: 'ReportOnly',
      names: ['sg-web'],
      count: 1,
    });
  });

  test('stays while a target of another group that is not tagged for us is reached by it', async () => {
    const site = await aSite();
    const other = { ...mail('10.0.0.0/8'), name: 'other', arn: targetGroupArn('other') };
    site.world.balancing.targetGroups.set(other.arn, { ...other, tags: { 'usher:client-cidrs': '10.0.0.0/8' } });
    site.world.balancing.preservation.set(other.arn, true);
    site.world.balancing.registered.set(other.arn, [
      { target: { id: 'i-00000001', port: 25 }, at: NOW, drainingUntil: undefined },
    ]);
    tag(site, '10.1.0.0/16');
    for (let time = 0; time < 4; time += 1) await site.later(3600);
    expect(blocksIn(site)).toEqual(['10.0.0.0/8', '10.0.1.201/32', '10.0.2.201/32', '10.1.0.0/16']);
  });

  test.each([
    ['is gone', undefined],
    ['can’t be understood', '10.1.0.0/16,'],
  ])('stays when the tag %s', async (_, clients) => {
    const site = await aSite();
    tag(site, clients);
    for (let time = 0; time < 4; time += 1) await site.later(3600);
    expect(blocksIn(site)).toEqual(['10.0.0.0/8', '10.0.1.201/32', '10.0.2.201/32']);
  });
});

test('Given rules in two groups, when AWS refuses the removal of one, then the other goes all the same, and both are told of', async () => {
  const { world } = swept;
  world.putInstances(
    anInstance({ instanceId: 'i-00000002', launchedAt: world.clock.now(), securityGroupIds: ['sg-other'] }),
  );
  await swept.later();
  await swept.journey.untilQuiet();
  leave(swept);
  world.network.instances.delete('i-00000002');
  await swept.later(3600);
  world.onCall((_, name) =>
    name === 'ec2.revokeRule' && world.calls.at(-1)?.args[0] === 'sg-other' ? failure('denied') : 'proceed',
  );
  await swept.later(3600);
  world.onCall();
  expect(ownIds(swept)).toEqual([]);
  expect(world.rulesOf('sg-other').filter(({ tags }) => tags['usher:owner'] === 'prod')).toHaveLength(1);
  expect(swept.endings().at(-1)).toMatchObject({
    rulesRemoved: [{ ruleId: 'sgr-made1' }],
    leftAlone: expect.arrayContaining([{ because: 'RefusedByAws', names: ['sg-other'], count: 1 }]),
  });
});

test('Given a process that dies after it removed a rule, then the next sweep tells of it', async () => {
  leave(swept);
  await swept.later(3600);
  swept.world.onCall((_, name) => (name === 'ec2.revokeRule' ? 'fail-after' : 'proceed'));
  await swept.later(3600).catch(() => {});
  swept.world.onCall();
  expect(ownIds(swept)).toEqual([]);
  for (let time = 0; time < 4; time += 1) await swept.later();
  expect(swept.endings().flatMap(({ rulesRemoved }) => rulesRemoved.map(({ ruleId }) => ruleId))).toEqual([
    'sgr-made1',
  ]);
});
