import { compareText } from '../difference.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import { isTagTrue, USHER_TAG } from '../tags.ts';
import type { Judgement, Network, SecurityGroup, Wearer } from './model.ts';

/** Whose interfaces count as inside when a group is weighed. */
export interface Owner {
  readonly key: string;
  readonly owns: (wearer: Wearer) => boolean;
}

/** How a group stands for being written to, or named, on behalf of an owner. */
export interface Standing {
  readonly kind: 'read';
  readonly group: SecurityGroup;
  /** Interfaces that wear the group and are not the owner's. */
  readonly outside: number;
}

/** A group whose name, tags or wearers could not be told. */
export interface StandingUnread {
  readonly kind: 'unread';
  readonly groupId: string;
}

/** Weighs groups; each pair of owner and group once, however many seats ask. */
export type Weigh = (groupId: string, owner: Owner) => Standing | StandingUnread;

/** AWS names every VPC's own group so, and no other group may be. @see VPC guide, default security groups */
export const isDefaultGroup = ({ name }: SecurityGroup): boolean => name === 'default';

export const isGroupIgnored = ({ tags }: SecurityGroup): boolean => isTagTrue(tags, USHER_TAG.ignore);

const stand = (groupId: string, owner: Owner, network: Network): Standing | StandingUnread => {
  const group = network.securityGroups.get(groupId);
  const wearers = network.wearers.get(groupId);
  if (group?.kind !== 'read' || wearers?.kind !== 'read') return { kind: 'unread', groupId };
  const outside = wearers.value.filter((wearer) => !owner.owns(wearer)).length;
  return { kind: 'read', group: group.value, outside };
};

export const weighing = (network: Network): Weigh => {
  const known = new Map<string, Standing | StandingUnread>();
  return (groupId, owner) => {
    const key = `${owner.key}|${groupId}`;
    const standing = known.get(key) ?? stand(groupId, owner, network);
    known.set(key, standing);
    return standing;
  };
};

/** Fewest outside interfaces first, then the lowest id. */
export const leastOutside = (a: Standing, b: Standing): number =>
  a.outside - b.outside || compareText(a.group.groupId, b.group.groupId);

/** What a balancer's own interfaces are described as: `ELB app/NAME/ID`, `ELB NAME` for Classic (facts 2.5). */
const interfaceDescription = ({ arn }: LoadBalancer): string => `ELB ${arn.replace(/^.*:loadbalancer\/|^elb\//, '')}`;

/** The balancer as an owner of interfaces. */
export const balancerOwner = (loadBalancer: LoadBalancer): Owner => {
  const description = interfaceDescription(loadBalancer);
  return { key: loadBalancer.arn, owns: (wearer) => wearer.description?.trim() === description };
};

/** Target groups as owners: the seats judged, and the members named besides, by instance or interface id, or by address. */
export const targetGroupOwners = (
  judgements: readonly Judgement[],
  members: ReadonlyMap<string, ReadonlySet<string>>,
): ((targetGroupArn: string) => Owner) => {
  const inside = new Map<string, Set<string>>([...members].map(([arn, ids]) => [arn, new Set(ids)]));
  for (const { flow } of judgements) {
    const { targetGroup, instance, networkInterface } = flow.seat;
    const ids = inside.get(targetGroup.arn) ?? new Set();
    for (const id of [instance?.instanceId, networkInterface?.networkInterfaceId]) if (id !== undefined) ids.add(id);
    inside.set(targetGroup.arn, ids);
  }
  return (arn) => {
    const ids = inside.get(arn) ?? new Set();
    return {
      key: arn,
      owns: ({ networkInterfaceId, instanceId, addresses = [] }) =>
        [networkInterfaceId, instanceId ?? '', ...addresses].some((id) => ids.has(id)),
    };
  };
};
