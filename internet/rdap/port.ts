import type { Registration } from '../../domain/expiry/registration.ts';

/** Registries that speak RDAP, found by IANA's bootstrap file (RFC 9224). */
export interface RdapRegistries {
  /** `cannot-know` when no RDAP service is named for its top-level domain. Never throws. */
  readRegistration(domain: string): Promise<Registration>;
}
