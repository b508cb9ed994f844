import { describe, expect, test } from '@jest/globals';
import { toAwsCallError } from '../../aws/call-aws.ts';
import { sayError } from '../../cli/say-error.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { SettingError } from '../../domain/settings.ts';
import { GroupsBusyError } from '../../stories/seat-instances/approved.ts';

const place = { profile: 'work', region: 'ap-northeast-1' };
const call = { service: 'EC2', action: 'DescribeInstances' };
const fromAws = (name: string, message = 'x', httpStatusCode = 400) =>
  toAwsCallError(call, Object.assign(new Error(message), { name, $metadata: { httpStatusCode } }));

describe('What failed, in one line', () => {
  test.each<readonly [what: string, error: unknown, says: string]>([
    [
      'credentials that have expired',
      fromAws('ExpiredToken'),
      'Your AWS credentials have expired. Next: aws sso login --profile work',
    ],
    [
      'a sign-in that is over',
      toAwsCallError(
        call,
        Object.assign(new Error('The SSO session associated with this profile has expired'), {
          name: 'CredentialsProviderError',
        }),
      ),
      'Your AWS credentials have expired. Next: aws sso login --profile work',
    ],
    [
      'no credentials',
      toAwsCallError(call, Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' })),
      'There are no AWS credentials to work with. Next: aws sso login --profile work',
    ],
    [
      'credentials that are nobody’s',
      fromAws('AuthFailure'),
      'AWS does not accept these credentials in ap-northeast-1 (AuthFailure). Next: check --profile, and that the account has the Region enabled',
    ],
    [
      'a Region that there is not',
      toAwsCallError(call, Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
      'EC2 has no address in ap-northeast-1, or there is no network. Next: check --region',
    ],
    [
      'a right that is missing',
      fromAws('UnauthorizedOperation', 'You are not authorized', 403),
      'You may not call EC2 DescribeInstances. Next: have ec2:DescribeInstances allowed; the stage’s policies for people have all of it (docs/terminal.md, “Rights”)',
    ],
    [
      'a right to write the table',
      toAwsCallError(
        { service: 'DynamoDB', action: 'TransactWriteItems' },
        Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }),
      ),
      'You may not call DynamoDB TransactWriteItems. Next: have dynamodb:PutItem, dynamodb:UpdateItem and dynamodb:DeleteItem allowed; the stage’s policies for people have all of it (docs/terminal.md, “Rights”)',
    ],
    [
      'a crowded AWS',
      fromAws('RequestLimitExceeded', 'slow', 503),
      'AWS is throttling EC2 DescribeInstances. Next: the same again in a minute',
    ],
    [
      'a lease of somebody else’s',
      new GroupsBusyError('busy'),
      'Usher is at work on the same group at this moment, and nothing was changed. Next: the same again in a minute',
    ],
    [
      'a setting that can’t be',
      new SettingError('USHER_DEFAULT_POLICY is "all"; it may be ask'),
      'USHER_DEFAULT_POLICY is "all"; it may be ask. Next: check --param, or the deployment’s parameters',
    ],
    [
      'no Region',
      new Error('Region is missing'),
      'No Region is set. Next: --region ap-northeast-1, say, or AWS_REGION',
    ],
    ['a line that can’t be understood', new UsageError('No. Next: yes'), 'No. Next: yes'],
  ])('%s', (_, error, says) => {
    expect(sayError(error, place)).toBe(says);
  });

  test('anything else is one line too, with no control characters, and says how to learn more', () => {
    const said = sayError(new TypeError('a\nb\u001b[31mc'), place);
    expect(said).toBe('TypeError: a b[31mc. Next: --verbose says where');
  });
});
