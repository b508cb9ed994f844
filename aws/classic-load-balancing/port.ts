import type { ClassicLoadBalancer } from '../../domain/classic-load-balancer.ts';
import type { Tags } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';

/** Reads of Classic Load Balancers. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface ClassicLoadBalancingReader {
  /** All of the Region. */
  readBalancers(): Promise<readonly ClassicLoadBalancer[]>;
  /** Those that exist among the names. */
  readBalancersNamed(names: readonly string[]): Promise<readonly ClassicLoadBalancer[]>;
  /** Tags by name, of those that exist among the names. */
  readTags(names: readonly string[]): Promise<ReadonlyMap<string, Tags>>;
  /** Registered instances with their health, in the words of the newer kinds; `undefined` when the balancer is gone. */
  readInstanceHealth(name: string): Promise<readonly TargetHealth[] | undefined>;
}
