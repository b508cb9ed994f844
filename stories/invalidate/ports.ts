import type { CloudFrontReader, CloudFrontWriter } from '../../aws/cloudfront/port.ts';
import type { BusPublisher, ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Invalidations } from '../../aws/state/invalidations-port.ts';
import type { Leases, Pauses, StoredPlans } from '../../aws/state/port.ts';
import type { PlaceGroups } from '../../domain/invalidation/places.ts';
import type { Report } from '../../domain/report.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Surroundings } from '../log.ts';

/** Answers to the order itself, seen by who gave it; Slack takes five within 30 minutes. */
export interface OrderAnswers {
  /** Best effort, within seconds, and never throws: what can't be answered is logged, and `false`. */
  tell(
    asker: { readonly orderId: string; readonly orderedAt: string; readonly responseUrl: string },
    report: Report,
  ): Promise<boolean>;
}

/** What asking for an invalidation reads and writes. */
export interface RequestPorts extends Surroundings {
  readonly stage: Stage;
  readonly groups: PlaceGroups;
  readonly cloudFront: CloudFrontReader;
  readonly invalidations: Pick<Invalidations, 'add' | 'hasten' | 'readRequests' | 'pathsSentIn'>;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly invalidationQueue: WaitingQueue;
}

/** What telling needs. */
export interface TellingPorts extends Surroundings {
  readonly stage: Stage;
  readonly reports: ReportPublisher;
  readonly answers: OrderAnswers;
  readonly bus: BusPublisher;
  readonly plans: Pick<StoredPlans, 'store'>;
}

/** What sending what is in line, and following what was sent, reads and writes. */
export interface InvalidationPorts extends TellingPorts {
  readonly cloudFront: CloudFrontReader & CloudFrontWriter;
  readonly invalidations: Invalidations;
  readonly leases: Leases;
  readonly pauses: Pick<Pauses, 'find'>;
  readonly invalidationQueue: WaitingQueue;
  /** From 0 to below 1, for delays that don't meet. */
  readonly random: () => number;
}
