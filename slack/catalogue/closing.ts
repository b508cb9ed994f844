import type { ClosingEnded, ClosingProposed, RulesClosed } from '../../domain/closing/report.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';
import type { Times } from './moment.ts';

/** Everything said in one language about rules that let more to targets than their balancer. */
export interface ClosingCatalogue {
  readonly proposed: {
    readonly headline: (body: ClosingProposed, nameLimit: number) => Headline;
    readonly now: (body: ClosingProposed) => Phrase;
    readonly unneeded: (body: ClosingProposed) => Phrase;
    readonly stops: (body: ClosingProposed) => Phrase;
    readonly next: (body: ClosingProposed) => Phrase;
    /** Until when it can be pressed; empty where nothing can. */
    readonly offer: (body: ClosingProposed, times: Times) => Phrase;
  };
  readonly closed: {
    readonly headline: (body: RulesClosed, nameLimit: number) => Headline;
    readonly lines: (body: RulesClosed) => readonly Phrase[];
  };
  readonly ended: {
    readonly headline: (body: ClosingEnded, nameLimit: number) => Headline;
    readonly lines: (body: ClosingEnded) => readonly Phrase[];
  };
}
