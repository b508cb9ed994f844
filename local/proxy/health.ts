import type { BalancerKind } from './network.ts';
import type { FlowVerdict } from './reachability.ts';
import type { Behaviour } from './switches.ts';
import type { GroupRow } from './world.ts';

/** What one look at a target says. */
export type Look =
  | { readonly kind: 'unused'; readonly reason: string; readonly description: string }
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string; readonly description: string };

export interface Health {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining';
  readonly reason?: string;
  readonly description?: string;
}

const unused = (reason: string, description: string): Look => ({ kind: 'unused', reason, description });

/** Only an ALB tells why; NLB and GWLB know one reason alone (facts 2.3). */
const failed = (kind: BalancerKind, reason: string, description: string): Look =>
  kind === 'application'
    ? { kind: 'failed', reason, description }
    : { kind: 'failed', reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };

const LOOKS_AT_CODES = new Set(['HTTP', 'HTTPS']);

const behaves = (group: GroupRow, kind: BalancerKind, behaviour: Behaviour): Look => {
  if (behaviour === 'answers') return { kind: 'passed' };
  if (behaviour === 'refuses') return failed(kind, 'Target.FailedHealthChecks', 'Health checks failed');
  if (behaviour === 'silent') return failed(kind, 'Target.Timeout', 'Request timed out');
  if (!LOOKS_AT_CODES.has(group.healthProtocol)) return { kind: 'passed' }; // something listens, and that is all TCP asks
  return failed(kind, 'Target.ResponseCodeMismatch', 'Health checks failed with these codes: [503]');
};

/** What a health check meets: the network's verdict first, then what the instance does on that port. */
export const lookAt = (
  group: GroupRow,
  kind: BalancerKind,
  verdict: FlowVerdict,
  instanceState: string | undefined,
  behaviour: Behaviour,
): Look => {
  if (verdict.kind === 'blocked' && verdict.hop === 'listener') {
    return unused('Target.NotInUse', 'Target group is not configured to receive traffic from the load balancer');
  }
  if (verdict.kind === 'blocked' && verdict.hop === 'zone') {
    return unused('Target.NotInUse', 'Target is in an Availability Zone that is not enabled for the load balancer');
  }
  if (instanceState !== undefined && instanceState !== 'running') {
    return unused('Target.InvalidState', `Target is in the ${instanceState} state`);
  }
  if (verdict.kind !== 'passes') return failed(kind, 'Target.Timeout', 'Request timed out');
  return behaves(group, kind, behaviour);
};

/** What a registration remembers from look to look. */
export interface HealthMemory {
  /** Since when it is to be checked; `undefined` while unused. */
  readonly usedSince: Date | undefined;
  readonly state: 'initial' | 'healthy' | 'unhealthy';
  /** What checks have said of late, and since when. */
  readonly streak: { readonly passing: boolean; readonly since: Date } | undefined;
  readonly lookedAt: Date;
}

export interface HealthTiming {
  readonly registrationMilliseconds: number;
  readonly intervalMilliseconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export const freshMemory = (now: Date): HealthMemory => ({
  usedSince: now,
  state: 'initial',
  streak: undefined,
  lookedAt: now,
});

const later = (a: Date, b: Date): Date => (a > b ? a : b);

/**
 * Nobody looks between two looks, so a new finding holds since the last change of anything, if that came after the
 * look before; every change passes through the proxy.
 */
const streakOf = (memory: HealthMemory, firstCheck: Date, passing: boolean, changedAt: Date, now: Date) => {
  if (memory.streak?.passing === passing) return memory.streak;
  if (memory.streak === undefined) return { passing, since: later(firstCheck, changedAt < now ? changedAt : now) };
  return { passing, since: changedAt > memory.lookedAt ? changedAt : now };
};

const nextState = (
  memory: HealthMemory,
  passing: boolean,
  checks: number,
  timing: HealthTiming,
): HealthMemory['state'] => {
  const enough = passing ? timing.healthyThreshold : timing.unhealthyThreshold;
  if (memory.state === 'initial' && passing) return checks >= 1 ? 'healthy' : 'initial'; // one success is enough (facts 2.2)
  return checks >= enough ? (passing ? 'healthy' : 'unhealthy') : memory.state;
};

const said = (state: HealthMemory['state'], look: Look): Health => {
  if (state === 'healthy') return { state };
  if (state === 'initial') {
    return { state, reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' };
  }
  if (look.kind === 'failed') return { state, reason: look.reason, description: look.description };
  return { state, reason: 'Target.FailedHealthChecks', description: 'Health checks failed' }; // passes again, not often enough yet
};

/** The health that DescribeTargetHealth shows after this look, and what to remember of it. */
export const afterLook = (
  memory: HealthMemory,
  look: Look,
  timing: HealthTiming,
  changedAt: Date,
  now: Date,
): { readonly memory: HealthMemory; readonly health: Health } => {
  if (look.kind === 'unused') {
    const { reason, description } = look;
    const forgotten: HealthMemory = { usedSince: undefined, state: 'initial', streak: undefined, lookedAt: now };
    return { memory: forgotten, health: { state: 'unused', reason, description } };
  }
  const usedSince = memory.usedSince ?? (changedAt > memory.lookedAt ? changedAt : now);
  const firstCheck = new Date(usedSince.getTime() + timing.registrationMilliseconds);
  if (now < firstCheck) {
    const health = {
      state: 'initial',
      reason: 'Elb.RegistrationInProgress',
      description: 'Target registration is in progress',
    } as const;
    return { memory: { ...memory, usedSince, lookedAt: now }, health };
  }
  const passing = look.kind === 'passed';
  const streak = streakOf(memory, firstCheck, passing, changedAt, now);
  const elapsed = now.getTime() - streak.since.getTime();
  const checks = Math.floor(elapsed / timing.intervalMilliseconds) + (memory.state === 'initial' ? 1 : 0);
  const state = nextState(memory, passing, checks, timing);
  return { memory: { usedSince, state, streak, lookedAt: now }, health: said(state, look) };
};
