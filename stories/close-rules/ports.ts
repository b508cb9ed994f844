import type { Ec2Reader, Ec2Writer } from '../../aws/ec2/port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Closings } from '../../aws/state/closings-port.ts';
import type { Budgets, DeliveredReports, Leases, Ledger, Pauses, StoredPlans } from '../../aws/state/port.ts';
import type { RecentChanges } from '../../aws/state/recent-changes-port.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** What is read to judge broader rules, and written to remove one and watch what comes of it. */
export interface RemovingPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Ec2Reader & Ec2Writer;
  readonly loadBalancing: LoadBalancingReader;
  readonly balancingFleet: BalancingFleetReader;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Budgets;
  readonly pauses: Pick<Pauses, 'find' | 'listStoppedGroups'>;
  readonly closings: Closings;
  /** Where the next look waits: the queue of `sweep`. */
  readonly sweepQueue: WaitingQueue;
}

/** Everything the story of closing reads, writes and says through. */
export interface ClosingPorts extends RemovingPorts {
  readonly recentChanges: Pick<RecentChanges, 'list'>;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly reports: ReportPublisher;
  /** What was said before, so that no fact is said twice. */
  readonly said: DeliveredReports;
}
