import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Lambda. */
export const lambdaClient = madeOnce(() => new LambdaClient(CLIENT_SETTINGS));

/** The process's one client of the Security Token Service. */
export const tokenClient = madeOnce(() => new STSClient(CLIENT_SETTINGS));
