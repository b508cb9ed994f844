import type { Named } from '../named.ts';

/** Why a group that a person asked an alarm for gets none. */
export type NoAlarmBecause =
  | 'Paused'
  | 'OutsideVpcs'
  | 'OtherStage'
  | 'Ignored'
  | 'ReportOnly'
  | 'GroupGone'
  | 'Unused' // no listener sends to it
  | 'NotCounted' // functions, or other balancers: CloudWatch doesn't count them
  | 'NoSeriesYet' // a Gateway balancer that CloudWatch has no data of
  | 'HasOne'
  | 'RefusedByAws';

/** Groups without an alarm on unhealthy hosts, and what one would cost. */
export interface AlarmsOffered {
  readonly kind: 'alarms-offered';
  readonly targetGroups: readonly Named[];
  readonly count: number;
  /** Of these, groups whose alarm we had made and somebody deleted. */
  readonly deleted: number;
  /** Whether they are groups where we only report. */
  readonly onlyReports: boolean;
  /** US dollars a month for one. */
  readonly monthlyPrice: string;
}

/** A group that gets no alarm though somebody wants one. */
export interface AlarmNotMade {
  readonly targetGroup: Named;
  readonly because: NoAlarmBecause;
  /** AWS's code, where it refused. */
  readonly code?: string;
}

/** Alarms that Usher made or took away. */
export interface AlarmsChanged {
  readonly kind: 'alarms-changed';
  /** Groups that have an alarm now. */
  readonly created: readonly Named[];
  readonly createdCount: number;
  /** Groups that are gone, and their alarms with them. */
  readonly removed: readonly Named[];
  readonly removedCount: number;
  readonly notMade: readonly AlarmNotMade[];
  readonly notMadeCount: number;
  /** US dollars a month for one. */
  readonly monthlyPrice: string;
}

export type AlarmReportBody = AlarmsOffered | AlarmsChanged;
