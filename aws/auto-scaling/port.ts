/** Reads of Auto Scaling. Throws `AwsCallError`. */
export interface AutoScalingReader {
  /**
   * ARNs of the target groups and Classic balancers that each named Auto Scaling group registers its instances in, by
   * group name; unknown names are absent.
   */
  readAttachedTargetGroups(autoScalingGroupNames: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}
