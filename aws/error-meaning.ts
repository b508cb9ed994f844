import type { AwsErrorMeaning } from './aws-call-error.ts';

/**
 * Error codes by what they mean to us. AWS spells some with and some without `Exception`; that ending is dropped first.
 * @see facts 2.2, 2.6 and 3.3; EC2 API reference, "Error codes"; each service's "Common errors"
 */
const CODES: Readonly<Record<Exclude<AwsErrorMeaning, 'other'>, readonly string[]>> = {
  throttled: [
    'BandwidthLimitExceeded',
    'EC2Throttled',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceeded',
    'RequestLimitExceeded',
    'RequestThrottled',
    'SlowDown',
    'Throttled',
    'Throttling',
    'TooManyRequests',
  ],
  denied: [
    'AccessDenied',
    'AuthFailure',
    'Blocked',
    'CredentialsProviderError',
    'ExpiredToken',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'MissingAuthenticationToken',
    'NotAuthorized',
    'OptInRequired',
    'RequestExpired',
    'SignatureDoesNotMatch',
    'UnauthorizedOperation',
    'UnrecognizedClient',
  ],
  'not-found': [
    'AWS.SimpleQueueService.NonExistentQueue',
    'EntityNotFound',
    'ListenerNotFound',
    'LoadBalancerNotFound',
    'NoSuchDistribution',
    'NoSuchHostedZone',
    'NoSuchInvalidation',
    'NoSuchResource',
    'ParameterNotFound',
    'QueueDoesNotExist',
    'ResourceNotFound',
    'TargetGroupNotFound',
  ],
  'already-there': ['InvalidGroup.Duplicate', 'InvalidPermission.Duplicate', 'InvalidationBatchAlreadyExists'],
  'in-use': ['DependencyViolation', 'InvalidGroup.InUse'],
  full: [
    'RulesPerSecurityGroupLimitExceeded',
    'SecurityGroupLimitExceeded',
    'SecurityGroupsPerInterfaceLimitExceeded',
    'TooManyInvalidationsInProgress',
    'TooManyRegistrationsForTargetId',
    'TooManyTargets',
  ],
  invalid: [
    'BatchTooLarge',
    'FilterLimitExceeded',
    'InconsistentQuantities',
    'InvalidArgument',
    'InvalidArn',
    'InvalidInput',
    'InvalidInstance',
    'InvalidMessageContents',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterValue',
    'InvalidTarget',
    'MissingBody',
    'MissingParameter',
    'UnknownParameter',
    'Validation',
    'ValidationError',
  ],
  transient: [
    'EAI_AGAIN',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
    'HealthUnavailable',
    'Internal',
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'InternalService',
    'NoAnswer',
    'PaginationTokenExpired',
    'RequestTimeout',
    'ServiceUnavailable',
    'TimeoutError',
    'Unavailable',
    'UnreadableAnswer',
  ],
};

const MEANINGS: ReadonlyMap<string, AwsErrorMeaning> = new Map(
  Object.entries(CODES).flatMap(([meaning, codes]) => codes.map((code) => [code, meaning as AwsErrorMeaning] as const)),
);

/** EC2 names whole families by their ending: `InvalidGroup.NotFound`, `InvalidPermission.Malformed`. */
const byEnding = (code: string): AwsErrorMeaning | undefined => {
  if (code.endsWith('.NotFound')) return 'not-found';
  return code.endsWith('.Malformed') ? 'invalid' : undefined;
};

const byStatus = (httpStatus: number | undefined): AwsErrorMeaning => {
  if (httpStatus === 429) return 'throttled';
  return httpStatus !== undefined && httpStatus >= 500 ? 'transient' : 'other';
};

/** Meaning of an error code; the HTTP status decides only about codes that we don't know. */
export const meaningOf = (code: string, httpStatus?: number): AwsErrorMeaning => {
  const plain = code.replace(/Exception$/, '');
  return MEANINGS.get(plain) ?? byEnding(plain) ?? byStatus(httpStatus);
};
