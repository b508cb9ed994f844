import type { Change } from './change.ts';
import type { CodeSnippets } from './code-snippets/code-snippets.ts';
import type { Finding } from './finding.ts';
import type { Matter } from './ledger.ts';
import type { Named } from './named.ts';
import type { Pause } from './pause.ts';
import type { LeftAlone } from './sweep/report.ts';
import type { SweepSlice } from './sweep/slices.ts';

/** A change that would be made, and what it is about in people's words. */
export interface PlannedChange {
  readonly change: Change;
  readonly matter: Matter;
}

/** Something that is not as tags ask for, and stays so. */
export interface LeftAsItIs {
  /** What is not done; `path`: a target's path stays blocked. */
  readonly what: Change['kind'] | 'path';
  readonly targetGroup: Named;
  /** The instance, target or security group. */
  readonly of: Named;
  /** `JustNow`: it was put there minutes ago and is not seen there, or is leaving still; another look decides. */
  readonly because: LeftAlone['because'] | 'JustNow';
  /** What stands in the way of a path. */
  readonly findings: readonly Finding[];
  /** Rules as text for whoever keeps the security group by code. */
  readonly code?: CodeSnippets;
}

/** Tags that can't mean what their writer meant, or an instance that can't be registered whatever the policy says. */
export interface PlanFinding {
  readonly subject: Named;
  /** The group it can't be registered in, for an instance. */
  readonly targetGroup: Named | undefined;
  readonly finding: Finding;
}

/** Everything that would be done to the whole fleet now, and what not. Only data: it can be printed and compared. */
export interface FleetPlan {
  readonly runId: string;
  readonly at: Date;
  readonly instances: number;
  readonly targetGroups: number;
  /** What was looked at, in the order it was. */
  readonly slices: readonly SweepSlice[];
  readonly changes: readonly PlannedChange[];
  readonly leftAsItIs: readonly LeftAsItIs[];
  readonly findings: readonly PlanFinding[];
  /** A person stopped every write. */
  readonly pause: Pause | undefined;
}

/**
 * Why something waits for a person or for time, as against what somebody decided to have so: that is no drift.
 */
const WAITING: ReadonlySet<LeftAsItIs['because']> = new Set<LeftAsItIs['because']>([
  'Paused',
  'ReportOnly',
  'Ask',
  'TooManyAdditions',
  'BelowFloor',
  'TooManyRemovals',
  'ManagedByCode',
  'SecurityGroupUnreadable',
  'Blocked',
]);

export const isWaiting = ({ because }: Pick<LeftAsItIs, 'because'>): boolean => WAITING.has(because);

/** Whether the fleet is other than its tags ask for, in anything that is not left to somebody else on purpose. */
export const isDrift = ({ changes, leftAsItIs }: Pick<FleetPlan, 'changes' | 'leftAsItIs'>): boolean =>
  changes.length > 0 || leftAsItIs.some(isWaiting);
