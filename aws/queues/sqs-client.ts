import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_SETTINGS, HASTY_CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of SQS. */
export const sqsClient = madeOnce(() => new SQSClient(CLIENT_SETTINGS));

/** The same for a function that a person waits for. */
export const hastySqsClient = madeOnce(() => new SQSClient(HASTY_CLIENT_SETTINGS));
