import type { SubnetRow } from './interfaces.ts';
import { Refusal } from './protocol.ts';

const isOf = (subnets: readonly SubnetRow[], ids: readonly string[]): readonly SubnetRow[] =>
  subnets.filter(({ id }) => ids.includes(id));

/** @throws {Refusal} for subnets of which no balancer of this type can be made; unknown ones are for the emulator to refuse */
export const refuseUnfitSubnets = (type: string, ids: readonly string[], subnets: readonly SubnetRow[]): void => {
  const wanted = isOf(subnets, ids);
  const zones = new Set(wanted.map(({ zone }) => zone));
  if (new Set(wanted.map(({ vpcId }) => vpcId)).size > 1)
    throw new Refusal('InvalidConfigurationRequest', 'All subnets must belong to the same VPC');
  if (zones.size < wanted.length)
    throw new Refusal(
      'InvalidConfigurationRequest',
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    );
  if (type === 'application' && wanted.length === ids.length && zones.size < 2)
    throw new Refusal('ValidationError', 'At least two subnets in two different Availability Zones must be specified');
};

/**
 * @throws {Refusal} for a Gateway Load Balancer with security groups
 * @see ELB API reference, CreateLoadBalancer and SetSecurityGroups
 */
export const refuseGroupsOfGateway = (type: string, groupIds: readonly string[]): void => {
  if (type === 'gateway' && groupIds.length > 0)
    throw new Refusal(
      'InvalidConfigurationRequest',
      "Security groups are not supported for load balancers of type 'gateway'",
    );
};

/** @throws {Refusal} for a Network Load Balancer that was made without any: it never gets one (facts 2.5) */
export const refuseFirstGroups = (kind: string, present: readonly string[]): void => {
  if (kind === 'network' && present.length === 0)
    throw new Refusal(
      'InvalidConfigurationRequest',
      'You cannot set security groups on a Network Load Balancer which was created without any security groups.',
    );
};

/** @throws {Refusal} when a Gateway Load Balancer would lose a subnet (facts 4) */
export const refuseFewerSubnets = (kind: string, present: readonly string[], wanted: readonly string[]): void => {
  if (kind === 'gateway' && present.some((id) => !wanted.includes(id)))
    throw new Refusal('InvalidConfigurationRequest', 'You cannot remove subnets from a Gateway Load Balancer');
};

const PROTOCOLS: Readonly<Record<string, readonly string[]>> = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'],
  gateway: ['GENEVE'],
};

/** @throws {Refusal} for a group whose protocol this kind of balancer doesn't speak, or that is in another VPC */
export const refuseUnfitGroup = (
  balancer: { readonly kind: string; readonly vpcId: string },
  group: { readonly arn: string; readonly type: string; readonly protocol: string; readonly vpcId: string },
): void => {
  if (group.type !== 'instance' && group.type !== 'ip') return;
  if (!PROTOCOLS[balancer.kind]?.includes(group.protocol))
    throw new Refusal(
      'InvalidConfigurationRequest',
      `The target group '${group.arn}' with protocol '${group.protocol}' is not supported for load balancers of type '${balancer.kind}'`,
    );
  if (group.vpcId !== balancer.vpcId)
    throw new Refusal(
      'InvalidConfigurationRequest',
      `The following target groups are in a different VPC than the load balancer: '${group.arn}'`,
    );
};

/** @throws {Refusal} for a group of appliances on another port than GENEVE's own (facts 2.2) */
export const refuseGenevePort = (protocol: string | undefined, port: string | undefined): void => {
  if (protocol === 'GENEVE' && port !== undefined && port !== '6081')
    throw new Refusal('ValidationError', `The port for protocol 'GENEVE' must be 6081, not '${port}'`);
};
