import type { LedgerEntry, Ownership, Settlement, Telling } from '../../domain/ledger.ts';

/** The ledger of changes (design section 6). Reads are consistent. */
export interface Ledger {
  /** Writes new entries, all `intended` and `open`; throws when one exists already. */
  intend(entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Records how an intended change ended, and in the same write the ownership it gives (`applied` additions) or takes away
   * (`applied` removals). Settling twice with the same status is harmless.
   */
  settle(entry: LedgerEntry, settlement: Settlement, at: Date): Promise<LedgerEntry>;
  /** Entries still owed something: `intended`, or not told to the end. Oldest first. */
  listOpen(targetGroupArn?: string): Promise<readonly LedgerEntry[]>;
  /** Records how far the telling has come. */
  tell(entries: readonly LedgerEntry[], telling: Telling): Promise<void>;
  /** What we put in place and have not removed, by change key; keys that are not ours are absent. */
  readOwnership(changeKeys: readonly string[]): Promise<ReadonlyMap<string, Ownership>>;
}

/** Exclusive right to plan against some resources until it is released or lapses. */
export interface Lease {
  readonly resources: readonly string[];
  readonly owner: string;
  readonly expiresAt: Date;
}

export interface Leases {
  /** All of the resources or none: `undefined` when somebody else holds one. */
  acquire(resources: readonly string[], owner: string, now: Date, seconds: number): Promise<Lease | undefined>;
  /** Gives up what is still ours; a lapsed lease that somebody else took is left alone. */
  release(lease: Lease): Promise<void>;
}

/** Removal budgets over a rolling hour. */
export interface Budgets {
  /** Takes `count` from every scope or from none; `false` when one has not enough left. */
  take(scopes: readonly { readonly scope: string; readonly limit: number }[], count: number, now: Date): Promise<boolean>;
}

/** The one chain of looks at a target group's new targets. */
export interface Watch {
  readonly targetGroupArn: string;
  /** Number of the look at hand; a message with another number is a duplicate. */
  readonly tick: number;
  readonly lastReportAt: Date | undefined;
}

export interface Watches {
  /**
   * Starts a chain unless one is alive: its next look is due, or overdue by less than ten minutes (a failed look comes back
   * after its queue's visibility time-out). Answers the number of the first look to send, `undefined` when one is alive.
   */
  start(targetGroupArn: string, now: Date, firstLookAfterSeconds: number): Promise<number | undefined>;
  /**
   * Takes the look with this number for so many seconds. `undefined` when the chain is at another number, ended, or somebody
   * is at this look. A look whose taker died can be taken again once the seconds have passed.
   */
  take(targetGroupArn: string, tick: number, now: Date, seconds: number): Promise<Watch | undefined>;
  /** Frees a taken look and moves the chain to the next number. Called after the next message was sent. */
  continue(watch: Watch, nextLookAt: Date, lastReportAt: Date | undefined): Promise<void>;
  /** Ends the chain, if it still is at this look. */
  end(watch: Watch): Promise<void>;
}

/** Keys of reports that Slack has taken. */
export interface DeliveredReports {
  has(destination: string, key: string): Promise<boolean>;
  add(destination: string, key: string, now: Date): Promise<void>;
}
