import type { CompanionGroups } from '../../aws/ec2/companion-port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { BalancerSecurityGroups } from '../../aws/elastic-load-balancing/security-groups-port.ts';
import type { SeatingPorts } from '../seat-instances/ports.ts';

/** What proposing a companion group reads, and says through. */
export interface ProposingPorts
  extends Pick<SeatingPorts, 'stage' | 'now' | 'newId' | 'ec2' | 'ledger' | 'plans' | 'reports'> {
  readonly balancingFleet: BalancingFleetReader;
}

/** Everything the stories of companion groups read, write and say through. */
export interface CompanionPorts extends SeatingPorts {
  readonly companions: CompanionGroups;
  readonly balancerGroups: BalancerSecurityGroups;
  readonly balancingFleet: BalancingFleetReader;
}
