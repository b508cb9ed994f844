import { ACMClient } from '@aws-sdk/client-acm';
import { CLIENT_SETTINGS, madeOncePerRegion } from '../client-settings.ts';

/** The process's clients of ACM, one a Region: certificates stay in the Region they were made in. */
export const acmClient = madeOncePerRegion((region) => new ACMClient({ ...CLIENT_SETTINGS, region }));
