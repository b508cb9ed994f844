import type { DeregisterTarget } from '../../domain/change.ts';
import type { Instance } from '../../domain/instance.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import type { ButtonVerb, Order } from '../../domain/order.ts';
import { effectivePolicy } from '../../domain/permit.ts';
import { isCounted } from '../../domain/seating/departures.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Target } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { serializeSlackOrder } from '../../events/serialize-slack-order.ts';
import { parseSweepMessage, serializeSweepMessage } from '../../events/sweep-message.ts';
import { takeOrders } from '../../functions/carry-out-orders/take-orders.ts';
import { takeLaunches } from '../../functions/register-targets/take-launches.ts';
import { sweep } from '../../stories/sweep/story.ts';
import { aRule, aSecurityGroup } from '../support/world/builders.ts';
import type { Call, OnCall } from '../support/world/calls.ts';
import type { World } from '../support/world/world.ts';
import { anOrderWorld } from './carry-out-orders/orders.ts';
import { aJourney, eventOf, stateChange, tagChange } from './journey.ts';
import { sweepsOver } from './sweep/sweeping.ts';

const HOUR_MILLISECONDS = 3_600_000;
const DRAINING_MILLISECONDS = 300_000;
/** As long as SQS hides what was received. */
const VISIBILITY_SECONDS = 360;

/** A selector that matches nobody. */
export const TYPO = 'Wbe';

/** Tags that bring an instance into the groups of this world. */
export const ROLES = ['web', 'admin', 'both', 'none'] as const;
export type Role = (typeof ROLES)[number];

export const tagsOfRole = (role: Role) => ({
  Name: 'fleet',
  ...(role === 'web' || role === 'both' ? { Web: '' } : {}),
  ...(role === 'admin' || role === 'both' ? { Admin: '' } : {}),
});

/** Done by Usher while a history is lived, against what it promises; looked at from outside, by the calls to AWS. */
interface Watched {
  /** Promises that a call broke. */
  readonly broken: string[];
  /** Members people took out, directly or through Usher, that only people may bring back. */
  readonly held: Map<string, string>;
  /** Members that may be in or out: what lets them go came in the second, or before the look, of what holds them. */
  readonly unsure: Set<string>;
  /** Members that people ever had a hand in. */
  readonly touched: Set<string>;
  /** Own rules that somebody removed, by group and port. */
  readonly removedRules: Set<string>;
  readonly retaggedAt: Map<string, Date>;
  /** Removals of ours of targets that may serve: by which group, how many of them healthy. */
  readonly removals: {
    readonly at: number;
    readonly arn: string;
    readonly healthy: number;
    readonly counted: number;
  }[];
  /** Whether a person's yes is being carried out. */
  isYes: boolean;
}

const memberKey = (arn: string, target: Target): string => `${arn}|${targetKey(target)}`;

/** The very target that an instance would be in a group. */
export const targetOf = (group: TargetGroup, instance: Instance): Target => ({
  id:
    group.targetType === 'ip'
      ? (instance.networkInterfaces[0]?.privateIpv4Addresses[0] ?? 'no address')
      : instance.instanceId,
  port: group.port ?? 0,
});

const isOurs = ({ tags }: SecurityGroupRule): boolean => tags['usher:owner'] !== undefined;

const isHealthy = (world: World, arn: string, target: Target): boolean => {
  const registered = (world.balancing.registered.get(arn) ?? []).find(
    (one) => targetKey(one.target) === targetKey(target) && one.drainingUntil === undefined,
  );
  const instance = world.network.instances.get(target.id);
  if (registered === undefined || (instance !== undefined && instance.state !== 'running')) return false;
  if (instance?.availabilityZone === 'ap-northeast-1d') return false;
  if (world.clock.now().getTime() - registered.at.getTime() < world.balancing.timings.initialSeconds * 1000)
    return false;
  return (world.balancing.answers.get(target.id)?.state ?? 'healthy') === 'healthy';
};

const isRegistration = ({ change, status }: LedgerEntry): boolean =>
  change.kind === 'register-target' && (status === 'applied' || status === 'intended');

/** Whether we put the very target there before, by the ledger. */
const wasOurs = (world: World, arn: string, target: Target): boolean =>
  [...world.state.entries.values()].some(
    (entry) =>
      isRegistration(entry) &&
      entry.change.kind === 'register-target' &&
      entry.targetGroupArn === arn &&
      targetKey(entry.change.target) === targetKey(target),
  );

const intendedRemoval = (world: World, arn: string, target: Target): DeregisterTarget | undefined => {
  for (const { change, status } of [...world.state.entries.values()].reverse())
    if (
      change.kind === 'deregister-target' &&
      status === 'intended' &&
      change.targetGroupArn === arn &&
      targetKey(change.target) === targetKey(target)
    )
      return change;
  return undefined;
};

const isCountedRemoval = (change: DeregisterTarget | undefined): boolean =>
  change === undefined || change.reason === 'Undone' || isCounted(change);

/** Whether a group's own policy allows a change of its members, asked or not. */
const mayBeWritten = (world: World, arn: string, { isYes }: Pick<Watched, 'isYes'>): boolean => {
  const policy = effectivePolicy(world.balancing.targetGroups.get(arn)?.tags ?? {}, world.stage);
  return policy === 'ask' ? isYes : policy !== 'report-only';
};

const judgeRegistration = (world: World, watched: Watched, arn: string, targets: readonly Target[]): void => {
  if (!mayBeWritten(world, arn, watched)) watched.broken.push(`registered in ${arn}, which says no`);
  for (const target of targets)
    if (!watched.isYes && watched.held.has(memberKey(arn, target)))
      watched.broken.push(`${targetKey(target)} came back into ${arn} by itself`);
};

const judgeRemoval = (world: World, watched: Watched, arn: string, targets: readonly Target[]): void => {
  const changes = targets.map((target) => ({ target, change: intendedRemoval(world, arn, target) }));
  const isWish = changes.every(({ change }) => change?.reason === 'Undone');
  if (!mayBeWritten(world, arn, { isYes: watched.isYes || isWish }))
    watched.broken.push(`taken out of ${arn}, which says no`);
  const { tags = {} } = world.balancing.targetGroups.get(arn) ?? {};
  if (tags['usher:selector'] === TYPO && changes.some(({ change }) => change?.reason === 'NotDesired'))
    watched.broken.push(`a typo took somebody out of ${arn}`);
  for (const { target, change } of changes) {
    const state = world.network.instances.get(target.id)?.state;
    const isGone = change?.reason === 'InstanceGone' && (state === 'stopped' || state === 'terminated');
    if (!isGone && !wasOurs(world, arn, target)) watched.broken.push(`${targetKey(target)} was never ours in ${arn}`);
  }
  const counted = changes.filter(({ change }) => isCountedRemoval(change)).map(({ target }) => target);
  const healthy = world.targetsIn(arn).filter((target) => isHealthy(world, arn, target));
  const leaving = (some: readonly Target[]): number => some.filter((target) => isHealthy(world, arn, target)).length;
  const now = world.clock.now().getTime();
  watched.removals.push({ at: now, arn, healthy: leaving(targets), counted: counted.length });
  const ofTheHour = watched.removals.filter(({ at }) => now - at < HOUR_MILLISECONDS);
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  const left = healthy.length - leaving(targets);
  const goneOfGroup = sum(ofTheHour.filter((one) => one.arn === arn).map((one) => one.healthy));
  if (leaving(counted) > 0 && left < Math.max(world.stage.minimumHealthyTargets, goneOfGroup))
    watched.broken.push(`${left} healthy left in ${arn} after ${goneOfGroup} went within the hour`);
  if (counted.length > 0 && !watched.isYes && sum(ofTheHour.map((one) => one.counted)) > world.stage.removalsPerHour)
    watched.broken.push(`more than ${world.stage.removalsPerHour} removals within an hour`);
};

const judgeRules = (world: World, watched: Watched): void => {
  const intended = [...world.state.entries.values()].filter(
    ({ change, status }) => change.kind === 'authorize-rule' && status === 'intended',
  );
  for (const { change, targetGroupArn } of intended) {
    if (change.kind !== 'authorize-rule') continue;
    if (!mayBeWritten(world, targetGroupArn, watched))
      watched.broken.push(`a rule for ${targetGroupArn}, which says no`);
    const key = `${change.groupId}|${change.port}`;
    if (!watched.isYes && watched.removedRules.has(key)) watched.broken.push(`rule ${key} came back by itself`);
  }
};

const judgeRevocation = (world: World, watched: Watched, args: readonly unknown[]): void => {
  const said = JSON.stringify(args);
  const rule = [...world.network.rules.values()].flat().find(({ ruleId }) => said.includes(`"${ruleId}"`));
  if (rule === undefined) return;
  const isKnown = [...world.state.entries.values()].some(
    ({ change, ruleId }) => change.kind === 'authorize-rule' && ruleId === rule.ruleId,
  );
  if (!isOurs(rule) || !isKnown) watched.broken.push(`${rule.ruleId} is not ours and was revoked`);
};

const judge = (world: World, watched: Watched, { name, args }: Call, isPaused: boolean): void => {
  if (isPaused) watched.broken.push(`${name} while paused`);
  const [arn, targets] = args as readonly [string, readonly Target[]];
  switch (name) {
    case 'loadBalancing.registerTargets':
      judgeRegistration(world, watched, arn, targets);
      return;
    case 'loadBalancing.deregisterTargets':
      judgeRemoval(world, watched, arn, targets);
      return;
    case 'ec2.authorizeRules':
      judgeRules(world, watched);
      return;
    case 'ec2.revokeRule':
      judgeRevocation(world, watched, args);
      return;
    default:
      watched.broken.push(`nobody promised ${name}`);
  }
};

/** A few microtasks before each call of a port, so that processes take turns in an order of their own. */
const takingTurns = <P extends object>(ports: P, wait: () => number): P => {
  const shared = new Set([
    'ec2',
    'loadBalancing',
    'tagging',
    'ledger',
    'leases',
    'budgets',
    'plans',
    'pauses',
    'sweeps',
  ]);
  const slowly = (port: object): object =>
    new Proxy(port, {
      get: (target, property, receiver) => {
        const method: unknown = Reflect.get(target, property, receiver);
        if (typeof method !== 'function') return method;
        return async (...args: readonly unknown[]) => {
          for (let left = wait(); left > 0; left -= 1) await Promise.resolve();
          return Reflect.apply(method, target, args);
        };
      },
    });
  return new Proxy(ports, {
    get: (target, property, receiver) => {
      const port: unknown = Reflect.get(target, property, receiver);
      return shared.has(String(property)) && typeof port === 'object' && port !== null ? slowly(port) : port;
    },
  });
};

/** One of several things that go on at once. */
export type AtOnce =
  | { readonly kind: 'event'; readonly instanceId: string; readonly state: string }
  | { readonly kind: 'drain'; readonly instanceId: string }
  | { readonly kind: 'undo'; readonly number: number }
  | { readonly kind: 'sweep' };

/** A world of some groups in which a sweep has been let act, and nobody lives yet. */
export const aFleetLife = async (targetGroups: readonly TargetGroup[], stage: Partial<Stage>) => {
  const house = anOrderWorld({
    stage,
    targetGroups,
    securityGroups: ['sg-alb', 'sg-web', 'sg-other'].map((groupId) => aSecurityGroup({ groupId })),
  });
  const { world } = house;
  const swept = sweepsOver(house);
  const journey = aJourney(world);
  const watched: Watched = {
    broken: [],
    held: new Map(),
    unsure: new Set(),
    touched: new Set(),
    removedRules: new Set(),
    retaggedAt: new Map(),
    removals: [],
    isYes: false,
  };
  const theirRules = new Set<string>();
  let isPaused = false;
  let dying: { left: number; readonly how: 'fail-before' | 'fail-after' } | undefined;
  const hook: OnCall = (_, __, kind) => {
    const call = world.calls.at(-1);
    if (kind === 'write' && call !== undefined) judge(world, watched, call, isPaused);
    if (dying === undefined) return 'proceed';
    dying.left -= 1;
    if (dying.left > 0) return 'proceed';
    const { how } = dying;
    dying = undefined;
    return how;
  };
  /** Whom each group is for: a change of these tags is read by the selector as it is once somebody has mended it. */
  const meant = new Map(targetGroups.map(({ arn, tags }) => [arn, tags['usher:selector']]));
  const groups = (): readonly TargetGroup[] => [...world.balancing.targetGroups.values()];
  const ownedSince = (key: string): Date | undefined => {
    const since = world.state.ownership.get(`target|${key}`)?.since;
    return since === undefined ? undefined : new Date(since);
  };
  const holdWhatWasUndone = (): void => {
    for (const [key, { undoneBy, seat }] of world.state.ownership) {
      const member = key.replace('target|', '');
      if (undoneBy === undefined || seat === undefined) continue;
      watched.touched.add(member);
      if (watched.unsure.has(member)) continue;
      const since = ownedSince(member) ?? new Date(0);
      const instance = world.network.instances.get(seat.instanceId);
      // Whatever let it go since was after; whatever came before may be told of late.
      if ((instance?.launchedAt ?? since) >= since || (watched.retaggedAt.get(member) ?? new Date(0)) >= since)
        continue;
      if (world.targetsIn(seat.targetGroup.id).some((target) => memberKey(seat.targetGroup.id, target) === member))
        continue;
      watched.held.set(member, seat.instanceId);
    }
  };
  const instanceOf = (instanceId: string): Instance | undefined => world.network.instances.get(instanceId);
  const drainSweeps = async (): Promise<void> => {
    for (let bodies = swept.sweepQueue.due(); bodies.length > 0; bodies = swept.sweepQueue.due())
      for (const body of bodies)
        try {
          await swept.takeBody(body);
        } catch {
          await swept.sweepQueue.sendLater(body, VISIBILITY_SECONDS);
        }
  };
  const deliver = async (order: Order, isYes: boolean): Promise<void> => {
    watched.isYes = isYes;
    if (isYes) watched.removedRules.clear();
    await house.deliver(order);
    watched.isYes = false;
    if (isYes) for (const key of [...watched.held.keys()]) if (isIn(key)) watched.held.delete(key);
    holdWhatWasUndone();
  };
  const isIn = (key: string): boolean => {
    const [arn = ''] = key.split('|');
    return world.targetsIn(arn).some((target) => memberKey(arn, target) === key);
  };
  const pass = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; ) {
      await drainSweeps();
      const step = Math.min(left, swept.sweepQueue.secondsUntilDue() ?? left, 900);
      await journey.pass(Math.max(step, 1));
      left -= Math.max(step, 1);
    }
    await drainSweeps();
  };
  await swept.accept();
  journey.onCall(hook);
  return {
    world,
    watched,
    theirRules: theirRules as ReadonlySet<string>,
    /** EC2 shows the instance from now on. */
    launch: (instance: Instance, isTold: boolean): void => {
      world.putInstances(instance);
      if (isTold) journey.put(stateChange(instance.instanceId));
    },
    stop: (instanceId: string, isTold: boolean): void => {
      const instance = instanceOf(instanceId);
      if (instance?.state !== 'running') return;
      world.putInstances({ ...instance, state: 'stopped' });
      if (isTold) journey.put(stateChange(instanceId, 'stopped'));
    },
    start: (instanceId: string, isTold: boolean): void => {
      const instance = instanceOf(instanceId);
      if (instance?.state !== 'stopped') return;
      world.putInstances({ ...instance, state: 'running', launchedAt: world.clock.now() });
      for (const [key, id] of watched.held) if (id === instanceId) watched.held.delete(key);
      if (isTold) journey.put(stateChange(instanceId));
    },
    terminate: (instanceId: string, isTold: boolean): void => {
      const instance = instanceOf(instanceId);
      if (instance === undefined || instance.state === 'terminated') return;
      world.putInstances({
        ...instance,
        state: 'terminated',
        vpcId: undefined,
        subnetId: undefined,
        networkInterfaces: [],
      });
      if (isTold) journey.put(stateChange(instanceId, 'terminated'));
    },
    retag: (instanceId: string, role: Role, isTold: boolean): void => {
      const instance = instanceOf(instanceId);
      if (instance === undefined) return;
      const after = tagsOfRole(role);
      const keys = ['Web', 'Admin'].filter((key) => Object.hasOwn(instance.tags, key) !== Object.hasOwn(after, key));
      world.putInstances({ ...instance, tags: after });
      const second = new Date(Math.floor(world.clock.now().getTime() / 1000) * 1000);
      if (isTold) journey.put(tagChange(instanceId, after, { at: second.toISOString(), keys }));
      for (const group of groups().filter(({ arn }) => keys.includes(meant.get(arn) ?? ''))) {
        const key = memberKey(group.arn, targetOf(group, instance));
        watched.retaggedAt.set(key, world.clock.now());
        watched.held.delete(key);
      }
    },
    takeOutByHand: (group: TargetGroup, instance: Instance): void => {
      const target = targetOf(group, instance);
      const key = memberKey(group.arn, target);
      if (!isIn(key)) return;
      watched.touched.add(key);
      const drainingUntil = new Date(world.clock.now().getTime() + DRAINING_MILLISECONDS);
      world.balancing.registered.set(
        group.arn,
        (world.balancing.registered.get(group.arn) ?? []).map((one) =>
          targetKey(one.target) === targetKey(target) ? { ...one, drainingUntil } : one,
        ),
      );
      const since = ownedSince(key);
      if (since === undefined) return;
      // The word of a change of tags before this may come after it.
      if ((watched.retaggedAt.get(key) ?? new Date(0)) > since) watched.unsure.add(key);
      else watched.held.set(key, instance.instanceId);
    },
    putInByHand: (group: TargetGroup, instance: Instance): void => {
      if (instance.state !== 'running') return;
      const target = targetOf(group, instance);
      const key = memberKey(group.arn, target);
      if (isIn(key)) return;
      watched.touched.add(key);
      const others = (world.balancing.registered.get(group.arn) ?? []).filter(
        (one) => targetKey(one.target) !== targetKey(target),
      );
      world.balancing.registered.set(group.arn, [
        ...others,
        { target, at: world.clock.now(), drainingUntil: undefined },
      ]);
      watched.held.delete(key);
    },
    removeOurRule: (): void => {
      const rule = [...world.network.rules.values()].flat().find(isOurs);
      if (rule === undefined) return;
      // A run that died while taking the same rule away left open whose hand it was.
      const isAlsoOurs = [...world.state.entries.values()].some(
        ({ change, status }) => change.kind === 'revoke-rule' && change.ruleId === rule.ruleId && status === 'intended',
      );
      if (!isAlsoOurs) watched.removedRules.add(`${rule.groupId}|${rule.fromPort}`);
      world.network.rules.set(
        rule.groupId,
        world.rulesOf(rule.groupId).filter(({ ruleId }) => ruleId !== rule.ruleId),
      );
    },
    addTheirRule: (): void => {
      const number = theirRules.size;
      theirRules.add(`sgr-theirs-${number}`);
      world.network.rules.set('sg-web', [
        ...world.rulesOf('sg-web'),
        aRule({
          ruleId: `sgr-theirs-${number}`,
          direction: 'ingress',
          protocol: 'tcp',
          fromPort: 22,
          toPort: 22 + number,
          peer: { kind: 'cidr-ipv4', cidr: '10.0.0.0/8' },
        }),
      ]);
    },
    pass,
    sweep: async (): Promise<void> => {
      await swept.sweepQueue.sendLater(serializeSweepMessage({ kind: 'sweep-due', attempt: 0 }), 0);
      await drainSweeps();
    },
    order: async (text: string): Promise<void> => {
      isPaused = text === 'resume' ? false : isPaused || text.startsWith('pause');
      await deliver(house.type(text), false);
      await drainSweeps();
    },
    /** Presses one of the buttons that were ever shown, from the newest; nothing happens where there is none. */
    press: async (verbs: readonly ButtonVerb[], number: number): Promise<void> => {
      const shown = house.world.reports.published
        .flatMap(({ buttons = [] }) => buttons)
        .filter(({ verb }) => verbs.includes(verb))
        .reverse();
      const button = shown[number % Math.max(shown.length, 1)];
      if (button === undefined) return;
      await deliver(house.press(button), button.verb === 'approve' || button.verb === 'put-it-back');
      await drainSweeps();
    },
    /** Lets several processes go on over the same world, taking turns; what fails because another was faster comes back. */
    atOnce: async (all: readonly AtOnce[], wait: () => number): Promise<void> => {
      world.restart();
      const undos = house.world.reports.published.flatMap(({ buttons = [] }) =>
        buttons.filter(({ verb }) => verb === 'undo'),
      );
      const failed: Order[] = [];
      const carryOut = async (order: Order): Promise<void> => {
        const event = { Records: [house.recordOf(serializeSlackOrder(order))] };
        const { batchItemFailures } = await takeOrders(takingTurns(house.ports(), wait))(event);
        if (batchItemFailures.length > 0) failed.push(order);
      };
      const begin = async (one: AtOnce): Promise<void> => {
        switch (one.kind) {
          case 'event': {
            const ports = {
              ...takingTurns(world.ports, wait),
              remainingMilliseconds: () => 60_000,
              deadLetters: { send: async () => {} },
            };
            await takeLaunches(ports)(eventOf([stateChange(one.instanceId, one.state)]));
            return;
          }
          case 'drain':
            return carryOut(house.type(`drain ${one.instanceId}`));
          case 'undo': {
            const button = undos[one.number % Math.max(undos.length, 1)];
            return button === undefined ? undefined : carryOut(house.press(button));
          }
          case 'sweep': {
            await sweep(takingTurns(swept.ports(), wait))({ kind: 'sweep-due', attempt: 0 });
            for (const body of swept.sweepQueue.due()) {
              await sweep(takingTurns(swept.ports(), wait))(parseSweepMessage(body));
            }
          }
        }
      };
      await Promise.all(all.map((one) => begin(one).catch(() => {})));
      for (const order of failed) await house.deliver(order);
      holdWhatWasUndone();
      await drainSweeps();
    },
    /** Lets a process die at its k-th call from now on. */
    kill: (left: number, how: 'fail-before' | 'fail-after'): void => {
      dying = { left, how };
    },
    quiet: async (): Promise<void> => {
      dying = undefined;
      await drainSweeps();
      await pass(1);
    },
  };
};

/** A fleet whose life a test tells: people, AWS and Usher at work on it. */
export type FleetLife = Awaited<ReturnType<typeof aFleetLife>>;
