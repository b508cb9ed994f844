/** Kinds of things whose change can explain why a target is not reached, or that a group's members differ. */
export type TouchedKind =
  | 'security-group'
  | 'security-group-rule'
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
  /** By what means, where the record tells; `usher` is Usher's own terminal, used with somebody's own credentials. */
  readonly via: 'console' | 'cli' | 'cloudformation' | 'terraform' | 'service' | 'usher' | undefined;
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
 * Whether Usher made the change itself, in its own account: by a role whose name begins as CloudFormation names the roles of
 * the stage's stack, or by its terminal, which writes the same ledger under somebody's own name.
 */
export const isOwnCall = (
  { by }: Pick<RecentChange, 'by'>,
  own: { readonly account: string; readonly roleNamePrefix: string },
): boolean =>
  by.account === own.account && (by.via === 'usher' || (by.roleName?.startsWith(own.roleNamePrefix) ?? false));

/** Roles that AWS's services bring along begin so: Auto Scaling's, ECS's, Elastic Load Balancing's own. @see IAM user guide, "Create a service-linked role" */
const SERVICE_LINKED = 'AWSServiceRoleFor';

const REMOVALS_OF_TARGETS: ReadonlySet<string> = new Set(['DeregisterTargets', 'DeregisterInstancesFromLoadBalancer']);

const REMOVALS_OF_RULES: ReadonlySet<string> = new Set([
  'RevokeSecurityGroupIngress',
  'RevokeSecurityGroupEgress',
  'ModifySecurityGroupRules',
]);

const MEMBERSHIP: ReadonlySet<string> = new Set([
  ...REMOVALS_OF_TARGETS,
  'RegisterTargets',
  'RegisterInstancesWithLoadBalancer',
]);

/** Nothing that Usher judges or repairs reads routes; who changed one is worth knowing all the same. */
const ROUTES: ReadonlySet<string> = new Set([
  'CreateRoute',
  'ReplaceRoute',
  'DeleteRoute',
  'AssociateRouteTable',
  'DisassociateRouteTable',
  'ReplaceRouteTableAssociation',
]);

/** What a change by somebody asks of us. */
export type Regard =
  /** Made by Usher itself. */
  | 'own'
  /** What AWS's services do all day: neither looked at nor kept. */
  | 'routine'
  /** Kept, so that it can be said who did it; the next sweep sees what it did. */
  | 'kept'
  /** Kept, and what it touched is looked at soon. */
  | 'looked-at';

/**
 * What a change asks of us. A service that puts its instances in and takes them out (Auto Scaling, ECS; CodeDeploy in the midst
 * of a deployment) wakes nobody: its instances come with events of their own, and what stays out is found by the sweep.
 */
export const regardOf = (
  change: Pick<RecentChange, 'action' | 'by'>,
  own: { readonly account: string; readonly roleNamePrefix: string },
): Regard => {
  const { action, by } = change;
  if (isOwnCall(change, own)) return 'own';
  if (by.roleName?.startsWith(SERVICE_LINKED)) return REMOVALS_OF_TARGETS.has(action) ? 'kept' : 'routine';
  if (ROUTES.has(action) || (by.via === 'service' && MEMBERSHIP.has(action))) return 'kept';
  return 'looked-at';
};

/** What was taken away: a target, by its instance where it has one, or a rule, by its id where that is known. */
export type TakenAway =
  | { readonly kind: 'target'; readonly instanceId: string }
  | { readonly kind: 'rule'; readonly ruleId: string | undefined };

/** CloudTrail's clock has whole seconds. */
const CLOCK_MILLISECONDS = 1_000;

/**
 * The change by which something was taken away since then, the latest where there are several; `undefined` when none of these
 * tells, or several people may have.
 * @param changes those that touched the group it was in, oldest first
 */
export const removalAmong = (
  changes: readonly RecentChange[],
  what: TakenAway,
  since: Date,
): RecentChange | undefined => {
  const actions = what.kind === 'target' ? REMOVALS_OF_TARGETS : REMOVALS_OF_RULES;
  const kind: TouchedKind = what.kind === 'target' ? 'instance' : 'security-group-rule';
  const id = what.kind === 'target' ? what.instanceId : what.ruleId;
  const removals = changes.filter(
    ({ action, at }) => actions.has(action) && at.getTime() + CLOCK_MILLISECONDS > since.getTime(),
  );
  const named = ({ touched }: RecentChange) => touched.filter((one) => one.kind === kind);
  const exact = removals.filter((each) => named(each).some((one) => one.id === id));
  if (exact.length > 0) return exact.at(-1);
  // Calls that name rules by what they admit, or targets by address, don't tell which: sure only where one person made them all.
  const unnamed = removals.filter((each) => named(each).length === 0);
  return new Set(unnamed.map(({ by }) => by.name)).size === 1 ? unnamed.at(-1) : undefined;
};
