import type { DnsRecord } from '../../domain/expiry/certificate.ts';

/** A public hosted zone of the account. */
export interface HostedZone {
  readonly zoneId: string;
  /** Without its last dot. */
  readonly name: string;
  /** The servers Route 53 gave it. */
  readonly servers: readonly string[];
}

/** Reads of Route 53. Every method throws `AwsCallError`. */
export interface HostedZoneReader {
  /** The account's public zones of exactly this name: there may be several. */
  readHostedZones(name: string): Promise<readonly HostedZone[]>;
  /** The CNAME of a name in a zone; `undefined` when it has none. */
  readCname(zoneId: string, name: string): Promise<DnsRecord | undefined>;
}
