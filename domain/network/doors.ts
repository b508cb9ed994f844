import type { LoadBalancer } from '../load-balancer.ts';
import { valueRead } from './hop.ts';
import type { FlowProtocol, Network, SecurityGroupRule, Vpc } from './model.ts';

/** A door of a balancer: what it speaks there (`HTTPS`, `TCP_UDP`, Classic's `SSL`, …) and on which port. */
export interface ListenerPort {
  readonly protocol: string;
  readonly port: number;
  /** Who is meant to come, where a target group says so (`usher:client-cidrs`); by scheme otherwise. */
  readonly clientCidrs?: readonly string[];
}

const carriedBy = (protocol: string): readonly FlowProtocol[] => {
  if (protocol === 'GENEVE') return [];
  if (protocol === 'UDP' || protocol === 'QUIC') return ['udp'];
  return protocol === 'TCP_UDP' || protocol === 'TCP_QUIC' ? ['tcp', 'udp'] : ['tcp'];
};

/** One protocol and port that somebody serves. */
export interface Door {
  readonly protocol: FlowProtocol;
  readonly port: number;
  readonly clientCidrs: readonly string[] | undefined;
}

export const doorsOf = (listeners: readonly ListenerPort[]): readonly Door[] =>
  listeners.flatMap(({ protocol, port, clientCidrs }) =>
    carriedBy(protocol).map((carrier) => ({ protocol: carrier, port, clientCidrs })),
  );

export const inFamiliesOf = ({ ipAddressType }: LoadBalancer, cidrs: readonly string[]): readonly string[] =>
  cidrs.filter((cidr) =>
    cidr.includes(':') ? ipAddressType !== 'ipv4' : ipAddressType !== 'dualstack-without-public-ipv4',
  );

/** A balancer with the inbound rules of its groups, all of which were read. */
export interface GuardedBalancer {
  readonly loadBalancer: LoadBalancer;
  readonly network: Network;
  readonly rules: readonly SecurityGroupRule[];
  readonly vpc: Vpc | undefined;
}

export const groupEvidence = ({ loadBalancer, network }: GuardedBalancer) => {
  const groupIds = loadBalancer.securityGroupIds;
  const names = groupIds.map((groupId) => valueRead(network.securityGroups.get(groupId))?.name);
  return {
    securityGroup: groupIds.join(', '),
    securityGroupName: names.every((name) => name !== undefined) ? names.join(', ') : undefined,
    loadBalancer: loadBalancer.name,
  };
};
