import { Readable } from 'node:stream';
import { GetFunctionConfigurationCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { stageFinder } from '../../../aws/deployed-stage/finder.ts';

const lambda = mockClient(LambdaClient);
const tokens = mockClient(STSClient);
const finder = stageFinder(new LambdaClient({}), new STSClient({}));

beforeEach(() => {
  lambda.reset();
  tokens.reset();
});

test('Given a deployed function, then its environment is read', async () => {
  const Environment = { Variables: { USHER_STAGE: 'prod' } };
  lambda.on(GetFunctionConfigurationCommand, { FunctionName: 'usher-prod-sweep' }).resolves({ Environment });
  expect(await finder.readSettings('usher-prod-sweep')).toEqual({ USHER_STAGE: 'prod' });
});

test('Given no such function, then that is an answer; given no right to look, an error', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .rejects(new ResourceNotFoundException({ message: 'no', $metadata: {}, Type: 'User' }));
  expect(await finder.readSettings('usher-prod-sweep')).toBeUndefined();
  lambda.on(GetFunctionConfigurationCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await expect(finder.readSettings('usher-prod-sweep')).rejects.toMatchObject({ meaning: 'denied' });
});

test('Given an environment that could not be decrypted, then it is an error and not empty', async () => {
  const Environment = { Error: { ErrorCode: 'KMSAccessDenied', Message: 'no' } };
  lambda.on(GetFunctionConfigurationCommand).resolves({ Environment });
  await expect(finder.readSettings('usher-prod-sweep')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
});

test('Given an answer that says the time, then it is told how far this machine’s clock is off', async () => {
  tokens.restore();
  const body = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/t</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
  </GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const headers = { date: new Date(Date.now() - 100_000).toUTCString() };
  const client = new STSClient({
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async () => ({ response: { statusCode: 200, headers, body: Readable.from([body]) } }),
    },
  });
  const { clockAheadSeconds } = await stageFinder(new LambdaClient({}), client).whoCalls();
  expect(clockAheadSeconds).toBeGreaterThanOrEqual(99);
  expect(clockAheadSeconds).toBeLessThanOrEqual(103);
});

test('Given credentials, then whose they are is told', async () => {
  tokens.on(GetCallerIdentityCommand).resolves({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/t' });
  expect(await finder.whoCalls()).toEqual({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/t' });
});
