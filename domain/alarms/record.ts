import type { Named } from '../named.ts';

/**
 * What is kept of a group and its alarm. `offered`: it has none, and that was said. `intended`, `removing`: written before
 * the call to AWS, settled by the next look if nobody did. `held`: ours, and somebody else deleted it.
 */
export type AlarmStanding = 'offered' | 'intended' | 'made' | 'held' | 'removing' | 'removed';

/** A group and its alarm, in the ledger of alarms. */
export interface AlarmRecord {
  readonly targetGroup: Named;
  /** Slack destination that hears about the group. */
  readonly destination: string;
  readonly alarmName: string;
  readonly standing: AlarmStanding;
  /** Since when it stands so, ISO 8601 in UTC. */
  readonly since: string;
  /** Whether that was said. */
  readonly isTold: boolean;
  /** Whether the group was tagged for an alarm when it was last looked at. */
  readonly isTagged: boolean;
  /** The order by which a person had it made. */
  readonly orderId?: string;
  /** When the group was first found to be gone, ISO 8601 in UTC. */
  readonly goneSince?: string;
}

/** Whether nothing differs between two records of a group, in whatever order a table gave their fields back. */
export const sameRecord = (one: AlarmRecord, other: AlarmRecord): boolean =>
  one.targetGroup.id === other.targetGroup.id &&
  one.targetGroup.name === other.targetGroup.name &&
  one.destination === other.destination &&
  one.alarmName === other.alarmName &&
  one.standing === other.standing &&
  one.since === other.since &&
  one.isTold === other.isTold &&
  one.isTagged === other.isTagged &&
  one.orderId === other.orderId &&
  one.goneSince === other.goneSince;
