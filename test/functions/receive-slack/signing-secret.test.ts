import { expect, test } from '@jest/globals';
import { signingSecret } from '../../../functions/receive-slack/signing-secret.ts';

/** A parameter whose readings are counted, and a clock. */
const parameter = (...answers: readonly (string | Error)[]) => {
  let reads = 0;
  let milliseconds = Date.parse('2026-11-22T05:00:00Z');
  const read = async (): Promise<string> => {
    const answer = answers[Math.min(reads, answers.length - 1)] ?? '';
    reads += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    secret: signingSecret(read, () => new Date(milliseconds)),
    reads: () => reads,
    pass: (seconds: number) => {
      milliseconds += seconds * 1_000;
    },
  };
};

test('Given a secret that was read, when five minutes are not over, then it is not read again', async () => {
  const { secret, reads, pass } = parameter('first', 'second');
  expect(await secret.current()).toBe('first');
  pass(299);
  expect(await secret.current()).toBe('first');
  expect(reads()).toBe(1);
  pass(1);
  expect(await secret.current()).toBe('second');
});

test('Given a reading under way, when a request wants the secret, then it waits for the same one', async () => {
  const { secret, reads } = parameter('first');
  const early = secret.current();
  expect(await Promise.all([early, secret.current(), secret.current()])).toEqual(['first', 'first', 'first']);
  expect(reads()).toBe(1);
});

test('Given white space around the stored secret, then it is not part of it', async () => {
  expect(await parameter(' first\n').secret.current()).toBe('first');
});

test('Given wrong signatures one after the other, then the secret is read again at most twice a minute', async () => {
  const { secret, reads, pass } = parameter('first', 'second');
  await secret.current();
  for (let second = 0; second < 60; second += 1) {
    await secret.again();
    pass(1);
  }
  expect(reads()).toBe(2);
});

test('Given a secret that was changed, when it is read again, then the new one is current', async () => {
  const { secret, pass } = parameter('first', 'second');
  await secret.current();
  expect(await secret.again()).toBeUndefined();
  pass(30);
  expect(await secret.again()).toBe('second');
  expect(await secret.current()).toBe('second');
});

test('Given a reading that failed, then the error is told, and after two seconds it is tried again', async () => {
  const { secret, reads, pass } = parameter(new Error('denied'), 'first');
  await expect(secret.current()).rejects.toThrow('denied');
  await expect(secret.current()).rejects.toThrow('denied');
  expect(reads()).toBe(1);
  pass(2);
  expect(await secret.current()).toBe('first');
});

test('Given a kept secret, when reading it again fails, then the failure is told and the secret is kept', async () => {
  const { secret, pass } = parameter('first', new Error('no answer'));
  await secret.current();
  pass(60);
  await expect(secret.again()).rejects.toThrow('no answer');
  expect(await secret.current()).toBe('first');
});
