import type { Named } from '../named.ts';
import type { Extent, RuleSource } from './classify.ts';
import type { ProposedBecause } from './plan.ts';

/** A broader rule as people know it. */
export interface ClosedRule {
  readonly ruleId: string;
  readonly securityGroup: Named;
  /** `tcp`, `udp`, or `-1` for everything. */
  readonly protocol: string;
  /** `80`, `80-443`, or empty for all. */
  readonly ports: string;
  /** A CIDR block, a prefix list or a security group. */
  readonly peer: string;
}

/** A rule that is proposed to be closed or split. */
export interface ProposedClosing extends ClosedRule {
  readonly extent: Extent;
  readonly source: RuleSource;
  readonly because: ProposedBecause;
  /** Ports that its targets are asked on and it lets through; never empty. */
  readonly asked: readonly number[];
  /** The first few targets that it lets others to, and how many they are. */
  readonly names: readonly string[];
  readonly count: number;
  /** How many of them have a public address; absent when that was not told. */
  readonly publicCount?: number;
  /** Balancers that don't need it, the first few by name. */
  readonly balancers: readonly string[];
  readonly healthy: number;
  readonly total: number;
  /** The lines that would do it. */
  readonly lines: readonly string[];
}

/** Rules that nobody behind a balancer needs, for a person to say close or keep. Never empty. */
export interface ClosingProposed {
  readonly kind: 'closing-proposed';
  readonly rules: readonly ProposedClosing[];
  /** How long health is watched after a removal, in minutes. */
  readonly watchMinutes: number;
  /** When the offer ends, ISO 8601; absent where nothing can be pressed. */
  readonly until?: string;
}

/** Rules that were removed because policy lets Usher. Never empty. */
export interface RulesClosed {
  readonly kind: 'rules-closed';
  readonly rules: readonly ClosedRule[];
  readonly targetGroup: Named;
}

/** What came of a removal. */
export interface ClosingEnded {
  readonly kind: 'closing-ended';
  readonly how:
    | 'stands' // health held
    | 'unclear' // it fell while targets came or a deployment ran: nothing was put back
    | 'put-back'
    | 'not-put-back' // it was to be, and AWS refused
    | 'not-removed'; // AWS refused the removal itself
  readonly rule: ClosedRule;
  /** Groups that dropped to report-only, or whose health fell. */
  readonly groups: readonly Named[];
  /** Targets that fell, the first few by key, and how many. */
  readonly fell: readonly string[];
  readonly fellCount: number;
  /** AWS's code of a refusal. */
  readonly code?: string;
  /** The line that puts it back, where Usher could not or did not. */
  readonly line?: string;
}

export type ClosingReportBody = ClosingProposed | RulesClosed | ClosingEnded;
