import type { AwsCallError } from '../aws/aws-call-error.ts';
import { AwsCallError as CallError } from '../aws/aws-call-error.ts';
import { SettingError } from '../domain/settings.ts';
import { GroupsBusyError } from '../stories/seat-instances/approved.ts';
import { UsageError } from './usage-error.ts';
import { LeaseLapsedError } from './within-leases.ts';
import { outside } from './words.ts';

/** Names of services in policies. */
const IAM_PREFIX: Readonly<Record<string, string>> = {
  ACM: 'acm',
  'Auto Scaling': 'autoscaling',
  CloudFront: 'cloudfront',
  DynamoDB: 'dynamodb',
  EC2: 'ec2',
  ELB: 'elasticloadbalancing',
  ELBv2: 'elasticloadbalancing',
  EventBridge: 'events',
  Lambda: 'lambda',
  'Route 53': 'route53',
  'Route 53 Domains': 'route53domains',
  SQS: 'sqs',
  STS: 'sts',
  Tagging: 'tag',
};

/** Calls that are allowed by other names than their own: a transaction by the actions of its items. */
const IAM_ACTIONS: Readonly<Record<string, string>> = {
  'dynamodb:TransactWriteItems': 'dynamodb:PutItem, dynamodb:UpdateItem and dynamodb:DeleteItem',
};

const permissionOf = ({ service, action }: AwsCallError): string => {
  const permission = `${IAM_PREFIX[service] ?? service}:${action}`;
  return IAM_ACTIONS[permission] ?? permission;
};

/** The SDK found no credentials, or a sign-in that is over: it asked AWS nothing. */
const NO_CREDENTIALS: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TokenProviderError']);
const EXPIRED: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const NOT_ACCEPTED: ReadonlySet<string> = new Set([
  'AuthFailure',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'UnrecognizedClient',
  'UnrecognizedClientException',
]);
const NO_HOST: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** Where the command was to work, for the next step. */
export interface ErrorPlace {
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

const signIn = ({ profile }: ErrorPlace): string =>
  profile === undefined ? 'aws sso login, or name a profile with --profile' : `aws sso login --profile ${profile}`;

const ofAws = (error: AwsCallError, place: ErrorPlace): string => {
  const { code, meaning, service, action, awsMessage } = error;
  if (EXPIRED.has(code) || (NO_CREDENTIALS.has(code) && /expired|invalid/i.test(awsMessage)))
    return `Your AWS credentials have expired. Next: ${signIn(place)}`;
  if (NO_CREDENTIALS.has(code)) return `There are no AWS credentials to work with. Next: ${signIn(place)}`;
  if (NOT_ACCEPTED.has(code))
    return `AWS does not accept these credentials in ${place.region ?? 'this Region'} (${code}). Next: check --profile, and that the account has the Region enabled`;
  if (NO_HOST.has(code))
    return `${service} has no address in ${place.region ?? 'this Region'}, or there is no network. Next: check --region`;
  switch (meaning) {
    case 'denied':
      return `You may not call ${service} ${action}. Next: have ${permissionOf(error)} allowed; the stage’s policies for people have all of it (docs/terminal.md, “Rights”)`;
    case 'throttled':
      return `AWS is throttling ${service} ${action}. Next: the same again in a minute`;
    case 'transient':
      return `${service} ${action} did not answer (${code}). Next: the same again; nothing is done twice`;
    default:
      return `${service} ${action} failed: ${code}: ${outside(awsMessage)}. Next: usher … --verbose says more`;
  }
};

/** An error as one line that says what is the matter and what to do next. */
export const sayError = (error: unknown, place: ErrorPlace): string => {
  if (error instanceof UsageError) return error.message;
  if (error instanceof CallError) return ofAws(error, place);
  if (error instanceof SettingError) return `${error.message}. Next: check --param, or the deployment’s parameters`;
  if (error instanceof GroupsBusyError)
    return 'Usher is at work on the same group at this moment, and nothing was changed. Next: the same again in a minute';
  if (error instanceof LeaseLapsedError)
    return 'This stood still for too long, and things may have moved since they were looked at; it stopped before changing more. Next: the same again';
  if (error instanceof Error && /region is missing/i.test(error.message))
    return 'No Region is set. Next: --region ap-northeast-1, say, or AWS_REGION';
  if (error instanceof Error && /could not.*profile|profile.*not found/i.test(error.message))
    return `${outside(error.message)}. Next: aws configure list-profiles`;
  return `${error instanceof Error ? `${error.name}: ${outside(error.message)}` : outside(String(error))}. Next: --verbose says where`;
};
