import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** CloudFormation's short forms, as their long ones. */
const CUSTOM_TAGS = ['Ref', 'Sub', 'GetAtt'].map((name) => ({
  tag: `!${name}`,
  resolve: (value: string) => ({ [name === 'Ref' ? 'Ref' : `Fn::${name}`]: value }),
}));

const { Resources, Parameters } = parse(readFileSync(join(ROOT, 'infra', 'forwarder.yml'), 'utf8'), {
  customTags: CUSTOM_TAGS,
  merge: true,
});

const rules = Object.entries<{
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}>(Resources)
  .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
  .map(([id, { Properties }]) => [id, Properties] as const);

test('ACM, AWS Health about ACM, and CloudFront are forwarded, from the default bus', () => {
  expect(rules.map(([id, { EventPattern, EventBusName }]) => [id, EventPattern, EventBusName])).toEqual([
    [
      'CertificateForwarder',
      { source: ['aws.acm'], account: [{ Ref: 'AWS::AccountId' }], region: [{ Ref: 'AWS::Region' }] },
      undefined,
    ],
    [
      'HealthForwarder',
      {
        source: ['aws.health'],
        account: [{ Ref: 'AWS::AccountId' }],
        region: [{ Ref: 'AWS::Region' }],
        detail: { service: ['ACM'], backupEvent: [{ exists: false }, 'false', false] },
      },
      undefined,
    ],
    [
      'DistributionForwarder',
      {
        source: ['aws.cloudfront'],
        account: [{ Ref: 'AWS::AccountId' }],
        region: [{ Ref: 'AWS::Region' }],
        'detail-type': ['AWS API Call via CloudTrail'],
      },
      undefined,
    ],
  ]);
});

test('Each goes to the bus of the stage alone, by a role that may do nothing else, and keeps what fails', () => {
  for (const [, { Targets }] of rules) {
    expect(Targets).toEqual([
      {
        Id: 'usher-bus',
        Arn: { Ref: 'BusArn' },
        RoleArn: { 'Fn::GetAtt': 'ForwarderRole.Arn' },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': 'UnforwardedQueue.Arn' } },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
      },
    ]);
  }
  expect(Resources.ForwarderRole.Properties.Policies).toEqual([
    {
      PolicyName: 'forward',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Sid: 'PutOnTheBus', Effect: 'Allow', Action: 'events:PutEvents', Resource: { Ref: 'BusArn' } }],
      },
    },
  ]);
  const [allow, deny] = Resources.UnforwardedQueuePolicy.Properties.PolicyDocument.Statement;
  expect(allow.Condition.ArnEquals['aws:SourceArn']).toEqual(rules.map(([id]) => ({ 'Fn::GetAtt': `${id}.Arn` })));
  expect(deny).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  expect(Resources.UnforwardedQueue.Properties).toMatchObject({
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
  });
});

test('The rules have the names by which the bus of another account knows them', () => {
  const names = rules.map(([, { Name }]) => String(Name?.['Fn::Sub']).replace(/\$\{Stage\}/, 'production-tokyo-2'));
  // infra/settings/checked.js admits `rule/usher-STAGE-forward-*`.
  expect(names.filter((name) => !/^usher-production-tokyo-2-forward-[a-z]+$/.test(name) || name.length > 64)).toEqual(
    [],
  );
});

test.each([
  ['BusArn', 'arn:aws:events:ap-northeast-1:123456789012:event-bus/usher-prod', true],
  ['BusArn', 'arn:aws:events:ap-northeast-1:123456789012:rule/usher-prod', false],
  ['Stage', 'prod', true],
  ['Stage', 'prod/*', false],
])('Given %s is %s, then CloudFormation takes it: %s', (name, value, isTaken) => {
  expect(new RegExp(`^(?:${Parameters[name].AllowedPattern})$`).test(value)).toBe(isTaken);
});

test('serverless.yml has the plugin', () => {
  const { plugins } = parse(readFileSync(join(ROOT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' });
  expect(plugins).toContain('./infra/forwarder/plugin.ts');
});
