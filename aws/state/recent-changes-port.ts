import type { RecentChange, Touched } from '../../domain/recent-change.ts';

/** What others changed within the last day, so that a diagnosis can say who changed what. Reads are consistent. */
export interface RecentChanges {
  /** Keeps a change for a day, under everything it touched. Kept twice, it is there once. */
  keep(change: RecentChange): Promise<void>;
  /** Everything that was to be done about a change is done; `false` when it was before. */
  finish(change: Pick<RecentChange, 'eventId' | 'at'>): Promise<boolean>;
  /** Whether the change of this id is finished: told of again, it asks for nothing. */
  knows(eventId: string): Promise<boolean>;
  /** Changes that touched the thing since then, oldest first. */
  list(touched: Touched, since: Date): Promise<readonly RecentChange[]>;
}
