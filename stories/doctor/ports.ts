import type { FrontReader } from '../../aws/cloudfront/front-port.ts';
import type { CloudFrontReader } from '../../aws/cloudfront/port.ts';
import type { FleetReader } from '../../aws/ec2/fleet-port.ts';
import type { PublicAddressReader } from '../../aws/ec2/public-address-reader.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { HttpProbe } from '../../internet/http/port.ts';
import type { TlsProbe } from '../../internet/tls/port.ts';
import type { GatheringPorts } from '../diagnose/ports.ts';

/** What came of a look while there was time for it. */
type InTime<T> = { readonly kind: 'in-time'; readonly value: T } | { readonly kind: 'late' };

/** Everything that looking into something reads through. Nothing is written. */
export interface DoctorPorts extends GatheringPorts {
  readonly cloudFront: Pick<CloudFrontReader, 'readDistributions' | 'readTenantByDomain'>;
  readonly fronts: FrontReader;
  readonly fleet: Pick<FleetReader, 'readInstancesNamed'>;
  readonly balancingFleet: Pick<BalancingFleetReader, 'readEveryTargetGroup' | 'readEveryLoadBalancer'>;
  readonly addresses: PublicAddressReader;
  readonly http: HttpProbe;
  readonly tls: TlsProbe;
  /** Looks, while there is time for the whole examination: somebody waits. Throws what the look throws. */
  readonly inTime: <T>(look: () => Promise<T>) => Promise<InTime<T>>;
  /** Names that DNS leads through from a name; none where it leads straight to addresses, or nothing is known. Never throws. */
  readonly aliasesOf: (host: string) => Promise<readonly string[]>;
}
