import type { Alarm, WatchedMetric } from '../../../domain/diagnosis/alarm.ts';

export const LOAD_BALANCER = 'app/web-alb/0123456789abcdef';
export const TARGET_GROUP = 'targetgroup/web/0123456789abcdef';

export const aMetric = (metric: Partial<WatchedMetric> = {}): WatchedMetric => ({
  namespace: 'AWS/ApplicationELB',
  name: 'UnHealthyHostCount',
  dimensions: { LoadBalancer: LOAD_BALANCER, TargetGroup: TARGET_GROUP },
  statistic: 'Minimum',
  periodSeconds: 60,
  ...metric,
});

/** An alarm on unhealthy hosts of the group `web`, raised at 18:02. */
export const anAlarm = (alarm: Partial<Alarm> = {}): Alarm => ({
  name: 'web-prod-unhealthy',
  arn: 'arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:web-prod-unhealthy',
  description: undefined,
  tags: {},
  basis: { kind: 'metrics', metrics: [aMetric()], isMath: false, isAnomaly: false },
  state: 'ALARM',
  previousState: 'OK',
  since: new Date('2026-11-22T18:02:00.000Z'),
  threshold: 0,
  recentValues: [2],
  mutedUntil: undefined,
  isSuppressed: false,
  ...alarm,
});

export const watching = (...metrics: readonly WatchedMetric[]): Alarm =>
  anAlarm({ basis: { kind: 'metrics', metrics, isMath: metrics.length > 1, isAnomaly: false } });
