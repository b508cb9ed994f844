import type { Incident } from '../../domain/diagnosis/incident.ts';
import type { ToldChange } from '../../domain/diagnosis/report.ts';
import type { DiagnosisSubject } from '../../domain/diagnosis/subject.ts';
import type { Touched } from '../../domain/recent-change.ts';
import type { Tags } from '../../domain/tags.ts';

/** Something that was decided to be told and isn't known to have been: whoever dies in between is brought its message again. */
export interface OwedTelling {
  readonly what: 'cause' | 'end';
  /** The change of state it comes of: the alarm's name, and since when it has the state. */
  readonly alarm: string;
  readonly at: Date;
}

/** One incident, as it is kept from one message to the next. */
export interface KeptIncident {
  readonly incident: Incident;
  /** What is told of it, as it was first told. */
  readonly alarm: string;
  readonly subject: DiagnosisSubject;
  /** Of its group, as far as they say who hears of it. */
  readonly tags: Tags;
  /** Each until it was told: one does not take another's place. */
  readonly owed: readonly OwedTelling[];
  /** Looks whether its alarms still stand: the number of the next. A look with a smaller one was taken before. */
  readonly looks: number;
  /** Whether it was told at its beginning that nobody is served. */
  readonly wasDown: boolean;
  /** What others may have changed about it, for a later look at who did. */
  readonly touched: readonly Touched[];
  /** Changes that were told of, and CloudTrail's ids of them. */
  readonly changes: readonly ToldChange[];
  readonly toldEventIds: readonly string[];
}

/** What is told of each subject's alarms. Reads are consistent. */
export interface Incidents {
  /** The incident of a subject, with the number of its last write. */
  read(subject: string): Promise<{ readonly kept: KeptIncident; readonly version: number } | undefined>;
  /**
   * Writes it, if nobody else did since it was read; `false` when somebody was first.
   * @param version as it was read; `undefined` where there was none
   */
  write(subject: string, kept: KeptIncident, version: number | undefined, now: Date): Promise<boolean>;
}
