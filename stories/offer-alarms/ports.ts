import type { AlarmFleetReader, AlarmWriter } from '../../aws/cloudwatch/port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { AlarmLedger } from '../../aws/state/alarms-port.ts';
import type { Leases, Pauses, StoredPlans } from '../../aws/state/port.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** Everything the story of alarms reads, writes and says through. */
export interface AlarmPorts extends Surroundings {
  readonly stage: Stage;
  readonly balancingFleet: Pick<BalancingFleetReader, 'readEveryTargetGroup' | 'readTags'>;
  readonly cloudWatch: AlarmFleetReader & AlarmWriter;
  readonly alarms: AlarmLedger;
  readonly leases: Leases;
  readonly pauses: Pauses;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly reports: ReportPublisher;
  /** The queue this story is woken from. */
  readonly sweepQueue: WaitingQueue;
}
