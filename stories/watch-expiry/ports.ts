import type { CertificateReaders } from '../../aws/acm/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { HostedZoneReader } from '../../aws/route53/port.ts';
import type { RegisteredDomainReader } from '../../aws/route53-domains/port.ts';
import type { ExpiryMemory } from '../../aws/state/expiry-port.ts';
import type { Leases, QuietMatters, StoredPlans } from '../../aws/state/port.ts';
import type { CertificateUse } from '../../domain/expiry/certificate.ts';
import type { DnsAnswer } from '../../domain/expiry/dns-answer.ts';
import type { Registration } from '../../domain/expiry/registration.ts';
import type { Endpoint, Handshake } from '../../domain/expiry/served.ts';
import type { ExpirySettings } from '../../domain/expiry/settings.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** Where certificates are served: distributions and listeners, with the names they answer for. */
export interface ServingReader {
  /** Aliases of all distributions with the certificate attached. */
  readDistributionUses(): Promise<
    readonly (CertificateUse & { readonly certificateArn: string | undefined; readonly aliases: readonly string[] })[]
  >;
  /** TLS listeners of all balancers of a Region, with every certificate attached (default and SNI). */
  readListenerUses(region: string): Promise<
    readonly (CertificateUse & {
      readonly certificateArns: readonly string[];
      readonly dnsName: string;
      readonly isInternal: boolean;
    })[]
  >;
}

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
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly quietMatters: Pick<QuietMatters, 'isQuiet'>;
  readonly reports: ReportPublisher;
  /** The queue the watch is woken from, for looks that are due later and for what one run could not finish. */
  readonly expiryQueue: WaitingQueue;
}
