import type { CertificateReaders } from '../../aws/acm/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { HostedZoneReader } from '../../aws/route53/port.ts';
import type { RegisteredDomainReader } from '../../aws/route53-domains/port.ts';
import type { ServingReader } from '../../aws/serving/port.ts';
import type { ExpiryMemory } from '../../aws/state/expiry-port.ts';
import type { Leases, QuietMatters, StoredPlans, Watches } from '../../aws/state/port.ts';
import type { DnsAnswer } from '../../domain/expiry/dns-answer.ts';
import type { Registration } from '../../domain/expiry/registration.ts';
import type { Endpoint, Handshake } from '../../domain/expiry/served.ts';
import type { ExpirySettings } from '../../domain/expiry/settings.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** Everything the watch over certificates and domains reads, writes and says through. */
export interface ExpiryPorts extends Surroundings {
  readonly stage: Stage;
  readonly settings: ExpirySettings;
  readonly certificates: CertificateReaders;
  readonly serving: ServingReader;
  readonly hostedZones: HostedZoneReader;
  readonly registeredDomains: RegisteredDomainReader;
  readonly dns: {
    findDelegation(name: string): Promise<{ readonly zone: string; readonly servers: readonly string[] } | undefined>;
    askCname(name: string, server?: string): Promise<DnsAnswer>;
  };
  readonly tls: { shakeHands(endpoint: Pick<Endpoint, 'host' | 'port' | 'connectTo'>): Promise<Handshake> };
  /** RDAP where there is one, else WHOIS: what registries say outside AWS. */
  readonly registries: { readRegistration(domain: string): Promise<Registration> };
  /** The registrable domain of a name, by the Public Suffix List; `undefined` for what has none. */
  readonly registrableDomain: (name: string) => string | undefined;
  readonly memory: ExpiryMemory;
  readonly leases: Leases;
  /** The chain of looks at what waits for a record. */
  readonly watches: Watches;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly quietMatters: Pick<QuietMatters, 'isQuiet'>;
  readonly reports: ReportPublisher;
  /** The queue the watch is woken from, for looks that are due later and for what one run could not finish. */
  readonly expiryQueue: WaitingQueue;
}
