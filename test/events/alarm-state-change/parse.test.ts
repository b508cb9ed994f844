import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { alarmStateChange } from '../../../events/alarm-state-change/parse.ts';
import { MalformedEventError } from '../../../events/malformed-event-error.ts';
import type { Json, JsonObject } from '../samples.ts';
import { changed, detailOf, sample } from '../samples.ts';

const METRIC = 'alarm-state-change/metric.json';
const MATH = 'alarm-state-change/metric-math.json';
const COMPOSITE = 'alarm-state-change/composite.json';
const ARN = 'arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm';
const DIMENSIONS = { LoadBalancer: 'app/web/50dc6c495c0c9188', TargetGroup: 'targetgroup/web-prod/73e2d6bc24d8a067' };

test('Given the event of a metric alarm, when it is read, then it tells the series, since when, and the threshold out of its inner JSON', () => {
  expect(alarmStateChange.parse(sample(METRIC))).toStrictEqual({
    kind: 'alarm-changed',
    eventId: '2dde0eb1-528b-d2d5-9ca6-6d590caf2329',
    account: '123456789012',
    region: 'ap-northeast-1',
    at: new Date('2026-11-22T03:03:41Z'),
    alarm: {
      name: 'web-prod-unhealthy',
      arn: `${ARN}:web-prod-unhealthy`,
      description: 'Targets of web-prod fail their health checks',
      tags: {},
      basis: {
        kind: 'metrics',
        metrics: [
          {
            namespace: 'AWS/ApplicationELB',
            name: 'UnHealthyHostCount',
            dimensions: DIMENSIONS,
            statistic: 'Minimum',
            periodSeconds: 60,
          },
        ],
        isMath: false,
        isAnomaly: false,
      },
      state: 'ALARM',
      previousState: 'OK',
      since: new Date('2026-11-22T03:03:41.107Z'),
      threshold: 0,
      breachesAtThreshold: false,
      recentValues: [2, 2],
      mutedUntil: undefined,
      isSuppressed: false,
    },
  });
});

test.each([
  ['was less than the threshold (3.0)', false],
  ['was less than or equal to the threshold (2.0)', true],
  ['were greater than or equal to the threshold (1.0)', true],
])(
  'Given a reason that says a value %s, then it tells whether the threshold itself is out of bounds',
  (said, breaches) => {
    const state = { value: 'ALARM', reason: `Threshold Crossed: 1 datapoint [2.0] ${said}.` };
    const event = changed(METRIC, {}, { state });
    expect(alarmStateChange.parse(event)).toMatchObject({ alarm: { breachesAtThreshold: breaches } });
  },
);

test('Given a series of another account, when the event is read, then it tells whose', () => {
  const metric = { namespace: 'AWS/ApplicationELB', name: 'UnHealthyHostCount', dimensions: DIMENSIONS };
  const metrics = [{ id: 'm1', accountId: '210987654321', metricStat: { metric, period: 60, stat: 'Minimum' } }];
  const event = changed(METRIC, {}, { configuration: { metrics } });
  expect(alarmStateChange.parse(event)).toMatchObject({
    alarm: { basis: { metrics: [{ accountId: '210987654321' }] } },
  });
});

test('Given the event of an alarm on an expression, when it is read, then every series below the expression is named', () => {
  expect(alarmStateChange.parse(sample(MATH))).toMatchObject({
    alarm: {
      basis: {
        kind: 'metrics',
        isMath: true,
        metrics: [{ name: 'UnHealthyHostCount' }, { name: 'HealthyHostCount' }],
      },
    },
  });
});

test('Given the event of a composite alarm, when it is read, then it names its children by whatever form the rule names them, and who put it there', () => {
  expect(alarmStateChange.parse(sample(COMPOSITE))).toMatchObject({
    alarm: {
      isSuppressed: true,
      basis: {
        kind: 'composite',
        triggeringAlarms: ['web-prod-unhealthy'],
        childAlarms: ['web-prod-unhealthy', 'maintenance', 'other'],
      },
    },
  });
});

const configuration = (metrics: Json) => ({ configuration: { metrics } });

test.each<readonly [string, JsonObject, object]>([
  [
    'a query',
    configuration([{ id: 'q1', expression: 'SELECT MAX(UnHealthyHostCount) FROM "AWS/ApplicationELB"' }]),
    { kind: 'query' },
  ],
  ['nothing that can be read', configuration([null, 'x', { metricStat: 7 }]), { kind: 'query' }],
  ['no configuration at all', { configuration: null as Json }, { kind: 'query' }],
  [
    'a learned band',
    configuration([
      {
        id: 'm1',
        metricStat: {
          metric: { namespace: 'AWS/ELB', name: 'Latency', dimensions: { LoadBalancerName: 'old' } },
          period: 60,
          stat: 'Average',
        },
      },
      { id: 'ad1', expression: 'ANOMALY_DETECTION_BAND(m1, 2)' },
    ]),
    { kind: 'metrics', isAnomaly: true, isMath: false },
  ],
])('Given the event of an alarm on %s, when it is read, then it says so', (_, detail, basis) => {
  expect(alarmStateChange.parse(changed(METRIC, {}, detail))).toMatchObject({ alarm: { basis } });
});

test.each<readonly [string, JsonObject, object]>([
  ['that was just made', { previousState: null }, { previousState: undefined }],
  [
    'that went well',
    { state: { value: 'OK', timestamp: '2026-11-22T03:09:00.000+0000' } },
    { state: 'OK', since: new Date('2026-11-22T03:09:00Z'), threshold: undefined, recentValues: [] },
  ],
  [
    'that lacks data',
    { state: { value: 'INSUFFICIENT_DATA' } },
    { state: 'INSUFFICIENT_DATA', since: new Date('2026-11-22T03:03:41Z') },
  ],
  ['whose inner JSON is none', { state: { value: 'ALARM', reasonData: '{' } }, { threshold: undefined }],
  [
    'that is muted',
    { muteDetail: { mutedByArn: `${ARN}-mute-rule:night`, muteWindowEnd: '2026-11-22T06:00:00.000+0000' } },
    { mutedUntil: new Date('2026-11-22T06:00:00Z') },
  ],
  ['that hands its tags on', { alarmTags: { 'usher:explain': 'true', n: 1 } }, { tags: { 'usher:explain': 'true' } }],
  ['that names itself in its ARN only', { alarmName: null }, { name: 'web-prod-unhealthy' }],
])('Given the event of an alarm %s, when it is read, then that is what it says', (_, detail, alarm) => {
  expect(alarmStateChange.parse(changed(METRIC, {}, detail))).toMatchObject({ alarm });
});

test.each<readonly [string, JsonObject, JsonObject, string]>([
  ['a state nobody knows', {}, { state: { value: 'WORRIED' } }, 'detail.state.value'],
  ['no state', {}, { state: null }, 'detail.state'],
  ['no name', { resources: [] }, { alarmName: null }, 'detail.alarmName'],
])('Given the event of an alarm with %s, when it is read, then the error names the field', (_, top, detail, path) => {
  expect(() => alarmStateChange.parse(changed(METRIC, top, detail))).toThrow(expect.objectContaining({ path }));
});

test('Whatever stands in the detail, the event is read or refused', () => {
  const original = sample(METRIC);
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('configuration', 'state', 'previousState', 'muteDetail', 'alarmTags'),
        fc.jsonValue(),
      ),
      (odd) => {
        try {
          alarmStateChange.parse({ ...original, detail: { ...detailOf(original), ...odd } });
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedEventError);
        }
      },
    ),
  );
});
