import type { LedgerEntry, Ownership, Settlement, Telling } from '../../domain/ledger.ts';
import type { Beginning } from '../../domain/order-progress.ts';
import type { Pause, StoppedGroup } from '../../domain/pause.ts';
import type { Decider, PlanDecision, StoredPlan } from '../../domain/stored-plan.ts';
import type { Thread } from '../../domain/thread.ts';

/** An entry that was to be new is in the ledger already. */
export class EntryExistsError extends Error {
  override readonly name = 'EntryExistsError';
}

/** An entry that was to be settled is not in the ledger. */
export class EntryUnknownError extends Error {
  override readonly name = 'EntryUnknownError';
}

/** The ledger of changes (design section 6). Reads are consistent. */
export interface Ledger {
  /**
   * Writes new entries, all `intended` and `open`. When a later part of many fails, the earlier ones stay intended: harmless,
   * for they are settled as `abandoned`.
   * @throws {EntryExistsError} when one exists already
   */
  intend(entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Records how an intended change ended, and in the same write the ownership it gives (`applied` additions) or takes away
   * (`applied` removals). An entry that is settled already stays as it is and is answered as it is stored; what nobody will
   * be told about by itself is `closed` at once.
   */
  settle(entry: LedgerEntry, settlement: Settlement, at: Date): Promise<LedgerEntry>;
  /** Entries still owed something: `intended`, or not told to the end. Oldest first. */
  listOpen(targetGroupArn?: string): Promise<readonly LedgerEntry[]>;
  /** Every entry of some groups that was intended since then, whatever became of it; a few days at most. Oldest first. */
  listRecent(targetGroupArns: readonly string[], since: Date, now: Date): Promise<readonly LedgerEntry[]>;
  /**
   * Records how far the telling has come. It never goes back, and an entry that is still `intended` stays as it is.
   * @param targetKeys only of these targets; an entry is `closed` once all of its targets are
   */
  tell(entries: readonly LedgerEntry[], telling: Telling, targetKeys?: ReadonlySet<string>): Promise<void>;
  /** What we put in place and have not removed, by change key (a rule also by the key of its revocation); keys that are not ours are absent. */
  readOwnership(changeKeys: readonly string[]): Promise<ReadonlyMap<string, Ownership>>;
  /**
   * The same by the instances it was registered for, in order of its keys: what of a terminated instance can still be found
   * when its tags and addresses are gone. Records that hold a seat are among them.
   */
  readSeats(instanceIds: readonly string[]): Promise<readonly Ownership[]>;
  /** Drops records of what is there no more and comes back no more, such as a terminated instance's; one that was renewed since stays. */
  forget(ownerships: readonly Ownership[]): Promise<void>;
  /**
   * Notes that what some records are of was there at that moment, so that whoever takes it away did so afterwards; a record
   * that was renewed or dropped since stays as it is.
   */
  saw(ownerships: readonly Ownership[], at: Date): Promise<void>;
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

/** Budgets of removals and additions over a rolling hour. */
export interface Budgets {
  /** Takes `count` from every scope or from none; `false` when one has not enough left. */
  take(
    scopes: readonly { readonly scope: string; readonly limit: number }[],
    count: number,
    now: Date,
  ): Promise<boolean>;
  /**
   * Counts names in a scope, each once an hour however often it is counted: all of them or none; `false` when more than the
   * limit would count. A scope is taken from or counted in, never both.
   */
  count(scope: string, limit: number, names: readonly string[], now: Date): Promise<boolean>;
}

/** What one look at a group leaves to the next. */
export interface Remembered {
  /** When the group was last spoken of; kept over the end of a chain. */
  readonly lastReportAt: Date | undefined;
  /** Since when targets that nobody was told of yet have been seen healthy, by their keys. */
  readonly healthySince: ReadonlyMap<string, Date>;
  /** Targets that the last look did not find in the group, by their keys. */
  readonly missing: ReadonlySet<string>;
}

/** A look at a target group's new targets that has been taken, in the one chain of such looks. */
export interface Watch extends Remembered {
  readonly targetGroupArn: string;
  /** Number of the look that comes next; a message with another number is a duplicate. */
  readonly tick: number;
  /** When the look that was taken was due. */
  readonly nextLookAt: Date;
  /** How often the chain had been asked for when the look was taken. */
  readonly starts: number;
}

/**
 * Looks as messages with a number. Sending a number twice is harmless, so whoever is killed in between starts again and
 * sends again: `start`, then send; `take`, look, send the next, then `continue`.
 */
export interface Watches {
  /**
   * Starts a chain unless one is alive (its next look not overdue by more than the grace). Answers the tick to send: again
   * and again until the first look was taken, because whoever started the chain may have died before sending; and when the next
   * look of a chain was further off than the first look of a new one, to be taken that much sooner.
   */
  start(targetGroupArn: string, now: Date, firstLookAfterSeconds: number): Promise<number | undefined>;
  /** The same, but a chain that is alive keeps its next look as it is: for whoever only wants nothing forgotten. */
  revive(targetGroupArn: string, now: Date, firstLookAfterSeconds: number): Promise<number | undefined>;
  /**
   * Takes the look with this number; `undefined` when it was taken before or the chain is another; `too-early` while the
   * look before it is being taken, which has sent it ahead: send it again, a little later. A look that was taken and neither
   * continued nor ended within two minutes died on the way, and may be taken again.
   */
  take(targetGroupArn: string, tick: number, now: Date): Promise<Watch | 'too-early' | undefined>;
  /** Sets the next look of a chain that has just been taken, once its message is sent; of another chain's watch, nothing. */
  continue(watch: Watch, nextLookAt: Date, remembered: Remembered): Promise<void>;
  /**
   * Ends a chain that has just been taken. `false` when somebody asked for it since the look was taken: there may be new
   * targets that the look did not see, so send the next tick and continue.
   */
  end(watch: Watch, remembered: Remembered): Promise<boolean>;
}

/** Keys of reports that Slack has taken. */
export interface DeliveredReports {
  has(destination: string, key: string): Promise<boolean>;
  add(destination: string, key: string, now: Date): Promise<void>;
}

/** Orders out of Slack: each is carried out once, however often it arrives. */
export interface Orders {
  /** Takes an order for so many seconds. Whoever dies with it leaves it to be taken up once they lapsed. */
  begin(orderId: string, now: Date, lapseSeconds: number): Promise<Beginning>;
  /** Gives an order back that could not be carried out now, so that its next attempt need not wait for the lapse. */
  giveBack(orderId: string, now: Date): Promise<void>;
  /** The order is done for good. */
  finish(orderId: string, now: Date): Promise<void>;
  /** Counts one more answer to an order by its `response_url`; `false` when Slack takes no more of them. */
  takeAnswer(orderId: string, now: Date): Promise<boolean>;
}

/** Plans that wait for a person (design section 6). */
export interface StoredPlans {
  /** Stores a new plan; one that is stored already stays as it is. */
  store(plan: StoredPlan): Promise<void>;
  find(planId: string): Promise<StoredPlan | undefined>;
  /** Takes a plan `pending → applying` for so many seconds; of several at once, one gets it. */
  take(planId: string, by: Decider, now: Date, lapseSeconds: number): Promise<PlanDecision>;
  /** Ends a plan that this order took; `false` when it has it no more. */
  finish(planId: string, orderId: string, status: 'done' | 'rejected' | 'refused'): Promise<boolean>;
}

/** What a person was shown last of what can be undone: by it, a number they say means what they saw. */
export interface ShownChanges {
  /** @param planIds in the order of the numbers, from 1; `undefined` where there is nothing to undo */
  show(userId: string, planIds: readonly (string | undefined)[], now: Date): Promise<void>;
  /** What was shown last, within a day, and when. */
  find(
    userId: string,
    now: Date,
  ): Promise<{ readonly at: Date; readonly planIds: readonly (string | undefined)[] } | undefined>;
}

/** Matters that somebody wants to hear nothing of for a while. */
export interface QuietMatters {
  /** @param by the Slack user who wants it */
  silence(matter: string, until: Date, by: string): Promise<void>;
  isQuiet(matter: string, now: Date): Promise<boolean>;
}

/**
 * Whether a person has stopped every write, and groups in which writes are stopped because a removal had to be put back. Read
 * by every story that writes, under its lease, right before it decides.
 */
export interface Pauses {
  /** A pause in force is replaced. */
  begin(pause: Pause): Promise<void>;
  /** Without a pause, nothing. */
  end(): Promise<void>;
  find(): Promise<Pause | undefined>;
  /** Groups that dropped to report-only, by id. */
  listStoppedGroups(): Promise<readonly StoppedGroup[]>;
  /** Lets writes go on in a group that had dropped to report-only; otherwise nothing. */
  resumeGroup(targetGroupArn: string): Promise<void>;
}

/** Where the messages about a matter are gathered, for destinations that can thread. */
export interface Threads {
  get(destination: string, matter: string): Promise<Thread | undefined>;
  /** What is known of the matter from now on. */
  put(destination: string, matter: string, thread: Thread, now: Date): Promise<void>;
}
