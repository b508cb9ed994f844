import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseEvent, parseQueuedEvent } from '../../events/parse-event.ts';
import type { Json } from './samples.ts';
import { detailOf, outcome, sample, sampleNames } from './samples.ts';

/** Written here again on purpose: this is the promise, whatever the code believes an instance id to be. */
const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;
const KINDS = [
  'ignored',
  'instance-launched-by-auto-scaling',
  'instance-state-changed',
  'instance-tags-changed',
  'instance-terminated-by-auto-scaling',
  'rebalance-recommendation',
  'spot-interruption',
  'target-group-tags-changed',
];

const expectHarmless = (raw: unknown): void => {
  const result = outcome(raw);
  if (result instanceof MalformedEventError) {
    expect(result.message).toMatch(/^\S+: .+$/);
    expect(result.cause).toBeDefined();
    return;
  }
  expect(KINDS).toContain(result.kind);
  if ('instanceId' in result) expect(result.instanceId).toMatch(INSTANCE_ID);
  if ('account' in result && result.account !== undefined) expect(result.account).toMatch(/^\d{12}$/);
};

const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;
const anySample = fc.constantFrom(...sampleNames).map(sample);

/** Values that look almost right, which random JSON never hits. */
const almost: fc.Arbitrary<Json> = fc.oneof(
  anyJson,
  fc.string(),
  fc.stringMatching(/^ ?[iI]-[0-9a-fA-F]{7,18} ?$/),
  fc.stringMatching(/^arn:aws:ec2:us-east-1:\d{11,12}:instance\/i-[0-9a-f]{7,9}$/).map((arn) => [arn]),
  fc
    .stringMatching(/^arn:aws:elasticloadbalancing:us-east-1:\d{12}:targetgroup\/[\w-]{0,3}\/[0-9a-f]{0,3}$/)
    .map((arn) => [arn]),
  fc.constantFrom<Json>('', ' ', null, 0, 123456789012, [], {}, 'i-', 'aws.tag', 'aws.autoscaling', 'running'),
);

const pathsOf = (value: Json, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])])
    : [];

/** The value with what lies at `path` replaced, or taken away. */
const mutated = (value: Json, [key, ...rest]: readonly string[], put: Json | undefined): Json => {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    if (name !== key) return [[name, inner]];
    if (rest.length > 0) return [[name, mutated(inner, rest, put)]];
    return put === undefined ? [] : [[name, put]];
  });
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
};

const anyMutation = anySample.chain((original) =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsOf(original)), fc.option(almost, { nil: undefined })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((steps) => steps.reduce<Json>((event, [path, put]) => mutated(event, path, put), original)),
);

test('whatever JSON arrives, it is read or refused as malformed, and no instance is named that is none', () => {
  fc.assert(fc.property(anyJson, expectHarmless), { numRuns: 500 });
});

test('whatever values stand in the fields of an event, the same holds', () => {
  const field = fc.option(almost, { nil: undefined });
  const source = fc.constantFrom('aws.ec2', 'aws.autoscaling', 'aws.tag');
  const type = fc.constantFrom(...sampleNames.map((name) => sample(name)['detail-type'] ?? null));
  const detail = fc.dictionary(
    fc.constantFrom(
      'instance-id',
      'state',
      'EC2InstanceId',
      'LifecycleHookName',
      'service',
      'resource-type',
      'changed-tag-keys',
      'Origin',
    ),
    almost,
  );
  const event = fc.record({
    source,
    'detail-type': type,
    detail,
    account: field,
    region: field,
    resources: field,
    id: field,
    time: field,
  });
  fc.assert(fc.property(event, expectHarmless), { numRuns: 500 });
});

test('whatever is changed in a sample, the same holds', () => {
  fc.assert(fc.property(anyMutation, expectHarmless), { numRuns: 1_000 });
});

test('whatever text is in a queue message, it is read or refused as malformed', () => {
  const anyBody = fc.oneof(
    fc.string(),
    fc.json(),
    anyMutation.map((event) => JSON.stringify(event)),
  );
  fc.assert(
    fc.property(anyBody, (body) => {
      try {
        expect(typeof parseQueuedEvent(body).kind).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }),
    { numRuns: 500 },
  );
});

test('fields that AWS may add later change nothing', () => {
  const anyKey = fc.string({ minLength: 1 }).map((key) => `x${key}`);
  const unknownFields = fc.dictionary(anyKey, anyJson);
  fc.assert(
    fc.property(anySample, unknownFields, unknownFields, (original, top, inner) => {
      const detail = { ...inner, ...detailOf(original) };
      expect(parseEvent({ ...top, ...original, detail })).toStrictEqual(parseEvent(original));
    }),
  );
});

test('the outcome of a sample does not depend on spaces around its values', () => {
  const spaced = (value: Json): Json => {
    if (typeof value === 'string') return ` ${value}\t`;
    if (Array.isArray(value)) return value.map(spaced);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, key === 'changed-tag-keys' ? inner : spaced(inner)]),
      );
    }
    return value;
  };
  expect(sampleNames.map((name) => parseEvent(spaced(sample(name))))).toStrictEqual(
    sampleNames.map((name) => parseEvent(sample(name))),
  );
});
