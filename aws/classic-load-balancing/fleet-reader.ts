import { classicArnOf, classicNameOf } from '../../domain/classic-load-balancer.ts';
import type { Ec2Reader } from '../ec2/port.ts';
import type { BalancingFleetReader } from '../elastic-load-balancing/fleet-port.ts';
import { toTargetGroup, toZonedLoadBalancers } from './as-target-groups.ts';
import type { ClassicLoadBalancingReader } from './port.ts';

/**
 * Every Classic balancer of the account in this Region, as the group that it is and as its balancer.
 * @param place the account and Region, for the ARNs that Classic's own API doesn't tell
 */
export const classicFleetReader = (
  classic: ClassicLoadBalancingReader,
  ec2: Pick<Ec2Reader, 'readSubnets'>,
  place: { readonly region: string; readonly account: string },
): BalancingFleetReader => {
  const readAll = async () =>
    (await classic.readBalancers()).map((balancer) => [classicArnOf(balancer.name, place), balancer] as const);
  return {
    async readEveryTargetGroup() {
      return (await readAll()).map(([arn, balancer]) => toTargetGroup(arn, balancer));
    },
    async readTags(arns) {
      const tags = await classic.readTags(arns.flatMap((arn) => classicNameOf(arn) ?? []));
      return new Map([...tags].map(([name, each]) => [classicArnOf(name, place), each]));
    },
    async readEveryLoadBalancer() {
      return toZonedLoadBalancers(await readAll(), ec2);
    },
  };
};
