import type { Block, Decision } from './acl.ts';
import type { HopName, NetworkAcl } from './model.ts';
import type { Place } from './places.ts';
import type { PortRange } from './ports.ts';

export type AclHopName = Extract<HopName, `acl-${string}`>;

/** One hop between one of the places a flow comes from and the target's subnet. */
export interface Crossing {
  readonly hop: AclHopName;
  readonly egress: boolean;
  /** Whose addresses are asked about, at the target; at the balancer it is the target's one address. */
  readonly place: Place | undefined;
  /** The subnet whose ACL is asked. */
  readonly subnetId: string;
  readonly ports: PortRange;
  /** The other side, as blocks and as text for people. */
  readonly asked: readonly Block[];
  readonly peerCidrs: readonly string[];
}

/** What one crossing came to. */
export type Crossed =
  | { readonly verdict: 'passes'; readonly deciders: readonly string[] }
  | {
      readonly verdict: 'blocked' | 'unknown';
      readonly because: 'Denied' | 'Doubt' | 'PartOfBalancer' | 'AclUnread' | 'AclMalformed';
      readonly crossing: Crossing;
      readonly acl: NetworkAcl | undefined;
      readonly denied: readonly Decision[];
    };

export type NotCrossed = Exclude<Crossed, { verdict: 'passes' }>;

/** The entry that AWS closes every ACL with (facts 3.4). */
const CLOSING_NUMBER = 32_767;

/** An entry's number as the console shows it: the closing deny is `*`. */
export const entryNumber = (ruleNumber: number | undefined): string =>
  ruleNumber === undefined || ruleNumber >= CLOSING_NUMBER ? '*' : String(ruleNumber);

/** `acl-… #100 allow` */
export const entryText = (acl: NetworkAcl, { entry }: Decision): string =>
  `${acl.networkAclId} #${entryNumber(entry?.ruleNumber)} ${entry?.action ?? 'deny'}`;
