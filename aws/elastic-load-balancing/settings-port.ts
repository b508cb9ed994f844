import type { Attributes, ListenerUse } from '../../domain/diagnosis/evidence.ts';

/** A listener, with the host names that its rules answer for, where they name any. */
export interface ReadListener extends ListenerUse {
  readonly hosts: readonly string[];
}

/** How balancers and groups are set up. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface BalancerSettingsReader {
  /** Listeners of a balancer with where they send to; none of one that is gone. */
  readListeners(loadBalancerArn: string): Promise<readonly ReadListener[]>;
  /** Attributes of a group and its balancer; of what is gone or not asked for they are unknown. */
  readAttributes(targetGroupArn: string | undefined, loadBalancerArn: string | undefined): Promise<Attributes>;
}
