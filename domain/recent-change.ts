/** Kinds of things whose change can explain why a target is not reached, or that a group's members differ. */
export type TouchedKind =
  | 'security-group'
  | 'network-acl'
  | 'route-table'
  | 'subnet'
  | 'load-balancer'
  | 'classic-load-balancer'
  | 'listener'
  | 'target-group'
  | 'instance'
  | 'network-interface';

/** Something that a call named: by its id, its ARN, or (Classic balancers) its name. */
export interface Touched {
  readonly kind: TouchedKind;
  readonly id: string;
}

/** Who made a change, as CloudTrail has it. */
export interface ChangedBy {
  /** A person's or session's name, else the service's. From outside: to be escaped. */
  readonly name: string;
  /** The role that was assumed, when one was. */
  readonly roleName: string | undefined;
  readonly account: string | undefined;
  /** By what means, where the record tells. */
  readonly via: 'console' | 'cli' | 'cloudformation' | 'terraform' | 'service' | undefined;
}

/** One call that changed something which Usher looks at, as CloudTrail recorded it. */
export interface RecentChange {
  /** CloudTrail's own id of the record; the same call has it wherever it is told of. */
  readonly eventId: string;
  readonly at: Date;
  readonly service: 'ec2' | 'elasticloadbalancing';
  /** Such as `RevokeSecurityGroupIngress`. */
  readonly action: string;
  readonly by: ChangedBy;
  /** What the call named, the thing it changed among them; each once. */
  readonly touched: readonly Touched[];
}

/** How long changes are kept, so that a diagnosis can say who changed what: a day. */
export const RECENT_CHANGE_SECONDS = 86_400;

/**
 * Whether a stage of Usher's made the change itself: by a role whose name begins as CloudFormation names the roles of its
 * stack, in its own account.
 */
export const isOwnCall = (
  { by }: Pick<RecentChange, 'by'>,
  own: { readonly account: string; readonly roleNamePrefix: string },
): boolean => by.account === own.account && (by.roleName?.startsWith(own.roleNamePrefix) ?? false);
