import type { Named } from '../named.ts';
import type { WithheldBecause } from '../permit.ts';
import type { SweepCaution } from './grounds.ts';
import type { NearLimit } from './limits.ts';
import type { NextEnd } from './next-ends.ts';

/** Targets of one group, by the names of the first few. */
export interface SweptTargets {
  readonly targetGroup: Named;
  readonly names: readonly string[];
  readonly count: number;
}

/** Why a target stays that seems to belong there no more: `StaysBecause` of `domain/seating/departures.ts`, which this can't import. */
type StaysBecause =
  | 'NotOurs'
  | 'Unreadable'
  | 'NotSeen'
  | 'AddressHeld'
  | 'ManyGoneAtOnce'
  | 'SelectorDoubtful'
  | 'LeftToItsOwner';

/** What was found and left as it is, by reason, with the names of the first few. */
export interface LeftAlone {
  readonly because: WithheldBecause | StaysBecause | 'RefusedByAws' | 'Blocked';
  readonly names: readonly string[];
  readonly count: number;
}

/** A rule of Usher's own that nobody needed. */
export interface SweptRule {
  readonly ruleId: string;
  readonly securityGroup: Named;
}

/** Why part of a sweep could not be looked at: what failed first, in AWS's words. */
export interface NotLookedAt {
  /** `0` when it could not even begin. */
  readonly targetGroups: number;
  readonly call: string;
  readonly code: string;
}

/** What a sweep found and did, over all it looked at. */
export interface SweepTally {
  readonly instances: number;
  readonly targetGroups: number;
  /** Registered by the sweep; by one that only looks, what it would register. */
  readonly registered: readonly SweptTargets[];
  readonly takenOut: readonly SweptTargets[];
  readonly rulesAdded: number;
  readonly rulesRemoved: readonly SweptRule[];
  /** Instances whose event never came: launched or gone within the hour, and still to be done. */
  readonly missedEvents: number;
  readonly leftAlone: readonly LeftAlone[];
  readonly limits: readonly NearLimit[];
  readonly notLookedAt: NotLookedAt | undefined;
}

/** What a sweep came to. */
export interface SweepEnded extends SweepTally {
  readonly kind: 'sweep-ended';
  /** `looked`: nothing was changed. */
  readonly mode: 'applied' | 'looked';
  /** Why it only looked. */
  readonly caution: SweepCaution | 'Paused' | undefined;
}

/** Once a week: short, what stands and why. */
export interface WeeklyStatus {
  readonly kind: 'weekly-status';
  readonly instances: number;
  readonly targetGroups: number;
  /** Since when every write is stopped, ISO 8601. */
  readonly pausedSince: string | undefined;
  readonly leftAlone: readonly LeftAlone[];
  /** Rules of Usher's own that nobody needs, and why they stay would be said beside them. */
  readonly unneededRules: number;
  /** Rules that are never proposed for removal (`usher:keep`); absent = none. */
  readonly keptRules?: number;
  /** Groups that dropped to report-only because a rule had to be put back; absent = none. */
  readonly stopped?: readonly Named[];
  /** Groups that Elastic Load Balancing made for Classic Load Balancers that are gone. */
  readonly unusedGroups: readonly Named[];
  /** What ends next of certificates and domains that were spoken of, the soonest first. */
  readonly nextEnds: readonly NextEnd[];
  readonly limits: readonly NearLimit[];
}

export type SweepReportBody = SweepEnded | WeeklyStatus;
