import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Resource Groups Tagging. */
export const taggingClient = madeOnce(() => new ResourceGroupsTaggingAPIClient(CLIENT_SETTINGS));
