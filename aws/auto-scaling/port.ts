/** An Auto Scaling group, as far as it decides on the targets of others. */
export interface ScalingGroup {
  /** ARNs of the target groups and Classic balancers that it registers its instances in. */
  readonly attachedTo: readonly string[];
  /** AWS's word for where in its life cycle each of its instances is, by instance id, such as `InService` or `Terminating:Wait`. */
  readonly lifecycleStates: ReadonlyMap<string, string>;
}

/** Reads of Auto Scaling. Throws `AwsCallError`. */
export interface AutoScalingReader {
  /** By name; unknown names are absent. */
  readGroups(autoScalingGroupNames: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>>;
}

export interface InstanceRefreshReader {
  /** Whether the group's instances are being replaced at this moment, by an instance refresh or its rollback. Throws `AwsCallError`. */
  isRefreshing(autoScalingGroupName: string): Promise<boolean>;
}

/** The same, for whoever tells since when. Throws `AwsCallError`. */
export interface RunningRefreshReader {
  /** Since when the group's instances are being replaced; `undefined` when they aren't. */
  readRunningRefresh(autoScalingGroupName: string): Promise<Date | undefined>;
}

/** An instance that waits in a hook of its Auto Scaling group. */
export interface HookedInstance {
  readonly autoScalingGroupName: string;
  readonly hookName: string;
  readonly instanceId: string;
}

export interface AutoScalingWriter {
  /** Starts the hook's time-out anew; `false` when the instance waits there no more. */
  keepWaiting(hooked: HookedInstance): Promise<boolean>;
  /** Lets the instance go on; `false` when it waits there no more. */
  letGo(hooked: HookedInstance): Promise<boolean>;
}
