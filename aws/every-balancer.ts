import {
  fleetReaderOfBoth,
  readerOfBoth,
  securityGroupsOfBoth,
  settingsReaderOfBoth,
  writerOfBoth,
} from './both-generations.ts';
import { classicAsTargetGroups } from './classic-load-balancing/as-target-groups.ts';
import { classicLoadBalancingClient } from './classic-load-balancing/client.ts';
import { classicFleetReader } from './classic-load-balancing/fleet-reader.ts';
import { classicLoadBalancingReader } from './classic-load-balancing/reader.ts';
import { classicSecurityGroups } from './classic-load-balancing/security-groups.ts';
import { classicSettingsReader } from './classic-load-balancing/settings-reader.ts';
import { classicLoadBalancingWriter } from './classic-load-balancing/writer.ts';
import { ec2Client } from './ec2/client.ts';
import { ec2Reader } from './ec2/reader.ts';
import { loadBalancingClient } from './elastic-load-balancing/client.ts';
import type { BalancingFleetReader } from './elastic-load-balancing/fleet-port.ts';
import { balancingFleetReader } from './elastic-load-balancing/fleet-reader.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from './elastic-load-balancing/port.ts';
import { loadBalancingReader } from './elastic-load-balancing/reader.ts';
import { balancerSecurityGroups } from './elastic-load-balancing/security-groups.ts';
import type { BalancerSecurityGroups } from './elastic-load-balancing/security-groups-port.ts';
import type { BalancerSettingsReader } from './elastic-load-balancing/settings-port.ts';
import { balancerSettingsReader } from './elastic-load-balancing/settings-reader.ts';
import { loadBalancingWriter } from './elastic-load-balancing/writer.ts';

/** The process's reader of target groups and Classic balancers alike. */
export const everyBalancerReader = (): LoadBalancingReader =>
  readerOfBoth(
    loadBalancingReader(loadBalancingClient()),
    classicAsTargetGroups(classicLoadBalancingReader(classicLoadBalancingClient()), ec2Reader(ec2Client())),
  );

/** The process's writer to target groups and Classic balancers alike. */
export const everyBalancerWriter = (): LoadBalancingWriter =>
  writerOfBoth(
    loadBalancingWriter(loadBalancingClient()),
    classicLoadBalancingWriter(classicLoadBalancingClient(), classicLoadBalancingReader(classicLoadBalancingClient())),
  );

/**
 * The process's reader of every target group and Classic balancer there is.
 * @param place the account and Region that it reads
 */
export const everyBalancerFleetReader = (place: {
  readonly region: string;
  readonly account: string;
}): BalancingFleetReader =>
  fleetReaderOfBoth(
    balancingFleetReader(loadBalancingClient()),
    classicFleetReader(classicLoadBalancingReader(classicLoadBalancingClient()), ec2Reader(ec2Client()), place),
  );

/** The process's writer of what balancers wear. */
export const everyBalancerSecurityGroups = (): BalancerSecurityGroups =>
  securityGroupsOfBoth(
    balancerSecurityGroups(loadBalancingClient()),
    classicSecurityGroups(classicLoadBalancingClient()),
  );

/** The process's reader of how target groups, their balancers and Classic balancers are set up. */
export const everyBalancerSettingsReader = (): BalancerSettingsReader =>
  settingsReaderOfBoth(
    balancerSettingsReader(loadBalancingClient()),
    classicSettingsReader(classicLoadBalancingClient(), classicLoadBalancingReader(classicLoadBalancingClient())),
  );
