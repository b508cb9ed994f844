import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Auto Scaling. */
export const autoScalingClient = madeOnce(() => new AutoScalingClient(CLIENT_SETTINGS));
