import type { ClassicLoadBalancer } from '../../domain/classic-load-balancer.ts';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import type { EnabledZone, LoadBalancer } from '../../domain/load-balancer.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import type { Ec2Reader } from '../ec2/port.ts';
import type { LoadBalancingReader } from '../elastic-load-balancing/port.ts';
import type { ClassicLoadBalancingReader } from './port.ts';

const SUBNETS: AwsCall = { service: 'EC2', action: 'DescribeSubnets' };

const instancePortsOf = ({ listeners }: ClassicLoadBalancer): readonly number[] =>
  [...new Set(listeners.map(({ instancePort }) => instancePort))].sort((a, b) => a - b);

/** The balancer as the place its instances sit in. */
export const toTargetGroup = (arn: string, balancer: ClassicLoadBalancer): Omit<TargetGroup, 'tags'> => ({
  arn,
  name: balancer.name,
  targetType: 'instance',
  protocol: undefined,
  port: undefined,
  instancePorts: instancePortsOf(balancer),
  vpcId: balancer.vpcId,
  ipAddressType: 'ipv4',
  healthCheck: balancer.healthCheck,
  loadBalancerArns: balancer.listeners.length === 0 ? [] : [arn],
});

const toLoadBalancer = (arn: string, balancer: ClassicLoadBalancer, zones: readonly EnabledZone[]): LoadBalancer => ({
  arn,
  name: balancer.name,
  kind: 'classic',
  dnsName: balancer.dnsName,
  scheme: balancer.scheme,
  vpcId: balancer.vpcId,
  securityGroupIds: balancer.securityGroupIds,
  zones,
  ipAddressType: 'ipv4',
});

/** A balancer with the ARN that tags and permissions know it by. */
type WithArn = readonly [arn: string, balancer: ClassicLoadBalancer];

/** Balancers that exist among those asked for, each with the ARN it was asked for by. */
const readByArn = async (classic: ClassicLoadBalancingReader, arns: readonly string[]): Promise<readonly WithArn[]> => {
  const arnOf = new Map(
    arns.flatMap((arn) => {
      const name = classicNameOf(arn);
      return name === undefined ? [] : [[name, arn] as const];
    }),
  );
  const balancers = await classic.readBalancersNamed([...arnOf.keys()]);
  return balancers.flatMap((balancer) => {
    const arn = arnOf.get(balancer.name);
    return arn === undefined ? [] : [[arn, balancer] as const];
  });
};

/**
 * Which subnet a balancer has in each of its zones. AWS names subnets and zones in two lists, so with more than one of
 * them the subnets are read.
 * @throws {AwsCallError} also when a subnet is not to be seen: a balancer's zones are never fewer than they are
 */
const zonesOf = async (
  balancers: readonly ClassicLoadBalancer[],
  ec2: Pick<Ec2Reader, 'readSubnets'>,
): Promise<(balancer: ClassicLoadBalancer) => readonly EnabledZone[]> => {
  const several = balancers.filter(({ subnetIds }) => subnetIds.length > 1).flatMap(({ subnetIds }) => subnetIds);
  const subnets = several.length === 0 ? undefined : await ec2.readSubnets([...new Set(several)].sort());
  return ({ subnetIds, availabilityZones }) =>
    subnetIds.map((subnetId) => {
      const zone = subnetIds.length > 1 ? subnets?.get(subnetId)?.availabilityZone : availabilityZones[0];
      return { availabilityZone: given(SUBNETS, `zone of ${subnetId}`, zone), subnetId };
    });
};

/**
 * The balancers as what sends to their instances, each zone with its subnet.
 * @throws {AwsCallError} when their subnets can't be read
 */
export const toZonedLoadBalancers = async (
  found: readonly WithArn[],
  ec2: Pick<Ec2Reader, 'readSubnets'>,
): Promise<readonly LoadBalancer[]> => {
  const zones = await zonesOf(
    found.map(([, balancer]) => balancer),
    ec2,
  );
  return found.map(([arn, balancer]) => toLoadBalancer(arn, balancer, zones(balancer)));
};

/**
 * Classic balancers read as target groups that are their own balancers, by their ARNs; ARNs of anything else are passed
 * over. A registered instance has no port (docs/decisions/0019-classic.md).
 */
export const classicAsTargetGroups = (
  classic: ClassicLoadBalancingReader,
  ec2: Pick<Ec2Reader, 'readSubnets'>,
): LoadBalancingReader => ({
  async readTargetGroups(groups) {
    const found = await readByArn(classic, [...groups.keys()]);
    return found.map(([arn, balancer]) => ({ ...toTargetGroup(arn, balancer), tags: groups.get(arn) ?? {} }));
  },
  async readTargetHealth(arn) {
    const name = classicNameOf(arn);
    return name === undefined ? undefined : classic.readInstanceHealth(name);
  },
  /** A Classic balancer is the other side of every connection to its instances. */
  readPreservation: async () => undefined,
  async readLoadBalancers(arns) {
    return toZonedLoadBalancers(await readByArn(classic, arns), ec2);
  },
});
