import type { LambdaClient } from '@aws-sdk/client-lambda';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { unexpectedAnswer } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { StageFinder } from './port.ts';

const WHO: AwsCall = { service: 'STS', action: 'GetCallerIdentity' };
const SETTINGS: AwsCall = { service: 'Lambda', action: 'GetFunctionConfiguration' };

/** @see Lambda API reference, `GetFunctionConfiguration`: `ResourceNotFoundException` */
const isMissing = (error: unknown): boolean => error instanceof AwsCallError && error.meaning === 'not-found';

/** Finds out by Lambda and the Security Token Service. */
export const stageFinder = (lambda: LambdaClient, tokens: STSClient): StageFinder => ({
  async whoCalls() {
    const { Account, Arn } = await callAws(WHO, () => tokens.send(new GetCallerIdentityCommand({})));
    if (Account === undefined || Arn === undefined) throw unexpectedAnswer(WHO, 'it names no account');
    return { account: Account, arn: Arn };
  },
  async readSettings(FunctionName) {
    try {
      const { Environment } = await callAws(SETTINGS, () =>
        lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
      );
      // A key that the reader may not use leaves the environment unread, with an error beside it.
      if (Environment?.Error !== undefined)
        throw unexpectedAnswer(SETTINGS, `the environment is unreadable: ${Environment.Error.ErrorCode}`);
      return Environment?.Variables ?? {};
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
});
