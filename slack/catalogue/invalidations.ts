import type { PathFinding } from '../../domain/invalidation/paths.ts';
import type {
  ConfirmationWanted,
  InvalidationCompleted,
  InvalidationFailed,
  InvalidationQueued,
  InvalidationStillRunning,
} from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';

export interface Headline {
  readonly strong: Phrase;
  readonly rest: Phrase;
}

/** What is said about one kind of invalidation report: line 1, the lines below the paths, and the words of the grey line. */
export interface InvalidationWords<Body> {
  readonly headline: (body: Body, nameLimit: number) => Headline;
  readonly lines: (body: Body) => readonly Phrase[];
}

/** Everything said about invalidations in one language. */
export interface InvalidationCatalogue {
  readonly completed: InvalidationWords<InvalidationCompleted>;
  readonly failed: InvalidationWords<InvalidationFailed>;
  readonly stillRunning: InvalidationWords<InvalidationStillRunning>;
  readonly queued: InvalidationWords<InvalidationQueued>;
  readonly wanted: InvalidationWords<ConfirmationWanted>;
  readonly finding: Readonly<Record<PathFinding['reason'], Phrase>>;
  readonly offer: (path: string) => Phrase;
}
