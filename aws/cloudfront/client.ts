import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** CloudFront is global and answers in us-east-1, wherever the function runs. @see AWS general reference, CloudFront endpoints */
const CLOUDFRONT_REGION = 'us-east-1';

/** The process's one client of CloudFront. */
export const cloudFrontClient = madeOnce(() => new CloudFrontClient({ ...CLIENT_SETTINGS, region: CLOUDFRONT_REGION }));
