/** What a balancer wears, by its ARN. */
export interface BalancerSecurityGroups {
  /**
   * Overwrites a balancer's security groups: the whole list. A Network Load Balancer that was made without any takes none.
   * @throws {AwsCallError} whatever AWS refused it for
   */
  setSecurityGroups(loadBalancerArn: string, groupIds: readonly string[]): Promise<void>;
}
