/** Where a rule lets packets come from, or go to. */
export type Peer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string };

/** One peer per rule. `protocol` is `tcp`, `udp`, `-1` for all, or whatever else EC2 holds. */
export interface GroupRule {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: Peer;
}

export interface SecurityGroup {
  readonly id: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

/** `protocol` is a number as text (`6` TCP, `17` UDP) or `-1`. */
export interface AclEntry {
  readonly number: number;
  readonly egress: boolean;
  readonly allows: boolean;
  readonly protocol: string;
  readonly cidr: string;
  readonly fromPort: number;
  readonly toPort: number;
}

export interface NetworkAcl {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly entries: readonly AclEntry[];
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly cidrs: readonly string[];
}

/** Where a subnet's packets to a block go: inside the VPC as they are, through something that sees them, or out. */
export interface Route {
  readonly cidr: string;
  readonly to: 'local' | 'middlebox' | 'elsewhere';
}

/** The routes of one subnet, its own table's or the VPC's main one. */
export interface SubnetRoutes {
  readonly subnetId: string;
  readonly routes: readonly Route[];
}

export interface Interface {
  readonly id: string;
  readonly subnetId: string;
  readonly addresses: readonly string[];
  readonly groupIds: readonly string[];
  readonly instanceId?: string;
  readonly deviceIndex?: number;
}

export interface Instance {
  readonly id: string;
  readonly state: string;
}

export type BalancerKind = 'application' | 'network' | 'gateway' | 'classic';

/** A balancer that has a listener or a rule forwarding to the group in question. */
export interface Balancer {
  readonly id: string;
  readonly kind: BalancerKind;
  readonly groupIds: readonly string[];
  readonly zones: readonly string[];
  /** Do nodes of one zone send to targets in another? */
  readonly crossZone: boolean;
  readonly interfaces: readonly Interface[];
}

export interface TargetGroup {
  readonly protocol: string;
  readonly healthProtocol: string;
  /** `traffic-port` or a number as text. */
  readonly healthPort: string;
  readonly preservesClientAddresses: boolean;
  /** Whether instances are reached at their IPv6 address. */
  readonly isIpv6?: boolean;
  /** Blocks in which the clients are whom targets of an NLB see that preserves addresses; absent: anybody may be one. */
  readonly clients?: readonly string[];
}

export interface Target {
  /** An instance id or an address. */
  readonly id: string;
  readonly port: number;
}

export interface Network {
  readonly balancers: readonly Balancer[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly acls: readonly NetworkAcl[];
  readonly subnets: readonly Subnet[];
  readonly interfaces: readonly Interface[];
  readonly instances: readonly Instance[];
  readonly prefixLists: Readonly<Record<string, readonly string[]>>;
  readonly routes: readonly SubnetRoutes[];
}
