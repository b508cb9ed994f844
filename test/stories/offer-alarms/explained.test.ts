import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { takeAlarms } from '../../../functions/diagnose-unhealthy-targets/take-alarms.ts';
import { aClassicBalancer, aClassicGroup, anAlb, aTargetGroup } from '../../support/world/builders.ts';
import { diagnosing } from '../diagnose/diagnosing.ts';
import { eventOf } from '../journey.ts';
import { anAlarmWorld } from './looking.ts';

/** From AWS's guide (`events/README.md`); what the alarm watches is put in from the alarm that Usher made. */
const SAMPLE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../events/alarm-state-change/metric.json'), 'utf8'),
);

const tags = { 'usher:alarms': 'true' };

test.each([
  ['an Application Load Balancer', aTargetGroup({ tags })],
  ['a Classic balancer', aClassicGroup({ tags })],
])(
  'Given an alarm that Usher made for a group of %s, when it is raised, then it is explained like any other',
  async (_, group) => {
    const house = anAlarmWorld({ targetGroups: [group], loadBalancers: [anAlb(), aClassicBalancer()] });
    await house.take();
    const [alarmName = ''] = house.names();
    const definition = house.cloudWatch.alarms.get(alarmName)?.definition;
    if (definition === undefined) throw new Error('nothing was made');
    const { namespace, metric: name, dimensions, periodSeconds: period, statistic: stat } = definition;
    const metrics = [
      { id: 'm1', returnData: true, metricStat: { metric: { namespace, name, dimensions }, period, stat } },
    ];
    const raised = {
      ...SAMPLE,
      resources: [`arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:${alarmName}`],
      detail: { ...SAMPLE.detail, alarmName, configuration: { ...SAMPLE.detail.configuration, metrics } },
    };

    const site = diagnosing(house.world);
    const deadLetters = { send: async (body: string) => Promise.reject(new Error(`given up: ${body}`)) };
    const taken = await takeAlarms({ ...site.ports(), deadLetters })(eventOf([JSON.stringify(raised)]));
    expect(taken).toEqual({ batchItemFailures: [] });
    expect(site.told().map(({ body }) => body)).toMatchObject([
      { kind: 'alarms-changed', createdCount: 1 },
      { kind: 'alarm-explained', alarm: alarmName, targetGroup: { name: group.name } },
    ]);
  },
);
