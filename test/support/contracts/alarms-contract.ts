import { expect, test } from '@jest/globals';
import type { AlarmFleetReader, AlarmWriter } from '../../../aws/cloudwatch/port.ts';
import type { AlarmLedger } from '../../../aws/state/alarms-port.ts';
import type { AlarmDefinition } from '../../../domain/alarms/definition.ts';
import type { AlarmRecord } from '../../../domain/alarms/record.ts';

/** What is kept of a group whose alarm is about to be made. */
export const anAlarmRecord = (name: string): AlarmRecord => ({
  targetGroup: { id: `arn:aws:elasticloadbalancing:x:1:targetgroup/${name}/1`, name },
  destination: 'default',
  alarmName: `usher-prod-unhealthy-${name}`,
  standing: 'intended',
  since: '2026-11-22T03:01:07.000Z',
  isTold: false,
  isTagged: true,
});

/** What every ledger of alarms does; a fresh one for each test. */
export const alarmLedgerContract = (make: () => Promise<AlarmLedger>): void => {
  test('Given records of groups, when one is kept anew and one forgotten, then the list has what was kept last', async () => {
    const ledger = await make();
    const made: AlarmRecord = {
      ...anAlarmRecord('web'),
      standing: 'made',
      orderId: 'order',
      goneSince: '2026-11-22T04:00:00.000Z',
    };
    await ledger.write([anAlarmRecord('web'), anAlarmRecord('api'), anAlarmRecord('old')]);
    await ledger.write([made], [anAlarmRecord('old').targetGroup.id, anAlarmRecord('never').targetGroup.id]);
    expect(await ledger.list()).toStrictEqual([anAlarmRecord('api'), made]);
  });

  test('Given more records than one transaction takes, then all are kept, and all forgotten', async () => {
    const ledger = await make();
    const many = Array.from({ length: 130 }, (_, index) => anAlarmRecord(`web-${String(index).padStart(3, '0')}`));
    await ledger.write(many);
    expect(await ledger.list()).toStrictEqual(many);
    await ledger.write(
      [],
      many.map(({ targetGroup }) => targetGroup.id),
    );
    expect(await ledger.list()).toEqual([]);
  });

  test('Given nothing, then the list is empty', async () => {
    const ledger = await make();
    await ledger.write([]);
    expect(await ledger.list()).toEqual([]);
  });
};

const definition = (name: string): AlarmDefinition => ({
  namespace: 'AWS/ApplicationELB',
  metric: 'UnHealthyHostCount',
  dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: `targetgroup/${name}/0123456789abcdef` },
  statistic: 'Minimum',
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
});

/** What CloudWatch does with alarms; a fresh one for each test. */
export const cloudWatchContract = (make: () => Promise<AlarmFleetReader & AlarmWriter>): void => {
  test('Given alarms that were made, made anew and deleted, when all are read, then each is what it was made last', async () => {
    const cloudWatch = await make();
    const tags = { 'usher:owner': 'prod' };
    for (const name of ['api', 'old', 'web'])
      await cloudWatch.putAlarm(name, 'for the contract', definition(name), tags);
    await cloudWatch.putAlarm('web', 'for the contract', definition('moved'), tags);
    await cloudWatch.deleteAlarm('old');
    const alarms = await cloudWatch.readEveryMetricAlarm();
    expect(alarms.map(({ name, definition: each }) => [name, each])).toEqual([
      ['api', definition('api')],
      ['web', definition('moved')],
    ]);
    expect(alarms.map(({ hasActions, expressions }) => [hasActions, expressions])).toEqual([
      [false, []],
      [false, []],
    ]);
    expect(alarms[0]?.series).toEqual([
      {
        namespace: 'AWS/ApplicationELB',
        name: 'UnHealthyHostCount',
        dimensions: definition('api').dimensions,
        statistic: 'Minimum',
        periodSeconds: 60,
      },
    ]);
    for (const name of ['api', 'web', 'web']) await cloudWatch.deleteAlarm(name);
    expect(await cloudWatch.readEveryMetricAlarm()).toEqual([]);
  });
};
