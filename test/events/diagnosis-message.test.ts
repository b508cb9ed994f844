import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDiagnosisMessage, serializeDiagnosisNote } from '../../events/diagnosis-message.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';

const SUBJECT = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef';
const openedAt = '2026-11-22T03:02:00.000Z';

test.each([
  { kind: 'diagnosis-changes', subject: SUBJECT, openedAt, attempt: 1 },
  { kind: 'diagnosis-settles', subject: SUBJECT, openedAt },
  { kind: 'diagnosis-stands', subject: SUBJECT, openedAt, turn: 3 },
] as const)('Given a note, when it is written and read, then it is the same: $kind', (note) => {
  expect(parseDiagnosisMessage(serializeDiagnosisNote(note))).toStrictEqual(note);
});

test('Given an alarm’s event, then it is read as one; given another service’s, it is ignored', () => {
  const sample = readFileSync(join(import.meta.dirname, '../../events/alarm-state-change/metric.json'), 'utf8');
  expect(parseDiagnosisMessage(sample)).toMatchObject({
    kind: 'alarm-changed',
    alarm: { name: 'web-prod-unhealthy', state: 'ALARM' },
  });
  const other = JSON.stringify({ ...JSON.parse(sample), source: 'aws.ec2' });
  expect(parseDiagnosisMessage(other)).toMatchObject({ kind: 'ignored' });
});

test.each([
  ['no JSON', '{'],
  ['another version', JSON.stringify({ usher: 2, kind: 'diagnosis-settles', subject: SUBJECT, openedAt })],
  ['another kind', JSON.stringify({ usher: 1, kind: 'diagnosis-ends', subject: SUBJECT, openedAt })],
  ['no subject', JSON.stringify({ usher: 1, kind: 'diagnosis-settles', subject: '', openedAt })],
  ['no moment', JSON.stringify({ usher: 1, kind: 'diagnosis-settles', subject: SUBJECT, openedAt: 'soon' })],
])('Given %s, then it is malformed', (_, body) => {
  expect(() => parseDiagnosisMessage(body)).toThrow(MalformedEventError);
});
