import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { secretReader } from '../../../aws/parameters/secret-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ssm = mockClient(SSMClient);
let now: Date;
beforeEach(() => {
  ssm.reset();
  now = new Date('2026-11-22T05:00:00.000Z');
});

const NAME = '/usher/prod/slack-webhook';
const WEBHOOK = 'https://hooks.slack.example/services/T000/B000/first';

const reader = () => secretReader(new SSMClient({ region: 'ap-northeast-1' }), () => now);
const stored = (Value: string | undefined, Type: 'SecureString' | 'String' = 'SecureString') => ({
  Parameter: { Name: NAME, Type, Value },
});

test('Given a SecureString, when it is read, then it comes decrypted', async () => {
  ssm.on(GetParameterCommand).resolves(stored(WEBHOOK));
  expect(await reader().readSecret(NAME)).toBe(WEBHOOK);
  expect(ssm.calls().map((call) => call.args[0].input)).toEqual([{ Name: NAME, WithDecryption: true }]);
});

test('Given a rotation, when the secret is read again, then the old one is used for five minutes and not a moment longer', async () => {
  ssm.on(GetParameterCommand).resolvesOnce(stored('first')).resolves(stored('second'));
  const secrets = reader();
  expect(await secrets.readSecret(NAME)).toBe('first');
  now = new Date('2026-11-22T05:04:59.999Z');
  expect(await secrets.readSecret(NAME)).toBe('first');
  now = new Date('2026-11-22T05:05:00.000Z');
  expect(await secrets.readSecret(NAME)).toBe('second');
  expect(ssm.calls()).toHaveLength(2);
});

test('Given two parameters, then each is kept under its own name', async () => {
  ssm
    .on(GetParameterCommand, { Name: 'a' })
    .resolves(stored('A'))
    .on(GetParameterCommand, { Name: 'b' })
    .resolves(stored('B'));
  const secrets = reader();
  expect([await secrets.readSecret('a'), await secrets.readSecret('b'), await secrets.readSecret('a')]).toEqual([
    'A',
    'B',
    'A',
  ]);
});

test('Given a read that failed, when it is tried again, then AWS is asked again', async () => {
  ssm.on(GetParameterCommand).rejectsOnce(awsRefusal('ThrottlingException', 'Rate exceeded')).resolves(stored(WEBHOOK));
  const secrets = reader();
  await expect(secrets.readSecret(NAME)).rejects.toMatchObject({ meaning: 'throttled' });
  expect(await secrets.readSecret(NAME)).toBe(WEBHOOK);
});

test('Given no such parameter, then the message says how to store it', async () => {
  ssm.on(GetParameterCommand).rejects(awsRefusal('ParameterNotFound', 'Parameter not found'));
  await expect(reader().readSecret(NAME)).rejects.toMatchObject({
    code: 'ParameterNotFound',
    meaning: 'not-found',
    awsMessage: `there is no parameter ${NAME}; store it with: aws ssm put-parameter --overwrite --type SecureString --name ${NAME} --value …`,
  });
});

test('Given a secret stored in plain sight, then it is refused, and the message does not repeat it', async () => {
  ssm.on(GetParameterCommand).resolves(stored(WEBHOOK, 'String'));
  const failure: unknown = await reader()
    .readSecret(NAME)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'UnusableSecret',
    awsMessage: expect.stringContaining('is a String, not a SecureString'),
  });
  expect(String(failure)).not.toContain('hooks.slack');
});

test.each([[stored('')], [stored(' \n')], [stored(undefined)], [{}]])(
  'Given the answer %j, then it is unusable',
  async (answer) => {
    ssm.on(GetParameterCommand).resolves(answer);
    await expect(reader().readSecret(NAME)).rejects.toMatchObject({ code: 'UnusableSecret', meaning: 'invalid' });
  },
);

describe('a secret that a stage may go without', () => {
  const absent = awsRefusal('ParameterNotFound', 'absent');

  test('Given none, then that is an answer, kept for five minutes and not a moment longer', async () => {
    ssm.on(GetParameterCommand).rejectsOnce(absent).resolves(stored('second'));
    const secrets = reader();
    expect(await secrets.readSecretIfStored(NAME)).toBeUndefined();
    now = new Date('2026-11-22T05:04:59.999Z');
    expect(await secrets.readSecretIfStored(NAME)).toBeUndefined();
    expect(ssm.calls()).toHaveLength(1);
    now = new Date('2026-11-22T05:05:00.000Z');
    expect(await secrets.readSecretIfStored(NAME)).toBe('second');
  });

  test('Given one that can’t be read, then that is an error and not “none”', async () => {
    ssm.on(GetParameterCommand).rejectsOnce(awsRefusal('ThrottlingException', 'Rate exceeded')).resolves(stored('it'));
    const secrets = reader();
    await expect(secrets.readSecretIfStored(NAME)).rejects.toMatchObject({ meaning: 'throttled' });
    expect(await secrets.readSecretIfStored(NAME)).toBe('it');
  });
});
