import type { AutoScalingReader } from '../../aws/auto-scaling/port.ts';
import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Budgets, Leases, Ledger, Pauses, StoredPlans, Watches } from '../../aws/state/port.ts';
import type { TaggingReader } from '../../aws/tagging/port.ts';
import type { DeregisterTarget } from '../../domain/change.ts';
import type { Permission } from '../../domain/permit.ts';
import type { DepartureSign, Staying } from '../../domain/seating/departures.ts';
import type { Stage } from '../../domain/stage.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import type { Surroundings } from '../log.ts';

/** Everything the story of taking out of one group reads, writes and says through. */
export interface GroupPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Pick<Ec2Reader, 'readInstances' | 'readInterfacesByAddress'>;
  readonly loadBalancing: Pick<LoadBalancingReader, 'readTargetGroups' | 'readTargetHealth'> &
    Pick<LoadBalancingWriter, 'deregisterTargets'>;
  readonly tagging: TaggingReader;
  readonly autoScaling: AutoScalingReader;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Pick<Budgets, 'take'>;
  readonly pauses: Pick<Pauses, 'find' | 'listStoppedGroups'>;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly watches: Watches;
  readonly watchQueue: WaitingQueue;
  readonly reports: ReportPublisher;
}

/** The same, for whoever looks at instances of which an event told: a look may have to be put off. */
export interface UnseatingPorts extends GroupPorts {
  /** Where a look is put off to: the queue of `register-targets`. */
  readonly launchQueue: WaitingQueue;
}

/** One instance that may have to leave its groups, and how often it has been looked at. */
export interface Departing {
  readonly instanceId: string;
  /** 0 for the event's own look. */
  readonly attempt: number;
  readonly firstSeenAt: Date;
  /** What AWS said of it while it was running. */
  readonly sign?: DepartureSign;
  /** Nothing but a change of its tags brought us here. */
  readonly byTags?: boolean;
  /** An event said that it was terminated. */
  readonly saidTerminated?: boolean;
  /** When an earlier look didn't find it. */
  readonly absentSince?: Date;
}

/** What came of one group. */
export interface GroupUnseating {
  readonly targetGroup: TargetGroup;
  /** What may be taken out, and what not, with the reason; budgets included once it was applied. */
  readonly permission: Permission;
  /** Removals that AWS took. */
  readonly removed: readonly DeregisterTarget[];
  /** Removals that AWS refused. */
  readonly failed: readonly DeregisterTarget[];
  /** Who seems to belong there no more, and stays. */
  readonly staying: readonly Staying[];
}

/** What came of looking at some groups. */
export interface Unseating {
  readonly groups: readonly GroupUnseating[];
  /** ARNs of groups that others had the lease of: nothing of them was looked at. */
  readonly busy: readonly string[];
}

/** How many, for the log. */
export interface UnseatingOutcome {
  readonly groups: number;
  readonly removed: number;
  readonly failed: number;
  readonly withheld: number;
  readonly staying: number;
  readonly busy: number;
}
