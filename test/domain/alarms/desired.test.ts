import { describe, expect, test } from '@jest/globals';
import type { AlarmDefinition } from '../../../domain/alarms/definition.ts';
import { sameDefinition } from '../../../domain/alarms/definition.ts';
import { alarmDescription, alarmNameFor, desiredAlarm, hostSeriesOf } from '../../../domain/alarms/desired.ts';
import { admits } from '../../../domain/diagnosis/admission.ts';
import { subjectsOf, symptomOfAlarm } from '../../../domain/diagnosis/subject.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  ACCOUNT,
  aClassicGroup,
  aStage,
  aTargetGroup,
  classicArn,
  REGION,
  targetGroupArn,
} from '../../support/world/builders.ts';
import { plainAlarm } from '../../support/world/memory-alarms.ts';
import { anAlarm } from '../diagnosis/alarms.ts';

const behind = (balancer: string, group: Partial<TargetGroup> = {}): TargetGroup =>
  aTargetGroup({
    loadBalancerArns: [`arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${balancer}`],
    ...group,
  });

const GROUP = 'targetgroup/web/0123456789abcdef';
const GATEWAYS = new Map([[GROUP, 'gateway/fw/0123456789abcdef']]);

const definitionOf = (group: TargetGroup): AlarmDefinition | string => {
  const series = hostSeriesOf(group, GATEWAYS);
  return typeof series === 'string' ? series : desiredAlarm(series);
};

/** By facts 1.6: only exact sets of dimensions have data; AWS's advice where it gives one. */
const common = {
  metric: 'UnHealthyHostCount',
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
};

describe('The alarm that a group should have', () => {
  test.each<[string, TargetGroup, Partial<AlarmDefinition>]>([
    [
      'behind an Application Load Balancer',
      aTargetGroup(),
      {
        namespace: 'AWS/ApplicationELB',
        dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: GROUP },
        statistic: 'Minimum',
      },
    ],
    [
      'behind a Network Load Balancer',
      behind('net/nlb/0123456789abcdef'),
      {
        namespace: 'AWS/NetworkELB',
        dimensions: { LoadBalancer: 'net/nlb/0123456789abcdef', TargetGroup: GROUP },
        statistic: 'Minimum',
      },
    ],
    [
      'behind a Gateway Load Balancer, spelt as CloudWatch spells it',
      behind('gwy/fw/0123456789abcdef'),
      {
        namespace: 'AWS/GatewayELB',
        dimensions: { LoadBalancer: 'gateway/fw/0123456789abcdef', TargetGroup: GROUP },
        statistic: 'Maximum',
      },
    ],
    [
      'of a Classic balancer',
      aClassicGroup(),
      { namespace: 'AWS/ELB', dimensions: { LoadBalancerName: 'old-web' }, statistic: 'Maximum' },
    ],
  ])('%s', (_, group, expected) => {
    expect(definitionOf(group)).toEqual({ ...common, ...expected });
  });

  test.each<[string, TargetGroup, string]>([
    ['that no listener uses', aTargetGroup({ loadBalancerArns: [] }), 'Unused'],
    ['of functions', aTargetGroup({ targetType: 'lambda' }), 'NotCounted'],
    ['of balancers', behind('net/nlb/0123456789abcdef', { targetType: 'alb' }), 'NotCounted'],
    [
      'behind a Gateway Load Balancer that CloudWatch has no data of',
      behind('gwy/fw/0123456789abcdef', { arn: targetGroupArn('new') }),
      'NoSeriesYet',
    ],
  ])('a group %s can have none', (_, group, because) => {
    expect(definitionOf(group)).toBe(because);
  });

  test.each([aTargetGroup(), behind('net/nlb/0123456789abcdef'), behind('gwy/fw/0123456789abcdef'), aClassicGroup()])(
    'once raised, it is explained like any other: admitted, about its group, for unhealthy hosts ($loadBalancerArns)',
    (group) => {
      const definition = definitionOf(group);
      if (typeof definition === 'string') throw new Error(definition);
      const alarm = anAlarm({
        name: alarmNameFor(group, aStage()),
        basis: {
          kind: 'metrics',
          metrics: plainAlarm('ours', definition).series,
          isMath: false,
          isAnomaly: false,
        },
      });
      expect(admits(alarm)).toEqual({ kind: 'admitted', because: 'balancer-metric' });
      expect(symptomOfAlarm(alarm)).toEqual({ kind: 'unhealthy-hosts' });
      const [subject, ...others] = subjectsOf(alarm, { account: ACCOUNT, region: REGION });
      expect(others).toEqual([]);
      expect([subject?.targetGroupArn, subject?.loadBalancerArn]).toEqual([group.arn, group.loadBalancerArns[0]]);
    },
  );
});

describe('Its name', () => {
  const stage = aStage();

  test('tells stage and group', () => {
    expect(alarmNameFor(aTargetGroup(), stage)).toMatch(/^usher-prod-unhealthy-web-[0-9a-f]{8}$/);
    expect(alarmDescription(aTargetGroup(), stage)).toContain('Unhealthy targets of web');
  });

  test('differs by group and stage, also for groups of one name', () => {
    const names = [
      alarmNameFor(aTargetGroup(), stage),
      alarmNameFor(aTargetGroup({ arn: targetGroupArn('web').replace('0123', '9999') }), stage),
      alarmNameFor(aTargetGroup(), aStage({ name: 'dev' })),
      alarmNameFor(aClassicGroup({ name: 'web', arn: classicArn('web') }), stage),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('fits CloudWatch’s 255 characters, with what makes it unique', () => {
    const long = aTargetGroup({ name: 'w'.repeat(300) });
    const name = alarmNameFor(long, stage);
    expect(name).toHaveLength(255);
    expect(name.slice(-9)).toBe(alarmNameFor(aTargetGroup({ arn: long.arn }), stage).slice(-9));
  });
});

test('Given two definitions, then they are the same only if nothing differs, in whatever order their dimensions are', () => {
  const one = definitionOf(aTargetGroup());
  if (typeof one === 'string') throw new Error(one);
  const reversed = Object.fromEntries(Object.entries(one.dimensions).reverse());
  expect(sameDefinition(one, { ...one, dimensions: reversed })).toBe(true);
  const changes: readonly Partial<AlarmDefinition>[] = [
    { namespace: 'AWS/NetworkELB' },
    { metric: 'HealthyHostCount' },
    { dimensions: { TargetGroup: GROUP } },
    { statistic: 'Average' },
    { periodSeconds: 300 },
    { evaluationPeriods: 5 },
    { datapointsToAlarm: 3 },
    { threshold: 1 },
    { comparison: 'LessThanThreshold' },
    { missingData: 'missing' },
  ];
  expect(changes.filter((change) => sameDefinition(one, { ...one, ...change }))).toEqual([]);
});
