import type { Instance } from '../instance.ts';
import { primaryInterface } from '../instance.ts';
import type { Ownership } from '../ledger.ts';
import { effectivePolicy } from '../permit.ts';
import type { Stage } from '../stage.ts';
import type { Tags } from '../tags.ts';
import { isTagTrue, tagValue, USHER_TAG } from '../tags.ts';
import type { Target } from '../target.ts';
import { targetKey } from '../target.ts';

/** Whether a group's terminating instances are to be held in their hooks until drained, by this stage. */
export const drainsHere = (groupTags: Tags, stage: Stage): boolean =>
  isTagTrue(groupTags, USHER_TAG.drain) &&
  !isTagTrue(groupTags, USHER_TAG.ignore) &&
  (tagValue(groupTags, USHER_TAG.stage)?.trim() ?? stage.name) === stage.name &&
  effectivePolicy(groupTags, stage) !== 'report-only';

/** Whether the hook of an instance may be kept or let go: in one of the stage's VPCs, and not told to be ignored. */
export const mayTouchHook = ({ vpcId, tags }: Pick<Instance, 'vpcId' | 'tags'>, { vpcIds }: Stage): boolean =>
  (vpcIds === 'all' || (vpcId !== undefined && vpcIds.includes(vpcId))) && !isTagTrue(tags, USHER_TAG.ignore);

/** Whether a target of a group is the instance's: by its id, its primary addresses, or what was registered for it. */
export const isStillIn = (target: Target, instance: Instance, seats: readonly Ownership[]): boolean => {
  const networkInterface = primaryInterface(instance);
  const own = new Set([
    instance.instanceId,
    ...(networkInterface?.privateIpv4Addresses ?? []),
    ...(networkInterface?.ipv6Addresses ?? []),
  ]);
  return (
    own.has(target.id) || seats.some(({ seat }) => seat !== undefined && targetKey(seat.target) === targetKey(target))
  );
};
