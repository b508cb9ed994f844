import { Route53Client } from '@aws-sdk/client-route-53';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** Route 53 is global and answers in us-east-1, wherever the function runs (facts 5.3, source 85). */
const ROUTE53_REGION = 'us-east-1';

/** The process's one client of Route 53. */
export const route53Client = madeOnce(() => new Route53Client({ ...CLIENT_SETTINGS, region: ROUTE53_REGION }));
