import type { Report } from '../domain/report.ts';

/** What a subscriber of the `usher` bus finds in the event's `detail`. */
export type PublishedReport = { readonly usher: 1 } & (
  | Report
  /** A report too large for an event: all but its body, which the Slack message still has. */
  | (Omit<Report, 'body'> & { readonly body: { readonly kind: Report['body']['kind']; readonly omitted: 'TooLarge' } })
);

/** One entry for PutEvents, in our own words. */
export interface BusEntry {
  readonly source: 'usher';
  readonly detailType: 'Usher Report';
  /** JSON of a {@link PublishedReport}. */
  readonly detail: string;
  readonly at: Date;
}

/** Below the 1 MB that PutEvents allows an entry, whichever way a megabyte is counted (facts 1.1). */
export const MAXIMUM_ENTRY_BYTES = 1_000_000;
/** What a given time counts for. @see EventBridge user guide, "Calculating PutEvents event entry size" */
const TIME_BYTES = 14;

/** Size as EventBridge counts it: UTF-8 bytes of source, type and detail, and a fixed sum for the time. */
export const entryBytes = ({ source, detailType, detail }: BusEntry): number =>
  TIME_BYTES + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);

const toEntry = (published: PublishedReport): BusEntry => ({
  source: 'usher',
  detailType: 'Usher Report',
  detail: JSON.stringify(published),
  at: new Date(published.at),
});

/** The copy of a report for anybody who listens on the `usher` bus. */
export const busCopy = (report: Report): BusEntry => {
  const entry = toEntry({ usher: 1, ...report });
  if (entryBytes(entry) <= MAXIMUM_ENTRY_BYTES) return entry;
  return toEntry({ usher: 1, ...report, body: { kind: report.body.kind, omitted: 'TooLarge' } });
};
