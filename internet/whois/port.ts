import type { Registration } from '../../domain/expiry/registration.ts';

/** Registries that speak WHOIS only; `.jp` is the one we read (facts, addenda). */
export interface WhoisRegistries {
  /** `cannot-know` for top-level domains whose answers we can't read. Never throws. */
  readRegistration(domain: string): Promise<Registration>;
}
