import type { InstanceRefreshReader } from '../../aws/auto-scaling/port.ts';
import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Ledger, StoredPlans, Watches } from '../../aws/state/port.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** Everything the story of following new targets reads and says through. It writes nothing in AWS. */
export interface FollowingPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Ec2Reader;
  readonly loadBalancing: LoadBalancingReader;
  /** Says by a group's tag who the clients are, where targets see them. */
  readonly tags: Pick<BalancingFleetReader, 'readTags'>;
  readonly refreshes: InstanceRefreshReader;
  readonly ledger: Ledger;
  readonly watches: Watches;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly reports: ReportPublisher;
  readonly watchQueue: WaitingQueue;
}
