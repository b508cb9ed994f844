import type { Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { OptionalSecretReader, SecretReader } from './port.ts';

const KEPT_MILLISECONDS = 5 * 60 * 1_000;

const CALL: AwsCall = { service: 'SSM', action: 'GetParameter' };

const howToStore = (name: string): string =>
  `store it with: aws ssm put-parameter --overwrite --type SecureString --name ${name} --value …`;

const notFound = (name: string, cause: AwsCallError): AwsCallError =>
  new AwsCallError(
    {
      ...CALL,
      code: cause.code,
      meaning: 'not-found',
      awsMessage: `there is no parameter ${name}; ${howToStore(name)}`,
    },
    { cause },
  );

const unusable = (name: string, why: string): AwsCallError =>
  new AwsCallError({
    ...CALL,
    code: 'UnusableSecret',
    meaning: 'invalid',
    awsMessage: `the parameter ${name} ${why}; ${howToStore(name)}`,
  });

const secretIn = (name: string, parameter: Parameter | undefined): string => {
  if (parameter?.Type !== 'SecureString')
    throw unusable(name, `is a ${parameter?.Type ?? 'nothing'}, not a SecureString`);
  if (parameter.Value === undefined || parameter.Value.trim() === '') throw unusable(name, 'is empty');
  return parameter.Value;
};

const ask = async (ssm: SSMClient, Name: string): Promise<string> => {
  try {
    const { Parameter } = await callAws(CALL, () => ssm.send(new GetParameterCommand({ Name, WithDecryption: true })));
    return secretIn(Name, Parameter);
  } catch (error) {
    throw error instanceof AwsCallError && error.code === 'ParameterNotFound' ? notFound(Name, error) : error;
  }
};

/**
 * Reads secrets from SSM and keeps each in memory for five minutes. A failed read is not kept, and an old secret is not
 * used past its time: after a rotation it would fail anyway, and less clearly.
 */
export const secretReader = (ssm: SSMClient, now: () => Date): SecretReader & OptionalSecretReader => {
  const absentUntil = new Map<string, number>();
  const kept = new Map<string, { readonly secret: string; readonly until: number }>();
  return {
    async readSecret(parameterName) {
      const known = kept.get(parameterName);
      if (known !== undefined && now().getTime() < known.until) return known.secret;
      const secret = await ask(ssm, parameterName);
      kept.set(parameterName, { secret, until: now().getTime() + KEPT_MILLISECONDS });
      return secret;
    },
    async readSecretIfStored(parameterName) {
      if (now().getTime() < (absentUntil.get(parameterName) ?? 0)) return undefined;
      try {
        return await this.readSecret(parameterName);
      } catch (error) {
        if (!(error instanceof AwsCallError) || error.code !== 'ParameterNotFound') throw error;
        absentUntil.set(parameterName, now().getTime() + KEPT_MILLISECONDS);
        return undefined;
      }
    },
  };
};
