import type { Announced } from '../../domain/expiry/announced.ts';
import type { Registration } from '../../domain/expiry/registration.ts';

export type { Announced } from '../../domain/expiry/announced.ts';

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
