import { classicNameOf } from '../domain/classic-load-balancer.ts';
import type { BalancingFleetReader } from './elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from './elastic-load-balancing/port.ts';
import type { BalancerSecurityGroups } from './elastic-load-balancing/security-groups-port.ts';
import type { BalancerSettingsReader } from './elastic-load-balancing/settings-port.ts';

const isClassic = (arn: string): boolean => classicNameOf(arn) !== undefined;

/** Target groups and Classic balancers read alike: each ARN is asked of the API it belongs to, and neither without need. */
export const readerOfBoth = (newer: LoadBalancingReader, classic: LoadBalancingReader): LoadBalancingReader => ({
  async readTargetGroups(groups) {
    const of = (wanted: boolean) => new Map([...groups].filter(([arn]) => isClassic(arn) === wanted));
    return [...(await newer.readTargetGroups(of(false))), ...(await classic.readTargetGroups(of(true)))];
  },
  readTargetHealth: (arn) => (isClassic(arn) ? classic : newer).readTargetHealth(arn),
  readPreservation: (arn) => (isClassic(arn) ? classic : newer).readPreservation(arn),
  async readLoadBalancers(arns) {
    const of = (wanted: boolean) => arns.filter((arn) => isClassic(arn) === wanted);
    return [...(await newer.readLoadBalancers(of(false))), ...(await classic.readLoadBalancers(of(true)))];
  },
});

/** Registers and deregisters in target groups and with Classic balancers alike. */
export const writerOfBoth = (newer: LoadBalancingWriter, classic: LoadBalancingWriter): LoadBalancingWriter => ({
  registerTargets: (arn, targets) => (isClassic(arn) ? classic : newer).registerTargets(arn, targets),
  deregisterTargets: (arn, targets) => (isClassic(arn) ? classic : newer).deregisterTargets(arn, targets),
});

/** What balancers of both generations wear. */
export const securityGroupsOfBoth = (
  newer: BalancerSecurityGroups,
  classic: BalancerSecurityGroups,
): BalancerSecurityGroups => ({
  setSecurityGroups: (arn, groupIds) => (isClassic(arn) ? classic : newer).setSecurityGroups(arn, groupIds),
});

/** Every target group and every Classic balancer, and all balancers there are. */
export const fleetReaderOfBoth = (
  newer: BalancingFleetReader,
  classic: BalancingFleetReader,
): BalancingFleetReader => ({
  readEveryTargetGroup: async () => [
    ...(await newer.readEveryTargetGroup()),
    ...(await classic.readEveryTargetGroup()),
  ],
  async readTags(arns) {
    const of = (wanted: boolean) => arns.filter((arn) => isClassic(arn) === wanted);
    return new Map([...(await newer.readTags(of(false))), ...(await classic.readTags(of(true)))]);
  },
  readEveryLoadBalancer: async () => [
    ...(await newer.readEveryLoadBalancer()),
    ...(await classic.readEveryLoadBalancer()),
  ],
});

/** How balancers of both generations are set up. */
export const settingsReaderOfBoth = (
  newer: BalancerSettingsReader,
  classic: BalancerSettingsReader,
): BalancerSettingsReader => ({
  readListeners: (arn) => (isClassic(arn) ? classic : newer).readListeners(arn),
  readAttributes: (groupArn, balancerArn) =>
    (isClassic(groupArn ?? balancerArn ?? '') ? classic : newer).readAttributes(groupArn, balancerArn),
});
