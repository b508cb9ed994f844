import { createHash } from 'node:crypto';
import type { Answer, Call } from '../../local/proxy/protocol.ts';
import { answerTo, jsonAnswer, Refusal, refuse } from '../../local/proxy/protocol.ts';
import type { XmlElement } from '../../local/proxy/xml.ts';
import { xml } from '../../local/proxy/xml.ts';

/** One instance, one ALB group that asks for it, and no rule between them: the smallest launch that is work. */
export const SITE = {
  region: 'ap-northeast-1',
  account: '123456789012',
  vpcId: 'vpc-0aa1bb2cc3dd4ee55',
  subnetIds: ['subnet-0aa1bb2cc3dd4ee01', 'subnet-0aa1bb2cc3dd4ee02'],
  instanceId: 'i-0aa1bb2cc3dd4ee55',
  interfaceId: 'eni-0aa1bb2cc3dd4ee55',
  webGroupId: 'sg-0aa1bb2cc3dd4ee01',
  balancerGroupId: 'sg-0aa1bb2cc3dd4ee02',
  targetGroupArn: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0aa1bb2cc3dd4ee5',
  balancerArn: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web/0aa1bb2cc3dd4ee5',
} as const;

/** What the answers depend on. */
export interface SiteState {
  /** Whether the one target is in the group and healthy. */
  readonly isSeated: boolean;
  readonly webhookUrl: string;
}

type Answering = (call: Call, state: SiteState) => Answer;

const items = (name: string, ...entries: readonly (readonly XmlElement[])[]): XmlElement =>
  xml(name, ...entries.map((entry) => xml('item', ...entry)));
const members = (name: string, ...entries: readonly (readonly XmlElement[])[]): XmlElement =>
  xml(name, ...entries.map((entry) => xml('member', ...entry)));
const group = (groupId: string): readonly XmlElement[] => [xml('groupId', groupId), xml('groupName', groupId)];
const tag = (key: string, value: string): readonly XmlElement[] => [xml('key', key), xml('value', value)];

const ec2 =
  (...content: readonly XmlElement[]): Answering =>
  (call) =>
    answerTo(call, ...content);

const anInterface: readonly XmlElement[] = [
  xml('networkInterfaceId', SITE.interfaceId),
  xml('subnetId', SITE.subnetIds[0]),
  xml('vpcId', SITE.vpcId),
  xml('description', ''),
  xml('status', 'in-use'),
  items('groupSet', group(SITE.webGroupId)),
  xml(
    'attachment',
    xml('attachmentId', 'eni-attach-0aa1bb2cc3dd4ee55'),
    xml('deviceIndex', '0'),
    xml('networkCardIndex', '0'),
    xml('instanceId', SITE.instanceId),
    xml('status', 'attached'),
  ),
  items('privateIpAddressesSet', [xml('privateIpAddress', '10.0.1.10'), xml('primary', 'true')]),
  items('ipv6AddressesSet', [xml('ipv6Address', '2001:db8::10'), xml('isPrimaryIpv6', 'true')]),
];

const instances = ec2(
  items('reservationSet', [
    xml('reservationId', 'r-0aa1bb2cc3dd4ee55'),
    items('instancesSet', [
      xml('instanceId', SITE.instanceId),
      xml('imageId', 'ami-0aa1bb2cc3dd4ee55'),
      xml('instanceState', xml('code', '16'), xml('name', 'running')),
      xml('launchTime', '2026-11-22T05:00:00.000Z'),
      xml('placement', xml('availabilityZone', 'ap-northeast-1a'), xml('tenancy', 'default')),
      xml('vpcId', SITE.vpcId),
      xml('subnetId', SITE.subnetIds[0]),
      items('tagSet', tag('Role', 'web'), tag('Name', 'web-1 & <söhne>')),
      items('networkInterfaceSet', anInterface),
    ]),
  ]),
);

const rule = (groupId: string, isEgress: boolean, ...more: readonly XmlElement[]): readonly XmlElement[] => [
  xml('securityGroupRuleId', `sgr-${groupId.slice(3, 19)}${isEgress ? 1 : 2}`),
  xml('groupId', groupId),
  xml('groupOwnerId', SITE.account),
  xml('isEgress', String(isEgress)),
  ...more,
];

const everything = [
  xml('ipProtocol', '-1'),
  xml('fromPort', '-1'),
  xml('toPort', '-1'),
  xml('cidrIpv4', '0.0.0.0/0'),
] as const;
const fromBalancer = [
  xml('ipProtocol', 'tcp'),
  xml('fromPort', '80'),
  xml('toPort', '80'),
  xml('referencedGroupInfo', xml('groupId', SITE.balancerGroupId), xml('userId', SITE.account)),
  xml('description', 'Usher'),
  items('tagSet', tag('usher:owner', 'bench')),
] as const;

const rules: Answering = (call, { isSeated }) =>
  answerTo(
    call,
    items(
      'securityGroupRuleSet',
      rule(SITE.webGroupId, true, ...everything),
      rule(SITE.balancerGroupId, true, ...everything),
      ...(isSeated ? [rule(SITE.webGroupId, false, ...fromBalancer)] : []),
    ),
  );

const aclEntry = (number: string, action: string, egress: boolean): readonly XmlElement[] => [
  xml('ruleNumber', number),
  xml('protocol', '-1'),
  xml('ruleAction', action),
  xml('egress', String(egress)),
  xml('cidrBlock', '0.0.0.0/0'),
];

const acls = ec2(
  items('networkAclSet', [
    xml('networkAclId', 'acl-0aa1bb2cc3dd4ee55'),
    items(
      'entrySet',
      ...[true, false].flatMap((egress) => [aclEntry('100', 'allow', egress), aclEntry('32767', 'deny', egress)]),
    ),
    items('associationSet', ...SITE.subnetIds.map((subnetId) => [xml('subnetId', subnetId)])),
  ]),
);

const securityGroups = ec2(
  items(
    'securityGroupInfo',
    ...[SITE.webGroupId, SITE.balancerGroupId].map((groupId) => [
      xml('ownerId', SITE.account),
      ...group(groupId),
      xml('groupDescription', groupId),
      xml('vpcId', SITE.vpcId),
      items('tagSet', tag('Name', groupId)),
    ]),
  ),
);

const subnets = ec2(
  items(
    'subnetSet',
    ...SITE.subnetIds.map((subnetId, index) => [
      xml('subnetId', subnetId),
      xml('vpcId', SITE.vpcId),
      xml('availabilityZone', `ap-northeast-1${'ac'[index]}`),
      xml('cidrBlock', `10.0.${index + 1}.0/24`),
      items('ipv6CidrBlockAssociationSet', [
        xml('ipv6CidrBlock', `2001:db8:${index}::/64`),
        xml('ipv6CidrBlockState', xml('state', 'associated')),
      ]),
    ]),
  ),
);

const routeTables = ec2(
  items('routeTableSet', [
    xml('routeTableId', 'rtb-0aa1bb2cc3dd4ee55'),
    xml('vpcId', SITE.vpcId),
    items(
      'routeSet',
      [
        xml('destinationCidrBlock', '10.0.0.0/16'),
        xml('gatewayId', 'local'),
        xml('state', 'active'),
        xml('origin', 'CreateRouteTable'),
      ],
      [
        xml('destinationCidrBlock', '0.0.0.0/0'),
        xml('gatewayId', 'igw-0aa1bb2cc3dd4ee55'),
        xml('state', 'active'),
        xml('origin', 'CreateRoute'),
      ],
    ),
    items('associationSet', [
      xml('routeTableAssociationId', 'rtbassoc-0aa1bb2cc3dd4ee55'),
      xml('routeTableId', 'rtb-0aa1bb2cc3dd4ee55'),
      xml('main', 'true'),
      xml('associationState', xml('state', 'associated')),
    ]),
  ]),
);

const vpcs = ec2(
  items('vpcSet', [
    xml('vpcId', SITE.vpcId),
    xml('cidrBlock', '10.0.0.0/16'),
    items('cidrBlockAssociationSet', [
      xml('cidrBlock', '10.0.0.0/16'),
      xml('cidrBlockState', xml('state', 'associated')),
    ]),
  ]),
);

const endpointServices = ec2(
  items('serviceConfigurationSet', [
    xml('serviceId', 'vpce-svc-0aa1bb2cc3dd4ee55'),
    xml('networkLoadBalancerArnSet', xml('item', SITE.balancerArn.replace('/app/', '/net/'))),
  ]),
);

const prefixLists = ec2(
  items('prefixListSet', [
    xml('prefixListId', 'pl-0aa1bb2cc3dd4ee55'),
    xml('prefixListName', 'offices'),
    xml('maxEntries', '10'),
    xml('ownerId', SITE.account),
  ]),
);

const authorized: Answering = (call) =>
  answerTo(
    call,
    xml('return', 'true'),
    items('securityGroupRuleSet', rule(SITE.webGroupId, call.action.endsWith('Egress'), ...fromBalancer)),
  );

const targetGroups = ec2(
  members('TargetGroups', [
    xml('TargetGroupArn', SITE.targetGroupArn),
    xml('TargetGroupName', 'web'),
    xml('Protocol', 'HTTP'),
    xml('Port', '80'),
    xml('VpcId', SITE.vpcId),
    xml('HealthCheckProtocol', 'HTTP'),
    xml('HealthCheckPort', 'traffic-port'),
    xml('HealthCheckEnabled', 'true'),
    xml('HealthCheckIntervalSeconds', '30'),
    xml('HealthCheckTimeoutSeconds', '5'),
    xml('HealthyThresholdCount', '5'),
    xml('UnhealthyThresholdCount', '2'),
    xml('HealthCheckPath', '/'),
    xml('Matcher', xml('HttpCode', '200')),
    xml('LoadBalancerArns', xml('member', SITE.balancerArn)),
    xml('TargetType', 'instance'),
    xml('IpAddressType', 'ipv4'),
  ]),
);

const balancers = ec2(
  members('LoadBalancers', [
    xml('LoadBalancerArn', SITE.balancerArn),
    xml('LoadBalancerName', 'web'),
    xml('Scheme', 'internet-facing'),
    xml('VpcId', SITE.vpcId),
    xml('State', xml('Code', 'active')),
    xml('Type', 'application'),
    members(
      'AvailabilityZones',
      ...SITE.subnetIds.map((subnetId, index) => [
        xml('ZoneName', `ap-northeast-1${'ac'[index]}`),
        xml('SubnetId', subnetId),
      ]),
    ),
    xml('SecurityGroups', xml('member', SITE.balancerGroupId)),
    xml('IpAddressType', 'ipv4'),
    xml('CreatedTime', '2026-11-22T05:00:00.000Z'),
  ]),
);

const health: Answering = (call, { isSeated }) =>
  answerTo(
    call,
    members(
      'TargetHealthDescriptions',
      ...(isSeated
        ? [
            [
              xml('Target', xml('Id', SITE.instanceId), xml('Port', '80')),
              xml('HealthCheckPort', '80'),
              xml('TargetHealth', xml('State', 'healthy')),
            ],
          ]
        : []),
    ),
  );

const autoScalingGroups = ec2(
  members('AutoScalingGroups', [
    xml('AutoScalingGroupName', 'web'),
    xml('TargetGroupARNs', xml('member', SITE.targetGroupArn)),
  ]),
);

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Answers by `service:Action`, of the calls that Usher makes outside its table; each as AWS writes it. */
export const ANSWERS: Readonly<Record<string, Answering>> = {
  'ec2:DescribeInstances': instances,
  'ec2:DescribeNetworkInterfaces': ec2(items('networkInterfaceSet', anInterface)),
  'ec2:DescribeSecurityGroupRules': rules,
  'ec2:DescribeSecurityGroups': securityGroups,
  'ec2:DescribeNetworkAcls': acls,
  'ec2:DescribeSubnets': subnets,
  'ec2:DescribeRouteTables': routeTables,
  'ec2:DescribeVpcs': vpcs,
  'ec2:DescribeVpcEndpointServiceConfigurations': endpointServices,
  'ec2:DescribeManagedPrefixLists': prefixLists,
  'ec2:GetManagedPrefixListEntries': ec2(items('entrySet', [xml('cidr', '192.0.2.0/24')])),
  'ec2:AuthorizeSecurityGroupIngress': authorized,
  'ec2:AuthorizeSecurityGroupEgress': authorized,
  'ec2:RevokeSecurityGroupIngress': ec2(xml('return', 'true')),
  'ec2:RevokeSecurityGroupEgress': ec2(xml('return', 'true')),
  'ec2:DescribeInstanceStatus': ec2(
    items('instanceStatusSet', [
      xml('instanceId', SITE.instanceId),
      xml('instanceStatus', xml('status', 'ok')),
      xml('systemStatus', xml('status', 'ok')),
    ]),
  ),
  'ec2:CreateTags': ec2(xml('return', 'true')),
  'ec2:CreateSecurityGroup': ec2(xml('return', 'true'), xml('groupId', 'sg-0aa1bb2cc3dd4ee09')),
  'ec2:DeleteSecurityGroup': ec2(xml('return', 'true')),
  'ec2:ModifyNetworkInterfaceAttribute': ec2(xml('return', 'true')),
  'elbv2:DescribeTags': ec2(
    members('TagDescriptions', [
      xml('ResourceArn', SITE.targetGroupArn),
      members('Tags', [xml('Key', 'usher:selector'), xml('Value', 'Role=web')]),
    ]),
  ),
  'elbv2:DescribeListeners': ec2(
    members('Listeners', [
      xml('Port', '443'),
      xml('Protocol', 'HTTPS'),
      members('DefaultActions', [xml('Type', 'forward'), xml('TargetGroupArn', SITE.targetGroupArn)]),
    ]),
  ),
  'elbv2:DescribeRules': ec2(
    members('Rules', [
      xml('Priority', '1'),
      xml('IsDefault', 'false'),
      members('Actions', [xml('Type', 'forward'), xml('TargetGroupArn', SITE.targetGroupArn)]),
    ]),
  ),
  'elbv2:DescribeTargetGroupAttributes': ec2(
    members('Attributes', [xml('Key', 'deregistration_delay.timeout_seconds'), xml('Value', '300')]),
  ),
  'elbv2:DescribeLoadBalancerAttributes': ec2(
    members('Attributes', [xml('Key', 'idle_timeout.timeout_seconds'), xml('Value', '60')]),
  ),
  'elbv2:DescribeTargetGroups': targetGroups,
  'elbv2:DescribeLoadBalancers': balancers,
  'elbv2:DescribeTargetHealth': health,
  'elbv2:SetSecurityGroups': ec2(members('SecurityGroupIds', [])),
  'elbv2:RegisterTargets': ec2(),
  'elbv2:DeregisterTargets': ec2(),
  'autoscaling:DescribeAutoScalingGroups': autoScalingGroups,
  'autoscaling:RecordLifecycleActionHeartbeat': ec2(),
  'autoscaling:CompleteLifecycleAction': ec2(),
  'autoscaling:DescribeInstanceRefreshes': ec2(members('InstanceRefreshes', [xml('Status', 'Successful')])),
  'tagging:GetResources': () =>
    jsonAnswer({
      PaginationToken: '',
      ResourceTagMappingList: [
        { ResourceARN: SITE.targetGroupArn, Tags: [{ Key: 'usher:selector', Value: 'Role=web' }] },
      ],
    }),
  'sqs:SendMessage': ({ parameters }) =>
    jsonAnswer({ MessageId: 'm-1', MD5OfMessageBody: md5(parameters.get('MessageBody') ?? '') }),
  'sqs:ChangeMessageVisibility': () => jsonAnswer({}),
  'events:PutEvents': () => jsonAnswer({ FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] }),
  'ssm:GetParameter': (call, { webhookUrl }) =>
    call.parameters.get('Name')?.endsWith('/webhook-url')
      ? jsonAnswer({
          Parameter: {
            Name: 'webhook-url',
            Type: 'SecureString',
            Value: webhookUrl,
            Version: 1,
            LastModifiedDate: 1.5,
          },
        })
      : refuse(call, new Refusal('ParameterNotFound', 'there is no such parameter')),
};
