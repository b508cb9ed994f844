import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  RecordLifecycleActionHeartbeatCommand,
} from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  SetSecurityGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';

const GROUP = 'sg-0aa1bb2cc3dd4ee01';
const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0aa1bb2cc3dd4ee5';
const LISTENER_ARN =
  'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/web/0aa1bb2cc3dd4ee5/0aa1bb2cc3dd4ee6';
const Filters = [{ Name: 'group-id', Values: [GROUP, 'sg-0aa1bb2cc3dd4ee02'] }];
const page = { Filters, MaxResults: 1_000, NextToken: 'the next page' };
const rule = {
  GroupId: GROUP,
  IpPermissions: [
    {
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 80,
      UserIdGroupPairs: [{ GroupId: 'sg-0aa1bb2cc3dd4ee02', Description: 'Usher: a & <b>' }],
    },
    { IpProtocol: 'tcp', FromPort: 81, ToPort: 81, IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'one' }] },
    { IpProtocol: 'tcp', FromPort: 82, ToPort: 82, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] },
    { IpProtocol: 'tcp', FromPort: 83, ToPort: 83, PrefixListIds: [{ PrefixListId: 'pl-0aa1bb2cc3dd4ee55' }] },
  ],
  TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'usher:owner', Value: 'bench' }] }],
};
const revoked = { GroupId: GROUP, SecurityGroupRuleIds: ['sgr-0aa1bb2cc3dd4ee55'] };
const targets = { TargetGroupArn: ARN, Targets: [{ Id: '10.0.1.10', Port: 80, AvailabilityZone: 'all' }] };
const hook = { AutoScalingGroupName: 'web', LifecycleHookName: 'drain', InstanceId: 'i-0aa1bb2cc3dd4ee55' };
const key = { pk: 'watch#web', sk: 'watch' };
const item = { ...key, count: 7, at: 1.5, list: ['a', { b: true }], gone: undefined, none: null };
const write = { Put: { TableName: 't', Item: item, ConditionExpression: 'attribute_not_exists(pk)' } };

type Send = () => Promise<{ readonly $metadata: unknown }>;

/** One of each call that any of the functions makes, by its name. */
const everySend = (maxAttempts: number): Readonly<Record<string, Send>> => {
  const ec2 = new EC2Client({ maxAttempts });
  const elb = new ElasticLoadBalancingV2Client({ maxAttempts });
  const sqs = new SQSClient({ maxAttempts });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const { AWS_ENDPOINT_URL } = process.env;
  const QueueUrl = `${AWS_ENDPOINT_URL}/123456789012/queue.fifo`;
  return {
    DescribeInstances: () => ec2.send(new DescribeInstancesCommand(page)),
    DescribeNetworkInterfaces: () => ec2.send(new DescribeNetworkInterfacesCommand(page)),
    DescribeSecurityGroupRules: () => ec2.send(new DescribeSecurityGroupRulesCommand(page)),
    DescribeSecurityGroups: () => ec2.send(new DescribeSecurityGroupsCommand(page)),
    DescribeNetworkAcls: () => ec2.send(new DescribeNetworkAclsCommand(page)),
    DescribeSubnets: () => ec2.send(new DescribeSubnetsCommand(page)),
    DescribeRouteTables: () => ec2.send(new DescribeRouteTablesCommand({ ...page, MaxResults: 100 })),
    DescribeVpcs: () => ec2.send(new DescribeVpcsCommand(page)),
    DescribeVpcEndpointServiceConfigurations: () =>
      ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ MaxResults: 1_000, NextToken: 'the next page' })),
    DescribeManagedPrefixLists: () => ec2.send(new DescribeManagedPrefixListsCommand(page)),
    GetManagedPrefixListEntries: () =>
      ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: 'pl-0aa1bb2cc3dd4ee55', MaxResults: 100 })),
    AuthorizeSecurityGroupIngress: () => ec2.send(new AuthorizeSecurityGroupIngressCommand(rule)),
    AuthorizeSecurityGroupEgress: () => ec2.send(new AuthorizeSecurityGroupEgressCommand(rule)),
    RevokeSecurityGroupIngress: () => ec2.send(new RevokeSecurityGroupIngressCommand(revoked)),
    RevokeSecurityGroupEgress: () => ec2.send(new RevokeSecurityGroupEgressCommand(revoked)),
    DescribeInstanceStatus: () =>
      ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: ['i-0aa1bb2cc3dd4ee55'], MaxResults: 100 })),
    CreateTags: () =>
      ec2.send(
        new CreateTagsCommand({
          Resources: ['sgr-0aa1bb2cc3dd4ee55'],
          Tags: [{ Key: 'usher:keep', Value: 'true & "so"' }],
        }),
      ),
    CreateSecurityGroup: () =>
      ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: 'usher-prod-web',
          Description: 'Usher: worn by web alone',
          VpcId: 'vpc-0aa1bb2cc3dd4ee55',
          TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'usher:owner', Value: 'prod' }] }],
        }),
      ),
    DeleteSecurityGroup: () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: GROUP })),
    ModifyNetworkInterfaceAttribute: () =>
      ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: 'eni-0aa1bb2cc3dd4ee55',
          Groups: [GROUP, 'sg-0aa1bb2cc3dd4ee02'],
        }),
      ),
    DescribeTags: () => elb.send(new DescribeTagsCommand({ ResourceArns: [ARN] })),
    DescribeRules: () => elb.send(new DescribeRulesCommand({ ListenerArn: LISTENER_ARN, Marker: 'm' })),
    DescribeListeners: () => elb.send(new DescribeListenersCommand({ LoadBalancerArn: ARN, PageSize: 400 })),
    DescribeTargetGroupAttributes: () => elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: ARN })),
    DescribeLoadBalancerAttributes: () => elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: ARN })),
    DescribeTargetGroups: () => elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [ARN], Marker: 'm' })),
    DescribeLoadBalancers: () => elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [ARN] })),
    DescribeTargetHealth: () => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: ARN })),
    SetSecurityGroups: () =>
      elb.send(new SetSecurityGroupsCommand({ LoadBalancerArn: ARN, SecurityGroups: [GROUP, 'sg-0aa1bb2cc3dd4ee02'] })),
    RegisterTargets: () => elb.send(new RegisterTargetsCommand(targets)),
    DeregisterTargets: () => elb.send(new DeregisterTargetsCommand(targets)),
    DescribeAutoScalingGroups: () =>
      new AutoScalingClient({ maxAttempts }).send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web', 'api'], MaxRecords: 100 }),
      ),
    RecordLifecycleActionHeartbeat: () =>
      new AutoScalingClient({ maxAttempts }).send(new RecordLifecycleActionHeartbeatCommand(hook)),
    CompleteLifecycleAction: () =>
      new AutoScalingClient({ maxAttempts }).send(
        new CompleteLifecycleActionCommand({ ...hook, LifecycleActionResult: 'CONTINUE' }),
      ),
    DescribeInstanceRefreshes: () =>
      new AutoScalingClient({ maxAttempts }).send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web', MaxRecords: 1 }),
      ),
    GetResources: () =>
      new ResourceGroupsTaggingAPIClient({ maxAttempts }).send(
        new GetResourcesCommand({
          ResourcesPerPage: 100,
          ResourceTypeFilters: ['elasticloadbalancing:targetgroup'],
          TagFilters: [{ Key: 'usher:selector' }],
        }),
      ),
    SendMessage: () =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: '登録 & "…"',
          MessageGroupId: 'default',
          MessageDeduplicationId: 'd',
          MessageAttributes: { reason: { DataType: 'String', StringValue: 'why' } },
        }),
      ),
    ChangeMessageVisibility: () =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: 'h', VisibilityTimeout: 30 })),
    PutEvents: () =>
      new EventBridgeClient({ maxAttempts }).send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: 'bus',
              Source: 'usher',
              DetailType: 'Report',
              Detail: '{}',
              Time: new Date(1_700_000_000_000),
            },
          ],
        }),
      ),
    GetParameter: () =>
      new SSMClient({ maxAttempts }).send(
        new GetParameterCommand({ Name: '/usher/a/webhook-url', WithDecryption: true }),
      ),
    GetItem: () => table.send(new GetCommand({ TableName: 't', Key: key, ConsistentRead: true })),
    PutItem: () => table.send(new PutCommand({ TableName: 't', Item: item })),
    Query: () =>
      table.send(
        new QueryCommand({
          TableName: 't',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': key.pk },
        }),
      ),
    BatchGetItem: () => table.send(new BatchGetCommand({ RequestItems: { t: { Keys: [key], ConsistentRead: true } } })),
    TransactWriteItems: () =>
      table.send(
        new TransactWriteCommand({
          TransactItems: [write, { Delete: { TableName: 't', Key: key } }],
          ClientRequestToken: 'the same every time',
        }),
      ),
  };
};

/** How a call ended: its answer, or everything that a refusal says. */
const outcomeOf = async (send: Send): Promise<unknown> => {
  try {
    const { $metadata, ...answer } = await send();
    return { answer };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hidden = new Set(['$metadata', '$response']);
    const said = Object.entries(error).filter(([member]) => !hidden.has(member));
    return { refusal: { ...Object.fromEntries(said), name: error.name, message: error.message } };
  }
};

export const CALLS = Object.keys(everySend(1));

/**
 * Makes every call once, one after the other, and says how each ended, as JSON.
 * @public called in a process of its own
 */
export const makeEveryCall = async (): Promise<string> => {
  const outcomes: [string, unknown][] = [];
  for (const [name, send] of Object.entries(everySend(1))) outcomes.push([name, await outcomeOf(send)]);
  return JSON.stringify(outcomes);
};
