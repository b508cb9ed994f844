import type { CloudWatchClient, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DescribeAlarmsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmDefinition, StandingAlarm } from '../../domain/alarms/definition.ts';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { readPages } from '../pages.ts';
import { cloudWatchClient } from './client.ts';
import type { AlarmFleetReader } from './port.ts';
import { seriesOf } from './reader.ts';

const ALARMS: AwsCall = { service: 'CloudWatch', action: 'DescribeAlarms' };
const METRICS: AwsCall = { service: 'CloudWatch', action: 'ListMetrics' };

/** @see CloudWatch API reference, `DescribeAlarms`, MaxRecords */
const ALARMS_PER_PAGE = 100;

/** What a plain alarm on one series says; where it names no number of datapoints, every period has to be one. */
const definitionOf = (alarm: MetricAlarm): AlarmDefinition | undefined => {
  const [series] = alarm.Metrics === undefined || alarm.Metrics.length === 0 ? seriesOf(alarm) : [];
  const { EvaluationPeriods, Threshold, ComparisonOperator } = alarm;
  if (series?.statistic === undefined || series.periodSeconds === undefined) return undefined;
  if (EvaluationPeriods === undefined || Threshold === undefined || ComparisonOperator === undefined) return undefined;
  return {
    namespace: series.namespace,
    metric: series.name,
    dimensions: series.dimensions,
    statistic: series.statistic,
    periodSeconds: series.periodSeconds,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? EvaluationPeriods,
    threshold: Threshold,
    comparison: ComparisonOperator,
    missingData: alarm.TreatMissingData ?? 'missing',
  };
};

const toStanding = (alarm: MetricAlarm): StandingAlarm => ({
  name: given(ALARMS, 'AlarmName', alarm.AlarmName),
  series: seriesOf(alarm),
  expressions: (alarm.Metrics ?? []).flatMap(({ Expression }) => Expression ?? []),
  definition: definitionOf(alarm),
  hasActions: [alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions].some(
    (actions = []) => actions.length > 0,
  ),
});

/** Reads every metric alarm page by page. Composite ones are made of these, and need no look of their own. */
export const alarmFleetReader = (client: CloudWatchClient = cloudWatchClient()): AlarmFleetReader => ({
  async readEveryMetricAlarm() {
    const pages = await readPages(
      ALARMS,
      (NextToken) =>
        client.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], MaxRecords: ALARMS_PER_PAGE, NextToken })),
      ({ NextToken }) => NextToken,
    );
    return pages.flatMap(({ MetricAlarms = [] }) => MetricAlarms.map(toStanding));
  },
  async readGatewaySpelling() {
    const pages = await readPages(
      METRICS,
      (NextToken) =>
        client.send(
          new ListMetricsCommand({ Namespace: 'AWS/GatewayELB', MetricName: 'UnHealthyHostCount', NextToken }),
        ),
      ({ NextToken }) => NextToken,
    );
    return new Map(
      pages.flatMap(({ Metrics = [] }) =>
        Metrics.flatMap(({ Dimensions = [] }) => {
          const dimension = (name: string) => Dimensions.find(({ Name }) => Name === name)?.Value;
          const [group, balancer] = [dimension('TargetGroup'), dimension('LoadBalancer')];
          return group === undefined || balancer === undefined ? [] : [[group, balancer] as const];
        }),
      ),
    );
  },
});
