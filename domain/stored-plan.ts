import type { InvalidationRequest } from './invalidation/request.ts';

/** What a button's plan would do. Kinds of seating come with their stories. */
export type PlanContent =
  /** An invalidation that waits for a yes: everything, or paths gathered into wildcards. */
  | { readonly kind: 'invalidate'; readonly request: InvalidationRequest }
  /** Seats that were withheld (ask, too many additions, held, report-only): looked at afresh when pressed. */
  | {
      readonly kind: 'seat';
      readonly targetGroupArn: string;
      readonly instanceIds: readonly string[];
      /** Keys of the changes the person saw; the fresh plan must still hold every one. */
      readonly changeKeys: readonly string[];
    }
  /** Changes in the ledger that can be taken back. */
  | { readonly kind: 'undo'; readonly targetGroupArn: string; readonly entryIds: readonly string[] }
  /** A matter that can be silenced for a while. */
  | { readonly kind: 'quiet'; readonly matter: string; readonly seconds: number };

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
  /** Who decided, once somebody did. */
  readonly decidedBy: string | undefined;
  readonly decidedAt: string | undefined;
}
