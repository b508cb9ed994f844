import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of SQS. */
export const sqsClient = madeOnce(() => new SQSClient(CLIENT_SETTINGS));
