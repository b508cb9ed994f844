/** One line for the log: what happened, with ids and counts; never secrets, never whole events. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

export type Log = (line: LogLine) => void;

/** What a story takes from the outside besides its readers and writers. */
export interface Surroundings {
  readonly log: Log;
  readonly now: () => Date;
  /** A fresh random id, for ledger entries and lease owners. */
  readonly newId: () => string;
}
