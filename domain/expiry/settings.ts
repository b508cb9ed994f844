/** What the owners of an installation decide about the watch over certificates and domains. */
export interface ExpirySettings {
  /** Regions whose certificates are surveyed; the stage's and us-east-1 unless others are named. */
  readonly regions: readonly string[];
  /** Days before an end at which somebody is told, from far to near, 0 among them for the day itself. */
  readonly thresholdsDays: readonly number[];
  /** Accounts besides the stage's whose forwarded events are acted on. */
  readonly trustedAccounts: readonly string[];
  /** Further `host` or `host:port` places whose served certificate is looked at. */
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  /** Dates that people keep by hand, by registrable domain. */
  readonly domainDates: ReadonlyMap<string, Date>;
  /** Domains that are never spoken of, by registrable domain. */
  readonly ignoredDomains: readonly string[];
}
