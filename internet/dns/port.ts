import type { DnsAnswer } from '../../domain/expiry/dns-answer.ts';

/** Whom public DNS sends the asker to for a name. */
export interface Delegation {
  /** The closest zone above or at the name. */
  readonly zone: string;
  /**
   * Its name servers without last dots, in order: as the parent's servers give them, whether they answer or not; as the
   * resolver gives them, where the parent's can't be asked.
   */
  readonly servers: readonly string[];
}

/** Public DNS. No method throws: what could not be asked is an answer. */
export interface PublicDns {
  /** `undefined` when no server said, or the registry delegates the domain to nobody. */
  findDelegation(name: string): Promise<Delegation | undefined>;
  /** The CNAME of a name as one server gives it. @param server a name server's name or address; the resolver's own without it */
  askCname(name: string, server?: string): Promise<DnsAnswer>;
}
