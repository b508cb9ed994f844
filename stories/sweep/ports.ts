import type { CompanionGroups } from '../../aws/ec2/companion-port.ts';
import type { FleetReader } from '../../aws/ec2/fleet-port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { BalancerSecurityGroups } from '../../aws/elastic-load-balancing/security-groups-port.ts';
import type { WaitingQueue } from '../../aws/queues/port.ts';
import type { Closings } from '../../aws/state/closings-port.ts';
import type { ExpiryMemory } from '../../aws/state/expiry-port.ts';
import type { Budgets, DeliveredReports, Pauses } from '../../aws/state/port.ts';
import type { Sweeps } from '../../aws/state/sweeps-port.ts';
import type { LookingPorts } from '../seat-instances/ports.ts';

/** Everything the story of a sweep reads, writes and says through. */
export interface SweepPorts extends LookingPorts {
  readonly fleet: Pick<FleetReader, 'readEveryInstance' | 'readRulesTagged' | 'readGroupsNamed'>;
  readonly balancingFleet: BalancingFleetReader;
  readonly budgets: Budgets;
  readonly pauses: Pauses;
  readonly sweeps: Sweeps;
  readonly closings: Closings;
  /** What sweeps said before, so that the same fact is not said every quarter of an hour. */
  readonly said: DeliveredReports;
  /** Where the next step waits: the queue this story is woken from. */
  readonly sweepQueue: WaitingQueue;
  /** Usher's own version. */
  readonly version: string;
}

/** The same for whoever tells how things stand, once a week. */
export interface TellingPorts extends SweepPorts {
  /** Security groups of our own, and what balancers wear. */
  readonly companions: CompanionGroups;
  readonly balancerGroups: BalancerSecurityGroups;
  /** What the watch over certificates and domains spoke of: the status has the next dates. */
  readonly expiry: Pick<ExpiryMemory, 'listAnnounced'>;
}
