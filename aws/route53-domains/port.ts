/** A domain registered through Route 53, by the account (facts 5.3). */
export interface RegisteredDomain {
  /** In ASCII, lower case. */
  readonly domain: string;
  readonly expiresAt: Date | undefined;
  readonly renewsItself: boolean;
}

/** Reads of Route 53 Domains, whose only endpoint is in us-east-1. Every method throws `AwsCallError`. */
export interface RegisteredDomainReader {
  readDomains(): Promise<readonly RegisteredDomain[]>;
}
