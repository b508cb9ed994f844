import type { Ec2Reader } from '../aws/ec2/port.ts';
import type { Instance, NetworkInterface } from '../domain/instance.ts';
import { isInstanceId, primaryInterface } from '../domain/instance.ts';
import type { LoadBalancer } from '../domain/load-balancer.ts';
import type { DesiredSeat } from '../domain/seating/seats.ts';
import type { TargetHealth } from '../domain/target.ts';
import { targetKey } from '../domain/target.ts';
import type { TargetGroup } from '../domain/target-group.ts';

/** Of a larger group so many members are looked at one by one: those that are not well first. */
const MOST_LOOKED_AT = 100;

/** The members' instances and the interfaces that receive their traffic, by target key. */
export interface Wearers {
  readonly instances: ReadonlyMap<string, Instance>;
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
}

/** The members that are looked at one by one. */
export const lookedAt = (members: readonly TargetHealth[]): readonly TargetHealth[] =>
  [...members].sort((a, b) => Number(a.state === 'healthy') - Number(b.state === 'healthy')).slice(0, MOST_LOOKED_AT);

/** Whose some members are. An `ip` group's targets are addresses; whose they are, the interfaces tell. */
export const readWearers = async (
  ec2: Pick<Ec2Reader, 'readInstances' | 'readInterfacesByAddress'>,
  members: readonly TargetHealth[],
  vpcId: string | undefined,
): Promise<Wearers> => {
  const addresses = members.map(({ target }) => target.id).filter((id) => !isInstanceId(id));
  const worn = addresses.length === 0 || vpcId === undefined ? [] : await ec2.readInterfacesByAddress(vpcId, addresses);
  const interfaceOf = new Map(
    worn.flatMap((each) => [...each.privateIpv4Addresses, ...each.ipv6Addresses].map((address) => [address, each])),
  );
  const idOf = ({ target }: TargetHealth): string | undefined =>
    isInstanceId(target.id) ? target.id : interfaceOf.get(target.id)?.instanceId;
  const ids = [...new Set(members.flatMap((member) => idOf(member) ?? []))];
  const found = new Map(
    (ids.length === 0 ? [] : await ec2.readInstances(ids)).map((each) => [each.instanceId, each] as const),
  );
  const instances = new Map<string, Instance>();
  const interfaces = new Map<string, NetworkInterface>();
  for (const member of members) {
    const key = targetKey(member.target);
    const instance = found.get(idOf(member) ?? '');
    if (instance !== undefined) instances.set(key, instance);
    const own = interfaceOf.get(member.target.id) ?? (instance && primaryInterface(instance));
    if (own !== undefined) interfaces.set(key, own);
  }
  return { instances, interfaces };
};

/** A group's members as seats behind its balancer; those that are leaving have none, nor has an instance that is gone. */
export const memberSeats = (
  targetGroup: TargetGroup,
  loadBalancer: LoadBalancer | undefined,
  members: readonly TargetHealth[],
  { instances, interfaces }: Wearers,
): readonly DesiredSeat[] =>
  members
    .filter(({ state }) => state !== 'draining')
    .flatMap(({ target }): readonly DesiredSeat[] => {
      const key = targetKey(target);
      const instance = instances.get(key);
      if (instance === undefined) return [];
      const seat = { targetGroup, loadBalancer, target, instance, networkInterface: interfaces.get(key) };
      return [{ seat, instance, owner: undefined }];
    });
