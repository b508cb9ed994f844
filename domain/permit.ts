import type { Change } from './change.ts';
import { changeKey, isOfCompanion, targetChangeKey } from './change.ts';
import { isInstanceId } from './instance.ts';
import type { SecurityGroup } from './network/model.ts';
import type { Reading } from './reading.ts';
import type { Policy, Stage } from './stage.ts';
import { lowerPolicy, POLICIES } from './stage.ts';
import type { Tags } from './tags.ts';
import { isTagTrue, tagValue, USHER_TAG } from './tags.ts';

/** Why a planned change is not made now. */
export type WithheldBecause =
  | 'Paused' // a person stopped every write
  | 'OutsideVpcs' // not in one of the stage's VPCs
  | 'OtherStage' // the group belongs to another stage
  | 'Ignored' // usher:ignore on something it concerns
  | 'NotReady' // the group waits for what usher:ready asks for
  | 'ReportOnly'
  | 'Ask'
  | 'Held' // we once put it there and somebody took it away
  | 'Leaving' // AWS is about to take the instance away, so we took it out
  | 'TooManyAdditions'
  | 'BelowFloor' // fewer healthy targets would be left than the group must keep
  | 'TooManyRemovals' // as many were taken out within the hour as may be, of this group or of the stage
  | 'ManagedByCode' // the security group is kept by CloudFormation or another tool
  | 'SecurityGroupUnreadable'
  | 'NotOurs' // removal of something we did not put there
  | 'Kept' // usher:keep
  | 'NotWorldOpen'; // only 0.0.0.0/0 and ::/0 on exactly the port are ever removed unattended

/** Everything permitting looks at besides the changes. Read before, passed in as values. */
export interface PermitContext {
  readonly stage: Stage;
  /** Whether a person stopped every write; absent = no. */
  readonly isPaused?: boolean;
  readonly targetGroupTags: ReadonlyMap<string, Tags>;
  readonly instanceTags: ReadonlyMap<string, Tags>;
  readonly securityGroups: ReadonlyMap<string, Reading<SecurityGroup>>;
  /** Tags of the rules that would be revoked, by rule id. */
  readonly ruleTags: ReadonlyMap<string, Tags>;
  /** Change keys of what we put in place and nobody undid through us: found missing, it is held. */
  readonly heldKeys: ReadonlySet<string>;
  /** Change keys of what we took out ourselves because the instance is about to go; absent = none. */
  readonly leavingKeys?: ReadonlySet<string>;
  /** Change keys of registrations of instances that are not ready for their group yet; absent = none. */
  readonly unreadyKeys?: ReadonlySet<string>;
  /** Security groups kept by code whose owner took a rule of ours out: nothing is written there any more; absent = none. */
  readonly leftToCode?: ReadonlySet<string>;
  /** Groups that dropped to report-only because a removal of a rule had to be put back; absent = none. */
  readonly stoppedGroups?: ReadonlySet<string>;
  /** Change keys of registrations, or of their undoing, that a person said yes to; absent = none. */
  readonly approvedKeys?: ReadonlySet<string>;
}

/** The plan, divided. `permitted` and `withheld` together are the plan. */
export interface Permission {
  readonly permitted: readonly Change[];
  readonly withheld: readonly { readonly change: Change; readonly because: WithheldBecause }[];
}

/** The policy in force for a group: the lower of its tag (else the stage's default) and the stage's maximum. An unreadable tag narrows to report-only. */
export const effectivePolicy = (groupTags: Tags, stage: Stage): Policy => {
  const written = tagValue(groupTags, USHER_TAG.policy)?.trim().toLowerCase();
  if (written === undefined) return lowerPolicy(stage.defaultPolicy, stage.maximumPolicy);
  return lowerPolicy(POLICIES.find((policy) => policy === written) ?? 'report-only', stage.maximumPolicy);
};

const isAddition = (change: Change): boolean => change.kind === 'register-target' || change.kind === 'authorize-rule';

const inScope = (change: Change, { stage, targetGroupTags }: PermitContext): WithheldBecause | undefined => {
  if (stage.vpcIds !== 'all' && !stage.vpcIds.includes(change.vpcId)) return 'OutsideVpcs';
  const owner = tagValue(targetGroupTags.get(change.targetGroupArn) ?? {}, USHER_TAG.stage)?.trim();
  return owner !== undefined && owner !== stage.name ? 'OtherStage' : undefined;
};

const tagsOfRule = (change: Change, { ruleTags }: PermitContext): Tags =>
  (change.kind === 'revoke-rule' ? ruleTags.get(change.ruleId) : undefined) ?? {};

const concernedTags = (change: Change, context: PermitContext): readonly Tags[] => {
  const group = context.targetGroupTags.get(change.targetGroupArn) ?? {};
  if (change.kind === 'register-target' || change.kind === 'deregister-target')
    return [group, context.instanceTags.get(change.instanceId) ?? {}];
  if (isOfCompanion(change)) return [group];
  const securityGroup = context.securityGroups.get(change.groupId);
  const rule = tagsOfRule(change, context);
  return securityGroup?.kind === 'read' ? [group, rule, securityGroup.value.tags] : [group, rule];
};

const ignored = (change: Change, context: PermitContext): WithheldBecause | undefined =>
  concernedTags(change, context).some((tags) => isTagTrue(tags, USHER_TAG.ignore)) ? 'Ignored' : undefined;

const unready = (change: Change, { unreadyKeys }: PermitContext): WithheldBecause | undefined =>
  change.kind === 'register-target' && unreadyKeys?.has(changeKey(change)) === true ? 'NotReady' : undefined;

const byPolicy = (
  change: Change,
  { stage, targetGroupTags, stoppedGroups }: PermitContext,
): WithheldBecause | undefined => {
  if (stoppedGroups?.has(change.targetGroupArn) === true) return 'ReportOnly';
  switch (effectivePolicy(targetGroupTags.get(change.targetGroupArn) ?? {}, stage)) {
    case 'report-only':
      return 'ReportOnly';
    case 'ask':
      return 'Ask';
    case 'add-only':
      return change.kind === 'revoke-rule' && change.ownership === 'foreign' ? 'NotOurs' : undefined;
    case 'apply-all':
      return undefined;
  }
};

/** Whether tags say that code keeps the resource: CloudFormation's own, or one of the stage's `managedByTags` (`Key` or `Key=value`). */
export const isManagedByCode = (tags: Tags, managedByTags: readonly string[]): boolean =>
  Object.keys(tags).some((key) => key.startsWith('aws:cloudformation:')) ||
  managedByTags.some((entry) => {
    const [key = '', ...value] = entry.split('=');
    const held = tagValue(tags, key);
    return held !== undefined && (value.length === 0 || held === value.join('='));
  });

const bySecurityGroup = (change: Change, { stage, securityGroups }: PermitContext): WithheldBecause | undefined => {
  if (change.kind !== 'authorize-rule' && change.kind !== 'revoke-rule') return undefined;
  const securityGroup = securityGroups.get(change.groupId);
  if (securityGroup?.kind !== 'read') return 'SecurityGroupUnreadable';
  if (!isManagedByCode(securityGroup.value.tags, stage.managedByTags)) return undefined;
  if (change.kind === 'authorize-rule') return stage.iacAdditions === 'propose' ? 'ManagedByCode' : undefined;
  return change.ownership === 'foreign' ? 'ManagedByCode' : undefined;
};

const byOwnership = (change: Change, context: PermitContext): WithheldBecause | undefined => {
  if (isAddition(change)) {
    if (context.leavingKeys?.has(changeKey(change))) return 'Leaving';
    return context.heldKeys.has(changeKey(change)) ? 'Held' : undefined;
  }
  // An address says nothing of the instance it was registered for: only what we registered ourselves is known.
  if (change.kind === 'deregister-target')
    return change.ours || (change.reason === 'InstanceGone' && isInstanceId(change.target.id)) ? undefined : 'NotOurs';
  // Whoever tags a rule of ours to be kept relies on it by now.
  if (isTagTrue(tagsOfRule(change, context), USHER_TAG.keep)) return 'Kept';
  if (change.kind !== 'revoke-rule' || change.ownership === 'ours') return undefined;
  return change.breadth === 'world-exactly-this-port' ? undefined : 'NotWorldOpen';
};

/** Whoever keeps a group by code and took a rule of ours out wants no other there; asked last, so that the rule itself is held. */
const byOwnerOfCode = (
  change: Change,
  { leftToCode, securityGroups, stage }: PermitContext,
): WithheldBecause | undefined => {
  if (change.kind !== 'authorize-rule' || leftToCode?.has(change.groupId) !== true) return undefined;
  const securityGroup = securityGroups.get(change.groupId);
  return securityGroup?.kind === 'read' && isManagedByCode(securityGroup.value.tags, stage.managedByTags)
    ? 'ManagedByCode'
    : undefined;
};

/** Nothing overrules a pause, not even a yes: it is let go first. */
const paused = (_: Change, { isPaused }: PermitContext): WithheldBecause | undefined =>
  isPaused === true ? 'Paused' : undefined;

/** The questions in order; the first that objects gives the reason. */
const OBJECTIONS = [paused, inScope, ignored, unready, byPolicy, bySecurityGroup, byOwnership, byOwnerOfCode] as const;

/** What a yes overrules: the wish to be asked. Scope, `usher:ignore`, report-only and what code keeps stand against it. */
const OVERRULED: ReadonlySet<WithheldBecause> = new Set(['Ask', 'Held', 'TooManyAdditions']);

/**
 * Whether a person said yes to the change. A yes to a target is a yes to the rules it is reached by, also to one that
 * somebody took away: what is asked for is a target that works, and the question says so.
 */
export const isYes = (change: Change, approvedKeys: ReadonlySet<string>): boolean =>
  change.kind === 'authorize-rule'
    ? change.targetKeys.some((key) => approvedKeys.has(targetChangeKey(change.targetGroupArn, key)))
    : change.kind !== 'revoke-rule' && approvedKeys.has(changeKey(change));

const isApproved = (change: Change, because: WithheldBecause, { approvedKeys }: PermitContext): boolean =>
  approvedKeys !== undefined && OVERRULED.has(because) && isYes(change, approvedKeys);

const objection = (change: Change, context: PermitContext): WithheldBecause | undefined => {
  for (const ask of OBJECTIONS) {
    const because = ask(change, context);
    if (because !== undefined && !isApproved(change, because, context)) return because;
  }
  return undefined;
};

/** Groups for which the plan newly adds more already running instances than the stage lets through unasked. */
const crowdedGroups = (changes: readonly Change[], stage: Stage): ReadonlySet<string> => {
  const counts = new Map<string, number>();
  for (const change of changes)
    if (change.kind === 'register-target' && !change.freshLaunch)
      counts.set(change.targetGroupArn, (counts.get(change.targetGroupArn) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > stage.maximumAdditions).map(([arn]) => arn));
};

/**
 * Divides a plan into what may be done now and what not, with the reason. A filter: it never changes a change, adds one,
 * or reorders them. Budgets of removals are taken afterwards, by conditional write, when a removal is applied.
 */
export const permit = (changes: readonly Change[], context: PermitContext): Permission => {
  const crowded = crowdedGroups(changes, context.stage);
  const judged = changes.map((change) => ({
    change,
    because:
      objection(change, context) ??
      (change.kind === 'register-target' &&
      !change.freshLaunch &&
      crowded.has(change.targetGroupArn) &&
      !isApproved(change, 'TooManyAdditions', context)
        ? ('TooManyAdditions' as const)
        : undefined),
  }));
  return {
    permitted: judged.flatMap(({ change, because }) => (because === undefined ? [change] : [])),
    withheld: judged.flatMap(({ change, because }) => (because === undefined ? [] : [{ change, because }])),
  };
};
