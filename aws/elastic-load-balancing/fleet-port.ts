import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Tags } from '../../domain/tags.ts';
import type { TargetGroup } from '../../domain/target-group.ts';

/** Reads of every group and balancer there is, for whoever has to be sure of it. Throws `AwsCallError`; never a shorter list. */
export interface BalancingFleetReader {
  /** Every target group and Classic balancer of the account in this Region, but groups of functions, without its tags. */
  readEveryTargetGroup(): Promise<readonly Omit<TargetGroup, 'tags'>[]>;
  /** Tags as ELB itself holds them, by ARN; of groups that are gone, none. */
  readTags(targetGroupArns: readonly string[]): Promise<ReadonlyMap<string, Tags>>;
  /** Every load balancer of the account in this Region. */
  readEveryLoadBalancer(): Promise<readonly LoadBalancer[]>;
}
