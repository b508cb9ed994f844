import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of EventBridge. */
export const eventBridgeClient = madeOnce(() => new EventBridgeClient(CLIENT_SETTINGS));
