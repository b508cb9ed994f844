/** A target as people know it. */
export interface ReportedTarget {
  /** The instance's `Name` tag, else its id, else the address. */
  readonly name: string;
  readonly instanceId: string | undefined;
  /** `undefined` behind a Classic balancer, where it has none of its own. */
  readonly port: number | undefined;
  readonly availabilityZone: string | undefined;
}

/** Health of the whole group at the time of the report. `healthy` of `total` registered targets that are not leaving. */
export interface GroupHealth {
  readonly healthy: number;
  readonly total: number;
  /** Healthy targets in each zone that has any target; absent when the zones could not be told. */
  readonly zones?: readonly { readonly name: string; readonly healthy: number }[];
  /** The first few of the healthy by name; absent where names don't tell them apart. */
  readonly names?: readonly string[];
}

/** Instances that run another AMI than all the others in their group, who agree. */
export interface ImageDifference {
  /** The first few of those that differ, and how many they are. */
  readonly names: readonly string[];
  readonly count: number;
  /** The first few of the others; empty where names don't tell them apart. */
  readonly otherNames: readonly string[];
  readonly otherCount: number;
}

/** A Classic balancer refuses, a Gateway one sends to a target at random and the traffic is lost (facts 2.3). */
export type WithoutHealthy = 'refuses' | 'drops';
