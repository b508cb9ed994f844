import type { Finding } from '../finding.ts';
import type { Named } from '../named.ts';
import type { RuleDirection, Verdict } from '../network/model.ts';
import type { GroupHealth, ReportedTarget } from '../reported.ts';
import type { TargetState } from '../target.ts';
import type { Deploy } from './evidence.ts';
import type { Symptom } from './subject.ts';

/** What visitors notice. */
export type Effect =
  | { readonly kind: 'none' } // others carry the traffic
  | { readonly kind: 'down'; readonly code: '502' | '503' | '504' | undefined }
  | { readonly kind: 'fail-open' } // no target is healthy, all get requests all the same
  | { readonly kind: 'partly'; readonly zones: readonly string[] } // whoever enters by these zones
  | { readonly kind: 'errors'; readonly code: '502' | '503' | '504' | undefined } // some requests fail, targets are healthy
  | { readonly kind: 'slow' } // answers come late
  | { readonly kind: 'unused' } // no listener uses the group
  | { readonly kind: 'unknown' };

/** A change that may be the cause, by whomever. Names from outside. */
export interface ToldChange {
  readonly what: string;
  readonly subject: Named;
  readonly by: string | undefined;
  readonly via: string | undefined;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Usher's own. */
  readonly isOurs: boolean;
}

/** An alarm about targets, explained: message D. */
export interface AlarmExplained {
  readonly kind: 'alarm-explained';
  readonly alarm: string;
  readonly symptom: Symptom;
  /** Host names that visitors use, as far as listeners and certificates tell; the balancer's name otherwise. */
  readonly site: string | undefined;
  readonly targetGroup: Named | undefined;
  readonly loadBalancer: Named | undefined;
  readonly targets: readonly (ReportedTarget & { readonly state: TargetState; readonly reason: string | undefined })[];
  readonly health: GroupHealth | undefined;
  /** ISO 8601 in UTC. */
  readonly since: string;
  readonly effect: Effect;
  /** Ranked, the likeliest cause first; empty when nothing was found amiss. */
  readonly findings: readonly Finding[];
  readonly network: Verdict;
  readonly changes: readonly ToldChange[];
  readonly deploy: (Omit<Deploy, 'since'> & { readonly since: string }) | undefined;
  /** The rules a press on the button would add. */
  readonly fix: {
    readonly securityGroup: Named;
    readonly direction: RuleDirection;
    readonly peer: Named;
    readonly protocol: string;
    readonly port: number;
  }[];
  /** A rule like the one that is missing, and when an earlier look saw it; absent where none did. */
  readonly existed?: { readonly ruleId: string; readonly at: string } | undefined;
  /** Whether CloudTrail may still tell who changed what. */
  readonly awaitsTrail: boolean;
  /** Times that it began since it was first told of; from the second on it is told that it is back again. */
  readonly timesRaised: number;
}

/** Who changed what, told minutes later in the same thread. */
export interface ChangeTold {
  readonly kind: 'change-told';
  readonly alarm: string;
  readonly changes: readonly ToldChange[];
}

/** The end of an incident. */
export interface AlarmRecovered {
  readonly kind: 'alarm-recovered';
  readonly alarm: string;
  readonly targetGroup: Named | undefined;
  readonly health: GroupHealth | undefined;
  /** From the first alarm to the last end. */
  readonly downSeconds: number;
  /** Whether nobody was served in that time, as it was told. */
  readonly wasDown: boolean;
  /** Alarms of the story that are no more: whether all is well, they don't tell. */
  readonly alarmsGone: readonly string[];
  /** Times that it began; more than one where it came and went. */
  readonly timesRaised: number;
  readonly changes: readonly ToldChange[];
}

export type DiagnosisReportBody = AlarmExplained | ChangeTold | AlarmRecovered;
