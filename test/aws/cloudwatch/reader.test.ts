import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { alarmReader } from '../../../aws/cloudwatch/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  cloudWatch.reset();
});

const reader = alarmReader(new CloudWatchClient({ region: 'ap-northeast-1' }));
const arnOf = (name: string): string => `arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:${name}`;
const named = (AlarmName: string) => ({ AlarmName, AlarmArn: arnOf(AlarmName), StateValue: 'ALARM' as const });
const Dimensions = [{ Name: 'TargetGroup', Value: 'targetgroup/web/0123456789abcdef' }];
const series = {
  namespace: 'AWS/ApplicationELB',
  name: 'UnHealthyHostCount',
  dimensions: { TargetGroup: 'targetgroup/web/0123456789abcdef' },
  statistic: 'Minimum',
  periodSeconds: 60,
};
const Metric = { Namespace: 'AWS/ApplicationELB', MetricName: 'UnHealthyHostCount', Dimensions };

test('Given alarms of every make, when they are read, then each tells what it is computed from', async () => {
  const since = new Date('2026-11-22T03:02:00.000Z');
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      {
        ...named('plain'),
        ...Metric,
        Statistic: 'Minimum',
        Period: 60,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        StateUpdatedTimestamp: since,
        AlarmDescription: 'web',
      },
      {
        ...named('math'),
        Metrics: [
          { Id: 'e1', Expression: 'm1 / 2' },
          { Id: 'm1', AccountId: '210987654321', MetricStat: { Metric, Period: 60, Stat: 'Minimum' } },
        ],
        ComparisonOperator: 'LessThanOrEqualToThreshold',
      },
      {
        ...named('band'),
        Metrics: [
          { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Minimum' } },
          { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' },
        ],
      },
      { ...named('query'), Metrics: [{ Id: 'q1', Expression: 'SELECT MAX(CPUUtilization) FROM "AWS/EC2"' }] },
    ],
    CompositeAlarms: [{ ...named('whole'), AlarmRule: `ALARM("plain") OR ALARM(${arnOf('math')})` }],
  });
  const alarms = await reader.readAlarms(['plain', 'math', 'band', 'query', 'whole', 'gone', 'plain']);
  expect(alarms.map(({ breachesAtThreshold }) => breachesAtThreshold)).toEqual([
    false,
    true,
    undefined,
    undefined,
    undefined,
  ]);
  expect(alarms.map(({ name, basis }) => [name, basis])).toEqual([
    ['plain', { kind: 'metrics', metrics: [series], isMath: false, isAnomaly: false }],
    ['math', { kind: 'metrics', metrics: [{ ...series, accountId: '210987654321' }], isMath: true, isAnomaly: false }],
    ['band', { kind: 'metrics', metrics: [series], isMath: false, isAnomaly: true }],
    ['query', { kind: 'query' }],
    [
      'whole',
      {
        kind: 'composite',
        rule: `ALARM("plain") OR ALARM(${arnOf('math')})`,
        triggeringAlarms: [],
        childAlarms: ['plain', 'math'],
      },
    ],
  ]);
  expect(alarms[0]).toMatchObject({ arn: arnOf('plain'), state: 'ALARM', since, threshold: 0, description: 'web' });
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand).map(({ args }) => args[0].input)).toEqual([
    {
      AlarmNames: ['plain', 'math', 'band', 'query', 'whole', 'gone'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
      NextToken: undefined,
    },
  ]);
});

test('Given a hundred and one names, then two calls are made; given none, none is', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({});
  expect(await reader.readAlarms([])).toEqual([]);
  await reader.readAlarms(Array.from({ length: 101 }, (_, index) => `alarm-${index}`));
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand)).toHaveLength(2);
});

test('Given a refusal, then it is the caller’s to decide', async () => {
  cloudWatch.on(DescribeAlarmsCommand).rejects(awsRefusal('AccessDenied', 'no'));
  await expect(reader.readAlarms(['plain'])).rejects.toMatchObject({ meaning: 'denied', action: 'DescribeAlarms' });
});
