import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { sample } from '../events/samples.ts';
import { sendsBy } from '../support/event-pattern.ts';
import type { Json } from '../support/template.ts';
import { arn, at, compiledTemplate, listOf, ofType, resolved } from '../support/template.ts';

let patterns: readonly Json[];

beforeAll(async () => {
  const queue = arn('sqs', 'usher-prod-diagnoses');
  patterns = ofType(resolved(await compiledTemplate()), 'AWS::Events::Rule').flatMap(([, { Properties }]) =>
    listOf(at(Properties, 'Targets')).some((target) => at(target, 'Arn') === queue)
      ? (at(Properties, 'EventPattern') ?? [])
      : [],
  );
}, 120_000);

/** By how many of the rules the function is woken. */
const wakes = (event: Json): number => patterns.filter((pattern) => sendsBy(pattern, event)).length;

const watching = (...namespaces: readonly string[]): Json => ({
  metrics: namespaces.map((namespace, index) => ({
    id: `m${index}`,
    returnData: true,
    metricStat: { metric: { namespace, name: 'Anything', dimensions: {} }, period: 60, stat: 'Average' },
  })),
});

const alarm = (configuration: Json, alarmTags?: Json): Json => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  detail: {
    alarmName: 'any',
    configuration,
    state: { value: 'ALARM' },
    ...(alarmTags === undefined ? {} : { alarmTags }),
  },
});

const OURS = ['AWS/ApplicationELB', 'AWS/NetworkELB', 'AWS/GatewayELB', 'AWS/ELB'] as const;
const OTHERS = ['AWS/EC2', 'AWS/RDS', 'AWS/Lambda', 'AWS/CloudFront', 'AWS/ELBv2', 'aws/elb', 'AWS/ELB/Custom', 'Shop'];

test('Three rules wake the function: by balancers’ metrics, composites, and a tag', () => {
  expect(patterns).toHaveLength(3);
});

test('Given a thousand alarms of other namespaces, then the function is not woken once', () => {
  const events = Array.from({ length: 1_000 }, (_, index) =>
    alarm(watching(OTHERS[index % OTHERS.length] ?? '', `Own/${index}`), { team: 'shop', 'usher:explain': 'no' }),
  );
  expect(events.map(wakes).filter((count) => count > 0)).toEqual([]);
});

test('Given whatever namespace that is no balancer’s, then it is not woken', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...OTHERS)), { maxLength: 4 }), (all) => {
      const namespaces = all.filter((namespace) => !OURS.some((own) => own === namespace));
      expect(wakes(alarm(watching(...namespaces)))).toBe(0);
    }),
  );
});

describe('the alarms that are ours', () => {
  test.each(OURS)('Given a metric of %s, alone or among others, then it is woken', (namespace) => {
    expect(wakes(alarm(watching(namespace)))).toBe(1);
    expect(wakes(alarm(watching('AWS/EC2', namespace)))).toBe(1);
  });

  test.each(['metric', 'metric-math', 'composite'])('Given the sample of a %s alarm, then it is woken', (name) => {
    expect(wakes(sample(`alarm-state-change/${name}.json`))).toBe(1);
  });

  test('Given any alarm that somebody tagged, then it is woken', () => {
    expect(wakes(alarm(watching('AWS/EC2'), { 'usher:explain': 'True' }))).toBe(1);
    expect(wakes(alarm({ metrics: [] }, { 'usher:explain': 'true' }))).toBe(1);
  });
});

test('Given other events of CloudWatch, then it is not woken', () => {
  const { detail } = sample('alarm-state-change/metric.json');
  expect(
    wakes({ source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm Configuration Change', detail: detail ?? null }),
  ).toBe(0);
  expect(wakes({ source: 'aws.ec2', 'detail-type': 'CloudWatch Alarm State Change', detail: detail ?? null })).toBe(0);
});
