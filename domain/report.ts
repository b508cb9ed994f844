import type { AlarmReportBody } from './alarms/report.ts';
import type { Answer } from './answer.ts';
import type { GoneBecause } from './change.ts';
import type { ClosingReportBody } from './closing/report.ts';
import type { CodeSnippets } from './code-snippets/code-snippets.ts';
import type { CompanionSide } from './companion/side.ts';
import type { DiagnosisReportBody } from './diagnosis/report.ts';
import type { ExpiryReportBody } from './expiry/report.ts';
import type { Finding, Severity } from './finding.ts';
import type { PathFinding } from './invalidation/paths.ts';
import type { PriceLine } from './invalidation/price.ts';
import type { ConfirmationReason, QueuedBecause } from './invalidation/request.ts';
import type { Named } from './named.ts';
import type { RuleDirection, Verdict } from './network/model.ts';
import type { ButtonVerb } from './order.ts';
import type { ChangedBy } from './recent-change.ts';
import type { GroupHealth, ImageDifference, ReportedTarget, WithoutHealthy } from './reported.ts';
import type { SweepReportBody } from './sweep/report.ts';
import type { TargetState } from './target.ts';

export type { Named } from './named.ts';
export type { GroupHealth, ImageDifference, ReportedTarget, WithoutHealthy } from './reported.ts';

/** One write that was made, for the line that says what changed. */
export type ReportedChange =
  | {
      readonly kind: 'rule-added';
      readonly securityGroup: Named;
      readonly direction: RuleDirection;
      readonly protocol: string;
      readonly port: number;
      /** The other side: a security group by name and id, else a CIDR or prefix list (name = id). */
      readonly peer: Named;
      readonly ruleId: string | undefined;
    }
  /** Without a port of its own where a Classic balancer's listeners say it. */
  | { readonly kind: 'target-registered'; readonly port: number | undefined; readonly count: number };

/** Targets that Usher seated, or whose path it opened, answer their balancer's health check. */
export interface TargetsInService {
  readonly kind: 'targets-in-service';
  readonly targetGroup: Named;
  readonly targets: readonly (ReportedTarget & { readonly healthyAfterSeconds: number })[];
  readonly health: GroupHealth;
  readonly changes: readonly ReportedChange[];
  /** Things worth knowing that did not stop it, such as `BalancerGroupShared`. */
  readonly findings: readonly Finding[];
  /** Whether an earlier report said that these were not in service. */
  readonly recovered: boolean;
  readonly imageDiffers?: ImageDifference;
  /** Who launched them, where one and the same did and it is known. */
  readonly launchedBy?: string;
}

/** Targets are registered and do not answer; with the cause as far as it is known. */
export interface TargetsNotInService {
  readonly kind: 'targets-not-in-service';
  readonly targetGroup: Named;
  readonly targets: readonly (ReportedTarget & {
    readonly state: TargetState | 'not-registered';
    readonly reason: string | undefined;
    readonly description: string | undefined;
    readonly sinceSeconds: number;
  })[];
  readonly health: GroupHealth;
  /** What its balancer does where no target is healthy, if not send to all of them. */
  readonly withoutHealthy?: WithoutHealthy;
  /** The network's verdict on a fresh look; `passes` points the reader at the application. */
  readonly network: Verdict;
  /** Ranked, the likeliest cause first. */
  readonly findings: readonly Finding[];
  readonly changes: readonly ReportedChange[];
  /** Seconds between further looks, or `undefined` when this was the last one. */
  readonly looksAgainEverySeconds: number | undefined;
  readonly launchedBy?: string;
}

/** Instances that belong into a group and could not, or must not, be registered. */
export interface TargetsNotRegistered {
  readonly kind: 'targets-not-registered';
  readonly targetGroup: Named;
  readonly targets: readonly (ReportedTarget & { readonly findings: readonly Finding[] })[];
}

/** Why a target was taken out. */
export type TakenOutBecause = GoneBecause | 'NotDesired';

/** Targets that Usher took out of a group by itself. */
export interface TargetsTakenOut {
  readonly kind: 'targets-taken-out';
  readonly targetGroup: Named;
  readonly targets: readonly (ReportedTarget & { readonly because: TakenOutBecause })[];
  readonly health: GroupHealth;
}

/** Targets that seem to belong in a group no more, and could not, or must not, be taken out. */
export interface TargetsNotTakenOut {
  readonly kind: 'targets-not-taken-out';
  readonly targetGroup: Named;
  readonly targets: readonly (ReportedTarget & { readonly findings: readonly Finding[] })[];
}

/** A rule of ours that somebody removed. */
export interface HeldRule {
  readonly securityGroup: Named;
  readonly direction: RuleDirection;
  readonly protocol: string;
  readonly port: number;
  /** The other side: a security group by name and id, else a CIDR or prefix list (name = id). */
  readonly peer: Named;
  readonly ruleId: string | undefined;
}

/** Who took something away, and when. */
export interface Doer {
  /** As CloudTrail has it. From outside: to be escaped. */
  readonly name: string;
  readonly via: ChangedBy['via'];
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** What Usher had put in place and others took away: it stays away until a person says otherwise. */
export interface HeldByOthers {
  readonly kind: 'held-by-others';
  readonly targetGroup: Named;
  /** Targets that were taken out. */
  readonly targets: readonly ReportedTarget[];
  readonly rules: readonly HeldRule[];
  /** Targets that were reached by those rules. */
  readonly behindRules: readonly ReportedTarget[];
  readonly doer: Doer | undefined;
  /** The line by which a person puts the first target back without Usher. */
  readonly remedy: string | undefined;
  /** Whether it was said before, and only who did it is new. */
  readonly isFollowUp: boolean;
  /** The rules as code, where code keeps their security group: Usher writes there no more. */
  readonly code?: CodeSnippets;
}

/** A security group of Usher's own that would be the way out where others wear what a rule must name, or go into. */
export interface CompanionProposed {
  readonly kind: 'companion-proposed';
  readonly side: CompanionSide;
  /** `BalancerGroupShared`: rules can't name the balancer alone. The others: a rule would open too much. */
  readonly because: 'BalancerGroupShared' | 'DefaultGroup' | 'WornByOthers';
  readonly groupName: string;
  readonly loadBalancer: Named;
  readonly targetGroup: Named;
  /** The group that others wear. */
  readonly securityGroup: Named;
  /** Interfaces of others that wear it. */
  readonly interfaces: number;
  /** On the targets' side: who would wear the new one. */
  readonly targets: readonly ReportedTarget[];
}

/** Somebody took a companion group off its balancer: it stays off. */
export interface CompanionDetached {
  readonly kind: 'companion-detached';
  readonly securityGroup: Named;
  readonly loadBalancer: Named;
  /** What the balancer wears now, for the line that puts the group back. */
  readonly worn: readonly string[];
}

/** A companion group that nothing needs, and AWS doesn't let go. */
export interface CompanionNotRemoved {
  readonly kind: 'companion-not-removed';
  readonly securityGroup: Named;
  readonly loadBalancer: Named;
  readonly code: string;
}

/** Tags that cannot mean what their writer meant. */
export interface ConfigurationFindings {
  readonly kind: 'configuration-findings';
  readonly subject: Named & { readonly type: 'target-group' | 'instance' };
  readonly findings: readonly Finding[];
}

/** Who asked for an invalidation, as far as a message needs it. */
export type AskedBy =
  | { readonly kind: 'person'; readonly userId: string }
  | { readonly kind: 'pipeline'; readonly source: string; readonly idempotencyKey: string };

/** What an invalidation is about. */
interface OfInvalidation {
  /** The distribution or tenant: an alias, else its CloudFront domain, and its id. */
  readonly place: Named;
  /** The first few of the paths and tags; `pathCount` counts all. */
  readonly paths: readonly string[];
  readonly pathCount: number;
}

/** CloudFront says of an invalidation that it is done. One report for all who asked and listen at the same destination. */
export interface InvalidationCompleted extends OfInvalidation {
  readonly kind: 'invalidation-completed';
  readonly invalidationId: string;
  readonly durationSeconds: number;
  readonly askedBy: readonly AskedBy[];
  /** Paths that Usher sent in this calendar month (UTC), these included; the account's first 1,000 are free. */
  readonly pathsThisMonth: number;
}

/** An invalidation that was not made, or of which no end could be seen. */
export interface InvalidationFailed extends OfInvalidation {
  readonly kind: 'invalidation-failed';
  readonly askedBy: AskedBy;
  /** AWS's code, or one of ours (`FailureCode` in domain/invalidation/request.ts). */
  readonly code: string;
  readonly message: string;
  /** What is wrong with the paths, when that is the reason. */
  readonly findings: readonly PathFinding[];
  /** Stored plan that asks for the same once more. */
  readonly retryPlanId: string | undefined;
}

/** CloudFront has not finished after two hours. */
export interface InvalidationStillRunning extends OfInvalidation {
  readonly kind: 'invalidation-still-running';
  readonly invalidationId: string;
  readonly sinceSeconds: number;
  readonly askedBy: readonly AskedBy[];
}

/** A request has to wait. Said once a request. */
export interface InvalidationQueued extends OfInvalidation {
  readonly kind: 'invalidation-queued';
  readonly askedBy: AskedBy;
  /** 1 is the next to be sent. */
  readonly position: number;
  readonly because: QueuedBecause;
}

/** An invalidation that waits for a yes, with the plans that the answer's buttons hold. */
export interface ConfirmationWanted extends OfInvalidation {
  readonly kind: 'confirmation-wanted';
  readonly askedBy: AskedBy;
  /** Why it is asked; never empty. */
  readonly because: readonly ConfirmationReason[];
  readonly price: PriceLine;
  readonly findings: readonly PathFinding[];
  /** One button each; all of the verb `approve`. `when-deployed` and `now` stand beside each other. */
  readonly choices: readonly { readonly label: 'run' | 'now' | 'when-deployed'; readonly planId: string }[];
}

/** What came of an order, said in the channel because Slack took no more answers to the order itself. */
export interface OrderAnswered {
  readonly kind: 'order-answered';
  readonly answer: Answer;
}

/** What a button is about, so that its words can name it. */
export type ButtonObject =
  /** The first few names, and how many there are. */
  | {
      readonly kind: 'targets';
      readonly names: readonly string[];
      readonly count: number;
      /** They are to be taken out; absent, they are to be registered. */
      readonly leaving?: true;
      /** Of the change in a list. */
      readonly number?: number;
    }
  | { readonly kind: 'cache'; readonly when: 'run' | 'now' | 'when-deployed' }
  | { readonly kind: 'matter'; readonly seconds: number }
  /** Rules of Usher's that somebody removed. */
  | { readonly kind: 'rule'; readonly count: number }
  /** Alarms that are offered. */
  | { readonly kind: 'alarms'; readonly count: number }
  /** Rules that a target group lacks. */
  | { readonly kind: 'missing-rule'; readonly count: number }
  /** Rules that let more than the balancer to targets, on these ports. */
  | { readonly kind: 'closing'; readonly ports: readonly number[]; readonly count: number }
  /** A companion group. */
  | { readonly kind: 'companion'; readonly side: CompanionSide }
  /** What a sweep would change. */
  | { readonly kind: 'sweep'; readonly count: number }
  /** Quiet until then, ISO 8601 in UTC. */
  | { readonly kind: 'until'; readonly at: string }
  /** What the report speaks of, to be looked at out of turn. */
  | { readonly kind: 'look' };

/** A press that a report offers. It holds the id of a stored plan, never what the plan holds. */
export interface Button {
  readonly verb: ButtonVerb;
  readonly planId: string;
  readonly object: ButtonObject;
}

export type ReportBody =
  | TargetsInService
  | TargetsNotInService
  | TargetsNotRegistered
  | TargetsTakenOut
  | TargetsNotTakenOut
  | ConfigurationFindings
  | HeldByOthers
  | CompanionProposed
  | CompanionDetached
  | CompanionNotRemoved
  | InvalidationCompleted
  | InvalidationFailed
  | InvalidationStillRunning
  | InvalidationQueued
  | ConfirmationWanted
  | OrderAnswered
  | ExpiryReportBody
  | SweepReportBody
  | ClosingReportBody
  | DiagnosisReportBody
  | AlarmReportBody;

/**
 * Something Usher says. Only data: the words, in English or Japanese, are chosen where it is rendered.
 * JSON-safe, because it travels through a queue.
 */
export interface Report {
  /** Equal keys are one report: a second one is not delivered. At most 128 characters from `A-Za-z0-9` and punctuation. */
  readonly key: string;
  /** What it belongs to, so that follow-ups can thread or edit. */
  readonly matter: string;
  /** Name of one of the stage's Slack destinations. */
  readonly destination: string;
  readonly severity: Severity;
  /** Moment it speaks of, ISO 8601 in UTC. */
  readonly at: string;
  readonly stage: string;
  readonly region: string;
  readonly account: string;
  readonly body: ReportBody;
  /** What can be ordered about it, most wanted first. */
  readonly buttons?: readonly Button[];
}
