import type { CompanionDetached, CompanionNotRemoved, CompanionProposed } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';

export type CompanionReport = CompanionProposed | CompanionDetached | CompanionNotRemoved;

/** Everything said in one language about security groups of Usher's own. */
export interface CompanionCatalogue {
  readonly headline: (body: CompanionReport, nameLimit: number) => Headline;
  /** What is the case, what would be done, and the next step; each a line. */
  readonly lines: (body: CompanionReport, remedy: Phrase) => readonly Phrase[];
}
