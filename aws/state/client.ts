import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** A DynamoDB client that takes and gives plain values; what is `undefined` is left out of an item. */
export const documentsOver = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** The process's one client of DynamoDB. */
export const stateClient = madeOnce(() => documentsOver(new DynamoDBClient(CLIENT_SETTINGS)));
