import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeregisterTarget } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import type { Instance } from '../../domain/instance.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import type { ReportBody } from '../../domain/report.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { anInstance, aRule, aSecurityGroup, aTargetGroup } from '../support/world/builders.ts';
import type { ShownHealth } from '../support/world/memory-balancing.ts';
import { HEALTHY, REFUSES } from '../support/world/memory-balancing.ts';
import type { World } from '../support/world/world.ts';
import { aWorld } from '../support/world/world.ts';
import type { Journey } from './journey.ts';
import { aJourney, shown, stateChange, tagChange } from './journey.ts';

/** How many histories are lived; a day's worth by `USHER_HISTORIES=5000 npx jest --testPathPatterns histories`. */
const HISTORIES = Number(process.env['USHER_HISTORIES'] ?? 100);
const PATIENCE_MILLISECONDS = 30_000 + 100 * HISTORIES;

const IDS = ['i-00000001', 'i-00000002', 'i-00000003'] as const;
const GROUPS = ['web', 'admin'] as const;

/** What may happen to a small fleet. Everything but `kill` is done by people or by AWS, past our ports. */
type Happening =
  | { readonly kind: 'launch-event' | 'stop' | 'start'; readonly which: number }
  | { readonly kind: 'retag'; readonly which: number; readonly role: string }
  | { readonly kind: 'answer'; readonly which: number; readonly health: ShownHealth }
  | { readonly kind: 'deregister'; readonly which: number; readonly group: number }
  | { readonly kind: 'remove-our-rule' | 'add-their-rule' }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'kill'; readonly call: number; readonly how: 'fail-before' | 'fail-after' };

const role = fc.constantFrom('web', 'admin', 'both', 'database');
const which = fc.nat(IDS.length - 1);

const happening = (withKills: boolean): fc.Arbitrary<Happening> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('launch-event' as const), which }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'start' as const), which }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('retag' as const), which, role }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        which,
        health: fc.constantFrom(HEALTHY, REFUSES),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('deregister' as const), which, group: fc.nat(GROUPS.length - 1) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('remove-our-rule' as const, 'add-their-rule' as const) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.nat(500) }) },
    ...(withKills
      ? [
          {
            weight: 2,
            arbitrary: fc.record({
              kind: fc.constant('kill' as const),
              call: fc.integer({ min: 1, max: 40 }),
              how: fc.constantFrom('fail-before' as const, 'fail-after' as const),
            }),
          },
        ]
      : []),
  );

interface Beginning {
  readonly instances: readonly Instance[];
  readonly targetGroups: readonly TargetGroup[];
  readonly hidden: readonly number[];
}

const rolesOf = (word: string) => ({
  Name: 'fleet',
  ...(word === 'web' || word === 'both' ? { Web: '' } : {}),
  ...(word === 'admin' || word === 'both' ? { Admin: '' } : {}),
});

const anyInstance = (instanceId: string): fc.Arbitrary<Instance> =>
  fc
    .record({
      word: role,
      zone: fc.constantFrom('a', 'c', 'd'),
      securityGroupIds: fc.constantFrom(['sg-web'], ['sg-other'], ['sg-web', 'sg-other']),
    })
    .map(({ word, zone, securityGroupIds }) =>
      anInstance({
        instanceId,
        tags: rolesOf(word),
        subnetId: `subnet-${zone}`,
        availabilityZone: `ap-northeast-1${zone}`,
        securityGroupIds,
      }),
    );

const anyGroup = (name: (typeof GROUPS)[number]): fc.Arbitrary<TargetGroup> =>
  fc
    .record({
      port: fc.constantFrom(80, 9000),
      healthPort: fc.constantFrom('traffic-port' as const, 8081),
      targetType: fc.constantFrom('instance' as const, 'ip' as const),
      policy: fc.constantFrom(undefined, undefined, 'report-only', 'ask'),
    })
    .map(({ port, healthPort, targetType, policy }) =>
      aTargetGroup({
        name,
        port,
        targetType,
        healthCheck: { ...aTargetGroup().healthCheck, port: healthPort },
        tags: {
          'usher:selector': name === 'web' ? 'Web' : 'Admin',
          ...(policy === undefined ? {} : { 'usher:policy': policy }),
        },
      }),
    );

const beginning: fc.Arbitrary<Beginning> = fc.record({
  instances: fc.tuple(anyInstance(IDS[0]), anyInstance(IDS[1]), anyInstance(IDS[2])),
  targetGroups: fc.tuple(anyGroup('web'), anyGroup('admin')),
  hidden: fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)),
});

const theirRule = (number: number): SecurityGroupRule =>
  aRule({
    ruleId: `sgr-theirs-${number}`,
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22 + number,
    peer: { kind: 'cidr-ipv4', cidr: '10.0.0.0/8' },
  });

/** What people did, as far as Usher must respect it. */
interface Respected {
  /** Members taken out that were ours by the ledger, until their instance is started again or retagged. */
  readonly held: Map<string, string>;
  /** Members taken out by whom came close to what would bring them back: in or out, both are right. */
  readonly unsure: Map<string, string>;
  /** When the tag that brings a member there was last changed. */
  readonly retaggedAt: Map<string, Date>;
  readonly theirs: Set<string>;
  /** Instances that were stopped at some time. */
  readonly stopped: Set<string>;
  ruleWasRemoved: boolean;
}

const memberOf = (group: TargetGroup, instance: Instance): string =>
  `${group.targetType === 'ip' ? instance.networkInterfaces[0]?.privateIpv4Addresses[0] : instance.instanceId}:${group.port}`;

const isWritable = ({ tags }: TargetGroup): boolean => tags['usher:policy'] === undefined;

const isOurs = ({ tags }: SecurityGroupRule): boolean => tags['usher:owner'] !== undefined;

const allRules = (world: World): readonly SecurityGroupRule[] => [...world.network.rules.values()].flat();

/** When we put a member there, by the ledger. */
const heldSince = (world: World, key: string): Date | undefined => {
  const ownership = world.state.ownership.get(`target|${key}`);
  return ownership && new Date(ownership.since);
};

const takeOut = (world: World, group: TargetGroup, instance: Instance, respected: Respected): void => {
  const member = memberOf(group, instance);
  const drainingUntil = new Date(world.clock.now().getTime() + 300_000);
  const registered = world.balancing.registered.get(group.arn) ?? [];
  const isIn = registered.some(
    (one) => `${one.target.id}:${one.target.port}` === member && one.drainingUntil === undefined,
  );
  if (!isIn) return;
  world.balancing.registered.set(
    group.arn,
    registered.map((one) => (`${one.target.id}:${one.target.port}` === member ? { ...one, drainingUntil } : one)),
  );
  const key = `${group.arn}|${member}`;
  const since = heldSince(world, key);
  if (since === undefined) return;
  // The word of an earlier change may arrive after this.
  const mayComeBack = (respected.retaggedAt.get(key) ?? since) > since;
  (mayComeBack ? respected.unsure : respected.held).set(key, instance.instanceId);
};

/** People let these go; whether that was after we had put them there can't be told within one second. */
const letGo = (world: World, { held, unsure }: Respected, keys: readonly string[]): void => {
  for (const key of keys) {
    const instanceId = held.get(key) ?? unsure.get(key);
    if (instanceId === undefined) continue;
    const isAfter = world.clock.now() > (heldSince(world, key) ?? new Date(0));
    held.delete(key);
    unsure.delete(key);
    if (!isAfter) unsure.set(key, instanceId);
  }
};

const keysOf = ({ held, unsure }: Respected, instanceId: string): readonly string[] =>
  [...held, ...unsure].flatMap(([key, id]) => (id === instanceId ? [key] : []));

/** Gives the instance other tags; AWS says which and when, in whole seconds. */
const retag = (world: World, journey: Journey, instance: Instance, word: string, respected: Respected): void => {
  const after = rolesOf(word);
  const keys = ['Web', 'Admin'].filter((key) => Object.hasOwn(instance.tags, key) !== Object.hasOwn(after, key));
  world.putInstances({ ...instance, tags: after });
  const second = Math.floor(world.clock.now().getTime() / 1000) * 1000;
  journey.put(tagChange(instance.instanceId, after, { at: new Date(second).toISOString(), keys }));
  const concerned = [...world.balancing.targetGroups.values()]
    .filter(({ tags }) => keys.includes(tags['usher:selector'] ?? ''))
    .map((group) => `${group.arn}|${memberOf(group, instance)}`);
  for (const key of concerned) respected.retaggedAt.set(key, world.clock.now());
  letGo(world, respected, concerned);
};

const happen = async (
  one: Happening,
  { world, journey, respected }: { readonly world: World; readonly journey: Journey; readonly respected: Respected },
): Promise<void> => {
  const instance = 'which' in one ? world.network.instances.get(IDS[one.which] ?? '') : undefined;
  switch (one.kind) {
    case 'launch-event':
      if (instance) journey.put(stateChange(instance.instanceId));
      return;
    case 'retag':
      if (!instance) return;
      retag(world, journey, instance, one.role, respected);
      return;
    case 'stop':
      if (!instance) return;
      world.putInstances({ ...instance, state: 'stopped' });
      respected.stopped.add(instance.instanceId);
      journey.put(stateChange(instance.instanceId, 'stopped'));
      return;
    case 'start':
      if (instance?.state !== 'stopped') return;
      world.putInstances({ ...instance, state: 'running', launchedAt: world.clock.now() });
      letGo(world, respected, keysOf(respected, instance.instanceId));
      journey.put(stateChange(instance.instanceId, 'pending'), stateChange(instance.instanceId));
      return;
    case 'answer':
      if (!instance) return;
      world.balancing.answers.set(instance.instanceId, one.health);
      return;
    case 'deregister': {
      const group = [...world.balancing.targetGroups.values()][one.group];
      if (instance && group) takeOut(world, group, instance, respected);
      return;
    }
    case 'remove-our-rule': {
      const rule = allRules(world).find(isOurs);
      if (rule === undefined) return;
      respected.ruleWasRemoved = true;
      world.network.rules.set(
        rule.groupId,
        world.rulesOf(rule.groupId).filter(({ ruleId }) => ruleId !== rule.ruleId),
      );
      return;
    }
    case 'add-their-rule': {
      const rule = theirRule(respected.theirs.size);
      respected.theirs.add(rule.ruleId);
      world.network.rules.set('sg-web', [...world.rulesOf('sg-web'), rule]);
      return;
    }
    case 'pass':
      await journey.pass(one.seconds);
      return;
    case 'kill': {
      let isOver = false;
      journey.onCall((k) => {
        if (k !== one.call || isOver) return 'proceed';
        isOver = true;
        return one.how;
      });
      return;
    }
  }
};

/** What holds at every moment, whatever happened. */
const respects = (world: World, { held, theirs, stopped }: Respected): void => {
  for (const key of held.keys()) {
    const [arn = '', member] = key.split('|');
    expect(world.targetsIn(arn).map(({ id, port }) => `${id}:${port}`)).not.toContain(member);
  }
  const rules = allRules(world);
  expect(rules.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining([...theirs]));
  for (const rule of rules.filter(isOurs))
    expect(rule).toMatchObject({
      direction: 'ingress',
      protocol: 'tcp',
      toPort: rule.fromPort,
      peer: { kind: 'security-group', groupId: 'sg-alb' },
      tags: { 'usher:owner': 'prod' },
    });
  const ours = rules.filter(isOurs).map(({ groupId, fromPort }) => `${groupId} ${fromPort}`);
  expect(new Set(ours).size).toBe(ours.length);
  for (const group of world.balancing.targetGroups.values())
    if (!isWritable(group)) expect(world.targetsIn(group.arn)).toEqual([]);
  expect(world.writes().filter(({ name }) => /revoke/.test(name))).toEqual([]);
  for (const { change, intendedAt } of world.state.entries.values()) {
    if (change.kind !== 'deregister-target') continue;
    const isOfStopped = change.reason === 'InstanceGone' && change.target.id === change.instanceId;
    expect(isOfStopped ? stopped.has(change.instanceId) : wasOurs(world, change, intendedAt)).toBe(true);
  }
};

/** Whether an entry before that moment put the same target there. */
const wasOurs = (world: World, { targetGroupArn, target }: DeregisterTarget, before: string): boolean =>
  [...world.state.entries.values()].some(
    ({ change, status, intendedAt }) =>
      change.kind === 'register-target' &&
      status === 'applied' &&
      change.targetGroupArn === targetGroupArn &&
      targetKey(change.target) === targetKey(target) &&
      intendedAt <= before,
  );

/** Whether some rule of the instance's groups admits the balancer on a port. */
const isOpen = (world: World, instance: Instance, port: number): boolean =>
  (instance.networkInterfaces[0]?.securityGroupIds ?? []).some((groupId) =>
    world
      .rulesOf(groupId)
      .some(
        ({ direction, fromPort, peer }) =>
          direction === 'ingress' && fromPort === port && peer.kind === 'security-group' && peer.groupId === 'sg-alb',
      ),
  );

const belongs = (instance: Instance, group: TargetGroup): boolean =>
  Object.hasOwn(instance.tags, group.tags['usher:selector'] ?? '-');

/** Everybody who belongs somewhere is there, behind an open path, unless a person would not have it. */
const isReached = (world: World, respected: Respected): void => {
  for (const group of world.balancing.targetGroups.values())
    for (const instance of world.network.instances.values()) {
      if (instance.state !== 'running' || !belongs(instance, group) || !isWritable(group)) continue;
      const member = memberOf(group, instance);
      if ([respected.held, respected.unsure].some((keys) => keys.has(`${group.arn}|${member}`))) continue;
      expect(world.targetsIn(group.arn).map(({ id, port }) => `${id}:${port}`)).toContain(member);
      if (instance.availabilityZone === 'ap-northeast-1d' || respected.ruleWasRemoved) continue;
      const healthPort = group.healthCheck.port === 'traffic-port' ? group.port : group.healthCheck.port;
      expect(isOpen(world, instance, group.port ?? 0) && isOpen(world, instance, healthPort ?? 0)).toBe(true);
    }
};

/** Nobody who is stopped is left in a group that may be written. */
const isLeft = (world: World): void => {
  for (const group of world.balancing.targetGroups.values())
    for (const instance of world.network.instances.values())
      if (instance.state === 'stopped' && isWritable(group))
        expect(world.targetsIn(group.arn).map(({ id, port }) => `${id}:${port}`)).not.toContain(
          memberOf(group, instance),
        );
};

/** Whether we took it out again before anybody was told how it got on. */
const wasTakenOut = (world: World, key: string, since: string): boolean =>
  [...world.state.entries.values()].some(
    ({ change, status, intendedAt }) =>
      change.kind === 'deregister-target' && status === 'applied' && changeKey(change) === key && intendedAt >= since,
  );

/** Every change was told of in some report on or after it; how somebody got on who was taken out again need not be. */
const isTold = (world: World): void => {
  const said = shown(world).flatMap(({ body, at }) =>
    body.kind === 'targets-in-service' || body.kind === 'targets-not-in-service' || body.kind === 'targets-taken-out'
      ? body.targets.map(({ instanceId }) => ({ where: `${body.targetGroup.id}|${instanceId}`, at }))
      : [],
  );
  for (const { change, status, telling, intendedAt } of world.state.entries.values()) {
    expect([status, telling]).toEqual([expect.not.stringMatching('intended'), 'closed']);
    if (status !== 'applied' || (change.kind !== 'register-target' && change.kind !== 'deregister-target')) continue;
    if (change.kind === 'register-target' && wasTakenOut(world, changeKey(change), intendedAt)) continue;
    const where = `${change.targetGroupArn}|${change.instanceId}`;
    expect(said.some((one) => one.where === where && one.at >= intendedAt)).toBe(true);
  }
};

/** A lease that a killed process left on what no later run looked at lapses by itself. */
const livingLeases = (world: World): readonly string[] =>
  [...world.state.heldLeases].flatMap(([resource, { expiresAt }]) => (expiresAt > world.clock.now() ? [resource] : []));

const begin = ({ instances, targetGroups, hidden }: Beginning) => {
  const world = aWorld({
    instances,
    targetGroups,
    securityGroups: ['sg-alb', 'sg-web', 'sg-other'].map((groupId) => aSecurityGroup({ groupId })),
  });
  instances.forEach(({ instanceId }, index) => {
    const seconds = hidden[index] ?? 0;
    world.network.visibleFrom.set(instanceId, new Date(world.clock.now().getTime() + seconds * 1000));
  });
  const respected: Respected = {
    held: new Map(),
    unsure: new Map(),
    retaggedAt: new Map(),
    theirs: new Set(),
    stopped: new Set(),
    ruleWasRemoved: false,
  };
  return { world, journey: aJourney(world), respected };
};

/** All messages delivered, every dead watch past its grace, every launch looked at once more. */
const comeToRest = async (journey: Journey): Promise<void> => {
  journey.onCall();
  await journey.untilQuiet();
  for (let time = 1; time <= 2; time += 1) {
    await journey.pass(20 * 60);
    journey.put(...IDS.map((id) => stateChange(id)));
    await journey.untilQuiet();
  }
};

const live = async (start: Beginning, history: readonly Happening[]) => {
  const lived = begin(start);
  for (const one of history) {
    await happen(one, lived);
    respects(lived.world, lived.respected);
  }
  await comeToRest(lived.journey);
  respects(lived.world, lived.respected);
  return lived;
};

test.each([
  ['without a fault', false],
  ['with processes killed at any call', true],
] as const)(
  'whatever happens %s, everybody ends where they belong, what people did is respected, all is told, and then nothing is left to do',
  async (_, withKills) => {
    await fc.assert(
      fc.asyncProperty(beginning, fc.array(happening(withKills), { maxLength: 14 }), async (start, history) => {
        const { world, journey, respected } = await live(start, history);
        isReached(world, respected);
        isLeft(world);
        isTold(world);
        expect(journey.exhausted).toEqual([]);
        expect(journey.deadLetters).toEqual([]);
        world.forgetCalls();
        journey.put(...IDS.map((id) => stateChange(id)), stateChange(IDS[0]));
        await journey.untilQuiet();
        expect(world.writes()).toEqual([]);
        expect(livingLeases(world)).toEqual([]);
      }),
      { numRuns: HISTORIES },
    );
  },
  PATIENCE_MILLISECONDS,
);

/** Nothing was changed, so no watch tells it: each event finds it again under the same key, and one is delivered. */
const isAboutABlockedPathOfOthers = (body: ReportBody): boolean =>
  body.kind === 'targets-not-in-service' && body.changes.length === 0 && body.looksAgainEverySeconds === undefined;

test('whatever happens without a fault, each report about health is handed in once, no two of a group within a minute, and equal keys mean equal words', async () => {
  await fc.assert(
    fc.asyncProperty(beginning, fc.array(happening(false), { maxLength: 14 }), async (start, history) => {
      const { world } = await live(start, history);
      const { handedIn } = world.reports;
      const followed = handedIn.filter(({ body }) => !isAboutABlockedPathOfOthers(body));
      const ofHealth = followed.filter(({ body }) => /service$/.test(body.kind)).map(({ key }) => key);
      expect(new Set(ofHealth).size).toBe(ofHealth.length);
      for (const ofGroup of Map.groupBy(
        followed.filter(({ body }) => /service$/.test(body.kind)),
        ({ matter }) => matter,
      ).values()) {
        const moments = ofGroup.map(({ at }) => Date.parse(at));
        expect(moments.slice(1).filter((at, index) => at - (moments[index] ?? 0) < 60_000)).toEqual([]);
      }
      for (const same of Map.groupBy(followed, ({ key }) => key).values())
        expect(new Set(same.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      for (const { key } of handedIn) expect(key).toMatch(/^[a-z-]+-[0-9a-f]{16}$/);
    }),
    { numRuns: 60 },
  );
});
