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

/**
 * How far this machine's clock is off by an answer's `Date`, to a second or two. The SDK tells AWS the time it takes AWS to
 * have, so that a clock hours off keeps nothing from working.
 */
const clockAhead = (response: unknown): number | undefined => {
  const { headers } = (response ?? {}) as { readonly headers?: Readonly<Record<string, string | undefined>> };
  const said = Date.parse(headers?.['date'] ?? '');
  return Number.isNaN(said) ? undefined : Math.round((Date.now() - said) / 1000);
};

/** @see Lambda API reference, `GetFunctionConfiguration`: `ResourceNotFoundException` */
const isMissing = (error: unknown): boolean => error instanceof AwsCallError && error.meaning === 'not-found';

/** Finds out by Lambda and the Security Token Service. */
export const stageFinder = (lambda: LambdaClient, tokens: STSClient): StageFinder => ({
  async whoCalls() {
    let clockAheadSeconds: number | undefined;
    const command = new GetCallerIdentityCommand({});
    command.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        clockAheadSeconds = clockAhead(answer.response);
        return answer;
      },
      { name: 'readClock', step: 'deserialize', priority: 'low' },
    );
    const { Account, Arn } = await callAws(WHO, () => tokens.send(command));
    if (Account === undefined || Arn === undefined) throw unexpectedAnswer(WHO, 'it names no account');
    return { account: Account, arn: Arn, ...(clockAheadSeconds === undefined ? {} : { clockAheadSeconds }) };
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
