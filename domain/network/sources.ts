import type { LoadBalancer, LoadBalancerKind } from '../load-balancer.ts';
import type { AddressFamily, AddressRange } from './addresses.ts';
import { parseRange, worldOf } from './addresses.ts';
import { pathFinding } from './findings.ts';
import type { Known } from './hop.ts';
import { known, obstacle } from './hop.ts';
import type { Flow, Network, Subnet } from './model.ts';

/** A block of addresses one node of the balancer may send from. */
export interface SourcePlace {
  readonly subnetId: string;
  /** The subnet's blocks of the flow's family; the whole family when they could not be told. */
  readonly ranges: readonly AddressRange[];
  /** The same as text; empty when they could not be told. */
  readonly cidrs: readonly string[];
  /** Whether reading the subnet would tell more. */
  readonly notLookedAt: boolean;
}

/** What the target sees as the source of a flow. */
export interface FlowSource {
  readonly loadBalancer: LoadBalancer;
  /** Groups whose outbound rules the flow obeys, and any of which the target may admit by reference. */
  readonly groupIds: readonly string[];
  /** One place per enabled zone: the balancer has a node in each, and every node reaches every target. */
  readonly places: readonly SourcePlace[];
}

type SourceRow = (loadBalancer: LoadBalancer, family: AddressFamily, network: Network) => FlowSource;

const cidrsOf = (subnet: Subnet, family: AddressFamily): readonly string[] => {
  if (family === 'ipv6') return subnet.ipv6Cidrs;
  return subnet.ipv4Cidr === undefined ? [] : [subnet.ipv4Cidr];
};

const placeIn = (subnetId: string, family: AddressFamily, network: Network): SourcePlace => {
  const reading = network.subnets.get(subnetId);
  const cidrs = reading?.kind === 'read' ? cidrsOf(reading.value, family) : [];
  const ranges = cidrs.map(parseRange).filter((range) => range !== undefined);
  const told = ranges.length > 0 && ranges.length === cidrs.length;
  return {
    subnetId,
    ranges: told ? ranges : [worldOf(family)],
    cidrs: told ? cidrs : [],
    notLookedAt: reading === undefined,
  };
};

/** ALB and Classic: traffic and health both come from its nodes, which wear its groups. @see facts 3.2, design section 4 */
const fromItsNodes: SourceRow = (loadBalancer, family, network) => ({
  loadBalancer,
  groupIds: loadBalancer.securityGroupIds,
  places: loadBalancer.zones.map(({ subnetId }) => placeIn(subnetId, family, network)),
});

/** One row per kind of balancer; a kind without a row is not judged. */
const SOURCES: Readonly<Record<LoadBalancerKind, SourceRow | undefined>> = {
  application: fromItsNodes,
  network: undefined,
  gateway: undefined,
  classic: fromItsNodes,
};

/** Whether the network hops of this kind of balancer are judged. */
export const isJudged = (kind: LoadBalancerKind): boolean => SOURCES[kind] !== undefined;

/** What the target sees as source of a flow towards an address of `family`, or why that cannot be told. */
export const sourceOf = ({ seat }: Flow, family: AddressFamily, network: Network): Known<FlowSource> => {
  const { loadBalancer, targetGroup } = seat;
  if (targetGroup.loadBalancerArns.length === 0) {
    const isClassic = targetGroup.instancePorts !== undefined;
    const evidence = isClassic ? { loadBalancer: targetGroup.name } : { targetGroup: targetGroup.name };
    return obstacle(pathFinding('GroupNotUsed', evidence));
  }
  if (loadBalancer === undefined) {
    return obstacle(pathFinding('PathUnknown', { because: 'BalancerUnread', targetGroup: targetGroup.name }));
  }
  const row = SOURCES[loadBalancer.kind];
  return row === undefined
    ? obstacle(pathFinding('BalancerKindNotJudged', { loadBalancer: loadBalancer.name, kind: loadBalancer.kind }))
    : known(row(loadBalancer, family, network));
};
