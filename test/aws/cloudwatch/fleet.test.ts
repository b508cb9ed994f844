import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { alarmFleetReader } from '../../../aws/cloudwatch/fleet-reader.ts';
import { alarmWriter } from '../../../aws/cloudwatch/writer.ts';
import type { AlarmDefinition } from '../../../domain/alarms/definition.ts';
import { awsRefusal } from '../aws-refusal.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  cloudWatch.reset();
});

const client = new CloudWatchClient({ region: 'ap-northeast-1' });
const reader = alarmFleetReader(client);
const writer = alarmWriter(client);

const dimensions = { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: 'targetgroup/web/0123456789abcdef' };
const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
const Metric = { Namespace: 'AWS/ApplicationELB', MetricName: 'UnHealthyHostCount', Dimensions };
const SERIES = {
  namespace: 'AWS/ApplicationELB',
  name: 'UnHealthyHostCount',
  dimensions,
  statistic: 'Minimum',
  periodSeconds: 60,
};
const PLAIN = {
  AlarmName: 'plain',
  ...Metric,
  Statistic: 'Minimum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
} as const;
const DEFINITION: AlarmDefinition = {
  namespace: 'AWS/ApplicationELB',
  metric: 'UnHealthyHostCount',
  dimensions,
  statistic: 'Minimum',
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
};

describe('Every metric alarm of the account', () => {
  test('Given alarms of every make on two pages, when all are read, then each tells what it watches, and plain ones how', async () => {
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({
        MetricAlarms: [
          PLAIN,
          {
            AlarmName: 'math',
            Metrics: [
              { Id: 'e1', Expression: 'm1 / 2' },
              { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Minimum' } },
            ],
            AlarmActions: ['arn:aws:sns:x:1:ops'],
          },
        ],
        NextToken: 'second',
      })
      .resolvesOnce({
        MetricAlarms: [
          {
            AlarmName: 'query',
            Metrics: [{ Id: 'q1', Expression: 'SELECT MAX(UnHealthyHostCount) FROM "AWS/NetworkELB"' }],
          },
          { ...PLAIN, AlarmName: 'as AWS fills it in', DatapointsToAlarm: undefined, TreatMissingData: undefined },
        ],
      });
    expect(await reader.readEveryMetricAlarm()).toEqual([
      { name: 'plain', series: [SERIES], expressions: [], definition: DEFINITION, hasActions: false },
      { name: 'math', series: [SERIES], expressions: ['m1 / 2'], definition: undefined, hasActions: true },
      {
        name: 'query',
        series: [],
        expressions: ['SELECT MAX(UnHealthyHostCount) FROM "AWS/NetworkELB"'],
        definition: undefined,
        hasActions: false,
      },
      {
        name: 'as AWS fills it in',
        series: [SERIES],
        expressions: [],
        definition: { ...DEFINITION, datapointsToAlarm: 3, missingData: 'missing' },
        hasActions: false,
      },
    ]);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand).map(({ args }) => args[0].input)).toEqual([
      { AlarmTypes: ['MetricAlarm'], MaxRecords: 100, NextToken: undefined },
      { AlarmTypes: ['MetricAlarm'], MaxRecords: 100, NextToken: 'second' },
    ]);
  });

  test('Given a page is refused, then the list is not a shorter one', async () => {
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [PLAIN], NextToken: 'second' })
      .rejects(awsRefusal('AccessDenied', 'no'));
    await expect(reader.readEveryMetricAlarm()).rejects.toMatchObject({ meaning: 'denied', action: 'DescribeAlarms' });
  });
});

test('Given series of Gateway groups, with zones and without, then each group’s balancer is spelt as CloudWatch has it', async () => {
  const series = (LoadBalancer: string, TargetGroup: string, AvailabilityZone?: string) => ({
    Dimensions: Object.entries({ LoadBalancer, TargetGroup, ...(AvailabilityZone ? { AvailabilityZone } : {}) }).map(
      ([Name, Value]) => ({ Name, Value }),
    ),
  });
  cloudWatch.on(ListMetricsCommand).resolves({
    Metrics: [
      series('gateway/fw/1', 'targetgroup/fw/1', 'ap-northeast-1a'),
      series('gateway/fw/1', 'targetgroup/fw/1'),
      series('gwy/ids/2', 'targetgroup/ids/2'),
      { Dimensions: [{ Name: 'LoadBalancer', Value: 'gateway/none/3' }] },
    ],
  });
  expect(await reader.readGatewaySpelling()).toEqual(
    new Map([
      ['targetgroup/fw/1', 'gateway/fw/1'],
      ['targetgroup/ids/2', 'gwy/ids/2'],
    ]),
  );
  expect(cloudWatch.commandCalls(ListMetricsCommand)[0]?.args[0].input).toMatchObject({
    Namespace: 'AWS/GatewayELB',
    MetricName: 'UnHealthyHostCount',
  });
});

describe('Writing alarms', () => {
  test('Given a definition, when it is put, then the call says all of it, with the tags and no actions', async () => {
    cloudWatch.on(PutMetricAlarmCommand).resolves({});
    await writer.putAlarm('ours', 'Unhealthy targets of web', DEFINITION, { 'usher:owner': 'prod' });
    const { AlarmName: _, ...rest } = PLAIN;
    expect(cloudWatch.commandCalls(PutMetricAlarmCommand).map(({ args }) => args[0].input)).toEqual([
      {
        AlarmName: 'ours',
        AlarmDescription: 'Unhealthy targets of web',
        ...rest,
        Tags: [{ Key: 'usher:owner', Value: 'prod' }],
      },
    ]);
  });

  test('Given an alarm is deleted that is gone, then it is none the less deleted; what is refused is the caller’s to decide', async () => {
    cloudWatch
      .on(DeleteAlarmsCommand)
      .rejectsOnce(awsRefusal('ResourceNotFound', 'gone'))
      .rejects(awsRefusal('AccessDenied', 'no'));
    await writer.deleteAlarm('ours');
    await expect(writer.deleteAlarm('ours')).rejects.toMatchObject({ meaning: 'denied', action: 'DeleteAlarms' });
    expect(cloudWatch.commandCalls(DeleteAlarmsCommand)[0]?.args[0].input).toEqual({ AlarmNames: ['ours'] });
  });
});
