import { SSMClient } from '@aws-sdk/client-ssm';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Systems Manager. */
export const parametersClient = madeOnce(() => new SSMClient(CLIENT_SETTINGS));
