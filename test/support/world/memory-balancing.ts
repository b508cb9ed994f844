import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../../aws/elastic-load-balancing/port.ts';
import type { TaggingReader } from '../../../aws/tagging/port.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import type { Tags } from '../../../domain/tags.ts';
import { USHER_TAG } from '../../../domain/tags.ts';
import type { Target, TargetHealth, TargetState } from '../../../domain/target.ts';
import { targetKey } from '../../../domain/target.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import type { Clock } from './clock.ts';
import type { MemoryNetwork } from './memory-network.ts';

/** What a target shows its balancer once it is past its first checks. */
export interface ShownHealth {
  readonly state: TargetState;
  readonly reason: string | undefined;
  readonly description: string | undefined;
}

export const HEALTHY: ShownHealth = { state: 'healthy', reason: undefined, description: undefined };
export const REFUSES: ShownHealth = {
  state: 'unhealthy',
  reason: 'Target.FailedHealthChecks',
  description: 'Health checks failed',
};
export const TIMES_OUT: ShownHealth = {
  state: 'unhealthy',
  reason: 'Target.Timeout',
  description: 'Request timed out',
};
export const WRONG_CODE: ShownHealth = {
  state: 'unhealthy',
  reason: 'Target.ResponseCodeMismatch',
  description: 'Health checks failed with these codes: [500]',
};

interface Registered {
  readonly target: Target;
  readonly at: Date;
  readonly drainingUntil: Date | undefined;
}

/** What Elastic Load Balancing holds; tests put into these maps what they need. */
export interface MemoryBalancing {
  readonly targetGroups: Map<string, TargetGroup>;
  readonly loadBalancers: Map<string, LoadBalancer>;
  /** Tags of balancers, by their ARNs; Classic ones have those of their group. */
  readonly balancerTags: Map<string, Tags>;
  readonly registered: Map<string, readonly Registered[]>;
  /** The switch: how each target id answers; one that is not named is healthy. */
  readonly answers: Map<string, ShownHealth>;
  /** `preserve_client_ip.enabled` by the group's ARN, of the groups that have it. */
  readonly preservation: Map<string, boolean>;
  readonly timings: { initialSeconds: number; drainingSeconds: number };
  readonly quotas: { targetsPerGroup: number };
}

export const aMemoryBalancing = (): MemoryBalancing => ({
  targetGroups: new Map(),
  loadBalancers: new Map(),
  balancerTags: new Map(),
  registered: new Map(),
  answers: new Map(),
  preservation: new Map(),
  timings: { initialSeconds: 20, drainingSeconds: 300 },
  // facts 2.1
  quotas: { targetsPerGroup: 1000 },
});

const stillThere = (balancing: MemoryBalancing, arn: string, now: Date): readonly Registered[] =>
  (balancing.registered.get(arn) ?? []).filter(
    ({ drainingUntil }) => drainingUntil === undefined || drainingUntil > now,
  );

const healthOf = (
  { target, at, drainingUntil }: Registered,
  group: TargetGroup,
  balancing: MemoryBalancing,
  network: MemoryNetwork,
  now: Date,
): ShownHealth => {
  if (drainingUntil !== undefined)
    return {
      state: 'draining',
      reason: 'Target.DeregistrationInProgress',
      description: 'Target deregistration is in progress',
    };
  const instance = network.instances.get(target.id);
  if (instance !== undefined && instance.state !== 'running' && instance.state !== 'pending')
    return { state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' };
  const balancers = group.loadBalancerArns.flatMap((arn) => balancing.loadBalancers.get(arn) ?? []);
  const isInZone = balancers.some(
    ({ zones }) =>
      instance === undefined || zones.some(({ availabilityZone }) => availabilityZone === instance.availabilityZone),
  );
  if (!isInZone)
    return {
      state: 'unused',
      reason: 'Target.NotInUse',
      description: 'Target group is not configured to receive traffic from the load balancer',
    };
  if (now.getTime() - at.getTime() < balancing.timings.initialSeconds * 1000)
    return {
      state: 'initial',
      reason: 'Elb.RegistrationInProgress',
      description: 'Target registration is in progress',
    };
  return balancing.answers.get(target.id) ?? HEALTHY;
};

export const memoryLoadBalancingReader = (
  balancing: MemoryBalancing,
  network: MemoryNetwork,
  clock: Clock,
): LoadBalancingReader => ({
  readTargetGroups: async (groups) =>
    [...groups].flatMap(([arn, tags]) => {
      const group = balancing.targetGroups.get(arn);
      return group === undefined ? [] : [{ ...group, tags }];
    }),
  readTargetHealth: async (arn): Promise<readonly TargetHealth[] | undefined> => {
    const group = balancing.targetGroups.get(arn);
    if (group === undefined) return undefined;
    const now = clock.now();
    return stillThere(balancing, arn, now).map((registered) => ({
      target: registered.target,
      ...healthOf(registered, group, balancing, network, now),
    }));
  },
  readPreservation: async (arn) => (balancing.targetGroups.has(arn) ? balancing.preservation.get(arn) : undefined),
  readLoadBalancers: async (arns) => arns.flatMap((arn) => balancing.loadBalancers.get(arn) ?? []),
});

/** Why ELB would not take one target, by facts 2.2. */
const refusal = (
  target: Target,
  group: TargetGroup,
  network: MemoryNetwork,
  held: readonly Registered[],
): { readonly code: string; readonly message: string } | undefined => {
  const invalid = (message: string) => ({ code: 'InvalidTarget', message });
  if (group.targetType === 'lambda' || group.targetType === 'alb')
    return invalid(`The target group takes targets of type ${group.targetType}`);
  if (group.targetType === 'ip') {
    const isDraining = held.some(
      (registered) => registered.drainingUntil !== undefined && targetKey(registered.target) === targetKey(target),
    );
    if (isDraining) return invalid(`The following targets are still being deregistered: '${target.id}'`);
    return target.id.startsWith('i-')
      ? invalid(`The IP address '${target.id}' is not a valid IPv4 address`)
      : undefined;
  }
  const instance = network.instances.get(target.id);
  if (instance === undefined) return invalid(`Instance ID '${target.id}' is not valid`);
  if (instance.state !== 'running')
    return invalid(`The following targets are not in a running state and cannot be registered: '${target.id}'`);
  if (instance.vpcId !== group.vpcId)
    return invalid(`The following targets are not in the target group VPC '${group.vpcId}': '${target.id}'`);
  return target.availabilityZone === undefined
    ? undefined
    : invalid(`You cannot specify an Availability Zone for a target of type instance: '${target.id}'`);
};

export const memoryLoadBalancingWriter = (
  balancing: MemoryBalancing,
  network: MemoryNetwork,
  clock: Clock,
): LoadBalancingWriter => {
  const groupOrThrow = (arn: string, action: string): TargetGroup => {
    const group = balancing.targetGroups.get(arn);
    if (group === undefined)
      throw new AwsCallError({
        service: 'ElasticLoadBalancingV2',
        action,
        code: 'TargetGroupNotFound',
        meaning: 'not-found',
        awsMessage: `Target group '${arn}' not found`,
      });
    return group;
  };
  return {
    registerTargets: async (arn, targets) => {
      const group = groupOrThrow(arn, 'RegisterTargets');
      const now = clock.now();
      const registered: Target[] = [];
      const refused: { target: Target; code: string; message: string }[] = [];
      for (const target of targets) {
        const held = stillThere(balancing, arn, now);
        const others = held.filter((one) => targetKey(one.target) !== targetKey(target));
        const present = held.find((one) => targetKey(one.target) === targetKey(target));
        const reason =
          refusal(target, group, network, held) ??
          (present === undefined && held.length >= balancing.quotas.targetsPerGroup
            ? { code: 'TooManyTargets', message: 'You have reached the maximum number of targets.' }
            : undefined);
        if (reason !== undefined) {
          refused.push({ target, ...reason });
          continue;
        }
        // Registering what is in the group already changes nothing; what was leaving starts anew.
        const isIn = present !== undefined && present.drainingUntil === undefined;
        balancing.registered.set(arn, [...others, isIn ? present : { target, at: now, drainingUntil: undefined }]);
        registered.push(target);
      }
      return { registered, refused };
    },
    deregisterTargets: async (arn, targets) => {
      groupOrThrow(arn, 'DeregisterTargets');
      const now = clock.now();
      const keys = new Set(targets.map(targetKey));
      const drainingUntil = new Date(now.getTime() + balancing.timings.drainingSeconds * 1000);
      balancing.registered.set(
        arn,
        stillThere(balancing, arn, now).map((one) =>
          keys.has(targetKey(one.target)) && one.drainingUntil === undefined ? { ...one, drainingUntil } : one,
        ),
      );
    },
  };
};

export const memoryTaggingReader = (balancing: MemoryBalancing): TaggingReader => ({
  readTargetGroups: async (which) =>
    [...balancing.targetGroups.values()]
      .filter(({ tags }) =>
        which === 'with-any-tag' ? Object.keys(tags).length > 0 : Object.hasOwn(tags, USHER_TAG.selector),
      )
      .map(({ arn, tags }) => ({ arn, tags })),
});
