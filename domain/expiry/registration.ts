/** What a source says of a domain's registration. */
export type Registration =
  | {
      readonly kind: 'registered';
      readonly source: 'route53' | 'rdap' | 'whois' | 'configured';
      readonly expiresAt: Date;
      readonly registrar: string | undefined;
      /** Known for domains registered with Route 53 only. */
      readonly renewsItself: boolean | undefined;
      /** As the registry words them, such as `clientHold`, `redemption period`. */
      readonly statuses: readonly string[];
    }
  /** The registry says that nobody has it. */
  | { readonly kind: 'not-registered'; readonly source: 'rdap' | 'whois' }
  /** No source tells of this top-level domain. */
  | { readonly kind: 'cannot-know'; readonly why: 'NoSource' | 'SourceGivesNoDate' }
  /** A source was asked and did not answer, or not intelligibly. */
  | { readonly kind: 'could-not-check'; readonly why: string };

/** A registrable domain (one label below a public suffix) and the names of ours below it. */
export interface WatchedDomain {
  /** In ASCII (punycode), lower case, without a last dot. */
  readonly domain: string;
  readonly names: readonly string[];
}
