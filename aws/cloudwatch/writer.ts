import type { CloudWatchClient, ComparisonOperator, Statistic } from '@aws-sdk/client-cloudwatch';
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { cloudWatchClient } from './client.ts';
import type { AlarmWriter } from './port.ts';

/** Makes and deletes alarms. They have no actions: Usher hears of every change of state from EventBridge. */
export const alarmWriter = (client: CloudWatchClient = cloudWatchClient()): AlarmWriter => ({
  async putAlarm(name, description, definition, tags) {
    await callAws({ service: 'CloudWatch', action: 'PutMetricAlarm' }, () =>
      client.send(
        new PutMetricAlarmCommand({
          AlarmName: name,
          AlarmDescription: description,
          Namespace: definition.namespace,
          MetricName: definition.metric,
          Dimensions: Object.entries(definition.dimensions).map(([Name, Value]) => ({ Name, Value })),
          Statistic: definition.statistic as Statistic,
          Period: definition.periodSeconds,
          EvaluationPeriods: definition.evaluationPeriods,
          DatapointsToAlarm: definition.datapointsToAlarm,
          Threshold: definition.threshold,
          ComparisonOperator: definition.comparison as ComparisonOperator,
          TreatMissingData: definition.missingData,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      ),
    );
  },
  async deleteAlarm(name) {
    try {
      await callAws({ service: 'CloudWatch', action: 'DeleteAlarms' }, () =>
        client.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
      );
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.meaning !== 'not-found') throw error;
    }
  },
});
