/** What public DNS answers when it is asked for a name's CNAME. */
export type DnsAnswer =
  | { readonly kind: 'found'; readonly values: readonly string[] }
  /** The name has no such record (NODATA), or does not exist (NXDOMAIN). */
  | { readonly kind: 'missing'; readonly nameExists: boolean }
  | { readonly kind: 'could-not-ask'; readonly why: string };

/** Where a validation record stands in public DNS. */
export interface RecordCheck {
  /** The zone it belongs in, found by its delegation; `undefined` when it could not be found out. */
  readonly zone: string | undefined;
  /** Servers that the zone is delegated to by its parent. */
  readonly delegatedServers: readonly string[];
  /** What the servers answer, the delegated ones first. */
  readonly answers: readonly { readonly server: string; readonly answer: DnsAnswer }[];
  /** The account's own Route 53 zone of that name, when it has one. */
  readonly hostedZone:
    | {
        readonly zoneId: string;
        /** The servers AWS gave the zone. */
        readonly servers: readonly string[];
        /** Whether the record stands there with the right value. */
        readonly record: 'right' | 'wrong' | 'missing';
        /** Whether public DNS asks these servers at all. */
        readonly isDelegated: boolean;
      }
    | undefined;
  readonly verdict:
    | 'right' // to be found as it must be
    | 'missing'
    | 'wrong-value'
    | 'zone-not-asked' // stands in the Route 53 zone, but the domain is delegated elsewhere
    | 'could-not-ask';
  readonly checkedAt: Date;
}
