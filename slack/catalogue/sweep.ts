import type { LeftAlone, SweepEnded, WeeklyStatus } from '../../domain/sweep/report.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';
import type { Times } from './moment.ts';

/** What a sweep's message is about first. */
export type SweepAbout = 'done' | 'proposed' | 'not-looked-at' | 'limits' | 'nothing';

/** Everything said about sweeps in one language. */
export interface SweepCatalogue {
  readonly headline: (body: SweepEnded, about: SweepAbout, nameLimit: number) => Headline;
  /** What was done, or would be, group by group; empty where nothing. */
  readonly targets: (body: SweepEnded) => Phrase;
  readonly rules: (body: SweepEnded) => Phrase;
  readonly missed: (events: number) => Phrase;
  readonly leftAlone: (items: readonly LeftAlone[]) => Phrase;
  readonly limits: (body: Pick<SweepEnded, 'limits'>) => Phrase;
  readonly notLookedAt: (what: NonNullable<SweepEnded['notLookedAt']>) => Phrase;
  readonly next: (body: SweepEnded, about: SweepAbout) => Phrase;
  readonly status: {
    readonly headline: (body: WeeklyStatus) => Headline;
    readonly paused: (body: WeeklyStatus, times: Times) => Phrase;
    /** Groups that dropped to report-only, and rules that are kept; empty where none. */
    readonly stopped: (body: WeeklyStatus) => Phrase;
    readonly unused: (body: WeeklyStatus) => Phrase;
    readonly ends: (body: WeeklyStatus, times: Times) => Phrase;
    readonly closing: Phrase;
  };
}
