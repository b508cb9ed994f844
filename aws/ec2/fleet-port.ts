import type { Instance } from '../../domain/instance.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../domain/network/model.ts';

/** Reads of everything there is, for whoever has to be sure of it. Throws `AwsCallError`; never a shorter list. */
export interface FleetReader {
  /**
   * Every instance of the account in this Region that is not terminated or on the way there, up to 500 at a time. What a
   * page says is worth nothing before the promise is fulfilled: a later page may fail.
   */
  readEveryInstance(take: (page: readonly Instance[]) => void): Promise<void>;
  /** Every security group rule that carries exactly this tag. */
  readRulesTagged(key: string, value: string): Promise<readonly SecurityGroupRule[]>;
  /** Instances that go by exactly this name (their tag `Name`) and are not terminated or on the way there. */
  readInstancesNamed(name: string): Promise<readonly Instance[]>;
  /** One security group rule by its id; `undefined` when there is none. */
  readRule(ruleId: string): Promise<SecurityGroupRule | undefined>;
  /** Every security group with such a name, in which `*` stands for anything. */
  readGroupsNamed(pattern: string): Promise<readonly SecurityGroup[]>;
}
