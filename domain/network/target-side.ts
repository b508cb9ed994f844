import type { NetworkInterface } from '../instance.ts';
import type { TargetGroup } from '../target-group.ts';
import type { AddressFamily, AddressRange } from './addresses.ts';
import { parseRange } from './addresses.ts';
import { pathFinding } from './findings.ts';
import type { Known } from './hop.ts';
import { known, obstacle, valueRead } from './hop.ts';
import type { Network, Seat } from './model.ts';
import { isTunnelled } from './required-flows.ts';

/** Where a flow arrives: one address on one interface. */
export interface TargetSide {
  readonly address: AddressRange;
  readonly addressText: string;
  readonly networkInterface: NetworkInterface;
}

/** The family a group's targets are reached in; a tunnel's outer packets are always IPv4 (facts 4). */
const familyOf = (targetGroup: TargetGroup): AddressFamily =>
  isTunnelled(targetGroup) ? 'ipv4' : targetGroup.ipAddressType;

/** The address that traffic goes to: an ip target's own, an instance's first address of the group's family (facts 2.2). */
const addressText = ({ targetGroup, target }: Seat, networkInterface: NetworkInterface): string | undefined => {
  if (targetGroup.targetType === 'ip') return target.id;
  return familyOf(targetGroup) === 'ipv6'
    ? networkInterface.ipv6Addresses[0]
    : networkInterface.privateIpv4Addresses[0];
};

/** `all` as zone, or an interface of another VPC: security groups and ACLs there are not ours to judge. */
const isOutsideVpc = ({ target, targetGroup, networkInterface }: Seat): boolean =>
  target.availabilityZone === 'all' ||
  (networkInterface !== undefined && targetGroup.vpcId !== undefined && networkInterface.vpcId !== targetGroup.vpcId);

/** The address and interface a seat's flows arrive at. */
export const targetSideOf = (seat: Seat): Known<TargetSide> => {
  const target = seat.target.id;
  if (isOutsideVpc(seat)) return obstacle(pathFinding('TargetOutsideVpc', { target, vpc: seat.targetGroup.vpcId }));
  const { networkInterface } = seat;
  if (networkInterface === undefined) return obstacle(pathFinding('InterfaceNotFound', { target }));
  const text = addressText(seat, networkInterface);
  const address = text === undefined ? undefined : parseRange(text);
  if (text === undefined || address === undefined) {
    const evidence = { because: 'AddressUnknown', target, family: familyOf(seat.targetGroup) };
    return obstacle(pathFinding('PathUnknown', evidence));
  }
  return known({ address, addressText: text, networkInterface });
};

/**
 * The zone a seat's target stands in: told by the balancer when both share a subnet, else the instance's (an interface
 * is never in another zone than its instance), else the subnet's.
 */
export const zoneOf = ({ loadBalancer, instance, networkInterface }: Seat, network: Network): string | undefined =>
  loadBalancer?.zones.find(({ subnetId }) => subnetId === networkInterface?.subnetId)?.availabilityZone ??
  instance?.availabilityZone ??
  valueRead(network.subnets.get(networkInterface?.subnetId ?? ''))?.availabilityZone;
