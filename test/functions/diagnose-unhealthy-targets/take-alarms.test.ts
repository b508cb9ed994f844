import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { takeAlarms } from '../../../functions/diagnose-unhealthy-targets/take-alarms.ts';
import { diagnosing } from '../../stories/diagnose/diagnosing.ts';
import { aWorld } from '../../support/world/world.ts';

const METRIC = readFileSync(join(import.meta.dirname, '../../../events/alarm-state-change/metric.json'), 'utf8');

const recordOf = (messageId: string, body: string): SQSRecord => ({
  messageId,
  receiptHandle: 'receipt',
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'events',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:ap-northeast-1:123456789012:usher-prod-diagnoses',
  awsRegion: 'ap-northeast-1',
});

const taking = () => {
  const site = diagnosing(aWorld());
  const dead: string[] = [];
  const deadLetters = {
    send: async (body: string, reason: string) => {
      dead.push(`${reason}: ${body}`);
    },
  };
  const take = (...records: readonly SQSRecord[]) =>
    takeAlarms({ ...site.ports(), deadLetters })({ Records: [...records] });
  return { site, dead, take };
};

test('Given an alarm beside what can’t be understood, then the one is told, and the other set aside alone with its reason', async () => {
  const { site, dead, take } = taking();
  expect(await take(recordOf('m-1', METRIC), recordOf('m-2', '{'))).toEqual({ batchItemFailures: [] });
  expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained']);
  expect(dead).toHaveLength(1);
  expect(site.world.log).toContainEqual(
    expect.objectContaining({ event: 'alarm', alarm: 'web-prod-unhealthy', state: 'ALARM', outcomes: ['tell'] }),
  );
});

test('Given a table that fails, then the message comes back alone', async () => {
  const { site, take } = taking();
  const throttled = new AwsCallError({
    service: 'DynamoDB',
    action: 'GetItem',
    code: 'ThrottlingException',
    meaning: 'throttled',
    awsMessage: 'slow down',
  });
  site.world.onCall((_, name) => (name === 'incidents.read' ? throttled : 'proceed'));
  const other = JSON.stringify({ ...JSON.parse(METRIC), source: 'aws.ec2' });
  expect(await take(recordOf('m-1', METRIC), recordOf('m-2', other))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm-1' }],
  });
  expect(site.told()).toEqual([]);
});
