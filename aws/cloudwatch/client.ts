import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of CloudWatch. */
export const cloudWatchClient = madeOnce(() => new CloudWatchClient(CLIENT_SETTINGS));
