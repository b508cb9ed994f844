import type { WatchedMetric } from '../diagnosis/alarm.ts';

/** An alarm on one series, as far as it decides when it is raised. @see CloudWatch API reference, `PutMetricAlarm` */
export interface AlarmDefinition {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly missingData: string;
}

/** A metric alarm as it stands in the account. */
export interface StandingAlarm {
  readonly name: string;
  /** Every series it is computed from; none for a query. */
  readonly series: readonly WatchedMetric[];
  /** Expressions over them, and queries. */
  readonly expressions: readonly string[];
  /** What a plain alarm on one series is defined by; `undefined` for every other. */
  readonly definition: AlarmDefinition | undefined;
  /** Whether it does something by itself when its state changes. */
  readonly hasActions: boolean;
}

const sortedEntries = (dimensions: AlarmDefinition['dimensions']): string =>
  JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Whether two definitions raise the same alarm. */
export const sameDefinition = (one: AlarmDefinition, other: AlarmDefinition): boolean =>
  sortedEntries(one.dimensions) === sortedEntries(other.dimensions) &&
  one.namespace === other.namespace &&
  one.metric === other.metric &&
  one.statistic === other.statistic &&
  one.periodSeconds === other.periodSeconds &&
  one.evaluationPeriods === other.evaluationPeriods &&
  one.datapointsToAlarm === other.datapointsToAlarm &&
  one.threshold === other.threshold &&
  one.comparison === other.comparison &&
  one.missingData === other.missingData;
