import { classicNameOf } from '../classic-load-balancer.ts';
import type { Instance } from '../instance.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { Touched, TouchedKind } from '../recent-change.ts';
import type { TargetGroup } from '../target-group.ts';
import type { PlacedGroup } from './slices.ts';

/** A tagged group with everything by which a change could touch it. */
export interface TouchableGroup extends PlacedGroup {
  /** Ids of what its instances are and wear: themselves, their interfaces, security groups, subnets and the subnets' ACLs. */
  readonly around: ReadonlySet<string>;
  readonly balancers: readonly LoadBalancer[];
}

/** Kinds that say nothing without the balancers of the groups. */
const OF_BALANCERS: ReadonlySet<TouchedKind> = new Set([
  'security-group',
  'network-acl',
  'subnet',
  'load-balancer',
  'listener',
]);

export const needsBalancers = (touched: readonly Touched[]): boolean =>
  touched.some(({ kind }) => OF_BALANCERS.has(kind));

/** Ids by which an instance can be touched. */
export const idsOf = ({ instanceId, networkInterfaces }: Instance): readonly string[] => [
  instanceId,
  ...networkInterfaces.flatMap(({ networkInterfaceId, subnetId, securityGroupIds }) => [
    networkInterfaceId,
    subnetId,
    ...securityGroupIds,
  ]),
];

/** A listener's ARN holds its balancer's, and a listener rule's that of its listener. @see Service Authorization Reference, "AWS Elastic Load Balancing V2" */
const balancerArnOf = (listenerArn: string): string =>
  listenerArn.replace(/:listener(?:-rule)?\/((?:app|net|gwy|gateway)\/[^/]+\/[^/]+).*$/, ':loadbalancer/$1');

const isTouched = ({ targetGroupArn, around, balancers }: TouchableGroup, { kind, id }: Touched): boolean => {
  switch (kind) {
    case 'target-group':
      return targetGroupArn === id;
    case 'classic-load-balancer':
      return classicNameOf(targetGroupArn) === id;
    case 'load-balancer':
      return balancers.some(({ arn }) => arn === id);
    case 'listener':
      return balancers.some(({ arn }) => arn === balancerArnOf(id));
    case 'security-group':
      return around.has(id) || balancers.some(({ securityGroupIds }) => securityGroupIds.includes(id));
    case 'subnet':
      return around.has(id) || balancers.some(({ zones }) => zones.some(({ subnetId }) => subnetId === id));
    case 'network-acl':
    case 'instance':
    case 'network-interface':
      return around.has(id);
    case 'route-table':
    case 'security-group-rule':
      return false;
  }
};

/** Groups that a change of some things concerns, each with its instances. */
export const groupsTouched = (groups: readonly TouchableGroup[], touched: readonly Touched[]): readonly PlacedGroup[] =>
  groups
    .filter((group) => touched.some((one) => isTouched(group, one)))
    .map(({ targetGroupArn, instanceIds }) => ({ targetGroupArn, instanceIds }));

/** The balancers of a group among those that were read. */
export const balancersOf = (
  group: Pick<TargetGroup, 'loadBalancerArns'> | undefined,
  balancers: readonly LoadBalancer[],
): readonly LoadBalancer[] => balancers.filter(({ arn }) => group?.loadBalancerArns.includes(arn) ?? false);
