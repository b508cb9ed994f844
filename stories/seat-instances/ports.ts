import type { AutoScalingReader } from '../../aws/auto-scaling/port.ts';
import type { Ec2Reader, Ec2Writer } from '../../aws/ec2/port.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Holds } from '../../aws/state/holds-port.ts';
import type { Budgets, Leases, Ledger, Pauses, StoredPlans, Watches } from '../../aws/state/port.ts';
import type { RecentChanges } from '../../aws/state/recent-changes-port.ts';
import type { TaggingReader } from '../../aws/tagging/port.ts';
import type { TagChange } from '../../domain/seating/holds.ts';
import type { Stage } from '../../domain/stage.ts';
import type { LookAgainReason } from '../../events/look-again.ts';
import type { Surroundings } from '../log.ts';

/** Everything the story of seating reads, writes and says through. */
export interface SeatingPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Ec2Reader & Ec2Writer;
  readonly loadBalancing: LoadBalancingReader & LoadBalancingWriter;
  readonly tagging: TaggingReader;
  readonly autoScaling: AutoScalingReader;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly watches: Watches;
  /** Where additions of instances that ran already are counted. */
  readonly budgets: Pick<Budgets, 'count'>;
  readonly pauses: Pick<Pauses, 'find' | 'listStoppedGroups'>;
  /** Who changed what, where CloudTrail told. */
  readonly recentChanges: Pick<RecentChanges, 'list'>;
  /** What of ours others took away, and what was said of it. */
  readonly holds: Holds;
  /** Where offers to people are kept. */
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly reports: ReportPublisher;
  readonly watchQueue: WaitingQueue;
}

/** The same, for whoever looks at instances of which an event told: a look may have to be put off. */
export interface LookingPorts extends SeatingPorts {
  /** Where a look is put off to: the queue this story is woken from. */
  readonly launchQueue: WaitingQueue;
}

/** One instance to look at, and how often it has been looked at. */
export interface Sighting {
  readonly instanceId: string;
  /** 0 for the event's own look. */
  readonly attempt: number;
  readonly firstSeenAt: Date;
  /** Why this look was put off; absent for the event's own. */
  readonly reason?: LookAgainReason;
  /** Changes of its tags that events told of. */
  readonly tagChanges?: readonly TagChange[];
}
