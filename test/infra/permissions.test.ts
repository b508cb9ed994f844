import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IamRequest, SeenCall } from '../support/permissions.ts';
import {
  assertCallsAllowed,
  functionNames,
  grantedActions,
  isAllowed,
  refused,
  roleOf,
  unused,
} from '../support/permissions.ts';
import type { JsonObject, Template } from '../support/template.ts';
import {
  arn,
  at,
  compiledTemplate,
  listOf,
  NAMED_VPC,
  NARROWED,
  resolved,
  withProperties,
} from '../support/template.ts';

const OTHER_VPC = 'vpc-0f9e8d7c6b5a43210';

/** Defaults, where no VPC is named; and the variant that names one. */
let template: Template;
let narrowed: Template;

beforeAll(async () => {
  template = resolved(await compiledTemplate());
  narrowed = resolved(await compiledTemplate(...NARROWED));
}, 120_000);

const group = arn('ec2', 'security-group/sg-0a1b2c3d4e5f67890');
const rule = arn('ec2', 'security-group-rule/sgr-0a1b2c3d4e5f67890');
const autoScalingGroup = arn(
  'autoscaling',
  'autoScalingGroup:0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f:autoScalingGroupName/web-asg',
);
const targetGroup = arn('elasticloadbalancing', 'targetgroup/web/0123456789abcdef');
const classicBalancer = arn('elasticloadbalancing', 'loadbalancer/old-web');
/** CloudFront is global: its ARNs have no Region. */
const distribution = 'arn:aws:cloudfront::123456789012:distribution/E1ABCDEF234567';
const tenant = 'arn:aws:cloudfront::123456789012:distribution-tenant/dt_2xMpLe';
const certificate = arn('acm', 'certificate/11111111-1111-1111-1111-111111111111');
/** Route 53 is global, and its ARNs have no account. */
const hostedZone = 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ';
const table = arn('dynamodb', 'table/table-Table');
const queue = (name: string): string => arn('sqs', `usher-prod-${name}`);
const webhook = (stage: string): string => arn('ssm', `parameter/usher/${stage}/slack/default/webhook-url`);
const signingSecret = (stage: string): string => arn('ssm', `parameter/usher/${stage}/slack/signing-secret`);
const vpc = (id: string) => ({ 'ec2:Vpc': arn('ec2', `vpc/${id}`) });
const ownTag = { 'aws:RequestTag/usher:owner': 'prod', 'aws:TagKeys': ['usher:owner'] };
const ownAlarm = arn('cloudwatch', 'alarm:usher-prod-unhealthy-web-0a1b2c3d');
const logStream = (name: string): string =>
  arn('logs', `log-group:/aws/lambda/usher-prod-${name}:log-stream:2026/11/22/[$LATEST]0123`);

const on = (resource: string, ...actions: readonly string[]): readonly IamRequest[] =>
  actions.map((action) => ({ action, resource }));

/** What the first column asks of IAM, directly or by implication (design section 10). */
const consuming = (name: string) =>
  on(queue(name), 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');

const logging = (name: string) => on(logStream(name), 'logs:CreateLogStream', 'logs:PutLogEvents');

/** An authorize call with tags is judged on the group, on the new rule, and as ec2:CreateTags on the new rule. */
const authorizing = (verb: string): readonly IamRequest[] => [
  { action: `ec2:${verb}`, resource: group, context: vpc(NAMED_VPC) },
  { action: `ec2:${verb}`, resource: rule, context: ownTag },
  { action: 'ec2:CreateTags', resource: rule, context: { ...ownTag, 'ec2:CreateAction': verb } },
];

const ofOurs = { 'aws:ResourceTag/usher:owner': 'prod' };
const balancer = arn('elasticloadbalancing', 'loadbalancer/app/web-alb/0123456789abcdef');
const networkInterface = arn('ec2', 'network-interface/eni-0a1b2c3d4e5f67890');

/** A group of our own, onto a balancer or an interface, or off it: AWS looks at each group that the list names as well. */
const dressing: readonly IamRequest[] = [
  { action: 'elasticloadbalancing:SetSecurityGroups', resource: balancer },
  { action: 'elasticloadbalancing:ApplySecurityGroupsToLoadBalancer', resource: classicBalancer },
  { action: 'ec2:ModifyNetworkInterfaceAttribute', resource: networkInterface, context: vpc(NAMED_VPC) },
  { action: 'ec2:ModifyNetworkInterfaceAttribute', resource: group, context: vpc(NAMED_VPC) },
];

/** A companion group is judged on itself, on its VPC, and as ec2:CreateTags on itself. */
const makingGroups: readonly IamRequest[] = [
  { action: 'ec2:CreateSecurityGroup', resource: group, context: ownTag },
  { action: 'ec2:CreateSecurityGroup', resource: arn('ec2', `vpc/${NAMED_VPC}`) },
  { action: 'ec2:CreateTags', resource: group, context: { ...ownTag, 'ec2:CreateAction': 'CreateSecurityGroup' } },
  { action: 'ec2:RevokeSecurityGroupEgress', resource: group, context: { ...vpc(NAMED_VPC), ...ofOurs } },
];

/** On a target group or a Classic balancer that either tag puts into our hands. */
const seating = (resource: string, ...actions: readonly string[]): readonly IamRequest[] =>
  actions.flatMap((action) => [
    { action, resource, context: { 'aws:ResourceTag/usher:selector': 'Role=web' } },
    { action, resource, context: { 'aws:ResourceTag/usher:accept-explicit': 'true' } },
  ]);

const lookingAtTheNetwork: readonly IamRequest[] = [
  ...on(
    '*',
    'ec2:DescribeInstances',
    'ec2:DescribeManagedPrefixLists',
    'ec2:DescribeNetworkAcls',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcEndpointServiceConfigurations',
    'ec2:DescribeVpcs',
    'elasticloadbalancing:DescribeInstanceHealth',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
  ),
  ...on('arn:aws:ec2:ap-northeast-1:aws:prefix-list/pl-0a1b2c3d', 'ec2:GetManagedPrefixListEntries'),
  ...on(arn('ec2', 'prefix-list/pl-0a1b2c3d4e5f67890'), 'ec2:GetManagedPrefixListEntries'),
];

const publishing: IamRequest = {
  action: 'events:PutEvents',
  resource: arn('events', 'event-bus/usher-prod'),
  context: { 'events:source': ['usher'] },
};

/** Transactions ask for the actions of their items. */
const keepingTheLedger = on(
  table,
  'dynamodb:BatchGetItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
);

/** Where a group waits for status checks. */
const checking = on('*', 'ec2:DescribeInstanceStatus');

/** `usher:keep`, and no other tag with it. */
const keeping: IamRequest = {
  action: 'ec2:CreateTags',
  resource: rule,
  context: { 'aws:RequestTag/usher:keep': 'true', 'aws:TagKeys': ['usher:keep'] },
};

const CALLS: Readonly<Record<string, readonly IamRequest[]>> = {
  'register-targets': [
    ...lookingAtTheNetwork,
    ...checking,
    ...on('*', 'autoscaling:DescribeAutoScalingGroups', 'tag:GetResources'),
    ...authorizing('AuthorizeSecurityGroupIngress'),
    ...authorizing('AuthorizeSecurityGroupEgress'),
    ...seating(targetGroup, 'elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'),
    ...seating(
      classicBalancer,
      'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
      'elasticloadbalancing:RegisterInstancesWithLoadBalancer',
    ),
    ...on(autoScalingGroup, 'autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'),
    ...keepingTheLedger,
    ...consuming('launches'),
    ...on(queue('launches'), 'sqs:SendMessage'),
    ...on(queue('launches-dead'), 'sqs:SendMessage'),
    ...on(queue('watches'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('register-targets'),
  ],
  'watch-targets': [
    ...lookingAtTheNetwork,
    ...on('*', 'autoscaling:DescribeInstanceRefreshes', 'elasticloadbalancing:DescribeTags'),
    ...keepingTheLedger,
    ...consuming('watches'),
    ...on(queue('watches'), 'sqs:SendMessage'),
    ...on(queue('watches-dead'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('watch-targets'),
  ],
  'diagnose-unhealthy-targets': [
    ...lookingAtTheNetwork,
    ...checking,
    ...on(
      '*',
      'autoscaling:DescribeInstanceRefreshes',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancerAttributes',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
    ),
    ...on(arn('cloudwatch', 'alarm:web-prod-unhealthy'), 'cloudwatch:DescribeAlarms'),
    ...on(table, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'),
    ...['incident#arn', 'plan#p-1'].map((key) => ({
      action: 'dynamodb:PutItem',
      resource: table,
      context: { 'dynamodb:LeadingKeys': [key] },
    })),
    ...consuming('diagnoses'),
    ...on(queue('diagnoses'), 'sqs:SendMessage'),
    ...on(queue('diagnoses-dead'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('diagnose-unhealthy-targets'),
  ],
  sweep: [
    ...lookingAtTheNetwork,
    ...checking,
    ...on('*', 'autoscaling:DescribeAutoScalingGroups', 'elasticloadbalancing:DescribeTags', 'tag:GetResources'),
    ...authorizing('AuthorizeSecurityGroupIngress'),
    ...authorizing('AuthorizeSecurityGroupEgress'),
    ...['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'].map((verb) => ({
      action: `ec2:${verb}`,
      resource: group,
      context: vpc(NAMED_VPC),
    })),
    // A rule of somebody's that is put back, with its own tags.
    {
      action: 'ec2:AuthorizeSecurityGroupIngress',
      resource: rule,
      context: { 'aws:RequestTag/Owner': 'marketing', 'aws:TagKeys': ['Owner'] },
    },
    {
      action: 'ec2:CreateTags',
      resource: rule,
      context: {
        'aws:RequestTag/Owner': 'marketing',
        'aws:TagKeys': ['Owner'],
        'ec2:CreateAction': 'AuthorizeSecurityGroupIngress',
      },
    },
    ...seating(targetGroup, 'elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'),
    ...seating(
      classicBalancer,
      'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
      'elasticloadbalancing:RegisterInstancesWithLoadBalancer',
    ),
    ...on(arn('cloudwatch', 'dataset/default'), 'cloudwatch:ListMetrics'),
    ...on(ownAlarm, 'cloudwatch:DescribeAlarms'),
    ...['PutMetricAlarm', 'TagResource'].map((verb) => ({
      action: `cloudwatch:${verb}`,
      resource: ownAlarm,
      context: ownTag,
    })),
    {
      action: 'cloudwatch:DeleteAlarms',
      resource: ownAlarm,
      context: { 'aws:ResourceTag/usher:owner': 'prod' },
    },
    ...keepingTheLedger,
    ...dressing,
    { action: 'ec2:DeleteSecurityGroup', resource: group, context: { ...vpc(NAMED_VPC), ...ofOurs } },
    ...consuming('sweep'),
    ...on(queue('sweep'), 'sqs:SendMessage'),
    ...on(queue('sweep-dead'), 'sqs:SendMessage'),
    ...on(queue('launches'), 'sqs:SendMessage'),
    ...on(queue('watches'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('sweep'),
  ],
  'post-to-slack': [
    ...consuming('reports.fifo'),
    ...on(queue('reports.fifo'), 'sqs:ChangeMessageVisibility'),
    ...on(queue('reports-dead.fifo'), 'sqs:SendMessage'),
    { action: 'dynamodb:GetItem', resource: table, context: { 'dynamodb:LeadingKeys': ['quiet#arn'] } },
    { action: 'dynamodb:GetItem', resource: table, context: { 'dynamodb:LeadingKeys': ['pause'] } },
    ...['delivered#default', 'thread#default|arn'].flatMap((key) =>
      on(table, 'dynamodb:GetItem', 'dynamodb:PutItem').map((request) => ({
        ...request,
        context: { 'dynamodb:LeadingKeys': [key] },
      })),
    ),
    ...on(webhook('prod'), 'ssm:GetParameter'),
    ...on(arn('ssm', 'parameter/usher/prod/slack/default/bot-token'), 'ssm:GetParameter'),
    // A SecureString is decrypted by the key it was stored with.
    {
      action: 'kms:Decrypt',
      resource: arn('kms', 'key/01234567-89ab-cdef-0123-456789abcdef'),
      context: {
        'kms:ViaService': 'ssm.ap-northeast-1.amazonaws.com',
        'kms:EncryptionContext:PARAMETER_ARN': webhook('prod'),
      },
    },
    ...logging('post-to-slack'),
  ],
  'invalidate-distributions': [
    ...on('*', 'cloudfront:ListDistributions'),
    ...on(distribution, 'cloudfront:CreateInvalidation', 'cloudfront:GetDistribution', 'cloudfront:GetInvalidation'),
    ...on(
      tenant,
      'cloudfront:CreateInvalidationForDistributionTenant',
      'cloudfront:GetDistributionTenantByDomain',
      'cloudfront:GetInvalidationForDistributionTenant',
    ),
    ...keepingTheLedger,
    ...consuming('invalidations'),
    ...on(queue('invalidations'), 'sqs:SendMessage'),
    ...on(queue('invalidations-dead'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('invalidate-distributions'),
  ],
  'alert-expiring-certificates': [
    ...on(
      '*',
      'acm:ListCertificates',
      'cloudfront:ListDistributions',
      'cloudfront:ListDistributionTenants',
      'elasticloadbalancing:DescribeListenerCertificates',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'route53:ListHostedZonesByName',
      'route53domains:ListDomains',
    ),
    ...[certificate, certificate.replace('ap-northeast-1', 'us-east-1')].flatMap((resource) =>
      on(resource, 'acm:DescribeCertificate', 'acm:ListTagsForCertificate'),
    ),
    ...on(hostedZone, 'route53:GetHostedZone', 'route53:ListResourceRecordSets'),
    ...on(table, 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
    ...consuming('expiry'),
    ...on(queue('expiry'), 'sqs:SendMessage'),
    ...on(queue('expiry-dead'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('alert-expiring-certificates'),
  ],
  'carry-out-orders': [
    ...lookingAtTheNetwork,
    ...checking,
    keeping,
    { action: 'ec2:RevokeSecurityGroupIngress', resource: group, context: vpc(NAMED_VPC) },
    ...on('*', 'autoscaling:DescribeAutoScalingGroups', 'cloudfront:ListDistributions', 'tag:GetResources'),
    ...on(
      '*',
      'acm:ListCertificates',
      'cloudfront:ListDistributionTenants',
      'elasticloadbalancing:DescribeListenerCertificates',
      'elasticloadbalancing:DescribeListeners',
      'route53domains:ListDomains',
    ),
    // What doctor looks at besides.
    ...on(
      '*',
      'autoscaling:DescribeInstanceRefreshes',
      'elasticloadbalancing:DescribeLoadBalancerAttributes',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
    ),
    ...[certificate, certificate.replace('ap-northeast-1', 'us-east-1')].flatMap((resource) =>
      on(resource, 'acm:DescribeCertificate', 'acm:ListTagsForCertificate'),
    ),
    ...on(distribution, 'cloudfront:GetDistribution'),
    ...on(tenant, 'cloudfront:GetDistributionTenantByDomain'),
    ...authorizing('AuthorizeSecurityGroupIngress'),
    ...authorizing('AuthorizeSecurityGroupEgress'),
    ...seating(targetGroup, 'elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'),
    ...seating(
      classicBalancer,
      'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
      'elasticloadbalancing:RegisterInstancesWithLoadBalancer',
    ),
    ...keepingTheLedger,
    ...makingGroups,
    ...dressing,
    ...consuming('commands'),
    ...on(queue('commands'), 'sqs:ChangeMessageVisibility'),
    ...on(queue('commands-dead'), 'sqs:SendMessage'),
    ...on(queue('expiry'), 'sqs:SendMessage'),
    ...on(queue('invalidations'), 'sqs:SendMessage'),
    ...on(queue('sweep'), 'sqs:SendMessage'),
    ...on(queue('watches'), 'sqs:SendMessage'),
    ...on(queue('reports.fifo'), 'sqs:SendMessage'),
    publishing,
    ...logging('carry-out-orders'),
  ],
  'receive-slack': [
    ...on(queue('commands'), 'sqs:SendMessage'),
    ...on(signingSecret('prod'), 'ssm:GetParameter'),
    {
      action: 'kms:Decrypt',
      resource: arn('kms', 'key/01234567-89ab-cdef-0123-456789abcdef'),
      context: {
        'kms:ViaService': 'ssm.ap-northeast-1.amazonaws.com',
        'kms:EncryptionContext:PARAMETER_ARN': signingSecret('prod'),
      },
    },
    ...logging('receive-slack'),
  ],
};

const FUNCTIONS = Object.keys(CALLS);

test('Given the functions of the template, then the calls of each are held against its role', () => {
  expect(functionNames(template)).toEqual([...FUNCTIONS].sort());
});

/** A copy of the template whose function's role lacks one action. */
const withoutAction = (functionName: string, action: string): Template =>
  withProperties(template, roleOf(template, functionName)[0], (properties) => {
    const document = at(properties, 'Policies', 0, 'PolicyDocument');
    const kept = listOf(at(document, 'Statement'))
      .map((statement) => ({
        ...(statement as JsonObject),
        Action: listOf(at(statement, 'Action')).filter((granted) => granted !== action),
      }))
      .filter(({ Action }) => Action.length > 0);
    Object.assign(document as object, { Statement: kept });
  });

describe.each(FUNCTIONS)('%s', (functionName) => {
  const calls = CALLS[functionName] ?? [];

  test('may make every call it makes', async () => {
    expect(await refused(template, functionName, calls)).toEqual([]);
  });

  test('may do nothing that no call asks for', () => {
    expect(unused(template, functionName, calls)).toEqual([]);
  });

  test('Given any one action taken out of its role, when its calls are held against it, then that action is missed', async () => {
    const actions = grantedActions(roleOf(template, functionName)[1]);
    const missed = await Promise.all(
      actions.map(async (action) => {
        const asking = calls.filter((call) => call.action === action);
        return (await refused(withoutAction(functionName, action), functionName, asking)).length;
      }),
    );
    expect(actions.filter((_, index) => missed[index] === 0)).toEqual([]);
  });
});

/** Same calls about somebody else's things. */
const REFUSED: readonly (readonly [string, string, IamRequest])[] = [
  [
    'a rule where the VPC is not known',
    'register-targets',
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: group },
  ],
  ['a rule without our tag', 'register-targets', { action: 'ec2:AuthorizeSecurityGroupIngress', resource: rule }],
  [
    'a rule that claims another stage',
    'register-targets',
    {
      action: 'ec2:AuthorizeSecurityGroupEgress',
      resource: rule,
      context: { 'aws:RequestTag/usher:owner': 'staging' },
    },
  ],
  [
    'the secret that makes an order an order',
    'post-to-slack',
    { action: 'ssm:GetParameter', resource: signingSecret('prod') },
  ],
  [
    'tagging a rule that is there already',
    'register-targets',
    { action: 'ec2:CreateTags', resource: rule, context: ownTag },
  ],
  [
    'tagging an instance as it is launched',
    'register-targets',
    {
      action: 'ec2:CreateTags',
      resource: arn('ec2', 'instance/i-0a1b2c3d4e5f67890'),
      context: { ...ownTag, 'ec2:CreateAction': 'RunInstances' },
    },
  ],
  [
    'a target in a group that nobody tagged',
    'register-targets',
    {
      action: 'elasticloadbalancing:RegisterTargets',
      resource: targetGroup,
      context: { 'aws:ResourceTag/Name': 'web' },
    },
  ],
  [
    'an instance behind a Classic balancer that nobody tagged',
    'register-targets',
    {
      action: 'elasticloadbalancing:RegisterInstancesWithLoadBalancer',
      resource: classicBalancer,
      context: { 'aws:ResourceTag/Name': 'web' },
    },
  ],
  [
    'a target in a group of another account',
    'register-targets',
    {
      action: 'elasticloadbalancing:RegisterTargets',
      resource: targetGroup.replace('123456789012', '999999999999'),
      context: { 'aws:ResourceTag/usher:selector': 'Role=web' },
    },
  ],
  [
    'taking a target out of a group that nobody tagged',
    'register-targets',
    {
      action: 'elasticloadbalancing:DeregisterTargets',
      resource: targetGroup,
      context: { 'aws:ResourceTag/Name': 'web' },
    },
  ],
  [
    'taking a target out by the watcher',
    'watch-targets',
    {
      action: 'elasticloadbalancing:DeregisterTargets',
      resource: targetGroup,
      context: { 'aws:ResourceTag/usher:selector': 'Role=web' },
    },
  ],
  [
    'a hook of another account',
    'register-targets',
    {
      action: 'autoscaling:CompleteLifecycleAction',
      resource: autoScalingGroup.replace('123456789012', '999999999999'),
    },
  ],
  [
    'ending an instance',
    'register-targets',
    { action: 'autoscaling:TerminateInstanceInAutoScalingGroup', resource: autoScalingGroup },
  ],
  [
    'removing a rule',
    'register-targets',
    { action: 'ec2:RevokeSecurityGroupIngress', resource: group, context: vpc(NAMED_VPC) },
  ],
  ['an order in the command queue', 'register-targets', { action: 'sqs:SendMessage', resource: queue('commands') }],
  [
    'deleting an alarm of somebody else’s',
    'sweep',
    {
      action: 'cloudwatch:DeleteAlarms',
      resource: arn('cloudwatch', 'alarm:web-prod-unhealthy'),
      context: { 'aws:ResourceTag/usher:owner': 'prod' },
    },
  ],
  [
    'deleting an alarm that is only named like ours',
    'sweep',
    { action: 'cloudwatch:DeleteAlarms', resource: ownAlarm },
  ],
  [
    'changing an alarm about Usher itself',
    'sweep',
    {
      action: 'cloudwatch:PutMetricAlarm',
      resource: arn('cloudwatch', 'alarm:usher-prod-launches-dead'),
      context: ownTag,
    },
  ],
  ['an alarm without our tag', 'sweep', { action: 'cloudwatch:PutMetricAlarm', resource: ownAlarm }],
  ['another table', 'register-targets', { action: 'dynamodb:PutItem', resource: arn('dynamodb', 'table/orders') }],
  [
    'an event on the default bus',
    'register-targets',
    { action: 'events:PutEvents', resource: arn('events', 'event-bus/default') },
  ],
  [
    'an event in the name of a pipeline',
    'register-targets',
    { ...publishing, context: { 'events:source': ['usher', 'pipeline'] } },
  ],
  [
    'the log of another function',
    'register-targets',
    { action: 'logs:PutLogEvents', resource: logStream('watch-targets') },
  ],
  ['a secret', 'register-targets', { action: 'ssm:GetParameter', resource: webhook('prod') }],
  [
    'seating by the watcher',
    'watch-targets',
    {
      action: 'elasticloadbalancing:RegisterTargets',
      resource: targetGroup,
      context: { 'aws:ResourceTag/usher:selector': 'Role=web' },
    },
  ],
  [
    'a rule by the watcher',
    'watch-targets',
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: group, context: vpc(NAMED_VPC) },
  ],
  [
    'a rule by who explains alarms',
    'diagnose-unhealthy-targets',
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: group, context: vpc(NAMED_VPC) },
  ],
  [
    'a changed alarm',
    'diagnose-unhealthy-targets',
    { action: 'cloudwatch:SetAlarmState', resource: arn('cloudwatch', 'alarm:web-prod-unhealthy') },
  ],
  ['a launch made up by the watcher', 'watch-targets', { action: 'sqs:SendMessage', resource: queue('launches') }],
  ["another stage's webhook", 'post-to-slack', { action: 'ssm:GetParameter', resource: webhook('staging') }],
  [
    'another parameter',
    'post-to-slack',
    { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/database/password') },
  ],
  [
    "decrypting another stage's webhook",
    'post-to-slack',
    {
      action: 'kms:Decrypt',
      resource: arn('kms', 'key/01234567-89ab-cdef-0123-456789abcdef'),
      context: {
        'kms:ViaService': 'ssm.ap-northeast-1.amazonaws.com',
        'kms:EncryptionContext:PARAMETER_ARN': webhook('staging'),
      },
    },
  ],
  [
    'decrypting past Parameter Store',
    'post-to-slack',
    {
      action: 'kms:Decrypt',
      resource: arn('kms', 'key/01234567-89ab-cdef-0123-456789abcdef'),
      context: { 'kms:EncryptionContext:PARAMETER_ARN': webhook('prod') },
    },
  ],
  ...['ledger#arn', 'own#arn', 'lease#sg-web', 'pause', 'hold#arn', 'order#1'].map(
    (key) =>
      [
        `writing ${key} while explaining`,
        'diagnose-unhealthy-targets',
        { action: 'dynamodb:PutItem', resource: table, context: { 'dynamodb:LeadingKeys': [key] } },
      ] as const,
  ),
  [
    'muting by the deliverer',
    'post-to-slack',
    { action: 'dynamodb:PutItem', resource: table, context: { 'dynamodb:LeadingKeys': ['quiet#arn'] } },
  ],
  [
    'a pause, for the deliverer',
    'post-to-slack',
    { action: 'dynamodb:PutItem', resource: table, context: { 'dynamodb:LeadingKeys': ['pause'] } },
  ],
  [
    'the ledger, for the deliverer',
    'post-to-slack',
    { action: 'dynamodb:PutItem', resource: table, context: { 'dynamodb:LeadingKeys': ['ledger#arn'] } },
  ],
  [
    'a report made up by its deliverer',
    'post-to-slack',
    { action: 'sqs:SendMessage', resource: queue('reports.fifo') },
  ],
  [
    "another stage's signing secret",
    'receive-slack',
    { action: 'ssm:GetParameter', resource: signingSecret('staging') },
  ],
  ['a webhook, for the entrance', 'receive-slack', { action: 'ssm:GetParameter', resource: webhook('prod') }],
  ['a report made up by the entrance', 'receive-slack', { action: 'sqs:SendMessage', resource: queue('reports.fifo') }],
  [
    'a reading of orders by the entrance',
    'receive-slack',
    { action: 'sqs:ReceiveMessage', resource: queue('commands') },
  ],
  ['state, for the entrance', 'receive-slack', { action: 'dynamodb:GetItem', resource: table }],
  [
    'a changed distribution',
    'invalidate-distributions',
    { action: 'cloudfront:UpdateDistribution', resource: distribution },
  ],
  [
    'an invalidation of another account',
    'invalidate-distributions',
    {
      action: 'cloudfront:CreateInvalidation',
      resource: distribution.replace('123456789012', '999999999999'),
    },
  ],
  [
    'a made-up request of a pipeline',
    'invalidate-distributions',
    { ...publishing, context: { 'events:source': ['deploy.www'] } },
  ],
  [
    'a certificate of another account',
    'alert-expiring-certificates',
    { action: 'acm:DescribeCertificate', resource: certificate.replace('123456789012', '999999999999') },
  ],
  ["a certificate's key", 'alert-expiring-certificates', { action: 'acm:ExportCertificate', resource: certificate }],
  [
    'a record in DNS',
    'alert-expiring-certificates',
    { action: 'route53:ChangeResourceRecordSets', resource: hostedZone },
  ],
  [
    'an order by who carries orders out',
    'carry-out-orders',
    { action: 'sqs:SendMessage', resource: queue('commands') },
  ],
  [
    'an invalidation past its line',
    'carry-out-orders',
    { action: 'cloudfront:CreateInvalidation', resource: distribution },
  ],
  [
    'taking a target out of a group that nobody tagged, by order',
    'carry-out-orders',
    {
      action: 'elasticloadbalancing:DeregisterTargets',
      resource: targetGroup,
      context: { 'aws:ResourceTag/Name': 'web' },
    },
  ],
  [
    'taking a target out by the watcher',
    'watch-targets',
    {
      action: 'elasticloadbalancing:DeregisterTargets',
      resource: targetGroup,
      context: { 'aws:ResourceTag/usher:selector': 'Role=web' },
    },
  ],
  [
    'any other tag on a rule, by order',
    'carry-out-orders',
    {
      ...keeping,
      context: {
        'aws:RequestTag/usher:keep': 'true',
        'aws:RequestTag/usher:owner': 'prod',
        'aws:TagKeys': ['usher:keep', 'usher:owner'],
      },
    },
  ],
  ['keeping a rule by itself', 'sweep', keeping],
  [
    'deleting a group of somebody else’s',
    'sweep',
    { action: 'ec2:DeleteSecurityGroup', resource: group, context: vpc(NAMED_VPC) },
  ],
  [
    'deleting a group by order',
    'carry-out-orders',
    { action: 'ec2:DeleteSecurityGroup', resource: group, context: ofOurs },
  ],
  ['making a group without our tag', 'carry-out-orders', { action: 'ec2:CreateSecurityGroup', resource: group }],
  ['making a group by itself', 'sweep', { action: 'ec2:CreateSecurityGroup', resource: group, context: ownTag }],
  [
    'tagging a group that is there already',
    'carry-out-orders',
    { action: 'ec2:CreateTags', resource: group, context: ownTag },
  ],
  [
    'dressing a balancer of Kubernetes',
    'carry-out-orders',
    {
      action: 'elasticloadbalancing:SetSecurityGroups',
      resource: balancer,
      context: { 'aws:ResourceTag/elbv2.k8s.aws/cluster': 'prod' },
    },
  ],
  [
    'dressing a balancer of CloudFormation',
    'carry-out-orders',
    {
      action: 'elasticloadbalancing:SetSecurityGroups',
      resource: balancer,
      context: { 'aws:ResourceTag/aws:cloudformation:stack-name': 'web' },
    },
  ],
  [
    'removing a way out by order',
    'carry-out-orders',
    { action: 'ec2:RevokeSecurityGroupEgress', resource: group, context: vpc(NAMED_VPC) },
  ],
  [
    'tags of others on a rule that is there already',
    'sweep',
    {
      action: 'ec2:CreateTags',
      resource: rule,
      context: { 'aws:RequestTag/Owner': 'marketing', 'aws:TagKeys': ['Owner'] },
    },
  ],
  ['a secret, by order', 'carry-out-orders', { action: 'ssm:GetParameter', resource: signingSecret('prod') }],
  ['an order by the deliverer', 'post-to-slack', { action: 'sqs:SendMessage', resource: queue('commands') }],
  ['a look at instances by the deliverer', 'post-to-slack', { action: 'ec2:DescribeInstances', resource: '*' }],
];

test('Given another role that may send to every queue, then the command queue refuses it all the same', async () => {
  const sending = (of: Template): Template =>
    withProperties(of, roleOf(of, 'post-to-slack')[0], (properties) => {
      const statement = { Sid: 'Send', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('sqs', '*') };
      const document = at(properties, 'Policies', 0, 'PolicyDocument');
      Object.assign(document as object, { Statement: [...listOf(at(document, 'Statement')), statement] });
    });
  const send = (name: string) => ({ action: 'sqs:SendMessage', resource: queue(name) });
  expect(await isAllowed(sending(template), 'post-to-slack', send('watches'))).toBe(true);
  expect(await isAllowed(sending(template), 'post-to-slack', send('commands'))).toBe(false);
});

test.each(REFUSED)('IAM refuses %s (%s)', async (_, functionName, request) => {
  expect(await isAllowed(template, functionName, request)).toBe(false);
});

const authorizedIn = (of: Template, vpcArn: string): Promise<boolean> =>
  isAllowed(of, 'register-targets', {
    action: 'ec2:AuthorizeSecurityGroupIngress',
    resource: group,
    context: { 'ec2:Vpc': vpcArn },
  });

test('Given VPCs are named, then rules are allowed in those', async () => {
  expect(await authorizedIn(narrowed, arn('ec2', `vpc/${NAMED_VPC}`))).toBe(true);
  expect(await authorizedIn(narrowed, arn('ec2', `vpc/${OTHER_VPC}`))).toBe(false);
});

test('Given no VPCs are named, then rules are allowed in every VPC of this account and Region, and in no other', async () => {
  expect(await authorizedIn(template, arn('ec2', `vpc/${OTHER_VPC}`))).toBe(true);
  expect(await authorizedIn(template, `arn:aws:ec2:ap-northeast-1:999999999999:vpc/${OTHER_VPC}`)).toBe(false);
  expect(await authorizedIn(template, `arn:aws:ec2:us-east-1:123456789012:vpc/${OTHER_VPC}`)).toBe(false);
});

describe('Recorded calls', () => {
  const world = {
    vpcIdOf: (securityGroupId: string) => (securityGroupId === 'sg-0a1b2c3d4e5f67890' ? NAMED_VPC : OTHER_VPC),
    tagsOf: () => ({ 'usher:selector': 'Role=web' }),
  };
  const authorize = (GroupId: string, tags: Readonly<Record<string, string>>): SeenCall => ({
    service: 'ec2',
    action: 'AuthorizeSecurityGroupIngress',
    parameters: { GroupId },
    tagSpecifications: [{ resourceType: 'security-group-rule', tags }],
  });
  const plain = (service: string, action: string, parameters: Readonly<Record<string, string>> = {}): SeenCall => ({
    service,
    action,
    parameters,
    tagSpecifications: [],
  });
  const seated: readonly SeenCall[] = [
    plain('ec2', 'DescribeInstances'),
    plain('tagging', 'GetResources'),
    plain('elbv2', 'DescribeTargetHealth'),
    plain('autoscaling', 'DescribeAutoScalingGroups'),
    plain('ec2', 'GetManagedPrefixListEntries', { PrefixListId: 'pl-0a1b2c3d' }),
    authorize('sg-0a1b2c3d4e5f67890', { 'usher:owner': 'prod' }),
    plain('elbv2', 'RegisterTargets', { TargetGroupArn: targetGroup }),
  ];

  test('Given the calls that seat an instance, then the role of register-targets allows them', async () => {
    await expect(assertCallsAllowed(template, 'register-targets', seated, world)).resolves.toBeUndefined();
  });

  test('Given the same calls by watch-targets, then those that write are named', async () => {
    await expect(assertCallsAllowed(template, 'watch-targets', seated, world)).rejects.toThrow(
      /ec2:AuthorizeSecurityGroupIngress on [\s\S]*ec2:CreateTags on [\s\S]*elasticloadbalancing:RegisterTargets on /,
    );
  });

  test('Given a rule in a group of another VPC, or without our tag, then it is named', async () => {
    await expect(
      assertCallsAllowed(
        narrowed,
        'register-targets',
        [authorize('sg-0f9e8d7c6b5a43210', { 'usher:owner': 'local' })],
        world,
      ),
    ).rejects.toThrow(/security-group\/sg-0f9e8d7c6b5a43210/);
    await expect(
      assertCallsAllowed(template, 'register-targets', [authorize('sg-0a1b2c3d4e5f67890', { owner: 'prod' })], world),
    ).rejects.toThrow(/security-group-rule/);
  });

  test('Given the calls that invalidate, then the role of invalidate-distributions allows them, and of its account only', async () => {
    const calls = ['ListDistributions', 'GetDistribution', 'CreateInvalidation', 'GetInvalidation'].map((action) =>
      plain('cloudfront', action, { DistributionId: 'E1ABCDEF234567' }),
    );
    await expect(assertCallsAllowed(template, 'invalidate-distributions', calls, world)).resolves.toBeUndefined();
    await expect(assertCallsAllowed(template, 'register-targets', calls, world)).rejects.toThrow(
      /cloudfront:CreateInvalidation on arn:aws:cloudfront::123456789012:distribution\/E1ABCDEF234567/,
    );
  });

  test('Given a call about a resource that nobody told us of, then it is refused and not waved through', async () => {
    await expect(
      assertCallsAllowed(template, 'register-targets', [plain('ec2', 'TerminateInstances')], world),
    ).rejects.toThrow('ec2:TerminateInstances is about a resource');
  });
});
