import type { CloudWatchClient, CompositeAlarm, MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Alarm, AlarmBasis, AlarmState, WatchedMetric } from '../../domain/diagnosis/alarm.ts';
import { alarmNamesIn } from '../../domain/diagnosis/alarm.ts';
import { given, knownValue } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { batchesOf } from '../batches.ts';
import { readPages } from '../pages.ts';
import { cloudWatchClient } from './client.ts';
import type { AlarmReader } from './port.ts';

const CALL: AwsCall = { service: 'CloudWatch', action: 'DescribeAlarms' };

/** @see CloudWatch API reference, `DescribeAlarms`: AlarmNames and MaxRecords */
const NAMES_PER_CALL = 100;

const STATES: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

interface Dimensioned {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?:
    | readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
}

const watchedMetric = (
  { Namespace, MetricName, Dimensions = [] }: Dimensioned,
  statistic: string | undefined,
  periodSeconds: number | undefined,
  accountId?: string | undefined,
): readonly WatchedMetric[] =>
  Namespace === undefined || MetricName === undefined
    ? []
    : [
        {
          namespace: Namespace,
          name: MetricName,
          dimensions: Object.fromEntries(
            Dimensions.flatMap(({ Name, Value }) => (Name === undefined || Value === undefined ? [] : [[Name, Value]])),
          ),
          statistic,
          periodSeconds,
          ...(accountId === undefined ? {} : { accountId }),
        },
      ];

const ofQuery = ({ MetricStat, AccountId }: MetricDataQuery): readonly WatchedMetric[] =>
  MetricStat === undefined ? [] : watchedMetric(MetricStat.Metric ?? {}, MetricStat.Stat, MetricStat.Period, AccountId);

const isBand = (expression: string): boolean => /\bANOMALY_DETECTION_BAND\s*\(/i.test(expression);

/** Every series that a metric alarm is computed from; none for a query. */
export const seriesOf = (alarm: MetricAlarm): readonly WatchedMetric[] => [
  ...watchedMetric(alarm, alarm.Statistic ?? alarm.ExtendedStatistic, alarm.Period),
  ...(alarm.Metrics ?? []).flatMap(ofQuery),
];

const metricBasis = (alarm: MetricAlarm): AlarmBasis => {
  const queries = alarm.Metrics ?? [];
  const metrics = seriesOf(alarm);
  if (metrics.length === 0) return { kind: 'query' };
  const expressions = queries.flatMap(({ Expression }) => Expression ?? []);
  return {
    kind: 'metrics',
    metrics,
    isMath: expressions.some((expression) => !isBand(expression)),
    isAnomaly: expressions.some(isBand),
  };
};

const toAlarm = (alarm: MetricAlarm | CompositeAlarm, basis: AlarmBasis): Alarm => ({
  name: given(CALL, 'AlarmName', alarm.AlarmName),
  arn: given(CALL, 'AlarmArn', alarm.AlarmArn),
  description: alarm.AlarmDescription || undefined,
  tags: {},
  basis,
  state: knownValue(CALL, 'StateValue', alarm.StateValue, STATES),
  previousState: undefined,
  since: alarm.StateUpdatedTimestamp,
  threshold: 'Threshold' in alarm ? alarm.Threshold : undefined,
  ...('ComparisonOperator' in alarm && alarm.ComparisonOperator !== undefined
    ? { breachesAtThreshold: alarm.ComparisonOperator.includes('OrEqualTo') }
    : {}),
  recentValues: [],
  mutedUntil: undefined,
  isSuppressed: false,
});

const compositeBasis = ({ AlarmRule }: CompositeAlarm): AlarmBasis => {
  const rule = given(CALL, 'AlarmRule', AlarmRule);
  return { kind: 'composite', rule, triggeringAlarms: [], childAlarms: alarmNamesIn(rule) };
};

/** Reads alarms by name. Without its types named, the call leaves composite ones out. */
export const alarmReader = (client: CloudWatchClient = cloudWatchClient()): AlarmReader => ({
  async readAlarms(names) {
    const alarms: Alarm[] = [];
    for (const AlarmNames of batchesOf([...new Set(names)], NAMES_PER_CALL)) {
      const pages = await readPages(
        CALL,
        (NextToken) =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmNames: [...AlarmNames],
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              MaxRecords: NAMES_PER_CALL,
              NextToken,
            }),
          ),
        ({ NextToken }) => NextToken,
      );
      for (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
        alarms.push(
          ...MetricAlarms.map((alarm) => toAlarm(alarm, metricBasis(alarm))),
          ...CompositeAlarms.map((alarm) => toAlarm(alarm, compositeBasis(alarm))),
        );
    }
    return alarms;
  },
});
