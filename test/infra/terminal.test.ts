import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IamRequest } from '../support/permissions.ts';
import type { Template } from '../support/template.ts';
import { arn, at, compiledTemplate, listOf, NAMED_VPC, NARROWED, resolved } from '../support/template.ts';
import { grantedToPeople, refusedToPeople, tooBroad } from '../support/terminal-permissions.ts';

let template: Template;
let narrowed: Template;

beforeAll(async () => {
  template = resolved(await compiledTemplate());
  narrowed = resolved(await compiledTemplate(...NARROWED));
}, 120_000);

const LOOK = ['TerminalLookPolicy'] as const;
const BOTH = ['TerminalLookPolicy', 'TerminalActPolicy'] as const;

const targetGroup = arn('elasticloadbalancing', 'targetgroup/web/0123456789abcdef');
const classic = arn('elasticloadbalancing', 'loadbalancer/old-web');
const group = arn('ec2', 'security-group/sg-0a1b2c3d4e5f67890');
const rule = arn('ec2', 'security-group-rule/sgr-0a1b2c3d4e5f67890');
const table = arn('dynamodb', 'table/table-Table');
const queue = (name: string): string => arn('sqs', `usher-prod-${name}`);
const selected = { 'aws:ResourceTag/usher:selector': 'Role=web' };
const accepted = { 'aws:ResourceTag/usher:accept-explicit': 'true' };

const on = (resource: string, ...actions: readonly string[]): readonly IamRequest[] =>
  actions.map((action) => ({ action, resource }));

/** What `usher plan`, `status`, `doctor` and `certificates` call. */
const LOOKS: readonly IamRequest[] = [
  ...on(arn('lambda', 'function:usher-prod-sweep'), 'lambda:GetFunctionConfiguration'),
  ...on(arn('lambda', 'function:usher-prod-carry-out-orders'), 'lambda:GetFunctionConfiguration'),
  ...on(
    '*',
    'acm:ListCertificates',
    'autoscaling:DescribeAutoScalingGroups',
    'autoscaling:DescribeInstanceRefreshes',
    'cloudfront:ListDistributionTenants',
    'cloudfront:ListDistributions',
    'ec2:DescribeInstanceStatus',
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
    'elasticloadbalancing:DescribeListenerCertificates',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeLoadBalancerAttributes',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeTags',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'route53domains:ListDomains',
    'tag:GetResources',
  ),
  ...on('arn:aws:ec2:ap-northeast-1:aws:prefix-list/pl-0a1b2c3d', 'ec2:GetManagedPrefixListEntries'),
  ...on(
    arn('acm', 'certificate/11111111-1111-1111-1111-111111111111'),
    'acm:DescribeCertificate',
    'acm:ListTagsForCertificate',
  ),
  ...on('arn:aws:cloudfront::123456789012:distribution/E1ABCDEF234567', 'cloudfront:GetDistribution'),
  ...on('arn:aws:cloudfront::123456789012:distribution-tenant/dt_1', 'cloudfront:GetDistributionTenantByDomain'),
  ...on(table, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'),
];

const authorizing = (verb: string): readonly IamRequest[] => {
  const context = { 'aws:RequestTag/usher:owner': 'prod', 'aws:TagKeys': ['usher:owner'] };
  return [
    { action: `ec2:${verb}`, resource: group, context: { 'ec2:Vpc': arn('ec2', `vpc/${NAMED_VPC}`) } },
    { action: `ec2:${verb}`, resource: rule, context },
    { action: 'ec2:CreateTags', resource: rule, context: { ...context, 'ec2:CreateAction': verb } },
  ];
};

/** What acting calls besides. */
const ACTS: readonly IamRequest[] = [
  ...[selected, accepted].flatMap((context) => [
    { action: 'elasticloadbalancing:RegisterTargets', resource: targetGroup, context },
    { action: 'elasticloadbalancing:DeregisterTargets', resource: targetGroup, context },
    { action: 'elasticloadbalancing:RegisterInstancesWithLoadBalancer', resource: classic, context },
    { action: 'elasticloadbalancing:DeregisterInstancesFromLoadBalancer', resource: classic, context },
  ]),
  ...authorizing('AuthorizeSecurityGroupIngress'),
  ...authorizing('AuthorizeSecurityGroupEgress'),
  ...['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'].map((verb) => ({
    action: `ec2:${verb}`,
    resource: group,
    context: { 'ec2:Vpc': arn('ec2', `vpc/${NAMED_VPC}`) },
  })),
  {
    action: 'ec2:CreateTags',
    resource: rule,
    context: { 'aws:RequestTag/usher:keep': 'true', 'aws:TagKeys': ['usher:keep'] },
  },
  ...on(table, 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
  ...['sweep', 'launches', 'watches', 'reports.fifo'].flatMap((name) => on(queue(name), 'sqs:SendMessage')),
  {
    action: 'events:PutEvents',
    resource: arn('events', 'event-bus/usher-prod'),
    context: { 'events:source': ['usher'] },
  },
];

const actionsOf = (requests: readonly IamRequest[]): readonly string[] =>
  [...new Set(requests.map(({ action }) => action))].sort();

describe('The policies for people who use the terminal', () => {
  test('let whoever may look make every call of a plan, and whoever may act every call of applying', async () => {
    expect(await refusedToPeople(template, LOOK, LOOKS)).toEqual([]);
    expect(await refusedToPeople(template, BOTH, [...LOOKS, ...ACTS])).toEqual([]);
  });

  test('grant no action that no command makes, and nothing broader than AWS lets us narrow', async () => {
    expect(grantedToPeople(template, 'TerminalLookPolicy')).toEqual(actionsOf(LOOKS));
    expect(grantedToPeople(template, 'TerminalActPolicy')).toEqual(actionsOf(ACTS));
    expect(await tooBroad(template, 'TerminalLookPolicy')).toEqual([]);
    expect(await tooBroad(template, 'TerminalActPolicy')).toEqual([]);
  });

  test('let nobody who may only look change anything', async () => {
    expect(await refusedToPeople(template, LOOK, ACTS)).toHaveLength(ACTS.length);
  });

  test.each<readonly [what: string, request: IamRequest]>([
    ['an untagged target group', { action: 'elasticloadbalancing:RegisterTargets', resource: targetGroup }],
    [
      'a rule without our tag',
      { action: 'ec2:AuthorizeSecurityGroupIngress', resource: rule, context: { 'aws:TagKeys': ['Name'] } },
    ],
    [
      'another tag on a rule',
      {
        action: 'ec2:CreateTags',
        resource: rule,
        context: { 'aws:RequestTag/usher:owner': 'prod', 'aws:TagKeys': ['usher:owner'] },
      },
    ],
    ['the queue of what people order in Slack', { action: 'sqs:SendMessage', resource: queue('commands') }],
    [
      'another stage’s settings',
      { action: 'lambda:GetFunctionConfiguration', resource: arn('lambda', 'function:usher-dev-sweep') },
    ],
    ['what the table holds, all at once', { action: 'dynamodb:Scan', resource: table }],
  ])('do not reach %s', async (_, request) => {
    expect(await refusedToPeople(template, BOTH, [request])).toHaveLength(1);
  });

  test('Given VPCs that are named, then rules are changed in these alone', async () => {
    const inVpc = (id: string): IamRequest => ({
      action: 'ec2:RevokeSecurityGroupIngress',
      resource: group,
      context: { 'ec2:Vpc': arn('ec2', `vpc/${id}`) },
    });
    expect(await refusedToPeople(narrowed, BOTH, [inVpc(NAMED_VPC)])).toEqual([]);
    expect(await refusedToPeople(narrowed, BOTH, [inVpc('vpc-0f9e8d7c6b5a43210')])).toHaveLength(1);
  });

  test('are attached to nobody by themselves, and named among the outputs', () => {
    for (const id of BOTH) {
      const properties = template.Resources[id]?.Properties ?? {};
      expect(Object.keys(properties).sort()).toEqual(['Description', 'PolicyDocument']);
      // IAM takes 6,144 characters of a managed policy, white space not counted.
      expect(JSON.stringify(at(properties, 'PolicyDocument')).length).toBeLessThan(6_144);
      expect(listOf(at(properties, 'PolicyDocument', 'Statement')).length).toBeGreaterThan(0);
      expect(template.Outputs[`${id}Arn`]?.Value).toContain(id);
    }
  });
});
