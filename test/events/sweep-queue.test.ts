import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { serializeLookAtTouched } from '../../events/look-at-touched.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { serializeSweepMessage } from '../../events/sweep-message.ts';
import { parseSweepQueueMessage } from '../../events/sweep-queue.ts';

const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../events/api-call', `${name}.json`), 'utf8');

test('Given a step of a sweep or a note to look, then it is read back as it was sent', () => {
  const step = { kind: 'sweep-step', runId: 'run', step: 2, attempt: 0 } as const;
  expect(parseSweepQueueMessage(serializeSweepMessage(step))).toEqual(step);
  const note = { kind: 'look-at-touched', attempt: 1 } as const;
  expect(parseSweepQueueMessage(serializeLookAtTouched(note))).toEqual(note);
});

test('Given what CloudTrail tells of a call, then it is that call', () => {
  expect(parseSweepQueueMessage(sample('revoke-security-group-ingress'))).toMatchObject({
    kind: 'api-called',
    account: '123456789012',
    change: { action: 'RevokeSecurityGroupIngress', by: { name: 'suzuki', via: 'console' } },
  });
});

test('Given another event, then it is ignored; given neither event nor message of ours, it is malformed', () => {
  const other = JSON.stringify({ source: 'aws.s3', 'detail-type': 'AWS API Call via CloudTrail', detail: {} });
  expect(parseSweepQueueMessage(other)).toMatchObject({ kind: 'ignored', reason: 'SourceNotOurs' });
  for (const body of [
    '',
    '{}',
    '[]',
    '{"usher":1}',
    '{"usher":1,"kind":"look-at-touched"}',
    '{"usher":2,"kind":"sweep-due"}',
  ])
    expect(() => parseSweepQueueMessage(body)).toThrow(MalformedEventError);
});
