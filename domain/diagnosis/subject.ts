import type { LoadBalancerKind } from '../load-balancer.ts';

/** What an alarm or a person asks about: at least one of balancer and group is known. */
export interface DiagnosisSubject {
  readonly kind: LoadBalancerKind;
  /** `undefined` where the alarm names the group only. */
  readonly loadBalancerArn: string | undefined;
  /** `undefined` where it names the balancer only; a Classic balancer's is its own ARN. */
  readonly targetGroupArn: string | undefined;
  readonly availabilityZone: string | undefined;
}

/** What is amiss, by the metric that tells. */
export type Symptom =
  | { readonly kind: 'unhealthy-hosts' }
  | { readonly kind: 'too-few-healthy-hosts' }
  /** The balancer itself answered so, for want of an answer of a target's. */
  | { readonly kind: 'balancer-error'; readonly code: '502' | '503' | '504' | 'other' }
  /** Targets answered with a server error. */
  | { readonly kind: 'target-error' }
  | { readonly kind: 'connection-errors' }
  | { readonly kind: 'slow' }
  /** Another metric of a balancer, a query, or a band that was learned: told for what it is. */
  | { readonly kind: 'other'; readonly metric: string | undefined };
