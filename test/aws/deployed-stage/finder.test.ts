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

test('Given credentials, then whose they are is told', async () => {
  tokens.on(GetCallerIdentityCommand).resolves({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/t' });
  expect(await finder.whoCalls()).toEqual({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/t' });
});
