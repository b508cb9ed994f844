import type { Finding } from '../finding.ts';
import type { InstanceState, NetworkInterface } from '../instance.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { Reading } from '../reading.ts';
import type { Tags } from '../tags.ts';
import type { Target } from '../target.ts';
import { targetKey } from '../target.ts';
import type { TargetGroup } from '../target-group.ts';

/** The other side of a security group rule; AWS puts exactly one kind on each rule. */
export type RulePeer =
  | { readonly kind: 'cidr-ipv4'; readonly cidr: string }
  | { readonly kind: 'cidr-ipv6'; readonly cidr: string }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string }
  | {
      readonly kind: 'security-group';
      readonly groupId: string;
      /** The account of a group of another one, by peering or a transit gateway; absent for one of the rule's own account. */
      readonly ownerId?: string;
    };

export type RuleDirection = 'ingress' | 'egress';

/** One security group rule. @see EC2 API reference, `SecurityGroupRule` */
export interface SecurityGroupRule {
  readonly ruleId: string;
  readonly groupId: string;
  readonly direction: RuleDirection;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` (everything), or a protocol number (all ports). */
  readonly protocol: string;
  /** First port; type for ICMP; -1 or absent for all. */
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly peer: RulePeer;
  readonly description: string | undefined;
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly name: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

/** One network ACL entry; number 32767 is the closing deny. @see EC2 API reference, `NetworkAclEntry` */
export interface NetworkAclEntry {
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly action: 'allow' | 'deny';
  /** Protocol number as text: `6` tcp, `17` udp, `-1` all. */
  readonly protocol: string;
  readonly cidr: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
}

export interface NetworkAcl {
  readonly networkAclId: string;
  readonly entries: readonly NetworkAclEntry[];
}

export interface Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly ipv4Cidr: string | undefined;
  readonly ipv6Cidrs: readonly string[];
}

/** One of a balancer's own interfaces: a node of it, whose addresses the target sees where no group can be named (facts 2.5). */
export interface BalancerInterface {
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  readonly privateIpv4Addresses: readonly string[];
  readonly ipv6Addresses: readonly string[];
}

/**
 * One route of a table. What it leads to is told as far as it matters here: `local` stays inside the VPC, `middlebox` is an
 * interface, an instance or a Gateway Load Balancer endpoint that sees the packets, `elsewhere` leaves the VPC.
 */
export interface Route {
  /** A CIDR block of either family, or a prefix list's id. */
  readonly destination: string;
  readonly to: 'local' | 'middlebox' | 'elsewhere';
  /** The id of what it leads to (`eni-…`, `vpce-…`, `igw-…`); `local` for the VPC itself. */
  readonly via: string;
  /** Whether what it leads to is gone, so that packets are dropped. */
  readonly isBlackhole: boolean;
}

/** The table that a subnet's packets are routed by: its own, else the VPC's main one. */
export interface RouteTable {
  readonly routeTableId: string;
  readonly routes: readonly Route[];
}

/** A VPC's own blocks of addresses. */
export interface Vpc {
  readonly vpcId: string;
  readonly ipv4Cidrs: readonly string[];
  readonly ipv6Cidrs: readonly string[];
}

/** An interface that wears a security group, for choosing where a rule does least harm. */
export interface Wearer {
  readonly networkInterfaceId: string;
  readonly instanceId: string | undefined;
  readonly description: string | undefined;
  readonly securityGroupIds: readonly string[];
  /** Of both families: what a group of type ip knows it by. */
  readonly addresses?: readonly string[];
}

/**
 * Everything that was read around a set of targets. A key that is absent was not looked at, and judges as `unknown`
 * just as an `unreadable` does.
 */
export interface Network {
  /** Rules by security group id. */
  readonly rules: ReadonlyMap<string, Reading<readonly SecurityGroupRule[]>>;
  /** The ACL that guards each subnet, by subnet id. */
  readonly acls: ReadonlyMap<string, Reading<NetworkAcl>>;
  readonly subnets: ReadonlyMap<string, Reading<Subnet>>;
  /** Name, VPC and tags by security group id; needed only where a rule is to be written. */
  readonly securityGroups: ReadonlyMap<string, Reading<SecurityGroup>>;
  /** Interfaces wearing each group, by security group id; needed only where a rule is to be written. */
  readonly wearers: ReadonlyMap<string, Reading<readonly Wearer[]>>;
  /** CIDRs and weight by prefix list id. */
  readonly prefixLists: ReadonlyMap<string, Reading<PrefixList>>;
  /** A balancer's own interfaces, by its ARN; needed where the target can't name a group of it. */
  readonly balancerInterfaces: ReadonlyMap<string, Reading<readonly BalancerInterface[]>>;
  /**
   * Whether targets of a group see the clients' addresses (`preserve_client_ip.enabled`), by the group's ARN; needed behind a
   * Network Load Balancer without security groups, of a group whose protocol does not settle it (facts 2.5).
   */
  readonly preservation: ReadonlyMap<string, Reading<boolean>>;
  /** Whether an endpoint service leads to a balancer, by its ARN; needed behind a Network Load Balancer that preserves addresses. */
  readonly endpointServices: ReadonlyMap<string, Reading<boolean>>;
  /** The route table of a subnet, by the subnet's id; needed where a rule names a group (facts 3.2, middlebox). */
  readonly routes: ReadonlyMap<string, Reading<RouteTable>>;
  /** Needed for the clients' leg of an internal balancer. */
  readonly vpcs: ReadonlyMap<string, Reading<Vpc>>;
}

/** Before anything was looked at. */
export const NOTHING_READ: Network = {
  rules: new Map(),
  acls: new Map(),
  subnets: new Map(),
  securityGroups: new Map(),
  wearers: new Map(),
  prefixLists: new Map(),
  balancerInterfaces: new Map(),
  preservation: new Map(),
  endpointServices: new Map(),
  routes: new Map(),
  vpcs: new Map(),
};

export interface PrefixList {
  readonly prefixListId: string;
  readonly cidrs: readonly string[];
  /** Rules it counts for in a security group's quota: its weight (AWS's own) or maximum entries (a customer's). */
  readonly weight: number;
}

/** One target in one group behind one balancer: the pair whose path is asked about. */
export interface Seat {
  readonly targetGroup: TargetGroup;
  /** `undefined` when no listener uses the group. */
  readonly loadBalancer: LoadBalancer | undefined;
  readonly target: Target;
  /** Whose the target is; `undefined` for an address nobody wears. */
  readonly instance:
    | {
        readonly instanceId: string;
        readonly state: InstanceState;
        readonly availabilityZone: string | undefined;
      }
    | undefined;
  /** The interface that receives the traffic: the primary one for instance targets, the address's own for ip targets. */
  readonly networkInterface: NetworkInterface | undefined;
}

/** Identity of a seat over all groups; `key` as `targetKey` gives it. */
export const seatKeyOf = (targetGroupArn: string, key: string): string => `${targetGroupArn}|${key}`;

export const seatKey = ({ targetGroup, target }: Pick<Seat, 'targetGroup' | 'target'>): string =>
  seatKeyOf(targetGroup.arn, targetKey(target));

export type FlowName = 'traffic' | 'health' | 'return';
export type FlowProtocol = 'tcp' | 'udp';

/**
 * One connection that must be possible, from the balancer to the target, its replies included; `return` goes the other way:
 * what an appliance sends back through GENEVE is no reply, for it goes to the same port (facts 4).
 */
export interface Flow {
  readonly name: FlowName;
  readonly protocol: FlowProtocol;
  readonly port: number;
  readonly seat: Seat;
}

export type Verdict = 'passes' | 'blocked' | 'unknown';

/** Places a flow goes through, in the order of the way. */
export type HopName =
  | 'listener'
  | 'zone'
  | 'balancer-egress'
  | 'acl-balancer-out'
  | 'acl-target-in'
  | 'target-ingress'
  | 'instance-state'
  | 'target-egress' // of the flow `return` only
  | 'acl-target-out'
  | 'acl-balancer-in';

/** One hop's verdict, with what decided it. */
export interface HopVerdict {
  readonly hop: HopName;
  readonly verdict: Verdict;
  /** The very rule or entry that decided (`sgr-…`, `acl-… #100 deny`), when one did. */
  readonly decidedBy?: string;
  /** Present unless the hop passes. */
  readonly finding?: Finding;
  /** What was not looked at and might, once read, turn this verdict or complete its remedy. */
  readonly wants?: Wants;
  /** What rules would have to admit, of a security group's hop that blocks. */
  readonly lacks?: Lack;
  /** What is to be said once rules admit all that: of a security group's hop that some doubt leaves open even then. */
  readonly stays?: Finding;
}

/** What rules would have to admit for a hop to pass. */
export interface Lack {
  /** Whether naming a group of the other side helps; `unsure` where routes are not known, which may lead through a middlebox. */
  readonly group: 'helps' | 'unsure' | 'none';
  /** Blocks to be admitted one by one where no group can be named: an interface's address, or what a tag says; in order. */
  readonly cidrs: readonly string[];
  /** Whether the blocks are the clients' (`usher:client-cidrs`) and not the balancer's own. */
  readonly ofClients: boolean;
}

/** A subnet whose route table is asked for, with its VPC: the main table guards what has none of its own. */
export interface RoutedSubnet {
  readonly subnetId: string;
  readonly vpcId: string;
}

/** Things to read before judging again; a thing once read, or found unreadable, is not wanted again. */
export interface Wants {
  readonly subnetIds: readonly string[];
  readonly prefixListIds: readonly string[];
  /** Balancers whose own interfaces are wanted. */
  readonly balancers: readonly LoadBalancer[];
  /** Target groups of which it is wanted whether their targets see the clients' addresses. */
  readonly preservationArns: readonly string[];
  /** Balancers of which it is wanted whether an endpoint service leads to them. */
  readonly endpointServiceArns: readonly string[];
  readonly routed: readonly RoutedSubnet[];
  readonly vpcIds: readonly string[];
}

/** A flow judged: `blocked` if any hop blocks, else `unknown` if any is unknown, else `passes`. All its hops are listed. */
export interface Judgement {
  readonly flow: Flow;
  readonly verdict: Verdict;
  readonly hops: readonly HopVerdict[];
}

/** A rule that would open a blocked path: exactly one protocol, one port, one peer. */
export interface ProposedRule {
  readonly groupId: string;
  readonly vpcId: string;
  readonly direction: RuleDirection;
  readonly protocol: FlowProtocol;
  readonly port: number;
  readonly peer: RulePeer;
  /** Seats that need it, in key order. */
  readonly seats: readonly Seat[];
}

/** What the engine would write, and what it can't. */
export interface Repair {
  /** In a stable order; equal inputs give equal repairs. */
  readonly rules: readonly ProposedRule[];
  /** Rules that would help but must not be written by Usher (default group, widely worn group, full group …). */
  readonly proposals: readonly { readonly rule: ProposedRule; readonly finding: Finding }[];
  /** Findings about seats that stay blocked or unknown, or about "only the balancer"; `seat` as `targetGroupArn|targetKey`. */
  readonly findings: readonly { readonly seat: string; readonly finding: Finding }[];
}
