import type { RecentChange, Touched } from '../../domain/recent-change.ts';

/** What others changed within the last day, so that a diagnosis can say who changed what. Reads are consistent. */
export interface RecentChanges {
  /** Keeps a change for a day, under everything it touched; `false` when it was known already. */
  note(change: RecentChange): Promise<boolean>;
  /** Whether the change of this id is kept already. */
  knows(eventId: string): Promise<boolean>;
  /** Changes that touched the thing since then, oldest first. */
  list(touched: Touched, since: Date): Promise<readonly RecentChange[]>;
}
