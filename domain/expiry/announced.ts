/** What was last said of a certificate, an endpoint or a domain, and is not over. */
export interface Announced {
  /** Threshold in days that was announced last; `undefined` where what was said has none. */
  readonly thresholdDays: number | undefined;
  /** Everything that was told since the matter began, as one text (`isNews` in telling.ts reads it). */
  readonly standing: string;
  /** The end it was told of, ISO 8601 in UTC: another end is another story. */
  readonly endsAt: string | undefined;
  /** ISO 8601 in UTC. */
  readonly announcedAt: string;
  /** The matter and destination its ending belongs to. */
  readonly matter: string;
  readonly destination: string;
  /** Of a certificate, for when it is gone: the name people know it by. */
  readonly name?: string;
  /** Since when all its records have been seen in DNS, ISO 8601 in UTC. */
  readonly recordsSeenAt: string | undefined;
  /** Kept by a person until then (*Confirmed, quiet until …*), ISO 8601 in UTC. */
  readonly quietUntil: string | undefined;
}
