import { describe, expect, test } from '@jest/globals';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseEvent, parseQueuedEvent } from '../../events/parse-event.ts';
import { changed, refusal, sample } from './samples.ts';

const RUNNING = 'instance-state-change/running.json';

test.each([
  ['aws.s3', 'Object Created', 'SourceNotOurs', 'aws.s3: Object Created'],
  ['constructor', '__proto__', 'SourceNotOurs', 'constructor: __proto__'],
  ['aws.ec2', 'EBS Volume Notification', 'DetailTypeNotOurs', 'aws.ec2: EBS Volume Notification'],
  ['aws.tag', 'Invalid Effective Tag Policy', 'DetailTypeNotOurs', 'aws.tag: Invalid Effective Tag Policy'],
  [
    'aws.autoscaling',
    'EC2 Instance State-change Notification',
    'DetailTypeNotOurs',
    'aws.autoscaling: EC2 Instance State-change Notification',
  ],
])('Given %s %s, when it is read, then it is ignored with its reason', (source, type, reason, detail) => {
  expect(parseEvent({ source, 'detail-type': type })).toStrictEqual({ kind: 'ignored', reason, detail });
});

test('Given an event of others that is untidy, when it is read, then it is still only ignored', () => {
  expect(parseEvent(changed(RUNNING, { source: 'my.app', account: {}, region: 'x', detail: null }))).toMatchObject({
    kind: 'ignored',
    reason: 'SourceNotOurs',
  });
});

test('Given an event of others with an endless type, when it is ignored, then the log line stays short', () => {
  expect(parseEvent({ source: 'my.app', 'detail-type': 'x'.repeat(10_000) })).toStrictEqual({
    kind: 'ignored',
    reason: 'SourceNotOurs',
    detail: `my.app: ${'x'.repeat(192)}`,
  });
});

describe('Given what is no event, when it is read, then it is malformed', () => {
  test.each([
    [undefined, 'event: expected an object'],
    [null, 'event: expected an object'],
    ['running', 'event: expected an object'],
    [7, 'event: expected an object'],
    [[sample(RUNNING)], 'event: expected an object'],
    [{}, 'source: expected the service that sent the event'],
    [{ source: ' ', 'detail-type': 'x' }, 'source: expected the service that sent the event'],
    [{ source: 'aws.ec2' }, 'detail-type: expected the type of event'],
    [{ source: 'aws.ec2', 'detail-type': ['x'] }, 'detail-type: expected text'],
  ])('%j', (raw, message) => {
    expect(refusal(raw).message).toBe(message);
  });
});

test('Given a malformed event, when it is refused, then the error keeps its cause and tells nothing the event held', () => {
  const error = refusal(changed(RUNNING, { resources: [] }, { 'instance-id': 'hunter2', secret: 'hunter3' }));
  expect(error).toBeInstanceOf(MalformedEventError);
  expect(error.name).toBe('MalformedEventError');
  expect(error.path).toBe('detail.instance-id');
  expect(error.cause).toMatchObject({ name: '$ZodError', issues: [{ path: ['detail', 'instance-id'] }] });
  expect(`${error.message} ${error.cause}`).not.toMatch(/hunter/);
});

test('Given the body of a queue message, when it is read, then it is the event', () => {
  expect(parseQueuedEvent(JSON.stringify(sample(RUNNING)))).toStrictEqual(parseEvent(sample(RUNNING)));
});

test.each(['', 'running', '{"source":"aws.ec2"'])(
  'Given the body %j, when it is read, then it is malformed and keeps its cause',
  (body) => {
    let caught: unknown;
    try {
      parseQueuedEvent(body);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(MalformedEventError);
    expect(caught).toMatchObject({ message: 'event: expected JSON', path: 'event', cause: { name: 'SyntaxError' } });
  },
);

test('Given our own note to look again, when its body is read, then it is told from an event', () => {
  const body =
    '{"usher":1,"kind":"look-again","instanceIds":["i-12345678"],"attempt":2,"firstSeenAt":"2026-11-22T05:02:00Z","reason":"NotYetVisible"}';
  expect(parseQueuedEvent(body)).toStrictEqual({
    kind: 'look-again',
    instanceIds: ['i-12345678'],
    attempt: 2,
    firstSeenAt: '2026-11-22T05:02:00Z',
    reason: 'NotYetVisible',
  });
});

test('Given our own message of another kind, when it comes by the wrong queue, then it is malformed', () => {
  expect(() => parseQueuedEvent('{"usher":1,"kind":"watch-tick"}')).toThrow('kind: expected look-again');
});
