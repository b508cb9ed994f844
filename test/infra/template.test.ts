import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CALLED_NAMES } from '../../events/api-call/parse.ts';
import { readExpiryMessage, SURVEY_MESSAGE } from '../../events/expiry-message.ts';
import { broadRoles } from '../support/permissions.ts';
import type { Json, Template } from '../support/template.ts';
import { at, compiledTemplate, listOf, NARROWED, ofType, resolved, withProperties } from '../support/template.ts';
import { ALL_CHECKS } from './checks.ts';

/** What a sweep holds against the version that swept last. */
const VERSION: string = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version;

const problemsOf = async (template: Template): Promise<readonly string[]> => [
  ...ALL_CHECKS.flatMap((check) => check(template)),
  ...(await broadRoles(template)),
];

let template: Template;
let local: Template;

beforeAll(async () => {
  template = resolved(await compiledTemplate());
  local = resolved(await compiledTemplate(...NARROWED));
}, 120_000);

test('Given no account and no credentials, when the service is packaged, then the template passes every check', async () => {
  expect(await problemsOf(template)).toEqual([]);
});

test('Given the local stage, when it is packaged, then only the table is less safe', async () => {
  expect(await problemsOf(local)).toEqual(['Table goes with the stack']);
});

test('Each function of the service has a handler', () => {
  const handlers = ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) =>
    String(at(Properties, 'Handler')),
  );
  expect(handlers).toEqual([
    'functions/register-targets/handler.handler',
    'functions/watch-targets/handler.handler',
    'functions/diagnose-unhealthy-targets/handler.handler',
    'functions/sweep/handler.handler',
    'functions/post-to-slack/handler.handler',
    'functions/invalidate-distributions/handler.handler',
    'functions/alert-expiring-certificates/handler.handler',
    'functions/carry-out-orders/handler.handler',
    'functions/receive-slack/handler.handler',
  ]);
  const files = handlers.map((handler) => join(import.meta.dirname, '../..', handler.replace(/\.handler$/, '.ts')));
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

/** What ACM says of certificates, and AWS Health of their renewals, without the copies it makes in other Regions. */
const CERTIFICATES = {
  source: ['aws.acm'],
  'detail-type': [
    'ACM Certificate Approaching Expiration',
    'ACM Certificate Available',
    'ACM Certificate Expired',
    'ACM Certificate Renewal Action Required',
    'ACM Certificate Revoked',
    'ACM Certificate Rotated',
  ],
};

const REQUESTS = {
  source: ['aws.acm'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: { eventName: ['RequestCertificate'] },
};

/** Alarms that may be about a balancer; of a composite one only CloudWatch knows. */
const ALARMS = { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] };

const RENEWALS = {
  source: ['aws.health'],
  'detail-type': ['AWS Health Event'],
  detail: { service: ['ACM'], backupEvent: [{ exists: false }, 'false', false] },
};

test('The default bus is listened to for exactly the events that can change a seat, alarm about a balancer, or tell of a certificate', () => {
  const patterns = ofType(template, 'AWS::Events::Rule')
    .filter(([, { Properties }]) => at(Properties, 'EventBusName') === undefined)
    .flatMap(([, { Properties }]) => at(Properties, 'EventPattern') ?? []);
  expect(patterns).toEqual([
    {
      source: ['aws.ec2'],
      'detail-type': ['EC2 Instance State-change Notification'],
      detail: { state: ['running', 'stopping', 'stopped', 'shutting-down', 'terminated'] },
    },
    {
      source: ['aws.ec2'],
      'detail-type': ['EC2 Spot Instance Interruption Warning', 'EC2 Instance Rebalance Recommendation'],
    },
    {
      source: ['aws.autoscaling'],
      'detail-type': [
        'EC2 Instance Launch Successful',
        'EC2 Instance-launch Lifecycle Action',
        'EC2 Instance Terminate Successful',
        'EC2 Instance-terminate Lifecycle Action',
      ],
    },
    {
      source: ['aws.tag'],
      'detail-type': ['Tag Change on Resource'],
      detail: { service: ['ec2'], 'resource-type': ['instance'] },
    },
    {
      source: ['aws.tag'],
      'detail-type': ['Tag Change on Resource'],
      detail: {
        service: ['elasticloadbalancing'],
        'resource-type': ['targetgroup'],
        'changed-tag-keys': [{ prefix: 'usher:' }],
      },
    },
    {
      ...ALARMS,
      detail: {
        configuration: {
          metrics: {
            metricStat: {
              metric: { namespace: ['AWS/ApplicationELB', 'AWS/NetworkELB', 'AWS/GatewayELB', 'AWS/ELB'] },
            },
          },
        },
      },
    },
    { ...ALARMS, detail: { configuration: { alarmRule: [{ exists: true }] } } },
    { ...ALARMS, detail: { alarmTags: { 'usher:explain': [{ 'equals-ignore-case': 'true' }] } } },
    {
      source: ['aws.ec2', 'aws.elasticloadbalancing'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventName: [...CALLED_NAMES],
        errorCode: [{ exists: false }],
        userIdentity: {
          sessionContext: {
            sessionIssuer: { userName: [{ exists: false }, { 'anything-but': { prefix: 'usher-prod-' } }] },
          },
        },
      },
    },
    CERTIFICATES,
    REQUESTS,
    RENEWALS,
  ]);
});

test('On the usher bus, what pipelines ask for and what was forwarded is listened to, and nothing that Usher says itself', () => {
  const rules = ofType(template, 'AWS::Events::Rule')
    .filter(([, { Properties }]) => at(Properties, 'EventBusName') !== undefined)
    .map(([id, { Properties }]) => [id, at(Properties, 'EventBusName'), at(Properties, 'EventPattern')]);
  expect(rules).toEqual([
    [
      'InvalidationRequestRule',
      'usher-prod',
      { source: [{ 'anything-but': ['usher'] }], 'detail-type': ['Invalidation Requested'] },
    ],
    ['ForwardedCertificateRule', 'usher-prod', { ...CERTIFICATES, account: ['123456789012'] }],
    ['ForwardedRequestRule', 'usher-prod', { ...REQUESTS, account: ['123456789012'] }],
    ['ForwardedHealthRule', 'usher-prod', { ...RENEWALS, account: ['123456789012'] }],
  ]);
});

test('Given no trusted accounts, then the bus admits none; given some, then their forwarders of this stage, and nothing else', () => {
  expect(ofType(template, 'AWS::Events::EventBusPolicy')).toEqual([]);
  expect(ofType(local, 'AWS::Events::EventBusPolicy').map(([, { Properties }]) => Properties)).toEqual([
    {
      EventBusName: 'usher-local',
      StatementId: 'OnlyForwardersOfTrustedAccounts',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::210987654321:root', 'arn:aws:iam::345678901234:root'] },
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:ap-northeast-1:123456789012:event-bus/usher-local',
        Condition: {
          ArnLike: {
            'aws:SourceArn': [
              'arn:aws:events:*:210987654321:rule/usher-local-forward-*',
              'arn:aws:events:*:345678901234:rule/usher-local-forward-*',
            ],
          },
        },
      },
    },
  ]);
  expect(at(local.Resources['ForwardedCertificateRule']?.Properties, 'EventPattern', 'account')).toEqual([
    '123456789012',
    '210987654321',
    '345678901234',
  ]);
});

test('Every day the survey is begun, by a note that the watch understands; which Regions have forwarders, the stack tells', () => {
  const rule = template.Resources['ExpirySchedule']?.Properties;
  expect(at(rule, 'ScheduleExpression')).toBe('cron(0 0 * * ? *)');
  expect(readExpiryMessage(JSON.parse(String(at(rule, 'Targets', 0, 'Input'))))).toEqual({ kind: 'expiry-survey' });
  expect(at(rule, 'Targets', 0, 'Input')).toBe(SURVEY_MESSAGE);
  expect(template.Outputs).toMatchObject({
    BusArn: { Value: 'arn:aws:events:ap-northeast-1:123456789012:event-bus/usher-prod' },
    ForwardedRegions: { Value: 'us-east-1' },
  });
  expect(local.Outputs).toMatchObject({ ForwardedRegions: { Value: 'none' } });
});

test('One launch queue gathers the events of every rule for ten seconds, and two workers take them', () => {
  const [, mapping] = ofType(template, 'AWS::Lambda::EventSourceMapping')[0] ?? [];
  expect(mapping?.Properties).toMatchObject({
    EventSourceArn: 'arn:aws:sqs:ap-northeast-1:123456789012:usher-prod-launches',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 10,
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('Nothing on any bus reaches what carries orders out: a forged approval wakes nobody', () => {
  const rules = ofType(template, 'AWS::Events::Rule');
  const commands = 'arn:aws:sqs:ap-northeast-1:123456789012:usher-prod-commands';
  const orderers = rules.filter(([, { Properties }]) =>
    listOf(at(Properties, 'Targets')).some((target) => at(target, 'Arn') === commands),
  );
  expect(orderers).toEqual([]);
  const onOurBus = rules.filter(([, { Properties }]) => at(Properties, 'EventBusName') !== undefined);
  expect(onOurBus.flatMap(([, { Properties }]) => listOf(at(Properties, 'EventPattern', 'detail-type')))).toEqual([
    'Invalidation Requested',
    ...CERTIFICATES['detail-type'],
    'AWS API Call via CloudTrail',
    'AWS Health Event',
  ]);
  const mapping = ofType(template, 'AWS::Lambda::EventSourceMapping').find(
    ([, { Properties }]) => at(Properties, 'EventSourceArn') === commands,
  );
  expect(mapping?.[1].Properties).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
});

test('The report queue keeps order for each destination apart', () => {
  expect(template.Resources).toMatchObject({
    ReportQueue: {
      Properties: { FifoQueue: true, DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' },
    },
  });
});

test('The environment holds every setting, and an address for each thing a function uses', () => {
  const environment = Object.fromEntries(
    ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => [
      String(at(Properties, 'FunctionName')),
      at(Properties, 'Environment', 'Variables'),
    ]),
  );
  const sqs = 'https://sqs.ap-northeast-1.amazonaws.com/123456789012/usher-prod';
  const stage = {
    USHER_STAGE: 'prod',
    USHER_ACCOUNT: '123456789012',
    USHER_VPC_IDS: '',
    USHER_DEFAULT_POLICY: 'add-only',
    USHER_MAXIMUM_POLICY: 'add-only',
    USHER_MINIMUM_HEALTHY_TARGETS: '1',
    USHER_MAXIMUM_ADDITIONS: '5',
    USHER_REMOVALS_PER_HOUR: '10',
    USHER_MANAGED_BY_TAGS: '',
    USHER_IAC_ADDITIONS: 'write',
    USHER_WIDE_CLIENT_CIDRS: 'no',
    USHER_DESTINATIONS: 'default',
    USHER_TABLE: 'table-Table',
    USHER_BUS: 'usher-prod',
    USHER_WATCH_QUEUE_URL: `${sqs}-watches`,
    USHER_REPORT_QUEUE_URL: `${sqs}-reports.fifo`,
  };
  const { USHER_WATCH_QUEUE_URL, ...withoutWatches } = stage;
  expect(environment).toEqual({
    'usher-prod-register-targets': {
      ...stage,
      AWS_SDK_UA_APP_ID: 'usher-register-targets',
      USHER_LAUNCH_QUEUE_URL: `${sqs}-launches`,
      USHER_LAUNCH_DEAD_LETTER_QUEUE_URL: `${sqs}-launches-dead`,
    },
    'usher-prod-watch-targets': {
      ...stage,
      AWS_SDK_UA_APP_ID: 'usher-watch-targets',
      USHER_PATIENCE_SECONDS: '120',
      USHER_SECONDS_BETWEEN_REPORTS: '60',
      USHER_WATCH_DEAD_LETTER_QUEUE_URL: `${sqs}-watches-dead`,
    },
    'usher-prod-diagnose-unhealthy-targets': {
      ...withoutWatches,
      AWS_SDK_UA_APP_ID: 'usher-diagnose-unhealthy-targets',
      USHER_TRUSTED_ACCOUNTS: '',
      USHER_DIAGNOSIS_QUEUE_URL: `${sqs}-diagnoses`,
      USHER_DIAGNOSIS_DEAD_LETTER_QUEUE_URL: `${sqs}-diagnoses-dead`,
    },
    'usher-prod-sweep': {
      ...stage,
      AWS_SDK_UA_APP_ID: 'usher-sweep',
      USHER_LAUNCH_QUEUE_URL: `${sqs}-launches`,
      USHER_SWEEP_QUEUE_URL: `${sqs}-sweep`,
      USHER_SWEEP_DEAD_LETTER_QUEUE_URL: `${sqs}-sweep-dead`,
      USHER_VERSION: VERSION,
    },
    'usher-prod-post-to-slack': {
      AWS_SDK_UA_APP_ID: 'usher-post-to-slack',
      USHER_STAGE: 'prod',
      USHER_SECRET_PREFIX: '/usher/prod',
      USHER_LANGUAGE: 'en',
      USHER_TIME_ZONE: 'UTC',
      USHER_ACCOUNT_LABEL: '',
      USHER_MENTIONS: '',
      USHER_DESTINATIONS: 'default',
      USHER_TABLE: 'table-Table',
      USHER_REPORT_QUEUE_URL: `${sqs}-reports.fifo`,
      USHER_REPORT_DEAD_LETTER_QUEUE_URL: `${sqs}-reports-dead.fifo`,
    },
    'usher-prod-invalidate-distributions': {
      AWS_SDK_UA_APP_ID: 'usher-invalidate-distributions',
      USHER_STAGE: 'prod',
      USHER_ACCOUNT: '123456789012',
      USHER_DESTINATIONS: 'default',
      USHER_LANGUAGE: 'en',
      USHER_TIME_ZONE: 'UTC',
      USHER_ACCOUNT_LABEL: '',
      USHER_INVALIDATION_DISTRIBUTIONS: '',
      USHER_INVALIDATION_GROUPS: '',
      USHER_TABLE: 'table-Table',
      USHER_BUS: 'usher-prod',
      USHER_INVALIDATION_QUEUE_URL: `${sqs}-invalidations`,
      USHER_INVALIDATION_DEAD_LETTER_QUEUE_URL: `${sqs}-invalidations-dead`,
      USHER_REPORT_QUEUE_URL: `${sqs}-reports.fifo`,
    },
    'usher-prod-alert-expiring-certificates': {
      AWS_SDK_UA_APP_ID: 'usher-alert-expiring-certificates',
      USHER_STAGE: 'prod',
      USHER_ACCOUNT: '123456789012',
      USHER_DESTINATIONS: 'default',
      USHER_EXPIRY_REGIONS: 'ap-northeast-1,us-east-1',
      USHER_EXPIRY_THRESHOLDS_DAYS: '45,30,14,7,3,1,0',
      USHER_TRUSTED_ACCOUNTS: '',
      USHER_EXPIRY_ENDPOINTS: '',
      USHER_DOMAIN_DATES: '',
      USHER_IGNORED_DOMAINS: '',
      USHER_LOCAL_INTERNET: '',
      USHER_TABLE: 'table-Table',
      USHER_BUS: 'usher-prod',
      USHER_EXPIRY_QUEUE_URL: `${sqs}-expiry`,
      USHER_EXPIRY_DEAD_LETTER_QUEUE_URL: `${sqs}-expiry-dead`,
      USHER_REPORT_QUEUE_URL: `${sqs}-reports.fifo`,
    },
    'usher-prod-carry-out-orders': {
      ...stage,
      AWS_SDK_UA_APP_ID: 'usher-carry-out-orders',
      USHER_SLACK_TEAM_ID: '',
      USHER_READ_CHANNELS: '',
      USHER_WRITERS: '',
      USHER_DISTRIBUTION_WRITERS: '',
      USHER_INVALIDATION_GROUPS: '',
      USHER_EXPIRY_REGIONS: 'ap-northeast-1,us-east-1',
      USHER_EXPIRY_THRESHOLDS_DAYS: '45,30,14,7,3,1,0',
      USHER_EXPIRY_ENDPOINTS: '',
      USHER_DOMAIN_DATES: '',
      USHER_IGNORED_DOMAINS: '',
      USHER_LANGUAGE: 'en',
      USHER_TIME_ZONE: 'UTC',
      USHER_ACCOUNT_LABEL: '',
      USHER_COMMAND_QUEUE_URL: `${sqs}-commands`,
      USHER_COMMAND_DEAD_LETTER_QUEUE_URL: `${sqs}-commands-dead`,
      USHER_EXPIRY_QUEUE_URL: `${sqs}-expiry`,
      USHER_INVALIDATION_QUEUE_URL: `${sqs}-invalidations`,
      USHER_SWEEP_QUEUE_URL: `${sqs}-sweep`,
    },
    'usher-prod-receive-slack': {
      AWS_SDK_UA_APP_ID: 'usher-receive-slack',
      USHER_STAGE: 'prod',
      USHER_SECRET_PREFIX: '/usher/prod',
      USHER_LANGUAGE: 'en',
      USHER_COMMAND_QUEUE_URL: `${sqs}-commands`,
    },
  });
});

test('Slack comes in by a Function URL, and takes no more than its share of the account', () => {
  expect(ofType(template, 'AWS::Lambda::Url').map(([, { Properties }]) => Properties)).toEqual([
    {
      TargetFunctionArn: 'arn:aws:lambda:ap-northeast-1:123456789012:function:usher-prod-receive-slack',
      AuthType: 'NONE',
      InvokeMode: 'BUFFERED',
    },
  ]);
  expect(template.Outputs).toMatchObject({
    EntranceUrl: { Value: 'https://entranceurl.lambda-url.ap-northeast-1.on.aws/' },
  });
  expect(template.Resources).toMatchObject({
    ReceiveDashslackLambdaFunction: { Properties: { ReservedConcurrentExecutions: 10, Timeout: 5 } },
  });
});

test('Given entrance is http-api, when it is packaged, then Slack comes in by one route of an HTTP API', () => {
  expect(ofType(local, 'AWS::Lambda::Url')).toEqual([]);
  expect(local.Resources).toMatchObject({
    EntranceRoute: { Properties: { RouteKey: 'POST /slack', Target: 'integrations/entranceintegration' } },
    EntranceIntegration: {
      Properties: {
        IntegrationUri: 'arn:aws:lambda:ap-northeast-1:123456789012:function:usher-local-receive-slack',
        PayloadFormatVersion: '2.0',
      },
    },
  });
  expect(local.Outputs).toMatchObject({
    EntranceUrl: { Value: 'https://entranceapi.execute-api.ap-northeast-1.amazonaws.com/slack' },
  });
});

test('Given entranceConcurrency is none, when it is packaged, then nothing is reserved', () => {
  expect(Object.keys(local.Resources['ReceiveDashslackLambdaFunction']?.Properties ?? {})).not.toContain(
    'ReservedConcurrentExecutions',
  );
});

test('Given an address for alarms, when it is packaged, then the topic writes to it; else nobody is subscribed', () => {
  expect(ofType(template, 'AWS::SNS::Subscription')).toEqual([]);
  expect(ofType(local, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties)).toEqual([
    {
      TopicArn: 'arn:aws:sns:ap-northeast-1:123456789012:usher-local-alarms',
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    },
  ]);
});

test('Only alarms of this stage publish to the topic', () => {
  expect(
    ofType(template, 'AWS::SNS::TopicPolicy').map(([, { Properties }]) =>
      at(Properties, 'PolicyDocument', 'Statement'),
    ),
  ).toEqual([
    [
      {
        Sid: 'OnlyFromOurAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: 'arn:aws:sns:ap-northeast-1:123456789012:usher-prod-alarms',
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:usher-prod-*' },
          StringEquals: { 'aws:SourceAccount': '123456789012' },
        },
      },
    ],
  ]);
});

test.each([
  ['vpcIds', 'vpc-0a1b2c3d, web', 'vpcIds holds "web", which is no VPC id'],
  ['maximumPolicy', 'add-onyl', 'maximumPolicy is "add-onyl"; it may be report-only, ask, add-only, apply-all'],
  ['iacAdditions', 'yes', 'iacAdditions is "yes"; it may be write, propose'],
  ['wideClientCidrs', 'true', 'wideClientCidrs is "true"; it may be no, yes'],
  ['language', 'fr', 'language is "fr"; it may be en, ja'],
  ['entrance', 'load-balancer', 'entrance is "load-balancer"; it may be function-url, http-api'],
  ['writers', 'invalidate', 'writers holds "invalidate"; it is written as in invalidate=U012AB3CD,C045EF6GH'],
  ['writers', 'invalidate=tanaka', 'writers holds "invalidate=tanaka"'],
  ['writers', 'invalidat=U012AB3CD', 'writers names "invalidat"; it may name invalidate, approve, reject'],
  ['distributionWriters', 'www=U012AB3CD', 'distributionWriters names "www"; it may name E1ABCDEF234567'],
  ['slackTeamId', 'acme', 'slackTeamId holds "acme"; it may hold ids of workspaces (T…), or nothing'],
  ['slackTeamId', 'T0123456789, E0123456789', 'slackTeamId holds "E0123456789"'],
  ['distributionWriters', 'E1ABC=U012AB3CD', 'distributionWriters names "E1ABC"'],
  ['readChannels', '#ops', 'readChannels holds "#ops"; it may hold ids of channels (C…, G… or D…), or * alone'],
  ['entranceConcurrency', 'all', 'entranceConcurrency is "all"; it must be a whole number from 1, or none'],
  ['entranceConcurrency', '0', 'entranceConcurrency is "0"; it must be a whole number from 1, or none'],
  ['expiryRegions', 'tokyo', 'expiryRegions holds "tokyo"; it may hold Regions such as us-east-1'],
  ['trustedAccounts', '12345', 'trustedAccounts holds "12345"; it may hold numbers of accounts, of twelve digits'],
  ['expiryThresholdsDays', '30, soon', 'expiryThresholdsDays holds "soon"; it may hold whole numbers of days'],
  [
    'expirySchedule',
    'daily',
    'expirySchedule is "daily"; it is written as in cron(0 0 * * ? *) or rate(12 hours), in UTC',
  ],
  ['batchWindowSeconds', '300', 'batchWindowSeconds is "300"; it must be a whole number from 0 to 60'],
])('Given %s is "%s", when the service is packaged, then it is refused in words', async (name, value, sentence) => {
  const settings = join(import.meta.dirname, '../../infra/settings/checked.js');
  const script = `const settings = await import(${JSON.stringify(settings)});
    await settings[${JSON.stringify(name)}]({ resolveVariable: async () => ${JSON.stringify(value)} });`;
  await expect(promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])).rejects.toMatchObject({
    stderr: expect.stringContaining(sentence),
  });
});

describe('Each check bites: on a template with one thing wrong, it says which', () => {
  const set =
    (id: string, ...path: readonly string[]) =>
    (value: Json | undefined): (() => Template) =>
    () =>
      withProperties(template, id, (properties) => {
        const inner = path
          .slice(0, -1)
          .reduce<Record<string, Json>>((part, key) => part[key] as Record<string, Json>, properties);
        const key = path.at(-1) ?? '';
        if (value === undefined) delete inner[key];
        else inner[key] = value;
      });

  const without = (id: string) => (): Template => {
    const { [id]: _, ...Resources } = template.Resources;
    return { ...template, Resources };
  };

  const policyWith = (id: string, change: (statement: Record<string, Json>) => void) => (): Template =>
    withProperties(template, id, (properties) => {
      const [statement] = listOf(at(properties, 'PolicyDocument', 'Statement'));
      change(statement as Record<string, Json>);
    });

  const roleWith = (id: string, sid: string, change: (statement: Record<string, Json>) => void) => (): Template =>
    withProperties(template, id, (properties) => {
      const statement = listOf(at(properties, 'Policies', 0, 'PolicyDocument', 'Statement')).find(
        (candidate) => at(candidate, 'Sid') === sid,
      );
      change(statement as Record<string, Json>);
    });

  const rule = 'arn:aws:events:ap-northeast-1:123456789012:rule/InstanceStateRule';
  const mapping = 'RegisterDashtargetsEventSourceMappingSQSLaunchQueue';
  const reports = 'PostDashtoDashslackEventSourceMappingSQSReportQueue';

  test.each<readonly [string, () => Template, string]>([
    [
      'a rule on our own bus',
      set('AutoScalingRule', 'EventBusName')('usher-prod'),
      'AutoScalingRule waits for events of AWS on the bus usher-prod',
    ],
    [
      'a rule for every source',
      set('InstanceTagRule', 'EventPattern', 'source')(undefined),
      'InstanceTagRule takes events of any source',
    ],
    [
      'a target that drops',
      set('InstanceStateRule', 'Targets', '0', 'DeadLetterConfig')(undefined),
      'InstanceStateRule has a target without a dead-letter queue',
    ],
    [
      'a target without patience',
      set('InstanceStateRule', 'Targets', '0', 'RetryPolicy')(undefined),
      'InstanceStateRule has a target without a retry policy',
    ],
    [
      'a rule that goes',
      without('AutoScalingRule'),
      'LaunchQueue admits others than exactly the rules that send to it',
    ],
    ['a queue that forgets', set('LaunchQueue', 'MessageRetentionPeriod')(60), 'LaunchQueue keeps messages for 60 s'],
    [
      'dead letters that go soon',
      set('WatchDeadLetterQueue', 'MessageRetentionPeriod')(345_600),
      'WatchDeadLetterQueue keeps messages for 345600 s',
    ],
    ['a queue in plain text', set('ReportQueue', 'SqsManagedSseEnabled')(false), 'ReportQueue is not encrypted'],
    ['one attempt', set('WatchQueue', 'RedrivePolicy', 'maxReceiveCount')(1), 'WatchQueue is received 1 times'],
    ['no dead letters', set('LaunchQueue', 'RedrivePolicy')(undefined), 'LaunchQueue has no dead-letter queue'],
    ['a queue without a policy', without('WatchQueuePolicy'), 'WatchQueue takes plain text'],
    [
      'a rule too many',
      policyWith('LaunchQueuePolicy', ({ Condition }) =>
        Object.assign(at(Condition, 'ArnEquals') as object, { 'aws:SourceArn': [rule, `${rule}2`] }),
      ),
      'LaunchQueue admits others than exactly the rules that send to it',
    ],
    [
      'any account',
      policyWith('LaunchQueuePolicy', ({ Condition }) => Object.assign(Condition as object, { StringEquals: {} })),
      'LaunchQueue admits others than exactly the rules that send to it',
    ],
    [
      'orders by anybody',
      policyWith('CommandQueuePolicy', (statement) => Object.assign(statement, { Effect: 'Allow' })),
      'CommandQueue lets others send than the entrance',
    ],
    [
      'orders by another role',
      policyWith('CommandQueuePolicy', ({ Condition }) =>
        Object.assign(at(Condition, 'ArnNotEquals') as object, {
          'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/RegisterTargetsRole',
        }),
      ),
      'CommandQueue lets others send than the entrance',
    ],
    [
      'a URL that may not be called',
      without('EntranceUrlPermission'),
      'The entrance lacks lambda:InvokeFunctionUrl * NONE - -',
    ],
    [
      'a URL whose function may not be called',
      without('EntranceInvokePermission'),
      'The entrance lacks lambda:InvokeFunction * - true -',
    ],
    [
      'a way around the URL',
      set('EntranceInvokePermission', 'InvokedViaFunctionUrl')(undefined),
      'The entrance admits lambda:InvokeFunction * - - -',
    ],
    ['a URL for IAM only', set('EntranceUrl', 'AuthType')('AWS_IAM'), 'Slack cannot sign for IAM'],
    ['no URL', without('EntranceUrl'), 'Nothing leads to the entrance'],
    [
      'another function open to the world',
      set(
        'EntranceInvokePermission',
        'FunctionName',
      )('arn:aws:lambda:ap-northeast-1:123456789012:function:usher-prod-post-to-slack'),
      'A function besides the entrance can be called from outside',
    ],
    [
      'hidden too shortly',
      set('LaunchQueue', 'VisibilityTimeout')(369),
      `${mapping}: the queue hides messages for 369 s, less than 370`,
    ],
    ['all or nothing', set(mapping, 'FunctionResponseTypes')(undefined), `${mapping}: one failure fails the batch`],
    [
      'a window for FIFO',
      set(reports, 'MaximumBatchingWindowInSeconds')(1),
      `${reports}: a FIFO queue takes no window and at most 10 messages`,
    ],
    ['unbounded workers', set(mapping, 'ScalingConfig')(undefined), `${mapping}: concurrency is not held down`],
    ['nothing to wake it', without(mapping), 'RegisterDashtargetsLambdaFunction is woken by nothing'],
    [
      'an old runtime',
      set('WatchDashtargetsLambdaFunction', 'Runtime')('nodejs20.x'),
      'WatchDashtargetsLambdaFunction runs on nodejs20.x',
    ],
    [
      'the other processor',
      set('WatchDashtargetsLambdaFunction', 'Architectures')(['x86_64']),
      'WatchDashtargetsLambdaFunction is not on arm64',
    ],
    [
      'a log without end',
      set('WatchDashtargetsLogGroup', 'RetentionInDays')(undefined),
      'WatchDashtargetsLambdaFunction has no log with an end',
    ],
    [
      'a secret',
      set(
        'PostDashtoDashslackLambdaFunction',
        'Environment',
        'Variables',
        'USHER_WEBHOOK_URL',
      )('https://hooks.slack.example'),
      'PostDashtoDashslackLambdaFunction has USHER_WEBHOOK_URL in its environment',
    ],
    [
      'a silent alarm',
      set('ReportDeadLetterAlarm', 'AlarmActions')([]),
      'Nobody is told about ApproximateNumberOfMessagesVisible of usher-prod-reports-dead.fifo',
    ],
    ['no alarm', without('PostToSlackErrorAlarm'), 'Nobody is told about Errors of usher-prod-post-to-slack'],
    ['no restoring', set('Table', 'PointInTimeRecoverySpecification')(undefined), "Table can't be restored"],
    [
      'a shared role',
      set('WatchDashtargetsLambdaFunction', 'Role')('arn:aws:iam::123456789012:role/RegisterTargetsRole'),
      'RegisterTargetsRole is the role of 2 functions',
    ],
    [
      'any read',
      roleWith('WatchTargetsRole', 'LookAround', (statement) => Object.assign(statement, { Action: 'ec2:Describe*' })),
      'WatchTargetsRole.LookAround grants ec2:Describe*',
    ],
    [
      'every target group',
      roleWith('RegisterTargetsRole', 'SeatWhereASelectorAsksForIt', (statement) =>
        Object.assign(statement, { Resource: '*' }),
      ),
      'RegisterTargetsRole.SeatWhereASelectorAsksForIt grants elasticloadbalancing:RegisterTargets on everything',
    ],
    [
      'a managed policy',
      set('PostToSlackRole', 'ManagedPolicyArns')(['arn:aws:iam::aws:policy/ReadOnlyAccess']),
      'PostToSlackRole holds managed policies',
    ],
    [
      'anybody in the role',
      set('PostToSlackRole', 'AssumeRolePolicyDocument', 'Statement', '0', 'Principal')('*'),
      'PostToSlackRole can be assumed by others than Lambda',
    ],
  ])('%s', async (_, broken, sentence) => {
    expect(await problemsOf(broken())).toContain(sentence);
  });
});
