import type { Registration } from '../domain/expiry/registration.ts';
import type { RdapRegistries } from './rdap/port.ts';
import type { WhoisRegistries } from './whois/port.ts';

/** What registries say of a domain, whatever they speak. */
export interface Registries {
  /** RDAP's word where there is one, else WHOIS's, else why neither has any. Never throws. */
  readRegistration(domain: string): Promise<Registration>;
}

const hasSaid = ({ kind }: Registration): boolean => kind === 'registered' || kind === 'not-registered';

/** Asks RDAP, and WHOIS where RDAP has no answer. */
export const registries = (rdap: RdapRegistries, whois: WhoisRegistries): Registries => ({
  async readRegistration(domain) {
    const byRdap = await rdap.readRegistration(domain);
    if (hasSaid(byRdap)) return byRdap;
    const byWhois = await whois.readRegistration(domain);
    // Of two that don't say, the one that could have: for most domains WHOIS is no source, which explains nothing.
    return byWhois.kind === 'cannot-know' && byWhois.why === 'NoSource' ? byRdap : byWhois;
  },
});
