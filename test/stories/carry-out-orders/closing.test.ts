import { beforeEach, describe, expect, test } from '@jest/globals';
import { ruleShape } from '../../../domain/closing/classify.ts';
import { newPlan } from '../../../domain/stored-plan.ts';
import { aRule, aSecurityGroup, targetGroupArn } from '../../support/world/builders.ts';
import { ALB_80, instances, WORLD_80 } from '../close-rules/closing.ts';
import { failure } from '../journey.ts';
import type { OrderWorld } from './orders.ts';
import { anOrderWorld } from './orders.ts';

const WEB = targetGroupArn('web');
const LONG_AGO = new Date('2026-11-20T05:00:00.000Z');
const OFFICE = {
  ...WORLD_80,
  ruleId: 'sgr-office',
  fromPort: 80,
  toPort: 90,
  peer: { kind: 'cidr-ipv4', cidr: '203.0.113.0/24' },
} as const;

const LINES = ['aws ec2 revoke-security-group-ingress --group-id sg-web --security-group-rule-ids sgr-world'];

let world: OrderWorld;
let planId: string;

const ingressIds = (): readonly string[] =>
  world.world.rulesOf('sg-web').flatMap(({ ruleId, direction }) => (direction === 'ingress' ? [ruleId] : []));

const press = (verb: 'approve' | 'keep' | 'show', by = {}) => world.deliver(world.press({ verb, planId }, by));

beforeEach(async () => {
  world = anOrderWorld({
    instances: instances(),
    securityGroups: ['sg-alb', 'sg-web'].map((groupId) => aSecurityGroup({ groupId })),
    rules: [...['sg-alb', 'sg-web'].map((groupId) => aRule({ groupId })), WORLD_80, OFFICE, ALB_80],
  });
  world.balancing.registered.set(
    WEB,
    instances().map(({ instanceId }) => ({
      target: { id: instanceId, port: 80 },
      at: LONG_AGO,
      drainingUntil: undefined,
    })),
  );
  const securityGroup = { id: 'sg-web', name: 'sg-web' };
  const content = {
    kind: 'close-rules',
    rules: [
      { ruleId: 'sgr-world', securityGroup, shape: ruleShape(WORLD_80), isClosed: true, lines: LINES },
      {
        ruleId: 'sgr-office',
        securityGroup,
        shape: ruleShape(OFFICE),
        isClosed: false,
        lines: ['aws ec2 describe-security-groups'],
      },
    ],
  } as const;
  const plan = newPlan('plan-close', content, 'default', world.clock.now());
  await world.world.ports.plans.store(plan);
  planId = plan.planId;
});

describe('Close port 80…', () => {
  test('removes what may go after another look, watches, and leaves what is only to be split', async () => {
    await press('approve');
    expect(ingressIds()).toEqual(['sgr-office', 'sgr-alb']);
    expect(world.outcomes()).toEqual([
      {
        kind: 'rules-closed',
        securityGroup: { id: 'sg-web', name: 'sg-web' },
        count: 1,
        until: '2026-11-22T05:03:00.000Z',
      },
    ]);
    const [watch] = await world.world.ports.closings.list();
    expect(watch).toMatchObject({ rule: WORLD_80, byUserId: 'U0001' });
    expect(world.sweepQueue.sent.map(({ body }) => JSON.parse(body))).toEqual([
      { usher: 1, kind: 'look-at-closing', ruleId: 'sgr-world' },
    ]);
  });

  test('acts once, however often the same order comes', async () => {
    const order = world.press({ verb: 'approve', planId });
    await world.deliver(order);
    await world.deliver(order);
    expect(world.world.writes().map(({ name }) => name)).toEqual(['ec2.revokeRule']);
  });

  test('removes nothing when the balancer needs the rule by now: things have moved', async () => {
    world.network.rules.set(
      'sg-web',
      world.world.rulesOf('sg-web').filter(({ ruleId }) => ruleId === 'sgr-world'),
    );
    await press('approve');
    expect(ingressIds()).toEqual(['sgr-world']);
    expect(world.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because: 'NotWanted' }] }]);
  });

  test('removes nothing when the rule was changed since it was shown, though it keeps its id', async () => {
    world.network.rules.set(
      'sg-web',
      world.world
        .rulesOf('sg-web')
        .map((rule) =>
          rule.ruleId === 'sgr-world' ? { ...rule, peer: { kind: 'cidr-ipv4', cidr: '203.0.113.7/32' } } : rule,
        ),
    );
    await press('approve');
    expect(ingressIds()).toEqual(['sgr-world', 'sgr-office', 'sgr-alb']);
    expect(world.outcomes()).toMatchObject([{ kind: 'moved', moved: [{ because: 'NotWanted' }] }]);
  });

  test.each([
    ['somebody tagged it to be kept', () => world.world.ports.ec2.keepRule('sgr-world')],
    [
      'somebody removed it',
      async () => {
        await world.world.ports.ec2.revokeRule('sg-web', 'ingress', 'sgr-world');
      },
    ],
    ['everything is paused', () => world.world.ports.pauses.begin({ since: world.clock.now(), byUserId: 'U0001' })],
  ] as const)('removes nothing when %s', async (_, meanwhile) => {
    await meanwhile();
    world.forgetCalls();
    await press('approve');
    expect(world.outcomes()).toMatchObject([{ kind: 'moved' }]);
    expect(world.world.writes()).toEqual([]);
  });

  test('says what it removed when the hour has no room for the rest', async () => {
    const V6 = { ...WORLD_80, ruleId: 'sgr-v6', peer: { kind: 'cidr-ipv6', cidr: '::/0' } } as const;
    world.network.rules.set('sg-web', [...world.world.rulesOf('sg-web'), V6]);
    const securityGroup = { id: 'sg-web', name: 'sg-web' };
    const rules = [WORLD_80, V6].map((rule) => ({
      ruleId: rule.ruleId,
      securityGroup,
      shape: ruleShape(rule),
      isClosed: true,
      lines: LINES,
    }));
    const plan = newPlan('plan-two', { kind: 'close-rules', rules }, 'default', world.clock.now());
    await world.world.ports.plans.store(plan);
    for (let taken = 0; taken < 9; taken += 1)
      await world.world.ports.budgets.take([{ scope: 'stage|prod', limit: 10 }], 1, world.clock.now());
    await world.deliver(world.press({ verb: 'approve', planId: 'plan-two' }));
    expect(ingressIds().filter((id) => id === 'sgr-world' || id === 'sgr-v6')).toHaveLength(1);
    expect(world.outcomes()).toMatchObject([{ kind: 'rules-closed', count: 1 }]);
  });

  test('says AWS’s own code when it refuses, and watches nothing', async () => {
    world.world.onCall((_, name) => (name === 'ec2.revokeRule' ? failure('denied') : 'proceed'));
    await press('approve');
    world.world.onCall();
    expect(world.outcomes()).toMatchObject([{ kind: 'closing-refused' }]);
    expect(await world.world.ports.closings.list()).toEqual([]);
  });
});

describe('Keep it', () => {
  test('tags every rule of the proposal, and decides it', async () => {
    await press('keep');
    const kept = world.world
      .rulesOf('sg-web')
      .flatMap(({ ruleId, tags }) => (tags['usher:keep'] === 'true' ? [ruleId] : []));
    expect(kept).toEqual(['sgr-world', 'sgr-office']);
    expect(world.outcomes()).toEqual([
      { kind: 'rules-kept', securityGroup: { id: 'sg-web', name: 'sg-web' }, count: 2 },
    ]);
    await press('approve');
    expect(ingressIds()).toContain('sgr-world');
    expect(world.outcomes().at(-1)).toMatchObject({ kind: 'decided-before' });
  });
});

describe('CLI', () => {
  test('shows the lines to who asks, as often as they like, and decides nothing', async () => {
    await press('show');
    await press('show');
    expect(world.outcomes()).toEqual([
      { kind: 'lines-shown', lines: [...LINES, 'aws ec2 describe-security-groups'] },
      { kind: 'lines-shown', lines: [...LINES, 'aws ec2 describe-security-groups'] },
    ]);
    expect(world.replied.map(({ audience }) => audience)).toEqual(['person', 'person']);
    await press('approve');
    expect(ingressIds()).not.toContain('sgr-world');
  });
});

describe('resume GROUP', () => {
  test('lets Usher write again in a group that had dropped to report-only, and names those that have when none is meant', async () => {
    const { closings, pauses } = world.world.ports;
    const watch = {
      rule: WORLD_80,
      vpcId: 'vpc-1',
      securityGroup: { id: 'sg-web', name: 'sg-web' },
      groups: [],
      destination: 'default',
      startedAt: '2026-11-22T05:00:00.000Z',
      until: '2026-11-22T05:03:00.000Z',
    };
    await closings.begin(watch);
    const at = '2026-11-22T05:01:00.000Z';
    await closings.decideToPutBack(watch, { entryId: 'e', at, fell: [] }, [{ id: WEB, name: 'web' }]);
    await world.deliver(world.type('resume other'));
    expect(world.answers().at(-1)).toEqual({
      kind: 'group-not-stopped',
      said: 'other',
      stopped: [{ id: WEB, name: 'web' }],
    });
    await world.deliver(world.type('status'));
    expect(world.answers().at(-1)).toMatchObject({ kind: 'status', stopped: [{ name: 'web' }] });
    await world.deliver(world.type('resume web'));
    expect(world.answers().at(-1)).toMatchObject({ kind: 'group-resumed', targetGroup: { name: 'web' } });
    expect(await pauses.listStoppedGroups()).toEqual([]);
  });
});
