import type { RunningRefreshReader } from '../../aws/auto-scaling/port.ts';
import type { AlarmReader } from '../../aws/cloudwatch/port.ts';
import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { StatusReader } from '../../aws/ec2/status-port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { BalancerSettingsReader } from '../../aws/elastic-load-balancing/settings-port.ts';
import type { Counting } from '../../aws/lambda/counting.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Incidents } from '../../aws/state/incidents-port.ts';
import type { Ledger, Pauses, StoredPlans } from '../../aws/state/port.ts';
import type { RecentChanges } from '../../aws/state/recent-changes-port.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** What evidence is gathered through: reads, and what Usher remembers itself. */
export interface GatheringPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Ec2Reader;
  readonly statuses: StatusReader;
  readonly loadBalancing: LoadBalancingReader;
  readonly settings: BalancerSettingsReader;
  readonly tags: Pick<BalancingFleetReader, 'readTags'>;
  readonly runningRefreshes: RunningRefreshReader;
  readonly ledger: Pick<Ledger, 'listRecent' | 'readOwnership'>;
  readonly recentChanges: Pick<RecentChanges, 'list'>;
}

/** Everything the story of an alarm reads and says through. It writes nothing in AWS. */
export interface DiagnosisPorts extends GatheringPorts {
  readonly alarms: AlarmReader;
  /** Counts what is ignored: whoever wonders why nothing comes sees it there. */
  readonly count: Counting;
  /** Accounts whose alarms are answered, beside our own. */
  readonly trustedAccounts: readonly string[];
  readonly incidents: Incidents;
  readonly pauses: Pick<Pauses, 'find' | 'listStoppedGroups'>;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly reports: ReportPublisher;
  /** The queue this story is woken from, for later looks. */
  readonly diagnosisQueue: WaitingQueue;
}
