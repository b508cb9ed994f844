import type { SecurityGroup } from '../../domain/network/model.ts';
import type { Tags } from '../../domain/tags.ts';

/** A security group as it is to be made. */
export interface GroupToMake {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

/** Security groups of our own, and who wears and names them. Every method throws `AwsCallError`. */
export interface CompanionGroups {
  /** The group of exactly this name in the VPC, which has one at most. */
  readNamed(vpcId: string, name: string): Promise<SecurityGroup | undefined>;
  /** Every group that carries exactly this tag. */
  readTagged(key: string, value: string): Promise<readonly SecurityGroup[]>;
  /** Groups with a rule, in either direction, that names this one. */
  readNaming(groupId: string): Promise<readonly SecurityGroup[]>;
  /**
   * Makes a group and takes out of it the rule by which AWS lets everything out. EC2 takes no client token here: whoever was
   * cut short looks for the name first. `taken`: the VPC has one of that name.
   */
  createGroup(
    group: GroupToMake,
  ): Promise<{ readonly kind: 'created'; readonly groupId: string } | { readonly kind: 'taken' }>;
  /** `in-use`: somebody wears it, or a rule names it; nothing was deleted. */
  deleteGroup(groupId: string): Promise<'deleted' | 'gone' | 'in-use'>;
  /** Overwrites what an interface wears: the whole list. */
  setInterfaceGroups(networkInterfaceId: string, groupIds: readonly string[]): Promise<void>;
}
