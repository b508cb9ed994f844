import type { AlarmNotMade, AlarmsChanged, AlarmsOffered } from '../../domain/alarms/report.ts';
import type { Named } from '../../domain/named.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';

/** What alarms that are offered, made and taken away are told with. */
export interface AlarmCatalogue {
  readonly offered: {
    readonly headline: (body: AlarmsOffered) => Headline;
    readonly groups: (groups: readonly Named[], more: number) => Phrase;
    /** What one is good for; and that somebody deleted Usher's, where somebody did. */
    readonly why: (body: AlarmsOffered) => Phrase;
    readonly next: (body: AlarmsOffered) => Phrase;
  };
  readonly changed: {
    readonly headline: (body: AlarmsChanged, nameLimit: number) => Headline;
    readonly created: (body: AlarmsChanged) => Phrase;
    readonly removed: (body: AlarmsChanged) => Phrase;
    /** The first of those that are not made, with the reason. */
    readonly notMade: (notMade: readonly AlarmNotMade[], more: number) => Phrase;
    readonly next: (body: AlarmsChanged) => Phrase;
  };
}
