import type { HeldByOthers } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';
import type { Times } from './moment.ts';

/** Everything said in one language about what others took away. */
export interface HandsCatalogue {
  readonly headline: (body: HeldByOthers, nameLimit: number) => Headline;
  /** What it means for visitors. */
  readonly effect: (body: HeldByOthers) => Phrase;
  /** Which rules, and who was reached by them; empty where none. */
  readonly rules: (body: HeldByOthers) => Phrase;
  /** Who did it, and when, or that it isn't known. */
  readonly doer: (doer: HeldByOthers['doer'], times: Times) => Phrase;
  readonly next: (body: HeldByOthers) => Phrase;
}
