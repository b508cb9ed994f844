import { EC2Client } from '@aws-sdk/client-ec2';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of EC2. */
export const ec2Client = madeOnce(() => new EC2Client(CLIENT_SETTINGS));
