import { SSMClient } from '@aws-sdk/client-ssm';
import { CLIENT_SETTINGS, HASTY_CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Systems Manager. */
export const parametersClient = madeOnce(() => new SSMClient(CLIENT_SETTINGS));

/** The same for a function that a person waits for. */
export const hastyParametersClient = madeOnce(() => new SSMClient(HASTY_CLIENT_SETTINGS));
