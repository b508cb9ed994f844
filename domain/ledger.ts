import type { Change } from './change.ts';
import type { Finding } from './finding.ts';
import type { Named, ReportedTarget } from './report.ts';
import type { Target } from './target.ts';

/** What the report about a change will say; names as they were when it was made. */
export interface Matter {
  readonly targetGroup: Named;
  /** Targets it is for, with their keys in the group. */
  readonly targets: readonly (ReportedTarget & { readonly key: string })[];
  /** The security group written to and the peer admitted, for rule changes. */
  readonly securityGroup?: Named;
  readonly peer?: Named;
  /** Findings known when it was made, such as an obstacle on the path that could not be removed. */
  readonly findings: readonly Finding[];
  /** What a refusal is told once for: the launch or start of the instance it is about. */
  readonly occasion?: string;
  /** Slack destination that hears about the group. */
  readonly destination: string;
}

/**
 * `intended` is written before the call to AWS; the others after it. `already-there`: AWS had it, by somebody else's hand.
 * `abandoned`: the run ended before the call took effect, so nothing changed and nothing is said.
 */
export type EntryStatus = 'intended' | 'applied' | 'already-there' | 'failed' | 'abandoned';

/** How far the telling has come. `said-not-in-service`: told once, an ending is owed. */
export type Telling = 'open' | 'said-not-in-service' | 'closed';

/** One change in the ledger. */
export interface LedgerEntry {
  /** Sorts by time: ISO moment, then a random part. Unique. */
  readonly entryId: string;
  /** The group whose report it belongs to. */
  readonly targetGroupArn: string;
  readonly change: Change;
  readonly status: EntryStatus;
  /** Of the target that was told of least. */
  readonly telling: Telling;
  /** Targets that were told of further than that, by their keys; absent until one was told of without the others. */
  readonly told?: Readonly<Record<string, Telling>>;
  /** ISO 8601 in UTC. */
  readonly intendedAt: string;
  readonly settledAt: string | undefined;
  /** The id AWS gave: the rule's, or the companion group's; known once applied. */
  readonly ruleId: string | undefined;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly matter: Matter;
}

/** How an intended change ended. */
export type Settlement =
  | { readonly status: 'applied'; readonly ruleId?: string }
  | { readonly status: 'already-there' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }
  | { readonly status: 'abandoned' };

/** What we registered, as it can be found and told of when its instance is gone. */
export interface OwnedSeat {
  readonly targetGroup: Named;
  readonly target: Target;
  readonly instanceId: string;
  readonly vpcId: string;
  /** The instance's name when it was registered. */
  readonly name: string;
  readonly destination: string;
}

/** A thing in AWS that is there because we put it there. Has no end of its own (design section 6). */
export interface Ownership {
  /** `changeKey` of the change that put it there. */
  readonly key: string;
  readonly entryId: string;
  /** The rule's id, or the companion group's. */
  readonly ruleId: string | undefined;
  /** ISO 8601 in UTC. */
  readonly since: string;
  /**
   * Stored plan by which a person had it taken out again: it is there no more by our hand, and the record stands as the hold
   * that keeps it out.
   */
  readonly undoneBy?: string;
  /**
   * We took it out because its instance was about to go: it stays out until that instance is started anew, and nobody is
   * told that somebody took it away.
   */
  readonly leaving?: 'SpotInterruption' | 'Rebalance';
  /** Of a target: what was registered. */
  readonly seat?: OwnedSeat;
}
