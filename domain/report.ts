import type { Finding, Severity } from './finding.ts';
import type { RuleDirection, Verdict } from './network/model.ts';
import type { TargetState } from './target.ts';

/** A resource as people know it: its name first, its id for looking it up. Plain text from outside, not yet escaped. */
export interface Named {
  readonly name: string;
  readonly id: string;
}

/** A target as people know it. */
export interface ReportedTarget {
  /** The instance's `Name` tag, else its id, else the address. */
  readonly name: string;
  readonly instanceId: string | undefined;
  readonly port: number;
  readonly availabilityZone: string | undefined;
}

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
  | { readonly kind: 'target-registered'; readonly port: number; readonly count: number };

/** Health of the whole group at the time of the report. `healthy` of `total` registered targets that are not leaving. */
export interface GroupHealth {
  readonly healthy: number;
  readonly total: number;
}

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
  /** The network's verdict on a fresh look; `passes` points the reader at the application. */
  readonly network: Verdict;
  /** Ranked, the likeliest cause first. */
  readonly findings: readonly Finding[];
  readonly changes: readonly ReportedChange[];
  /** Seconds between further looks, or `undefined` when this was the last one. */
  readonly looksAgainEverySeconds: number | undefined;
}

/** Instances that belong into a group and could not, or must not, be registered. */
export interface TargetsNotRegistered {
  readonly kind: 'targets-not-registered';
  readonly targetGroup: Named;
  readonly targets: readonly (ReportedTarget & { readonly findings: readonly Finding[] })[];
}

/** Tags that cannot mean what their writer meant. */
export interface ConfigurationFindings {
  readonly kind: 'configuration-findings';
  readonly subject: Named & { readonly type: 'target-group' | 'instance' };
  readonly findings: readonly Finding[];
}

export type ReportBody = TargetsInService | TargetsNotInService | TargetsNotRegistered | ConfigurationFindings;

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
}
