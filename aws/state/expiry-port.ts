import type { Registration } from '../../domain/expiry/registration.ts';

/** What was last said of a certificate, an endpoint or a domain, and is not over. */
export interface Announced {
  /** Threshold in days that was announced last; `undefined` where what was said has none. */
  readonly thresholdDays: number | undefined;
  /** The standing or finding that was told, as one text. */
  readonly standing: string;
  /** The end it was told of, ISO 8601 in UTC: another end is another story. */
  readonly endsAt: string | undefined;
  /** ISO 8601 in UTC. */
  readonly announcedAt: string;
  /** The matter and destination its ending belongs to. */
  readonly matter: string;
  readonly destination: string;
  /** Since when all its records have been seen in DNS, ISO 8601 in UTC. */
  readonly recordsSeenAt: string | undefined;
  /** Kept by a person until then (*Confirmed, quiet until …*), ISO 8601 in UTC. */
  readonly quietUntil: string | undefined;
}

/** What the watch over certificates and domains remembers. Never a copy of what AWS says. Reads are consistent. */
export interface ExpiryMemory {
  announced(subject: string): Promise<Announced | undefined>;
  /** All that is announced and not over. */
  listAnnounced(): Promise<readonly (Announced & { readonly subject: string })[]>;
  /** Replaces what was announced of a subject; kept until it is forgotten. */
  announce(subject: string, announced: Announced): Promise<void>;
  /** The matter is over. */
  forget(subject: string): Promise<void>;
  /** When a validation record was last seen in place. */
  recordSeenAt(recordName: string): Promise<Date | undefined>;
  sawRecord(recordName: string, at: Date): Promise<void>;
  /** A registration as it was last read from outside AWS, and when. */
  registration(domain: string): Promise<{ readonly registration: Registration; readonly readAt: Date } | undefined>;
  keepRegistration(domain: string, registration: Registration, readAt: Date): Promise<void>;
}
