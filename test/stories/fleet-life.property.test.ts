import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Instance } from '../../domain/instance.ts';
import { effectivePolicy } from '../../domain/permit.ts';
import type { Stage } from '../../domain/stage.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { planInstances } from '../../stories/seat-instances/plan.ts';
import { anInstance, aTargetGroup } from '../support/world/builders.ts';
import type { ShownHealth } from '../support/world/memory-balancing.ts';
import { HEALTHY, REFUSES } from '../support/world/memory-balancing.ts';
import type { AtOnce, FleetLife, Role } from './fleet-life.ts';
import { aFleetLife, ROLES, TYPO, tagsOfRole, targetOf } from './fleet-life.ts';

/** How many lives are lived; thousands by `USHER_HISTORIES=5000 npx jest --testPathPatterns fleet-life`. */
const HISTORIES = Number(process.env['USHER_HISTORIES'] ?? 100);
const PATIENCE_MILLISECONDS = 30_000 + 300 * HISTORIES;

const IDS = ['1', '2', '3', '4', '5', '6', '7', '8'].map((number) => `i-0000000${number}`);
/** Launched before the history begins. */
const AT_FIRST = 6;
const GROUPS = ['web', 'admin'] as const;
const SELECTORS: Readonly<Record<(typeof GROUPS)[number], string>> = { web: 'Web', admin: 'Admin' };

/** What may happen, by AWS, by people past Usher, by people through Usher, and by Usher itself. */
type Happening =
  | { readonly kind: 'launch' | 'stop' | 'start' | 'terminate'; readonly which: number; readonly isTold: boolean }
  | { readonly kind: 'retag'; readonly which: number; readonly role: Role; readonly isTold: boolean }
  | { readonly kind: 'answer'; readonly which: number; readonly health: ShownHealth }
  | { readonly kind: 'take-out' | 'put-in'; readonly which: number; readonly group: number }
  | { readonly kind: 'policy'; readonly group: number; readonly policy: string | undefined }
  | { readonly kind: 'selector'; readonly group: number; readonly isTypo: boolean }
  | { readonly kind: 'remove-our-rule' | 'add-their-rule' | 'sweep' }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'drain'; readonly which: number }
  | { readonly kind: 'say'; readonly text: 'pause' | 'resume' | 'undo' | 'undo 1' | 'sweep' }
  | { readonly kind: 'press'; readonly verb: 'undo' | 'approve' | 'reject' | 'put-it-back'; readonly number: number }
  | { readonly kind: 'at-once'; readonly all: readonly AtOnce[]; readonly waits: readonly number[] }
  | { readonly kind: 'kill'; readonly call: number; readonly how: 'fail-before' | 'fail-after' };

const which = fc.nat(IDS.length - 1);
const group = fc.nat(GROUPS.length - 1);
const isTold = fc.boolean();
const constantly = <const T>(value: T): fc.Arbitrary<T> => fc.constant(value);

const goesOnAtOnce: fc.Arbitrary<AtOnce> = fc.oneof(
  fc.record({
    kind: constantly('event'),
    instanceId: fc.constantFrom(...IDS),
    state: fc.constantFrom('running', 'stopped'),
  }),
  fc.record({ kind: constantly('drain'), instanceId: fc.constantFrom(...IDS) }),
  fc.record({ kind: constantly('undo'), number: fc.nat(5) }),
  fc.record({ kind: constantly('sweep') }),
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: constantly('launch'), which, isTold }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('stop', 'start'), which, isTold }) },
  { weight: 1, arbitrary: fc.record({ kind: constantly('terminate'), which, isTold }) },
  { weight: 4, arbitrary: fc.record({ kind: constantly('retag'), which, role: fc.constantFrom(...ROLES), isTold }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: constantly('answer'), which, health: fc.constantFrom(HEALTHY, REFUSES) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: constantly('take-out'), which, group }) },
  { weight: 1, arbitrary: fc.record({ kind: constantly('put-in'), which, group }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: constantly('policy'),
      group,
      policy: fc.constantFrom(undefined, 'report-only', 'ask'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: constantly('selector'), group, isTypo: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('remove-our-rule', 'add-their-rule') }) },
  { weight: 5, arbitrary: fc.record({ kind: constantly('sweep') }) },
  { weight: 6, arbitrary: fc.record({ kind: constantly('pass'), seconds: fc.integer({ min: 1, max: 5_400 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: constantly('drain'), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: constantly('say'),
      text: fc.constantFrom('pause', 'resume', 'resume', 'undo', 'undo 1', 'sweep'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: constantly('press'),
      verb: fc.constantFrom('undo', 'undo', 'approve', 'reject', 'put-it-back'),
      number: fc.nat(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: constantly('at-once'),
      all: fc.array(goesOnAtOnce, { minLength: 2, maxLength: 3 }),
      waits: fc.array(fc.nat(6), { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: constantly('kill'),
      call: fc.integer({ min: 1, max: 60 }),
      how: fc.constantFrom('fail-before', 'fail-after'),
    }),
  },
);

const anyInstance = (instanceId: string, index: number): fc.Arbitrary<Instance> =>
  fc
    .record({ role: fc.constantFrom(...ROLES, 'both', 'both', 'both', 'web'), zone: fc.constantFrom('a', 'c') })
    .map(({ role, zone }) =>
      anInstance({
        instanceId,
        tags: tagsOfRole(role),
        subnetId: `subnet-${zone}`,
        availabilityZone: `ap-northeast-1${zone}`,
        // Where nobody else wears it, a rule loses its use with its instance.
        securityGroupIds: [index === 0 ? 'sg-other' : 'sg-web'],
      }),
    );

const tagsOf = (name: (typeof GROUPS)[number], policy: string | undefined): TargetGroup['tags'] => ({
  'usher:selector': SELECTORS[name],
  ...(policy === undefined ? {} : { 'usher:policy': policy }),
});

const anyGroup = (name: (typeof GROUPS)[number]): fc.Arbitrary<TargetGroup> =>
  fc
    .record({
      port: fc.constantFrom(80, 9000),
      targetType: fc.constantFrom('instance' as const, 'instance' as const, 'ip' as const),
      policy: fc.constantFrom(undefined, undefined, undefined, 'ask', 'report-only'),
    })
    .map(({ port, targetType, policy }) => aTargetGroup({ name, port, targetType, tags: tagsOf(name, policy) }));

const anyStage: fc.Arbitrary<Partial<Stage>> = fc.record({
  removalsPerHour: fc.integer({ min: 1, max: 4 }),
  minimumHealthyTargets: fc.integer({ min: 0, max: 2 }),
  maximumAdditions: fc.constantFrom(1, 1000),
});

interface Beginning {
  readonly instances: readonly Instance[];
  readonly targetGroups: readonly TargetGroup[];
  readonly stage: Partial<Stage>;
}

const beginning: fc.Arbitrary<Beginning> = fc.record({
  instances: fc.tuple(...IDS.map(anyInstance)),
  targetGroups: fc.tuple(anyGroup('web'), anyGroup('admin')),
  stage: anyStage,
});

const retagGroup = ({ world }: FleetLife, number: number, tags: TargetGroup['tags']): void => {
  const found = [...world.balancing.targetGroups.values()][number];
  if (found !== undefined) world.balancing.targetGroups.set(found.arn, { ...found, tags: { ...found.tags, ...tags } });
};

const happen = async (one: Happening, life: FleetLife, { instances }: Beginning): Promise<void> => {
  const { world } = life;
  const instance = 'which' in one ? world.network.instances.get(IDS[one.which] ?? '') : undefined;
  const targetGroup = 'group' in one ? [...world.balancing.targetGroups.values()][one.group] : undefined;
  switch (one.kind) {
    case 'launch': {
      const fresh = instances[one.which];
      if (instance !== undefined || fresh === undefined) return;
      return life.launch({ ...fresh, launchedAt: world.clock.now() }, one.isTold);
    }
    case 'stop':
    case 'start':
    case 'terminate':
      return life[one.kind](IDS[one.which] ?? '', one.isTold);
    case 'retag':
      return life.retag(IDS[one.which] ?? '', one.role, one.isTold);
    case 'answer':
      world.balancing.answers.set(IDS[one.which] ?? '', one.health);
      return;
    case 'take-out':
      return instance && targetGroup && life.takeOutByHand(targetGroup, instance);
    case 'put-in':
      return instance && targetGroup && life.putInByHand(targetGroup, instance);
    case 'policy':
      return retagGroup(life, one.group, { 'usher:policy': one.policy ?? 'add-only' });
    case 'selector':
      return retagGroup(life, one.group, {
        'usher:selector': one.isTypo ? TYPO : SELECTORS[GROUPS[one.group] ?? 'web'],
      });
    case 'remove-our-rule':
      return life.removeOurRule();
    case 'add-their-rule':
      return life.addTheirRule();
    case 'sweep':
      return life.sweep();
    case 'pass':
      return life.pass(one.seconds);
    case 'drain':
      return life.order(`drain ${IDS[one.which]}`);
    case 'say':
      return life.order(one.text);
    case 'press':
      return life.press([one.verb], one.number);
    case 'at-once': {
      let turn = 0;
      return life.atOnce(one.all, () => {
        turn += 1;
        return one.waits[turn % one.waits.length] ?? 0;
      });
    }
    case 'kill':
      return life.kill(one.call, one.how);
  }
};

/** What holds at every moment, whatever happened. */
const respects = ({ world, watched, theirRules }: FleetLife): void => {
  expect(watched.broken).toEqual([]);
  for (const key of watched.held.keys()) {
    const [arn = '', member] = key.split('|');
    expect(world.targetsIn(arn).map(targetKey)).not.toContain(member);
  }
  const rules = [...world.network.rules.values()].flat();
  expect(rules.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining([...theirRules]));
  const open = new Set(
    rules.filter(({ tags }) => tags['usher:owner']).map(({ groupId, fromPort }) => `${groupId}|${fromPort}`),
  );
  for (const key of watched.removedRules) expect(open).not.toContain(key);
};

/** Long enough for budgets to fill, for what is not believed at once, and for rules that nobody needs to go. */
const comeToRest = async (life: FleetLife): Promise<void> => {
  await life.quiet();
  await life.order('resume');
  for (let time = 1; time <= 8; time += 1) {
    await life.pass(3_700);
    await life.sweep();
  }
  await life.pass(3_700);
};

/** Whoever nobody had a hand in is where tags say. */
const isSettled = ({ world, watched }: FleetLife): void => {
  for (const each of world.balancing.targetGroups.values()) {
    if (effectivePolicy(each.tags, world.stage) !== 'add-only') continue;
    const selector = each.tags['usher:selector'] ?? '';
    for (const instance of world.network.instances.values()) {
      const key = targetKey(targetOf(each, instance));
      const members = world.targetsIn(each.arn).map(targetKey);
      if (instance.state !== 'running' && each.targetType === 'instance') expect(members).not.toContain(key);
      const isWanted = instance.state === 'running' && selector !== TYPO && Object.hasOwn(instance.tags, selector);
      if (isWanted && !watched.touched.has(`${each.arn}|${key}`) && world.stage.maximumAdditions > 1)
        expect(members).toContain(key);
    }
  }
};

test(
  'Given any life of a fleet, then what people took out stays out, budgets and minimums hold, who says no is not written to, nothing of others is taken, and in the end nothing is left to plan',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        beginning,
        fc.array(happening, { minLength: 10, maxLength: 30, size: 'max' }),
        async (start, history) => {
          const life = await aFleetLife(start.targetGroups, start.stage);
          for (const instance of start.instances.slice(0, AT_FIRST)) life.launch(instance, true);
          await life.pass(60);
          for (const one of history) {
            await happen(one, life, start);
            respects(life);
          }
          await comeToRest(life);
          respects(life);
          isSettled(life);
          life.world.forgetCalls();
          const planned = await planInstances(life.world.ports)([...life.world.network.instances.keys()]);
          expect(planned?.decided.permission.permitted ?? []).toEqual([]);
          await life.sweep();
          expect(life.world.writes()).toEqual([]);
        },
      ),
      { numRuns: HISTORIES },
    );
  },
  PATIENCE_MILLISECONDS,
);

test.each([true, false])(
  'Given a target that stayed while its instance was stopped and started (told of: %s), when somebody takes it out after a look, then it stays out',
  async (isTold) => {
    const life = await aFleetLife([aTargetGroup({ tags: tagsOf('web', undefined) })], {});
    const instances = IDS.slice(0, 3).map((instanceId) => anInstance({ instanceId, tags: tagsOfRole('web') }));
    for (const instance of instances) life.launch(instance, true);
    await life.pass(600);
    const [targetGroup] = life.world.balancing.targetGroups.values();
    const [first] = instances;
    if (targetGroup === undefined || first === undefined) throw new Error('nobody is there');
    life.stop(first.instanceId, false);
    life.start(first.instanceId, isTold);
    await life.pass(600);
    if (!isTold) await life.sweep();
    life.takeOutByHand(targetGroup, first);
    for (let time = 1; time <= 4; time += 1) {
      await life.pass(1_200);
      await life.sweep();
    }
    respects(life);
    expect(life.world.targetsIn(targetGroup.arn)).toHaveLength(2);
  },
);
