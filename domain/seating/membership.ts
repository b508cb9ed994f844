import type { Tags } from '../tags.ts';
import { tagValue } from '../tags.ts';

/** Who decides on a group's membership in our stead. */
export type MembershipOwner = 'auto-scaling' | 'kubernetes' | 'ecs' | 'codedeploy';

/** The tag Auto Scaling puts on each instance it launches. @see Auto Scaling user guide, "Tag Auto Scaling groups and instances" */
export const AUTO_SCALING_GROUP_TAG = 'aws:autoscaling:groupName';

/** The Auto Scaling group that launched an instance, by its tag. */
export const autoScalingGroupOf = (instanceTags: Tags): string | undefined =>
  tagValue(instanceTags, AUTO_SCALING_GROUP_TAG)?.trim() || undefined;

/** Tag keys, by prefix, of controllers that switch a group's targets themselves. */
const OWNER_TAGS: readonly { readonly prefix: string; readonly owner: 'kubernetes' | 'ecs' }[] = [
  { prefix: 'elbv2.k8s.aws/', owner: 'kubernetes' },
  { prefix: 'kubernetes.io/', owner: 'kubernetes' },
  { prefix: 'ingress.k8s.aws/', owner: 'kubernetes' },
  { prefix: 'service.k8s.aws/', owner: 'kubernetes' },
  { prefix: 'aws:ecs:', owner: 'ecs' },
  { prefix: 'AmazonECSManaged', owner: 'ecs' },
];

/** The controller that owns a whole group by the tags it leaves there; such a group is judged, never written. */
export const groupOwner = (groupTags: Tags): 'kubernetes' | 'ecs' | undefined =>
  OWNER_TAGS.find(({ prefix }) => Object.keys(groupTags).some((key) => key.startsWith(prefix)))?.owner;

/**
 * Who registers this one instance in this one group in our stead. An Auto Scaling group that CodeDeploy made for a
 * blue/green deployment is recognised by its name, `CodeDeploy_<deployment group>_<deployment>`.
 * @see CodeDeploy user guide, "Working with deployment groups: blue/green"
 */
export const membershipOwner = (
  pair: { readonly targetGroupArn: string; readonly groupTags: Tags; readonly instanceTags: Tags },
  attachedTargetGroups: ReadonlyMap<string, readonly string[]>,
): MembershipOwner | undefined => {
  const controller = groupOwner(pair.groupTags);
  if (controller !== undefined) return controller;
  const autoScalingGroup = autoScalingGroupOf(pair.instanceTags);
  if (autoScalingGroup === undefined) return undefined;
  if (autoScalingGroup.startsWith('CodeDeploy_')) return 'codedeploy';
  return attachedTargetGroups.get(autoScalingGroup)?.includes(pair.targetGroupArn) ? 'auto-scaling' : undefined;
};
