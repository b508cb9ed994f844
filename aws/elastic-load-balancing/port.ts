import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Tags } from '../../domain/tags.ts';
import type { Target, TargetHealth } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { AwsCallError } from '../aws-call-error.ts';

/** Reads of ELBv2. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface LoadBalancingReader {
  /** Groups that exist among those asked for, with the tags given (ELB does not return tags with a group). */
  readTargetGroups(groups: ReadonlyMap<string, Tags>): Promise<readonly TargetGroup[]>;
  /** Registered targets with their health; `undefined` when the group is gone. */
  readTargetHealth(targetGroupArn: string): Promise<readonly TargetHealth[] | undefined>;
  /** Whether targets of the group see their clients' addresses (`preserve_client_ip.enabled`); `undefined` when the group has no such attribute or is gone. */
  readPreservation(targetGroupArn: string): Promise<boolean | undefined>;
  readLoadBalancers(arns: readonly string[]): Promise<readonly LoadBalancer[]>;
}

/** How each target of a registration ended. */
export interface Registration {
  readonly registered: readonly Target[];
  readonly refused: readonly { readonly target: Target; readonly code: string; readonly message: string }[];
}

/**
 * A registration that a failing call cut short. An error, so that whoever only retries does (to register twice does no
 * harm); with the progress, so that whoever keeps a ledger can settle what has already happened.
 */
export class InterruptedRegistration extends AwsCallError {
  override readonly name = 'InterruptedRegistration';
  readonly progress: Registration;

  constructor(failure: AwsCallError, progress: Registration) {
    super(failure, { cause: failure });
    this.progress = progress;
  }
}

export interface LoadBalancingWriter {
  /**
   * Registers up to 100 targets a call. When AWS refuses a call because of some targets (`InvalidTarget` names them), the
   * others are registered all the same: first without the named ones, and where none is named by halving.
   * @throws {InterruptedRegistration} when a call fails for a reason that is not about its targets (throttled, denied,
   * unreachable, group gone), with what was registered and refused until then
   */
  registerTargets(targetGroupArn: string, targets: readonly Target[]): Promise<Registration>;
  /** Always by id and port (facts 2.2). */
  deregisterTargets(targetGroupArn: string, targets: readonly Target[]): Promise<void>;
}
