import type { Verb } from './command.ts';
import type { Named } from './named.ts';
import type { MovedBecause, NotUndoneBecause } from './not-done.ts';
import type { AddedRule } from './stored-plan.ts';
import type { SweepCaution } from './sweep/grounds.ts';
import type { NearLimit } from './sweep/limits.ts';
import type { LeftAlone } from './sweep/report.ts';

/** What became of one group that a drained instance was in. Only `taken-out` changed anything. */
export interface DrainedGroup {
  readonly targetGroup: Named;
  readonly outcome:
    | { readonly kind: 'taken-out' }
    /** Somebody took it out before, or takes it out at this moment; it is held. */
    | { readonly kind: 'out-already' }
    | { readonly kind: 'stays'; readonly because: MovedBecause }
    | { readonly kind: 'not-taken-out'; readonly because: NotUndoneBecause };
}

/** Why a rule was not marked as one to keep. */
export type NotKeptBecause =
  | 'Paused'
  | 'ReportOnly' // the stage writes nothing at all
  | 'OutsideVpcs'
  | 'Ignored'
  | 'SecurityGroupGone'
  | { readonly kind: 'RefusedByAws'; readonly code: string };

/** One change of the last day, as a line of a list. */
export interface ListedChange {
  /** From 1, the newest; by it the list's reader names the change. */
  readonly number: number;
  readonly what:
    | 'registered'
    | 'taken-out'
    | 'rule-added'
    | 'rule-removed'
    | 'group-made'
    | 'group-put-on'
    | 'group-taken-off'
    | 'group-deleted';
  /** The target, or the rule's security group. */
  readonly name: string;
  readonly targetGroup: Named;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Stored plan of its button; `undefined` where it can't be undone, or is undone already. */
  readonly planId: string | undefined;
  readonly isUndone: boolean;
}

/** What a whole sweep saw last. */
export interface LastSweep {
  /** ISO 8601 in UTC. */
  readonly completedAt: string;
  readonly instances: number;
  readonly targetGroups: number;
  readonly leftAlone: readonly LeftAlone[];
  readonly limits: readonly NearLimit[];
}

/** What the verbs are answered with that stop, let go, take out, keep, undo, sweep, and say how things stand. */
export type VerbAnswer =
  | {
      readonly kind: 'paused';
      readonly byUserId: string;
      readonly reason: string | undefined;
      /** Since when it was paused before; then only who and why are new. ISO 8601 in UTC. */
      readonly pausedBefore: string | undefined;
    }
  /** It goes on, and a sweep looks at what was missed. */
  | { readonly kind: 'resumed'; readonly byUserId: string; readonly pausedSince: string }
  | { readonly kind: 'not-paused' }
  /** A group that had dropped to report-only may be written to again. */
  | { readonly kind: 'group-resumed'; readonly byUserId: string; readonly targetGroup: Named }
  /** No group of that name has dropped to report-only; those that have. */
  | { readonly kind: 'group-not-stopped'; readonly said: string; readonly stopped: readonly Named[] }
  | {
      readonly kind: 'drained';
      readonly byUserId: string;
      readonly instance: Named;
      /** Never empty. */
      readonly groups: readonly DrainedGroup[];
    }
  | { readonly kind: 'in-no-group'; readonly instance: Named }
  /** The verb needs to be told which. */
  | { readonly kind: 'say-which'; readonly verb: Verb }
  | { readonly kind: 'no-such-instance'; readonly said: string }
  | { readonly kind: 'ambiguous-instance'; readonly said: string; readonly candidates: readonly Named[] }
  | { readonly kind: 'kept'; readonly byUserId: string; readonly rule: AddedRule; readonly wasKept: boolean }
  | { readonly kind: 'not-kept'; readonly rule: AddedRule; readonly because: NotKeptBecause }
  | { readonly kind: 'no-such-rule'; readonly said: string }
  /** Rules that are never proposed for removal: as many as are of use, of so many. */
  | { readonly kind: 'kept-rules'; readonly rules: readonly AddedRule[]; readonly count: number }
  /** The last day's changes, the newest first: as many as can be shown, of so many. */
  | { readonly kind: 'changes'; readonly changes: readonly ListedChange[]; readonly count: number }
  | { readonly kind: 'no-such-change'; readonly said: string }
  | { readonly kind: 'sweep-ordered'; readonly byUserId: string }
  | {
      readonly kind: 'status';
      readonly defaultPolicy: string;
      readonly maximumPolicy: string;
      readonly pause:
        | { readonly since: string; readonly byUserId: string; readonly reason: string | undefined }
        | undefined;
      /** Since when a sweep is under way. ISO 8601 in UTC. */
      readonly sweepingSince: string | undefined;
      /** Why sweeps only look until somebody says yes. */
      readonly caution: SweepCaution | undefined;
      readonly lastSweep: LastSweep | undefined;
      /** Groups that dropped to report-only because a rule had to be put back; absent = none. */
      readonly stopped?: readonly Named[];
    };
