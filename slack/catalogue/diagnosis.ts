import type { AlarmExplained, AlarmRecovered, ChangeTold, ToldChange } from '../../domain/diagnosis/report.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';

/** A moment as it reads in this report: the time alone where it is of about the same day, else with its day. */
export type When = (iso: string) => string;

/** What an alarm is about, as a person calls it: the site, else the group, the balancer, or the alarm itself. */
export const subjectOf = ({ site, targetGroup, loadBalancer, alarm }: AlarmExplained): string =>
  site ?? targetGroup?.name ?? loadBalancer?.name ?? alarm;

/** Everything said about alarms and their causes in one language. */
export interface DiagnosisCatalogue {
  readonly headline: (body: AlarmExplained, when: When, nameLimit: number) => Headline;
  /**
   * What visitors notice.
   * @param carrying who carries the traffic, where somebody does
   * @param group what the group is called
   */
  readonly visitors: (
    body: AlarmExplained,
    said: { readonly notAffected: Phrase; readonly noneHealthy: Phrase; readonly groupNotUsed: Phrase },
  ) => Phrase;
  /** Besides the rule that blocks, everything on the way was judged and passes. */
  readonly restPasses: () => Phrase;
  /** What the alarm watches, where that is not hosts, errors or time. */
  readonly general: (body: AlarmExplained) => Phrase;
  /** In the cause's place when all checks found nothing amiss. */
  readonly nothingFound: (body: AlarmExplained) => Phrase;
  /** That the rule which is missing was there once, and when it was seen last. */
  readonly existed: (existed: NonNullable<AlarmExplained['existed']>, when: When) => Phrase;
  readonly deploy: (deploy: NonNullable<AlarmExplained['deploy']>, when: When) => Phrase;
  /** Who changed what; that CloudTrail may still tell; empty where neither. */
  readonly who: (changes: readonly ToldChange[], awaitsTrail: boolean, when: When) => Phrase;
  /** That nothing was done about it yet. */
  readonly nothingChanged: () => Phrase;
  /** The step where a press mends it. */
  readonly pressFix: (fix: AlarmExplained['fix']) => Phrase;
  /** The step when nothing was found. */
  readonly lookYourself: (body: AlarmExplained, when: When) => Phrase;
  readonly alarm: (name: string) => Phrase;
  readonly changeTold: (body: ChangeTold, when: When, nameLimit: number) => Headline;
  readonly recovered: {
    readonly headline: (body: AlarmRecovered, at: string, nameLimit: number) => Headline;
    readonly cameAndWent: (timesRaised: number) => Phrase;
    /** That alarms of the story are no more, by name. */
    readonly gone: (names: readonly string[]) => Phrase;
    /** Nothing to do, or that not everybody is well. */
    readonly next: (body: AlarmRecovered) => Phrase;
  };
}
