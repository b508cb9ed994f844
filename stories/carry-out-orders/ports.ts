import type { CompanionGroups } from '../../aws/ec2/companion-port.ts';
import type { FleetReader } from '../../aws/ec2/fleet-port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { BalancerSecurityGroups } from '../../aws/elastic-load-balancing/security-groups-port.ts';
import type { WaitingQueue } from '../../aws/queues/port.ts';
import type { Closings } from '../../aws/state/closings-port.ts';
import type { Budgets, Orders, Pauses, QuietMatters, ShownChanges, StoredPlans } from '../../aws/state/port.ts';
import type { Sweeps } from '../../aws/state/sweeps-port.ts';
import type { Authorisation } from '../../domain/authorisation.ts';
import type { Command } from '../../domain/command.ts';
import type { ExpiryTable } from '../../domain/expiry/report.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { Examination } from '../doctor/story.ts';
import type { RequestPorts } from '../invalidate/ports.ts';
import type { RepairingPorts } from '../repair-paths/approved.ts';

/** Something to be told about an order, and whom it concerns. */
export interface Saying {
  readonly report: Report;
  /** `person`: only who gave the order needs to see it. */
  readonly audience: 'person' | 'channel';
}

/** The way back to who gave an order. */
export interface OrderReplies {
  /** Answers at the order's own address; `false` when Slack takes no more answers there, or took this one not. */
  reply(order: Order, saying: Saying): Promise<boolean>;
}

/** Everything the story of an order reads, writes and says through. */
export interface OrderPorts extends RepairingPorts, RequestPorts {
  readonly orders: Pick<Orders, 'begin' | 'finish' | 'giveBack'>;
  readonly plans: StoredPlans;
  /** What may be taken out within the hour. */
  readonly budgets: Budgets;
  readonly quietMatters: Pick<QuietMatters, 'silence'>;
  readonly pauses: Pauses;
  readonly shownChanges: ShownChanges;
  /** How sweeps stand. */
  readonly sweeps: Pick<Sweeps, 'read'>;
  readonly balancingFleet: BalancingFleetReader;
  readonly closings: Closings;
  /** Security groups of our own, and what balancers wear. */
  readonly companions: CompanionGroups;
  readonly balancerGroups: BalancerSecurityGroups;
  readonly fleet: Pick<FleetReader, 'readInstancesNamed' | 'readRule' | 'readRulesTagged'>;
  /** The queue of the watch over certificates and domains, for a look out of turn. */
  readonly expiryQueue: WaitingQueue;
  /** What ends when, of certificates and domains, as it is now. */
  readonly readExpiryTable: () => Promise<ExpiryTable>;
  /** Looks into a URL, a target group, a load balancer or an instance, as a person named it. Writes nothing. */
  readonly examine: (said: string) => Promise<Examination>;
  /** The queue of the sweep, for one out of turn. */
  readonly sweepQueue: WaitingQueue;
  readonly authorisation: Authorisation;
  /** Command grammar: what was typed, understood. */
  readonly understand: (command: string, text: string) => Command;
  readonly replies: OrderReplies;
}
