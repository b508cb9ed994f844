import { AwsCallError } from '../../aws/aws-call-error.ts';
import { imageDifference, unlikeOthers } from '../../domain/group-health.ts';
import type { Instance } from '../../domain/instance.ts';
import type { ImageDifference } from '../../domain/report.ts';
import { autoScalingGroupOf } from '../../domain/seating/membership.ts';
import type { TargetHealth } from '../../domain/target.ts';
import type { FollowingPorts } from './ports.ts';

/** Whether one of these groups is being refreshed, or it can't be known: then a difference may be meant, and is not told. */
const mayBeRefreshing = async (
  { refreshes, log }: Pick<FollowingPorts, 'refreshes' | 'log'>,
  groupNames: readonly string[],
): Promise<boolean> => {
  try {
    for (const name of groupNames) if (await refreshes.isRefreshing(name)) return true;
    return false;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    log({ event: 'refreshes-not-read', because: error.message });
    return true;
  }
};

/**
 * How the AMI of those told of differs from that of all the others, who agree; `undefined` where it doesn't, or where an
 * instance refresh is what makes it differ. Auto Scaling is asked only when there is something to tell.
 * @param told ids of the instances that the report is about
 */
export const imageDifferenceOf = async (
  ports: Pick<FollowingPorts, 'refreshes' | 'log'>,
  told: readonly string[],
  members: readonly TargetHealth[],
  instances: readonly Instance[],
): Promise<ImageDifference | undefined> => {
  const unlike = unlikeOthers(told, members, instances);
  if (unlike === undefined) return undefined;
  const groupNames = new Set(unlike.instances.flatMap(({ tags }) => autoScalingGroupOf(tags) ?? []));
  return (await mayBeRefreshing(ports, [...groupNames])) ? undefined : imageDifference(unlike);
};
