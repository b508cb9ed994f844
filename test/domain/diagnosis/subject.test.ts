import { describe, expect, test } from '@jest/globals';
import { admits } from '../../../domain/diagnosis/admission.ts';
import type { Alarm, AlarmBasis } from '../../../domain/diagnosis/alarm.ts';
import { subjectKey, subjectsOf, symptomOf, symptomOfAlarm } from '../../../domain/diagnosis/subject.ts';
import { ACCOUNT, classicArn, loadBalancerArn, REGION, targetGroupArn } from '../../support/world/builders.ts';
import { aMetric, anAlarm, LOAD_BALANCER, TARGET_GROUP, watching } from './alarms.ts';

const PLACE = { account: ACCOUNT, region: REGION };
const BALANCER = loadBalancerArn('web-alb');
const GROUP = targetGroupArn('web');

const of = (namespace: string, dimensions: Record<string, string>, place = PLACE) =>
  subjectsOf(watching(aMetric({ namespace, dimensions })), place);

const QUERY: AlarmBasis = { kind: 'query' };
const composite = (names: readonly string[], triggering: readonly string[] = []): AlarmBasis => ({
  kind: 'composite',
  rule: names.map((name) => `ALARM("${name}")`).join(' OR '),
  triggeringAlarms: triggering,
  childAlarms: names,
});

describe('Given an alarm’s dimensions', () => {
  test.each([
    ['AWS/ApplicationELB', 'app/web-alb/0123456789abcdef', 'application', BALANCER],
    ['AWS/NetworkELB', 'net/web-alb/0123456789abcdef', 'network', BALANCER.replace('/app/', '/net/')],
    ['AWS/GatewayELB', 'gateway/web-alb/0123456789abcdef', 'gateway', BALANCER.replace('/app/', '/gwy/')],
    ['AWS/GatewayELB', 'gwy/web-alb/0123456789abcdef', 'gateway', BALANCER.replace('/app/', '/gwy/')],
  ])('when %s names a balancer %s and a group, then both ARNs are rebuilt', (namespace, LoadBalancer, kind, arn) => {
    const common = { kind, loadBalancerArn: arn, targetGroupArn: GROUP };
    expect(of(namespace, { LoadBalancer, TargetGroup: TARGET_GROUP })).toEqual([
      { ...common, availabilityZone: undefined },
    ]);
    expect(of(namespace, { LoadBalancer, TargetGroup: TARGET_GROUP, AvailabilityZone: 'ap-northeast-1a' })).toEqual([
      { ...common, availabilityZone: 'ap-northeast-1a' },
    ]);
  });

  test('when one of the two is missing, then the other is enough', () => {
    expect(of('AWS/ApplicationELB', { LoadBalancer: LOAD_BALANCER })).toMatchObject([
      { loadBalancerArn: BALANCER, targetGroupArn: undefined },
    ]);
    expect(of('AWS/ApplicationELB', { TargetGroup: TARGET_GROUP })).toMatchObject([
      { loadBalancerArn: undefined, targetGroupArn: GROUP },
    ]);
  });

  test('when it is a Classic balancer, then it is its own group, with a zone or without', () => {
    const subject = { kind: 'classic', loadBalancerArn: classicArn('old-web'), targetGroupArn: classicArn('old-web') };
    expect(of('AWS/ELB', { LoadBalancerName: 'old-web' })).toEqual([{ ...subject, availabilityZone: undefined }]);
    expect(of('AWS/ELB', { LoadBalancerName: 'old-web', AvailabilityZone: 'ap-northeast-1c' })).toEqual([
      { ...subject, availabilityZone: 'ap-northeast-1c' },
    ]);
  });

  test('when the Region is in another partition, then the ARN is too', () => {
    expect(
      of('AWS/ApplicationELB', { TargetGroup: TARGET_GROUP }, { account: ACCOUNT, region: 'cn-north-1' }),
    ).toMatchObject([
      { targetGroupArn: `arn:aws-cn:elasticloadbalancing:cn-north-1:${ACCOUNT}:targetgroup/web/0123456789abcdef` },
    ]);
  });

  test.each([
    ['neither is named', 'AWS/ApplicationELB', {}],
    ['only a zone is named', 'AWS/ELB', { AvailabilityZone: 'ap-northeast-1a' }],
    ['they are of another shape', 'AWS/ApplicationELB', { LoadBalancer: 'web-alb', TargetGroup: 'web' }],
    ['it is another namespace', 'AWS/EC2', { LoadBalancer: LOAD_BALANCER }],
  ])('when %s, then there is no subject', (_case, namespace, dimensions) => {
    expect(of(namespace, dimensions)).toEqual([]);
  });
});

describe('Given an alarm over several series', () => {
  const other = { LoadBalancer: LOAD_BALANCER, TargetGroup: 'targetgroup/blog/0123456789abcdef' };

  test('when they are of one group, then it is one subject', () => {
    const alarm = watching(aMetric(), aMetric({ name: 'HealthyHostCount' }));
    expect(subjectsOf(alarm, PLACE).map(subjectKey)).toEqual([GROUP]);
  });

  test('when they are of several groups, then each is a subject, in their order', () => {
    const alarm = watching(aMetric({ dimensions: other }), aMetric());
    expect(subjectsOf(alarm, PLACE).map(subjectKey)).toEqual([targetGroupArn('blog'), GROUP]);
  });

  test('when one names the balancer only, then it is about the group that another names', () => {
    const alarm = watching(
      aMetric({ name: 'HTTPCode_ELB_5XX_Count', dimensions: { LoadBalancer: LOAD_BALANCER } }),
      aMetric({ name: 'HTTPCode_Target_5XX_Count' }),
    );
    expect(subjectsOf(alarm, PLACE).map(subjectKey)).toEqual([GROUP]);
  });

  test('when they are of two zones of one group, then the zone is left out; of one zone, it stays', () => {
    const inZone = (zone: string) =>
      aMetric({ dimensions: { LoadBalancer: LOAD_BALANCER, TargetGroup: TARGET_GROUP, AvailabilityZone: zone } });
    expect(subjectsOf(watching(inZone('1a'), inZone('1c')), PLACE)).toMatchObject([{ availabilityZone: undefined }]);
    expect(subjectsOf(watching(inZone('1a'), inZone('1a')), PLACE)).toMatchObject([{ availabilityZone: '1a' }]);
  });

  test.each([
    ['a query', QUERY],
    ['a composite', composite(['a'])],
  ])('when it is %s, then it names no subject itself', (_kind, basis) => {
    expect(subjectsOf(anAlarm({ basis }), PLACE)).toEqual([]);
  });
});

describe('Given a metric of a balancer', () => {
  test.each([
    ['AWS/ApplicationELB', 'UnHealthyHostCount', { kind: 'unhealthy-hosts' }],
    ['AWS/NetworkELB', 'UnHealthyHostCount', { kind: 'unhealthy-hosts' }],
    ['AWS/ELB', 'HealthyHostCount', { kind: 'too-few-healthy-hosts' }],
    ['AWS/ApplicationELB', 'HTTPCode_ELB_502_Count', { kind: 'balancer-error', code: '502' }],
    ['AWS/ApplicationELB', 'HTTPCode_ELB_503_Count', { kind: 'balancer-error', code: '503' }],
    ['AWS/ApplicationELB', 'HTTPCode_ELB_504_Count', { kind: 'balancer-error', code: '504' }],
    ['AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', { kind: 'balancer-error', code: 'other' }],
    ['AWS/ELB', 'HTTPCode_ELB_5XX', { kind: 'balancer-error', code: 'other' }],
    ['AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', { kind: 'target-error' }],
    ['AWS/ELB', 'HTTPCode_Backend_5XX', { kind: 'target-error' }],
    ['AWS/ApplicationELB', 'TargetConnectionErrorCount', { kind: 'connection-errors' }],
    ['AWS/ELB', 'BackendConnectionErrors', { kind: 'connection-errors' }],
    ['AWS/ApplicationELB', 'TargetResponseTime', { kind: 'slow' }],
    ['AWS/ELB', 'Latency', { kind: 'slow' }],
    ['AWS/ApplicationELB', 'RequestCount', { kind: 'other', metric: 'RequestCount' }],
    ['Custom/Web', 'Latency', { kind: 'other', metric: 'Latency' }],
  ])('when %s %s is out of bounds, then that is what is amiss', (namespace, name, symptom) => {
    expect(symptomOf(aMetric({ namespace, name }))).toEqual(symptom);
  });

  test('when an alarm watches several, then it is about the most telling, whichever comes first', () => {
    const requests = aMetric({ name: 'RequestCount' });
    const errors = aMetric({ name: 'HTTPCode_ELB_504_Count' });
    expect(symptomOfAlarm(watching(requests, errors))).toEqual({ kind: 'balancer-error', code: '504' });
    expect(symptomOfAlarm(watching(errors, aMetric()))).toEqual({ kind: 'unhealthy-hosts' });
  });

  test('when the alarm is a learned band, a query or a composite, then no more is claimed than it says', () => {
    const metrics = [aMetric({ name: 'TargetResponseTime' })];
    const anomaly = anAlarm({ basis: { kind: 'metrics', metrics, isMath: false, isAnomaly: true } });
    expect(symptomOfAlarm(anomaly)).toEqual({ kind: 'other', metric: 'TargetResponseTime' });
    expect(symptomOfAlarm(anAlarm({ basis: QUERY }))).toEqual({ kind: 'other', metric: undefined });
    expect(symptomOfAlarm(anAlarm({ basis: composite(['a']) }))).toEqual({ kind: 'other', metric: undefined });
  });
});

describe('Given an alarm on healthy hosts', () => {
  const counting = (more: Partial<Alarm>) => ({ ...watching(aMetric({ name: 'HealthyHostCount' })), ...more });

  test.each([
    [3, false, 3],
    [2.5, false, 3],
    [2, true, 3],
    [0.5, true, 1],
    [3, undefined, 3],
  ])(
    'when its threshold is %s, itself out of bounds: %s, then %s are needed',
    (threshold, breachesAtThreshold, needed) => {
      const alarm = counting({ threshold, ...(breachesAtThreshold === undefined ? {} : { breachesAtThreshold }) });
      expect(symptomOfAlarm(alarm)).toEqual({ kind: 'too-few-healthy-hosts', needed });
    },
  );

  test('when its threshold counts no hosts, then nobody knows how many are needed', () => {
    const none = { kind: 'too-few-healthy-hosts' };
    expect(symptomOfAlarm(counting({ threshold: undefined }))).toEqual(none);
    expect(symptomOfAlarm({ ...watching(aMetric({ name: 'HealthyStateDNS' })), threshold: 1 })).toEqual(none);
    const both = watching(aMetric({ name: 'HealthyHostCount' }), aMetric({ name: 'HealthyHostCount' }));
    expect(symptomOfAlarm({ ...both, threshold: 0.5 })).toEqual(none);
    // Each node counts all of them: the sum of two nodes' words is twice the hosts.
    for (const statistic of ['Sum', 'SampleCount', 'TS(1:2)'])
      expect(symptomOfAlarm({ ...watching(aMetric({ name: 'HealthyHostCount', statistic })), threshold: 4 })).toEqual(
        none,
      );
  });
});

describe('Given an alarm of anybody’s', () => {
  test.each(['AWS/ApplicationELB', 'AWS/NetworkELB', 'AWS/GatewayELB', 'AWS/ELB'])(
    'when it watches a metric of %s, then it is ours',
    (namespace) => {
      expect(admits(watching(aMetric({ namespace })))).toEqual({ kind: 'admitted', because: 'balancer-metric' });
    },
  );

  test('when one of several series is a balancer’s, then it is ours', () => {
    const alarm = watching(aMetric({ namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: {} }), aMetric());
    expect(admits(alarm)).toEqual({ kind: 'admitted', because: 'balancer-metric' });
  });

  const foreign = watching(aMetric({ namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: {} }));
  const ours = watching(aMetric());

  test('when it is a composite, then its children are asked for, those that set it off first, each once', () => {
    expect(admits(anAlarm({ basis: composite(['a', 'b'], ['b']) }))).toEqual({
      kind: 'ask-children',
      names: ['b', 'a'],
    });
  });

  test.each([
    ['one child is a balancer’s', [foreign, ours], { kind: 'admitted', because: 'composite' }],
    ['no child is', [foreign], { kind: 'ignored', reason: 'NoChildOfBalancers' }],
    ['no child could be read', [], { kind: 'ignored', reason: 'NoChildOfBalancers' }],
  ])('when it is a composite and %s, then that decides', (_case, children, admission) => {
    expect(admits(anAlarm({ basis: composite(['a', 'b']) }), children)).toEqual(admission);
  });

  test('when a composite names nobody, then it is not ours', () => {
    expect(admits(anAlarm({ basis: composite([]) }))).toEqual({ kind: 'ignored', reason: 'NoChildOfBalancers' });
  });

  const tags = { 'usher:explain': ' True ' };

  test.each([
    ['another namespace', { ...foreign, tags }],
    ['a query', anAlarm({ basis: QUERY, tags })],
  ])('when it is of %s and tagged usher:explain=true, then it is ours', (_kind, alarm) => {
    expect(admits(alarm)).toEqual({ kind: 'admitted', because: 'tagged' });
  });

  test('when a tagged composite has no child of balancers, then it is ours all the same', () => {
    expect(admits(anAlarm({ basis: composite(['a']), tags }), [foreign])).toEqual({
      kind: 'admitted',
      because: 'tagged',
    });
  });

  test.each([
    ['another namespace', foreign, 'OtherNamespace'],
    ['a query', anAlarm({ basis: QUERY }), 'QueryUntagged'],
    ['another namespace, tagged otherwise', { ...foreign, tags: { 'usher:explain': 'false' } }, 'OtherNamespace'],
  ])('when it is of %s, then it is other people’s', (_kind, alarm, reason) => {
    expect(admits(alarm)).toEqual({ kind: 'ignored', reason });
  });
});
