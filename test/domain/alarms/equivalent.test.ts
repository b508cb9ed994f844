import { describe, expect, test } from '@jest/globals';
import type { StandingAlarm } from '../../../domain/alarms/definition.ts';
import type { HostSeries } from '../../../domain/alarms/desired.ts';
import { tellsOfHosts } from '../../../domain/alarms/equivalent.ts';
import { aMetric } from '../diagnosis/alarms.ts';

const WEB: HostSeries = {
  namespace: 'AWS/ApplicationELB',
  dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: 'targetgroup/web/0123456789abcdef' },
};
const GATEWAY: HostSeries = {
  namespace: 'AWS/GatewayELB',
  dimensions: { LoadBalancer: 'gateway/fw/0123456789abcdef', TargetGroup: 'targetgroup/fw/0123456789abcdef' },
};
const CLASSIC: HostSeries = { namespace: 'AWS/ELB', dimensions: { LoadBalancerName: 'old-web' } };

const alarm = (parts: Partial<StandingAlarm>): StandingAlarm => ({
  name: 'somebody’s',
  series: [],
  expressions: [],
  definition: undefined,
  hasActions: true,
  ...parts,
});

const query = (expression: string): StandingAlarm => alarm({ expressions: [expression] });

describe('An alarm tells of a group’s hosts', () => {
  test.each<[string, StandingAlarm, HostSeries]>([
    ['that counts the unhealthy ones', alarm({ series: [aMetric()] }), WEB],
    [
      'that counts the healthy ones',
      alarm({ series: [aMetric({ name: 'HealthyHostCount', statistic: 'Average' })] }),
      WEB,
    ],
    [
      'of one zone',
      alarm({ series: [aMetric({ dimensions: { ...WEB.dimensions, AvailabilityZone: 'ap-northeast-1a' } })] }),
      WEB,
    ],
    [
      'by an expression over several series',
      alarm({ series: [aMetric({ name: 'RequestCount' }), aMetric()], expressions: ['m2 / (m1 + m2)'] }),
      WEB,
    ],
    [
      'of a Gateway balancer, spelt the other way',
      alarm({
        series: [
          aMetric({
            namespace: 'AWS/GatewayELB',
            dimensions: { ...GATEWAY.dimensions, LoadBalancer: 'gwy/fw/0123456789abcdef' },
          }),
        ],
      }),
      GATEWAY,
    ],
    [
      'of a Classic balancer',
      alarm({ series: [aMetric({ namespace: 'AWS/ELB', dimensions: { LoadBalancerName: 'old-web' } })] }),
      CLASSIC,
    ],
    [
      'by a query over all groups',
      query(
        'SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) GROUP BY TargetGroup',
      ),
      WEB,
    ],
    [
      'by a query that names it',
      query(
        `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE TargetGroup = 'targetgroup/web/0123456789abcdef'`,
      ),
      WEB,
    ],
  ])('%s', (_, each, hosts) => {
    expect(tellsOfHosts(each, hosts)).toBe(true);
  });
});

describe('An alarm tells nothing of a group’s hosts', () => {
  test.each<[string, StandingAlarm, HostSeries]>([
    [
      'of another group',
      alarm({ series: [aMetric({ dimensions: { ...WEB.dimensions, TargetGroup: 'targetgroup/api/1' } })] }),
      WEB,
    ],
    [
      'behind a balancer that the group has left: its series has no data',
      alarm({ series: [aMetric({ dimensions: { ...WEB.dimensions, LoadBalancer: 'app/old/1' } })] }),
      WEB,
    ],
    [
      'that names no balancer: there is no such series',
      alarm({ series: [aMetric({ dimensions: { TargetGroup: 'targetgroup/web/0123456789abcdef' } })] }),
      WEB,
    ],
    ['of another metric', alarm({ series: [aMetric({ name: 'HTTPCode_Target_5XX_Count' })] }), WEB],
    ['of another namespace', alarm({ series: [aMetric({ namespace: 'Custom' })] }), WEB],
    [
      'of another Classic balancer',
      alarm({ series: [aMetric({ namespace: 'AWS/ELB', dimensions: { LoadBalancerName: 'older-web' } })] }),
      CLASSIC,
    ],
    [
      'by a query that names another',
      query(
        `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", TargetGroup) WHERE TargetGroup = 'targetgroup/api/1'`,
      ),
      WEB,
    ],
    ['by a query of another kind of balancer', query('SELECT MAX(UnHealthyHostCount) FROM "AWS/NetworkELB"'), WEB],
    ['by a query of something else', query('SELECT MAX(RequestCount) FROM "AWS/ApplicationELB"'), WEB],
  ])('%s', (_, each, hosts) => {
    expect(tellsOfHosts(each, hosts)).toBe(false);
  });

  test.each(['old-web-2', 'very-old-web'])('by a search that names %s, whose name holds that of the group', (name) => {
    const search = `SEARCH('{AWS/ELB,LoadBalancerName} MetricName="UnHealthyHostCount" LoadBalancerName="${name}"', 'Maximum')`;
    expect(tellsOfHosts(query(search), CLASSIC)).toBe(false);
  });
});
