import { expect, test } from '@jest/globals';
import { meaningOf } from '../../aws/error-meaning.ts';

test.each([
  ['Throttling', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['ThrottledException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['RequestThrottled', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['UnauthorizedOperation', 'denied'],
  ['AccessDenied', 'denied'],
  ['AccessDeniedException', 'denied'],
  ['ExpiredToken', 'denied'],
  ['ExpiredTokenException', 'denied'],
  ['UnrecognizedClientException', 'denied'],
  ['AuthFailure', 'denied'],
  ['InvalidGroup.NotFound', 'not-found'],
  ['InvalidPermission.NotFound', 'not-found'],
  ['InvalidSecurityGroupRuleId.NotFound', 'not-found'],
  ['TargetGroupNotFound', 'not-found'],
  ['TargetGroupNotFoundException', 'not-found'],
  ['LoadBalancerNotFound', 'not-found'],
  ['ParameterNotFound', 'not-found'],
  ['InvalidPermission.Duplicate', 'already-there'],
  ['RulesPerSecurityGroupLimitExceeded', 'full'],
  ['TooManyTargets', 'full'],
  ['TooManyRegistrationsForTargetId', 'full'],
  ['InvalidPermission.Malformed', 'invalid'],
  ['InvalidParameterValue', 'invalid'],
  ['InvalidTarget', 'invalid'],
  ['ValidationError', 'invalid'],
  ['ValidationException', 'invalid'],
  ['HealthUnavailable', 'transient'],
  ['ServiceUnavailable', 'transient'],
  ['InternalFailure', 'transient'],
  ['TimeoutError', 'transient'],
  ['ECONNRESET', 'transient'],
  ['ENOTFOUND', 'transient'],
  ['UnexpectedAnswer', 'other'],
  ['SomethingNew', 'other'],
] as const)('%s means %s', (code, meaning) => {
  expect(meaningOf(code)).toBe(meaning);
});

test.each([
  [500, 'transient'],
  [503, 'transient'],
  [429, 'throttled'],
  [400, 'other'],
] as const)('Given a code that nobody knows, when the status is %i, then it means %s', (httpStatus, meaning) => {
  expect(meaningOf('SomethingNew', httpStatus)).toBe(meaning);
});

test('Given a known code, when the status says otherwise, then the code decides', () => {
  expect(meaningOf('TooManyTargets', 503)).toBe('full');
});
