import type { CompanionSide } from './companion/side.ts';
import type { InvalidationRequest } from './invalidation/request.ts';
import type { Named } from './named.ts';
import type { SweepGrounds } from './sweep/grounds.ts';
import type { Target } from './target.ts';

/** A registration that waits for a yes. */
export interface PlannedSeat {
  readonly instanceId: string;
  readonly name: string;
  /** `changeKey` of the registration. */
  readonly changeKey: string;
}

/** A rule by its id, and the security group it is in. */
export interface AddedRule {
  readonly ruleId: string;
  readonly securityGroup: Named;
}

/** A registration of ours that can be taken back. */
export interface UndoableSeat extends PlannedSeat {
  /** The ledger's entry of the registration: registered anew since, it is another. */
  readonly entryId: string;
  readonly target: Target;
}

/** A rule that waits for a yes, by which some targets of a group would be reached. */
export interface PlannedRule {
  /** `changeKey` of the rule. */
  readonly changeKey: string;
  readonly securityGroup: Named;
  readonly protocol: string;
  readonly port: number;
}

/** A rule that is proposed to go. */
export interface ClosableRule extends AddedRule {
  /** What it let through when it was shown (`ruleShape`): a rule may be changed and keep its id. */
  readonly shape: string;
  /** Whether a yes removes it; else only its lines are shown. */
  readonly isClosed: boolean;
  /** The lines that would do it. */
  readonly lines: readonly string[];
}

/** A target's interface that would wear a companion group. */
export interface PlannedWearer {
  readonly networkInterfaceId: string;
  readonly instanceId: string;
  readonly name: string;
}

/** What a button's plan would do. Kinds of seating come with their stories. */
export type PlanContent =
  /** An invalidation that waits for a yes: everything, or paths gathered into wildcards. */
  | { readonly kind: 'invalidate'; readonly request: InvalidationRequest }
  /** Seats that were withheld (ask, too many additions, held, report-only): looked at afresh when pressed. */
  | {
      readonly kind: 'seat';
      readonly targetGroup: Named;
      /** The registrations the person saw, with names as they were; the fresh plan must still hold every one. */
      readonly seats: readonly PlannedSeat[];
      /** What is wanted back are rules of ours by which these are reached: as many of them as are still there. */
      readonly rulesOnly?: true;
    }
  | {
      /** Removals that were withheld (ask, too many removals): looked at afresh when pressed. */
      readonly kind: 'unseat';
      readonly targetGroup: Named;
      /** The removals the person saw; the fresh plan must still hold every one. */
      readonly seats: readonly PlannedSeat[];
    }
  | {
      /** Rules that a diagnosis found missing: looked at afresh when pressed. */
      readonly kind: 'repair';
      readonly targetGroup: Named;
      /** The rules the person saw; the fresh plan must still hold every one. */
      readonly rules: readonly PlannedRule[];
    }
  | {
      /** Registrations of ours, to be taken back. */
      readonly kind: 'undo';
      readonly targetGroup: Named;
      readonly entries: readonly UndoableSeat[];
      /** Rules added for them at the time, which stay. */
      readonly rules: readonly AddedRule[];
    }
  /** Alarms for groups that have none: looked at afresh when pressed. */
  | { readonly kind: 'alarms'; readonly targetGroups: readonly Named[] }
  | {
      /** Rules that let more to targets than their balancer: closed, kept, or shown as lines. Looked at afresh when pressed. */
      readonly kind: 'close-rules';
      readonly rules: readonly ClosableRule[];
    }
  | {
      /** A companion group, to be made and worn: looked at afresh when pressed. */
      readonly kind: 'companion';
      readonly side: CompanionSide;
      readonly groupName: string;
      readonly vpcId: string;
      readonly loadBalancer: Named;
      readonly targetGroup: Named;
      /** On the targets' side: whose interfaces would wear it. */
      readonly targets: readonly PlannedWearer[];
    }
  /** Sweeps may change things from now on, as long as what says what they may stays as it was. */
  | { readonly kind: 'sweep'; readonly grounds: SweepGrounds }
  /** A matter that can be silenced for a while. */
  | { readonly kind: 'quiet'; readonly matter: string; readonly seconds: number }
  /** A look, out of turn, at what the watch over certificates and domains has spoken of. */
  | { readonly kind: 'look'; readonly subjects: readonly string[] }
  /** Somebody knows that it is taken care of: quiet until a moment, ISO 8601 in UTC. */
  | { readonly kind: 'confirm'; readonly matter: string; readonly until: string };

/** How long an offer stands: a week. */
export const PLAN_LIFETIME_SECONDS = 7 * 86_400;

/** How long something can be undone: a day. What has served for longer is no news any more. */
export const UNDO_LIFETIME_SECONDS = 86_400;

export type PlanStatus = 'pending' | 'applying' | 'done' | 'rejected' | 'refused';

/** A plan that waits for a person (design section 6). */
export interface StoredPlan {
  /** Unguessable. */
  readonly planId: string;
  readonly version: number;
  readonly status: PlanStatus;
  readonly content: PlanContent;
  readonly destination: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Who decided (a Slack user id), once somebody did. */
  readonly decidedBy: string | undefined;
  readonly decidedAt: string | undefined;
  /** The order that took it, and until when nobody else may. */
  readonly applying: { readonly orderId: string; readonly lapsesAt: string } | undefined;
}

/** A plan as it is first stored. */
export const newPlan = (
  planId: string,
  content: PlanContent,
  destination: string,
  now: Date,
  lifetimeSeconds: number = PLAN_LIFETIME_SECONDS,
): StoredPlan => ({
  planId,
  version: 1,
  status: 'pending',
  content,
  destination,
  createdAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + lifetimeSeconds * 1000).toISOString(),
  decidedBy: undefined,
  decidedAt: undefined,
  applying: undefined,
});

/** Who presses, by which order. */
export interface Decider {
  readonly orderId: string;
  readonly userId: string;
  readonly wish: 'apply' | 'reject';
}

/** What came of deciding on a plan. Only `taken` may act. */
export type PlanDecision =
  | { readonly kind: 'taken'; readonly plan: StoredPlan }
  /** Somebody else's order applies it at this moment. */
  | { readonly kind: 'under-way'; readonly plan: StoredPlan }
  /** Done, rejected or refused, by somebody, some time ago; or by this very order, before its answer was known to be sent. */
  | { readonly kind: 'decided'; readonly plan: StoredPlan; readonly bySameOrder: boolean }
  | { readonly kind: 'expired'; readonly plan: StoredPlan }
  | { readonly kind: 'unknown' };

const isOver = (iso: string, now: Date): boolean => Date.parse(iso) <= now.getTime();

const standing = (
  plan: StoredPlan,
  { orderId, wish }: Decider,
  now: Date,
): Exclude<PlanDecision['kind'], 'unknown'> => {
  switch (plan.status) {
    case 'pending':
      return isOver(plan.expiresAt, now) ? 'expired' : 'taken';
    case 'applying':
      // The same order again is a run that died; another may only follow one that lapsed, and while the offer stands.
      if (plan.applying === undefined || plan.applying.orderId === orderId) return 'taken';
      if (!isOver(plan.applying.lapsesAt, now)) return 'under-way';
      if (isOver(plan.expiresAt, now)) return 'expired';
      // Who died may have changed something by then: that can be finished, and no longer be left.
      return wish === 'reject' ? 'under-way' : 'taken';
    case 'done':
    case 'rejected':
    case 'refused':
      return 'decided';
  }
};

/** Decides whether an order may take a plan; `taken` holds the plan as it is to be written. */
export const takePlan = (plan: StoredPlan | undefined, by: Decider, now: Date, lapseSeconds: number): PlanDecision => {
  if (plan === undefined) return { kind: 'unknown' };
  const kind = standing(plan, by, now);
  if (kind === 'decided') return { kind, plan, bySameOrder: plan.applying?.orderId === by.orderId };
  if (kind !== 'taken') return { kind, plan };
  const lapsesAt = new Date(now.getTime() + lapseSeconds * 1000).toISOString();
  return {
    kind,
    plan: {
      ...plan,
      version: plan.version + 1,
      status: 'applying',
      decidedBy: by.userId,
      decidedAt: now.toISOString(),
      applying: { orderId: by.orderId, lapsesAt },
    },
  };
};

/**
 * The plan at its end, or `undefined` when it is no longer this order's to end. The order stays with it, so that the same
 * order, come again, knows its own work.
 */
export const endPlan = (
  plan: StoredPlan | undefined,
  orderId: string,
  status: 'done' | 'rejected' | 'refused',
): StoredPlan | undefined =>
  plan?.status !== 'applying' || plan.applying?.orderId !== orderId
    ? undefined
    : { ...plan, version: plan.version + 1, status };
